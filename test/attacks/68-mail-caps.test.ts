import t from 'tap'
import { startService } from '../support/service.js'
import { addPerson, changeTenant, rowsOf } from './scene.js'

const wish = (address: string) => ({
  invitedUserEmailAddress: address,
  inviteRedirectUrl: 'https://app.example/',
  sendInvitationMessage: true,
})

t.test('one recipient, many inviters, inviting again and resending mixed: ten mails a day', async (t) => {
  const service = await startService(t, { workers: false })
  const inviters = []
  for (const name of ['iris', 'ivan', 'ines']) {
    inviters.push(await service.userToken(await addPerson(service, name), ['User.Invite.All']))
  }
  inviters.push(await service.appToken(['User.Invite.All']))
  const first = await service.api('POST', '/invitations', wish('ana@partner.example'))
  for (let round = 0; round < 6; round++) {
    service.advance(61_000)
    await Promise.all([
      ...inviters.map((token) => service.api('POST', '/invitations', wish('Ana@Partner.example'), { token })),
      service.api('POST', `/invitations/${first.body.id}/resend`),
    ])
  }
  t.strictSame(
    await rowsOf(
      service,
      `select count(*)::int as n from invitation_mails where recipient_folded = 'ana@partner.example'`,
    ),
    [{ n: 10 }],
  )
  const refused = await service.api('POST', `/invitations/${first.body.id}/resend`)
  t.match(refused, { status: 429, body: { error: { innerError: { code: 'recipientLimit' } } } })
  t.ok(Number(refused.headers.get('retry-after')) > 3_600, 'with the time at which the oldest mail leaves the day')
})

t.test('each organization has its own count, and one cannot use up that of another', async (t) => {
  const service = await startService(t, { workers: false })
  const fabrikam = await service.otherTenant('fabrikam.example')
  for (let turn = 0; turn < 12; turn++) {
    await service.api('POST', '/invitations', wish('ana@partner.example'), { token: fabrikam.token })
  }
  const answer = await service.api('POST', '/invitations', wish('ana@partner.example'))
  t.equal(answer.status, 201)
  t.equal(answer.body.delivery, undefined, 'the mail goes out')
  const count = `select count(*)::int as n from invitation_mails`
  t.strictSame(
    (await service.rows(count, fabrikam.tenantId)).map(({ n }) => n),
    [10],
  )
})

t.test('the cap of an inviter counts invitations and resends together, exactly, under load', async (t) => {
  const service = await startService(t, { workers: false })
  await changeTenant(service, { settings: { mailsPerInviterAndDay: 15, mailsPerApplicationAndDay: 5 } })
  const token = await service.userToken(await addPerson(service, 'iris'), ['User.Invite.All'])
  const made = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      service.api('POST', '/invitations', wish(`a${index}@partner.example`), { token }),
    ),
  )
  service.advance(61_000)
  const mixed = await Promise.all([
    ...made.map(({ body }) => service.api('POST', `/invitations/${body.id}/resend`, undefined, { token })),
    ...Array.from({ length: 10 }, (_, index) =>
      service.api('POST', '/invitations', wish(`b${index}@partner.example`), { token }),
    ),
  ])
  t.ok(mixed.every(({ status }) => [200, 201, 429].includes(status)))
  t.strictSame(await rowsOf(service, 'select count(*)::int as n from invitation_mails'), [{ n: 15 }])
  t.strictSame(await rowsOf(service, `select count(*)::int as n from outbox where topic = 'invitation.mail'`), [
    { n: 15 },
  ])

  const app = await service.appToken(['User.Invite.All'])
  const byApp = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      service.api('POST', '/invitations', wish(`c${index}@partner.example`), { token: app }),
    ),
  )
  t.equal(
    byApp.filter(({ body }) => body.delivery?.reason === 'inviterLimit').length,
    7,
    'an application is limited when told so',
  )
})
