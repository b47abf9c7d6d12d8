import { recordAudit } from '../../audit/index.js'
import { updateUser } from '../../directory/index.js'
import type { TenantScope } from '../../platform/database.js'
import { recordSecurityChange } from '../security-change.js'
import { askForLeaks } from './leaked-passwords.js'
import { type Admitted, admit, begin, type LocalNeeds, type LocalOutcome, type LocalVisit } from './local-visit.js'
import { hashPassword } from './password-hash.js'
import { firstGuesses, normalizedPassword, PROOF_MS, passwordFault } from './rules.js'
import { readPassword, takeProof, writePassword } from './store.js'

/**
 * Sets the password of an account here, the first one or another, for a browser that has just proved the mailbox, and
 * signs it in. The proof is used up by it; a password that replaces one ends every session and token from before.
 * @throws Refusal `unavailable` when too many people sign in at this moment.
 */
export async function choosePassword(needs: LocalNeeds, visit: LocalVisit, typed: string): Promise<LocalOutcome> {
  const { tenant, address } = visit
  const password = normalizedPassword(typed)
  const words = firstGuesses(address, { name: tenant.displayName, domain: tenant.defaultDomain })
  // What would not do anyway is shown to nobody.
  const fault =
    passwordFault(password, { words, leaks: 'notFound' }) ??
    passwordFault(password, { words, leaks: await askForLeaks(needs, password) })
  if (fault) return { outcome: 'unfit', fault }
  const hashSealed = needs.keys.seal('password', Buffer.from(await hashPassword(password)))
  return withProof(needs, visit, async (scope, admitted, now) => {
    const { user } = admitted
    const before = await readPassword(scope, user.id)
    await writePassword(scope, user.id, { hashSealed, createdDateTime: now })
    if (before) await endWhatItOpened(needs, scope, admitted, address, now)
    const event = {
      id: needs.newId(),
      activityDateTime: now,
      activityDisplayName: before ? 'Reset password (self-service)' : 'User registered security info',
      initiatedBy: { kind: 'user', id: user.id, displayName: address },
      targetId: user.id,
      additionalDetails: { method: 'Password' },
    } as const
    if (before) await recordSecurityChange(scope, event, { change: 'password' })
    // Somebody who chooses their first one knows.
    else await recordAudit(scope, { ...event, category: 'UserManagement', loggedByService: 'Authentication Methods' })
    return begin(needs, scope, visit, admitted, { method: 'password', amr: ['pwd'], now })
  })
}

/** Does something that a proved mailbox is good for, once, in one transaction with using the proof up. */
export function withProof(
  needs: LocalNeeds,
  visit: LocalVisit,
  act: (scope: TenantScope, admitted: Admitted, now: Date) => Promise<LocalOutcome>,
): Promise<LocalOutcome> {
  const { tenant, browserHash: browser, flow: subject, folded } = visit
  const now = needs.clock()
  return needs.database.withTenant(tenant.id, async (scope): Promise<LocalOutcome> => {
    const admitted = await admit(scope, visit, visit.userId, now)
    if (!admitted) return { outcome: 'noAccount' }
    const isProved = await takeProof(scope, now, { browser, subject, folded, mostMs: PROOF_MS })
    return isProved ? act(scope, admitted, now) : { outcome: 'notDue' }
  })
}

/** As `revokeSignInSessions` does. */
async function endWhatItOpened(
  { onSessionsRevoked }: LocalNeeds,
  scope: TenantScope,
  { user }: Admitted,
  address: string,
  now: Date,
): Promise<void> {
  await updateUser(scope, user.id, { signInSessionsValidFromDateTime: now })
  const actor = { kind: 'user', id: user.id, displayName: address } as const
  for (const reaction of onSessionsRevoked) await reaction(scope, user.id, now, actor)
}
