import t from 'tap'
import { startService } from '../support/service.js'
import { accepted, changesNothing, invited, rowsOf, seen, signedIn } from './scene.js'

t.test('an invitation of one user is not finished by another who has the same address beside their own', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const bo = await invited(service, 'bo@partner.example')
  const browser = await accepted(service, bo)

  await changesNothing(t, service, async () => {
    for (const [id, change] of [
      [ana.userId, { otherMails: [bo.address] }],
      [bo.userId, { otherMails: [ana.address] }],
      [bo.userId, { mail: ana.address }],
    ] as const) {
      t.equal((await service.api('PATCH', `/users/${id}`, change)).status, 400)
    }
    const asAna = { invitedUserEmailAddress: bo.address, inviteRedirectUrl: 'https://app.example/' }
    for (const more of [{}, { resetRedemption: true }]) {
      const answer = await service.api('POST', '/invitations', { ...asAna, invitedUser: { id: ana.userId }, ...more })
      t.equal(answer.status, 400, 'nor is a user invited under an address that is not theirs')
    }
    t.equal(seen(await browser.get(ana.link)), '200 wrong-account')
    t.equal(seen(await browser.post(ana.link, { choice: 'accept' })), '200 wrong-account')
  })
})

t.test('fifty invitations of one address in all spellings are one guest', async (t) => {
  const service = await startService(t, { workers: false })
  const spellings = ['ana@partner.example', 'ANA@partner.example', 'Ana@PARTNER.example', ' ana@partner.example ']
  const made = await Promise.all(
    Array.from({ length: 50 }, (_, index) => service.invite(spellings[index % spellings.length] ?? '')),
  )
  t.equal(new Set(made.map(({ invitedUser }) => invitedUser.id)).size, 1)
  t.equal((await service.rows('select id from invitations')).length, 50)
})

// Seen to fail with the look at the holder taken out of `directory_accept` (src/directory/functions.sql): the second guest
// took the identity, and the first was known by nothing any more.
t.test('an identity that a present guest is known by does not move to another guest', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  await accepted(service, ana)
  // The address moves without a reset, and whoever reads it is invited as somebody else.
  t.equal((await service.api('PATCH', `/users/${ana.userId}`, { mail: 'ana@elsewhere.example' })).status, 204)
  const other = await invited(service, 'ana@partner.example')
  t.not(other.userId, ana.userId)
  service.advance(60_000)
  const browser = await signedIn(service, other)
  const refused = await browser.post(other.link, { choice: 'accept' })
  t.equal(seen(refused), '403 blocked')
  t.match(refused.html, /belongs to another guest account/)
  t.strictSame(await rowsOf(service, 'select user_id from user_identities'), [{ user_id: ana.userId }])
  t.equal(
    (await service.api('GET', `/users/${other.userId}?$select=externalUserState`)).body.externalUserState,
    'PendingAcceptance',
  )

  t.strictSame(
    (await service.api('GET', `/invitations/${other.id}`)).body.history.map(({ event }: { event: string }) => event),
    ['invited', 'identityTaken'],
    'administrators see why',
  )
  t.match(
    await rowsOf(service, `select result, target_id, additional_details from audit_events where result = 'failure'`),
    [{ result: 'failure', target_id: other.userId, additional_details: { reason: 'identityTaken' } }],
  )

  // A deleted holder lets go of it.
  t.equal((await service.api('DELETE', `/users/${ana.userId}`)).status, 204)
  t.equal((await browser.post(other.link, { choice: 'accept' })).status, 303)
  t.strictSame(await rowsOf(service, 'select user_id from user_identities'), [{ user_id: other.userId }])
})

t.test('an identity that was left by a reset is free', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  await accepted(service, ana)
  t.equal((await service.api('PATCH', `/users/${ana.userId}`, { mail: 'ana@elsewhere.example' })).status, 204)
  const reset = await service.api('POST', '/invitations', {
    invitedUserEmailAddress: 'ana@elsewhere.example',
    inviteRedirectUrl: 'https://app.example/',
    invitedUser: { id: ana.userId },
    resetRedemption: true,
  })
  t.equal(reset.status, 201)
  const other = await invited(service, 'ana@partner.example')
  service.advance(60_000)
  await accepted(service, other)
  t.strictSame(await rowsOf(service, 'select user_id from user_identities'), [{ user_id: other.userId }])
})
