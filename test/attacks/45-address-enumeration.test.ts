import t from 'tap'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'
import { accepted, altered, changesNothing, invited, send } from './scene.js'

/** An answer without what differs from one request to the next. */
const blurred = (html: string) => html.replace(/nonce[-=]"?[^"' >]+/g, '').replace(/value="[^"]{43}"/g, '')

t.test('asking for a code answers the same for addresses that exist and that do not', async (t) => {
  const service = await startService(t, { workers: false })
  await accepted(service, await invited(service, 'ana@partner.example'))
  const blocks = `${service.baseUrl}/signin/blocks?tenant=${service.tenantId}`
  service.advance(31_000)
  const answers = []
  for (const email of ['ana@partner.example', 'eva@partner.example', 'admin@contoso.example', 'who@contoso.example']) {
    const browser = new Guest()
    await browser.get(blocks)
    const sent = await browser.post(blocks, { email })
    const page = await browser.get(blocks)
    const wrong = await browser.post(blocks, { code: '00000000' })
    // All four addresses start with another letter and end in one of two domains: that much the page may echo.
    const text = blurred(page.html).replaceAll(/.•••@(?:partner|contoso)\.example/g, '')
    answers.push({ sent: sent.status, location: sent.location, page: text, wrong: wrong.status })
  }
  for (const answer of answers) t.strictSame(answer, answers[0])
  t.strictSame(
    (await service.rows(`select count(*)::int as n from outbox where topic = 'passcode.mail'`)).map(({ n }) => n),
    [5],
    'and for each of them a mail is made',
  )
})

t.test('links tell nothing of users and invitations that exist', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const nobody = '01890000-0000-7000-8000-000000000000'
  await changesNothing(t, service, async () => {
    const links = [
      altered(ana.link, { ticket: 'A'.repeat(64) }),
      altered(ana.link, { ticket: 'A'.repeat(64), user: nobody }),
      altered(ana.link, { tenant: nobody }),
      altered(ana.link, { user: nobody }),
    ]
    const pages = []
    for (const link of links) {
      const page = await new Guest().get(link)
      pages.push({ status: page.status, html: blurred(page.html).replaceAll(/\?tenant=[^"]*/g, '') })
    }
    for (const page of pages) {
      t.strictSame(page, pages[0])
    }
    t.notMatch(pages[0]?.html, /contoso/i, 'no organization is named')
  })
})

t.test('the token endpoint does not tell an unknown client from a wrong secret', async (t) => {
  const service = await startService(t, { workers: false })
  const ask = async (client_id: string) => {
    const form = {
      grant_type: 'client_credentials',
      client_id,
      client_secret: 'x'.repeat(43),
      scope: 'https://graph.microsoft.com/.default',
    }
    const answer = await send(`${service.baseUrl}/${service.tenantId}/oauth2/v2.0/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
    })
    const { error, error_description: description, error_codes: codes } = answer.body
    return { status: answer.status, error, codes, description: description.replace(/ Trace ID.*/, '') }
  }
  await changesNothing(t, service, async () => {
    const known = await ask(service.clientId)
    t.equal(known.status, 401)
    t.strictSame(await ask('01890000-0000-7000-8000-000000000000'), known)
    t.strictSame(await ask('not-even-an-id'), known)
  })
})
