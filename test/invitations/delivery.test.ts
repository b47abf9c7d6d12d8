import { generateKeyPairSync, sign } from 'node:crypto'
import t from 'tap'
import { type Mail, MailNotAccepted, type MailTransport } from '../../src/platform/mail/mail.js'
import { startService, type TestService } from '../support/service.js'
import { until } from '../support/until.js'

const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const otherKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const settings = {
  MAIL_TRANSPORT: 'sendgrid',
  SENDGRID_API_KEY: 'SG.for-tests',
  MAIL_FROM: 'Vestibule <invitations@id.example>',
  SENDGRID_WEBHOOK_PUBLIC_KEY: keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
}

/** Takes every mail, or does what `next` says first. */
function recording() {
  const sent: Mail[] = []
  const next: (() => void)[] = []
  const transport: MailTransport = {
    name: 'sendgrid',
    async send(mail) {
      next.shift()?.()
      sent.push(mail)
      return { providerMessageId: `provider-${mail.id}` }
    },
    async verify() {},
    async close() {},
  }
  return { sent, next, transport: () => transport }
}

const read = async (service: TestService, id: string) => (await service.api('GET', `/invitations/${id}`)).body
const events = (body: any): string[] => body.history.map(({ event }: { event: string }) => event)

t.test('events that SendGrid reports', async (t) => {
  const { sent, transport } = recording()
  const service = await startService(t, { env: settings, transport })
  const { clock } = service.services
  const at = (seconds: number) => Math.floor(clock().getTime() / 1_000) + seconds

  async function post(
    body: unknown,
    by: { key?: typeof keys; timestamp?: number; signature?: string } = {},
  ): Promise<number> {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const timestamp = String(by.timestamp ?? at(0))
    const signature =
      by.signature ?? sign('sha256', Buffer.from(timestamp + text), (by.key ?? keys).privateKey).toString('base64')
    const response = await fetch(`${service.baseUrl}/webhooks/sendgrid`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-twilio-email-event-webhook-signature': signature,
        'x-twilio-email-event-webhook-timestamp': timestamp,
      },
      body: text,
    })
    return response.status
  }

  async function mailed(address: string): Promise<{ id: string; event: (name: string, about?: object) => object }> {
    const { id } = await service.invite(address, { sendInvitationMessage: true })
    await until(async () => (await read(service, id)).delivery.state === 'sent')
    const mail = sent.find(({ to }) => to.address === address)
    const ids = { vestibule_mail: mail?.id, vestibule_tenant: service.tenantId, email: address }
    return { id, event: (name, about = {}) => ({ event: name, timestamp: at(1), sg_event_id: name, ...ids, ...about }) }
  }

  await t.test('a mail that left is sent; delivered comes after', async (t) => {
    const { id, event } = await mailed('ana@partner.example')
    const before = await read(service, id)
    t.equal(before.sentCount, 1)
    t.ok(before.lastSentDateTime)
    t.strictSame(events(before), ['invited', 'sent'])
    t.match(
      await service.rows(`select state, provider_message_id from invitation_mails where invitation_id = '${id}'`),
      [{ state: 'sent', provider_message_id: /^provider-/ }],
    )
    t.equal(await post([event('processed'), event('delivered', { timestamp: at(5) })]), 204)
    const after = await read(service, id)
    t.match(after.delivery, { state: 'delivered', dateTime: new Date(at(5) * 1_000).toISOString() })
    t.strictSame(events(after), ['invited', 'sent', 'delivered'])
    t.equal(after.sentCount, 1)
  })

  await t.test('late, repeated and out of order, a state never goes back', async (t) => {
    const { id, event } = await mailed('bo@partner.example')
    await post([event('delivered')])
    await post([event('deferred', { reason: 'busy' })])
    await post([event('processed')])
    await post([event('delivered')])
    t.equal((await read(service, id)).delivery.state, 'delivered')
    t.strictSame(events(await read(service, id)), ['invited', 'sent', 'delivered'])
    await post([event('bounce', { reason: '550 no such user' })])
    t.match((await read(service, id)).delivery, { state: 'bounced', reason: /550 no such user/ })
    await post([event('delivered')])
    t.equal((await read(service, id)).delivery.state, 'bounced')
  })

  await t.test('deferred, then delivered', async (t) => {
    const { id, event } = await mailed('cy@partner.example')
    await post([event('deferred', { response: '451 later' })])
    t.match((await read(service, id)).delivery, { state: 'deferred', reason: /451 later/ })
    await post([event('delivered')])
    t.match((await read(service, id)).delivery, { state: 'delivered', reason: null })
  })

  await t.test('dropped is failed', async (t) => {
    const { id, event } = await mailed('dee@partner.example')
    await post([event('dropped', { reason: 'Bounced Address' })])
    t.match((await read(service, id)).delivery, { state: 'failed', reason: /Bounced Address/ })
  })

  await t.test('what happens to the mail before the newest one is not shown', async (t) => {
    const { id, event } = await mailed('eve@partner.example')
    service.advance(61_000)
    t.equal((await service.api('POST', `/invitations/${id}/resend`)).status, 200)
    await until(async () => (await read(service, id)).sentCount === 2)
    await post([event('bounce', { reason: 'the first one' })])
    t.equal((await read(service, id)).delivery.state, 'sent')
    t.match(await service.rows(`select state from invitation_mails where invitation_id = '${id}' order by id`), [
      { state: 'bounced' },
      { state: 'sent' },
    ])
  })

  await t.test('unsubscribing or complaining at the provider blocks the organization here', async (t) => {
    for (const name of ['unsubscribe', 'group_unsubscribe', 'spamreport']) {
      const address = `${name}@partner.example`
      const { event } = await mailed(address)
      await post([event(name)])
      await post([event(name)])
      t.equal((await service.rows(`select * from mail_blocks where address_folded = '${address}'`)).length, 1, name)
      t.match(
        (await service.invite(address, { sendInvitationMessage: true })).delivery,
        { reason: 'recipientBlocked' },
        name,
      )
    }
    t.equal(
      (await service.rows("select * from audit_events where activity_display_name = 'Email unsubscribed'")).length,
      3,
    )
    t.equal(
      (
        await service.rows(
          "select * from audit_events where activity_display_name = 'Email not sent, user unsubscribed'",
        )
      ).length,
      3,
    )
  })

  await t.test('events about a copy, an unknown mail or another organization change nothing', async (t) => {
    const { id, event } = await mailed('finn@partner.example')
    const other = await service.otherTenant('fabrikam.example')
    await post([
      event('bounce', { email: 'copy@partner.example' }),
      event('unsubscribe', { email: 'copy@partner.example' }),
      event('bounce', { vestibule_mail: service.tenantId }),
      event('bounce', { vestibule_tenant: other.tenantId }),
      event('unsubscribe', { vestibule_tenant: other.tenantId }),
      event('bounce', { vestibule_tenant: service.adminId }),
    ])
    t.equal((await read(service, id)).delivery.state, 'sent')
    t.equal((await service.rows("select * from mail_blocks where address_folded ~ 'finn|copy'")).length, 0)
    t.equal((await service.rows('select * from mail_blocks', other.tenantId)).length, 0)
  })

  await t.test('a request that SendGrid did not sign, or not lately, changes nothing', async (t) => {
    const { id, event } = await mailed('gus@partner.example')
    const bounce = [event('bounce')]
    t.equal(await post(bounce, { key: otherKeys }), 403)
    t.equal(await post(bounce, { signature: '' }), 403)
    t.equal(await post(bounce, { timestamp: at(-3_600) }), 403, 'recorded an hour ago')
    t.equal(await post('not JSON'), 204, 'signed nonsense is nonsense')
    t.equal((await read(service, id)).delivery.state, 'sent')
  })
})

t.test('what the worker makes of answers', async (t) => {
  const { sent, next, transport } = recording()
  const service = await startService(t, { env: settings, transport })
  const refuse = (options: ConstructorParameters<typeof MailNotAccepted>[1]) => () => {
    throw new MailNotAccepted('the other side said no', options)
  }

  await t.test('a passing refusal is deferred with its reason and tried again', async (t) => {
    next.push(refuse({ permanent: false, retryAfterSeconds: 3_600 }))
    const { id } = await service.invite('ana@partner.example', { sendInvitationMessage: true })
    await until(async () => (await read(service, id)).delivery.state === 'deferred')
    const body = await read(service, id)
    t.match(body.delivery, { state: 'deferred', reason: 'the other side said no' })
    t.equal(body.sentCount, 0)
    t.strictSame(events(body), ['invited'], 'each turn would fill the history')
    const [row] = await service.rows(
      `select failures, available_at > now() + interval '59 minutes' as later from outbox where subject_id = '${id}'`,
    )
    t.match(row, { failures: 1, later: true })
    await service.rows(`update outbox set available_at = now() where subject_id = '${id}'`)
    await until(async () => (await read(service, id)).delivery.state === 'sent')
    t.equal((await read(service, id)).sentCount, 1)
    t.equal((await service.rows(`select * from outbox where subject_id = '${id}'`)).length, 0)
  })

  await t.test('a final refusal fails at once', async (t) => {
    next.push(refuse({ permanent: true }))
    const { id } = await service.invite('bo@partner.example', { sendInvitationMessage: true })
    await until(async () => (await read(service, id)).delivery.state === 'failed')
    t.strictSame(events(await read(service, id)), ['invited', 'failed'])
    t.equal((await service.rows('select * from outbox')).length, 0)
  })

  await t.test('24 hours of passing refusals are enough', async (t) => {
    next.push(refuse({ permanent: false, retryAfterSeconds: 90_000 }))
    const { id } = await service.invite('cy@partner.example', { sendInvitationMessage: true })
    await until(async () => (await read(service, id)).delivery.state === 'failed')
    t.match((await read(service, id)).delivery, { reason: 'the other side said no' })
  })

  await t.test('a mail nobody wants any more is not sent, and says why', async (t) => {
    const before = sent.length
    const cases: [address: string, change: (id: string, user: string) => Promise<unknown>, reason: string][] = [
      ['d1@partner.example', (id) => service.api('POST', `/invitations/${id}/revoke`), 'noLongerPending'],
      ['d2@partner.example', (_, user) => service.api('DELETE', `/users/${user}`), 'noLongerWanted'],
      [
        'd3@partner.example',
        () => service.rows(`insert into mail_blocks values ('${service.tenantId}', 'd3@partner.example', now())`),
        'recipientBlocked',
      ],
      [
        'd4@partner.example',
        (id) =>
          service.rows(`update invitations set expires_date_time = now() - interval '1 second' where id = '${id}'`),
        'noLongerPending',
      ],
      [
        'd5@partner.example',
        (id) =>
          service.rows(`update invitations set status = 'completed', redeemed_date_time = now() where id = '${id}'`),
        'alreadyAccepted',
      ],
      [
        'd6@closed.example',
        () =>
          service.api('PUT', '/policies/invitationDomainPolicy', { mode: 'blockList', domains: ['closed.example'] }),
        'domainBlocked',
      ],
      [
        'd7@other.example',
        () =>
          service.api('PUT', '/policies/invitationDomainPolicy', { mode: 'allowList', domains: ['partner.example'] }),
        'domainNotAllowed',
      ],
    ]
    for (const [address, change, reason] of cases) {
      next.push(refuse({ permanent: false, retryAfterSeconds: 600 }))
      const { id, invitedUser } = await service.invite(address, { sendInvitationMessage: true })
      await until(async () => (await read(service, id)).delivery.state === 'deferred')
      await change(id, invitedUser.id)
      await service.rows(`update outbox set available_at = now() where subject_id = '${id}'`)
      await until(async () => (await service.rows(`select * from outbox where subject_id = '${id}'`)).length === 0)
      t.match((await read(service, id)).delivery, { state: 'suppressed', reason }, address)
    }
    t.equal(sent.length, before)
  })

  await t.test('a guest who accepted before still gets the mail: it is a shortcut', async (t) => {
    const first = await service.invite('eve@partner.example')
    await service.rows(
      `update users set external_user_state = 'Accepted', external_user_state_change_date_time = now() where id = '${first.invitedUser.id}'`,
    )
    const again = await service.invite('eve@partner.example', { sendInvitationMessage: true })
    await until(async () => (await read(service, again.id)).delivery.state === 'sent')
    t.equal((await read(service, again.id)).status, 'Completed')
    t.ok(sent.some(({ to }) => to.address === 'eve@partner.example'))
  })
})
