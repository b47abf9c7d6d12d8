import { createSign, generateKeyPairSync } from 'node:crypto'
import t from 'tap'
import { startService, type TestService } from '../support/service.js'
import { changesNothing, rowsOf, type Sent, send } from './scene.js'

const SIGNATURE = 'x-twilio-email-event-webhook-signature'
const TIMESTAMP = 'x-twilio-email-event-webhook-timestamp'
const real = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
const stranger = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })

function sign(body: string, timestamp: string, key = real.privateKey): string {
  return createSign('sha256')
    .update(timestamp + body)
    .sign(key, 'base64')
}

function post(service: TestService, body: string, headers: Record<string, string>): Promise<Sent> {
  const all = { 'content-type': 'application/json', ...headers }
  return send(`${service.baseUrl}/webhooks/sendgrid`, { method: 'POST', headers: all, body })
}

const signed = (service: TestService, body: string) => {
  const timestamp = String(Math.floor(service.services.clock().getTime() / 1_000))
  return post(service, body, { [SIGNATURE]: sign(body, timestamp), [TIMESTAMP]: timestamp })
}

async function withMail(t: Parameters<typeof startService>[0]) {
  const publicKey = real.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  const service = await startService(t, {
    workers: false,
    env: {
      MAIL_TRANSPORT: 'sendgrid',
      MAIL_FROM: 'guests@contoso.example',
      SENDGRID_API_KEY: 'SG.x',
      SENDGRID_BASE_URL: 'http://127.0.0.1:9',
      SENDGRID_WEBHOOK_PUBLIC_KEY: publicKey,
    },
  })
  const invitation = await service.invite('ana@partner.example', { sendInvitationMessage: true })
  const [mail] = await rowsOf(service, 'select id from invitation_mails')
  const event = (changes: object = {}) =>
    JSON.stringify([
      {
        event: 'bounce',
        email: 'ana@partner.example',
        timestamp: Math.floor(Date.now() / 1_000),
        vestibule_mail: mail?.['id'],
        vestibule_tenant: service.tenantId,
        sg_event_id: 'x',
        ...changes,
      },
    ])
  return { service, invitation, event }
}

t.test('events without a fresh signature of SendGrid change nothing', async (t) => {
  const { service, event } = await withMail(t)
  const body = event()
  const now = String(Math.floor(Date.now() / 1_000))
  const old = String(Math.floor(Date.now() / 1_000) - 3_600)
  const early = String(Math.floor(Date.now() / 1_000) + 3_600)
  await changesNothing(t, service, async () => {
    const forged: Record<string, Record<string, string>> = {
      unsigned: {},
      'no timestamp': { [SIGNATURE]: sign(body, now) },
      'no signature': { [TIMESTAMP]: now },
      "a stranger's key": { [SIGNATURE]: sign(body, now, stranger.privateKey), [TIMESTAMP]: now },
      'of another body': { [SIGNATURE]: sign(event({ event: 'delivered' }), now), [TIMESTAMP]: now },
      'of another time': { [SIGNATURE]: sign(body, old), [TIMESTAMP]: now },
      'an hour old': { [SIGNATURE]: sign(body, old), [TIMESTAMP]: old },
      'from the future': { [SIGNATURE]: sign(body, early), [TIMESTAMP]: early },
      'no base64': { [SIGNATURE]: '%%%', [TIMESTAMP]: now },
      empty: { [SIGNATURE]: '', [TIMESTAMP]: '' },
      'a timestamp that is code': { [SIGNATURE]: sign(body, now), [TIMESTAMP]: `${now}; x` },
    }
    for (const [how, headers] of Object.entries(forged)) t.equal((await post(service, body, headers)).status, 403, how)
  })
})

t.test("signed events change what they are about, once, and nobody else's", async (t) => {
  const { service, invitation, event } = await withMail(t)
  const fabrikam = await service.otherTenant('fabrikam.example')
  await changesNothing(t, service, async () => {
    for (const [how, body] of Object.entries({
      'for another organization': event({ vestibule_tenant: fabrikam.tenantId }),
      'for a mail that is none': event({ vestibule_mail: service.tenantId }),
      'for the copy': event({ email: 'copy@partner.example' }),
      'without our ids': event({ vestibule_mail: undefined }),
      'with SQL for an id': event({ vestibule_mail: "'; drop table users; --" }),
      'of an unknown name': event({ event: 'open' }),
      'with a prototype': `[{"__proto__":{"event":"bounce"},"constructor":1}]`,
      'not a list': '{}',
      'not JSON': '{{{',
      empty: '',
    })) {
      const { status } = await signed(service, body)
      t.equal(status, 204, how)
    }
  })
  const bounced = event({ reason: '550 <script>no such user</script>' })
  t.equal((await signed(service, bounced)).status, 204)
  const { body } = await service.api('GET', `/invitations/${invitation.id}`)
  t.equal(body.delivery.state, 'bounced')
  await changesNothing(t, service, async () => {
    t.equal((await signed(service, bounced)).status, 204, 'a replay within its time')
    t.equal((await signed(service, event({ event: 'processed' }))).status, 204, 'nor does a state go back')
  })
})

t.test('without a key the webhook does not exist', async (t) => {
  const service = await startService(t, { workers: false })
  await changesNothing(t, service, async () => t.equal((await post(service, '[]', {})).status, 404))
})
