import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { type Mail, MailNotAccepted } from '../../../src/platform/mail/mail.js'
import { createSendgridTransport } from '../../../src/platform/mail/sendgrid.js'
import { aMail } from './a-mail.js'

type Request = {
  method: string | undefined
  url: string | undefined
  headers: IncomingMessage['headers']
  body: string
}

/** A local stand-in for SendGrid's API that answers every call as the test says. */
async function sendgrid(t: Test, answer: (response: ServerResponse) => void) {
  const requests: Request[] = []
  const sockets = new Set<unknown>()
  const server: Server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    requests.push({ method: request.method, url: request.url, headers: request.headers, body })
    answer(response)
  })
  server.on('connection', (socket) => sockets.add(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const transport = createSendgridTransport({
    apiKey: 'SG.secret-key',
    baseUrl: `http://127.0.0.1:${port}`,
    timeoutMs: 300,
    now: () => Date.parse('2026-11-20T10:00:00Z'),
  })
  t.teardown(async () => {
    await transport.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { transport, requests, sockets }
}

const accept = (response: ServerResponse) => response.writeHead(202, { 'X-Message-Id': 'abc.def' }).end()

const refuse =
  (
    status: number,
    headers: Record<string, string> = {},
    body: unknown = { errors: [{ message: 'said so', field: 'from' }] },
  ) =>
  (response: ServerResponse) =>
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body))

async function refusal(sending: Promise<unknown>): Promise<MailNotAccepted> {
  try {
    await sending
  } catch (error) {
    if (error instanceof MailNotAccepted) return error
    throw error
  }
  throw new Error('the mail was accepted')
}

t.test('an accepted mail carries every part, no tracking, and only ids about people', async (t) => {
  const { transport, requests } = await sendgrid(t, accept)
  const mail = aMail()
  t.same(await transport.send(mail), { providerMessageId: 'abc.def' })
  const [request] = requests
  t.equal(request?.method, 'POST')
  t.equal(request?.url, '/v3/mail/send')
  t.equal(request?.headers['authorization'], 'Bearer SG.secret-key')
  t.same(JSON.parse(request?.body ?? ''), {
    from: { email: 'invitations@vestibule.example', name: 'Vestibule on behalf of Fabrikam' },
    reply_to: { email: 'nils.brandt@fabrikam.example', name: 'Nils Brandt' },
    personalizations: [
      {
        to: [{ email: 'gcarvalho@proseware.example', name: 'Giovanna Carvalho' }],
        cc: [{ email: 'boss@proseware.example' }],
      },
    ],
    subject: 'Nils Brandt invited you',
    content: [
      { type: 'text/plain', value: 'Hello\n' },
      { type: 'text/html', value: '<p>Hello</p>' },
    ],
    headers: {
      'Auto-Submitted': 'auto-generated',
      'List-Unsubscribe': '<https://vestibule.example/signin/block?tenant=1>',
      'Message-ID': `<${mail.id}@vestibule.example>`,
    },
    categories: ['vestibule-invitation'],
    custom_args: { vestibule_mail: mail.id, vestibule_tenant: mail.tenantId },
    tracking_settings: {
      click_tracking: { enable: false, enable_text: false },
      open_tracking: { enable: false },
      subscription_tracking: { enable: false },
      ganalytics: { enable: false },
    },
  })
})

t.test('one connection serves one mail after another', async (t) => {
  const { transport, sockets } = await sendgrid(t, accept)
  for (let i = 0; i < 5; i++) await transport.send(aMail())
  t.equal(sockets.size, 1)
})

t.test('names with commas are quoted, and nobody is written to twice', async (t) => {
  const { transport, requests } = await sendgrid(t, accept)
  const to = { name: 'Carvalho, "G"; <x@evil.example>', address: 'g@proseware.example' }
  await transport.send(aMail({ to, cc: [{ address: 'G@Proseware.example' }] }))
  const [personalization] = JSON.parse(requests[0]?.body ?? '').personalizations
  t.same(personalization, { to: [{ email: 'g@proseware.example', name: '"Carvalho, G; <x@evil.example>"' }] })
})

const outcomes: {
  title: string
  answer: (response: ServerResponse) => void
  permanent: boolean
  after?: number
  says: RegExp
}[] = [
  {
    title: 'a limit with seconds',
    answer: refuse(429, { 'Retry-After': '17' }),
    permanent: false,
    after: 17,
    says: /429/,
  },
  {
    title: 'a limit with a date',
    answer: refuse(429, { 'Retry-After': 'Fri, 20 Nov 2026 10:01:30 GMT' }),
    permanent: false,
    after: 90,
    says: /429/,
  },
  {
    title: "a limit with SendGrid's own header",
    answer: refuse(429, { 'X-RateLimit-Reset': String(Date.parse('2026-11-20T10:00:42Z') / 1000) }),
    permanent: false,
    after: 42,
    says: /429/,
  },
  { title: 'a limit that does not say how long', answer: refuse(429), permanent: false, says: /429/ },
  { title: 'a failure of theirs', answer: refuse(500), permanent: false, says: /500/ },
  { title: 'a pause of theirs', answer: refuse(503, { 'Retry-After': '5' }), permanent: false, after: 5, says: /503/ },
  {
    title: 'a wrong key, which an operator can mend',
    answer: refuse(401),
    permanent: false,
    says: /API key.*401.*said so/,
  },
  { title: 'a key without the right', answer: refuse(403), permanent: false, says: /API key.*403/ },
  { title: 'a wrong base address', answer: refuse(404), permanent: false, says: /404/ },
  { title: 'a mail they do not take', answer: refuse(400), permanent: true, says: /400.*said so \(from\)/ },
  { title: 'a mail too large', answer: refuse(413, {}, 'too large'), permanent: true, says: /413/ },
  {
    title: 'a redirect, which is not followed',
    answer: refuse(307, { Location: 'http://127.0.0.1:9/' }),
    permanent: false,
    says: /307/,
  },
  { title: 'a connection that breaks', answer: (response) => response.destroy(), permanent: false, says: /ECONNRESET/ },
]
for (const { title, answer, permanent, after, says } of outcomes) {
  t.test(`${title} is ${permanent ? 'final' : 'passing'}`, async (t) => {
    const { transport, requests } = await sendgrid(t, answer)
    const error = await refusal(transport.send(aMail()))
    t.equal(error.permanent, permanent)
    t.equal(error.retryAfterSeconds, after)
    t.match(error.message, says)
    t.equal(requests.length, 1)
    t.notMatch(`${error.message} ${JSON.stringify(error)} ${error.stack} ${error.cause}`, /secret-key|proseware/)
  })
}

t.test('a server that never answers is given up in time', async (t) => {
  const { transport } = await sendgrid(t, () => {})
  const error = await refusal(transport.send(aMail()))
  t.equal(error.permanent, false)
  t.match(error.message, /no answer within 300 ms/)
})

t.test('a server that answers one byte at a time is given up in time as well', async (t) => {
  let drip: NodeJS.Timeout | undefined
  const { transport } = await sendgrid(t, (response) => {
    response.writeHead(202, { 'Content-Type': 'text/plain' })
    drip = setInterval(() => response.write('.'), 50)
  })
  t.teardown(() => clearInterval(drip))
  const error = await refusal(transport.send(aMail()))
  t.equal(error.permanent, false)
})

t.test('nobody listening is passing', async (t) => {
  const transport = createSendgridTransport({ apiKey: 'k', baseUrl: 'http://127.0.0.1:1' })
  t.teardown(() => transport.close())
  const error = await refusal(transport.send(aMail()))
  t.equal(error.permanent, false)
  t.match(error.message, /ECONNREFUSED/)
})

// A header that smuggles a line break would let a display name add recipients.
t.test('line breaks in names, subject and headers never leave', async (t) => {
  const { transport, requests } = await sendgrid(t, accept)
  await transport.send(
    aMail({
      from: { name: 'Fabrikam\r\nBcc: all@evil.example', address: 'a@vestibule.example' },
      subject: 'Hello\r\nBcc: all@evil.example\u2028\u202e',
      headers: { 'X-Note': 'a\r\nBcc: all@evil.example' },
    }),
  )
  const body = JSON.parse(requests[0]?.body ?? '')
  t.equal(body.from.name, 'Fabrikam Bcc: all@evil.example')
  t.equal(body.subject, 'Hello Bcc: all@evil.example')
  t.equal(body.headers['X-Note'], 'a Bcc: all@evil.example')
})

const oddAddresses = [
  'a@b.example,c@evil.example',
  'a@b.example\r\nBcc: c@evil.example',
  '"x@evil.example" <a@b.example>',
  'a b@c.example',
  '',
]
for (const address of oddAddresses) {
  t.test(`${JSON.stringify(address)} is not one address and nothing is sent`, async (t) => {
    const { transport, requests } = await sendgrid(t, accept)
    const mails: Partial<Mail>[] = [{ to: { address } }, { cc: [{ address }] }, { replyTo: { address } }]
    for (const changes of mails) t.equal((await refusal(transport.send(aMail(changes)))).permanent, true)
    t.equal(requests.length, 0)
  })
}

t.test('a mail cannot set a header that the transport writes', async (t) => {
  const { transport, requests } = await sendgrid(t, accept)
  await t.rejects(transport.send(aMail({ headers: { bcc: 'c@evil.example' } })), /"bcc"/)
  await t.rejects(transport.send(aMail({ headers: { 'X-A\r\nBcc': 'c@evil.example' } })), /header/)
  t.equal(requests.length, 0)
})

t.test('checking the key asks for the right to send', async (t) => {
  const good = await sendgrid(t, refuse(200, {}, { scopes: ['mail.send'] }))
  await good.transport.verify()
  t.equal(good.requests[0]?.url, '/v3/scopes')
  const poor = await sendgrid(t, refuse(200, {}, { scopes: ['templates.read'] }))
  await t.rejects(poor.transport.verify(), /mail\.send/)
  const wrong = await sendgrid(t, refuse(401))
  await t.rejects(wrong.transport.verify(), /API key/)
})
