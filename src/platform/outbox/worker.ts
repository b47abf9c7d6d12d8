import type { Database } from '../database.js'
import type { Logger } from '../log.js'
import type { Queues, QueueWorker, Work } from '../queue.js'
import { holdWork, LEASE_SECONDS, releaseWork } from './store.js'

type Needs = { database: Pick<Database, 'sql'>; queues: Queues; log: Logger }

/** Jobs in hand whose work waits for a place, so that a place that becomes free is taken at once. */
const JOBS_AT_ONCE = 3
/** A lease with less than this left is renewed. */
const ENOUGH_SECONDS = 10
const RENEW_MS = 4_000

/**
 * Does the work of a topic, at most `atOnce` pieces of it at a time in this process. Whatever the process has in hand
 * is leased to it in the outbox, for as long as it lives: others get it 15 s after its death. So a job is over for the
 * queue as soon as its work has begun, and a slow piece keeps no other waiting. Work that `handle` throws at comes
 * again when its lease ends; a delivery that a newer one has overtaken is dropped.
 */
export function startWorker(
  { database: { sql }, queues, log }: Needs,
  topic: string,
  atOnce: number,
  handle: (work: Work) => Promise<void>,
): QueueWorker {
  const places = createPlaces(atOnce)
  const held = new Map<string, { work: Work; isBegun: boolean }>()
  const running = new Set<Promise<void>>()

  const hold = (works: Work[]) => holdWork(sql, works, { seconds: LEASE_SECONDS, enoughSeconds: ENOUGH_SECONDS })
  const begin = async (work: Work) => {
    await handle(work).catch((error: unknown) => log.error({ err: error, topic, work: work.id }, 'work failed'))
    held.delete(work.id)
    places.leave()
  }
  /** Notes what a job brought, and returns the part that is not in hand already. */
  const take = (works: Work[]) =>
    works.filter((work) => {
      const known = held.get(work.id)
      held.set(work.id, { work, isBegun: known?.isBegun ?? false })
      return !known
    })
  const renew = async () => {
    const now = [...held.values()]
    if (now.length === 0) return
    const ours = await hold(now.map(({ work }) => work))
    for (const { work, isBegun } of now) {
      if (!ours.has(work.id) && !isBegun && held.get(work.id)?.work === work) held.delete(work.id)
    }
  }

  const timer = setInterval(() => {
    renew().catch((error: unknown) => log.warn({ err: error, topic }, 'leases could not be renewed'))
  }, RENEW_MS)
  const worker = queues.work(topic, JOBS_AT_ONCE, async (job) => {
    const ours = await hold(job)
    const unbegun: Work[] = []
    for (const work of take(job.filter(({ id }) => ours.has(id)))) {
      const isAdmitted = await places.enter()
      const entry = held.get(work.id)
      if (isAdmitted && entry) {
        entry.isBegun = true
        const done = begin(entry.work).finally(() => running.delete(done))
        running.add(done)
      } else if (isAdmitted) {
        places.leave()
      } else if (entry) {
        held.delete(work.id)
        unbegun.push(entry.work)
      }
    }
    if (unbegun.length > 0) await releaseWork(sql, unbegun)
  })
  return {
    async close() {
      places.close()
      await worker.close()
      await Promise.all(running)
      clearInterval(timer)
    },
  }
}

/** `atOnce` places. Who finds none waits for one, in order; after `close` nobody is let in. */
function createPlaces(atOnce: number) {
  let free = atOnce
  let isClosed = false
  const waiting: ((isAdmitted: boolean) => void)[] = []
  return {
    enter(): boolean | Promise<boolean> {
      if (isClosed) return false
      if (free === 0) return new Promise<boolean>((resolve) => waiting.push(resolve))
      free -= 1
      return true
    },
    leave() {
      const next = waiting.shift()
      if (next) next(true)
      else free += 1
    },
    close() {
      isClosed = true
      for (const refuse of waiting.splice(0)) refuse(false)
    },
  }
}
