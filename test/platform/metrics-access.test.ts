import t from 'tap'
import { type MetricsQuestion, mayReadMetrics } from '../../src/platform/metrics-access.js'
import { startService } from '../support/service.js'

const TOKEN = 'a-token-for-metrics-1234'

const cases: [title: string, question: Partial<MetricsQuestion>, answer: ReturnType<typeof mayReadMetrics>][] = [
  ['this machine', { address: '127.0.0.1' }, 'yes'],
  ['this machine by IPv6', { address: '::1' }, 'yes'],
  ['an IPv4 address in IPv6 clothes', { address: '::ffff:10.1.2.3' }, 'yes'],
  ['a private network', { address: '192.168.7.8' }, 'yes'],
  ['a private network by IPv6', { address: 'fd12::1' }, 'yes'],
  ['a link-local address', { address: 'fe80::1' }, 'yes'],
  ['the world', { address: '203.0.113.7' }, 'notFromHere'],
  ['the world by IPv6', { address: '2001:4860::8888' }, 'notFromHere'],
  ['the world in IPv6 clothes', { address: '::ffff:203.0.113.7' }, 'notFromHere'],
  ['just outside 172.16.0.0/12', { address: '172.32.0.1' }, 'notFromHere'],
  ['shared address space of a provider', { address: '100.64.0.1' }, 'notFromHere'],
  ['something that is no address', { address: 'unknown' }, 'notFromHere'],
  ['a proxy that nobody vouches for', { address: '10.0.0.1', throughUnknownProxy: true }, 'notFromHere'],
  ['a token nobody asked for', { address: '203.0.113.7', authorization: `Bearer ${TOKEN}` }, 'notFromHere'],
  ['the token', { token: TOKEN, address: '203.0.113.7', authorization: `Bearer ${TOKEN}` }, 'yes'],
  ['the token, scheme in small letters', { token: TOKEN, authorization: `bearer ${TOKEN}` }, 'yes'],
  ['the token through any proxy', { token: TOKEN, authorization: `Bearer ${TOKEN}`, throughUnknownProxy: true }, 'yes'],
  ['another token', { token: TOKEN, authorization: `Bearer ${TOKEN}5` }, 'tokenNeeded'],
  ['the start of the token', { token: TOKEN, authorization: `Bearer ${TOKEN.slice(0, -1)}` }, 'tokenNeeded'],
  ['another scheme', { token: TOKEN, authorization: `Basic ${TOKEN}` }, 'tokenNeeded'],
  ['no token, even from this machine', { token: TOKEN, address: '127.0.0.1' }, 'tokenNeeded'],
]
for (const [title, question, answer] of cases) {
  t.test(`metrics for ${title}: ${answer}`, async (t) => {
    const whole = { token: undefined, authorization: undefined, address: '127.0.0.1', throughUnknownProxy: false }
    t.equal(mayReadMetrics({ ...whole, ...question }), answer)
  })
}

t.test('metrics over HTTP', async (t) => {
  const ask = async (env: Record<string, string>, headers: Record<string, string> = {}) => {
    const service = await startService(t, { workers: false, env })
    const response = await fetch(`${service.baseUrl}/metrics`, { headers })
    const text = await response.text()
    t.equal(text.includes('process_cpu'), response.status === 200, 'nothing is shown with a refusal')
    await service.close()
    return response
  }
  const behind = { VESTIBULE_TRUSTED_PROXIES: '127.0.0.0/8,::1' }

  t.equal((await ask({})).status, 200, 'this machine')
  for (const header of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via']) {
    t.equal((await ask({}, { [header]: '10.0.0.9' })).status, 403, `${header} of a proxy that is not listed`)
  }
  t.equal((await ask(behind, { 'x-forwarded-for': '203.0.113.7' })).status, 403, 'the world through the proxy')
  t.equal((await ask(behind, { 'x-forwarded-for': '10.0.0.9, 203.0.113.7' })).status, 403, 'with a lie to its left')
  t.equal((await ask(behind, { 'x-forwarded-for': '10.0.0.9' })).status, 200, 'a private network through the proxy')

  const token = { VESTIBULE_METRICS_TOKEN: TOKEN }
  const refused = await ask(token)
  t.equal(refused.status, 401)
  t.match(refused.headers.get('www-authenticate'), /^Bearer /)
  t.equal((await ask(token, { authorization: `Bearer ${TOKEN}`, 'x-forwarded-for': '203.0.113.7' })).status, 200)
})
