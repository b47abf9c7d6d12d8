import { LRUCache } from 'lru-cache'
import type postgres from 'postgres'
import { createCoalescer } from '../platform/coalescer.js'
import { isAnswered } from '../platform/database.js'

/**
 * A present user with Graph's default properties, by id, as one JSON object in text, and the version it has; undefined
 * when there is none. PostgreSQL writes the text, so that nothing here reads it only to write it again.
 */
export type ReadUser = (tenantId: string, id: string) => Promise<{ version: string; json: string } | undefined>

/** The hottest read: one prepared statement and one round trip for whoever of a tenant asks at the same time. */
export function createUserReader(sql: postgres.Sql): ReadUser {
  const byTenant = new LRUCache<string, (id: string) => Promise<string>>({ max: 500 })
  const readerOf = (tenantId: string) => {
    const known = byTenant.get(tenantId)
    if (known) return known
    const made = createCoalescer<string, string>({
      keys: () => NO_KEYS,
      run: async (ids) => {
        const wanted = `{${ids.join(',')}}`
        const [row] = await sql<{ users: string }[]>`select directory_read_users(${tenantId}, ${wanted}) as users`
        // JSON escapes line breaks, so each line is one user.
        return row?.users.split('\n') ?? []
      },
      mayBeOneRow: isAnswered,
      // While PostgreSQL reads for some, this process answers others: with one at a time each waits for the other.
      inFlight: 2,
    })
    byTenant.set(tenantId, made)
    return made
  }
  return async (tenantId, id) => {
    const line = await readerOf(tenantId)(id)
    const end = line.indexOf(' ')
    return end < 0 ? undefined : { version: line.slice(0, end), json: line.slice(end + 1) }
  }
}

/** Reading locks nothing, so any two may travel together. */
const NO_KEYS: string[] = []
