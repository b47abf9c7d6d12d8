import {
  admit,
  begin,
  issuersOf,
  type LocalNeeds,
  type LocalOutcome,
  type LocalVisit,
  logTry,
  noteFailure,
} from './local-visit.js'
import { hashPassword, isPassword, isWeakHash } from './password-hash.js'
import { beginTry, forgetTries, readPassword, writePassword } from './store.js'

/**
 * Signs a browser in by a password. The try is counted before the password is looked at, and for an address that nobody
 * has, too: what is answered, and how long that takes, is the same for both. @throws Refusal `unavailable` when too many
 * people sign in at this moment; the try counts for nothing then.
 */
export async function signInWithPassword(
  needs: LocalNeeds,
  visit: LocalVisit,
  password: string,
): Promise<LocalOutcome> {
  const { database, keys } = needs
  const { tenant, folded, network } = visit
  const now = needs.clock()
  const id = needs.newId()
  const attempt = { id, issuers: issuersOf(tenant), userId: visit.userId, folded, client: network }
  const begun = await beginTry(database.sql, tenant.id, now, attempt)
  const userId = begun.userId ?? undefined
  if (begun.outcome === 'limited') {
    if (begun.isNoted) await noteFailure(needs, visit, userId, { method: 'password', outcome: 'limited', now })
    return { outcome: 'limited', retryAt: new Date(begun.retryAt) }
  }
  const sealed = begun.hashSealed === null ? undefined : Buffer.from(begun.hashSealed, 'hex')
  const stored = sealed && opened(needs, sealed)
  const isRight = await isPassword(password, stored).catch(async (error: unknown) => {
    await database.withTenant(tenant.id, (scope) => forgetTries(scope, { id }))
    throw error
  })
  if (!isRight || !sealed || !stored) {
    await noteFailure(needs, visit, userId, { method: 'password', outcome: 'wrongPassword', now })
    return { outcome: 'wrong' }
  }
  const kept = isWeakHash(stored) ? await hashPassword(password) : stored
  return database.withTenant(tenant.id, async (scope): Promise<LocalOutcome> => {
    const admitted = await admit(scope, visit, userId, now)
    const current = await readPassword(scope, begun.userId ?? '')
    // Replaced or taken away while this one was looked at.
    if (!current?.hashSealed.equals(sealed)) return { outcome: 'wrong' }
    await forgetTries(scope, { id, folded, network })
    if (!admitted) {
      if (userId !== undefined) await logTry(scope, visit, userId, { method: 'password', outcome: 'disabled', now })
      return { outcome: 'noAccount' }
    }
    if (kept !== stored || keys.isOutdated('password', sealed)) {
      await writePassword(scope, admitted.user.id, { ...current, hashSealed: keys.seal('password', Buffer.from(kept)) })
    }
    return begin(needs, scope, visit, admitted, { method: 'password', amr: ['pwd'], now })
  })
}

/**
 * The hash; undefined when none of the secrets that this process was given sealed it. Nothing is lost with it: whoever
 * chose it proves the mailbox and chooses another.
 */
function opened({ keys, log }: LocalNeeds, sealed: Buffer): string | undefined {
  try {
    return keys.open('password', sealed).toString()
  } catch (error) {
    log.warn({ err: error }, 'no secret of this process sealed a password')
    return undefined
  }
}
