import t from 'tap'
import { startService, type TestService } from '../support/service.js'
import { changesNothing, invited, rowsOf, send } from './scene.js'

const LIES: Record<string, Record<string, string>> = {
  'x-forwarded-for': { 'x-forwarded-for': '203.0.113.7' },
  'several hops': { 'x-forwarded-for': '203.0.113.7, 198.51.100.9' },
  forwarded: { forwarded: 'for=203.0.113.7;host=evil.example;proto=https' },
  'x-real-ip': { 'x-real-ip': '203.0.113.7', 'true-client-ip': '203.0.113.7', 'cf-connecting-ip': '203.0.113.7' },
}

/** Asks for a code with these headers; answers with the client address that was counted. */
async function countedAs(service: TestService, headers: Record<string, string>, guest: number): Promise<string> {
  const { link, address } = await invited(service, `guest${guest}@partner.example`)
  const page = await send(link, { headers })
  const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
  const cookie = String(page.headers['set-cookie']).split(';')[0] ?? ''
  const body = new URLSearchParams({ csrf, action: 'send' }).toString()
  await send(link, {
    method: 'POST',
    headers: { ...headers, cookie, 'content-type': 'application/x-www-form-urlencoded' },
    body,
  })
  const [row] = await rowsOf(service, `select client_address from passcodes where address_folded = '${address}'`)
  return row?.['client_address']
}

t.test('a stranger is who connects, whatever their headers say', async (t) => {
  const service = await startService(t, { workers: false })
  let guest = 0
  for (const [how, headers] of Object.entries(LIES)) {
    t.match(await countedAs(service, headers, guest++), /^(?:127\.0\.0\.1|::1|::\/64)$/, how)
  }
})

t.test('a proxy that is not on the list is a stranger', async (t) => {
  const service = await startService(t, { workers: false, env: { VESTIBULE_TRUSTED_PROXIES: '10.0.0.0/8' } })
  t.match(await countedAs(service, { 'x-forwarded-for': '203.0.113.7' }, 0), /^(?:127\.0\.0\.1|::1|::\/64)$/)
})

t.test('a trusted proxy is believed about the client address, up to the first hop it does not vouch for', async (t) => {
  const service = await startService(t, {
    workers: false,
    env: { VESTIBULE_TRUSTED_PROXIES: '127.0.0.0/8, ::1, 10.0.0.0/8' },
  })
  const cases: [string, Record<string, string>, RegExp][] = [
    ['one hop', { 'x-forwarded-for': '203.0.113.7' }, /^203\.0\.113\.7$/],
    [
      'what the client claimed stands left of what the proxy saw',
      { 'x-forwarded-for': '192.0.2.66, 203.0.113.7' },
      /^203\.0\.113\.7$/,
    ],
    ['through a second trusted proxy', { 'x-forwarded-for': '192.0.2.66, 203.0.113.7, 10.1.1.1' }, /^203\.0\.113\.7$/],
    [
      'nothing but another header',
      { forwarded: 'for=203.0.113.7', 'x-real-ip': '203.0.113.7' },
      /^(?:127\.0\.0\.1|::1|::\/64)$/,
    ],
  ]
  let guest = 0
  for (const [how, headers, expected] of cases) t.match(await countedAs(service, headers, guest++), expected, how)
})

t.test('nobody, trusted or not, is believed about host and scheme', async (t) => {
  for (const proxies of ['10.0.0.0/8', '127.0.0.0/8, ::1']) {
    const service = await startService(t, { workers: false, env: { VESTIBULE_TRUSTED_PROXIES: proxies } })
    const token = await service.appToken(['User.Read.All'])
    const ana = await invited(service, 'ana@partner.example')
    const lies = {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      'x-forwarded-port': '443',
      'x-forwarded-prefix': '/evil',
      forwarded: 'host=evil.example;proto=https',
    }
    await changesNothing(t, service, async () => {
      const list = await send(`${service.baseUrl}/v1.0/users?$top=1`, {
        headers: { ...lies, authorization: `Bearer ${token}` },
      })
      t.equal(list.status, 200)
      t.ok(list.body['@odata.context'].startsWith(`${service.baseUrl}/v1.0/`), `context with ${proxies}`)
      t.ok(list.body['@odata.nextLink'].startsWith(`${service.baseUrl}/v1.0/`))
      const discovery = await send(`${service.baseUrl}/${service.tenantId}/v2.0/.well-known/openid-configuration`, {
        headers: lies,
      })
      t.notOk(/evil|https:\/\/localhost/.test(discovery.text), `discovery with ${proxies}`)
      const page = await send(ana.link, { headers: lies })
      t.notMatch(String(page.headers['set-cookie']), /__Host-|Secure/, 'plain http stays plain http')
      t.notOk(page.text.includes('evil'))
    })
  }
})
