import type postgres from 'postgres'
import type { Logger } from './log.js'

export type Statistics = {
  /** Told after `rows` rows went to the tables of the hot paths. */
  wrote(rows: number): void
}

const TABLES =
  'users, groups, group_members, group_owners, user_identities, user_other_mails, invitations, invitation_mails, mail_blocks, passcodes, sessions, outbox, audit_events, idempotency_keys'

/** Rows of this process after which the planner hears how large the tables have become. */
const STEPS = [100, 1_000, 10_000, 100_000]

/**
 * Keeps cached plans honest while tables grow from nothing: a plan made for an empty table may choose any index that
 * starts with the tenant, and PostgreSQL makes it anew only when statistics change, which autovacuum does a minute
 * later. ANALYZE runs beside the work and nothing waits for it.
 */
export function createStatistics(sql: postgres.Sql, log: Logger): Statistics {
  let written = 0
  let step = 0
  return {
    wrote(rows) {
      written += rows
      const due = STEPS[step]
      if (due === undefined || written < due) return
      step += 1
      sql.unsafe(`analyze ${TABLES}`).catch((error: unknown) => log.warn({ err: error }, 'analyze failed'))
    },
  }
}
