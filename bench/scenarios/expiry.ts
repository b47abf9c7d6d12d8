import { setTimeout as sleep } from 'node:timers/promises'
import type postgres from 'postgres'
import { startLoad } from '../support/load.js'
import type { Scenario } from '../support/scenario.js'
import { startProcess } from '../support/service.js'
import { latencies } from '../support/statistics.js'
import { createWorld, fetchToken, type World } from '../support/tenant.js'
import { rateOf } from './create.js'

const CONNECTIONS = 32
const MOST_SECONDS = 200

/**
 * Creating while a million pending invitations of the same organization lapse, which the service's own worker process
 * writes down. The invitations of the load ask for no mail, so that expiring is all the worker has to do.
 */
export const expiry: Scenario = {
  name: 'expiry',
  title: 'Create while invitations expire',
  async run({ engines, isQuick, say }) {
    const world = await createWorld(engines, 'expiry')
    const sql = engines.admin('expiry')
    const lapsing = isQuick ? 100_000 : 1_000_000
    await insertLapsed(sql, world, lapsing)
    await engines.recycleLog(isQuick ? 40 : 300)
    say(`${lapsing} lapsed invitations are in place`)
    const service = await startProcess({ ...world.env, VESTIBULE_ROLES: 'api' })
    const order = {
      ports: [service.port],
      token: await fetchToken(service.port, world),
      connections: CONNECTIONS,
      mailEvery: 0,
    }
    await startLoad({ ...order, seconds: 2 }).result

    const worker = await startProcess({ ...world.env, VESTIBULE_ROLES: 'worker' })
    while ((await updates(sql)) === 0) await sleep(50)
    const began = performance.now()
    const before = await pending(sql, world)
    const load = startLoad(order)
    while ((await updates(sql)) < lapsing && performance.now() - began < MOST_SECONDS * 1_000) await sleep(500)
    const seconds = (performance.now() - began) / 1_000
    load.end()
    const made = await load.result
    const left = await pending(sql, world)
    await Promise.all([worker.stop(), service.stop(), sql.end()])
    const spread = latencies(made.milliseconds)
    return [
      { what: 'p99 of the median', value: spread.p99 / spread.p50, unit: '', must: { atMost: 6 } },
      { what: 'p50', value: spread.p50, unit: 'ms' },
      { what: 'p99', value: spread.p99, unit: 'ms' },
      { what: 'invitations made', value: rateOf(made), unit: '/s' },
      { what: 'invitations expired', value: (before - left) / seconds, unit: '/s' },
      { what: 'left when the time was over', value: left, unit: '' },
    ]
  },
}

async function insertLapsed(sql: postgres.Sql, { tenantId }: World, count: number): Promise<void> {
  await sql`
    insert into invitations (tenant_id, id, user_id, invited_user_email_address, address_folded, invited_user_type,
      invite_redirect_url, send_invitation_message, reset_redemption, status, created_date_time, expires_date_time,
      inviter_kind, inviter_id, inviter_name, history)
    select ${tenantId}, lpad(to_hex(n), 32, '0')::uuid, lpad(to_hex(n), 32, '0')::uuid,
      'lapsed' || n || '@partner.example', 'lapsed' || n || '@partner.example', 'Guest', 'https://app.example/welcome',
      false, false, 'pending', now() - interval '31 days', now() - interval '1 minute' - n * interval '1 millisecond',
      'application', ${tenantId}, 'Benchmark',
      '[{"event": "invited", "dateTime": "2025-11-21T12:00:00+00:00", "actor": {"kind": "application", "displayName": "Benchmark"}}]'
    from generate_series(1::bigint, ${count}) as n`
  await sql`vacuum analyze invitations`
}

/**
 * Rows of invitations that were ever updated, which here only ending them does. PostgreSQL counts these anyway: counting
 * what is pending again and again would take a processor from those who are measured.
 */
async function updates(sql: postgres.Sql): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select n_tup_upd::int as count from pg_stat_user_tables where relname = 'invitations'`
  return row?.count ?? 0
}

async function pending(sql: postgres.Sql, { tenantId }: World): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from invitations
    where tenant_id = ${tenantId} and status = 'pending' and expires_date_time <= now()`
  return row?.count ?? 0
}
