import { deliverNotifications, scanFeeds, TOPIC } from '../src/notifications/index.js'
import { startWorker } from '../src/platform/outbox/worker.js'
import type { QueueWorker } from '../src/platform/queue.js'
import type { Services } from '../src/services.js'

const REQUESTS_AT_ONCE = 20
/** Milliseconds between two looks for collections that are due; each collection is due every second. */
const LOOK_EVERY_MS = 500

/** Looks for changes, and delivers them: plumbing only. */
export function startNotificationWorkers(services: Services): QueueWorker[] {
  return [
    startScan(services),
    startWorker(services, TOPIC, REQUESTS_AT_ONCE, (work) => deliverNotifications(services, work)),
  ]
}

function startScan(services: Services): QueueWorker {
  let isClosed = false
  let wake = () => {}
  const loop = async () => {
    while (!isClosed) {
      const looked = await scanFeeds(services).catch((error: unknown) => {
        if (!isClosed) services.log.warn({ err: error }, 'looking for changes failed, trying again')
        return 0
      })
      if (looked > 0) continue
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LOOK_EVERY_MS)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }
  const done = loop()
  return {
    async close() {
      isClosed = true
      wake()
      await done
    },
  }
}
