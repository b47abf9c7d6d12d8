import type { Keys } from '../platform/crypto.js'
import type { Database } from '../platform/database.js'
import type { WorkSignal } from '../platform/outbox/relay.js'
import type { LogContext } from './log/log-context.js'
import { passcodeHash, passcodeOf } from './passcode.js'
import {
  type PasscodeRequest,
  type PasscodeState,
  type PasscodeWriter,
  readPasscodeState,
  type SendOutcome,
  type TryOutcome,
  tryPasscode,
} from './store.js'

type Needs = {
  database: Database
  keys: Keys
  newId: () => string
  signal: WorkSignal
  passcodes: PasscodeWriter
}

/** One browser on its way to one thing (an invitation, the page of blocks): a passcode of it counts nowhere else. */
export type PasscodeFlow = { tenantId: string; browser: Buffer; subject: string; now: Date }

/** Whom the code goes to, in which language, and from which network it was asked for. */
export type PasscodeWish = Pick<
  PasscodeRequest,
  'address' | 'folded' | 'language' | 'client' | 'channel' | 'digits' | 'minutes' | 'stepOf' | 'mostTexts'
>

/**
 * Has a passcode mailed, unless a limit forbids one now; the outcome is the same for known and unknown addresses. The
 * newest code of a flow is the only one that counts.
 */
export async function askPasscode(needs: Needs, flow: PasscodeFlow, wish: PasscodeWish): Promise<SendOutcome> {
  const outcome = await needs.passcodes(flow.tenantId, passcodeRequest(needs, flow, wish))
  if (outcome.outcome === 'sent') needs.signal.raise(`passcode.${wish.channel ?? 'mail'}`)
  return outcome
}

/** The row of a new passcode, for statements that ask for one together with something else. */
export function passcodeRequest(
  needs: Pick<Needs, 'keys' | 'newId'>,
  { tenantId, browser, subject, now }: PasscodeFlow,
  wish: PasscodeWish,
): PasscodeRequest {
  const id = needs.newId()
  const code = passcodeOf(needs.keys, tenantId, id, wish.digits)
  const codeHash = passcodeHash(needs.keys, tenantId, browser, subject, code)
  return { ...wish, now, id, browser, subject, codeHash }
}

/**
 * Tries a code outside the redemption, which does it in one statement with signing the guest in. `log`: where somebody
 * signs in by it, for the sign-in log.
 */
export function checkPasscode(
  { database, keys }: Pick<Needs, 'database' | 'keys'>,
  { tenantId, browser, subject, now }: PasscodeFlow,
  code: string,
  log?: LogContext,
): Promise<TryOutcome> {
  const codeHash = passcodeHash(keys, tenantId, browser, subject, code)
  return tryPasscode(database.sql, tenantId, now, { browser, subject, codeHash, log })
}

/** How far a flow has come, null when no code was asked for. */
export function readPasscodeFlow(
  { database }: Pick<Needs, 'database'>,
  { tenantId, browser, subject, now }: PasscodeFlow,
): Promise<PasscodeState | null> {
  return readPasscodeState(database.sql, tenantId, now, browser, subject)
}
