import { LRUCache } from 'lru-cache'
import type postgres from 'postgres'
import type { Entity } from '../graph/odata/resource.js'
import { createCoalescer } from '../platform/coalescer.js'
import { isAnswered } from '../platform/database.js'

/** A present user with Graph's default properties, by id; undefined when there is none. */
export type ReadUser = (tenantId: string, id: string) => Promise<Entity | undefined>

/** The hottest read: one prepared statement and one round trip for whoever of a tenant asks at the same time. */
export function createUserReader(sql: postgres.Sql): ReadUser {
  const byTenant = new LRUCache<string, (id: string) => Promise<{ user: Entity | undefined }>>({ max: 500 })
  const readerOf = (tenantId: string) => {
    const known = byTenant.get(tenantId)
    if (known) return known
    const made = createCoalescer<string, { user: Entity | undefined }>({
      keys: () => [],
      run: async (ids) => {
        const wanted = `{${[...new Set(ids)].join(',')}}`
        const [row] = await sql<{ users: Entity[] }[]>`select directory_read_users(${tenantId}, ${wanted}) as users`
        const found = new Map(row?.users.map((user) => [user['id'], user]))
        return ids.map((id) => ({ user: found.get(id) }))
      },
      mayBeOneRow: isAnswered,
    })
    byTenant.set(tenantId, made)
    return made
  }
  return async (tenantId, id) => (await readerOf(tenantId)(id)).user
}
