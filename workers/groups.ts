import { applyQueuedRule } from '../src/directory/index.js'
import { startWorker } from '../src/platform/outbox/worker.js'
import type { QueueWorker } from '../src/platform/queue.js'
import type { Services } from '../src/services.js'

/** Rules for large organizations, one after the other: each page of users keeps whoever changes one waiting. */
export function startGroupWorkers(services: Services): QueueWorker[] {
  return [
    startWorker(services, 'group.rule', 1, async (work) => {
      await applyQueuedRule(services, work)
      services.changed(work.tenantId)
    }),
  ]
}
