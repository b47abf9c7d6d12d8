import { applyQueuedRule } from '../src/directory/index.js'
import type { QueueWorker } from '../src/platform/queue.js'
import type { Services } from '../src/services.js'

/** Rules for large organizations, one after the other: each page of users keeps whoever changes one waiting. */
export function startGroupWorkers(services: Services): QueueWorker[] {
  return [services.queues.work('group.rule', 1, (work) => applyQueuedRule(services, work))]
}
