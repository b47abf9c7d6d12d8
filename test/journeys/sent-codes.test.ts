import t from 'tap'
import { ANA, partnerHome } from '../sign-in/home.js'
import { askForSecondStep, recoveryCodesIn } from '../support/authenticator.js'
import { modes, startJourneys, type Visitor } from '../support/browser.js'
import { look } from '../support/look.js'
import { otherCode, startTexts } from '../support/text-messages.js'

/** Second steps by a code that is sent, in a real browser: a phone set up and asked, a mailbox after a home. */
const texts = await startTexts(t)
const records = new Map<string, string[]>()
const { service, visitor, invite, landing } = await startJourneys(t, {
  domain: 'fabrikam.example',
  env: texts.env,
  resolveTxt: async (name) => records.get(name) ?? [],
})
await askForSecondStep(service)

/** The code of the next message to a number, once it has come. */
async function codeTo(number: string, count: number): Promise<string> {
  const sent = () => texts.received.filter(({ body }) => body.to === number)
  await texts.until(() => sent().length >= count)
  return /\b\d{6}\b/.exec(sent().at(-1)?.body.text)?.[0] ?? ''
}

const typeNumber = (guest: Visitor, number: string) =>
  guest.go(async () => {
    await guest.page.fill('input[name=phone]', number)
    await guest.page.press('input[name=phone]', 'Enter')
  })

for (const mode of modes) {
  t.test(`a phone, ${mode.name}`, async (t) => {
    const index = modes.indexOf(mode)
    const address = `phone-${index}@proseware.example`
    const number = `+44207946095${index}`
    const { link } = await invite(address)
    const guest = await visitor(t, mode)
    await guest.signIn(link, address)
    await guest.press('Get a code by text message', 'link')
    t.equal((await typeNumber(guest, '020 7946 0958')).status, 422)
    t.match(await guest.text(), 'Enter the whole number with its country code')
    t.equal((await typeNumber(guest, number)).name, 'mfa')
    t.match(await guest.text(), `We sent 6 digits to +44 ••••• 5${index}`)
    const code = await codeTo(number, 1)
    t.equal((await guest.enter(otherCode(code))).status, 422)
    await guest.enter(code)
    t.equal(recoveryCodesIn(await guest.text()).length, 10)
    t.equal((await guest.press('I have kept them')).name, 'consent')
    t.equal((await guest.press('Accept')).url, `${landing.url}/welcome`)

    const later = await visitor(t, mode)
    service.advance(61_000)
    await later.signIn(link, address)
    await later.press(/^Send code to/)
    t.equal((await later.enter(await codeTo(number, 2))).url, `${landing.url}/welcome`)
    t.strictSame([...guest.complaints, ...later.complaints], [])
  })
}

t.test('the pages, as they look', async (t) => {
  // Looking takes its time, and a new code is to be had after thirty seconds.
  service.stopClock(t)
  const address = 'looker@proseware.example'
  const number = '+442079460977'
  const { link } = await invite(address)
  const guest = await visitor(t)
  await guest.signIn(link, address)
  await guest.press('Get a code by text message', 'link')
  await look(t, guest, 'mfa-phone-enrol')
  await typeNumber(guest, 'my phone')
  await look(t, guest, 'mfa-phone-malformed')
  await typeNumber(guest, number)
  await look(t, guest, 'mfa-phone-sent')
  const code = await codeTo(number, 1)
  await guest.enter(otherCode(code))
  await look(t, guest, 'mfa-phone-wrong')
  t.equal((await guest.press('Send a new code')).status, 429)
  await look(t, guest, 'mfa-phone-limited')
  await guest.press('Use another number')
  t.equal(await guest.page.locator('input[name=phone]').count(), 1)
  await guest.open(`${link}&with=phone`)
  await guest.enter(code)
  await guest.press('I have kept them')
  await guest.press('Accept')
  service.advance(61_000)
  const later = await visitor(t)
  await later.signIn(link, address)
  await look(t, later, 'mfa-phone-send')
  await later.press(/^Send code to/)
  service.advance(11 * 60_000)
  await later.enter(await codeTo(number, 2))
  await look(t, later, 'mfa-phone-expired')
  t.match(await later.text(), '10 minutes are over')
  t.strictSame([...guest.complaints, ...later.complaints], [])
})

t.test('a mailbox, after a home, without scripts', async (t) => {
  const home = await partnerHome(t, service, records)
  home.signsInAs = ANA
  const { link } = await invite(ANA.email)
  const guest = await visitor(t, modes[3])
  await guest.open(link)
  t.equal((await guest.press(/Partner/)).name, 'mfa')
  t.match(await guest.text(), 'We send a code to your mailbox')
  t.equal((await guest.press(/^Send code to/)).name, 'mfa')
  const [mail] = await service.waitForMails(ANA.email)
  const code = /^\d{6}$/m.exec(mail?.text ?? '')?.[0] ?? ''
  t.equal((mail?.text.match(/\b\d{6,8}\b/g) ?? []).length, 1, 'one number')
  t.match(mail?.text, /10\s+minutes/)
  await guest.enter(code)
  t.equal((await guest.press('Accept')).url, `${landing.url}/welcome`)
  t.strictSame(guest.complaints, [])
})

t.test('in every language, from right to left, too', async (t) => {
  const address = 'arabic@proseware.example'
  const { link } = await invite(address)
  const guest = await visitor(t, modes[0], { locale: 'ar' })
  await guest.signIn(link, address)
  await guest.open(`${link}&with=phone`)
  await look(t, guest, 'mfa-phone-enrol-ar')
  await typeNumber(guest, '+442079460988')
  await look(t, guest, 'mfa-phone-sent-ar')
  t.strictSame(guest.complaints, [])
})
