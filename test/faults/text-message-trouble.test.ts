import t, { type Test } from 'tap'
import { invited, rowsOf, signedIn } from '../attacks/scene.js'
import { askForSecondStep } from '../support/authenticator.js'
import { startService } from '../support/service.js'
import { startTexts, stepCode } from '../support/text-messages.js'
import { until } from '../support/until.js'

const NUMBER = '+442079460958'

/** A guest who asks for a code by text message while the endpoint is in trouble. */
async function asking(t: Test) {
  const texts = await startTexts(t)
  const service = await startService(t, { env: texts.env })
  await askForSecondStep(service)
  const lines: string[] = []
  const { log } = service.services
  const warn = log.warn.bind(log)
  // What a log line holds, whatever its level is set to.
  Object.assign(log, {
    warn: (about: { err?: Error }, text: string) => {
      lines.push(`${JSON.stringify(about)} ${about.err?.stack} ${String(about.err?.cause)} ${text}`)
      warn(about, text)
    },
  })
  const ana = await invited(service, 'ana@partner.example')
  const guest = await signedIn(service, ana)
  const url = `${ana.link}&with=phone`
  await guest.get(url)
  return { texts, service, guest, url, lines }
}

for (const [trouble, status] of [
  ['429', 429],
  ['500', 500],
] as const) {
  t.test(`${trouble} once: the same message comes again, and its code still works`, async (t) => {
    const { texts, service, guest, url, lines } = await asking(t)
    texts.answer = () => (texts.received.length === 0 ? status : 202)
    await guest.post(url, { phone: NUMBER })
    await until(() => texts.received.length >= 2, 'it comes again, after some five seconds')
    const [first, second] = texts.received
    t.equal(first?.headers['webhook-id'], second?.headers['webhook-id'])
    t.equal(first?.text, second?.text)
    const code = await stepCode(service, NUMBER)
    await guest.get(url)
    t.equal((await guest.post(url, { code })).status, 303)
    t.ok(lines.length > 0)
    t.notMatch(lines.join('\n'), new RegExp(`${code}|442079460958`), 'and the log tells neither code nor number')
  })
}

t.test('an endpoint that says no for good is not asked again, and the page still offers another way', async (t) => {
  const { texts, service, guest, url } = await asking(t)
  texts.answer = () => 400
  t.equal((await guest.post(url, { phone: NUMBER })).status, 303)
  await texts.until(() => texts.received.length === 1)
  await until(async () => (await rowsOf(service, 'select 1 from outbox')).length === 0, 'it is given up')
  t.match((await guest.get(url)).html, 'Use an authenticator app')
  const { registry } = service.services.metrics
  t.match(await registry.metrics(), 'vestibule_text_messages_total{outcome="failed"} 1')
})

t.test('one that hangs keeps neither pages nor mails waiting', async (t) => {
  const { texts, service, guest, url } = await asking(t)
  let open: (() => void) | undefined
  texts.answer = () => new Promise((resolve) => (open = () => resolve(202)))
  t.equal((await guest.post(url, { phone: NUMBER })).status, 303)
  await until(() => open !== undefined, 'it has the message')
  await service.invite('bo@partner.example', { sendInvitationMessage: true })
  await service.waitForMails('bo@partner.example')
  const { registry } = service.services.metrics
  t.notMatch(await registry.metrics(), 'vestibule_text_messages_total{', 'while it still hangs')
  open?.()
  await until(async () => (await registry.metrics()).includes('vestibule_text_messages_total{outcome="sent"} 1'))
})
