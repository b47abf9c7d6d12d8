import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { uuidv7 } from '../../src/kernel/ids.js'
import { startRelay } from '../../src/platform/outbox/relay.js'
import { claimWork, endWork, holdWork } from '../../src/platform/outbox/store.js'
import { startWorker } from '../../src/platform/outbox/worker.js'
import type { Work } from '../../src/platform/queue.js'
import { startService, type TestService } from '../support/service.js'
import { until } from '../support/until.js'

const TOPIC = 'invitation.mail'
const PLACES = 3

async function addWork(service: TestService, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => uuidv7(Date.now()))
  await service.services.database.sql`
    select outbox_add(${service.tenantId}, ${TOPIC}, ${ids}::uuid[], ${ids}::uuid[])`
  service.services.signal.raise(TOPIC)
  return ids
}

t.test('work in hand', async (t) => {
  const service = await startService(t, { workers: false })
  const { services } = service
  const { sql } = services.database
  const left = async () => (await sql<{ n: number }[]>`select count(*)::int as n from outbox`)[0]?.n
  /** Who waits to be let go, by id. */
  const doors = new Map<string, () => void>()
  const begun: string[] = []
  let holds = (_id: string) => false
  const handle = async ({ id }: Work) => {
    begun.push(id)
    if (holds(id)) await new Promise<void>((resolve) => doors.set(id, resolve))
    doors.delete(id)
    await endWork(sql, id)
  }
  const start = () => startWorker(services, TOPIC, PLACES, handle)
  let worker = start()
  const relay = startRelay(services, [TOPIC])
  t.teardown(async () => {
    holds = () => false
    for (const open of doors.values()) open()
    await worker.close()
    await relay.close()
    await service.close()
  })

  await t.test('is never more than there are places, and a slow piece keeps no other waiting', async (t) => {
    let slow = 0
    holds = () => ++slow <= 2
    const ids = await addWork(service, 80)
    await until(async () => (await left()) === 2)
    t.equal(doors.size, 2)
    t.equal(begun.length, ids.length)
    holds = () => true
    await addWork(service, 20)
    await until(() => doors.size === PLACES)
    await wait(200)
    t.equal(doors.size, PLACES, 'no more than its places')
    holds = () => false
    for (const open of doors.values()) open()
    await until(async () => (await left()) === 0)
    t.equal(begun.length, 100)
  })

  await t.test('stays its own for as long as it takes', async () => {
    holds = () => true
    const [id] = await addWork(service, 1)
    await until(() => doors.size === 1)
    await sql`update outbox set available_at = now() + interval '5 seconds'`
    await until(async () => {
      const [row] = await sql`select available_at > now() + interval '12 seconds' as renewed, attempts from outbox`
      return row?.['renewed'] && row['attempts'] === 1
    })
    doors.get(id ?? '')?.()
    await until(async () => (await left()) === 0)
  })

  await t.test('is not begun again when it is delivered again', async (t) => {
    holds = () => true
    const [id] = await addWork(service, 1)
    await until(() => doors.size === 1)
    await sql`update outbox set available_at = now()`
    services.signal.raise(TOPIC)
    await until(async () => (await sql`select 1 from outbox where attempts = 2`).length === 1)
    await until(async () => (await services.queues.depth(TOPIC)) === 0)
    doors.get(id ?? '')?.()
    await until(async () => (await left()) === 0)
    t.equal(begun.filter((each) => each === id).length, 1)
  })

  await t.test('that a newer delivery has overtaken is not begun', async (t) => {
    holds = () => false
    const id = uuidv7(Date.now())
    await sql`
      insert into outbox (id, tenant_id, topic, subject_id, available_at, attempts)
      values (${id}, ${service.tenantId}, ${TOPIC}, ${id}, now() + interval '1 hour', 2)`
    const work = { id, tenantId: service.tenantId, subjectId: id, failures: 0, createdAt: new Date().toISOString() }
    await services.queues.add(TOPIC, [{ ...work, attempt: 1 }])
    await until(async () => (await services.queues.depth(TOPIC)) === 0)
    t.equal(await left(), 1)
    await services.queues.add(TOPIC, [{ ...work, attempt: 2 }])
    await until(async () => (await left()) === 0)
    t.equal(begun.filter((each) => each === id).length, 1)
  })

  await t.test('is finished when the process closes; what was not begun is given back at once', async (t) => {
    holds = () => true
    const ids = await addWork(service, 10)
    await until(() => doors.size === PLACES)
    const closing = worker.close()
    await until(async () => {
      const [row] = await sql`select count(*)::int as n from outbox where attempts = 1 and available_at > now()`
      return row?.['n'] === PLACES
    })
    holds = () => false
    for (const open of doors.values()) open()
    await closing
    worker = start()
    await until(async () => (await left()) === 0)
    t.strictSame(begun.filter((id) => ids.includes(id)).sort(), [...ids].sort(), 'each once')
  })
})

t.test('rows are held by their newest delivery only, and never waited for', async (t) => {
  const service = await startService(t, { workers: false })
  const { sql } = service.services.database
  const lease = { seconds: 15, enoughSeconds: 10 }
  await addWork(service, 4)
  const [first, second, third, fourth] = await claimWork(sql, TOPIC, 4, 15)
  if (!first || !second || !third || !fourth) throw new Error('four were added')
  const works = [first, second, third, fourth]
  t.strictSame([...(await holdWork(sql, works, lease))].sort(), works.map(({ id }) => id).sort())

  await sql`update outbox set available_at = now() + interval '3 seconds' where id in (${first.id}, ${second.id})`
  await sql`update outbox set attempts = 2 where id = ${third.id}`
  await endWork(sql, fourth.id)
  await sql.begin(async (tx) => {
    await tx`select 1 from outbox where id = ${second.id} for update`
    t.strictSame([...(await holdWork(sql, works, lease))], [first.id], 'not what is ended, handed out again or taken')
  })
  const rows = await sql<{ id: string; renewed: boolean }[]>`
    select id, available_at > now() + interval '12 seconds' as renewed from outbox`
  t.ok(rows.find(({ id }) => id === first.id)?.renewed)
  t.notOk(rows.find(({ id }) => id === second.id)?.renewed)
})
