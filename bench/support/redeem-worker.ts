import postgres from 'postgres'
import { createCoalescer } from '../../src/platform/coalescer.js'
import { deriveKeys } from '../../src/platform/crypto.js'
import { handleHash, passcodeOf } from '../../src/sign-in/index.js'
import { HttpConnection, type Response } from './http-connection.js'
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
  const sql = postgres(order.databaseUrl, { max: 2, connection: { enable_seqscan: 'off' } })
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
      const guest = new Guest(connection, order, order.firstGuest + next++)
      const opened = performance.now()
      await guest.redeem(new URL(link), timedCodeOf)
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

// Looked for by hand: patterns over every answer took a tenth of the generator's time.
const COOKIE = '\r\nset-cookie: '
const CSRF = 'name="csrf" value="'

/** A browser behind a proxy that keeps its connections. */
class Guest {
  readonly #connection: HttpConnection
  readonly #head: string
  readonly #cookies = new Map<string, string>()
  #csrf = ''

  constructor(connection: HttpConnection, order: RedeemOrder, number: number) {
    const address = `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`
    this.#connection = connection
    this.#head = `HTTP/1.1\r\nhost: localhost:${order.port}\r\nx-forwarded-for: ${address}`
  }

  async redeem(link: URL, codeOf: CodeOf): Promise<void> {
    const path = `${link.pathname}${link.search}`
    await this.#expect('start', await this.#get(path))
    await this.#expect(303, await this.#post(path, 'action=send'))
    await this.#expect('code', await this.#get(path))
    const ticket = Buffer.from(link.searchParams.get('ticket') ?? '', 'base64url')
    const invitationId = uuidOf(ticket.subarray(0, 16))
    const code = await codeOf({ invitationId, handle: this.#cookies.get('vb') ?? '' })
    await this.#expect(303, await this.#post(path, `code=${code}`))
    await this.#expect('consent', await this.#get(path))
    const landed = await this.#post(path, 'choice=accept')
    await this.#expect(303, landed)
    if (!landed.head.includes('https://app.example/welcome')) throw new Error(`landed elsewhere: ${landed.head}`)
  }

  async #expect(what: 303 | string, { status, body }: Response): Promise<void> {
    const isIt = typeof what === 'number' ? status === what : body.includes(`data-page="${what}"`)
    if (!isIt) throw new Error(`expected ${what}, got ${status} ${/data-page="[^"]+"/.exec(body)?.[0] ?? body}`)
  }

  #get(path: string): Promise<Response> {
    return this.#send(`GET ${path} ${this.#head}\r\n${this.#cookieLine()}\r\n`)
  }

  #post(path: string, fields: string): Promise<Response> {
    const body = `csrf=${this.#csrf}&${fields}`
    const type = 'content-type: application/x-www-form-urlencoded'
    return this.#send(
      `POST ${path} ${this.#head}\r\n${type}\r\ncontent-length: ${body.length}\r\n${this.#cookieLine()}\r\n${body}`,
    )
  }

  async #send(request: string): Promise<Response> {
    const response = await this.#connection.send(request)
    for (let at = response.head.indexOf(COOKIE); at >= 0; at = response.head.indexOf(COOKIE, at + 1)) {
      const [name = '', value = ''] = between(response.head, at + COOKIE.length, ';').split('=', 2)
      this.#cookies.set(name, value)
    }
    const field = response.body.indexOf(CSRF)
    if (field >= 0) this.#csrf = between(response.body, field + CSRF.length, '"')
    return response
  }

  #cookieLine(): string {
    const pairs = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    return pairs === '' ? '' : `cookie: ${pairs}\r\n`
  }
}

function between(text: string, start: number, end: string): string {
  return text.slice(start, text.indexOf(end, start))
}

function uuidOf(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
