import t from 'tap'
import { Guest, type Page } from '../support/guest.js'
import { startService, type TestService } from '../support/service.js'
import { accepted, changesNothing, type Invited, invited, newestCode, rowsOf, seen, send, statusOf } from './scene.js'

const ROUNDS = 20

t.test('opening a link any number of times changes nothing', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  await changesNothing(t, service, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      t.equal(seen(await new Guest().get(ana.link)), '200 start')
      const head = await send(ana.link, { method: 'HEAD', headers: { 'sec-purpose': 'prefetch' } })
      t.equal(head.status, 200)
      const declined = ana.link.replace('/redeem?', '/redeem/declined?')
      t.equal((await new Guest().get(declined)).status, 200, 'nor does opening the page after a refusal')
    }
  })
})

t.test('a scanner that submits every form it finds neither accepts nor declines nor signs in', async (t) => {
  const service = await startService(t, { workers: false })
  service.stopClock(t)
  const ana = await invited(service, 'ana@partner.example')
  for (let round = 0; round < ROUNDS; round++) await scan(service, ana, new Guest())
  const keepsCookies = new Guest()
  for (let round = 0; round < ROUNDS; round++) await scan(service, ana, keepsCookies)

  t.equal(await statusOf(service, ana), 'PendingAcceptance')
  t.strictSame(await rowsOf(service, 'select * from sessions'), [], 'nobody is signed in')
  t.strictSame(await rowsOf(service, 'select * from user_identities'), [])
  const [user] = await rowsOf(service, `select external_user_state from users where id = '${ana.userId}'`)
  t.equal(user?.['external_user_state'], 'PendingAcceptance')
  const history = (await service.api('GET', `/invitations/${ana.id}`)).body.history
  t.strictSame(
    history.map(({ event }: { event: string }) => event),
    ['invited'],
  )
  const [mails] = await rowsOf(service, `select count(*)::int as n from outbox where topic = 'passcode.mail'`)
  t.equal(mails?.['n'], 1, 'forty submissions within half a minute are one mail')

  service.advance(31_000)
  await accepted(service, ana)
  t.equal(await statusOf(service, ana), 'Completed', 'and the guest gets in all the same')
})

t.test('a scanner that is patient gets the guest no more mails than the limits let through', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const scanner = new Guest()
  for (let round = 0; round < ROUNDS; round++) {
    await scan(service, ana, scanner)
    service.advance(31_000)
  }
  const rows = await rowsOf(service, 'select created_date_time from passcodes order by 1')
  t.equal(rows.length, 5, 'ten minutes of submitting are five mails')
  const code = await newestCode(service, ana.address)
  t.notMatch((await scanner.get(ana.link)).html, new RegExp(code), 'and no page shows what they said')
})

/** Opens the link, then submits each form of each page it gets, with what stands in it and with guesses for the rest. */
async function scan(service: TestService, ana: Invited, browser: Guest): Promise<void> {
  let page = await browser.get(ana.link)
  for (let depth = 0; depth < 3; depth++) {
    let next: Page | undefined
    for (const fields of formsOf(page.html)) next = await browser.post(addressOf(service, page, ana), fields)
    if (!next) return
    page = next.status === 303 ? await browser.get(new URL(next.location ?? '', service.baseUrl).href) : next
  }
}

/** Our forms post to the page they stand on. */
function addressOf(service: TestService, page: Page, ana: Invited): string {
  return page.location ? new URL(page.location, service.baseUrl).href : ana.link
}

/** Each way to submit each form: once per button, inputs filled with something. */
function formsOf(html: string): Record<string, string>[] {
  return [...html.matchAll(/<form[^>]*method="post"[\s\S]*?<\/form>/g)].flatMap(([form]) => {
    const fields: Record<string, string> = {}
    for (const [, input = ''] of form.matchAll(/<input([^>]*)>/g)) {
      const name = /name="([^"]+)"/.exec(input)?.[1]
      if (name && name !== 'csrf') fields[name] = /value="([^"]*)"/.exec(input)?.[1] ?? '00000000'
    }
    const buttons = [...form.matchAll(/<button([^>]*)>/g)].map(([, button = '']) => ({
      name: /name="([^"]+)"/.exec(button)?.[1],
      value: /value="([^"]*)"/.exec(button)?.[1] ?? '',
    }))
    return buttons.length === 0
      ? [fields]
      : buttons.map(({ name, value }) => (name ? { ...fields, [name]: value } : fields))
  })
}
