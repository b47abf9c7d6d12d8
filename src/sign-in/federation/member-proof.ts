import { findUserByMail } from '../../directory/index.js'
import { parseEmailAddress } from '../../kernel/email-address.js'
import { MAILBOX_PROOF } from '../../kernel/well-known.js'
import type { Database } from '../../platform/database.js'
import type { Tenant } from '../../tenants/index.js'
import { memberIdentity } from '../authority/rules.js'
import type { Assertion } from './flow.js'
import { HomeTrouble } from './openid-connect.js'

/**
 * What an organization of this deployment says of somebody who has proved a mailbox of its domain: which member it is.
 * `amr` is how it was proved: by a code unless told. A second step counts where it was passed, and is not told on.
 * Guests of that organization are not its people, and vouching for them is not its business.
 * @throws HomeTrouble when it has no such member, or has switched them off.
 */
export async function assertMember(
  { database }: { database: Database },
  home: Tenant,
  address: string,
  amr: readonly string[] = ['otp'],
): Promise<Assertion> {
  const parsed = parseEmailAddress(address)
  if (!parsed || !home.enabled || !home.domains.includes(parsed.domain)) {
    throw new HomeTrouble('refused', 'the domain is not of that organization any more')
  }
  const holder = await database.withTenant(home.id, (scope) => findUserByMail(scope, parsed.folded))
  const isMember = holder?.userType === 'Member' && holder.externalUserState === null && holder.accountEnabled
  if (!holder || !isMember) throw new HomeTrouble('unknownThere', 'that organization has no such member')
  return {
    ...memberIdentity(home.id, holder.id),
    isOurOwn: true,
    vouchedAddress: { text: parsed.text, folded: parsed.folded },
    name: holder.displayName,
    methods: amr.filter((way) => way !== 'mfa'),
    // A password there is one that the mailbox replaces, so this holds whatever was shown.
    context: MAILBOX_PROOF,
  }
}
