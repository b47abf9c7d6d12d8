import { and, eq, gt, lt, sql } from 'drizzle-orm'
import type { TenantScope } from '../../platform/database.js'
import { forgetOldTests } from '../connection-tests/store.js'
import type { FlowHome, FlowOutcome, FlowPurpose } from './flow.js'
import { signInFlows, usedAssertions } from './tables.js'

/** Nothing waits for the browser any more. */
const NO_ANSWER = { answer: null, answerBytes: 0 }

export type FlowRow = typeof signInFlows.$inferSelect

/** A browser that is sent to its home. */
export type StartedFlow = {
  id: Buffer
  browserHash: Buffer
  purpose: FlowPurpose
  home: FlowHome
  secretsSealed: Buffer
  createdDateTime: Date
  expiresDateTime: Date
}

/** The same as `sign_in_flow_start` takes it, which other statements call. */
export function startedFlowRow({
  id,
  browserHash,
  secretsSealed,
  purpose,
  home,
  expiresDateTime,
}: StartedFlow): object {
  return {
    id: id.toString('hex'),
    browserHash: browserHash.toString('hex'),
    secretsSealed: secretsSealed.toString('hex'),
    purpose,
    home,
    expiresDateTime: expiresDateTime.toISOString(),
  }
}

export async function insertFlow(scope: TenantScope, flow: StartedFlow): Promise<void> {
  await scope.orm.insert(signInFlows).values({ ...flow, tenantId: scope.tenantId, status: 'started' })
}

/** The flow of this name, whatever became of it. */
export async function findFlow(scope: TenantScope, id: Buffer): Promise<FlowRow | undefined> {
  const [row] = await scope.orm.select().from(signInFlows).where(named(scope, id))
  return row
}

/**
 * Takes a flow for good: of two that come with one answer, one gets it. Undefined when it is not this browser's, is
 * over, or its time is.
 */
export async function claimFlow(
  scope: TenantScope,
  claim: { id: Buffer; browserHash: Buffer; status: 'started' | 'answered'; now: Date },
): Promise<FlowRow | undefined> {
  const before = await findFlow(scope, claim.id)
  const isOurs = and(
    named(scope, claim.id),
    eq(signInFlows.browserHash, claim.browserHash),
    eq(signInFlows.status, claim.status),
    gt(signInFlows.expiresDateTime, claim.now),
  )
  const rows = await scope.orm
    .update(signInFlows)
    .set({ status: 'finished', ...NO_ANSWER })
    .where(isOurs)
    .returning({ id: signInFlows.id })
  return rows.length > 0 ? before : undefined
}

/** How it ended, for the page that tells. An answer that led somewhere counts against nobody. */
export async function noteOutcome(scope: TenantScope, id: Buffer, outcome: FlowOutcome): Promise<void> {
  const isCounted = outcome.kind === 'trouble'
  await scope.orm
    .update(signInFlows)
    .set({ outcome, status: 'finished', ...NO_ANSWER, ...(!isCounted && { answerNetwork: null }) })
    .where(named(scope, id))
}

/** What became of an answer that was posted: `lost` when no such flow waits for one. */
export type ParkOutcome = { outcome: 'parked' } | { outcome: 'lost' } | { outcome: 'limited'; retryAt: string }

/** Keeps what was posted from a network until the browser comes for it, within the bounds of `functions.sql`. */
export async function parkAnswer(
  scope: TenantScope,
  now: Date,
  { id, answer, network }: { id: Buffer; answer: string; network: string },
): Promise<ParkOutcome> {
  const [row] = await scope.orm.execute<{ parked: ParkOutcome }>(sql`
    select sign_in_answer_park(${scope.tenantId}::uuid, ${now.toISOString()}::timestamptz, ${id}, ${answer}, ${network})
      as parked`)
  if (!row) throw new Error('keeping an answer answered nothing')
  return row.parked
}

/** Remembers an assertion; false when it was used before. */
export async function useAssertion(
  scope: TenantScope,
  assertion: { issuer: string; assertionId: string; expiresDateTime: Date },
): Promise<boolean> {
  const rows = await scope.orm
    .insert(usedAssertions)
    .values({ ...assertion, tenantId: scope.tenantId })
    .onConflictDoNothing()
    .returning({ assertionId: usedAssertions.assertionId })
  return rows.length > 0
}

/** Forgets flows a day after their end, and assertions that nobody can use any more; at most `most` of each. */
export async function purgeFlows(scope: TenantScope, now: Date, most: number): Promise<number> {
  const { tenantId, orm } = scope
  const dayAgo = new Date(now.getTime() - 86_400_000)
  const flows = orm
    .select({ id: signInFlows.id })
    .from(signInFlows)
    .where(and(eq(signInFlows.tenantId, tenantId), lt(signInFlows.expiresDateTime, dayAgo)))
    .limit(most)
  const gone = await orm
    .delete(signInFlows)
    .where(and(eq(signInFlows.tenantId, tenantId), sql`${signInFlows.id} in (${flows})`))
    .returning({ id: signInFlows.id })
  await forgetOldTests(scope, now)
  await orm
    .delete(usedAssertions)
    .where(and(eq(usedAssertions.tenantId, tenantId), lt(usedAssertions.expiresDateTime, now)))
  return gone.length
}

function named(scope: TenantScope, id: Buffer) {
  return and(eq(signInFlows.tenantId, scope.tenantId), eq(signInFlows.id, id))
}
