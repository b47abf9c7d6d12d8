import { startWorker } from '../src/platform/outbox/worker.js'
import type { QueueWorker } from '../src/platform/queue.js'
import { LOGOUTS, tellLogout } from '../src/provider/index.js'
import type { Services } from '../src/services.js'

/** Applications are told of ended sign-ins side by side: a slow one keeps no other waiting. */
export function startProviderWorkers(services: Services): QueueWorker[] {
  return [startWorker(services, LOGOUTS, 20, (work) => tellLogout(services, work))]
}
