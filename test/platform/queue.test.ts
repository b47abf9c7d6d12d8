import { setTimeout as wait } from 'node:timers/promises'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { uuidv7 } from '../../src/kernel/ids.js'
import type { Connection } from '../../src/platform/database.js'
import { createLogger } from '../../src/platform/log.js'
import { MOST_IN_A_JOB, openQueues, type Queues, type QueueWorker, type Work } from '../../src/platform/queue.js'
import { freshDatabase, freshRedis } from '../support/engines.js'
import { loseQueues } from '../support/lose-queues.js'
import { until } from '../support/until.js'

const log = createLogger('silent')
const work = (): Work => ({
  id: uuidv7(Date.now()),
  tenantId: uuidv7(Date.now()),
  subjectId: uuidv7(Date.now()),
  attempt: 1,
  failures: 0,
  createdAt: new Date().toISOString(),
})

type Opened = {
  queues: Queues
  /** Another process on the same engine. */
  more: () => Promise<Queues>
  lose: () => Promise<void>
  /** Closed before the queues they work on. */
  workers: QueueWorker[]
}

async function open(t: Test, backend: 'redis' | 'postgres'): Promise<Opened> {
  const opened: Queues[] = []
  const workers: QueueWorker[] = []
  t.teardown(async () => {
    await Promise.all(workers.map((worker) => worker.close()))
    await Promise.all(opened.map((queues) => queues.close()))
  })
  const { connection } = await freshDatabase(async (made: Connection) => {
    const queues = await openQueues({ connection: made }, log)
    await queues.close()
  })
  const redisUrl = backend === 'redis' ? await freshRedis() : undefined
  const more = async () => {
    const queues = await openQueues({ redisUrl, connection }, log)
    opened.push(queues)
    // The connection to Redis is made beside.
    await until(() =>
      queues.ping().then(
        () => true,
        () => false,
      ),
    )
    return queues
  }
  return { queues: await more(), lose: () => loseQueues(redisUrl, connection), more, workers }
}

for (const backend of ['redis', 'postgres'] as const) {
  t.test(`queues on ${backend}`, async (t) => {
    const { queues, lose, more, workers } = await open(t, backend)
    t.equal(queues.backend, backend)

    await t.test('work is handed over whole, once each, to whichever process is free', async (t) => {
      const seen: Work[] = []
      const other = await more()
      const most: number[] = []
      for (const each of [queues, other]) {
        workers.push(
          each.work('a.mail', 5, async (job) => {
            most.push(job.length)
            seen.push(...job)
          }),
        )
      }
      const given = Array.from({ length: 40 }, work)
      await queues.add('a.mail', given)
      await until(() => seen.length >= 40)
      await until(async () => (await queues.depth('a.mail')) === 0)
      t.equal(new Set(seen.map(({ id }) => id)).size, 40)
      t.equal(seen.length, 40)
      t.strictSame(most.sort(), [40 - 2 * MOST_IN_A_JOB, MOST_IN_A_JOB, MOST_IN_A_JOB].sort(), 'several share a job')
      const [first] = given
      t.strictSame(
        seen.find(({ id }) => id === first?.id),
        first,
      )
    })

    await t.test('what waits or runs is not added twice; what is done may come again', async (t) => {
      const given = work()
      await queues.add('b.mail', [given])
      await queues.add('b.mail', [given])
      t.equal(await queues.depth('b.mail'), 1)
      let runs = 0
      let finish: () => void = () => {}
      const gate = new Promise<void>((resolve) => {
        finish = resolve
      })
      workers.push(
        queues.work('b.mail', 5, async () => {
          runs += 1
          await gate
        }),
      )
      await until(() => runs === 1)
      await queues.add('b.mail', [given])
      t.equal(await queues.depth('b.mail'), 1, 'it runs')
      finish()
      await until(async () => (await queues.depth('b.mail')) === 0)
      t.equal(runs, 1)
      await queues.add('b.mail', [given])
      await until(() => runs === 2)
    })

    await t.test('work that fails is forgotten here: the outbox brings it again', async (t) => {
      let runs = 0
      workers.push(
        queues.work('c.mail', 1, async () => {
          runs += 1
          if (runs === 1) throw new Error('for the test')
        }),
      )
      const given = work()
      await queues.add('c.mail', [given])
      await until(async () => runs === 1 && (await queues.depth('c.mail')) === 0)
      await queues.add('c.mail', [given])
      await until(() => runs === 2)
      t.equal(await queues.depth('c.mail').then((depth) => depth <= 1), true)
    })

    await t.test('no more jobs than the given number run at once', async (t) => {
      let running = 0
      let most = 0
      let done = 0
      let open: () => void = () => {}
      const gate = new Promise<void>((resolve) => {
        open = resolve
      })
      for (let job = 0; job < 20; job++) await queues.add('d.mail', [work()])
      workers.push(
        queues.work('d.mail', 3, async () => {
          running += 1
          most = Math.max(most, running)
          await gate
          running -= 1
          done += 1
        }),
      )
      await until(() => running === 3)
      // Time enough for a fourth to come, if one may.
      await wait(200)
      open()
      await until(() => done === 20)
      t.equal(most, 3)
    })

    await t.test('after the engine lost everything, work added then runs', async (t) => {
      const seen: string[] = []
      workers.push(queues.work('e.mail', 2, async (job) => void seen.push(...job.map(({ id }) => id))))
      await queues.add('e.mail', [work()])
      await until(() => seen.length === 1)
      await lose()
      const given = work()
      await queues.add('e.mail', [given])
      await until(() => seen.includes(given.id))
      t.pass()
    })

    await t.test('a schedule runs in one of the processes at a time', async (t) => {
      const other = await more()
      let runs = 0
      const tidy = async () => {
        runs += 1
      }
      const start = Date.now()
      workers.push(await queues.schedule('tidy', 200, tidy), await other.schedule('tidy', 200, tidy))
      await until(() => runs >= 5)
      const turns = (Date.now() - start) / 200
      t.ok(runs <= turns + 2, `${runs} runs in ${turns} turns`)
    })
  })
}

t.test('a payload holds ids and nothing about people', async (t) => {
  const redisUrl = await freshRedis()
  const { connection } = await freshDatabase(async () => {})
  const queues = await openQueues({ redisUrl, connection }, log)
  t.teardown(() => queues.close())
  await until(() =>
    queues.ping().then(
      () => true,
      () => false,
    ),
  )
  await queues.add('a.mail', [work()])
  const redis = new Redis(redisUrl)
  t.teardown(() => redis.disconnect())
  const keys = await redis.keys('*')
  t.ok(keys.length > 0)
  t.ok(
    keys.every((key) => key.startsWith('{vestibule:a-mail}')),
    'one hash tag a queue, so a cluster keeps it together',
  )
})

t.test('while Redis is away adding fails at once, and the ping says so', async (t) => {
  const { connection } = await freshDatabase(async () => {})
  const queues = await openQueues({ redisUrl: 'redis://127.0.0.1:1', connection }, log)
  t.teardown(() => queues.close())
  await t.rejects(queues.add('a.mail', [work()]))
  await t.rejects(queues.ping())
})
