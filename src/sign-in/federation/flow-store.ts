import { and, eq, gt, lt, sql } from 'drizzle-orm'
import type postgres from 'postgres'
import { DAY_MS, HOUR_MS, later } from '../../kernel/instant.js'
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
  /** Where it comes from, for the limits. */
  network: string
  purpose: FlowPurpose
  home: FlowHome
  secretsSealed: Buffer
  expiresDateTime: Date
}

/** The same as `sign_in_flow_start` takes it, which other statements call. */
export function startedFlowRow({
  id,
  browserHash,
  network,
  secretsSealed,
  purpose,
  home,
  expiresDateTime,
}: StartedFlow): object {
  return {
    id: id.toString('hex'),
    browserHash: browserHash.toString('hex'),
    network,
    secretsSealed: secretsSealed.toString('hex'),
    purpose,
    home,
    expiresDateTime: expiresDateTime.toISOString(),
  }
}

/** Keeps a flow; where its network has begun too many that led nowhere, nothing, and says when it may begin the next. */
export async function startFlow(
  sql: postgres.Sql,
  tenantId: string,
  now: Date,
  flow: StartedFlow,
): Promise<Date | undefined> {
  const [row] = await sql<{ retryAt: Date | null }[]>`
    select sign_in_flow_start(${tenantId}, ${now.toISOString()}, ${JSON.stringify(startedFlowRow(flow))}::text::jsonb)
      as "retryAt"`
  return row?.retryAt ?? undefined
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

/**
 * How it ended, for the page that tells. An answer that led somewhere counts against nobody, nor does having begun what
 * somebody was signed in by.
 */
export async function noteOutcome(scope: TenantScope, id: Buffer, outcome: FlowOutcome): Promise<void> {
  const isWorthNothing = outcome.kind === 'trouble'
  const isSignIn = outcome.kind === 'signedIn' || outcome.kind === 'tested'
  await scope.orm
    .update(signInFlows)
    .set({
      outcome,
      status: 'finished',
      ...NO_ANSWER,
      ...(!isWorthNothing && { answerNetwork: null }),
      ...(isSignIn && { network: null }),
    })
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

/**
 * Forgets flows a day after their end, those that nobody came back to an hour after, since limits look back that long,
 * and assertions that nobody can use any more; at most `most` of each.
 */
export async function purgeFlows(scope: TenantScope, now: Date, most: number): Promise<number> {
  const { tenantId, orm } = scope
  const dayAgo = lt(signInFlows.expiresDateTime, later(now, -DAY_MS))
  const unanswered = and(eq(signInFlows.status, 'started'), lt(signInFlows.expiresDateTime, later(now, -HOUR_MS)))
  let count = 0
  for (const isOld of [dayAgo, unanswered]) {
    const old = orm
      .select({ id: signInFlows.id })
      .from(signInFlows)
      .where(and(eq(signInFlows.tenantId, tenantId), isOld))
      .limit(most)
    const gone = await orm
      .delete(signInFlows)
      .where(and(eq(signInFlows.tenantId, tenantId), sql`${signInFlows.id} in (${old})`))
      .returning({ id: signInFlows.id })
    count = Math.max(count, gone.length)
  }
  await forgetOldTests(scope, now)
  await orm
    .delete(usedAssertions)
    .where(and(eq(usedAssertions.tenantId, tenantId), lt(usedAssertions.expiresDateTime, now)))
  return count
}

function named(scope: TenantScope, id: Buffer) {
  return and(eq(signInFlows.tenantId, scope.tenantId), eq(signInFlows.id, id))
}
