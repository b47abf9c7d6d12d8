import { recordAudit } from '../../audit/index.js'
import { lockUser, type UserRow } from '../../directory/index.js'
import { DAY_MS, later } from '../../kernel/instant.js'
import type { Keys } from '../../platform/crypto.js'
import type { Database, TenantScope } from '../../platform/database.js'
import { type Browser, handleHash, newHandle } from '../browser.js'
import { correlationOf, type LoggedFor } from '../log/log-context.js'
import { logSignIn } from '../log/store.js'
import { recordSecurityChange } from '../security-change.js'
import type { SessionView } from '../store.js'
import { RECOVERY_CODES, recoveryCodeHash, recoveryCodesOf } from './recovery-codes.js'
import { type MethodKind, tryLimit, type Way } from './rules.js'
import {
  addFailure,
  codesAreKept,
  countRecoveryCodes,
  findLiveSession,
  insertMethod,
  listFailures,
  listMethods,
  type MethodRow,
  type NewMethod,
  replaceRecoveryCodes,
  rotateSession,
} from './store.js'

/** Why a code that was sent opens nothing, whatever is typed. */
export type Over = 'expired' | 'usedUp' | 'none'

export type StepNeeds = { database: Database; keys: Keys; clock: () => Date; newId: () => string }

/** A signed-in browser that goes for its second step. */
export type StepVisit = {
  tenantId: string
  browser: Browser & { session: string }
  session: SessionView
  /** The address that the request came from, and what the step is for: for the sign-in log. */
  client?: string | undefined
  loggedFor?: LoggedFor | undefined
}

export type StepOutcome =
  /** `session` is the handle that counts from now on. */
  | { outcome: 'passed'; session: string }
  | { outcome: 'wrong'; triesLeft: number }
  | { outcome: 'limited'; retryAt: Date }
  /** The code that was sent cannot be used any more, or none was. */
  | { outcome: 'over'; why: Over }
  /** Another step is due: signed out meanwhile, or something was set up elsewhere. */
  | { outcome: 'notDue' }

/** What an attempt works on, with the person locked: one attempt at a time, whatever browsers they come from. */
export type Attempt = { scope: TenantScope; user: UserRow; session: SessionView; methods: MethodRow[]; now: Date }

/** `passed` says by which way; `codesToKeep` names recovery codes that were just made. */
export type Verdict =
  | { verdict: 'passed'; way: Way; codesToKeep?: string | undefined }
  /** `triesLeft`: of the code itself, where it has a number of its own. */
  | { verdict: 'wrong'; triesLeft?: number | undefined }
  | { verdict: 'over'; why: Over }
  | { verdict: 'notDue' }

/** RFC 8176, and `fido` as Entra has it. */
const AMR: Record<Way, string> = { softwareOath: 'otp', phone: 'sms', fido2: 'fido', email: 'otp', recoveryCode: 'otp' }

/** How the sign-in log tells of it. */
const LOGGED = { passed: 'ok', wrong: 'mfaFailed', over: 'mfaExpired' } as const

const AUDITED: Record<MethodKind, string> = {
  softwareOath: 'Authenticator app',
  phone: 'Phone',
  fido2: 'Passkey',
}

/**
 * Tries a second step in one transaction: the limits of wrong ones, the attempt itself, and, when it passes, the session
 * with `mfa` under a new handle; and the line of the sign-in log. A wrong one counts for the person, whatever browser and flow it came from.
 */
export function attemptSecondStep(
  needs: StepNeeds,
  visit: StepVisit,
  tried: Way,
  judge: (attempt: Attempt) => Promise<Verdict>,
): Promise<StepOutcome> {
  const { tenantId, browser } = visit
  const now = needs.clock()
  const old = handleHash(needs.keys, browser, 'session', browser.session)
  return needs.database.withTenant(tenantId, async (scope): Promise<StepOutcome> => {
    const user = await lockUser(scope, visit.session.userId)
    const session = user && (await findLiveSession(scope, user.id, old, now))
    if (!user || !session) return { outcome: 'notDue' }
    const failures = await listFailures(scope, user.id, later(now, -DAY_MS))
    const before = tryLimit(failures, now)
    if ('retryAt' in before) return { outcome: 'limited', retryAt: before.retryAt }

    const verdict = await judge({ scope, user, session, methods: await listMethods(scope, user.id), now })
    if (verdict.verdict === 'notDue') return { outcome: 'notDue' }
    await logSignIn(scope, now, {
      userId: user.id,
      method: tried,
      outcome: LOGGED[verdict.verdict],
      log: {
        correlationId: correlationOf(`second step ${old.toString('hex')}`),
        ...visit.loggedFor,
        client: visit.client,
        provider: 'vestibule',
        identifier: session.address,
      },
    })
    if (verdict.verdict === 'over') return { outcome: 'over', why: verdict.why }
    if (verdict.verdict === 'wrong') {
      await addFailure(scope, user.id, needs.newId(), now)
      const after = tryLimit([now, ...failures], now)
      const triesLeft = verdict.triesLeft ?? Number.POSITIVE_INFINITY
      if ('triesLeft' in after) return { outcome: 'wrong', triesLeft: Math.min(after.triesLeft, triesLeft) }
      await recordLimit(needs, scope, session, now)
      return { outcome: 'limited', retryAt: after.retryAt }
    }
    const handle = newHandle()
    const amr = [AMR[verdict.way], 'mfa']
    const codesToKeep = verdict.codesToKeep ?? null
    const isRotated = await rotateSession(scope, {
      old,
      new: handleHash(needs.keys, browser, 'session', handle),
      amr,
      codesToKeep,
      now,
    })
    return isRotated ? { outcome: 'passed', session: handle } : { outcome: 'notDue' }
  })
}

/** Whether this session may set something up: it passed a second step, or the person has none to pass. */
export function maySetUp({ session, methods }: Pick<Attempt, 'session' | 'methods'>): boolean {
  return methods.length === 0 || session.amr.includes('mfa')
}

/** Writes down what was set up, and makes recovery codes when there are none to fall back on. */
export async function setUp(
  needs: StepNeeds,
  { scope, user, session, now }: Attempt,
  method: Omit<NewMethod, 'userId' | 'id' | 'createdDateTime'>,
): Promise<Verdict> {
  await insertMethod(scope, {
    ...method,
    id: needs.newId(),
    userId: user.id,
    createdDateTime: now,
    lastUsedDateTime: now,
  })
  await recordSecurityChange(
    scope,
    {
      id: needs.newId(),
      activityDateTime: now,
      activityDisplayName: 'User registered security info',
      initiatedBy: { kind: 'user', id: user.id, displayName: session.address },
      targetId: user.id,
      additionalDetails: { method: AUDITED[method.kind] },
    },
    { change: 'added', kind: method.kind },
  )
  const hasCodes = (await countRecoveryCodes(scope, user.id)) > 0
  return {
    verdict: 'passed',
    way: method.kind,
    codesToKeep: hasCodes ? undefined : await makeRecoveryCodes(needs, scope, user.id),
  }
}

/** A new set of recovery codes in place of what there was; answers with its id. */
export async function makeRecoveryCodes(
  { keys, newId }: Pick<StepNeeds, 'keys' | 'newId'>,
  scope: TenantScope,
  userId: string,
): Promise<string> {
  const setId = newId()
  const codes = recoveryCodesOf(keys, scope.tenantId, setId).slice(0, RECOVERY_CODES)
  const hashes = codes.map((code) => recoveryCodeHash(keys, scope.tenantId, userId, code))
  await replaceRecoveryCodes(scope, userId, setId, hashes)
  return setId
}

/** The person says that they have kept their recovery codes. */
export function keepRecoveryCodes({ database, keys }: StepNeeds, { tenantId, browser }: StepVisit): Promise<void> {
  const handle = handleHash(keys, browser, 'session', browser.session)
  return database.withTenant(tenantId, (scope) => codesAreKept(scope, handle))
}

/** Told to administrators: somebody past the first step fails at the second, again and again. */
async function recordLimit(
  { newId }: Pick<StepNeeds, 'newId'>,
  scope: TenantScope,
  session: SessionView,
  now: Date,
): Promise<void> {
  await recordAudit(scope, {
    id: newId(),
    activityDateTime: now,
    activityDisplayName: 'Second step refused after too many wrong codes',
    category: 'UserManagement',
    loggedByService: 'Authentication Methods',
    initiatedBy: { kind: 'user', id: session.userId, displayName: session.address },
    targetId: session.userId,
  })
}
