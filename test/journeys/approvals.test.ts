import t from 'tap'
import { desktop, type modes, phoneWithoutScripts, startJourneys, type Visitor } from '../support/browser.js'
import { EITHER, look } from '../support/look.js'
import { lastingToken, person } from '../support/people.js'
import { until } from '../support/until.js'
import { makeFlow } from '../user-flows/sign-up/flow.js'

/** Codes are limited by the quarter of an hour. */
const CODES_AGAIN_MS = 16 * 60_000

/** A sign-up that waits for a yes, from both sides, in a real browser. */
const { service, visitor } = await startJourneys(t, { domain: 'fabrikam.example' })
const ana = await person(service, 'ana')
await service.rows(
  `update users set mail = 'ana@fabrikam.example', mail_folded = 'ana@fabrikam.example' where id = '${ana}'`,
)
const path = await makeFlow(service, {
  name: 'B2X_1_Partner',
  requiresApproval: true,
  questions: [{ id: 'displayName' }, { id: 'city' }],
})
await service.rows(
  `insert into user_flow_approvers (tenant_id, flow_id, approver_id, approver_type)
   select tenant_id, id, '${ana}', 'User' from user_flows where name = 'B2X_1_Partner'`,
)
const entry = service.baseUrl + path

/** From the flow's first page to the one that says who is looking at it. */
async function signUp(guest: Visitor, address: string, city = 'Porto') {
  await guest.open(entry)
  await guest.page.fill('input[name=email]', address)
  const { code } = await guest.codeFrom(address, () => guest.go(() => guest.page.press('input[name=email]', 'Enter')))
  const asked = await guest.enter(code)
  t.equal(asked.name, 'sign-up')
  await guest.page.fill('[name=displayName]', 'Gil <b>Carvalho</b>')
  await guest.page.fill('[name=city]', city)
  return guest.go(() => guest.page.press('[name=city]', 'Enter'))
}

/** From the link in the newest mail to the request, signed in. */
async function approver(mode: (typeof modes)[number], address: string): Promise<Visitor> {
  let link: string | undefined
  await until(async () => {
    const [mail] = (await service.mails('ana@fabrikam.example')).filter(({ subject }) => subject.includes(address))
    link = mail?.links[0]
    return link !== undefined
  }, `a mail asks about ${address}`)
  const someone = await visitor(t, mode)
  t.equal((await someone.open(link ?? '')).name, 'sign-in', 'the link proves nobody')
  await someone.page.fill('input[name=email]', 'ana@fabrikam.example')
  const { code } = await someone.codeFrom('ana@fabrikam.example', () =>
    someone.go(() => someone.page.press('input[name=email]', 'Enter')),
  )
  t.equal((await someone.enter(code)).name, 'approval')
  return someone
}

for (const [index, mode] of [desktop, phoneWithoutScripts].entries()) {
  t.test(`${mode.name}: approved`, async (t) => {
    service.advance(CODES_AGAIN_MS)
    const address = `gil${index}@partner.example`
    const guest = await visitor(t, mode)
    const held = await signUp(guest, address)
    t.match(held, { status: 200, name: 'pending', title: 'Fabrikam is looking at your request - Fabrikam' })
    t.match(await guest.text(), `We write to ${address} when there is an answer`)
    if (index === 0) await look(t, guest, 'sign-up-pending')
    t.equal((await guest.open(entry)).name, 'pending', 'beginning again shows the same')

    const someone = await approver(mode, address)
    const asked = await someone.text()
    t.match(asked, `May ${address} become a guest?`)
    t.match(asked, 'Gil <b>Carvalho</b>')
    t.match(asked, 'Porto')
    if (index === 0) await look(t, someone, 'sign-up-approval')
    service.advance(31_000)
    t.match(await someone.press('Approve'), { status: 200, name: 'approval' })
    t.match(await someone.text(), 'This request is approved')
    if (index === 0) await look(t, someone, 'sign-up-approved')
    const list = await someone.press('All requests', 'link')
    t.equal(list.name, 'approvals')

    const [news] = (await service.waitForMails(address, 2)).filter(({ subject }) => /You are a guest/.test(subject))
    t.ok(news)
    t.match(await guest.open(`${entry}/request`), { status: 200, name: 'approved' })
    if (index === 0) await look(t, guest, 'sign-up-request-approved')
    await guest.press('Sign in', 'link')
    await guest.page.fill('input[name=email]', address)
    const { code } = await guest.codeFrom(address, () => guest.go(() => guest.page.press('input[name=email]', 'Enter')))
    t.equal((await guest.enter(code)).name, 'my-apps')
    t.strictSame([...guest.complaints, ...someone.complaints], [])
  })

  t.test(`${mode.name}: denied, with a reason`, async (t) => {
    service.advance(CODES_AGAIN_MS)
    const address = `dora${index}@partner.example`
    const guest = await visitor(t, mode)
    t.equal((await signUp(guest, address)).name, 'pending')
    const someone = await approver(mode, address)
    await someone.page.getByLabel('Reason, if you deny').fill('No partner of ours.')
    t.match(await someone.press('Deny'), { status: 200, name: 'approval' })
    t.match(await someone.text(), `ana denied it on`)
    const [news] = (await service.waitForMails(address, 2)).filter(({ subject }) => /denied your request/.test(subject))
    t.match(news?.text, '> No partner of ours.')
    t.match(await guest.open(`${entry}/request`), { status: 200, name: 'denied' })
    if (index === 0) await look(t, guest, 'sign-up-denied')
    t.equal((await guest.open(entry)).name, 'denied', 'signing up again changes nothing')
    t.strictSame([...guest.complaints, ...someone.complaints], [])
  })
}

t.test('the request is shown in another browser to whoever proves the mailbox', async (t) => {
  const guest = await visitor(t, desktop)
  t.equal((await guest.open(`${entry}/request`)).name, 'request')
  await look(t, guest, 'sign-up-request')
  service.advance(CODES_AGAIN_MS)
  await guest.page.fill('input[name=email]', 'dora0@partner.example')
  const { code } = await guest.codeFrom('dora0@partner.example', () =>
    guest.go(() => guest.page.press('input[name=email]', 'Enter')),
  )
  t.equal((await guest.enter(code)).name, 'denied')
  t.strictSame(guest.complaints, [])
})

t.test('what else a request may come to, on both sides', async (t) => {
  service.advance(CODES_AGAIN_MS)
  const guest = await visitor(t, desktop)
  // As long as it may be, in one word: no page gets wider by it.
  const address = `${'mia'.repeat(21)}@partner.example`
  t.equal((await signUp(guest, address, 'x'.repeat(256))).name, 'pending')
  await look(t, guest, 'sign-up-pending-long', EITHER)
  const someone = await approver(desktop, address)
  await someone.page.getByLabel('Reason, if you deny').fill('x'.repeat(501))
  t.match(await someone.press('Deny'), { status: 422, name: 'approval' })
  await look(t, someone, 'sign-up-approval-reason', EITHER)
  const mia = someone.page.url()
  await someone.press('All requests', 'link')
  await look(t, someone, 'sign-up-approvals', EITHER)

  await someone.open(mia)
  const token = await lastingToken(service)
  const setPolicy = (policy: object) => service.api('PUT', '/policies/invitationDomainPolicy', policy, { token })
  t.equal((await setPolicy({ mode: 'blockList', domains: ['partner.example'] })).status, 200)
  t.match(await someone.press('Approve'), { status: 422, name: 'approval' })
  await look(t, someone, 'sign-up-approval-domain', EITHER)
  t.equal((await setPolicy({ mode: 'any' })).status, 200)

  await service.rows(`update sign_up_requests set expires_date_time = now() where email = '${address}'`)
  t.match(await someone.press('Approve'), { status: 409, name: 'approval' })
  await look(t, someone, 'sign-up-approval-late', EITHER)
  t.equal((await guest.open(`${entry}/request`)).name, 'lapsed')
  await look(t, guest, 'sign-up-lapsed', EITHER)
  t.equal((await guest.press('Sign up again', 'link')).name, 'choose-provider')
  service.advance(CODES_AGAIN_MS)
  t.equal((await signUp(guest, address)).name, 'pending', 'a request that has lapsed is in nobody’s way')

  const nobody = await visitor(t, desktop)
  await nobody.open(`${entry}/request`)
  await nobody.page.fill('input[name=email]', 'nobody@partner.example')
  const { code } = await nobody.codeFrom('nobody@partner.example', () =>
    nobody.go(() => nobody.page.press('input[name=email]', 'Enter')),
  )
  t.equal((await nobody.enter(code)).name, 'no-request')
  await look(t, nobody, 'sign-up-no-request', EITHER)
  t.strictSame([...guest.complaints, ...someone.complaints, ...nobody.complaints], [])
})
