import postgres from 'postgres'
import { createCoalescer } from '../../src/platform/coalescer.js'
import { deriveKeys } from '../../src/platform/crypto.js'
import { handleHash, passcodeOf } from '../../src/sign-in/index.js'
import { Browser, expect } from './browser.js'
import { HttpConnection } from './http-connection.js'
import { serve } from './worker.js'

export type RedeemOrder = {
  port: number
  /** Of a role that row security does not bind. */
  databaseUrl: string
  secret: string
  tenantId: string
  connections: number
  seconds: number
  links: string[]
  /** Number of the first client address. */
  firstGuest: number
}

export type RedeemResult = {
  seconds: number
  count: number
  milliseconds: number[]
  lookUpMs: number
  processorSeconds: number
}

/** A browser that waits for the code of an invitation. */
type Wish = { invitationId: string; handle: string }

/** Reads the newest passcodes of many browsers at once. */
type CodeOf = (wish: Wish) => Promise<string>

serve<RedeemOrder, RedeemResult>(async (order) => {
  // The look-up must not cost more the more guests there are.
  const sql = postgres(order.databaseUrl, {
    max: 2,
    connection: { enable_seqscan: 'off', plan_cache_mode: 'force_generic_plan' },
  })
  const codeOf = codeReader(sql, order)
  const milliseconds: number[] = []
  let lookUpMs = 0
  let next = 0
  const cpu = process.cpuUsage()
  const began = performance.now()
  const until = began + order.seconds * 1_000
  const timedCodeOf: CodeOf = async (wish) => {
    const asked = performance.now()
    const code = await codeOf(wish)
    lookUpMs += performance.now() - asked
    return code
  }

  const client = async () => {
    const connection = new HttpConnection('127.0.0.1', order.port)
    while (performance.now() < until) {
      const link = order.links[next]
      if (link === undefined) break
      const guest = new Browser(connection, order.port, order.firstGuest + next++)
      const opened = performance.now()
      await redeem(guest, new URL(link), timedCodeOf)
      milliseconds.push(performance.now() - opened)
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: order.connections }, client))
  const seconds = (performance.now() - began) / 1_000
  await sql.end()
  const { user, system } = process.cpuUsage(cpu)
  return { seconds, count: milliseconds.length, milliseconds, lookUpMs, processorSeconds: (user + system) / 1e6 }
})

function codeReader(sql: postgres.Sql, { secret, tenantId }: RedeemOrder): CodeOf {
  const keys = deriveKeys(secret)
  return createCoalescer<Wish, string>({
    keys: ({ invitationId }) => [invitationId],
    inFlight: 1,
    async run(wishes) {
      const invitations = wishes.map(({ invitationId }) => invitationId)
      const browsers = wishes.map(({ handle }) => handleHash(keys, { isSecure: false }, 'browser', handle))
      const rows = await sql<{ id: string }[]>`
        select (select p.id from passcodes p where p.tenant_id = ${tenantId} and p.browser_hash = w.browser
          and p.subject = w.invitation order by p.id desc limit 1) as id
        from unnest(${browsers.map((hash) => `\\x${hash.toString('hex')}`)}::text[]::bytea[], ${invitations}::text[])
          with ordinality as w (browser, invitation, n) order by w.n`
      return rows.map(({ id }) => passcodeOf(keys, tenantId, id))
    },
  })
}

async function redeem(browser: Browser, link: URL, codeOf: CodeOf): Promise<void> {
  const path = `${link.pathname}${link.search}`
  expect('start', await browser.get(path))
  expect(303, await browser.post(path, 'action=send'))
  expect('code', await browser.get(path))
  const ticket = Buffer.from(link.searchParams.get('ticket') ?? '', 'base64url')
  const invitationId = uuidOf(ticket.subarray(0, 16))
  const code = await codeOf({ invitationId, handle: browser.cookies.get('vb') ?? '' })
  expect(303, await browser.post(path, `code=${code}`))
  expect('consent', await browser.get(path))
  const landed = await browser.post(path, 'choice=accept')
  expect(303, landed)
  if (!landed.head.includes('https://app.example/welcome')) throw new Error(`landed elsewhere: ${landed.head}`)
}

function uuidOf(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
