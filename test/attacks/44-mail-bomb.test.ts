import t from 'tap'
import { startService } from '../support/service.js'
import { addPerson, rowsOf } from './scene.js'

const wish = (address: string) => ({
  invitedUserEmailAddress: address,
  inviteRedirectUrl: 'https://app.example/',
  sendInvitationMessage: true,
})

t.test('fifty invitations at once of one address are ten mails', async (t) => {
  const service = await startService(t, { workers: false })
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => service.api('POST', '/invitations', wish('ana@partner.example'))),
  )
  t.ok(answers.every(({ status }) => status === 201))
  const suppressed = answers.filter(({ body }) => body.delivery?.reason === 'recipientLimit')
  t.equal(suppressed.length, 40, 'and each of the others says so')
  t.strictSame(await rowsOf(service, `select count(*)::int as n from outbox where topic = 'invitation.mail'`), [
    { n: 10 },
  ])
})

t.test('a person floods nobody: two hundred mails a day, to however many', async (t) => {
  const service = await startService(t, { workers: false })
  const inviter = await addPerson(service, 'iris')
  const token = await service.userToken(inviter, ['User.Invite.All'])
  const addresses = Array.from({ length: 220 }, (_, index) => wish(`guest${index}@partner.example`))
  const answers = await Promise.all(addresses.map((body) => service.api('POST', '/invitations', body, { token })))
  t.ok(answers.every(({ status }) => status === 201))
  t.equal(answers.filter(({ body }) => body.delivery?.reason === 'inviterLimit').length, 20)
  t.strictSame(await rowsOf(service, `select count(*)::int as n from outbox where topic = 'invitation.mail'`), [
    { n: 200 },
  ])
})

t.test('a resend is no way around: cool-down and caps count it', async (t) => {
  const service = await startService(t, { workers: false })
  const { id } = await service.invite('ana@partner.example', { sendInvitationMessage: true })
  const resend = () => service.api('POST', `/invitations/${id}/resend`)
  const early = await Promise.all(Array.from({ length: 10 }, resend))
  t.ok(early.every(({ status, headers }) => status === 429 && Number(headers.get('retry-after')) > 0))
  let sent = 1
  for (let turn = 0; turn < 15; turn++) {
    service.advance(61_000)
    const answers = await Promise.all([resend(), resend(), resend()])
    sent += answers.filter(({ status }) => status === 200).length
    t.ok(answers.every(({ status }) => status === 200 || status === 429))
  }
  t.equal(sent, 10)
  t.strictSame(await rowsOf(service, `select count(*)::int as n from outbox where topic = 'invitation.mail'`), [
    { n: 10 },
  ])
})

t.test('who wants no mail gets none, by whatever verb', async (t) => {
  const service = await startService(t, { workers: false })
  const first = await service.invite('ana@partner.example')
  await service.rows(`insert into mail_blocks values ('${service.tenantId}', 'ana@partner.example', now())`)
  const again = await service.api('POST', '/invitations', wish('ANA@partner.example'))
  t.match(again, { status: 201, body: { delivery: { state: 'suppressed', reason: 'recipientBlocked' } } })
  t.equal((await service.api('POST', `/invitations/${first.id}/resend`)).status, 403)
  t.strictSame(await rowsOf(service, 'select * from outbox'), [])
})
