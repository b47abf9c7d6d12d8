import type postgres from 'postgres'
import type { Logger } from './log.js'

export type Statistics = {
  /** Told after each request that wrote something. */
  wrote(): void
}

/** Requests to this process between two looks at how the tables have grown. */
const LOOK_EVERY = 250

/** Pages of a table of which the planner knows enough; some thousand rows, since rows take up to a kilobyte. */
const LARGE = 500

/**
 * Keeps cached plans honest while tables grow from nothing. Row security asks for the tenant a second time, so for a
 * table without statistics the tenant alone seems to find one row, and a plan may read every row of the tenant by
 * whichever index starts with it; PostgreSQL makes the plan anew only when statistics change, which autovacuum does a
 * minute later. ANALYZE runs beside the work and nothing waits for it.
 */
export function createStatistics(sql: postgres.Sql, log: Logger): Statistics {
  let unseen = LOOK_EVERY - 100
  let isLooking = false
  return {
    wrote() {
      unseen++
      if (unseen < LOOK_EVERY || isLooking) return
      unseen = 0
      isLooking = true
      analyzeGrown(sql)
        .catch((error: unknown) => log.warn({ err: error }, 'analyze failed'))
        .finally(() => {
          isLooking = false
        })
    },
  }
}

/**
 * Tables that are twice the size they were when somebody last analyzed them, and were small then: a table whose size is
 * about right has its plans, what is left autovacuum does, and a third of a second of it makes everybody wait. Never an
 * empty one: once known to be empty, it offers the planner nothing but ties. Whoever else keeps tables beside ours may
 * call them as they like.
 */
async function analyzeGrown(sql: postgres.Sql): Promise<void> {
  const grown = await sql<{ name: string }[]>`
    select quote_ident(relname) as name from pg_class
    where relkind = 'r' and relnamespace = (select oid from pg_namespace where nspname = current_schema())
      and pg_has_role(relowner, 'usage') and relpages < ${LARGE}
      and pg_relation_size(oid) >= greatest(1, 2 * relpages) * current_setting('block_size')::bigint`
  if (grown.length > 0) await sql.unsafe(`analyze (skip_locked) ${grown.map(({ name }) => name).join(', ')}`)
}
