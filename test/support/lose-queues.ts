import { Redis } from 'ioredis'
import pg from 'pg'
import type { Connection } from '../../src/platform/database.js'
import { until } from './until.js'

const LOCK_NOT_AVAILABLE = '55P03'

/**
 * Empties what the queues are kept in while they work: Redis as FLUSHDB does, without it BullMQ's tables. These need a
 * lock on each, which a job that runs may hold in another order: whoever waits here gives way, before PostgreSQL finds
 * a deadlock and ends one of the two, and tries again.
 */
export async function loseQueues(redisUrl: string | undefined, connection: Connection): Promise<void> {
  if (redisUrl) {
    const redis = new Redis(redisUrl)
    await redis.flushdb()
    return redis.disconnect()
  }
  const client = new pg.Client(connection)
  await client.connect()
  await client.query("set lock_timeout = '50ms'")
  const { rows } = await client.query(
    "select quote_ident(tablename) as name from pg_tables where schemaname = 'bullmq' and tablename !~ 'migration'",
  )
  const truncate = `truncate ${rows.map(({ name }) => `bullmq.${name}`).join()} cascade`
  const isDone = () =>
    client.query(truncate).then(
      () => true,
      (error: { code?: string }) => {
        if (error.code === LOCK_NOT_AVAILABLE) return false
        throw error
      },
    )
  await until(isDone, 'the queues are emptied')
  await client.end()
}
