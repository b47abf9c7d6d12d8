import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Database } from './database.js'
import { readOutboxLag } from './outbox/store.js'
import type { Queues } from './queue.js'

export type Metrics = {
  registry: Registry
  request(method: string, route: string, status: number, seconds: number): void
  mail(kind: string, outcome: string): void
  text(outcome: string): void
  unopened(kind: string): void
}

/** Prometheus metrics: requests, queue depth, mails by outcome, outbox lag. Depth and lag are read when scraped. */
export function createMetrics(needs: { database: Database; queues: Queues; topics: string[] }): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'vestibule_http_request_duration_seconds',
    help: 'Requests by method, route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  })
  const mails = new Counter({
    name: 'vestibule_mails_total',
    help: 'Mails by kind and what became of them.',
    labelNames: ['kind', 'outcome'],
    registers: [registry],
  })
  const texts = new Counter({
    name: 'vestibule_text_messages_total',
    help: 'Text messages by what became of them.',
    labelNames: ['outcome'],
    registers: [registry],
  })
  const unopened = new Counter({
    name: 'vestibule_unopened_secrets_total',
    help: 'Stored secrets that were wanted and that no configured VESTIBULE_SECRET opens, by kind (vestibule doctor counts what is stored).',
    labelNames: ['kind'],
    registers: [registry],
  })
  const depth = new Gauge({
    name: 'vestibule_queue_depth',
    help: 'Jobs that wait or run, by topic.',
    labelNames: ['topic'],
    registers: [registry],
    async collect() {
      for (const topic of needs.topics) this.set({ topic }, await needs.queues.depth(topic).catch(() => Number.NaN))
    },
  })
  const rows = new Gauge({
    name: 'vestibule_outbox_rows',
    help: 'Work that is not done yet, by topic.',
    labelNames: ['topic'],
    registers: [registry],
  })
  const lag = new Gauge({
    name: 'vestibule_outbox_lag_seconds',
    help: 'Age of the oldest work that is due, by topic.',
    labelNames: ['topic'],
    registers: [registry],
    async collect() {
      this.reset()
      rows.reset()
      for (const topic of needs.topics) {
        this.set({ topic }, 0)
        rows.set({ topic }, 0)
      }
      for (const found of await readOutboxLag(needs.database.sql)) {
        this.set({ topic: found.topic }, found.lagSeconds)
        rows.set({ topic: found.topic }, found.rows)
      }
    },
  })
  void depth
  void lag
  // Finding a child by its labels costs more than observing; there are as many as routes times statuses.
  const byLabels = new Map<string, Histogram.Internal<string>>()
  const childOf = (method: string, route: string, status: number) => {
    const key = `${status} ${method} ${route}`
    let child = byLabels.get(key)
    if (!child) {
      child = requests.labels({ method, route, status: String(status) })
      byLabels.set(key, child)
    }
    return child
  }
  return {
    registry,
    request: (method, route, status, seconds) => childOf(method, route, status).observe(seconds),
    mail: (kind, outcome) => mails.inc({ kind, outcome }),
    text: (outcome) => texts.inc({ outcome }),
    unopened: (kind) => unopened.inc({ kind }),
  }
}
