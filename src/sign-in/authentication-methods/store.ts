import { and, count, desc, eq, gt, isNull, lt, sql as text } from 'drizzle-orm'
import type { TenantScope } from '../../platform/database.js'
import { deleteRows, rowsWith } from '../../platform/tenant-rows.js'
import type { PasscodeFlow } from '../prove-address.js'
import type { PasscodeState, SessionView, TryOutcome } from '../store.js'
import { authenticationMethods, recoveryCodes, secondStepFailures } from './tables.js'

export type MethodRow = typeof authenticationMethods.$inferSelect
export type NewMethod = Omit<typeof authenticationMethods.$inferInsert, 'tenantId'>

/** What a person has set up, oldest first. */
export function listMethods(scope: TenantScope, userId: string): Promise<MethodRow[]> {
  return scope.orm
    .select()
    .from(authenticationMethods)
    .where(rowsWith(scope, authenticationMethods, { userId }))
    .orderBy(authenticationMethods.id)
}

export async function insertMethod(scope: TenantScope, method: NewMethod): Promise<void> {
  await scope.orm.insert(authenticationMethods).values({ ...method, tenantId: scope.tenantId })
}

/** Whether there was such a method of this person. */
export function deleteMethod(scope: TenantScope, userId: string, id: string): Promise<boolean> {
  return deleteRows(scope, authenticationMethods, { userId, id })
}

/** Takes a time step, once: false when it, or a later one, was taken before. */
export async function takeTimeStep(
  scope: TenantScope,
  { userId, id }: Pick<MethodRow, 'userId' | 'id'>,
  timeStep: number,
  now: Date,
): Promise<boolean> {
  const taken = await scope.orm
    .update(authenticationMethods)
    .set({ lastTimeStep: timeStep, lastUsedDateTime: now })
    .where(and(ownMethod(scope, userId, id), lt(authenticationMethods.lastTimeStep, timeStep)))
    .returning({ id: authenticationMethods.id })
  return taken.length > 0
}

/** Notes that a passkey or a phone was used; a passkey's counter only grows. */
export async function noteUse(
  scope: TenantScope,
  { userId, id }: Pick<MethodRow, 'userId' | 'id'>,
  now: Date,
  signCount?: number,
): Promise<void> {
  await scope.orm
    .update(authenticationMethods)
    .set({ lastUsedDateTime: now, ...(signCount !== undefined && { signCount }) })
    .where(ownMethod(scope, userId, id))
}

/** Keys of every authenticator app of the organization, as they are sealed. */
export async function listMethodSecrets({ orm, tenantId }: TenantScope): Promise<(Buffer | null)[]> {
  const { secret, kind } = authenticationMethods
  const rows = await orm
    .select({ secret })
    .from(authenticationMethods)
    .where(and(eq(authenticationMethods.tenantId, tenantId), eq(kind, 'softwareOath')))
  return rows.map((row) => row.secret)
}

/** Keeps a key as the secret in force seals it. */
export async function replaceSecret(scope: TenantScope, method: MethodRow, secret: Buffer): Promise<void> {
  await scope.orm
    .update(authenticationMethods)
    .set({ secret })
    .where(ownMethod(scope, method.userId, method.id))
}

/** Recovery codes that can still be used. */
export function listRecoveryCodes(scope: TenantScope, userId: string) {
  return scope.orm
    .select({
      setId: recoveryCodes.setId,
      position: recoveryCodes.position,
      codeHash: recoveryCodes.codeHash,
    })
    .from(recoveryCodes)
    .where(and(ownCodes(scope, userId), isNull(recoveryCodes.usedDateTime)))
}

/** A new set in place of what there was. */
export async function replaceRecoveryCodes(
  scope: TenantScope,
  userId: string,
  setId: string,
  hashes: readonly Buffer[],
): Promise<void> {
  await deleteRecoveryCodes(scope, userId)
  const rows = hashes.map((codeHash, position) => ({ tenantId: scope.tenantId, userId, setId, position, codeHash }))
  await scope.orm.insert(recoveryCodes).values(rows)
}

async function deleteRecoveryCodes(scope: TenantScope, userId: string): Promise<void> {
  await scope.orm.delete(recoveryCodes).where(ownCodes(scope, userId))
}

/** Uses a code up: false when somebody was faster. */
export async function useRecoveryCode(
  scope: TenantScope,
  userId: string,
  { setId, position }: { setId: string; position: number },
  now: Date,
): Promise<boolean> {
  const used = await scope.orm
    .update(recoveryCodes)
    .set({ usedDateTime: now })
    .where(
      and(
        ownCodes(scope, userId),
        eq(recoveryCodes.setId, setId),
        eq(recoveryCodes.position, position),
        isNull(recoveryCodes.usedDateTime),
      ),
    )
    .returning({ position: recoveryCodes.position })
  return used.length > 0
}

/** When second steps of a person failed since `since`, newest first. */
export async function listFailures(scope: TenantScope, userId: string, since: Date): Promise<Date[]> {
  const rows = await scope.orm
    .select({ at: secondStepFailures.createdDateTime })
    .from(secondStepFailures)
    .where(and(ownFailures(scope, userId), gt(secondStepFailures.createdDateTime, since)))
    .orderBy(desc(secondStepFailures.createdDateTime))
  return rows.map(({ at }) => at)
}

export async function addFailure(scope: TenantScope, userId: string, id: string, now: Date): Promise<void> {
  await scope.orm.insert(secondStepFailures).values({ tenantId: scope.tenantId, userId, id, createdDateTime: now })
}

/** What ended a person's second step ends what they fell back on. */
export async function deleteCodesWithoutMethod(scope: TenantScope, userId: string): Promise<void> {
  const [method] = await listMethods(scope, userId)
  if (!method) await deleteRecoveryCodes(scope, userId)
}

/** Takes everything that belongs to a person's second step away. */
export async function deleteAllOf(scope: TenantScope, userId: string): Promise<void> {
  await scope.orm.delete(authenticationMethods).where(rowsWith(scope, authenticationMethods, { userId }))
  await deleteRecoveryCodes(scope, userId)
  await scope.orm.delete(secondStepFailures).where(ownFailures(scope, userId))
}

/** The live session behind a handle, when it is this person's. */
export async function findLiveSession(
  scope: TenantScope,
  userId: string,
  handle: Buffer,
  now: Date,
): Promise<SessionView | undefined> {
  const [row] = await scope.orm.execute<{ session: SessionView }>(
    text`select s as session from sign_in_live_session(${scope.tenantId}, ${now.toISOString()}, ${handle}) s`,
  )
  return row?.session.userId === userId ? row.session : undefined
}

/** Gives a session that may do more from now on another handle; false when it has ended meanwhile. */
export async function rotateSession(
  scope: TenantScope,
  change: { old: Buffer; new: Buffer; amr: readonly string[]; codesToKeep: string | null; now: Date },
): Promise<boolean> {
  const [row] = await scope.orm.execute<{ rotated: boolean }>(
    text`select sign_in_session_rotate(${scope.tenantId}, ${change.now.toISOString()}, ${change.old}, ${change.new},
      ${`{${change.amr.join(',')}}`}::text[], ${change.codesToKeep}) as rotated`,
  )
  return row?.rotated ?? false
}

/** The person has the codes: this browser shows them no more. */
export async function codesAreKept(scope: TenantScope, handle: Buffer): Promise<void> {
  await scope.orm.execute(
    text`update sessions set codes_to_keep = null where tenant_id = ${scope.tenantId} and handle_hash = ${handle}`,
  )
}

/** This browser shows a set of recovery codes until its person has kept them. */
export async function codesToKeep(scope: TenantScope, handle: Buffer, setId: string): Promise<void> {
  await scope.orm.execute(
    text`update sessions set codes_to_keep = ${setId} where tenant_id = ${scope.tenantId} and handle_hash = ${handle}`,
  )
}

/** The newest code that was sent for a second step of a session; undefined when none was. */
export async function findCode(
  scope: TenantScope,
  flow: Pick<PasscodeFlow, 'browser' | 'subject' | 'now'>,
): Promise<PasscodeState | undefined> {
  const [row] = await scope.orm.execute<{ code: PasscodeState }>(
    text`select c as code
      from sign_in_newest_passcode(${scope.tenantId}, ${flow.now.toISOString()}, ${flow.browser}, ${flow.subject}) c`,
  )
  return row?.code
}

/** Tries such a code; each try counts, whoever makes it. */
export async function tryCode(
  scope: TenantScope,
  flow: Pick<PasscodeFlow, 'browser' | 'subject' | 'now'>,
  codeHash: Buffer,
): Promise<TryOutcome> {
  const [row] = await scope.orm.execute<{ answer: TryOutcome }>(
    text`select sign_in_passcode_try(${scope.tenantId}, ${flow.now.toISOString()}, ${flow.browser}, ${flow.subject},
      ${codeHash}) as answer`,
  )
  if (!row) throw new Error('trying a code answered nothing')
  return row.answer
}

/** How many recovery codes are left. */
export async function countRecoveryCodes(scope: TenantScope, userId: string): Promise<number> {
  const [row] = await scope.orm
    .select({ left: count() })
    .from(recoveryCodes)
    .where(and(ownCodes(scope, userId), isNull(recoveryCodes.usedDateTime)))
  return row?.left ?? 0
}

const ownMethod = (scope: TenantScope, userId: string, id: string) =>
  rowsWith(scope, authenticationMethods, { userId, id })
const ownCodes = (scope: TenantScope, userId: string) => rowsWith(scope, recoveryCodes, { userId })
const ownFailures = (scope: TenantScope, userId: string) => rowsWith(scope, secondStepFailures, { userId })
