import postgres from 'postgres'
import t from 'tap'
import { engines } from '../support/engines.js'
import { startService, type TestService } from '../support/service.js'
import { until } from '../support/until.js'
import { anotherInstance } from './instance.js'
import { rowsOf } from './scene.js'

const REQUESTS = 1_000
const AT_ONCE = 60
/** So many at least come before the write, and after it. */
const ENOUGH = 100

/** Kills every connection of the database that listens, as a failing network would. Answers with how many there were. */
async function killListeners(service: TestService): Promise<number> {
  const { postgresAdmin } = await engines()
  const admin = postgres({ ...postgresAdmin, max: 1, onnotice: () => {} })
  const database = service.connection.database
  try {
    // The pools are named; what is not are the LISTEN connections and the queues'.
    const killed = await admin`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = ${database} and application_name <> 'vestibule'`
    return killed.length
  } finally {
    await admin.end()
  }
}

/** Three processes on one database, each with the policy of before in its caches. */
async function threeProcesses(t: Parameters<typeof startService>[0]) {
  const service = await startService(t, { workers: false })
  const bases = [service.baseUrl]
  for (let more = 0; more < 2; more++) bases.push((await anotherInstance(t, service)).baseUrl)
  const token = await service.appToken(['User.Invite.All'])
  const invite = async (index: number, address: string): Promise<number> => {
    const response = await fetch(`${bases[index % bases.length]}/v1.0/invitations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ invitedUserEmailAddress: address, inviteRedirectUrl: 'https://app.example/' }),
    })
    await response.arrayBuffer()
    return response.status
  }
  for (let index = 0; index < 3; index++) t.equal(await invite(index, `warm${index}@partner.example`), 201)
  return { service, invite }
}

/**
 * A thousand invitations or more, dozens at a time, while `deny` writes the policy: what was begun before it and after it.
 */
async function underFire(invite: (index: number) => Promise<number>, deny: () => Promise<void>) {
  const early: number[] = []
  const late: number[] = []
  let isWritten = false
  let started = 0
  const loop = async () => {
    while (started < REQUESTS || late.length <= ENOUGH) {
      const into = isWritten ? late : early
      into.push(await invite(started++))
    }
  }
  const loops = Array.from({ length: AT_ONCE }, loop)
  await until(() => early.length >= ENOUGH)
  await deny()
  isWritten = true
  await Promise.all(loops)
  return { early, late }
}

// Seen to fail with `tenants_is_current` (src/tenants/functions.sql) not comparing versions: after the silent write
// further invitations passed.
const ways: [string, (service: TestService, domain: string) => Promise<void>][] = [
  [
    'while nobody can hear of it',
    async (service, domain) => {
      if ((await killListeners(service)) < 3) throw new Error('there were no listening connections to kill')
      await put(service, domain)
    },
  ],
  ['while everybody listens', put],
  [
    // As if every notification were lost on connections that look alive.
    'without any word of it',
    async (service, domain) => {
      const policy = JSON.stringify({ mode: 'blockList', domains: [domain] })
      await service.rows(`
        with policy as (
          insert into tenant_policies (tenant_id, invitation_domains) values ('${service.tenantId}', '${policy}')
          on conflict (tenant_id) do update set invitation_domains = excluded.invitation_domains)
        update tenants set version = version + 1 where id = '${service.tenantId}'`)
    },
  ],
]
for (const [how, deny] of ways) {
  t.test(`a policy written ${how} is passed by no invitation in any process`, { timeout: 900_000 }, async (t) => {
    const { service, invite } = await threeProcesses(t)
    const domain = 'denied.example'
    const { early, late } = await underFire(
      (index) => invite(index, `guest${index}@${domain}`),
      () => deny(service, domain),
    )
    t.ok(late.length > ENOUGH, `${late.length} invitations came after the write`)
    t.strictSame([...new Set(late)], [403], 'and not one of them passed')
    t.ok(early.every((status) => status === 201 || status === 403))
    const count = `select count(*)::int as n from invitations where invited_user_email_address like '%@${domain}'`
    const made = early.filter((status) => status === 201).length
    t.strictSame(await rowsOf(service, count), [{ n: made }], 'what was answered 201 is all there is')
  })
}

async function put(service: TestService, domain: string): Promise<void> {
  const policy = { mode: 'blockList', domains: [domain] }
  const { status } = await service.api('PUT', '/policies/invitationDomainPolicy', policy)
  if (status !== 200) throw new Error(`the policy was answered ${status}`)
}
