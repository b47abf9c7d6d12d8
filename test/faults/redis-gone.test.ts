import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { type RunningRedis, startRedis } from '../support/engines-redis.js'
import { startService, type TestService } from '../support/service.js'
import { until } from '../support/until.js'
import { environmentOf, startProcess } from './processes.js'
import { type Sendgrid, sendThrough, startSendgrid } from './sendgrid.js'

t.setTimeout(900_000)

/** Mails in flight a process (design: work outside the request). */
const IN_FLIGHT = 50

t.test('Redis emptied while mails are queued costs no mail and no schedule', async (t) => {
  // The first mails are answered once there is a schedule to lose, which a busy machine may take a while to make.
  let begin = () => {}
  const begun = new Promise<void>((resolve) => {
    begin = resolve
  })
  const { redis, service, sendgrid, startWorker } = await scene(t, () => begun.then(() => sleep(500)))
  await invite(service, 300)
  await startWorker()
  const client = new Redis(redis.url)
  t.teardown(() => client.disconnect())
  const isScheduled = async () =>
    (await client.exists('{vestibule:expire-invitations}:expire-invitations:repeat:expire-invitations')) === 1
  await until(isScheduled, 'expiry is scheduled')
  begin()
  await until(() => sendgrid.taken.size >= 60, 'some mails left')
  const waiting = (await service.rows('select 1 from outbox')).length
  t.ok((await client.dbsize()) > 0 && waiting > IN_FLIGHT, 'mails wait in Redis')
  await client.flushall()

  await until(async () => (await service.rows('select 1 from outbox')).length === 0, 'every mail left')
  await allSent(t, service, sendgrid, 300)
  // A worker that waits for an answer for ten seconds, on a busy machine, cannot know what left either.
  const doubled = sendgrid.doubled().filter((id) => !sendgrid.unheard.has(id))
  t.ok(doubled.length <= IN_FLIGHT, `${doubled.length} mails left twice`)
  await until(isScheduled, 'expiry is scheduled again')
})

t.test('while Redis is down everybody can be invited, and their mails leave when it is back', async (t) => {
  const { redis, restart, service, sendgrid, startWorker } = await scene(t, () => Promise.resolve())
  await startWorker()
  await invite(service, 20)
  await until(() => sendgrid.taken.size === 20, 'mails leave')

  process.kill(redis.pid, 'SIGKILL')
  const invited = await invite(service, 200, 20)
  t.equal(invited.length, 200, 'each is answered 201')
  // One that has never seen Redis has to find its way as well.
  await startWorker()
  t.equal(sendgrid.taken.size, 20, 'no mail leaves meanwhile')
  t.equal((await service.rows('select 1 from outbox')).length, 200, 'and none is lost')

  await restart()
  await until(async () => (await service.rows('select 1 from outbox')).length === 0, 'every mail left')
  await allSent(t, service, sendgrid, 220)
  t.strictSame(sendgrid.doubled(), [], 'none twice')
})

/** A service whose Redis nobody shares, and workers in processes of their own. */
async function scene(t: Test, answered: () => Promise<unknown>) {
  const dir = await mkdtemp(join(tmpdir(), 'vestibule-test-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  let redis: RunningRedis = await startRedis(dir)
  t.teardown(() => process.kill(redis.pid, 'SIGKILL'))
  const sendgrid = await startSendgrid(t, () => ({ status: 202, when: answered() }))
  const service = await startService(t, { workers: false, env: { REDIS_URL: redis.url } })
  const env = { ...(await environmentOf(t, service)), ...sendThrough(sendgrid), VESTIBULE_ROLES: 'worker' }
  return {
    redis,
    restart: async () => {
      redis = await startRedis(dir, redis.port)
    },
    service,
    sendgrid,
    startWorker: () => startProcess(t, env),
  }
}

function invite(service: TestService, count: number, from = 0): Promise<unknown[]> {
  const addresses = Array.from({ length: count }, (_, index) => `guest${from + index}@partner.example`)
  return Promise.all(addresses.map((address) => service.invite(address, { sendInvitationMessage: true })))
}

async function allSent(t: Test, service: TestService, sendgrid: Sendgrid, count: number): Promise<void> {
  const stored = await service.rows('select delivery_state, sent_count from invitations')
  t.equal(stored.length, count, 'every invitation is there')
  t.ok(stored.every((row) => row['delivery_state'] === 'sent' && row['sent_count'] === 1))
  t.equal(sendgrid.taken.size, count, 'every mail left')
}
