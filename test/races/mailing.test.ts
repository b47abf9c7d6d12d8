import t from 'tap'
import { sendInvitationMail } from '../../src/invitations/index.js'
import type { TestService } from '../support/service.js'
import { startRaces } from './scene.js'
import { browserAtConsent } from './sign-in.js'

t.setTimeout(900_000)

const LANDING = 'https://app.example/welcome'

t.test('resend against revoke: the invitation is revoked and no mail leaves, whoever comes first', async (t) => {
  const { service, inTurn } = await startRaces(t)
  for (let round = 0; round < 30; round++) {
    const { id, userId } = await invited(service, `guest${round}@partner.example`)
    const resend = () => service.api('POST', `/invitations/${id}/resend`)
    const revoke = () => service.api('POST', `/invitations/${id}/revoke`)
    const isResentFirst = round % 2 === 0
    const answers = isResentFirst
      ? await inTurn(lockOf(userId), resend, revoke)
      : await inTurn(lockOf(userId), revoke, resend)
    const statuses = answers.map(({ status }) => status)
    t.strictSame(statuses, isResentFirst ? [200, 204] : [204, 400])
    const { body } = await service.api('GET', `/invitations/${id}`)
    t.equal(body.status, 'Revoked')
    t.strictSame(eventsOf(body), isResentFirst ? ['invited', 'resent', 'revoked'] : ['invited', 'revoked'])
  }
  t.equal(await sendAll(service), 15, 'each resend that won has left a mail to send')
  t.strictSame(await service.mails(), [], 'which is not sent')
})

t.test('a person who resends and invites the same guest at the same moment gets both', async (t) => {
  const { service, inTurn } = await startRaces(t)
  const token = await service.userToken(service.adminId, ['User.Invite.All', 'User.ReadWrite.All'])
  const api = (path: string, body: object) => service.api('POST', path, body, { token }).then(({ status }) => status)
  for (let round = 0; round < 10; round++) {
    const address = `guest${round}@partner.example`
    const { id, userId } = await invited(service, address)
    const wish = { invitedUserEmailAddress: address, inviteRedirectUrl: LANDING, sendInvitationMessage: true }
    const resend = () => api(`/invitations/${id}/resend`, {})
    const invite = () => api('/invitations', wish)
    const reset = () => api('/invitations', { ...wish, invitedUser: { id: userId }, resetRedemption: true })
    t.strictSame(await inTurn(lockOf(userId), resend, invite), [200, 201])
    t.strictSame(await inTurn(lockOf(userId), reset, invite), [201, 201])
    t.strictSame(await inTurn(lockOf(userId), invite, reset), [201, 201])
  }
})

t.test('mails that are written down while their guest accepts, is revoked or reset get in nobody’s way', async (t) => {
  const { service, inTurn } = await startRaces(t)
  const ways = ['accept', 'revoke', 'reset', 'delete'] as const
  for (const [round, way] of [...ways, ...ways].entries()) {
    const address = `guest${round}@partner.example`
    const all = []
    for (let n = 0; n < 8; n++) all.push(await invited(service, address, { sendInvitationMessage: true }))
    const [, , , held, chosen] = all
    if (!held || !chosen) throw new Error('eight were made')
    const browser = await browserAtConsent(service, chosen.link, address)
    const change: Record<(typeof ways)[number], () => Promise<{ status: number }>> = {
      accept: () => browser.post(chosen.link, { choice: 'accept' }),
      revoke: () => service.api('POST', `/invitations/${chosen.id}/revoke`),
      delete: () => service.api('DELETE', `/users/${chosen.userId}`),
      reset: () =>
        service.api('POST', '/invitations', {
          invitedUserEmailAddress: address,
          inviteRedirectUrl: LANDING,
          invitedUser: { id: chosen.userId },
          resetRedemption: true,
        }),
    }
    // One writes down eight mails and waits in the middle; the other has begun with the fifth.
    const lock = `select 1 from invitations where id = '${held.id}' for update`
    const write = () => writeDown(service, chosen.userId)
    const answer =
      round < ways.length ? (await inTurn(lock, write, change[way]))[1] : (await inTurn(lock, change[way], write))[0]
    t.equal(answer.status, { accept: 303, revoke: 204, delete: 204, reset: 201 }[way], way)
    const [row] = await service.rows(`select sum(sent_count)::int from invitations where user_id = '${chosen.userId}'`)
    t.equal(row?.['sum'], 8, 'each mail is counted once')
  }
})

async function invited(service: TestService, address: string, wish: Record<string, unknown> = {}) {
  const { id, invitedUser, inviteRedeemUrl } = await service.invite(address, wish)
  return { id: id as string, userId: invitedUser.id as string, link: inviteRedeemUrl as string }
}

/** Does what the mail workers would do now, all at once; returns how many mails there were. */
async function sendAll(service: TestService): Promise<number> {
  const { services } = service
  const work = await service.rows(`select id, tenant_id, subject_id from outbox where topic = 'invitation.mail'`)
  const needs = {
    ...services,
    publicUrl: services.origins.publicUrl,
    mailFrom: services.config.mail.from,
    counted: services.metrics.mail,
  }
  const createdAt = services.clock().toISOString()
  await Promise.all(
    work.map((row) =>
      sendInvitationMail(needs, {
        id: row['id'],
        tenantId: row['tenant_id'],
        subjectId: row['subject_id'],
        attempt: 1,
        failures: 0,
        createdAt,
      }),
    ),
  )
  return work.length
}

/** Records that every queued mail of a guest was sent, in one statement as a busy worker does. */
async function writeDown(service: TestService, userId: string): Promise<void> {
  const mails = await service.rows(`
    select m.id as "mailId", m.invitation_id as "invitationId", 'sent' as state, null as reason,
      null as "providerMessageId", null as "retryInMs"
    from invitation_mails m join invitations i on i.id = m.invitation_id
    where i.user_id = '${userId}' order by m.id desc`)
  const now = service.services.clock().toISOString()
  await service.services.database.sql`
    select invitations_finish_mails(${service.tenantId}, ${now}, ${JSON.stringify(mails)}::text::jsonb)`
}

function eventsOf(body: { history: { event: string }[] }): string[] {
  return body.history.map(({ event }) => event)
}

function lockOf(userId: string): string {
  return `select 1 from users where id = '${userId}' for update`
}
