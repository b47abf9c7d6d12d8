import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { startService, type TestService } from '../support/service.js'
import { until } from '../support/until.js'
import { environmentOf, type Running, startProcess } from './processes.js'
import { type Sendgrid, sendThrough, startSendgrid } from './sendgrid.js'

t.setTimeout(900_000)

const GUESTS = 300
/** Mails in flight a process (design: work outside the request). */
const IN_FLIGHT = 50

for (const queues of ['Redis', 'PostgreSQL'] as const) {
  t.test(`workers killed while they send lose no mail, with queues on ${queues}`, async (t) => {
    // Takes mails and answers none while it is held, so that a kill surely comes between sending and recording.
    const held = gate()
    const sendgrid = await startSendgrid(t, () => ({ status: 202, when: held.passed() }))
    const service = await startService(t, { workers: false, redis: queues === 'Redis' })
    const env = await environmentOf(t, service)
    const start = (apiKey: string) => {
      const databaseUrl = `${env['DATABASE_URL']}?application_name=${apiKey}`
      return startProcess(t, {
        ...env,
        ...sendThrough(sendgrid, apiKey),
        DATABASE_URL: databaseUrl,
        VESTIBULE_ROLES: 'worker',
      })
    }
    const isBusy = (apiKey: string) => sendgrid.inFlight(apiKey) >= 10

    const [first, second] = await Promise.all([start('SG.first'), start('SG.second')])
    held.close()
    const inviting = inviteMany(service)
    await until(() => isBusy('SG.first') && isBusy('SG.second'), 'both workers are busy')
    const lostByFirst = await kill(first, 'SG.first', service, sendgrid)
    held.open()
    await until(() => sendgrid.taken.size >= 120, 'some mails left')
    held.close()
    await until(() => isBusy('SG.second'), 'the second worker is busy')
    const lostBySecond = await kill(second, 'SG.second', service, sendgrid)
    held.open()
    await inviting
    t.match(await counted(service), { invitations: GUESTS, mails: GUESTS })

    await start('SG.third')
    await until(async () => (await service.rows('select 1 from outbox')).length === 0, 'nothing is left to do')

    t.equal(sendgrid.taken.size, GUESTS, 'every mail left')
    t.strictSame(await counted(service), {
      invitations: GUESTS,
      mails: GUESTS,
      sent: GUESTS,
      sends: GUESTS,
      waiting: 0,
    })
    for (const lost of [lostByFirst, lostBySecond]) {
      t.ok(lost.size > 0, 'the kill came between sending and recording')
      t.ok(lost.size <= IN_FLIGHT, `not more than ${IN_FLIGHT} were in flight`)
    }
    // On a busy machine the survivor may be tired of waiting, too, while answers are held: it cannot know what left.
    const inFlight = new Set([...lostByFirst, ...lostBySecond, ...sendgrid.unheard])
    t.strictSame(
      sendgrid.doubled().filter((id) => !inFlight.has(id)),
      [],
      'only mails that were in flight at a kill left twice',
    )
  })
}

/** Lets answers pass after a moment while it is open, and holds them while it is closed. */
function gate() {
  let open = () => {}
  let opened: Promise<void> = Promise.resolve()
  return {
    close: () => {
      opened = new Promise((resolve) => {
        open = resolve
      })
    },
    open: () => open(),
    passed: async () => {
      await sleep(50)
      await opened
    },
  }
}

async function inviteMany(service: TestService): Promise<void> {
  const guests = Array.from({ length: GUESTS }, (_, index) => `guest${index}@partner.example`)
  await Promise.all(guests.map((guest) => service.invite(guest, { sendInvitationMessage: true })))
}

/** Kills a worker; tells which mails it had handed over without writing that down. */
async function kill(worker: Running, apiKey: string, service: TestService, sendgrid: Sendgrid): Promise<Set<string>> {
  await worker.kill()
  const sessions = `select 1 from pg_stat_activity where datname = current_database() and application_name = '${apiKey}'`
  await until(async () => {
    return sendgrid.connections(apiKey) === 0 && (await service.rows(sessions)).length === 0
  }, 'what it sent before its end has arrived here and in the database')
  const waiting = new Set((await service.rows('select id from outbox')).map(({ id }) => id))
  const handedOver = sendgrid.tries.filter((attempt) => attempt.apiKey === apiKey).map(({ mailId }) => mailId)
  return new Set(handedOver.filter((id) => waiting.has(id)))
}

async function counted(service: TestService) {
  const [row] = await service.rows(`select
    (select count(*)::int from invitations) as invitations,
    (select count(*)::int from invitation_mails) as mails,
    (select count(*)::int from invitation_mails where state = 'sent') as sent,
    (select sum(sent_count)::int from invitations) as sends,
    (select count(*)::int from outbox) as waiting`)
  return { ...row }
}
