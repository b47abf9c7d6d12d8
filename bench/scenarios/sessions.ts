import type postgres from 'postgres'
import { createRelyingWorld } from '../support/relying-party.js'
import type { Figure, Scenario } from '../support/scenario.js'
import { startProcess } from '../support/service.js'
import type { SignInResult } from '../support/sign-in-worker.js'
import { latencies, median } from '../support/statistics.js'
import type { World } from '../support/tenant.js'
import { rateOf, runSignIns } from './sign-in.js'

const CONNECTIONS = 16
const PEOPLE = 64
const SESSIONS = 1_000_000
const SESSIONS_WHEN_QUICK = 100_000

/** The promise that signing in does not slow down as sessions, tokens and people pile up: against an empty database beside. */
export const sessions: Scenario = {
  name: 'sessions',
  title: 'Signing in beside 1,000,000 sessions and refresh tokens, against none',
  async run({ engines, isQuick, say }) {
    const count = isQuick ? SESSIONS_WHEN_QUICK : SESSIONS
    const empty = await createRelyingWorld(engines, 'sessions_none', PEOPLE)
    const full = await createRelyingWorld(engines, 'sessions_many', PEOPLE)
    const sql = engines.admin('sessions_many')
    const began = performance.now()
    await insertState(sql, full.world, count)
    say(`${count} sessions after ${((performance.now() - began) / 1_000).toFixed(0)} s`)
    const start = (world: World) => startProcess({ ...world.env, VESTIBULE_ROLES: 'api' })
    const services = { empty: await start(empty.world), full: await start(full.world) }
    const asked = { empty: empty.ask(services.empty.port), full: full.ask(services.full.port) }
    const seconds = isQuick ? 2 : 4

    const figures: Figure[] = []
    for (const what of ['code', 'client'] as const) {
      const run = (which: 'empty' | 'full', lasts: number) =>
        runSignIns({ asked: asked[which], what, connections: CONNECTIONS, seconds: lasts })
      for (const which of ['empty', 'full'] as const) await run(which, isQuick ? 2 : 10)
      const before = await scansOf(sql)
      const rounds: Round[] = []
      for (let round = 0; round < (isQuick ? 2 : 10); round++) {
        // In turns, so that neither has the quieter minute.
        const first = round % 2 === 0 ? 'full' : 'empty'
        const one = await run(first, seconds)
        const other = await run(first === 'full' ? 'empty' : 'full', seconds)
        rounds.push(first === 'full' ? { full: one, empty: other } : { full: other, empty: one })
      }
      const after = await scansOf(sql)
      figures.push(...figuresOf(NAMES[what], rounds, say), {
        what: `${NAMES[what]}: whole tables read`,
        value: after.whole - before.whole,
        unit: '',
        must: { atMost: 0 },
      })
    }
    await Promise.all([services.empty.stop(), services.full.stop(), sql.end()])
    return figures
  },
}

const NAMES = { code: 'code flow', client: 'client credentials' }

type Round = { full: SignInResult; empty: SignInResult }

function figuresOf(name: string, rounds: Round[], say: (text: string) => void): Figure[] {
  const spread = (which: 'full' | 'empty') => latencies(rounds.flatMap((round) => round[which].milliseconds))
  const [full, empty] = [spread('full'), spread('empty')]
  say(`${name}: ${full.p50.toFixed(1)}/${full.p99.toFixed(1)} and ${empty.p50.toFixed(1)}/${empty.p99.toFixed(1)} ms`)
  return [
    {
      what: `${name}: rate without, in rates with them`,
      value: median(rounds.map((round) => rateOf(round.empty) / rateOf(round.full))),
      unit: '',
      must: { atMost: 1.1 },
    },
    {
      what: `${name}: p99`,
      value: full.p99 / empty.p99,
      unit: '',
      must: { atMost: 1.1 },
    },
    { what: `${name}: p50 with them`, value: full.p50, unit: 'ms' },
    { what: `${name}: p99 with them`, value: full.p99, unit: 'ms' },
  ]
}

/**
 * People, each with the identity, the session, the code that was used and the refresh token that a sign-in
 * leaves. Into the service's tables with all their indexes; only triggers wait.
 */
async function insertState(sql: postgres.Sql, { tenantId }: World, count: number): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`
    await tx`set local synchronous_commit = off`
    await tx`
      insert into users (tenant_id, id, user_principal_name, display_name, mail, mail_folded, mail_nickname, user_type,
        creation_type, external_user_state, created_date_time)
      select ${tenantId}, md5('user' || n)::uuid, 'many' || n || '@contoso.example', 'Guest ' || n, 'many' || n || '@other.example',
        'many' || n || '@other.example', 'many' || n, 'Guest', 'Invitation', 'Accepted', now()
      from generate_series(1, ${count}::int) n`
    await tx`
      insert into user_identities (tenant_id, issuer, issuer_assigned_id, user_id, sign_in_type)
      select ${tenantId}, 'mail', 'many' || n || '@other.example', md5('user' || n)::uuid, 'federated'
      from generate_series(1, ${count}::int) n`
    await tx`
      insert into sessions (tenant_id, handle_hash, user_id, address, address_folded, authentication_method, amr,
        created_date_time, expires_date_time)
      select ${tenantId}, sha256(convert_to('session' || n, 'utf8')), md5('user' || n)::uuid, 'many' || n || '@other.example',
        'many' || n || '@other.example', 'emailOneTimePasscode', array['otp'], now(), now() + interval '24 hours'
      from generate_series(1, ${count}::int) n`
    await tx`
      insert into provider_state (tenant_id, model, id, payload, expires_at, grant_id)
      select ${tenantId}, model, encode(sha256(convert_to(model || n, 'utf8')), 'hex'),
        jsonb_build_object('kind', model, 'accountId', md5('user' || n)::uuid, 'scope', 'openid profile email offline_access'),
        now() + interval '14 days', 'grant' || n
      from generate_series(1, ${count}::int) n, unnest(array['AuthorizationCode', 'RefreshToken']) model`
  })
  await sql`vacuum analyze users, user_identities, sessions, provider_state`
}

/** How often one of the tables that grow with people and sign-ins was read from end to end. */
async function scansOf(sql: postgres.Sql): Promise<{ whole: number }> {
  // A process tells what it did once a second.
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  const [row] = await sql<{ whole: number }[]>`
    select sum(seq_scan)::int as whole from pg_stat_user_tables
    where relname in ('users', 'user_identities', 'sessions', 'provider_state')`
  return { whole: row?.whole ?? 0 }
}
