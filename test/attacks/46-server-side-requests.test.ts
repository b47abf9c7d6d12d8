import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { isPublicAddress } from '../../src/platform/egress/addresses.js'
import { createEgress, EgressFailed, EgressRefused } from '../../src/platform/egress/egress.js'
import { ensureLocalCertificate } from '../../src/platform/local-ca.js'

// Attack 46: addresses that somebody outside chose make this service call into the network it stands in.

const call = { headers: {}, body: '{}', timeoutMs: 2_000 }
const publicly = async () => [{ address: '93.184.216.34', family: 4 }]

const inside = [
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '100.100.100.200',
  '127.0.0.1',
  '127.255.255.254',
  '168.63.129.16',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  '::ffff:10.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:169.254.169.254',
  '::ffff:7f00:1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '2001:0:53aa:64c:0:fbff:80ff:fffe',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'ff02::1',
  '2001:db8::1',
  'localhost',
  '',
]

t.test('an address inside is known as one', async (t) => {
  for (const address of inside) t.equal(isPublicAddress(address), false, address)
  for (const address of ['93.184.216.34', '1.1.1.1', '2606:4700::1111', '2a00:1450:4001::8a']) {
    t.equal(isPublicAddress(address), true, address)
  }
})

const refused = [
  'http://93.184.216.34/',
  'https://127.0.0.1/',
  'https://127.1/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0177.0.0.1/',
  'https://017700000001/',
  'https://127.0.0.1.:443/',
  'https://[::1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:a9fe:a9fe]/',
  'https://①②⑦.⓪.⓪.①/',
  'https://0/',
  'https://169.254.169.254/latest/meta-data/',
  'https://user:password@example.com/',
  'https://',
  'ftp://example.com/',
  'file:///etc/passwd',
  'gopher://example.com/',
  'javascript:alert(1)',
  `https://example.com/${'a'.repeat(3_000)}`,
]

t.test('a URL that leads inside, in whatever spelling, is refused before anything is sent', async (t) => {
  const egress = createEgress({ allow: [], resolve: publicly })
  for (const url of refused) {
    t.throws(() => egress.check(url), EgressRefused, url)
    await t.rejects(egress.post(url, call), EgressRefused, url)
  }
  t.doesNotThrow(() => egress.check('https://hooks.example/notify?x=1'))
})

t.test('a name is judged by all of its addresses', async (t) => {
  for (const address of inside.filter((text) => text !== '')) {
    const resolve = async () => [...(await publicly()), { address, family: 4 }]
    await t.rejects(createEgress({ allow: [], resolve }).post('https://hooks.example/', call), EgressRefused, address)
  }
  for (const name of ['localhost', 'localhost.']) {
    await t.rejects(createEgress({ allow: [] }).post(`https://${name}/`, call), EgressRefused, name)
  }
})

t.test('an exemption is a name or a network, and nothing near it', async (t) => {
  const egress = createEgress({ allow: ['hooks.internal', '10.1.0.0/16'], resolve: publicly })
  t.doesNotThrow(() => egress.check('http://hooks.internal/'))
  t.doesNotThrow(() => egress.check('https://10.1.2.3/'))
  for (const url of ['http://sub.hooks.internal/', 'http://hooks.internal.example/', 'https://10.2.0.1/']) {
    t.throws(() => egress.check(url), EgressRefused, url)
  }
})

t.test('a name that changes its mind between look-up and connection (rebinding) reaches nobody else', async (t) => {
  const { port, seen } = await listen(t, createServer(), (_request, response) => response.end('inside'))
  let asked = 0
  // First an address where nothing listens, from then on the service inside.
  const resolve = async () => [{ address: asked++ === 0 ? '127.0.0.2' : '127.0.0.1', family: 4 }]
  const egress = createEgress({ allow: ['rebind.example', '127.0.0.2'], resolve })
  await t.rejects(egress.post(`http://rebind.example:${port}/`, call), EgressFailed)
  t.equal(asked, 1, 'looked up once')
  t.strictSame(seen, [])
})

t.test('redirects are answered, not followed', async (t) => {
  const { port, seen } = await listen(t, createServer(), (request, response) => {
    if (request.url === '/inside') return response.end('secret')
    return response.writeHead(307, { location: '/inside' }).end()
  })
  const egress = createEgress({ allow: ['127.0.0.1'] })
  const answer = await egress.post(`http://127.0.0.1:${port}/`, call)
  t.match(answer, { status: 307, body: '' })
  t.strictSame(seen, ['POST /'])
})

t.test('an answer without end, or without beginning, is given up', async (t) => {
  const { port } = await listen(t, createServer(), (request, response) => {
    if (request.url === '/slow') return
    const more = setInterval(() => response.write('x'.repeat(50_000)), 5)
    response.on('close', () => clearInterval(more))
  })
  const egress = createEgress({ allow: ['127.0.0.1'] })
  await t.rejects(egress.post(`http://127.0.0.1:${port}/`, call), { name: 'EgressFailed', timedOut: false })
  const slow = egress.post(`http://127.0.0.1:${port}/slow`, { ...call, timeoutMs: 150 })
  await t.rejects(slow, { name: 'EgressFailed', timedOut: true })
  const stuck = createEgress({ allow: [], resolve: () => new Promise(() => {}) })
  await t.rejects(stuck.post('https://hooks.example/', { ...call, timeoutMs: 50 }), {
    name: 'EgressFailed',
    timedOut: true,
  })
})

t.test('the certificate must be for the name, although the connection goes to an address', async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'vestibule-egress-'))
  t.teardown(() => rm(dataDir, { recursive: true }))
  const made = await ensureLocalCertificate({ dataDir, hosts: ['hooks.example'], now: new Date() })
  const { port, seen } = await listen(t, createSecureServer(made), (_request, response) => response.end('fine'))
  const ca = await readFile(made.caFile, 'utf8')
  const resolve = async () => [{ address: '127.0.0.1', family: 4 }]
  const egress = createEgress({ allow: ['127.0.0.1'], resolve, ca })
  t.match(await egress.post(`https://hooks.example:${port}/hook`, call), { status: 200, body: 'fine' })
  await t.rejects(egress.post(`https://other.example:${port}/`, call), EgressFailed)
  await t.rejects(createEgress({ allow: ['127.0.0.1'], resolve }).post(`https://hooks.example:${port}/`, call))
  t.strictSame(seen, ['POST /hook'])
})

async function listen(t: Test, server: Server, answer: RequestListener): Promise<{ port: number; seen: string[] }> {
  const seen: string[] = []
  server.on('request', (request: IncomingMessage) => seen.push(`${request.method} ${request.url}`))
  server.on('request', answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, seen }
}
