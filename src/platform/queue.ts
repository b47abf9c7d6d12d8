import {
  createPostgresBackend,
  type Job,
  type PostgresConnectionOptions,
  Queue,
  runMigrations,
  Worker,
  withBackend,
} from 'bullmq'
import { Cluster, Redis } from 'ioredis'
import pg from 'pg'
import type { Connection } from './database.js'
import { pgOptions } from './listener.js'
import type { Logger } from './log.js'

/**
 * A unit of work as it travels: ids only, so a queue that is read by a stranger tells nothing. `attempt` counts how
 * often its outbox row was handed out: only the newest delivery of a row is done.
 */
export type Work = {
  id: string
  tenantId: string
  subjectId: string
  attempt: number
  failures: number
  createdAt: string
}

/** Most units of work that travel as one job: what a job costs the engine and the process is shared by all of them. */
export const MOST_IN_A_JOB = 16

export type QueueWorker = { close(): Promise<void> }

/** BullMQ on Redis or on PostgreSQL; nothing above this file knows which. */
export type Queues = {
  backend: 'redis' | 'postgres'
  /** Adds work as jobs of up to `MOST_IN_A_JOB`; the same attempt of a row that is still queued is not added twice. */
  add(topic: string, work: Work[]): Promise<void>
  /** How many jobs wait or run. */
  depth(topic: string): Promise<number>
  /** Hands over job after job, `concurrency` of them at once, each once: what a dead process leaves the outbox brings. */
  work(topic: string, concurrency: number, handle: (job: Work[]) => Promise<void>): QueueWorker
  /** Runs `handle` every `everyMs` in one of the processes, also after the engine lost everything or comes up late. */
  schedule(name: string, everyMs: number, handle: () => Promise<void>): Promise<QueueWorker>
  /** Resolves when the engine answers. @throws when it does not. */
  ping(): Promise<void>
  close(): Promise<void>
}

const SCHEMA = 'bullmq'
/** The outbox owns retries; a job that fails is forgotten here and comes again from there. */
const JOB = { attempts: 1, removeOnComplete: true, removeOnFail: true }
/**
 * To PostgreSQL, of which every worker and every schedule (14 of them) keeps one for as long as it lives; adding work,
 * finishing it and asking how much waits take turns with the others. With none to spare everything stands still.
 */
const MOST_CONNECTIONS = 20
const SPARE_CONNECTIONS = 4
/** How often schedules are looked for, and made again when they are gone. */
const KEEP_SCHEDULES_MS = 10_000
/** How long a start waits for Redis before it goes on without. */
const FIRST_ANSWER_MS = 2_000
/** A job whose process died is not given to another: the leases of its rows are, and end for all of them. */
const WORKER = { lockDuration: 10_000, stalledInterval: 5_000, maxStalledCount: 0, drainDelay: 2 }

type JobTemplate = { name: string; data?: Work[]; opts?: typeof JOB & { jobId?: string } }
/** What both backends' classes have in common, as far as it is used here. */
type AnyQueue = {
  addBulk(jobs: (JobTemplate & { data: Work[] })[]): Promise<unknown>
  getJobCounts(...types: ('waiting' | 'active' | 'prioritized')[]): Promise<Record<string, number>>
  getJobScheduler(id: string): Promise<unknown>
  upsertJobScheduler(id: string, repeat: { every: number }, template: JobTemplate): Promise<unknown>
  close(): Promise<void>
  on(event: 'error', listener: (error: Error) => void): unknown
}
type AnyWorker = {
  close(): Promise<void>
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'failed', listener: (job: { id?: string } | undefined, error: Error) => void): unknown
}
type Engine = {
  backend: Queues['backend']
  queue(name: string): AnyQueue
  worker(name: string, concurrency: number, handle: (job: Job<Work[]>) => Promise<void>): AnyWorker
  /** @throws while the engine is known to be away, where BullMQ would wait for it without end. */
  mustBeUp(): void
  ping(): Promise<void>
  close(): Promise<void>
}

/** Opens the queues on Redis when `redisUrl` is set, else on PostgreSQL (schema `bullmq`, made when missing). */
export async function openQueues(
  where: { redisUrl?: string | undefined; connection: Connection },
  log: Logger,
): Promise<Queues> {
  const engine = await (where.redisUrl ? redisEngine(where.redisUrl, log) : postgresEngine(where.connection, log))
  const queues = new Map<string, AnyQueue>()
  const queue = (topic: string) => {
    const name = topic.replaceAll('.', '-')
    const known = queues.get(name)
    if (known) return known
    const made = engine.queue(name)
    made.on('error', quietly(log))
    queues.set(name, made)
    return made
  }
  const work = (topic: string, concurrency: number, handle: (job: Job<Work[]>) => Promise<void>): QueueWorker => {
    const worker = engine.worker(topic.replaceAll('.', '-'), concurrency, handle)
    worker.on('error', quietly(log))
    worker.on('failed', (job, error) => log.error({ err: error, topic, job: job?.id }, 'job failed'))
    return worker
  }
  return {
    backend: engine.backend,
    ping: engine.ping,
    async add(topic, works) {
      engine.mustBeUp()
      await queue(topic).addBulk(
        inJobs(works).map((data) => ({ name: topic, data, opts: { ...JOB, jobId: jobIdOf(data) } })),
      )
    },
    async depth(topic) {
      engine.mustBeUp()
      const counts = await queue(topic).getJobCounts('waiting', 'active', 'prioritized')
      return Object.values(counts).reduce((sum, count) => sum + count, 0)
    },
    work: (topic, concurrency, handle) => work(topic, concurrency, (job) => handle(job.data)),
    async schedule(name, everyMs, handle) {
      let made = false
      const keep = async () => {
        engine.mustBeUp()
        if (made && (await queue(name).getJobScheduler(name))) return
        await queue(name).upsertJobScheduler(name, { every: everyMs }, { name, opts: JOB })
        made = true
      }
      await keep().catch(quietly(log))
      const timer = setInterval(() => void keep().catch(quietly(log)), KEEP_SCHEDULES_MS)
      const worker = work(name, 1, () => handle())
      return {
        close() {
          clearInterval(timer)
          return worker.close()
        },
      }
    },
    async close() {
      await Promise.allSettled([...queues.values()].map((open) => open.close()))
      await engine.close()
    },
  }
}

function inJobs(works: Work[]): Work[][] {
  const jobs: Work[][] = []
  for (let first = 0; first < works.length; first += MOST_IN_A_JOB) jobs.push(works.slice(first, first + MOST_IN_A_JOB))
  return jobs
}

/** Never used twice, even by an engine that lost its counters: each attempt of a row is in one job. */
function jobIdOf([first]: Work[]): string {
  return `${first?.id}-${first?.attempt}`
}

async function redisEngine(url: string, log: Logger): Promise<Engine> {
  // Producers fail at once while Redis is away (the outbox keeps the work); workers wait for it.
  const producer = connectRedis(url, { maxRetriesPerRequest: 1, enableOfflineQueue: false })
  const consumer = connectRedis(url, { maxRetriesPerRequest: null })
  for (const client of [producer, consumer]) client.on('error', quietly(log))
  await firstAnswer(producer)
  return {
    backend: 'redis',
    mustBeUp() {
      if (producer.status !== 'ready') throw new Error(`Redis is away (${producer.status})`)
    },
    queue: (name) => new Queue<Work[]>(name, { connection: producer, prefix: `{vestibule:${name}}` }),
    worker: (name, concurrency, handle) =>
      new Worker<Work[]>(name, handle, { ...WORKER, connection: consumer, concurrency, prefix: `{vestibule:${name}}` }),
    async ping() {
      await producer.ping()
    },
    async close() {
      producer.disconnect()
      consumer.disconnect()
    },
  }
}

/** Resolves once the first attempt to connect is over, well or not: a service starts without Redis, too. */
function firstAnswer(client: Redis | Cluster): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, FIRST_ANSWER_MS)
    for (const event of ['ready', 'error', 'close']) {
      client.once(event, () => {
        clearTimeout(timer)
        resolve()
      })
    }
  })
}

/** One node, or a cluster when several URLs are given; each queue's keys share a hash tag, so they share a node. */
function connectRedis(urls: string, options: { maxRetriesPerRequest: number | null; enableOfflineQueue?: boolean }) {
  const nodes = urls.split(',').map((url) => url.trim())
  if (nodes.length === 1) return new Redis(urls, { ...options, retryStrategy: backoff })
  return new Cluster(nodes, {
    redisOptions: { maxRetriesPerRequest: options.maxRetriesPerRequest },
    ...(options.enableOfflineQueue !== undefined && { enableOfflineQueue: options.enableOfflineQueue }),
    clusterRetryStrategy: backoff,
  })
}

async function postgresEngine(connection: Connection, log: Logger): Promise<Engine> {
  const pool = new pg.Pool({ ...pgOptions(connection), options: `-c search_path=${SCHEMA}`, max: MOST_CONNECTIONS })
  pool.on('error', quietly(log))
  // Every queue and worker listens on it; ten would look like a leak.
  pool.setMaxListeners(100)
  // A real pool fits; only the overloads of `on` are declared apart.
  const shared = pool as PostgresConnectionOptions
  const client = await pool.connect()
  try {
    await runMigrations(client, SCHEMA)
  } finally {
    client.release()
  }
  const on = withBackend(createPostgresBackend)
  let workers = 0
  return {
    backend: 'postgres',
    mustBeUp() {},
    queue: (name) => new on.Queue<Work[]>(name, { connection: shared }),
    worker(name, concurrency, handle) {
      workers += 1
      if (workers > MOST_CONNECTIONS - SPARE_CONNECTIONS)
        throw new Error('one worker more wants MOST_CONNECTIONS raised')
      return new on.Worker<Work[]>(name, handle, { ...WORKER, connection: shared, concurrency })
    },
    async ping() {
      await pool.query('select 1')
    },
    async close() {
      await pool.end()
    },
  }
}

function backoff(times: number): number {
  return Math.min(times * 100, 2_000)
}

/** Connection trouble repeats many times a second while an engine is away: one line in five seconds is enough. */
function quietly(log: Logger): (error: Error) => void {
  let last = 0
  return (error) => {
    if (Date.now() - last < 5_000) return
    last = Date.now()
    log.warn({ err: error }, 'queue engine trouble')
  }
}
