import { findUserByMail, readIdentities } from '../../directory/index.js'
import type { EmailAddress } from '../../kernel/email-address.js'
import type { Database } from '../../platform/database.js'
import type { Tenant } from '../../tenants/index.js'
import type { HomeRealms } from './home-realms.js'
import type { Home } from './rules.js'

/**
 * Where somebody may sign in who typed this address on a sign-in page: a guest who has accepted or signed up where they
 * are known, a member by their mailbox, and everybody else, guests or strangers, as the domain has it.
 */
export async function waysToSignIn(
  { database, homeRealms }: { database: Database; homeRealms: HomeRealms },
  tenant: Tenant,
  { folded, domain }: EmailAddress,
): Promise<Home[]> {
  const { user, identities } = await database.withTenant(tenant.id, async (scope) => {
    const user = await findUserByMail(scope, folded)
    return { user, identities: user ? await readIdentities(scope, [user.id]) : [] }
  })
  const known = identities.map(({ issuer, issuerAssignedId: subject }) => ({ issuer, subject }))
  if (user?.externalUserState === 'Accepted') return homeRealms.bound(tenant, known)
  // Who signed up by themselves has no state, and is known all the same.
  const isKnownElsewhere = identities.some(({ signInType }) => signInType === 'federated')
  if (user?.externalUserState === null && isKnownElsewhere) return homeRealms.bound(tenant, known)
  if (user && user.externalUserState === null) return homeRealms.bound(tenant, [{ issuer: 'mail', subject: folded }])
  return homeRealms.of(tenant, domain)
}
