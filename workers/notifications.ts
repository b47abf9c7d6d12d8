import { deliverNotifications, LOOK, scanFeeds, TOPIC } from '../src/notifications/index.js'
import { createWaker } from '../src/platform/outbox/relay.js'
import { OUTBOX_CHANNEL } from '../src/platform/outbox/store.js'
import { startWorker } from '../src/platform/outbox/worker.js'
import type { QueueWorker } from '../src/platform/queue.js'
import type { Services } from '../src/services.js'

const REQUESTS_AT_ONCE = 20
/** Milliseconds between two looks for collections that are due, if nobody says that one is. */
const LOOK_EVERY_MS = 5_000

/** Looks for changes, and delivers them: plumbing only. */
export function startNotificationWorkers(services: Services): QueueWorker[] {
  return [
    startScan(services),
    startWorker(services, TOPIC, REQUESTS_AT_ONCE, (work) => deliverNotifications(services, work)),
  ]
}

/** Woken as the relay is: by this process, by a NOTIFY of another, and by the clock in case that one is lost. */
function startScan(services: Services): QueueWorker {
  let isClosed = false
  const wake = createWaker()
  services.signal.on(LOOK, wake.now)
  services.listener.on(OUTBOX_CHANNEL, (payload) => {
    if (payload === undefined || payload === LOOK) wake.now()
  })
  const loop = async () => {
    while (!isClosed) {
      const looked = await scanFeeds(services).catch((error: unknown) => {
        if (!isClosed) services.log.warn({ err: error }, 'looking for changes failed, trying again')
        return 0
      })
      if (looked === 0 && !isClosed) await wake.within(LOOK_EVERY_MS)
    }
  }
  const done = loop()
  return {
    async close() {
      isClosed = true
      wake.now()
      await done
    },
  }
}
