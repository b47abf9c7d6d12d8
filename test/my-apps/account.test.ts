import t from 'tap'
import { appFrom } from '../support/authenticator.js'
import { startService, type TestService } from '../support/service.js'
import { guestOf, Person } from './world.js'

let service: TestService
t.before(async () => {
  service = await startService(t)
})

const account = () => `/myaccount?tenant=${service.tenantId}`
const browsers = () => `/myaccount/browsers?tenant=${service.tenantId}`
const methods = () => `/myaccount/methods?tenant=${service.tenantId}`

/** Ids of the browsers a page lists, the one it is shown in first. */
function browsersOf({ page }: Person): string[] {
  const part = page.slice(page.indexOf('id="browsers"'), page.indexOf('id="language"'))
  return [...part.matchAll(/name="id" value="([0-9a-f]{64})"/g)].map(([, id = '']) => id)
}

/** The same person at another browser, a minute later: codes are mailed at most every 30 seconds. */
async function another(mail: string): Promise<Person> {
  service.advance(60_000)
  return new Person(service).signIn(account(), mail)
}

t.test('browsers are told apart and signed out, one or all others, at once and everywhere', async (t) => {
  const fabrikam = await service.otherTenant('fabrikam.example')
  const ana = await guestOf(service, 'ana@partner.example')
  await guestOf(service, ana.mail, fabrikam)
  const one = await another(ana.mail)
  const two = await another(ana.mail)
  const three = await another(ana.mail)
  await two.submit({ to: fabrikam.tenantId }, `/myapps/switch?tenant=${service.tenantId}`)
  t.match(two, { name: 'my-apps' })
  await one.open(account())
  const [own, ...others] = browsersOf(one)
  t.equal(others.length, 2)
  t.equal((one.page.match(/This browser/g) ?? []).length, 1)
  t.match(one.page, /Browser of an unknown kind/, 'fetch is none we know')

  // `others` are in the order of use: two was used last.
  await one.submit({ id: others[0] ?? '' }, browsers())
  t.match(one.page, '1 browser is signed out.')
  const out = [await two.open(account()), await three.open(account())].map(({ name }) => name)
  t.strictSame(out.sort(), ['my-account', 'sign-in'])
  const gone = out[0] === 'sign-in' ? two : three
  t.match(await two.open(`/myapps?tenant=${fabrikam.tenantId}`), { name: gone === two ? 'sign-in' : 'my-apps' })

  await one.submit({ id: others[0] ?? '' }, browsers())
  t.match(one.page, 'That browser was signed out already.')
  await one.submit({ which: 'others' }, browsers())
  for (const person of [two, three]) t.match(await person.open(account()), { name: 'sign-in' })
  t.match(await two.open(`/myapps?tenant=${fabrikam.tenantId}`), { name: 'sign-in' }, 'there too')
  t.match(await one.open(account()), { name: 'my-account' })
  const audits = await service.rows(
    `select 1 from audit_events where activity_display_name = 'User signed out browsers' and target_id = '${ana.id}'`,
  )
  t.equal(audits.length, 2)
  await one.submit({ id: own ?? '' }, browsers())
  t.match(one, { name: 'sign-in' }, 'their own, too')
})

t.test('when and with what a browser was used is noted, every five minutes', async (t) => {
  const ben = await guestOf(service, 'ben@partner.example')
  const person = await another(ben.mail)
  const read = async () => {
    const [row] = await service.rows(`select * from sessions where user_id = '${ben.id}'`)
    return row ?? {}
  }
  const first = (await read())['last_used_date_time']
  service.advance(4 * 60_000)
  await person.open(account())
  t.strictSame((await read())['last_used_date_time'], first, 'reading is no write each time')
  service.advance(2 * 60_000)
  const cookie = [...person.browser.cookies].map(([name, { value }]) => `${name.split('|')[0]}=${value}`).join('; ')
  const response = await fetch(service.baseUrl + account(), {
    headers: { cookie, 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' },
  })
  t.match(await response.text(), 'Firefox, Linux')
  const row = await read()
  t.equal(row['browser_family'], 'Firefox, Linux')
  t.ok(row['last_used_date_time'] > first)
})

t.test('applications are told of the browser that was signed out', async (t) => {
  const cleo = await guestOf(service, 'cleo@partner.example')
  const person = await another(cleo.mail)
  const [handle] = await service.rows(
    `select provider_session_uid(handle_hash) as uid from sessions where user_id = '${cleo.id}'`,
  )
  await service.rows(`insert into relying_party_sessions (tenant_id, id, user_id, client_id, sid, session_uid, issuer,
      expires_date_time)
    values ('${service.tenantId}', gen_random_uuid(), '${cleo.id}', gen_random_uuid(), 'sid', '${handle?.['uid']}', 'x',
      now() + interval '1 day')`)
  await person.open(account())
  await person.submit({}, `/myapps/sign-out?tenant=${service.tenantId}`)
  const [told] = await service.rows(
    `select ended_date_time is not null as ended from relying_party_sessions where user_id = '${cleo.id}'`,
  )
  t.not(told?.['ended'], false)
})

t.test('methods are added and taken away by whoever has passed a second step', async (t) => {
  const dora = await guestOf(service, 'dora@partner.example')
  const person = await another(dora.mail)
  t.match(person.page, 'You have not set anything up yet.')
  await person.submit({ action: 'add' }, methods())
  t.match(person, { name: 'mfa' })
  t.match(person.page, 'It confirms that it is you when an organization asks for a second step.')
  t.notMatch(person.page, 'asks its guests', 'nobody asked')
  t.match(person.page, `href="${account()}">Back to My account`)
  const app = appFrom(person.page)
  await person.submit({ code: app.codeAt(service.services.clock()) })
  await person.submit({ action: 'kept' })
  t.match(person, { name: 'my-account' })
  t.match(person.page, /Authenticator app/)
  t.match(person.page, '10 codes left')
  const [method] = await service.rows(`select id from authentication_methods where user_id = '${dora.id}'`)
  const count = async () =>
    (await service.rows(`select 1 from authentication_methods where user_id = '${dora.id}'`)).length

  const other = await another(dora.mail)
  t.match(other, { name: 'my-account' }, 'no policy asks for a second step')
  for (const fields of [{ id: method?.['id'] }, { action: 'add' }, { action: 'codes' }]) {
    await other.open(account())
    await other.submit(fields, methods())
    t.match(other, { name: 'mfa' }, 'a proven mailbox changes nothing here')
    t.match(other.page, 'Enter the code from your app')
  }
  t.equal(await count(), 1)
  await other.open(`/myaccount/second-step?tenant=${service.tenantId}&had=1`)
  t.match(other.page, 'Enter the code from your app', 'nor does the address of the page')
  service.advance(60_000)
  await other.submit({ code: app.codeAt(service.services.clock()) })
  await other.open(account())

  await other.submit({ action: 'add' }, methods())
  t.match(other, { name: 'mfa' })
  await other.submit({ code: appFrom(other.page).codeAt(service.services.clock()) })
  t.match(other, { name: 'my-account' })
  t.equal(await count(), 2, 'one more beside the first')
  const codes = await service.rows(`select set_id from recovery_codes where user_id = '${dora.id}' limit 1`)
  await other.submit({ action: 'codes' }, methods())
  t.match(other, { name: 'mfa' })
  await other.submit({ action: 'kept' })
  t.match(other, { name: 'my-account' })
  const renewed = await service.rows(`select set_id from recovery_codes where user_id = '${dora.id}' limit 1`)
  t.not(renewed[0]?.['set_id'], codes[0]?.['set_id'])
  for (const { id } of await service.rows(`select id from authentication_methods where user_id = '${dora.id}'`)) {
    await other.submit({ id: id ?? '' }, methods())
    t.match(other.page, 'Your sign-in methods have changed.')
  }
  t.equal(await count(), 0)
  const told = (await service.waitForMails(dora.mail, 7)).filter(({ subject }) => /How you sign in/.test(subject))
  t.strictSame(
    told.map(({ text }) => /(?:An? |New )(.*) on /.exec(text)?.[1]).sort(),
    [
      ...Array(2).fill('authenticator app was added'),
      ...Array(2).fill('authenticator app was removed'),
      'recovery codes were made',
    ].sort(),
    'each change is told, once',
  )
  t.equal((await service.rows(`select 1 from recovery_codes where user_id = '${dora.id}'`)).length, 0)
})

t.test('the language that is picked stays', async (t) => {
  const emil = await guestOf(service, 'emil@partner.example')
  const person = await another(emil.mail)
  await person.open(`${account()}&lang=ar`)
  t.match(person.page, /<html lang="ar" dir="rtl">/)
  t.match((await person.open('/myapps')).page, /<html lang="ar" dir="rtl">/)
})
