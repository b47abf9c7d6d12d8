import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { uuidv7 } from '../../src/kernel/ids.js'
import { startListener } from '../../src/platform/listener.js'
import { createLogger } from '../../src/platform/log.js'
import { createWorkSignal, startRelay } from '../../src/platform/outbox/relay.js'
import { claimWork, endWork, postponeWork, readOutboxLag } from '../../src/platform/outbox/store.js'
import { startWorker } from '../../src/platform/outbox/worker.js'
import { MOST_IN_A_JOB, type Queues, type Work } from '../../src/platform/queue.js'
import { loseQueues } from '../support/lose-queues.js'
import { startService, type TestService } from '../support/service.js'
import { until } from '../support/until.js'

const TOPIC = 'invitation.mail'

async function addWork(service: TestService, count: number): Promise<string[]> {
  const { sql } = service.services.database
  const ids = Array.from({ length: count }, () => uuidv7(Date.now()))
  await sql`select outbox_add(${service.tenantId}, ${TOPIC}, ${ids}::uuid[], ${ids}::uuid[])`
  return ids
}

t.test('rows of the outbox', async (t) => {
  const service = await startService(t, { workers: false })
  const { sql } = service.services.database
  t.beforeEach(async () => {
    await sql`delete from outbox`
  })

  await t.test('are handed to one relay at a time, for the length of a lease', async (t) => {
    const ids = await addWork(service, 30)
    const claims = await Promise.all(Array.from({ length: 8 }, () => claimWork(sql, TOPIC, 10, 15)))
    const claimed = claims.flat().map(({ id }) => id)
    t.equal(new Set(claimed).size, claimed.length, 'none twice')
    const rest = await claimWork(sql, TOPIC, 100, 15)
    t.equal(claimed.length + rest.length, ids.length)
    t.strictSame(await claimWork(sql, TOPIC, 100, 15), [], 'all are leased')
    await sql`update outbox set available_at = now()`
    t.equal((await claimWork(sql, TOPIC, 100, 15)).length, ids.length, 'a lease that ended means another delivery')
    t.match(await sql`select min(attempts) as least from outbox`, [{ least: 2 }])
  })

  await t.test('come oldest first, and only those of the topic that are due', async (t) => {
    const [first, second, third] = await addWork(service, 3)
    await sql`update outbox set available_at = now() - interval '1 hour' where id = ${second ?? ''}`
    await sql`update outbox set available_at = now() + interval '1 hour' where id = ${third ?? ''}`
    const claimed = await claimWork(sql, TOPIC, 1, 15)
    t.strictSame(
      claimed.map(({ id }) => id),
      [second],
    )
    t.match(claimed, [{ tenantId: service.tenantId, subjectId: second, failures: 0 }])
    t.strictSame(await claimWork(sql, 'passcode.mail', 10, 15), [])
    t.strictSame(
      (await claimWork(sql, TOPIC, 10, 15)).map(({ id }) => id),
      [first],
    )
  })

  await t.test('are put off or ended by their worker', async (t) => {
    const [first, second] = await addWork(service, 2)
    await postponeWork(sql, first ?? '', 3_600_000)
    await endWork(sql, second ?? '')
    await endWork(sql, second ?? '')
    t.strictSame(await claimWork(sql, TOPIC, 10, 15), [])
    t.match(await sql`select id, failures from outbox`, [{ id: first, failures: 1 }])
  })

  await t.test('tell how long the oldest due one has waited', async (t) => {
    const [first] = await addWork(service, 2)
    await sql`update outbox set available_at = now() - interval '90 seconds' where id = ${first ?? ''}`
    const [lag] = await readOutboxLag(sql)
    t.match(lag, { topic: TOPIC, rows: 2 })
    t.ok(lag && lag.lagSeconds >= 90 && lag.lagSeconds < 120, String(lag?.lagSeconds))
  })

  await t.test('appear with the transaction that wrote them, or not at all', async (t) => {
    const failing = sql.begin(async (tx) => {
      await tx`select outbox_add(${service.tenantId}, ${TOPIC}, ${[uuidv7(1)]}::uuid[], ${[uuidv7(1)]}::uuid[])`
      throw new Error('rolled back')
    })
    await t.rejects(failing)
    t.strictSame(await claimWork(sql, TOPIC, 10, 15), [])
  })
})

for (const backend of ['postgres', 'redis'] as const) {
  t.test(`the relay on ${backend}`, async (t) => {
    const service = await startService(t, { workers: false, redis: backend === 'redis' })
    const { services } = service
    const { sql } = services.database
    const closing: (() => Promise<void>)[] = []
    t.teardown(async () => {
      for (const close of closing.reverse()) await close()
      await service.close()
    })
    const seen: string[] = []
    let handle = async ({ id }: Work) => {
      seen.push(id)
      await endWork(sql, id)
    }
    const worker = startWorker(services, TOPIC, 20, (work) => handle(work))
    closing.push(() => worker.close())
    for (let process = 0; process < 2; process++) {
      const relay = startRelay(services, [TOPIC])
      closing.push(() => relay.close())
    }
    const left = async () => (await sql<{ n: number }[]>`select count(*)::int as n from outbox`)[0]?.n

    await t.test('two relays and one worker: each row is done once', async (t) => {
      const ids = await addWork(service, 200)
      services.signal.raise(TOPIC)
      await until(async () => (await left()) === 0)
      t.strictSame([...seen].sort(), [...ids].sort())
    })

    await t.test('work whose worker threw comes again when its lease is over', async (t) => {
      const succeed = handle
      let failures = 0
      handle = async () => {
        failures += 1
        throw new Error('for the test')
      }
      const [id] = await addWork(service, 1)
      services.signal.raise(TOPIC)
      await until(() => failures === 1)
      handle = succeed
      await until(async () => (await services.queues.depth(TOPIC)) === 0)
      await sql`update outbox set available_at = now()`
      services.signal.raise(TOPIC)
      await until(async () => (await left()) === 0)
      t.ok(seen.includes(id ?? ''))
    })

    await t.test('work that the engine lost is delivered again', async (t) => {
      const succeed = handle
      let held = 0
      let release: () => void = () => {}
      const gate = new Promise<void>((resolve) => {
        release = resolve
      })
      let ended = 0
      handle = async (work) => {
        held += 1
        await gate
        await succeed(work)
        ended += 1
      }
      // Twenty run and some are in hand; the jobs of all others are lost with the engine's data.
      const ids = await addWork(service, 200)
      services.signal.raise(TOPIC)
      await until(async () => held === 20 && (await services.queues.depth(TOPIC)) >= 8)
      await loseQueues(service.services.config.redisUrl, service.connection)
      release()
      await until(() => held >= 20 && ended === held, 'what was in hand is done')
      handle = succeed
      await sql`update outbox set available_at = now()`
      services.signal.raise(TOPIC)
      await until(async () => (await left()) === 0)
      t.strictSame(seen.filter((id) => ids.includes(id)).sort(), [...ids].sort(), 'each once')
    })

    await t.test('a notice of another process wakes it, and without one it looks by itself', async (t) => {
      const elsewhere = createWorkSignal(services.database)
      const [first] = await addWork(service, 1)
      elsewhere.raise(TOPIC)
      await until(() => seen.includes(first ?? ''))
      const [second] = await addWork(service, 1)
      await until(() => seen.includes(second ?? ''))
      // Seen first, ended a moment later.
      await until(async () => (await left()) === 0)
      t.strictSame(seen.slice(-2), [first, second])
    })
  })
}

t.test('a full queue is given no more: the outbox is where work waits', async (t) => {
  const service = await startService(t, { workers: false })
  const { services } = service
  const listener = startListener(service.connection, createLogger('silent'))
  const added: Work[] = []
  let depth = 64
  // Not a stand-in for the queue's behaviour, only for its length, which takes many held jobs to build.
  const queues: Queues = {
    ...services.queues,
    depth: async () => depth,
    add: async (_topic, work) => {
      added.push(...work)
      depth += Math.ceil(work.length / MOST_IN_A_JOB)
    },
  }
  await addWork(service, 700)
  const relay = startRelay({ ...services, listener, queues, signal: services.signal }, [TOPIC])
  t.teardown(async () => {
    await relay.close()
    await listener.close()
    await service.close()
  })
  await wait(300)
  t.equal(added.length, 0)
  t.match(await services.database.sql`select max(attempts) as most from outbox`, [{ most: 0 }], 'nothing was claimed')
  depth = 60
  services.signal.raise(TOPIC)
  await until(() => added.length > 0)
  t.equal(added.length, 4 * MOST_IN_A_JOB, 'just what fits')
})
