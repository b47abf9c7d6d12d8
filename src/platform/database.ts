import type { ConnectionOptions } from 'node:tls'
import { sql as text } from 'drizzle-orm'
import { makePgArray } from 'drizzle-orm/pg-core'
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'

/** Where PostgreSQL is, and as whom: in the words that both clients used here understand. */
export type Connection = {
  /** A name or address, or the directory of a socket. */
  host: string
  port: number
  database: string
  user: string
  password?: string
  applicationName?: string
  /** No TLS without it. */
  ssl?: ConnectionOptions
}

/** Drizzle over a pool: for tables outside row security. */
export type Orm = PostgresJsDatabase

/** A transaction that row security has bound to one tenant. Every store function that touches tenant rows takes one. */
export type TenantScope = {
  readonly tenantId: string
  readonly orm: Pick<Orm, 'select' | 'selectDistinct' | 'insert' | 'update' | 'delete' | 'execute'>
}

export type Database = {
  /** Prepared statements for the hot paths; a client of its own because Drizzle replaces its client's serializers. */
  readonly sql: postgres.Sql
  readonly orm: Orm
  /**
   * Runs `work` in one transaction that sees and writes only the rows of `tenantId`. Commits when it resolves, rolls
   * back when it throws.
   */
  withTenant<T>(tenantId: string, work: (scope: TenantScope) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export type PoolSizes = { hot: number; ordinary: number }

/** Milliseconds after which PostgreSQL gives up by itself; 0 is never. Sent as settings of the connection. */
export type Patience = {
  statement_timeout: number
  lock_timeout: number
  idle_in_transaction_session_timeout: number
}

/**
 * While somebody waits for an answer: longer than any statement of a request takes, shorter than callers wait. Whoever
 * is cut off is told to come again, so one stuck transaction cannot take every connection.
 */
export const ANSWERING: Patience = {
  statement_timeout: 15_000,
  lock_timeout: 5_000,
  idle_in_transaction_session_timeout: 30_000,
}

/** For work that nobody waits for: as long as it takes, but not for a process that hangs in mid-transaction. */
export const UNHURRIED: Patience = {
  statement_timeout: 0,
  lock_timeout: 0,
  idle_in_transaction_session_timeout: 300_000,
}

/** Opens both pools. Connections are made on first use, so a server that is still starting is no error here. */
export function openDatabase(
  connection: Connection,
  sizes: PoolSizes = { hot: 4, ordinary: 8 },
  patience = ANSWERING,
): Database {
  const sql = connect(connection, sizes.hot, patience)
  const ordinary = connect(connection, sizes.ordinary, patience)
  const orm = drizzle(ordinary)
  return {
    sql,
    orm,
    withTenant: (tenantId, work) =>
      orm.transaction(async (tx) => {
        await tx.execute(text`select set_config('vestibule.tenant', ${tenantId}, true)`)
        return work({ tenantId, orm: tx })
      }),
    async close() {
      await Promise.all([sql.end({ timeout: 5 }), ordinary.end({ timeout: 5 })])
    },
  }
}

/** One postgres.js client on `connection`, for callers that need a pool of their own such as the migrations. */
export function connect(connection: Connection, max: number, patience = UNHURRIED): postgres.Sql {
  const options = {
    max,
    // Unused connections go, so that ten replicas do not hold every slot of a small server.
    idle_timeout: 300,
    connect_timeout: 10,
    // Counts the attempts of all connections together: by default, losing eight at once makes the last wait 20 seconds.
    backoff: (attempt: number) => Math.min(3 ** attempt / 100, 0.5) * (0.5 + Math.random() / 2),
    connection: {
      application_name: connection.applicationName ?? 'vestibule',
      // As text: a number 0 would not be sent.
      ...Object.fromEntries(Object.entries(patience).map(([name, ms]) => [name, String(ms)])),
    },
    // Each new connection would ask for the array types, and losing it then is a rejection that nobody can catch.
    fetch_types: false,
    types: ARRAYS,
    onnotice: () => {},
  }
  const { host, port, database, user, password, ssl } = connection
  return postgres({
    ...options,
    host,
    port,
    database,
    username: user,
    ...(password && { password }),
    ...(ssl && { ssl }),
  })
}

/** The arrays that statements take and give, by their fixed object ids (PostgreSQL: pg_type.dat). */
const ARRAYS = {
  texts: arrayOf(1009, String),
  uuids: arrayOf(2951, String),
  ints: arrayOf(1007, Number),
}

function arrayOf(oid: number, read: (item: string) => unknown) {
  return {
    to: oid,
    from: [oid],
    // Drizzle has written its arrays already.
    serialize: (value: unknown) => (Array.isArray(value) ? makePgArray(value) : value),
    parse: (text: string) => readArray(text).map((item) => (item === null ? null : read(item))),
  }
}

/** The items of an array of one dimension (PostgreSQL: array output). Drizzle's reader loses backslashes. */
function readArray(text: string): (string | null)[] {
  return Array.from(text.matchAll(/"((?:[^"\\]|\\.)*)"|[^{},]+/gs), ([plain, quoted]) => {
    if (quoted !== undefined) return quoted.replace(/\\(.)/gs, '$1')
    return plain === 'NULL' ? null : plain
  })
}

/** Whether a statement failed for a constraint or unique index of this name: somebody else was faster. */
export function violates(error: unknown, constraint: string): boolean {
  return failedWith(error, 'constraint_name', constraint)
}

/** Whether a function of ours said no by this state (PL/pgSQL: raise ... using errcode). */
export function wasRaised(error: unknown, state: string): boolean {
  return failedWith(error, 'code', state)
}

function failedWith(error: unknown, property: string, value: string): boolean {
  let current = error
  for (let depth = 0; depth < 4 && current instanceof Error; depth++) {
    if (property in current && Reflect.get(current, property) === value) return true
    current = current.cause
  }
  return false
}

/**
 * Whether PostgreSQL itself answered with this error, so that the statement wrote nothing. After a lost connection
 * nobody knows, and a repetition might do the work twice.
 */
export function isAnswered(error: unknown): boolean {
  return error instanceof postgres.PostgresError
}
