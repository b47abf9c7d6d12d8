import { LRUCache } from 'lru-cache'
import type { Listener } from './listener.js'

/** What this process last read of a tenant, by key. */
export type WatchedCache<V extends object> = {
  /** The cached value, or what `load` reads. `undefined` is never cached: what does not exist may be made any moment. */
  get(tenantId: string, key: string, load: () => Promise<V | undefined>): Promise<V | undefined>
  forget(tenantId: string): void
}

/**
 * A cache that is never staler than the last NOTIFY on `channel`: a change empties the entries of the tenant it names,
 * and while notifications could be missed every read goes to the database. Entries also end after `ttlMs`.
 */
export function createWatchedCache<V extends object>(
  listener: Listener,
  { channel, max, ttlMs }: { channel: string; max: number; ttlMs: number },
): WatchedCache<V> {
  const entries = new LRUCache<string, Promise<V | undefined>>({ max, ttl: ttlMs })
  const forget = (tenantId: string) => {
    for (const key of entries.keys()) if (key.startsWith(tenantId)) entries.delete(key)
  }
  listener.on(channel, (tenantId) => (tenantId === undefined ? entries.clear() : forget(tenantId)))
  return {
    forget,
    get(tenantId, key, load) {
      if (!listener.isUp()) return load()
      const name = `${tenantId} ${key}`
      const known = entries.get(name)
      if (known) return known
      // Entered before it is read: a change that arrives meanwhile takes the entry away, so no old value stays behind.
      const loading = load()
      entries.set(name, loading)
      const drop = () => {
        if (entries.peek(name) === loading) entries.delete(name)
      }
      loading.then((value) => {
        if (value === undefined) drop()
      }, drop)
      return loading
    },
  }
}
