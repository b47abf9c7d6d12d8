import t, { type Test } from 'tap'
import { maskPhoneNumber } from '../../../src/sign-in/authentication-methods/rules.js'
import { passcodeOf } from '../../../src/sign-in/index.js'
import { invited, rowsOf, signedIn } from '../../attacks/scene.js'
import { askForSecondStep, recoveryCodesIn, stepOf, toldOfChanges } from '../../support/authenticator.js'
import { Guest } from '../../support/guest.js'
import { startService, type TestService } from '../../support/service.js'
import { NO_TEXTS, otherCode, startTexts, stepCode } from '../../support/text-messages.js'
import { ANA, partnerHome, viaHome } from '../home.js'

const NUMBER = '+442079460958'

async function start(t: Test, env: Record<string, string> = NO_TEXTS): Promise<TestService> {
  const service = await startService(t, { workers: false, env })
  await askForSecondStep(service)
  return service
}

/** A guest past the first step, and the address of the step by phone. */
async function atPhone(service: TestService, name = 'ana') {
  const who = await invited(service, `${name}@partner.example`)
  const guest = await signedIn(service, who)
  const url = `${who.link}&with=phone`
  return { who, guest, url }
}

t.test('a number is masked where it is shown', async (t) => {
  t.equal(maskPhoneNumber(NUMBER), '+44 ••••• 58')
})

t.test('a guest sets a phone up with a message that really leaves, and the next sign-in asks it', async (t) => {
  const texts = await startTexts(t)
  const service = await startService(t, { env: texts.env })
  await askForSecondStep(service)
  const { who, guest, url } = await atPhone(service)
  t.match((await guest.get(who.link)).html, 'with=phone', 'the page has a link to it')
  const asked = await guest.get(url)
  t.equal(stepOf(asked), 'mfa enrol')
  t.match(asked.headers.get('content-security-policy'), "default-src 'none'", 'without a script')

  for (const phone of ['07946 0958', '', 'call me']) {
    const wrong = await guest.post(url, { phone })
    t.equal(`${wrong.status} ${stepOf(wrong)}`, '422 mfa enrol', phone)
    t.match(wrong.html, 'aria-invalid="true"')
  }
  t.strictSame(await rowsOf(service, "select * from passcodes where channel = 'sms'"), [])

  const sent = await guest.post(url, { phone: '+44 (20) 7946-0958' })
  t.equal(sent.status, 303)
  t.match(sent.location, 'with=phone', 'and the way is kept')
  await texts.until(() => texts.received.length === 1)
  const [message] = texts.received
  const code = /\b\d{6}\b/.exec(message?.body.text)?.[0] ?? ''
  t.equal(message?.body.to, NUMBER)
  t.equal(code, await stepCode(service, NUMBER))
  t.match(message?.body.text, /^\d{6} is your code for Contoso\. It works for 10 minutes\./)

  const page = await guest.get(url)
  t.equal(stepOf(page), 'mfa enrol')
  t.match(page.html, '+44 ••••• 58')
  t.notMatch(page.html, NUMBER)
  const wrong = await guest.post(url, { code: otherCode(code) })
  t.equal(`${wrong.status} ${stepOf(wrong)}`, '422 mfa enrol')
  t.match(wrong.html, '4 tries left')
  t.equal((await guest.post(url, { code: '12' })).status, 422)
  const before = guest.cookies.get('vs')
  t.equal((await guest.post(url, { code: `${code.slice(0, 3)} ${code.slice(3)}` })).status, 303)
  t.not(guest.cookies.get('vs'), before, 'the session has a new handle')
  t.equal(recoveryCodesIn((await guest.get(who.link)).html).length, 10)
  await guest.post(who.link, { action: 'kept' })
  t.equal((await guest.get(who.link)).name, 'consent')
  t.strictSame(await rowsOf(service, 'select amr from sessions'), [{ amr: ['otp', 'sms', 'mfa'] }])
  t.match(await rowsOf(service, 'select kind, phone_number, user_id from authentication_methods'), [
    { kind: 'phone', phone_number: NUMBER, user_id: who.userId },
  ])

  service.advance(61_000)
  const next = await signedIn(service, who, new Guest())
  const challenge = await next.get(who.link)
  t.equal(stepOf(challenge), 'mfa challenge')
  t.match(challenge.html, 'Send code to', 'nothing is sent before it is asked for')
  t.equal(texts.received.length, 1)
  t.match(challenge.html, 'with=recoveryCode')
  t.equal((await next.post(who.link, { action: 'send' })).status, 303)
  await next.get(who.link)
  t.equal((await next.post(who.link, { code: await stepCode(service, NUMBER) })).status, 303)
  t.equal((await next.get(who.link)).name, 'consent')

  await t.test('and is told by mail when another number takes the place of that one', async (t) => {
    const phones = `/users/${who.userId}/authentication/phoneMethods`
    const [{ id }] = (await service.api('GET', phones)).body.value
    t.equal((await service.api('DELETE', `${phones}/${id}`)).status, 204)
    const wish = { phoneNumber: '+442079460959', phoneType: 'mobile' }
    t.equal((await service.api('POST', phones, wish)).status, 201)
    const told = await toldOfChanges(service, 'ana@partner.example', 3)
    t.strictSame([...told].sort(), [
      'A phone was added',
      'A phone was added, by another',
      'A phone was removed, by another',
    ])
    const mails = await service.mails('ana@partner.example')
    t.notOk(
      mails.some(({ text }) => text.includes('79460959') || text.includes(NUMBER)),
      'no number is in a mail',
    )
  })
})

t.test('another number can be given, and the code to the first is over', async (t) => {
  const service = await start(t)
  const { guest, url } = await atPhone(service)
  await guest.post(url, { phone: NUMBER })
  await guest.get(url)
  const first = await stepCode(service, NUMBER)
  const asked = await guest.post(url, { action: 'number' })
  t.match(asked.html, 'name="phone"')
  t.equal((await guest.post(url, { phone: '+33199001234' })).status, 303, 'thirty seconds are for one number')
  t.match((await guest.get(url)).html, '+33 ••••• 34')
  if (first !== (await stepCode(service, '+33199001234'))) {
    t.equal((await guest.post(url, { code: first })).status, 422)
  }
  t.equal((await guest.post(url, { code: await stepCode(service, '+33199001234') })).status, 303)
  t.match(await rowsOf(service, 'select phone_number from authentication_methods'), [{ phone_number: '+33199001234' }])
})

t.test('a new code waits thirty seconds and takes the place of the old one', async (t) => {
  const service = await start(t)
  const { guest, url } = await atPhone(service)
  await guest.post(url, { phone: NUMBER })
  await guest.get(url)
  const first = await stepCode(service, NUMBER)
  const early = await guest.post(url, { action: 'send' })
  t.equal(`${early.status} ${early.name}`, '429 limited')
  t.ok(Number(early.headers.get('retry-after')) <= 30)
  t.match(early.html, 'name="code"', 'the live one can still be typed')
  service.advance(31_000)
  t.equal((await guest.post(url, { action: 'send' })).status, 303)
  const second = await stepCode(service, NUMBER)
  if (first !== second) t.equal((await guest.post(url, { code: first })).status, 422)
  t.equal((await guest.post(url, { code: second })).status, 303)
})

t.test('a code lives ten minutes and opens once', async (t) => {
  const service = await start(t)
  const { who, guest, url } = await atPhone(service)
  await guest.post(url, { phone: NUMBER })
  await guest.get(url)
  const code = await stepCode(service, NUMBER)
  service.advance(10 * 60_000 + 1_000)
  const late = await guest.post(url, { code })
  t.equal(`${late.status} ${stepOf(late)}`, '422 mfa enrol')
  t.match(late.html, '10 minutes are over')
  t.strictSame(await rowsOf(service, 'select * from second_step_failures'), [], 'which is no wrong guess')
  await guest.post(url, { action: 'send' })
  const fresh = await stepCode(service, NUMBER)
  const pages = await Promise.all(Array.from({ length: 5 }, () => guest.post(url, { code: fresh })))
  t.ok(pages.every(({ status }) => status === 303 || status === 422 || status === 403))
  t.match(await rowsOf(service, 'select kind from authentication_methods'), [{ kind: 'phone' }])
  t.equal(stepOf(await guest.get(who.link)), 'mfa recovery-codes')
})

t.test('where nobody sends text messages, phones are no way', async (t) => {
  const service = await start(t, {})
  const { who, guest, url } = await atPhone(service)
  t.notMatch((await guest.get(who.link)).html, 'with=phone')
  t.match((await guest.get(url)).html, 'otpauth:')
  t.equal((await guest.post(url, { phone: NUMBER })).status, 200)
  t.strictSame(await rowsOf(service, "select * from passcodes where channel = 'sms'"), [])
})

t.test('a code by mail is for guests whose first step was at their home', async (t) => {
  const records = new Map<string, string[]>()
  const service = await startService(t, {
    workers: false,
    env: NO_TEXTS,
    resolveTxt: async (name) => records.get(name) ?? [],
  })
  await askForSecondStep(service)
  const home = await partnerHome(t, service, records)
  home.signsInAs = ANA
  const { inviteRedeemUrl: link } = await service.invite(ANA.email)
  const guest = new Guest()
  const page = await viaHome(service, guest, link)
  t.equal(stepOf(page), 'mfa challenge')
  t.match(page.html, 'Send code to')
  t.notMatch(page.html, ANA.email)
  const back = page.url
  t.equal((await guest.post(back, { action: 'send' })).status, 303)
  const [row] = await rowsOf(service, 'select channel, digits, address from passcodes')
  t.match(row, { channel: 'mail', digits: 6, address: ANA.email })
  t.match(await rowsOf(service, 'select topic from outbox'), [{ topic: 'passcode.mail' }])
  await guest.get(back)
  t.equal((await guest.post(back, { code: await stepCode(service, ANA.email) })).status, 303)
  t.equal((await guest.get(link)).name, 'consent')
  t.strictSame(await rowsOf(service, 'select amr from sessions'), [{ amr: ['otp', 'mfa'] }])

  await t.test('never for who has shown that very mailbox', async (t) => {
    const bo = await invited(service, 'bo@elsewhere.example')
    const passcoded = await signedIn(service, bo)
    const asked = await passcoded.get(`${bo.link}&with=email`)
    t.equal(stepOf(asked), 'mfa enrol')
    t.notMatch(asked.html, 'Get a code by e-mail')
    await passcoded.post(`${bo.link}&with=email`, { action: 'send' })
    t.strictSame(
      await rowsOf(
        service,
        "select * from passcodes where address_folded = 'bo@elsewhere.example' and user_id is not null",
      ),
      [],
    )
  })
})

t.test('nor for members of another organization here, who showed the same mailbox there', async (t) => {
  const service = await start(t)
  const other = await service.otherTenant('fabrikam.example')
  const { inviteRedeemUrl: link } = await service.invite('admin@fabrikam.example')
  const guest = new Guest()
  const there = await viaHome(service, guest, link)
  t.equal(there.name, 'sign-in')
  await guest.post(there.url, { action: 'send' })
  await guest.get(there.url)
  const [row] = await service.rows('select id from passcodes order by id desc limit 1', other.tenantId)
  const proved = await guest.post(there.url, {
    code: passcodeOf(service.services.keys, other.tenantId, row?.['id']),
  })
  t.equal(proved.status, 303)
  t.equal(stepOf(await guest.get(`${link}&with=email`)), 'mfa enrol')
})
