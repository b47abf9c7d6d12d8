import type { Keys } from '../../platform/crypto.js'
import type { Database } from '../../platform/database.js'
import type { Egress } from '../../platform/egress/egress.js'
import type { Listener } from '../../platform/listener.js'
import { createWatchedCache } from '../../platform/watched-cache.js'
import { type CallableConnector, createExchangeWriter, type ExchangeRow, readCallable } from './call-store.js'
import { type Credentials, createCredentials } from './credentials.js'
import { createLine, type LineLimits } from './line.js'
import { CONNECTORS_CHANNEL } from './store.js'

export type CallLimits = LineLimits & {
  /** Milliseconds of one try, from the name to the last byte (spec 11: 20 s, then one more try). */
  timeoutMs: number
  /** Bytes of an answer. */
  maxBytes: number
}

export const CALL_LIMITS: CallLimits = {
  timeoutMs: 20_000,
  maxBytes: 65_536,
  perConnector: 64,
  perTenant: 128,
  mostWaiting: 10_000,
  // With two tries it stays below the minute after which a silent connection of a browser is closed (`HTTP_LIMITS`).
  patienceMs: 15_000,
}

/** What a process keeps to call connectors with: connectors as they were last read, open credentials, the line. */
export type ConnectorCalls = {
  readonly limits: CallLimits
  readonly egress: Egress
  readonly credentials: Credentials
  /** The connector as it is now; no round trip when nothing has changed since the last call. */
  find(tenantId: string, connectorId: string): Promise<CallableConnector | undefined>
  /** What this process knows of the organization's connectors is read anew. */
  forget(tenantId: string): void
  enter: ReturnType<typeof createLine>
  /** Keeps an exchange. */
  keep(row: ExchangeRow): Promise<unknown>
}

const CACHED = { channel: CONNECTORS_CHANNEL, max: 2_000, ttlMs: 60_000 }

/** Opens it; once a process. `limits` other than the usual ones are for tests. */
export function createConnectorCalls(
  needs: { database: Database; background: Database; listener: Listener; egress: Egress; keys: Keys },
  limits: Partial<CallLimits> = {},
): ConnectorCalls {
  const cache = createWatchedCache<CallableConnector>(needs.listener, CACHED)
  const all = { ...CALL_LIMITS, ...limits }
  return {
    limits: all,
    egress: needs.egress,
    credentials: createCredentials(needs),
    find: (tenantId, id) => cache.get(tenantId, id, () => readCallable(needs.database.sql, tenantId, id)),
    forget: cache.forget,
    enter: createLine(all),
    keep: createExchangeWriter(needs.background.sql),
  }
}
