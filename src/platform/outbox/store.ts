import type postgres from 'postgres'
import type { Work } from '../queue.js'

export const OUTBOX_CHANNEL = 'vestibule_outbox'

/** How long a row is whose it was handed to: after that without a word it goes to somebody else. */
export const LEASE_SECONDS = 15

type ClaimedRow = {
  id: string
  tenant_id: string
  subject_id: string
  attempts: number
  failures: number
  created_at: Date
}

/** Leases due rows of a topic for `leaseSeconds`; rows that another relay is leasing are skipped. */
export async function claimWork(sql: postgres.Sql, topic: string, most: number, leaseSeconds: number): Promise<Work[]> {
  const rows = await sql<ClaimedRow[]>`
    select id, tenant_id, subject_id, attempts, failures, created_at
    from outbox_claim(${topic}, ${most}, make_interval(secs => ${leaseSeconds}))`
  return rows.map((row) => ({
    id: row.id,
    tenantId: row.tenant_id,
    subjectId: row.subject_id,
    attempt: row.attempts,
    failures: row.failures,
    createdAt: row.created_at.toISOString(),
  }))
}

/**
 * Which of these are still this delivery's to do: neither ended nor handed out again. Their leases then last for at
 * least `enoughSeconds`; shorter ones are renewed for `leaseSeconds`. Rows that somebody is writing to are not waited
 * for: they are being ended or handed out again.
 */
export async function holdWork(
  sql: postgres.Sql,
  works: Work[],
  lease: { seconds: number; enoughSeconds: number },
): Promise<Set<string>> {
  const ids = works.map(({ id }) => id)
  const attempts = works.map(({ attempt }) => attempt)
  const [row] = await sql<{ ours: string[] }[]>`
    select outbox_hold(${ids}::uuid[], ${attempts}::int[], make_interval(secs => ${lease.seconds}),
      make_interval(secs => ${lease.enoughSeconds})) as ours`
  return new Set(row?.ours)
}

/** Gives work back that was not begun: the next relay that looks hands it out again. */
export async function releaseWork(sql: postgres.Sql, works: Work[]): Promise<void> {
  await holdWork(sql, works, { seconds: 0, enoughSeconds: 3_600 })
}

export async function notifyWork(sql: postgres.Sql, topic: string): Promise<void> {
  await sql`select pg_notify(${OUTBOX_CHANNEL}, ${topic})`
}

/** Ends a row: its work is done or no longer wanted. */
export async function endWork(sql: postgres.Sql, id: string): Promise<void> {
  await sql`delete from outbox where id = ${id}`
}

/** Gives a row another turn in `inMs`. */
export async function postponeWork(sql: postgres.Sql, id: string, inMs: number): Promise<void> {
  await sql`
    update outbox set failures = failures + 1, available_at = now() + ${inMs}::float8 * interval '1 millisecond'
    where id = ${id}`
}

/** Seconds that the oldest due row of each topic has waited, and how many rows there are, for metrics and `doctor`. */
export async function readOutboxLag(sql: postgres.Sql): Promise<{ topic: string; lagSeconds: number; rows: number }[]> {
  const rows = await sql<{ topic: string; lag: number; rows: number }[]>`
    select topic, count(*)::int as rows,
      greatest(0, extract(epoch from now() - min(case when attempts = 0 then available_at else created_at end)))::float8 as lag
    from outbox group by topic`
  return rows.map((row) => ({ topic: row.topic, lagSeconds: row.lag, rows: row.rows }))
}
