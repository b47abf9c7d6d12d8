import t from 'tap'
import { newestCode, relyingParty, start } from '../provider/relying-party.js'
import { appFrom, askForSecondStep } from '../support/authenticator.js'
import { startService, type TestService } from '../support/service.js'
import { guestOf, organizationsOf, Person } from './world.js'

type Other = Awaited<ReturnType<TestService['otherTenant']>>
let service: TestService
let fabrikam: Other
let wingtip: Other
t.before(async () => {
  service = await startService(t)
  fabrikam = await service.otherTenant('fabrikam.example')
  wingtip = await service.otherTenant('wingtip.example')
})

const account = (tenantId: string) => `/myaccount?tenant=${tenantId}`
const apps = (tenantId: string) => `/myapps?tenant=${tenantId}`
const sessionsAt = (tenantId: string, userId: string) =>
  service.rows(`select * from sessions where user_id = '${userId}'`, tenantId)

async function switchTo(person: Person, to: string, from = service.tenantId): Promise<Person> {
  await person.open(account(from))
  return person.submit({ to }, `/myapps/switch?tenant=${from}`)
}

t.test('one mailbox, several organizations: one code opens all of them', async (t) => {
  const mail = 'ana@partner.example'
  const here = await guestOf(service, mail)
  const there = await guestOf(service, mail, fabrikam)
  const person = await new Person(service).signIn(account(service.tenantId), mail)
  t.strictSame(organizationsOf(person), { switchable: ['fabrikam.example'], named: ['fabrikam.example'] })
  t.match(await switchTo(person, fabrikam.tenantId), { status: 200, name: 'my-apps' })
  t.match(person.url, fabrikam.tenantId)
  t.match(await person.open(apps(service.tenantId)), { name: 'my-apps' }, 'and is still signed in here')

  const [mine] = await sessionsAt(service.tenantId, here.id)
  const [theirs] = await sessionsAt(fabrikam.tenantId, there.id)
  t.strictSame(theirs?.['expires_date_time'], mine?.['expires_date_time'], 'no longer than the proof')
  t.strictSame(theirs?.['created_date_time'], mine?.['created_date_time'], 'as old as the proof')
  t.strictSame(theirs?.['amr'], ['otp'])
  await switchTo(person, fabrikam.tenantId)
  t.equal((await sessionsAt(fabrikam.tenantId, there.id)).length, 1, 'twice is once')
})

t.test('who is not known by what was proved is not listed, and the way there is signing in', async (t) => {
  const mail = 'eve@partner.example'
  await guestOf(service, mail)
  // Each would be the same person if an address were a proof.
  const pending = { invitedUserEmailAddress: mail, inviteRedirectUrl: 'https://app.example/' }
  await service.api('POST', '/invitations', pending, { token: fabrikam.token })
  await guestOf(service, mail, wingtip, { issuer: 'https://idp.partner.example', subject: 'eve' })
  const person = await new Person(service).signIn(account(service.tenantId), mail)
  t.strictSame(organizationsOf(person).named, [])
  for (const to of [fabrikam.tenantId, wingtip.tenantId]) {
    t.match(await switchTo(person, to), { name: 'sign-in' })
  }
  t.equal(
    (await switchTo(person, '00000000-0000-4000-8000-000000000000')).url,
    service.baseUrl + apps(service.tenantId),
  )
})

t.test('a disabled account and an ended one are named with whom to ask, and not opened', async (t) => {
  const mail = 'dan@partner.example'
  await guestOf(service, mail)
  const disabled = await guestOf(service, mail, fabrikam)
  const ended = await guestOf(service, mail, wingtip)
  const { token } = fabrikam
  await service.api(
    'PATCH',
    `/organization/${fabrikam.tenantId}`,
    { privacyProfile: { contactEmail: 'ask@fabrikam.example' } },
    { token },
  )
  await service.api('PATCH', `/users/${disabled.id}`, { accountEnabled: false }, { token })
  const person = await new Person(service).signIn(account(service.tenantId), mail)
  const over = { accessEndDateTime: new Date(service.services.clock().getTime() + 20_000).toISOString() }
  await service.api('PATCH', `/users/${ended.id}`, over, { token: wingtip.token })
  service.advance(21_000)
  await person.open(account(service.tenantId))
  t.strictSame(organizationsOf(person), { switchable: [], named: ['fabrikam.example', 'wingtip.example'] })
  t.match(person.page, /switched off\. To leave, write to .*ask@fabrikam\.example/)
  t.match(person.page, /access there has ended\. To leave, ask whoever invited you/)
  for (const to of [fabrikam.tenantId, wingtip.tenantId]) t.match(await switchTo(person, to), { name: 'sign-in' })
  t.equal((await sessionsAt(fabrikam.tenantId, disabled.id)).length, 0)
})

t.test('the rules of signing in are those of the organization one goes to', async (t) => {
  const mail = 'max@partner.example'
  await guestOf(service, mail)
  const there = await guestOf(service, mail, fabrikam)
  const person = await new Person(service).signIn(account(service.tenantId), mail)

  await t.test('its second step is asked, whatever was passed here', async (t) => {
    await service.api(
      'PATCH',
      '/policies/guestAuthenticationPolicy',
      { isMfaRequired: true },
      { token: fabrikam.token },
    )
    await askForSecondStep(service)
    await person.open(apps(service.tenantId))
    t.equal(person.name, 'mfa')
    await person.submit({ code: appFrom(person.page).codeAt(service.services.clock()) })
    await person.submit({ action: 'kept' })
    t.equal(person.name, 'my-apps')
    t.match(await switchTo(person, fabrikam.tenantId), { name: 'mfa' })
    const app = appFrom(person.page)
    await person.submit({ code: app.codeAt(service.services.clock()) })
    t.match(await person.submit({ action: 'kept' }), { name: 'my-apps' })
    t.match(await person.open(apps(service.tenantId)), { name: 'my-apps' }, 'the new handle counts here too')
    await askForSecondStep(service, { isMfaRequired: false })
    await service.api(
      'PATCH',
      '/policies/guestAuthenticationPolicy',
      { isMfaRequired: false },
      { token: fabrikam.token },
    )
  })

  await t.test('sessions that were revoked there after the proof do not come back by switching', async (t) => {
    service.advance(1_000)
    await service.api('POST', `/users/${there.id}/revokeSignInSessions`, undefined, { token: fabrikam.token })
    t.match(await switchTo(person, fabrikam.tenantId), { name: 'sign-in' })
    t.equal((await sessionsAt(fabrikam.tenantId, there.id)).length, 0)
  })

  await t.test('passcodes switched off there are no way in', async (t) => {
    const mail = 'kim@partner.example'
    await guestOf(service, mail)
    await guestOf(service, mail, wingtip)
    const kim = await new Person(service).signIn(account(service.tenantId), mail)
    const passcodes = '/identity/identityProviders/EmailOtpSignup-OAUTH'
    const off = await service.api('DELETE', passcodes, undefined, { token: wingtip.token })
    t.equal(off.status, 204, off.text)
    t.match(await switchTo(kim, wingtip.tenantId), { name: 'sign-in' })
  })
})

t.test('a member goes from home to where they are a guest, and on; home itself asks again', async (t) => {
  const member = { issuer: 'ExternalAzureAD', subject: `${service.tenantId}/${service.adminId}` }
  const mail = 'admin@contoso.example'
  await guestOf(service, mail, fabrikam, member)
  await guestOf(service, mail, wingtip, member)
  const person = await new Person(service).signIn(account(service.tenantId), mail)
  t.strictSame(organizationsOf(person).switchable, ['fabrikam.example', 'wingtip.example'])
  t.match(person.page, 'Your home organization')
  t.match(await switchTo(person, fabrikam.tenantId), { name: 'my-apps' })
  await person.open(account(fabrikam.tenantId))
  t.strictSame(organizationsOf(person), {
    switchable: ['wingtip.example'],
    named: ['contoso.example', 'wingtip.example'],
  })
  t.match(await switchTo(person, wingtip.tenantId, fabrikam.tenantId), { name: 'my-apps' })
})

/** An application asks a signed-in browser to sign in anew. */
async function signInAgain(person: Person) {
  const { config } = await relyingParty(service)
  const { url } = await start(config, { prompt: 'login' })
  await person.open(url.href)
  return Object.assign(person, {
    async prove(address: string) {
      const before = (await service.mails(address)).length
      await person.submit({ email: address })
      await service.waitForMails(address, before + 1)
      return person.submit({ code: await newestCode(service, address) })
    },
  })
}

t.test('one browser is one, wherever it goes on from and whatever way it came there', async (t) => {
  const mail = 'admin@contoso.example'
  const tailspin = await service.otherTenant('tailspin.example')
  const byMailbox = await guestOf(service, mail, tailspin)
  const [asMember] = await service.rows(`select id from users where mail = '${mail}'`, fabrikam.tenantId)
  const places: [string, string][] = [
    [service.tenantId, service.adminId],
    [fabrikam.tenantId, String(asMember?.['id'])],
    [tailspin.tenantId, byMailbox.id],
  ]
  for (const [tenantId] of places) await service.rows('delete from sessions', tenantId)
  service.advance(31_000)
  const everywhere = async () => {
    const person = await new Person(service).signIn(account(service.tenantId), mail)
    for (const { tenantId } of [fabrikam, tailspin]) t.match(await switchTo(person, tenantId), { name: 'my-apps' })
    return person
  }
  const handles = async () => {
    const rows = await Promise.all(places.map(([tenantId, userId]) => sessionsAt(tenantId, userId)))
    return rows.map((found) => found.map((row) => row['handle_hash'].toString('hex')))
  }

  await t.test('a second step where they are a guest gives it another handle in all of them', async (t) => {
    const person = await everywhere()
    const { token } = fabrikam
    await service.api('PATCH', '/policies/guestAuthenticationPolicy', { isMfaRequired: true }, { token })
    await person.open(apps(fabrikam.tenantId))
    await person.submit({ code: appFrom(person.page).codeAt(service.services.clock()) })
    t.match(await person.submit({ action: 'kept' }), { name: 'my-apps' })
    const [home, guest, other] = await handles()
    t.strictSame([home, other], [guest, guest])
    for (const [tenantId] of places) t.match(await person.open(apps(tenantId)), { name: 'my-apps' })
    await service.api('PATCH', '/policies/guestAuthenticationPolicy', { isMfaRequired: false }, { token })
    await person.submit({}, `/myapps/sign-out?tenant=${fabrikam.tenantId}`)
    t.strictSame(await handles(), [[], [], []], 'signing out there is signing out at home')
  })

  await t.test('signing in again where one is signed in gives another handle in all of them, too', async (t) => {
    service.advance(16 * 60_000)
    const person = await everywhere()
    const [[before]] = (await handles()) as [[string]]
    const again = await signInAgain(person)
    t.match(again, { status: 200, name: 'sign-in' }, 'an application that asks anew shows the page')
    service.advance(31_000)
    await again.prove(mail)
    const [home, guest, other] = await handles()
    t.strictSame([home?.length, guest, other], [1, home, home])
    t.not(home?.[0], before, 'whoever knew the old handle has nothing')
    for (const [tenantId] of places) t.match(await person.open(apps(tenantId)), { name: 'my-apps' })
  })

  await t.test('whoever signs in over somebody else’s session ends it wherever it reached', async (t) => {
    service.advance(31_000)
    const zoe = await guestOf(service, 'zoe@partner.example')
    for (const [tenantId] of places) await service.rows('delete from sessions', tenantId)
    const person = await everywhere()
    const again = await signInAgain(person)
    await again.prove(zoe.mail)
    t.strictSame(await handles(), [[], [], []])
    t.equal((await sessionsAt(service.tenantId, zoe.id)).length, 1)
    for (const { tenantId } of [fabrikam, tailspin]) t.match(await person.open(apps(tenantId)), { name: 'sign-in' })
  })

  await t.test('another browser is signed out of all that it reached', async (t) => {
    service.advance(15 * 60_000)
    await everywhere()
    service.advance(31_000)
    const person = await new Person(service).signIn(account(tailspin.tenantId), mail)
    await person.submit({ which: 'others' }, `/myaccount/browsers?tenant=${tailspin.tenantId}`)
    t.strictSame(
      (await handles()).map(({ length }) => length),
      [0, 0, 1],
    )
  })
})
