import t from 'tap'
import { insertUser } from '../../src/directory/index.js'
import { ANA, partnerHome, socialHome } from '../sign-in/home.js'
import { samlPartner } from '../sign-in/saml.js'
import { desktop, modes, phoneWithoutScripts, startJourneys, type Visitor } from '../support/browser.js'
import { startConnector } from '../support/connector.js'
import { codesIn, nextCode } from '../support/guest.js'
import { EITHER, look } from '../support/look.js'
import { makeAttribute, makeFlow, usersOf } from '../user-flows/sign-up/flow.js'

/** Signing up in a browser: every page, with and without scripts, and what people do to pages. */
const records = new Map<string, string[]>()
const resolveTxt = async (name: string) => records.get(name) ?? []
const { service, visitor } = await startJourneys(t, { resolveTxt })
const partner = await partnerHome(t, service, records)
const google = await socialHome(t, service, 'Google')

const names = {
  employees: await makeAttribute(service, 'Employees', 'int64'),
  since: await makeAttribute(service, 'Since', 'dateTime'),
  sites: await makeAttribute(service, 'Sites', 'stringCollection'),
  supplies: await makeAttribute(service, 'Supplies', 'string'),
  contact: await makeAttribute(service, 'Contact', 'string'),
  news: await makeAttribute(service, 'News', 'boolean'),
}
const kinds = ['parts', 'services', 'both'].map((value) => ({ name: value[0]?.toUpperCase() + value.slice(1), value }))
const questions = [
  { id: 'displayName' },
  { id: 'city' },
  {
    id: 'country',
    input: 'dropdownSingleSelect',
    values: [
      { name: 'Portugal', value: 'PT' },
      { name: 'Egypt', value: 'EG' },
    ],
  },
  { id: 'jobTitle', isOptional: true },
  { id: names.employees, validation: { minimum: 1, maximum: 5_000 } },
  { id: names.since, input: 'dateTimeDropdown' },
  { id: names.supplies, input: 'radioSingleSelect', values: kinds },
  { id: names.sites, input: 'checkboxMultiSelect', values: kinds, isOptional: true },
  { id: names.contact, input: 'emailBox', isOptional: true },
  { id: names.news, input: 'checkboxMultiSelect', isOptional: true },
]
const providers = ['EmailOtpSignup-OAUTH', 'AADSignup-OAUTH', 'Google-OAUTH', partner.id]
const connector = await startConnector(t)
const made = await service.api('POST', '/identity/apiConnectors', {
  displayName: 'Partners',
  targetUrl: connector.url,
  authenticationConfiguration: {
    '@odata.type': '#microsoft.graph.basicAuthentication',
    username: 'vestibule',
    password: 'open sesame',
  },
})
const path = await makeFlow(service, {
  providers,
  questions,
  first: made.body.id,
  second: made.body.id,
  termsOfUseUrl: 'https://contoso.example/terms',
  pages: [
    [
      'de',
      {
        LocalizedStrings: [
          { ElementType: 'ClaimType', ElementId: 'city', StringId: 'DisplayName', Override: true, Value: 'Heimatort' },
        ],
        LocalizedCollections: [],
      },
    ],
  ],
})
const url = service.baseUrl + path
const CONTINUE = { version: '1.0.0', action: 'Continue' }
/** Answers of the connector by its step. */
const says = (first: object = {}, second: object = {}, status = 200) =>
  connector.answer((_request, response) => {
    const isFirst = connector.asked.at(-1)?.body.step === 'PostFederationSignup'
    response
      .writeHead(isFirst ? 200 : status, { 'content-type': 'application/json' })
      .end(JSON.stringify({ ...CONTINUE, ...(isFirst ? first : second) }))
  })

/** Types an address and the code that comes. */
async function prove(guest: Visitor, address: string) {
  const before = codesIn(await service.mails(address)).length
  await guest.page.fill('input[name=email]', address)
  const step = await guest.go(() => guest.page.press('input[name=email]', 'Enter'))
  if (step.name !== 'code') throw new Error(`the address led to ${step.name} (${step.status})`)
  return guest.enter(await nextCode(service, address, before))
}

async function fill({ page }: Visitor, more: Record<string, string> = {}) {
  const { day = '15', month = '6', year = '2024', ...typed } = more
  const texts = { displayName: 'Giovanna', city: 'Porto', [names.employees]: '40', ...typed }
  for (const [name, value] of Object.entries(texts)) await page.fill(`[id="${name}"]`, value)
  await page.selectOption('#country', 'PT')
  for (const [part, value] of Object.entries({ day, month, year })) {
    await page.fill(`[id="${names.since}.${part}"]`, value)
  }
  await page.check(`[id="${names.supplies}.1"]`)
}

for (const mode of [desktop, phoneWithoutScripts]) {
  t.test(`the whole way, ${mode.name}`, async (t) => {
    says({ city: 'Lisboa' })
    const guest = await visitor(t, mode)
    t.equal((await guest.open(url)).name, 'choose-provider')
    const address = `${mode.javaScriptEnabled ? 'ana' : 'bea'}@elsewhere.example`
    t.equal((await prove(guest, address)).name, 'sign-up')
    t.equal(await guest.page.inputValue('#city'), 'Lisboa', 'what the first connector knew stands in the form')

    await fill(guest, { [names.employees]: 'about 40' })
    const wrong = await guest.press('Continue')
    t.match([wrong.status, wrong.name], [422, 'sign-up'])
    t.equal(await guest.page.inputValue('#city'), 'Porto', 'what was typed stays')
    t.match(await guest.page.title(), /^Error: /)
    await guest.page.getByRole('link', { name: /whole number/ }).click()
    t.equal(await guest.page.evaluate('document.activeElement.id'), names.employees)

    says({}, { action: 'ValidationError', status: 400, userMessage: 'Porto is not on our list.' }, 400)
    await guest.page.fill(`[id="${names.employees}"]`, '40')
    const corrected = await guest.press('Continue')
    t.equal(corrected.status, 422)
    t.match(await guest.page.textContent('[role=alert]'), 'Porto is not on our list.')
    says()
    await guest.page.fill('#city', 'Braga')
    t.equal((await guest.press('Continue')).name, 'sign-up')
    t.equal(await guest.page.getAttribute('main', 'data-step'), 'terms')
    await guest.page.reload()
    t.equal(await guest.page.getAttribute('main', 'data-step'), 'terms', 'a reload changes nothing')

    await guest.press('Change my answers', 'link')
    t.equal(await guest.page.inputValue('#city'), 'Braga')
    await guest.press('Continue')
    await guest.page.check('#agree')
    const done = await guest.press('Create my guest account')
    t.equal(done.name, 'my-apps')
    t.match(await usersOf(service, address), [{ display_name: 'Giovanna', city: 'Braga', country: 'PT' }])

    await guest.page.goBack()
    await guest.page.reload()
    t.equal(await guest.page.getAttribute('main', 'data-step'), 'done', 'the way back is the way on')
    if (mode.javaScriptEnabled) await look(t, guest, 'sign-up-done', EITHER)
    t.strictSame(guest.complaints, [])
  })
}

t.test('by every kind of home', async (t) => {
  const saml = await samlPartner(t, service, records, 'saml.example')
  const microsoft = await socialHome(t, service, 'Microsoft')
  const facebook = await socialHome(t, service, 'Facebook')
  const social = ['Facebook-OAUTH', 'Microsoft-OAUTH']
  const everyHome = await makeFlow(service, {
    providers: [...providers, ...social, saml.id],
    questions: [{ id: 'displayName' }],
  })
  const begin = async (index: number, flow = everyHome) => {
    const guest = await visitor(t, index % 2 === 0 ? desktop : phoneWithoutScripts)
    await guest.open(service.baseUrl + flow)
    return guest
  }
  /** The form says who they are; behind it they are in. */
  const finish = async (guest: Visitor, address: string, name: string) => {
    t.equal(await guest.page.getAttribute('main', 'data-page'), 'sign-up', address)
    await guest.page.fill('#displayName', name)
    t.equal((await guest.press('Create my guest account')).name, 'my-apps')
    t.match(await usersOf(service, address), [{ display_name: name, creation_type: 'SelfServiceSignUp' }])
    t.strictSame(guest.complaints, [])
  }

  partner.signsInAs = ANA
  google.signsInAs = { sub: 'g', email: 'gil@gmail.com', email_verified: true, name: 'Gil' }
  microsoft.signsInAs = { sub: 'mo', email: 'mo@proseware.example', xms_edov: true, name: 'Mo' }
  const direct = [
    ['Partner', ANA.email],
    ['Google', 'gil@gmail.com'],
    ['Microsoft', 'mo@proseware.example'],
  ] as const
  for (const [index, [home, address]] of direct.entries()) {
    const guest = await begin(index)
    await guest.go(() => guest.page.locator('button[name=provider]', { hasText: home }).first().click())
    await finish(guest, address, home)
  }

  facebook.signsInAs = { sub: 'f', email: 'fay@elsewhere.example', email_verified: true, name: 'Fay' }
  const fay = await begin(0)
  await fay.go(() => fay.page.locator('button[name=provider]', { hasText: 'Facebook' }).click())
  t.equal(await fay.page.getAttribute('main', 'data-step'), 'address')
  t.equal(await fay.page.inputValue('input[name=email]'), 'fay@elsewhere.example')
  await look(t, fay, 'sign-up-address', EITHER)
  await prove(fay, 'fay@elsewhere.example')
  await finish(fay, 'fay@elsewhere.example', 'Fay')
  service.advance(31_000)
  const other = await begin(0, await makeFlow(service, { providers: ['EmailOtpSignup-OAUTH', 'Facebook-OAUTH'] }))
  t.equal((await prove(other, 'fay@elsewhere.example')).name, 'blocked', 'a code to her mailbox does not open it')
  await look(t, other, 'sign-up-taken', EITHER)
  await other.go(() => other.page.locator('button[name=provider]', { hasText: 'Facebook' }).click())
  t.match(other.page.url(), '/myapps', 'the button does')

  saml.signsInAs = { nameId: 'sam', email: 'sam@saml.example' }
  const sam = await begin(1)
  await sam.page.fill('input[name=email]', 'sam@saml.example')
  t.equal((await sam.go(() => sam.page.press('input[name=email]', 'Enter'))).name, 'home')
  await sam.press('Back')
  await finish(sam, 'sam@saml.example', 'Sam')

  const { tenantId } = await service.otherTenant('fabrikam.example')
  await service.services.database.withTenant(tenantId, (scope) =>
    insertUser(scope, {
      tenantId,
      id: service.services.newId(),
      userPrincipalName: 'nils@fabrikam.example',
      displayName: 'Nils',
      mail: 'nils@fabrikam.example',
      mailFolded: 'nils@fabrikam.example',
      mailNickname: 'nils',
      userType: 'Member',
      createdDateTime: service.services.clock(),
    }),
  )
  // Where there is Microsoft, a member elsewhere has two ways.
  const nils = await begin(0, await makeFlow(service, { providers, questions: [{ id: 'displayName' }] }))
  await nils.page.fill('input[name=email]', 'nils@fabrikam.example')
  t.equal((await nils.go(() => nils.page.press('input[name=email]', 'Enter'))).name, 'sign-in')
  await nils.go(() => nils.page.locator('button[value=send]').click())
  const [code = ''] = codesIn(await service.waitForMails('nils@fabrikam.example'))
  t.equal((await nils.enter(code)).name, 'sign-up')
  await finish(nils, 'nils@fabrikam.example', 'Nils')
})

t.test('two tabs, a double submit, a lost session', async (t) => {
  says()
  const guest = await visitor(t)
  await guest.open(url)
  await prove(guest, 'cy@elsewhere.example')
  const second = await guest.page.context().newPage()
  await second.goto(url)
  await fill(guest, { city: 'Faro' })
  await guest.press('Continue')
  t.equal(await guest.page.getAttribute('main', 'data-step'), 'terms')
  const stepOf = () => guest.page.getAttribute('main', 'data-step')
  await guest.press('Change my answers', 'link')
  t.equal(await guest.page.inputValue('#city'), 'Faro')
  await guest.page.goBack()
  t.equal(await stepOf(), 'terms', 'back from there')
  // All steps have one address: back leaves the flow, and forward is where it was left.
  await guest.page.goBack()
  await guest.page.goForward()
  t.equal(await stepOf(), 'terms')
  // The other tab still shows the form, and its answers count as long as nobody is made of the first.
  const inSecond = { page: second } as Visitor
  await fill(inSecond, { city: 'Beja' })
  await second.getByRole('button', { name: 'Continue' }).click()
  await second.waitForSelector('[data-step=terms]')

  await guest.page.context().clearCookies({ name: 'vs' })
  t.equal((await guest.open(url)).name, 'choose-provider', 'without the session nothing of it is shown')
  service.advance(31_000)
  t.equal((await prove(guest, 'cy@elsewhere.example')).name, 'sign-up')
  t.equal(await guest.page.inputValue('#city'), 'Beja', 'proved once more, nothing is lost')
  await guest.press('Continue')
  await guest.page.check('#agree')
  await guest.page.getByRole('button', { name: 'Create my guest account' }).dblclick()
  await guest.page.waitForSelector('[data-page=my-apps]')
  t.match(await usersOf(service, 'cy@elsewhere.example'), [{ city: 'Beja' }])
})

t.test('blocked, and a connector that does not answer', async (t) => {
  says({ action: 'ShowBlockPage', userMessage: 'Your request is being processed.' })
  const guest = await visitor(t)
  await guest.open(url)
  t.equal((await prove(guest, 'di@elsewhere.example')).name, 'blocked')
  await look(t, guest, 'sign-up-blocked')
  says({}, {}, 500)
  await guest.press('Start again')
  await prove(guest, 'ed@elsewhere.example')
  await fill(guest)
  t.equal((await guest.press('Continue')).name, 'error')
  await look(t, guest, 'sign-up-failed')
  says()
  t.equal((await guest.press('Try again')).name, 'sign-up')
  t.equal(await guest.page.getAttribute('main', 'data-step'), 'terms')
  t.strictSame(guest.complaints, [])
})

t.test('what either connector may say, in a browser', async (t) => {
  // Nothing is to be corrected before anything was typed, so that is no answer to the first.
  says({ action: 'ValidationError', status: 400, userMessage: 'No.' })
  const guest = await visitor(t)
  await guest.open(url)
  t.equal((await prove(guest, 'kim@elsewhere.example')).name, 'error')
  const long = 'x'.repeat(300)
  says({}, { action: 'ShowBlockPage', userMessage: `<b>Not</b> this year. ${long}` })
  t.equal((await guest.press('Try again')).name, 'sign-up')
  await fill(guest)
  t.equal((await guest.press('Continue')).name, 'blocked')
  t.match(await guest.page.textContent('main'), '<b>Not</b> this year.', 'its words are text')
  await look(t, guest, 'sign-up-blocked-long', EITHER)
  t.strictSame(await usersOf(service, 'kim@elsewhere.example'), [])

  says({}, { city: 'Coimbra' })
  const other = await visitor(t, phoneWithoutScripts)
  await other.open(url)
  await prove(other, 'lou@elsewhere.example')
  await fill(other)
  await other.press('Continue')
  await other.page.check('#agree')
  t.equal((await other.press('Create my guest account')).name, 'my-apps')
  t.match(await usersOf(service, 'lou@elsewhere.example'), [{ city: 'Coimbra' }], 'the second one has the last word')
  t.strictSame([...guest.complaints, ...other.complaints], [])
})

t.test('how the pages look, and how heavy they are', async (t) => {
  says({ city: 'Lisboa' })
  const guest = await visitor(t)
  await guest.open(url)
  await look(t, guest, 'sign-up-begin')
  await prove(guest, 'flo@elsewhere.example')
  await look(t, guest, 'sign-up-form')
  await fill(guest, { [names.employees]: '9000', day: '31', month: '2', [names.contact]: 'nobody' })
  await guest.press('Continue')
  await look(t, guest, 'sign-up-errors')
  await fill(guest, { [names.contact]: 'a@b.example' })
  await guest.press('Continue')
  await look(t, guest, 'sign-up-terms')
  t.ok(Buffer.byteLength(await guest.page.content()) < 60_000)
  await guest.press('Change my answers', 'link')
  await guest.page.locator('summary', { hasText: 'English' }).click()
  await guest.press('Deutsch', 'link')
  t.match(await guest.page.textContent('form'), 'Heimatort', 'the same page in the language that was picked')
  t.equal(await guest.page.inputValue('#city'), 'Porto')
  await guest.open(`${url}?edit=1&lang=ar`)
  t.equal(await guest.page.getAttribute('html', 'dir'), 'rtl')
  await look(t, guest, 'sign-up-form-ar')
  t.ok(Buffer.byteLength(await guest.page.content()) < 60_000)
  t.strictSame(guest.complaints, [])
})

t.test('the work that an organization asks of browsers first', async (t) => {
  await service.rows(`update tenants set version = version + 1, settings = '{"signUpChallenge": true}'`)
  service.services.tenants.forget()
  says()
  for (const [index, mode] of modes.slice(0, 2).entries()) {
    const guest = await visitor(t, mode)
    await guest.open(url)
    if (index === 0) await look(t, guest, 'sign-up-work')
    await guest.page.fill('input[name=email]', `work${index}@elsewhere.example`)
    const step = await guest.go(() => guest.page.press('input[name=email]', 'Enter'))
    // Those without it are counted: as many as this network has begun above are more than may.
    t.equal(step.name, mode.javaScriptEnabled ? 'code' : 'limited', mode.name)
    t.strictSame(guest.complaints, [])
  }
  await service.rows(`update tenants set version = version + 1, settings = '{"signUpsPerNetworkAndHour": 1}'`)
  service.services.tenants.forget()
  const late = await visitor(t)
  await late.open(url)
  await late.page.fill('input[name=email]', 'late@elsewhere.example')
  const told = await late.go(() => late.page.press('input[name=email]', 'Enter'))
  t.match([told.status, told.name], [429, 'limited'])
  await look(t, late, 'sign-up-limited', EITHER)
})
