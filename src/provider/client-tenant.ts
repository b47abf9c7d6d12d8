import type { IncomingMessage } from 'node:http'
import { LRUCache } from 'lru-cache'
import { findTenantOfClient } from '../applications/index.js'
import { isGuid } from '../kernel/ids.js'
import type { Database } from '../platform/database.js'

const MOST_REMEMBERED = 10_000
/** How long a client that was nobody's is believed to be nobody's. */
const NOBODY_MS = 60_000
const NOBODY = 'none'

/**
 * Opens the look-up of the tenant of a client that names none (AD FS). A client never moves, so it is looked for once a
 * process; `none` when there is no such client.
 */
export function createClientTenants({ sql }: Pick<Database, 'sql'>): (clientId: string | undefined) => Promise<string> {
  const tenants = new LRUCache<string, string>({ max: MOST_REMEMBERED })
  return async (clientId) => {
    if (clientId === undefined || !isGuid(clientId)) return NOBODY
    const id = clientId.toLowerCase()
    const known = tenants.get(id)
    if (known !== undefined) return known
    const found = (await findTenantOfClient(sql, id)) ?? NOBODY
    tenants.set(id, found, found === NOBODY ? { ttl: NOBODY_MS } : {})
    return found
  }
}

/** The client a token request is of, by its form or its Basic header. */
export function clientIdOf(request: IncomingMessage, form: URLSearchParams): string | undefined {
  const inForm = form.get('client_id')
  if (inForm !== null) return inForm
  const basic = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(request.headers.authorization ?? '')?.[1]
  return basic === undefined ? undefined : Buffer.from(basic, 'base64').toString('utf8').split(':')[0]
}
