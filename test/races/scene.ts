import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import type { Test } from 'tap'
import { buildApp } from '../../src/app.js'
import { openServices } from '../../src/services.js'
import { startService, TEST_SECRET, type TestService } from '../support/service.js'
import { BEHIND_PROXY } from './sign-in.js'

export type Races = {
  service: TestService
  /** Where a second process of the service listens; it shares nothing with the first but the database. */
  replicaUrl: string
  /**
   * Runs `work` while `held` (SQL) keeps its rows locked. `waits` resolves once so many requests wait for those rows, or
   * for one another behind them.
   */
  hold<T>(held: string, work: (waits: (count: number) => Promise<void>) => Promise<T>): Promise<T>
  /**
   * Runs two requests against each other in a known order: both have begun and wait before either goes on, the first
   * at the head of the queue.
   */
  inTurn<A, B>(held: string, first: () => Promise<A>, second: () => Promise<B>): Promise<[A, B]>
}

/** Two processes on one database. When `t` ends, PostgreSQL must not have had to break a deadlock. */
export async function startRaces(t: Test): Promise<Races> {
  const service = await startService(t, { workers: false, env: BEHIND_PROXY })
  const replica = await startReplica(t, service)
  const gate = postgres({ ...service.connection, max: 2, onnotice: () => {} })
  t.teardown(() => gate.end())

  t.teardown(async () => {
    if ((await deadlocksIn(gate)) !== 0) throw new Error('PostgreSQL had to break a deadlock')
  })

  const hold: Races['hold'] = async (held, work) => {
    const holder = await gate.reserve()
    try {
      await holder`begin`
      await holder`select set_config('vestibule.tenant', ${service.tenantId}, true)`
      await holder.unsafe(held)
      const [self] = await holder`select pg_backend_pid() as pid`
      return await work((count) => waiting(gate, self?.['pid'], count))
    } finally {
      await holder`rollback`
      holder.release()
    }
  }
  return {
    service,
    replicaUrl: replica,
    hold,
    async inTurn(held, first, second) {
      const [one, two] = await hold(held, async (waits) => {
        const one = first()
        await waits(1)
        const two = second()
        await waits(2)
        return [one, two] as const
      })
      return [await one, await two]
    },
  }
}

/** A connection tells of its deadlocks when it ends at the latest, so all are ended first. */
async function deadlocksIn(gate: postgres.Sql): Promise<number> {
  const open = () => gate`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'vestibule'`
  while ((await open()).length > 0) await sleep(20)
  const [row] = await gate`select deadlocks::int from pg_stat_database where datname = current_database()`
  return row?.['deadlocks']
}

/**
 * Counts only who waits for the holder. Others wait for locks too: ANALYZE for autovacuum, and every NOTIFY for those of
 * all other databases, since their commits go one at a time.
 */
async function waiting(gate: postgres.Sql, holder: number, count: number): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(5)) {
    const [row] = await gate`
      with recursive queue (pid) as (
        values (${holder}::int)
        union
        select a.pid from queue q, pg_stat_activity a
        where a.datname = current_database() and q.pid = any (pg_blocking_pids(a.pid)))
      select count(*)::int - 1 as waiting from queue`
    if (row?.['waiting'] >= count) return
  }
  throw new Error(`${count} requests should wait for a lock`)
}

async function startReplica(t: Test, service: TestService): Promise<string> {
  const { config, log, clock } = service.services
  const services = await openServices({ config, log, clock, connection: service.connection, secret: TEST_SECRET })
  const app = await buildApp(services)
  await app.listen({ port: 0, host: '127.0.0.1' })
  // Behind one balancer all processes have the same public URL.
  services.origins.set({ publicUrl: service.baseUrl })
  t.teardown(async () => {
    await app.close()
    await services.close()
  })
  const address = app.server.address()
  if (typeof address !== 'object' || address === null) throw new Error('not listening')
  return `http://localhost:${address.port}`
}
