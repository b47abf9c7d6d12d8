import postgres from 'postgres'
import t from 'tap'
import { engines } from '../support/engines.js'
import { startService, type TestService } from '../support/service.js'
import { anotherInstance } from './instance.js'
import { rowsOf } from './scene.js'

/** Kills every connection of the database that listens, as a failing network would. Answers with how many there were. */
async function killListeners(service: TestService): Promise<number> {
  const { postgresAdmin } = await engines()
  const admin = postgres({ ...postgresAdmin, max: 1, onnotice: () => {} })
  const database = 'url' in service.connection ? '' : String(service.connection.database)
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

// Seen to fail with `tenants_is_current` (src/tenants/functions.sql) always true: hundreds of invitations passed that
// had been decided with the old policy.
t.test(
  'once a policy is written no invitation passes it, in any process, heard or unheard',
  { timeout: 120_000 },
  async (t) => {
    const service = await startService(t, { workers: false })
    const second = await anotherInstance(t, service)
    const third = await anotherInstance(t, service)
    const bases = [service.baseUrl, second.baseUrl, third.baseUrl]
    const token = await service.appToken(['User.Invite.All'])
    const invite = async (base: string, address: string) => {
      const response = await fetch(`${base}/v1.0/invitations`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ invitedUserEmailAddress: address, inviteRedirectUrl: 'https://app.example/' }),
      })
      await response.arrayBuffer()
      return response.status
    }
    // Every process has the old policy in its caches.
    for (const [index, base] of bases.entries()) t.equal(await invite(base, `warm${index}@partner.example`), 201)

    for (let round = 0; round < 2; round++) {
      const domain = `round${round}.example`
      const running = Array.from({ length: 1_000 }, (_, index) => {
        return () => invite(bases[index % 3] ?? '', `guest${index}@${domain}`)
      })
      let writtenAt: Date | undefined
      let started = 0
      const late: number[] = []
      const early: number[] = []
      const loop = async () => {
        for (;;) {
          const next = running[started++]
          if (!next) return
          const isLate = writtenAt !== undefined
          const status = await next()
          if (isLate) late.push(status)
          else early.push(status)
        }
      }
      const loops = Array.from({ length: 60 }, loop)
      while (early.length < 100) await new Promise((go) => setTimeout(go, 5))
      t.ok((await killListeners(service)) >= 3, 'the listening connections were there, and are gone')
      // Written through one process; the other two hear nothing of it for now.
      const written = await service.api('PUT', '/policies/invitationDomainPolicy', {
        mode: 'blockList',
        domains: [domain],
      })
      t.equal(written.status, 200)
      writtenAt = new Date()
      await Promise.all(loops)

      t.ok(late.length > 100, `${late.length} invitations came after the write`)
      t.strictSame([...new Set(late)], [403], 'and not one of them passed')
      t.ok(early.every((status) => status === 201 || status === 403))
      // Those on their way during the write may have been written before it; none was written after.
      const [row] = await rowsOf(
        service,
        `select count(*)::int as n from invitations where invited_user_email_address like '%@${domain}'`,
      )
      t.equal(row?.['n'], early.filter((status) => status === 201).length, 'what was answered 201 is all there is')
    }
  },
)
