import postgres from 'postgres'

/** Where both database clients find the server: `host` is the directory of its socket. */
export type Connection = { host: string; port: number; database: string; user: string }

/** A server owns the database for as long as it runs; a tool uses it beside one, or alone for a moment. */
export type Use = 'server' | 'tool'

/**
 * One open connection that holds this process's claim. The claim is an advisory lock, so it ends with the process
 * however that ends, and no file has to be judged stale.
 */
export type Session = {
  /** Claims the database for a server. Undefined: done. Else the name of the process that holds it. */
  serve(): Promise<string | undefined>
  /** Counts this process among the tools. */
  join(): Promise<undefined>
  /** Whether no server and no other tool uses the database; if so nobody can claim it until this session closes. */
  isLast(): Promise<boolean>
  /** Whether the connection, and with it the claim, still stands. */
  isOpen(): boolean
  close(): Promise<void>
}

/** The two keys of the locks: the bytes of "vest", and which. */
const LOCKS = 0x76657374
const SERVING = 1
const USING = 2

/**
 * Connects, or returns undefined when no server listens or it is still starting or already stopping.
 * `onLost` is called when an established connection ends before `close`.
 */
export async function openSession(connection: Connection, use: Use, onLost: () => void): Promise<Session | undefined> {
  let state: 'opening' | 'open' | 'closed' = 'opening'
  const sql = postgres({
    ...connection,
    max: 1,
    max_lifetime: null,
    connect_timeout: 5,
    fetch_types: false,
    prepare: false,
    connection: { application_name: `vestibule ${use}, process ${process.pid}` },
    onclose: () => {
      if (state !== 'open') return
      state = 'closed'
      // Without this the client would connect again by itself and look as if it still held the lock.
      void sql.end({ timeout: 0 })
      onLost()
    },
  })
  try {
    await sql`select 1`
    state = 'open'
  } catch (error) {
    state = 'closed'
    await sql.end({ timeout: 0 })
    if (isNotReady(error)) return undefined
    throw error
  }
  return {
    async serve() {
      const [row] = await sql<{ done: boolean }[]>`select pg_try_advisory_lock(${LOCKS}, ${SERVING}) as done`
      return row?.done ? undefined : holderOf(sql)
    },
    async join() {
      await sql`select pg_advisory_lock_shared(${LOCKS}, ${USING})`
      return undefined
    },
    async isLast() {
      const [row] = await sql<{ last: boolean }[]>`
        select pg_advisory_unlock_shared(${LOCKS}, ${USING})
          and pg_try_advisory_lock(${LOCKS}, ${USING})
          and pg_try_advisory_lock(${LOCKS}, ${SERVING}) as last`
      return row?.last ?? false
    },
    isOpen: () => state === 'open',
    async close() {
      state = 'closed'
      await sql.end({ timeout: 1 })
    },
  }
}

async function holderOf(sql: postgres.Sql): Promise<string> {
  const [holder] = await sql<{ name: string }[]>`
    select application_name as name from pg_locks join pg_stat_activity using (pid)
    where locktype = 'advisory' and classid = ${LOCKS} and objid = ${SERVING} and granted`
  return holder?.name ?? 'a process that has just ended'
}

/** No socket, nobody behind it, a connection cut, or SQLSTATE 57P03: starting up, recovering, shutting down. */
export function isNotReady(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return ['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'CONNECTION_CLOSED', '57P01', '57P03'].includes(code)
}
