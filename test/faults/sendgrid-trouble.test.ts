import t from 'tap'
import { startService } from '../support/service.js'
import { until } from '../support/until.js'
import { type Reply, type Sendgrid, sendThrough, startSendgrid, type Try } from './sendgrid.js'

t.setTimeout(900_000)

const RETRY_AFTER_SECONDS = 9
const EACH = 20

/** What befalls the first try of a mail to `<kind><number>@partner.example`, and what the invitation then says. */
const troubles: { kind: string; reply: Reply; reason: RegExp }[] = [
  {
    kind: 'throttled',
    reply: { status: 429, headers: { 'retry-after': `${RETRY_AFTER_SECONDS}` }, message: 'too many requests' },
    reason: /429.*too many requests/,
  },
  { kind: 'broken', reply: { status: 500 }, reason: /500/ },
  { kind: 'refused', reply: { status: 401, message: 'authorization revoked' }, reason: /key.*401.*revoked/ },
  { kind: 'silent', reply: 'silence', reason: /no answer within 10000 ms/ },
]

/** The first try of a troubled mail fails; the second is answered once `seen` has looked at what the mail says till then. */
const firstTryFails =
  (seen: Map<string, Promise<void>>) =>
  (attempt: Try): Reply => {
    const trouble = troubles.find(({ kind }) => attempt.to.startsWith(kind))
    if (trouble && attempt.ordinal === 1) return trouble.reply
    return { status: 202, when: seen.get(trouble?.kind ?? '') ?? Promise.resolve() }
  }

t.test('SendGrid throttling, failing, refusing the key or saying nothing delays mails and costs none', async (t) => {
  const seen = new Map<string, Promise<void>>()
  const sendgrid = await startSendgrid(t, firstTryFails(seen))
  const service = await startService(t, { redis: true, env: sendThrough(sendgrid) })
  const kinds = ['fine', ...troubles.map(({ kind }) => kind)]
  const addresses = kinds.flatMap((kind) =>
    Array.from({ length: EACH }, (_, index) => `${kind}${index}@partner.example`),
  )
  const saysWhy = ({ kind, reason }: (typeof troubles)[number]) =>
    until(async () => {
      const rows = await service.rows(
        `select delivery_reason from invitations where address_folded like '${kind}%' and delivery_state = 'deferred'`,
      )
      return rows.length > 0 && rows.every((row) => reason.test(row['delivery_reason']))
    }, `${kind} mails say why they wait`)
  for (const trouble of troubles) seen.set(trouble.kind, saysWhy(trouble))
  await Promise.all(addresses.map((address) => service.invite(address, { sendInvitationMessage: true })))
  await Promise.all(seen.values())
  await until(async () => (await service.rows('select 1 from outbox')).length === 0, 'every mail left')

  const stored = await service.rows('select delivery_state, delivery_reason, sent_count from invitations')
  t.equal(stored.length, addresses.length)
  t.ok(stored.every((row) => row['delivery_state'] === 'sent' && row['delivery_reason'] === null))
  t.ok(stored.every((row) => row['sent_count'] === 1))
  t.equal(sendgrid.taken.size, addresses.length, 'every mail left')
  t.strictSame(sendgrid.doubled(), [], 'none twice')
  for (const kind of kinds) {
    t.equal(triesOf(sendgrid, kind).length, kind === 'fine' ? EACH : 2 * EACH, `${kind}: one try more than needed`)
  }
  t.ok(
    pausesOf(sendgrid, 'throttled').every((ms) => ms >= RETRY_AFTER_SECONDS * 1_000 - 50),
    'Retry-After is kept',
  )
})

t.test('a mail that SendGrid refuses for good is not tried again, and says why', async (t) => {
  const sendgrid = await startSendgrid(t, () => ({ status: 400, message: 'Does not contain a valid address.' }))
  const service = await startService(t, { env: sendThrough(sendgrid) })
  const { id } = await service.invite('ana@partner.example', { sendInvitationMessage: true })
  await until(async () => (await service.rows('select 1 from outbox')).length === 0, 'it is given up')
  const { delivery } = (await service.api('GET', `/invitations/${id}`)).body
  t.match(delivery, { state: 'failed', reason: /400.*Does not contain a valid address/ })
  t.equal(sendgrid.tries.length, 1)
})

t.test('a mail that could not leave for a day is given up, and can be sent again when SendGrid is back', async (t) => {
  let isDown = true
  const sendgrid = await startSendgrid(t, () => ({ status: isDown ? 500 : 202 }))
  const service = await startService(t, { env: sendThrough(sendgrid) })
  const { id } = await service.invite('ana@partner.example', { sendInvitationMessage: true })
  await until(() => sendgrid.tries.length === 1, 'it was tried')
  service.advance(24 * 3_600_000)
  await until(async () => (await service.rows('select 1 from outbox')).length === 0, 'it is given up')
  service.advance(-24 * 3_600_000 + 120_000)
  const given = (await service.api('GET', `/invitations/${id}`)).body
  t.match(given, { status: 'PendingAcceptance', sentCount: 0, delivery: { state: 'failed', reason: /500/ } })

  isDown = false
  t.equal((await service.api('POST', `/invitations/${id}/resend`)).status, 200)
  await until(() => sendgrid.taken.size === 1, 'it left')
  await until(async () => {
    const { sentCount, delivery } = (await service.api('GET', `/invitations/${id}`)).body
    return sentCount === 1 && delivery.state === 'sent'
  }, 'it is written down')
  t.pass('it left')
})

function triesOf(sendgrid: Sendgrid, kind: string): Try[] {
  return sendgrid.tries.filter(({ to }) => to.startsWith(kind))
}

/** Milliseconds between the first try of each mail and the second. */
function pausesOf(sendgrid: Sendgrid, kind: string): number[] {
  const tries = triesOf(sendgrid, kind)
  const firsts = new Map(tries.filter(({ ordinal }) => ordinal === 1).map(({ mailId, at }) => [mailId, at]))
  return tries.filter(({ ordinal }) => ordinal === 2).map(({ mailId, at }) => at - (firsts.get(mailId) ?? 0))
}
