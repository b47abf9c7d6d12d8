import t, { type Test } from 'tap'
import { askForSecondStep } from '../support/authenticator.js'
import { Guest } from '../support/guest.js'
import { lastingToken } from '../support/people.js'
import { startService, type TestService } from '../support/service.js'
import { NO_TEXTS } from '../support/text-messages.js'
import { changeTenant, invited, rowsOf, signedIn } from './scene.js'

// Whoever earns by each message that reaches a number has it, and thousands like it, texted at somebody's cost.

const texted = async (service: TestService) =>
  (await rowsOf(service, "select count(*)::int as n from passcodes where channel = 'sms'"))[0]?.['n']
const number = (index: number) => `+3319900${String(1_000 + index)}`

async function start(t: Test): Promise<TestService> {
  const service = await startService(t, {
    workers: false,
    env: { ...NO_TEXTS, VESTIBULE_TRUSTED_PROXIES: '127.0.0.0/8,::1/128' },
  })
  await askForSecondStep(service)
  return service
}

/** Somebody past the first step, each from a network of their own. */
async function pumper(service: TestService, name: string, network: number) {
  const who = await invited(service, `${name}@partner.example`)
  const guest = await signedIn(service, who, new Guest())
  const url = `${who.link}&with=phone`
  await guest.get(url)
  const send = (phone: string) => guest.post(url, { phone }, { 'x-forwarded-for': `10.2.${network}.1` })
  return { guest, url, send }
}

// Seen to fail without the ten a day of `sign_in_second_step_limit`.
t.test('one person has ten messages a day, however many numbers they give', async (t) => {
  const service = await start(t)
  const { send } = await pumper(service, 'ana', 1)
  const pages = []
  for (let index = 0; index < 14; index++) pages.push(await send(number(index)))
  t.strictSame(
    pages.map(({ status }) => status),
    [...Array(10).fill(303), ...Array(4).fill(429)],
  )
  t.ok(Number(pages[13]?.headers.get('retry-after')) > 80_000)
  t.match(pages[13]?.html, 'at most 10 codes a day to one person')
  t.equal(await texted(service), 10)
})

t.test('countries that the operator has not named get none', async (t) => {
  const service = await startService(t, { workers: false, env: { ...NO_TEXTS, VESTIBULE_SMS_COUNTRIES: '+44, +49' } })
  await askForSecondStep(service)
  const { send } = await pumper(service, 'ana', 1)
  const far = await send(number(1))
  t.equal(far.status, 422)
  t.match(far.html, 'no text messages to numbers of this country')
  t.equal(await texted(service), 0)
  t.equal((await send('+442079460958')).status, 303)
  t.equal(await texted(service), 1)
  const { body } = await service.api('GET', "/users?$filter=mail eq 'ana@partner.example'")
  const path = `/users/${body.value[0].id}/authentication/phoneMethods`
  const token = await lastingToken(service)
  const given = await service.api('POST', path, { phoneNumber: number(1), phoneType: 'mobile' }, { token })
  t.match(given, { status: 400, body: { error: { innerError: { code: 'countryNotReached' } } } })
})

t.test('all at once are no more', async (t) => {
  const service = await start(t)
  const { send } = await pumper(service, 'ana', 1)
  await Promise.all(Array.from({ length: 30 }, (_, index) => send(number(index))))
  t.equal(await texted(service), 10)
})

t.test('one number gets one in thirty seconds and five in a quarter of an hour, whoever asks', async (t) => {
  const service = await start(t)
  const pumpers = [await pumper(service, 'ana', 1), await pumper(service, 'bo', 2)]
  await Promise.all(pumpers.map(({ send }) => send(number(1))))
  t.equal(await texted(service), 1)
  for (let index = 0; index < 8; index++) {
    service.advance(31_000)
    await pumpers[index % 2]?.send(number(1))
  }
  t.equal(await texted(service), 5)
})

// Seen to fail without the organization's number in `sign_in_second_step_limit`.
t.test('an organization pays for so many a day, whoever asks from wherever', async (t) => {
  const service = await start(t)
  await changeTenant(service, { settings: { textMessagesPerDay: 25 } })
  const pumpers = await Promise.all(['ana', 'bo', 'cy', 'dee'].map((name, index) => pumper(service, name, index)))
  const pages = await Promise.all(
    pumpers.flatMap(({ send }, who) => Array.from({ length: 9 }, (_, index) => send(number(who * 20 + index)))),
  )
  t.equal(await texted(service), 25)
  t.equal(pages.filter(({ status }) => status === 429).length, 11)
  const other = await service.otherTenant('fabrikam.example')
  t.equal((await service.rows('select 1 from passcodes', other.tenantId)).length, 0, 'of this organization alone')
  const [victim] = pumpers
  const page = await victim?.guest.get(victim.url)
  t.match(page?.html, 'Use an authenticator app', 'who signs in has other ways')

  await t.test('and one that wants none at all sends none', async (t) => {
    service.advance(25 * 3_600_000)
    await changeTenant(service, { settings: { textMessagesPerDay: 0 } })
    const body = { invitedUserEmailAddress: 'eve@partner.example', inviteRedirectUrl: 'https://app.example/' }
    const made = await service.api('POST', '/invitations', body, { token: await lastingToken(service) })
    const link: string = made.body.inviteRedeemUrl
    const eve = { id: made.body.id, userId: made.body.invitedUser.id, address: 'eve@partner.example', link, ticket: '' }
    const guest = await signedIn(service, eve)
    const before = await texted(service)
    t.equal((await guest.post(`${link}&with=phone`, { phone: number(99) })).status, 429)
    t.equal(await texted(service), before)
  })
})
