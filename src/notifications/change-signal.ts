import type { Database } from '../platform/database.js'
import type { Logger } from '../platform/log.js'
import type { WorkSignal } from '../platform/outbox/relay.js'
import { makeFeedsDue } from './feed-store.js'

/** Tells that a committed transaction changed something in an organization that somebody may want to be told of. */
export type ChangeSignal = (tenantId: string) => void

/** The topic of the signal that wakes whoever looks for changes. */
export const LOOK = 'notification.look'

/** Milliseconds in which the changes of a process share one statement, however many they are. */
const TOGETHER_MS = 50

/**
 * Wakes the scan, in whatever process it runs. Costs who changes something a set's entry: the statement comes later,
 * and without subscriptions finds nothing to do. One that is lost costs at most the pause between two looks.
 */
export function createChangeSignal(needs: {
  database: Pick<Database, 'orm'>
  signal: WorkSignal
  log: Logger
}): ChangeSignal {
  const changed = new Set<string>()
  let isUnderWay = false
  const tell = async () => {
    const tenantIds = [...changed]
    changed.clear()
    const isDue = await makeFeedsDue(needs.database.orm, tenantIds).catch((error: unknown) => {
      needs.log.debug({ err: error }, 'looking for changes could not be asked for')
      return false
    })
    if (isDue) needs.signal.raise(LOOK)
    isUnderWay = changed.size > 0
    if (isUnderWay) start()
  }
  const start = () => setTimeout(tell, TOGETHER_MS).unref()
  return (tenantId) => {
    changed.add(tenantId)
    if (isUnderWay) return
    isUnderWay = true
    start()
  }
}
