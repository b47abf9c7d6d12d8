import {
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'

const instant = (name: string) => timestamp(name, { withTimezone: true })
const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

/**
 * One visitor on the way through one flow, as far as they have come; at most one for a browser and flow. Everything that a
 * page needs is here, so that any process draws any page. What a visitor told goes when the run ends.
 */
export const signUpRuns = pgTable(
  'sign_up_runs',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid().notNull(),
    flowId: text('flow_id').notNull(),
    /** Hash of the browser's handle. */
    browserHash: bytea('browser_hash').notNull(),
    /** Hash of the session handle that was given out when somebody proved who they are: only its holder goes on. */
    sessionHash: bytea('session_hash'),
    /** Counts writes: whoever decided by an older one decides again. */
    revision: integer().notNull().default(0),
    /** Network that it was begun from, for the limits. */
    clientAddress: text('client_address').notNull(),
    /** Who they are (`Proof`). */
    proof: jsonb(),
    /** What the first connector knew; set, if to nothing, once that step is over. */
    prefill: jsonb(),
    /** What was answered. */
    answers: jsonb(),
    /** What the second connector said instead; set, if to nothing, once that step is over. */
    overrides: jsonb(),
    /** Why the second connector wants the answers changed. */
    notice: text(),
    /** How it ended (`Ending`). */
    ending: jsonb(),
    createdDateTime: instant('created_date_time').notNull(),
    expiresDateTime: instant('expires_date_time').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    uniqueIndex('sign_up_runs_of_browser').on(table.tenantId, table.flowId, table.browserHash),
    index('sign_up_runs_of_client').on(table.tenantId, table.clientAddress, table.createdDateTime),
    index('sign_up_runs_of_flow').on(table.tenantId, table.flowId, table.createdDateTime),
    index('sign_up_runs_ending').on(table.tenantId, table.expiresDateTime),
  ],
)
