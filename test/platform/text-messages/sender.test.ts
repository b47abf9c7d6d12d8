import { createHmac } from 'node:crypto'
import t from 'tap'
import type { TextSettings } from '../../../src/platform/config-senders.js'
import { createEgress } from '../../../src/platform/egress/egress.js'
import { createTextSender } from '../../../src/platform/text-messages/sender.js'
import { TextNotAccepted } from '../../../src/platform/text-messages/text-message.js'
import { startReceiver } from '../../support/receiver.js'

const message = {
  id: 'm1',
  to: '+442079460958',
  text: '123456 is your code.',
  expiresAt: new Date('2026-11-26T12:00:00Z'),
}
const secret = Buffer.alloc(32, 1)
const now = new Date('2026-11-26T11:50:00Z')
const egress = createEgress({ allow: ['127.0.0.0/8'] })
const open = (settings: TextSettings, timeoutMs?: number) =>
  createTextSender(settings, { egress, clock: () => now, ...(timeoutMs && { timeoutMs }) })

t.test('a webhook gets JSON that says who sent it', async (t) => {
  const receiver = await startReceiver(t)
  await open({ sender: 'webhook', url: `${receiver.origin}/texts?key=1`, secret }).send(message)
  const [sent] = receiver.received
  t.strictSame(sent?.body, {
    id: 'm1',
    to: '+442079460958',
    text: '123456 is your code.',
    expiresDateTime: '2026-11-26T12:00:00.000Z',
  })
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = sent?.headers ?? {}
  t.equal(id, 'm1')
  t.equal(Number(timestamp), now.getTime() / 1_000)
  t.equal(signature, `v1,${createHmac('sha256', secret).update(`m1.${timestamp}.${sent?.text}`).digest('base64')}`)
})

t.test('Twilio gets a form, by its account', async (t) => {
  const receiver = await startReceiver(t)
  receiver.answer = () => 201
  const account = { sender: 'twilio', baseUrl: receiver.origin, accountSid: 'AC1', authToken: 'the token' } as const
  await open({ ...account, from: '+15005550006' }).send(message)
  await open({ ...account, from: `MG${'0'.repeat(32)}` }).send(message)
  const [byNumber, byService] = receiver.received
  t.equal(byNumber?.path, '/2010-04-01/Accounts/AC1/Messages.json')
  t.equal(byNumber?.headers.authorization, `Basic ${Buffer.from('AC1:the token').toString('base64')}`)
  t.match(byNumber?.headers['content-type'], 'application/x-www-form-urlencoded')
  const form = (text = '') => Object.fromEntries(new URLSearchParams(text))
  t.strictSame(form(byNumber?.text), { To: '+442079460958', From: '+15005550006', Body: '123456 is your code.' })
  t.strictSame(form(byService?.text), {
    To: '+442079460958',
    MessagingServiceSid: `MG${'0'.repeat(32)}`,
    Body: '123456 is your code.',
  })
})

t.test('what the other side answers says whether it is tried again, and tells no number and no code', async (t) => {
  const receiver = await startReceiver(t)
  const sender = open({ sender: 'webhook', url: `${receiver.origin}/texts`, secret })
  const cases: [status: number, permanent: boolean][] = [
    [302, false],
    [400, true],
    [401, false],
    [403, false],
    [404, true],
    [408, false],
    [429, false],
    [500, false],
    [503, false],
  ]
  for (const [status, permanent] of cases) {
    receiver.answer = () => status
    const error = await sender.send(message).catch((thrown: unknown) => thrown)
    t.ok(error instanceof TextNotAccepted, `${status}`)
    t.match(error, { permanent, message: `the sender of text messages answered ${status}` })
    t.notMatch(String(error), /442079460958|123456/)
  }
})

t.test('one that hangs, is gone, or may not be called', async (t) => {
  const receiver = await startReceiver(t)
  receiver.answer = () => new Promise<number>((resolve) => setTimeout(resolve, 3_000, 202).unref())
  const url = `${receiver.origin}/texts`
  const slow = await open({ sender: 'webhook', url, secret }, 200)
    .send(message)
    .catch((thrown: unknown) => thrown)
  t.match(slow, { permanent: false, message: /did not answer in time/ })
  const gone = await open({ sender: 'webhook', url: 'http://127.0.0.1:9/', secret })
    .send(message)
    .catch((thrown: unknown) => thrown)
  t.match(gone, { permanent: false, message: /could not be reached/ })
  const inside = await open({ sender: 'webhook', url: 'https://10.0.0.1/', secret })
    .send(message)
    .catch((thrown: unknown) => thrown)
  t.match(inside, { permanent: true, message: /may not be called/ })
})

t.test('the number of an error is told, and when to try again', async (t) => {
  const answering = (status: number, headers: Record<string, string>, body: string) =>
    createTextSender(
      { sender: 'webhook', url: 'https://texts.example/', secret },
      {
        clock: () => now,
        egress: { ...egress, post: async () => ({ status, headers, body }) },
      },
    )
  const bad = '{"code":21211,"message":"The \'To\' number +442079460958 is not valid"}'
  await t.rejects(answering(400, {}, bad).send(message), {
    message: 'the sender of text messages answered 400 (error 21211)',
  })
  const waits = (after: string) =>
    answering(503, { 'retry-after': after }, '')
      .send(message)
      .catch((thrown: unknown) => thrown)
  t.match(await waits('7'), { retryAfterSeconds: 7 })
  const date = 'Thu, 26 Nov 2026 11:51:00 GMT'
  t.match(await waits(date), { retryAfterSeconds: 60 })
})
