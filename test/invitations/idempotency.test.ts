import t from 'tap'
import { person } from '../support/people.js'
import { startService } from '../support/service.js'

t.test('Idempotency-Key', async (t) => {
  const service = await startService(t, { workers: false })
  const wish = { invitedUserEmailAddress: 'ana@partner.example', inviteRedirectUrl: 'https://app.example' }
  const post = (key: string, change = {}, token?: string) =>
    service.api(
      'POST',
      '/invitations',
      { ...wish, ...change },
      { headers: { 'idempotency-key': key }, ...(token && { token }) },
    )
  const count = async () => (await service.rows('select count(*)::int as n from invitations'))[0]?.['n']

  await t.test('the same key and body: the same answer, one invitation, one mail', async (t) => {
    const change = {
      sendInvitationMessage: true,
      expiresDateTime: null,
      contactUrl: 'https://help.example',
      invitedUserMessageInfo: { customizedMessageBody: 'Hello' },
    }
    const first = await post('k1', change)
    const again = await post('k1', change)
    t.equal(first.status, 201)
    t.equal(again.status, 201)
    t.strictSame(again.body, first.body)
    t.equal(again.headers.get('location'), first.headers.get('location'))
    t.equal(await count(), 1)
    t.equal((await service.rows('select * from outbox')).length, 1)
  })

  await t.test('twenty at once make one invitation and answer alike', async (t) => {
    const before = await count()
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('k2')))
    t.strictSame([...new Set(answers.map(({ status }) => status))], [201])
    t.equal(new Set(answers.map(({ body }) => body.id)).size, 1)
    t.equal(await count(), before + 1)
  })

  await t.test('another body under the same key is a 422, and nothing is made', async (t) => {
    const before = await count()
    await post('k3')
    for (const change of [
      { inviteRedirectUrl: 'https://other.example' },
      { invitedUserEmailAddress: 'bo@partner.example' },
    ]) {
      const answer = await post('k3', change)
      t.equal(answer.status, 422)
      t.equal(answer.body.error.innerError.code, 'idempotencyKeyReused')
    }
    t.equal(await count(), before + 1)
    t.match(await service.rows("select * from users where mail_folded = 'bo@partner.example'"), [])
  })

  await t.test('at once with different bodies one wins, the others are told', async (t) => {
    const answers = await Promise.all(
      [1, 2, 3, 4].map((n) => post('k4', { invitedUserEmailAddress: `n${n}@partner.example` })),
    )
    t.strictSame(answers.map(({ status }) => status).sort(), [201, 422, 422, 422])
    t.equal((await service.rows("select * from users where mail_folded ~ '^n[1-4]@'")).length, 1)
  })

  await t.test('the form of the body does not matter where its meaning is the same', async (t) => {
    const first = await post('k5')
    const again = await service.api(
      'POST',
      '/invitations',
      '{ "INVITEDUSEREMAILADDRESS": "ana@partner.example",  "@odata.type": "x", "inviteRedirectUrl": "https://app.example" }',
      { headers: { 'idempotency-key': 'k5' } },
    )
    t.equal(again.status, 201)
    t.equal(again.body.id, first.body.id)
  })

  await t.test('a key is its client’s and its person’s own', async (t) => {
    const first = await post('k6')
    const otherClient = await post('k6', {}, await service.appToken(['User.Invite.All']))
    const inga = await post('k6', {}, await service.userToken(await person(service, 'inga'), ['User.Invite.All']))
    const otto = await post('k6', {}, await service.userToken(await person(service, 'otto'), ['User.Invite.All']))
    const other = await service.otherTenant('fabrikam.example')
    const otherTenant = await post('k6', {}, other.token)
    t.strictSame(
      [first, otherClient, inga, otto, otherTenant].map(({ status }) => status),
      [201, 201, 201, 201, 201],
    )
    t.equal(new Set([first, otherClient, inga, otto, otherTenant].map(({ body }) => body.id)).size, 5)
  })

  await t.test('a refusal is not remembered', async (t) => {
    t.equal((await post('k7', { inviteRedirectUrl: 'nowhere' })).status, 400)
    t.equal((await post('k7')).status, 201)
  })

  await t.test('authorization comes first', async (t) => {
    t.equal((await post('k7', {}, await service.appToken(['User.Read.All']))).status, 403)
  })

  await t.test('a replay after the inviting rules changed answers what was made, and makes nothing', async (t) => {
    const soon = new Date(service.services.clock().getTime() + 60_000).toISOString()
    const first = await post('k8', { expiresDateTime: soon })
    await service.api('PUT', '/policies/invitationDomainPolicy', { mode: 'blockList', domains: ['partner.example'] })
    service.advance(120_000)
    const again = await post('k8', { expiresDateTime: soon })
    await service.api('PUT', '/policies/invitationDomainPolicy', { mode: 'any' })
    t.equal(again.status, 201)
    t.equal(again.body.id, first.body.id)
  })

  await t.test('after 24 hours a key is free again', async (t) => {
    const first = await post('k9')
    await service.rows("update idempotency_keys set created_at = created_at - interval '24 hours 1 second'")
    const later = await post('k9', { inviteRedirectUrl: 'https://other.example' })
    t.equal(later.status, 201)
    t.not(later.body.id, first.body.id)
  })

  await t.test('malformed keys', async (t) => {
    for (const key of ['', 'a b', 'ü', 'x'.repeat(256)]) {
      const answer = await post(encodeURIComponent(key) === key ? key : Buffer.from(key).toString('latin1'))
      t.equal(answer.status, 400, JSON.stringify(key))
      t.equal(answer.body.error.innerError.code, 'malformedIdempotencyKey')
    }
    t.equal((await post('x'.repeat(255))).status, 201)
  })
})
