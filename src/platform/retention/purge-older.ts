import type postgres from 'postgres'
import { lowestIdAt } from '../../kernel/ids.js'
import type { Instant } from '../../kernel/instant.js'

/** Rows that one statement deletes: small enough that writers never wait for it. */
const ROWS = 1_000

/** Tables that grow by the day, with ids of version 7: those made before a moment are a range of the primary key. */
type Table = 'audit_events' | 'invitation_mails' | 'sign_ins'

/** Deletes what an organization has in a table from before `before`, batch by batch. Returns how many rows. */
export async function purgeOlder(
  { sql }: { sql: postgres.Sql },
  table: Table,
  tenantId: string,
  before: Instant,
): Promise<number> {
  const lowest = lowestIdAt(before.getTime())
  for (let total = 0; ; ) {
    const [row] = await sql<{ count: number }[]>`
      select retention_purge(${table}::text::regclass, ${tenantId}, ${lowest}, ${ROWS}) as count`
    const deleted = row?.count ?? 0
    total += deleted
    if (deleted < ROWS) return total
  }
}
