import fastify from 'fastify'
import t from 'tap'
import { type Database, openDatabase } from '../../src/platform/database.js'
import { MailNotAccepted } from '../../src/platform/mail/mail.js'
import { type MetricsQuestion, mayReadMetrics } from '../../src/platform/metrics-access.js'
import { operations } from '../../src/platform/operations.js'
import { startService } from '../support/service.js'

const TOKEN = 'a-token-for-metrics-1234'
const WAITING = 100

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
  const asking = async (env: Record<string, string>) => {
    const { baseUrl } = await startService(t, { workers: false, env })
    return async (headers: Record<string, string> = {}) => {
      const response = await fetch(`${baseUrl}/metrics`, { headers })
      const text = await response.text()
      t.equal(text.includes('process_cpu'), response.status === 200, 'nothing is shown with a refusal')
      return response
    }
  }
  const directly = await asking({})
  t.equal((await directly()).status, 200, 'this machine')
  for (const header of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via']) {
    t.equal((await directly({ [header]: '10.0.0.9' })).status, 403, `${header} of a proxy that is not listed`)
  }
  const behind = await asking({ VESTIBULE_TRUSTED_PROXIES: '127.0.0.0/8,::1' })
  t.equal((await behind({ 'x-forwarded-for': '203.0.113.7' })).status, 403, 'the world through the proxy')
  t.equal((await behind({ 'x-forwarded-for': '10.0.0.9, 203.0.113.7' })).status, 403, 'with a lie to its left')
  t.equal((await behind({ 'x-forwarded-for': '10.0.0.9' })).status, 200, 'a private network through the proxy')

  const withToken = await asking({ VESTIBULE_METRICS_TOKEN: TOKEN })
  const refused = await withToken()
  t.equal(refused.status, 401)
  t.match(refused.headers.get('www-authenticate'), /^Bearer /)
  t.equal((await withToken({ authorization: `Bearer ${TOKEN}`, 'x-forwarded-for': '203.0.113.7' })).status, 200)
})

t.test('metrics tell of requests, of mails by what became of them, and of work that waits', async (t) => {
  let leave = () => {}
  const left = new Promise<void>((resolve) => {
    leave = resolve
  })
  const service = await startService(t, {
    transport: () => ({
      name: 'mailbox',
      async send({ to }) {
        if (to.address.startsWith('nobody')) throw new MailNotAccepted('no such mailbox', { permanent: true })
        if (to.address.startsWith('slow')) await left
        return {}
      },
      verify: async () => {},
      close: async () => {},
    }),
  })
  /** Values of a metric by their labels, as a scrape tells them. */
  const scrape = async () => {
    const text = await (await fetch(`${service.baseUrl}/metrics`)).text()
    return (metric: string) =>
      Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${metric} `))
          ?.split(' ')[1],
      )
  }
  const until = async (check: (read: (metric: string) => number) => boolean) => {
    for (let turn = 0; turn < 3_600; turn++) {
      const read = await scrape()
      if (check(read)) return read
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error('the metrics never say so')
  }
  const invite = (name: string) => service.invite(`${name}@partner.example`, { sendInvitationMessage: true })
  for (const name of ['ana', 'bo', 'nobody']) await invite(name)
  // More than a process has in flight, so that jobs wait as well.
  await Promise.all(Array.from({ length: WAITING }, (_, index) => invite(`slow${index}`)))
  await service.api('GET', '/invitations/ana')
  await fetch(`${service.baseUrl}/nowhere`)

  const topic = '{topic="invitation.mail"}'
  const read = await until(
    (read) =>
      read('vestibule_mails_total{kind="invitation",outcome="sent"}') === 2 &&
      read('vestibule_mails_total{kind="invitation",outcome="failed"}') === 1 &&
      read(`vestibule_outbox_rows${topic}`) === WAITING &&
      read(`vestibule_queue_depth${topic}`) > 0 &&
      read(`vestibule_outbox_lag_seconds${topic}`) > 0,
  )
  const requests = (method: string, route: string, status: number) =>
    read(`vestibule_http_request_duration_seconds_count{method="${method}",route="${route}",status="${status}"}`)
  t.equal(requests('POST', '/v1.0/invitations', 201), 3 + WAITING)
  t.equal(requests('GET', '/v1.0/invitations/:id', 404), 1, 'under the route, whatever was asked for')
  t.equal(requests('GET', 'unmatched', 404), 1)
  t.equal(read('vestibule_outbox_rows{topic="passcode.mail"}'), 0)
  leave()
  await until(
    (read) =>
      read('vestibule_mails_total{kind="invitation",outcome="sent"}') === 2 + WAITING &&
      read(`vestibule_outbox_rows${topic}`) === 0 &&
      read(`vestibule_queue_depth${topic}`) === 0 &&
      read(`vestibule_outbox_lag_seconds${topic}`) === 0,
  )
  t.pass('and nothing waits in the end')
})

t.test('a process lives before it is ready, and is ready while its database answers', async (t) => {
  const { services, connection } = await startService(t, { workers: false })
  const askers = async (isReady: () => boolean, database: Database) => {
    const app = fastify()
    t.teardown(() => Promise.all([app.close(), database.close()]))
    await app.register(operations, { needs: { ...services, database, isReady } })
    return async (url: string) => {
      const { statusCode, body } = await app.inject(url)
      return [statusCode, JSON.parse(body).status]
    }
  }
  let isReady = false
  const ask = await askers(() => isReady, openDatabase(connection))
  t.strictSame(await ask('/readyz'), [503, 'starting'])
  t.strictSame(await ask('/healthz'), [200, 'ok'])
  isReady = true
  t.strictSame(await ask('/readyz'), [200, 'ready'])

  const alone = await askers(
    () => true,
    openDatabase({ host: '127.0.0.1', port: 1, user: 'nobody', database: 'nothing' }),
  )
  t.strictSame(await alone('/readyz'), [503, 'database unreachable'])
  t.strictSame(await alone('/healthz'), [200, 'ok'], 'which a restart would not mend')
})
