import type postgres from 'postgres'
import type { Figure, Scenario } from '../support/scenario.js'
import { startProcess } from '../support/service.js'
import { latencies } from '../support/statistics.js'
import { createWorld, fetchToken, type World } from '../support/tenant.js'

const USERS = 100_500
const LARGE = 100_000
const SMALL = 100
const LEVELS = 10

/** What is asked of both groups, turn by turn, so that neither has the quieter minute. */
type Question = {
  what: string
  ask(group: Group, turn: number): [method: string, path: string, body?: unknown]
  /** Of the page after the first: an advanced query counts what matches on the first one, which is to be linear. */
  isOfNextPage?: true
}
type Group = { id: string; memberId: string; outermost: string }

/** The promise that the size of a group does not matter: the same questions to one of 100,000 members and one of 100. */
export const groups: Scenario = {
  name: 'groups',
  title: 'Groups of 100,000 members against groups of 100',
  async run({ engines, isQuick, say }) {
    const world = await createWorld(engines, 'groups')
    const sql = engines.admin('groups')
    const [large, small] = await fill(sql, world)
    say(`${USERS} users, two groups, each at the bottom of ${LEVELS} levels`)
    const service = await startProcess({ ...world.env, VESTIBULE_ROLES: 'api' })
    const token = await fetchToken(service.port, world)
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      consistencylevel: 'eventual',
    }
    const follow = async (path: string): Promise<string> => {
      const response = await fetch(`http://127.0.0.1:${service.port}/v1.0${path}`, { headers })
      const { '@odata.nextLink': next } = (await response.json()) as { '@odata.nextLink'?: string }
      if (next === undefined) throw new Error(`${path} has one page only`)
      return next.slice(next.indexOf('/v1.0') + '/v1.0'.length)
    }
    const send = async (method: string, path: string, body?: unknown): Promise<number> => {
      const began = performance.now()
      const response = await fetch(`http://127.0.0.1:${service.port}/v1.0${path}`, {
        method,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      await response.text()
      if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}`)
      return performance.now() - began
    }
    const turns = isQuick ? 100 : 500
    const figures: Figure[] = []
    for (const { what, ask, isOfNextPage } of questions) {
      const next =
        isOfNextPage &&
        new Map([
          [large, await follow(ask(large, 0)[1])],
          [small, await follow(ask(small, 0)[1])],
        ])
      const times = { large: [] as number[], small: [] as number[] }
      for (let turn = -20; turn < turns; turn++) {
        const of = (group: Group): ReturnType<typeof ask> => (next ? ['GET', next.get(group) ?? ''] : ask(group, turn))
        const first = await send(...of(large))
        const second = await send(...of(small))
        if (turn < 0) continue
        times.large.push(first)
        times.small.push(second)
      }
      const [big, little] = [latencies(times.large), latencies(times.small)]
      figures.push({
        what: `${what}: large to small, median`,
        value: big.p50 / little.p50,
        unit: '',
        must: { atMost: 1.5 },
      })
      figures.push({ what: `${what}: large, p50`, value: big.p50, unit: 'ms' })
      figures.push({ what: `${what}: large, p99`, value: big.p99, unit: 'ms' })
    }
    await Promise.all([service.stop(), sql.end()])
    return figures
  },
}

const questions: Question[] = [
  { what: 'first page of members', ask: ({ id }) => ['GET', `/groups/${id}/members?$top=20&$select=id,displayName`] },
  {
    what: 'first page of users among them',
    ask: ({ id }) => ['GET', `/groups/${id}/members/microsoft.graph.user?$top=20`],
  },
  {
    what: 'next page of members by name',
    ask: ({ id }) => ['GET', `/groups/${id}/members?$count=true&$orderby=displayName&$top=20&$select=id`],
    isOfNextPage: true,
  },
  {
    what: 'next page of members whose names start so',
    ask: ({ id }) => [
      'GET',
      `/groups/${id}/members?$count=true&$filter=startsWith(displayName,'user 5')&$top=5&$select=id`,
    ],
    isOfNextPage: true,
  },
  {
    what: 'searching members by a word that all have',
    ask: ({ id }) => ['GET', `/groups/${id}/members?$search="displayName:user"&$top=20&$select=id`],
  },
  {
    what: 'first page of transitive members',
    ask: ({ outermost }) => ['GET', `/groups/${outermost}/transitiveMembers?$top=20&$select=id`],
  },
  { what: 'expanding the first 20', ask: ({ id }) => ['GET', `/groups/${id}?$expand=members`] },
  {
    what: 'checkMemberGroups of a member',
    ask: ({ id, memberId }) => ['POST', `/users/${memberId}/checkMemberGroups`, { groupIds: [id] }],
  },
  {
    what: 'transitiveMemberOf through 10 levels',
    ask: ({ memberId }) => ['GET', `/users/${memberId}/transitiveMemberOf`],
  },
  {
    what: 'adding 20 members in one PATCH',
    ask: ({ id }, turn) => [
      'PATCH',
      `/groups/${id}`,
      {
        'members@odata.bind': Array.from(
          { length: 20 },
          (_, n) => `https://x/directoryObjects/${newcomer(turn + 20, n)}`,
        ),
      },
    ],
  },
]

const uuid = (n: number) => `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
const newcomer = (turn: number, n: number) => uuid(1_000_000 + turn * 20 + n)

/** Users, both groups with their members, and above each a chain of groups. */
async function fill(sql: postgres.Sql, { tenantId }: World): Promise<[Group, Group]> {
  const id = (start: string) => `('${start}' || lpad(to_hex(n), 12, '0'))::uuid`
  const insertUsers = (from: number, to: number) =>
    sql.unsafe(`insert into users (tenant_id, id, user_principal_name, display_name, mail, mail_folded, user_type, created_date_time)
      select '${tenantId}', ${id('00000000-0000-7000-8000-')}, 'u' || n, 'User ' || n, 'u' || n || '@p.example', 'u' || n || '@p.example', 'Guest', now()
      from generate_series(${from}::bigint, ${to}) n`)
  await insertUsers(1, USERS)
  await insertUsers(1_000_000, 1_000_000 + 20 * 1_000)
  const made: Group[] = []
  for (const [kind, members] of [
    [1, LARGE],
    [2, SMALL],
  ] as const) {
    const prefix = `0000000${kind}-0000-7000-9000-`
    await sql.unsafe(`insert into groups (tenant_id, id, display_name, mail_enabled, mail_nickname, security_enabled, created_date_time, renewed_date_time)
      select '${tenantId}', ${id(prefix)}, 'g', false, 'g', true, now(), now() from generate_series(1, ${LEVELS}) n`)
    await sql.unsafe(`insert into group_members (tenant_id, group_id, member_type, member_id)
      select '${tenantId}'::uuid, '${prefix}000000000001'::uuid, 'user', ${id('00000000-0000-7000-8000-')} from generate_series(1, ${members}) n
      union all select '${tenantId}'::uuid, ${id(prefix)}, 'group', ('${prefix}' || lpad(to_hex(n - 1), 12, '0'))::uuid from generate_series(2, ${LEVELS}) n`)
    // A member of this group alone.
    const memberId = uuid(USERS - kind)
    await sql.unsafe(`insert into group_members (tenant_id, group_id, member_type, member_id)
      values ('${tenantId}', '${prefix}000000000001', 'user', '${memberId}')`)
    const outermost = `${prefix}${LEVELS.toString(16).padStart(12, '0')}`
    made.push({ id: `${prefix}000000000001`, memberId, outermost })
  }
  // As the sweep would, which this is not about.
  await sql.unsafe(`insert into search_words (tenant_id, field, word, object_id)
    select u.tenant_id, 'users.displayName', word, u.id from users u cross join unnest(search_words_of(u.display_name)) as word
    where u.tenant_id = '${tenantId}' on conflict do nothing`)
  await sql.unsafe(`insert into search_positions (tenant_id, source, changed_xid, object_id)
    select tenant_id, 'users', changed_xid, id from users where tenant_id = '${tenantId}' order by changed_xid desc, id desc limit 1
    on conflict (tenant_id, source) do update set changed_xid = excluded.changed_xid, object_id = excluded.object_id`)
  await sql.unsafe('vacuum analyze users, groups, group_members, group_owners, search_words')
  const [large, small] = made
  if (!large || !small) throw new Error('two groups were wanted')
  return [large, small]
}
