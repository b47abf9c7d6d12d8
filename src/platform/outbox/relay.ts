import type { Database } from '../database.js'
import type { Listener } from '../listener.js'
import type { Logger } from '../log.js'
import { MOST_IN_A_JOB, type Queues } from '../queue.js'
import { claimWork, LEASE_SECONDS, notifyWork, OUTBOX_CHANNEL } from './store.js'

export type Relay = { close(): Promise<void> }

const MOST_AT_ONCE = 500
/** More jobs than this in a queue are no use: the outbox is where work waits. */
const DEEP_ENOUGH = 64
const POLL_MS = 1_000
/** While the queue is what holds work back, it is looked at this often, or fast workers would empty it and wait. */
const FULL_POLL_MS = 100

type Needs = { database: Database; listener: Listener; queues: Queues; log: Logger; signal: WorkSignal }

/**
 * Moves due outbox rows into the queues. A row is leased for 15 s and stays in the outbox until its worker ends it, so
 * a lost queue, relay or worker means another delivery and never a lost one. Woken by the signal of this process and
 * by NOTIFY, with a poll as the safety net.
 */
export function startRelay(needs: Needs, topics: string[]): Relay {
  let closed = false
  const loops = topics.map((topic) => {
    const wake = createWaker()
    needs.signal.on(topic, wake.now)
    needs.listener.on(OUTBOX_CHANNEL, (payload) => {
      if (payload === undefined || payload === topic) wake.now()
    })
    const loop = async () => {
      while (!closed) {
        const pauseMs = await move(needs, topic).catch((error: unknown) => {
          if (!closed) needs.log.warn({ err: error, topic }, 'the relay will try again')
          return POLL_MS
        })
        if (pauseMs > 0 && !closed) await wake.within(pauseMs)
      }
    }
    return { wake, done: loop() }
  })
  return {
    async close() {
      closed = true
      for (const { wake } of loops) wake.now()
      await Promise.all(loops.map(({ done }) => done))
    },
  }
}

/** Moves what fits and answers how many milliseconds may pass before the next look. */
async function move({ database, queues }: Needs, topic: string): Promise<number> {
  const room = DEEP_ENOUGH - (await queues.depth(topic))
  if (room <= 0) return FULL_POLL_MS
  const most = Math.min(room * MOST_IN_A_JOB, MOST_AT_ONCE)
  const work = await claimWork(database.sql, topic, most, LEASE_SECONDS)
  if (work.length > 0) await queues.add(topic, work)
  if (work.length < most) return POLL_MS
  return most < MOST_AT_ONCE ? FULL_POLL_MS : 0
}

/** Tells relays that a committed transaction left work: this process at once, others by a NOTIFY that many rows share. */
export type WorkSignal = {
  on(topic: string, heard: () => void): void
  raise(topic: string): void
}

const NOTIFY_AT_MOST_EVERY_MS = 50

/**
 * NOTIFY inside the writing transaction would serialize all commits of the server, so it is sent after the commit, once
 * for everything of the last 50 ms. One that is lost costs at most the poll of the relay.
 */
export function createWorkSignal(database: Database): WorkSignal {
  const heards = new Map<string, (() => void)[]>()
  const pending = new Set<string>()
  return {
    on(topic, heard) {
      heards.set(topic, [...(heards.get(topic) ?? []), heard])
    },
    raise(topic) {
      const local = heards.get(topic)
      if (local) for (const heard of local) heard()
      if (local || pending.has(topic)) return
      pending.add(topic)
      setTimeout(() => {
        pending.delete(topic)
        notifyWork(database.sql, topic).catch(() => {})
      }, NOTIFY_AT_MOST_EVERY_MS).unref()
    },
  }
}

/** Something to wait for, for a time at most. A call of `now` while nobody waits ends the next wait at once. */
export function createWaker() {
  let raised = false
  let resolve: (() => void) | undefined
  return {
    now: () => {
      raised = true
      resolve?.()
    },
    within: async (ms: number) => {
      if (!raised) {
        await new Promise<void>((done) => {
          const timer = setTimeout(done, ms)
          resolve = () => {
            clearTimeout(timer)
            done()
          }
        })
      }
      raised = false
      resolve = undefined
    },
  }
}
