import t from 'tap'
import { deriveKeys } from '../../../src/platform/crypto.js'
import { invited, newestCode, rowsOf } from '../../attacks/scene.js'
import { Guest } from '../../support/guest.js'
import { TEST_SECRET } from '../../support/service.js'
import {
  acceptedByPassword,
  accountPage,
  PASSWORD,
  proved,
  signInByPassword,
  stepOf,
  switchPasscodes,
  withoutPasscodes,
  withPassword,
} from './local.js'

// Hashing passwords takes its time.
t.setTimeout(900_000)

t.test('a guest without a home gets an account with a password, and accepts with it', async (t) => {
  const service = await withoutPasscodes(t)
  const ana = await invited(service, 'ana@partner.example')
  const page = accountPage(ana)
  const guest = new Guest()

  const start = await guest.get(ana.link)
  t.equal(start.name, 'start')
  t.match(start.html, 'account at Contoso')
  t.notMatch(start.html, 'No new password')
  const on = await guest.post(ana.link, { action: 'continue' })
  t.match(on.location, '/redeem/account?')
  const intro = await guest.get(page)
  t.equal(stepOf(intro), 'account intro')
  t.match(intro.html, 'we check once that the mailbox is yours')
  t.notMatch(intro.html, 'ana@partner.example', 'whoever has the link does not learn the address')

  t.equal((await guest.post(page, { password: PASSWORD, again: PASSWORD })).status, 422, 'not before the mailbox')
  await guest.post(page, { action: 'send' })
  t.equal((await guest.get(page)).name, 'code')
  const wrong = await guest.post(page, { code: '00000000' })
  t.equal(wrong.status, 422)
  await guest.post(page, { code: await newestCode(service, ana.address) })
  const choose = await guest.get(page)
  t.equal(stepOf(choose), 'account choose')
  t.match(choose.html, 'At least 12 characters')

  for (const [password, again, said] of [
    ['short', 'short', 'too short'],
    ['partner.example', 'partner.example', 'easy to guess'],
    [PASSWORD, `${PASSWORD}!`, 'two passwords differ'],
    ['w'.repeat(257), 'w'.repeat(257), 'too long'],
  ] as const) {
    const refused = await guest.post(page, { password, again })
    t.equal(refused.status, 422, said)
    t.match(refused.html, said)
    t.notMatch(refused.html, `value="${password}"`, 'no page shows a password')
  }
  t.equal((await guest.post(page, { password: PASSWORD, again: PASSWORD })).status, 303)
  t.equal((await guest.get(ana.link)).name, 'consent')
  t.equal((await guest.post(ana.link, { choice: 'accept' })).location, 'https://app.example/welcome')

  const { body } = await service.api('GET', `/users/${ana.userId}?$select=externalUserState,identities`)
  t.equal(body.externalUserState, 'Accepted')
  t.match(body.identities[0], {
    signInType: 'emailAddress',
    issuer: 'contoso.example',
    issuerAssignedId: 'ana@partner.example',
  })
  const [row] = await rowsOf(service, 'select hash_sealed from local_passwords')
  t.notMatch(row?.['hash_sealed'].toString('latin1'), 'scrypt', 'the hash is sealed')
  t.match(await rowsOf(service, `select amr, authentication_method from sessions`), [
    { amr: ['pwd'], authentication_method: 'password' },
  ])
  const { value } = (await service.api('GET', '/auditLogs/signIns')).body
  t.match(value[0], {
    authenticationMethodsUsed: ['Password'],
    identityProvider: 'local',
    signInIdentifier: 'ana@partner.example',
    status: { errorCode: 0 },
  })
  t.match(value[1], { authenticationMethodsUsed: ['Email OTP'], status: { errorCode: 50126 } }, 'the wrong code')
})

t.test('an account is of one address: an invitation of another one of theirs does not open by it', async (t) => {
  const service = await withoutPasscodes(t)
  const ana = await acceptedByPassword(service, 'ana@partner.example')
  await service.api('PATCH', `/users/${ana.userId}`, { otherMails: ['ana@home.example'] })
  const { body } = await service.api('POST', '/invitations', {
    invitedUserEmailAddress: 'ana@home.example',
    inviteRedirectUrl: 'https://app.example/welcome',
  })
  const second = { link: body.inviteRedeemUrl as string }
  const page = await new Guest().get(second.link)
  t.equal(body.invitedUser.id === ana.userId ? page.name : 'blocked', 'blocked')
  t.equal((await signInByPassword(ana, PASSWORD)).status, 303)
})

t.test('it is signed in to again by its links, by later invitations, and not by a wrong password', async (t) => {
  const service = await withoutPasscodes(t)
  const ana = await acceptedByPassword(service, 'ana@partner.example')
  const returning = new Guest()
  t.equal((await returning.get(ana.link)).name, 'start')
  t.equal(stepOf(await returning.get(accountPage(ana))), 'account sign-in')
  const wrong = await returning.post(accountPage(ana), { password: 'nine quiet horses' })
  t.equal(wrong.status, 422)
  t.match(wrong.html, 'do not go together')
  const right = await signInByPassword(ana, PASSWORD, returning)
  t.equal(right.status, 303)
  t.equal((await returning.get(ana.link)).location, 'https://app.example/welcome')

  const second = await invited(service, 'ana@partner.example')
  const later = new Guest()
  t.equal((await signInByPassword(second, PASSWORD, later)).status, 303)
  t.equal((await later.get(second.link)).location, 'https://app.example/welcome', 'accepted once is accepted')
  t.strictSame(await rowsOf(service, 'select count(*)::int as n from password_tries'), [{ n: 0 }], 'a right one clears')
})

t.test(
  'a forgotten password is replaced by proving the mailbox again, which ends what the old one opened',
  async (t) => {
    const service = await withoutPasscodes(t)
    const ana = await acceptedByPassword(service, 'ana@partner.example')
    const before = new Guest()
    await signInByPassword(ana, PASSWORD, before)
    t.equal((await before.get(ana.link)).status, 303)
    service.advance(60_000)
    const guest = await proved(service, ana)
    t.match((await guest.get(accountPage(ana))).html, 'ends all sign-ins of the one before')
    const anew = 'seven loud geese swim'
    t.equal((await guest.post(accountPage(ana), { password: anew, again: anew })).status, 303)
    t.equal((await guest.get(ana.link)).location, 'https://app.example/welcome')
    t.equal((await before.get(ana.link)).name, 'start', 'the session of the old password is over')
    t.equal((await signInByPassword(ana, PASSWORD)).status, 422)
    t.equal((await signInByPassword(ana, anew)).status, 303)
    t.equal(
      (await guest.post(accountPage(ana), { password: PASSWORD, again: PASSWORD })).status,
      403,
      'another session',
    )
  },
)

t.test('a secret that changed keeps passwords, one that was dropped costs no more than choosing anew', async (t) => {
  const service = await withoutPasscodes(t)
  const ana = await acceptedByPassword(service, 'ana@partner.example')
  const { keys } = service.services
  const [row] = await rowsOf(service, 'select hash_sealed from local_passwords')
  const older = deriveKeys('a secret from before, 32 characters or more').seal(
    'password',
    keys.open('password', row?.['hash_sealed']),
  )
  await service.rows(`update local_passwords set hash_sealed = '\\x${older.toString('hex')}'`)
  t.equal((await signInByPassword(ana, PASSWORD)).status, 422, 'nobody can open it')
  const both = deriveKeys(TEST_SECRET, ['a secret from before, 32 characters or more'])
  Object.assign(keys, { open: both.open, isOutdated: both.isOutdated })
  t.equal((await signInByPassword(ana, PASSWORD)).status, 303, 'the one before still opens it')
  const [now] = await rowsOf(service, 'select hash_sealed from local_passwords')
  t.equal(both.isOutdated('password', now?.['hash_sealed']), false, 'and it is sealed with the one in force since')
})

t.test('one proof of the mailbox is good for one choice, in one browser, for fifteen minutes', async (t) => {
  const service = await withoutPasscodes(t)
  const ana = await invited(service, 'ana@partner.example')
  const guest = await proved(service, ana)
  const stranger = new Guest()
  t.equal(stepOf(await stranger.get(accountPage(ana))), 'account intro', 'another browser has proved nothing')
  service.advance(15 * 60_000)
  t.equal(stepOf(await guest.get(accountPage(ana))), 'account intro')
  const late = await guest.post(accountPage(ana), { password: PASSWORD, again: PASSWORD })
  t.equal(late.status, 422)
  t.strictSame(await rowsOf(service, 'select user_id from local_passwords'), [])
  await proved(service, ana, guest)
  const both = await Promise.all(
    [PASSWORD, 'seven loud geese swim'].map((password) => guest.post(accountPage(ana), { password, again: password })),
  )
  t.strictSame(
    both.map(({ location }) => location?.includes('/redeem/account')).sort(),
    [false, true],
    'the other one finds the proof used',
  )
})

t.test('a disabled guest does not get in, a deleted one is forgotten, a reset makes it anew', async (t) => {
  const service = await withoutPasscodes(t)
  const ana = await acceptedByPassword(service, 'ana@partner.example')
  const inside = new Guest()
  await signInByPassword(ana, PASSWORD, inside)
  await service.api('POST', `/users/${ana.userId}/revokeSignInSessions`)
  t.equal((await inside.get(ana.link)).name, 'start')
  await service.api('PATCH', `/users/${ana.userId}`, { accountEnabled: false })
  t.equal((await inside.get(accountPage(ana))).status, 303, 'the link tells it')
  t.equal((await inside.get(ana.link)).name, 'blocked')
  await service.api('PATCH', `/users/${ana.userId}`, { accountEnabled: true })
  t.equal((await signInByPassword(ana, PASSWORD)).status, 303)

  await service.api('DELETE', `/users/${ana.userId}`)
  t.strictSame(await rowsOf(service, 'select user_id from local_passwords'), [])
  service.advance(60_000)
  await service.api('POST', `/directory/deletedItems/${ana.userId}/restore`)
  const again = await invited(service, 'ana@partner.example')
  t.equal(stepOf(await new Guest().get(accountPage(again))), 'account intro')
  await withPassword(service, again)
  await service.api('POST', '/invitations', {
    invitedUserEmailAddress: 'ana@partner.example',
    inviteRedirectUrl: 'https://app.example/welcome',
    resetRedemption: true,
    invitedUser: { id: ana.userId },
  })
  t.strictSame(await rowsOf(service, 'select user_id from local_passwords'), [])
})

t.test(
  'a guest who was known by a code makes an account when codes are switched off, and is known as before',
  async (t) => {
    const service = await withoutPasscodes(t)
    await switchPasscodes(service, true)
    const ana = await invited(service, 'ana@partner.example')
    const guest = new Guest()
    await guest.get(ana.link)
    await guest.post(ana.link, { action: 'send' })
    await guest.get(ana.link)
    await guest.post(ana.link, { code: await newestCode(service, ana.address) })
    await guest.get(ana.link)
    t.equal((await guest.post(ana.link, { choice: 'accept' })).status, 303)
    await switchPasscodes(service, false)
    service.advance(60_000)

    const later = await withPassword(service, ana)
    t.equal((await later.get(ana.link)).location, 'https://app.example/welcome')
    await switchPasscodes(service, true)
    const back = new Guest()
    t.match((await back.get(ana.link)).html, 'Send code to', 'with codes on again it is a code')
  },
)

t.test('who began to sign in here is sent home when a home speaks for the domain since', async (t) => {
  const service = await withoutPasscodes(t)
  const ana = await invited(service, 'ana@partner.example')
  const guest = await withPassword(service, ana)
  t.equal((await guest.get(ana.link)).name, 'consent')
  await switchPasscodes(service, true)
  t.equal((await guest.post(ana.link, { choice: 'accept' })).name, 'start')
  t.equal((await service.api('GET', `/invitations/${ana.id}`)).body.status, 'PendingAcceptance')
})

t.test('with accounts here switched off as well the page says whom to ask', async (t) => {
  const service = await withoutPasscodes(t)
  const path = '/identity/identityProviders/EmailPassword-OAUTH'
  t.match((await service.api('GET', path)).body, { identityProviderType: 'EmailPassword' })
  t.equal((await service.api('DELETE', path)).status, 204)
  t.equal((await service.api('GET', path)).status, 404)
  const ana = await invited(service, 'ana@partner.example')
  const page = await new Guest().get(ana.link)
  t.equal(page.name, 'blocked')
  t.match(page.html, 'What you can do')
  const body = { '@odata.type': '#microsoft.graph.builtInIdentityProvider', identityProviderType: 'EmailPassword' }
  t.equal((await service.api('POST', '/identity/identityProviders', body)).status, 201)
  t.equal((await new Guest().get(ana.link)).name, 'start')
})
