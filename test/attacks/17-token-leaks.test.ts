import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { startRelay } from '../../src/platform/outbox/relay.js'
import { TOPICS } from '../../src/services.js'
import { startMailWorkers } from '../../workers/mail.js'
import { Guest } from '../support/guest.js'
import { fetchToken, startService } from '../support/service.js'
import { until } from '../support/until.js'
import { anotherInstance } from './instance.js'
import { invited, newestCode, send } from './scene.js'

// Seen to fail with `withoutSecrets` (src/platform/log.ts) answering its input: the log held the ticket.
t.test('the most talkative log holds no ticket, code, token, secret, cookie or message', async (t) => {
  const service = await startService(t, { workers: false })
  const { baseUrl, log } = await anotherInstance(t, service, { level: 'trace' })
  const ana = await invited(service, 'ana@partner.example')
  const link = ana.link.replace(service.baseUrl, baseUrl)
  const secrets: Record<string, string> = { ticket: ana.ticket, secret: service.clientSecret }

  const token = await fetchToken(baseUrl, service.tenantId, service.clientId, service.clientSecret)
  secrets['token'] = token
  const body = 'the message that only the guest should read'
  secrets['message'] = body
  const wish = (more: object) =>
    JSON.stringify({
      invitedUserEmailAddress: 'bo@partner.example',
      inviteRedirectUrl: 'https://app.example/',
      invitedUserMessageInfo: { customizedMessageBody: body },
      ...more,
    })
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const post = (text: string) => send(`${baseUrl}/v1.0/invitations`, { method: 'POST', headers, body: text })
  await post(wish({}))
  await post(wish({ invitedUserEmailAddress: 'broken' }))
  await post(`${wish({})}}`)
  // A failure of the database writes the row it was about into its error.
  await service.rows("alter table invitations add constraint broken check (address_folded <> 'cy@partner.example')")
  t.equal((await post(wish({ invitedUserEmailAddress: 'cy@partner.example' }))).status, 500)
  await send(`${baseUrl}/v1.0/users?access_token=${token}`, { headers: { authorization: `Bearer ${token}x` } })
  await send(`${baseUrl}/nowhere?ticket=${ana.ticket}`)
  await send(link, { target: `http://evil.example${link.slice(baseUrl.length)}` })
  const secretInForm = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: service.clientId,
    client_secret: `${service.clientSecret}x`,
    scope: 'https://graph.microsoft.com/.default',
  })
  await send(`${baseUrl}/${service.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: secretInForm.toString(),
  })

  const browser = new Guest()
  await browser.get(link)
  await browser.post(link, { action: 'send' })
  await browser.get(link)
  const code = await newestCode(service, ana.address)
  secrets['code'] = code
  await browser.post(link, { code: '00000000' })
  await browser.post(link, { code })
  const consent = await browser.get(link)
  await browser.post(link, { choice: 'accept' })
  secrets['csrf'] = consent.csrf ?? 'none was seen'
  secrets['session'] = browser.cookies.get('vs') ?? 'none was seen'
  secrets['browser'] = browser.cookies.get('vb') ?? 'none was seen'

  const lines = log.join('')
  t.ok(lines.includes('/redeem?'), 'requests were logged at all')
  t.ok(lines.includes('request failed unexpectedly'), 'and the failure')
  for (const [what, value] of Object.entries(secrets)) t.notOk(lines.includes(value), `no ${what}`)
})

// Seen to fail with `shortReason` (src/platform/mail/prepare.ts) only cutting: log and `delivery` held ticket and code.
t.test(
  'a mail server that quotes what it refuses puts no link and no code into the log, or before callers',
  async (t) => {
    const quoted: string[] = []
    const server = createServer(async (request, response) => {
      let text = ''
      for await (const chunk of request) text += chunk
      const plain: string = JSON.parse(text).content[0].value
      const found = /https?:\S+ticket=\S+|^\d{8}$/m.exec(plain)?.[0] ?? 'nothing'
      quoted.push(found)
      response.writeHead(400, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ errors: [{ message: `5.7.1 Blocked because of "${found}", ${found}` }] }))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    t.teardown(() => server.close())
    const service = await startService(t, { workers: false })
    const env = {
      MAIL_TRANSPORT: 'sendgrid',
      MAIL_FROM: 'guests@contoso.example',
      SENDGRID_API_KEY: 'SG.test',
      SENDGRID_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    }
    const { services, log } = await anotherInstance(t, service, { env, level: 'trace' })
    const workers = [startRelay(services, TOPICS), ...startMailWorkers(services)]
    t.teardown(() => Promise.all(workers.map((worker) => worker.close())))
    const message = 'the message that only the guest should read'
    const ana = await invited(service, 'ana@partner.example', {
      sendInvitationMessage: true,
      invitedUserMessageInfo: { customizedMessageBody: message },
    })
    const browser = new Guest()
    await browser.get(ana.link)
    t.equal((await browser.post(ana.link, { action: 'send' })).status, 303)
    await until(async () => (await service.rows('select 1 from outbox')).length === 0)
    const code = await newestCode(service, ana.address)
    t.strictSame(
      quoted.map((each) => each.includes(ana.ticket) || each === code).sort(),
      [true, true],
      'both were quoted',
    )

    const { delivery } = (await service.api('GET', `/invitations/${ana.id}`)).body
    t.match(delivery, { state: 'failed', reason: /Blocked because of "http:\/\/localhost:\d+\/redeem\[hidden\]"/ })
    const lines = log.join('')
    t.match(lines, 'invitation mail not accepted')
    t.match(lines, 'message with a code not accepted')
    for (const secret of [ana.ticket, code, message]) {
      t.notOk(lines.includes(secret))
      t.notOk(JSON.stringify(delivery).includes(secret))
    }
  },
)

t.test('no page hands its address on, and none is kept', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const browser = new Guest()
  const pages = [await browser.get(ana.link)]
  pages.push(await browser.post(ana.link, { action: 'send' }))
  pages.push(await browser.get(ana.link))
  const code = await newestCode(service, ana.address)
  pages.push(await browser.post(ana.link, { code: '00000000' }))
  pages.push(await browser.post(ana.link, { code }))
  pages.push(await browser.get(ana.link))
  pages.push(await browser.post(ana.link, { choice: 'accept' }))
  pages.push(await browser.get(ana.link))
  pages.push(await browser.get(`${ana.link}x`))
  for (const { status, name, headers, html } of pages) {
    const page = `${status} ${name ?? 'redirect'}`
    t.equal(headers.get('cache-control'), 'no-store', `${page} is not kept`)
    if (status !== 303) t.equal(headers.get('referrer-policy'), 'no-referrer', `${page} tells nobody`)
    t.notMatch(html, /<(?:script|iframe|object|embed)\b/i, `${page} runs nothing`)
    t.notMatch(html, /(?:src|srcset|poster)="(?:https?:)?\/\//i, `${page} loads nothing from elsewhere`)
  }
  const landed = pages[6]
  t.equal(landed?.headers.get('referrer-policy'), 'no-referrer', 'nor does the step to the app')
  t.equal(landed?.location, 'https://app.example/welcome', 'whose address holds nothing of ours')
})
