import { generateKeyPairSync, sign } from 'node:crypto'
import t from 'tap'
import {
  readSendgridEvents,
  type SendgridEvent,
  verifySendgridSignature,
} from '../../../src/platform/mail/sendgrid-events.js'

const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const publicKey = keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
const now = new Date('2026-11-20T10:00:00Z')
const timestamp = String(now.getTime() / 1000)
const body = Buffer.from('[{"event":"delivered"}]\r\n')

function signed(changes: { timestamp?: string; body?: Buffer } = {}): string {
  const bytes = Buffer.concat([Buffer.from(changes.timestamp ?? timestamp), changes.body ?? body])
  return sign('sha256', bytes, keys.privateKey).toString('base64')
}
const request = { publicKey, signature: signed(), timestamp, body, now, toleranceSeconds: 300 }

t.test('a request that SendGrid signed just now is believed', async (t) => {
  t.equal(verifySendgridSignature(request), true)
})

const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)
const forged: { title: string; changes: Partial<typeof request> }[] = [
  { title: 'another body', changes: { body: Buffer.from('[{"event":"bounce"}]\r\n') } },
  { title: 'a body without its last line break', changes: { body: body.subarray(0, -2) } },
  { title: 'another time', changes: { timestamp: String(Number(timestamp) + 1) } },
  { title: 'no signature', changes: { signature: '' } },
  { title: 'junk for a signature', changes: { signature: '%%%' } },
  { title: 'the right signature, cut', changes: { signature: signed().slice(0, -8) } },
  { title: 'a signature replayed too late', changes: { now: later(301) } },
  { title: 'a signature from the future', changes: { now: later(-301) } },
  { title: 'no time', changes: { timestamp: '', signature: signed({ timestamp: '' }) } },
  { title: 'a time that is no number', changes: { timestamp: 'NaN', signature: signed({ timestamp: 'NaN' }) } },
  {
    title: "somebody else's key",
    changes: {
      publicKey: generateKeyPairSync('ec', { namedCurve: 'P-256' })
        .publicKey.export({ type: 'spki', format: 'der' })
        .toString('base64'),
    },
  },
]
for (const { title, changes } of forged) {
  t.test(`${title} is not believed`, async (t) => {
    t.equal(verifySendgridSignature({ ...request, ...changes }), false)
  })
}

t.test('an unusable public key is reported as such', async (t) => {
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ type: 'spki', format: 'der' })
  t.throws(() => verifySendgridSignature({ ...request, publicKey: 'nonsense' }), /public key/)
  t.throws(() => verifySendgridSignature({ ...request, publicKey: p384.toString('base64') }), /P-256/)
})

const mailId = '0198c2d4-7b11-7c22-8d33-9e44f0a1b2c3'
const tenantId = '0198c2d4-51f0-7c3e-9b1a-6f2d8e4a7c10'
const ours = {
  email: 'g@proseware.example',
  timestamp: 1_795_000_000,
  sg_event_id: 'event-1',
  vestibule_mail: mailId,
  vestibule_tenant: tenantId,
}
const read = (...entries: unknown[]) => readSendgridEvents(Buffer.from(JSON.stringify(entries)))

const meanings: { sent: Record<string, unknown>; event: SendgridEvent['event']; reason?: string }[] = [
  { sent: { event: 'processed' }, event: 'sent' },
  { sent: { event: 'delivered', response: '250 OK' }, event: 'delivered', reason: '250 OK' },
  { sent: { event: 'deferred', response: '450 later', attempt: '2' }, event: 'deferred', reason: '450 later' },
  {
    sent: { event: 'bounce', type: 'bounce', reason: '550 5.1.1\r\nno such user' },
    event: 'bounced',
    reason: '550 5.1.1 no such user',
  },
  { sent: { event: 'bounce', type: 'blocked', reason: '554 listed' }, event: 'bounced', reason: 'blocked: 554 listed' },
  { sent: { event: 'dropped', reason: 'Bounced Address' }, event: 'failed', reason: 'Bounced Address' },
  { sent: { event: 'spamreport' }, event: 'spamReported' },
  { sent: { event: 'unsubscribe' }, event: 'unsubscribed' },
  { sent: { event: 'group_unsubscribe' }, event: 'unsubscribed' },
]
for (const { sent, event, reason } of meanings) {
  t.test(`${JSON.stringify(sent)} means ${event}`, async (t) => {
    t.same(read({ ...ours, ...sent }), [
      {
        mailId,
        tenantId,
        event,
        recipient: 'g@proseware.example',
        ...(reason && { reason }),
        at: new Date(1_795_000_000_000),
        eventId: 'event-1',
      },
    ])
  })
}

t.test('events that are not about our mails are passed over, and the rest still read', async (t) => {
  const delivered = { ...ours, event: 'delivered' }
  const events = read(
    null,
    7,
    'text',
    [],
    {},
    { ...delivered, event: 'open' },
    { ...delivered, event: 'constructor' },
    { ...delivered, event: ['delivered'] },
    { ...delivered, vestibule_mail: undefined },
    { ...delivered, vestibule_mail: "x' or 1=1" },
    { ...delivered, vestibule_tenant: {} },
    { ...delivered, timestamp: 'yesterday' },
    { ...delivered, timestamp: 1e300 },
    delivered,
  )
  t.equal(events.length, 1)
})

for (const junk of ['', '{', 'null', '{"event":"delivered"}', '"[]"', '\0']) {
  t.test(`${JSON.stringify(junk)} holds no events`, async (t) => {
    t.same(readSendgridEvents(junk), [])
  })
}

t.test('an event without an id still has the same id when it is repeated', async (t) => {
  const event = { ...ours, event: 'delivered', sg_event_id: undefined }
  const [first, second] = [...read(event), ...read(event)]
  t.ok(first?.eventId)
  t.equal(first?.eventId, second?.eventId)
})
