import { createServer } from 'node:http'
import postgres from 'postgres'
import { createCoalescer } from '../../src/platform/coalescer.js'
import { deriveKeys } from '../../src/platform/crypto.js'
import { handleHash, passcodeOf } from '../../src/sign-in/index.js'
import { Browser, expect } from './browser.js'
import { HttpConnection } from './http-connection.js'
import { serve } from './worker.js'

export type SignUpOrder = {
  port: number
  /** Of a role that row security does not bind; unset for the bare pages. */
  databaseUrl?: string
  secret: string
  tenantId: string
  /** Path of the flow, and its id. */
  path: string
  flowId: string
  /** Form fields of the answers. */
  answers: string
  /** Where the flow's connectors are asked. */
  connectorPort: number
  connections: number
  seconds: number
  firstVisitor: number
}

export type SignUpResult = { seconds: number; count: number; milliseconds: number[]; asked: number }

const CONTINUE = JSON.stringify({ version: '1.0.0', action: 'Continue' })

serve<SignUpOrder, SignUpResult>(async (order) => {
  let asked = 0
  const connector = createServer((request, response) => {
    asked++
    request.resume()
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': CONTINUE.length }).end(CONTINUE)
  })
  await new Promise<void>((resolve) => connector.listen(order.connectorPort, '127.0.0.1', resolve))
  const sql = order.databaseUrl
    ? postgres(order.databaseUrl, { max: 2, connection: { enable_seqscan: 'off' } })
    : undefined
  const codeOf = sql && codeReader(sql, order)
  const milliseconds: number[] = []
  let next = order.firstVisitor
  const began = performance.now()
  const until = began + order.seconds * 1_000
  const client = async () => {
    const connection = new HttpConnection('127.0.0.1', order.port)
    while (performance.now() < until) {
      const number = next++
      const browser = new Browser(connection, order.port, number)
      const opened = performance.now()
      await (codeOf ? signUp(browser, order, number, codeOf) : loadPages(browser, order))
      milliseconds.push(performance.now() - opened)
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: order.connections }, client))
  const seconds = (performance.now() - began) / 1_000
  await sql?.end()
  return { seconds, count: milliseconds.length, milliseconds, asked }
})

/** Six requests: the first page, the address, the page for the code, the code, the form, the answers. */
async function signUp(
  browser: Browser,
  { path, answers }: SignUpOrder,
  number: number,
  codeOf: (handle: string) => Promise<string>,
): Promise<void> {
  expect('choose-provider', await browser.get(path))
  expect(303, await browser.post(path, `email=visitor${number}%40partner.example`))
  expect('code', await browser.get(path))
  const code = await codeOf(browser.cookies.get('vb') ?? '')
  expect(303, await browser.post(path, `code=${code}`))
  expect('sign-up', await browser.get(path))
  const done = await browser.post(path, `action=answer&${answers}`)
  expect(303, done)
  if (!done.head.includes('/myapps?')) throw new Error(`nobody was made: ${done.head}`)
}

async function loadPages(browser: Browser, { path, answers }: SignUpOrder): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    await browser.get(path)
    expect(303, await browser.post(path, answers))
  }
}

/** Reads the newest passcodes of many browsers at once: the mail worker is not what is measured. */
function codeReader(sql: postgres.Sql, { secret, tenantId, flowId }: SignUpOrder): (handle: string) => Promise<string> {
  const keys = deriveKeys(secret)
  return createCoalescer<string, string>({
    keys: (handle) => [handle],
    async run(handles) {
      const browsers = handles.map((handle) => handleHash(keys, { isSecure: false }, 'browser', handle))
      const rows = await sql<{ id: string }[]>`
        select (select p.id from passcodes p where p.tenant_id = ${tenantId} and p.browser_hash = w.browser
          and p.subject = ${`signup ${flowId}`} order by p.id desc limit 1) as id
        from unnest(${browsers.map((hash) => `\\x${hash.toString('hex')}`)}::text[]::bytea[])
          with ordinality as w (browser, n) order by w.n`
      return rows.map(({ id }) => passcodeOf(keys, tenantId, id))
    },
  })
}
