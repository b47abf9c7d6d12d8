/** How many calls a process makes at once, and how long the others wait. */
export type LineLimits = {
  /** Calls of one connector under way. */
  perConnector: number
  /** Calls of one organization under way. */
  perTenant: number
  /** Calls of one organization that wait. */
  mostWaiting: number
  /** Milliseconds that a call waits for its turn. */
  patienceMs: number
}

/** A place of one's own among the calls under way; to be given back. */
export type Place = { leave(): void }
/** Nobody is let in: too many wait already, or it took too long. */
export type Refused = 'full' | 'impatient'

type Waiting = { resolve(answer: Place | Refused): void; until: number }
type Connector = { running: number; waiting: Waiting[]; isWatched: boolean }
type Tenant = { running: number; waiting: number; connectors: Map<string, Connector> }

/** Callers told in one turn of the event loop: thousands may be told at once, and others' requests come in between. */
const EACH_TURN = 16

/**
 * Lets calls of connectors through, so that a connector that hangs holds as many sockets as it may and no more, and
 * those who wait for it hold nothing but a few bytes: no connection, no timer, no transaction. Organizations do not
 * wait for one another. In the order of arrival at each connector; connectors of one organization take turns.
 */
export function createLine(limits: LineLimits): (tenantId: string, connectorId: string) => Promise<Place | Refused> {
  const tenants = new Map<string, Tenant>()
  const told: (() => void)[] = []

  let isDue = false
  const nextTurn = () => {
    if (isDue || told.length === 0) return
    isDue = true
    setImmediate(turn)
  }
  const tell = (work: () => void) => {
    told.push(work)
    nextTurn()
  }
  const turn = () => {
    isDue = false
    for (const work of told.splice(0, EACH_TURN)) work()
    nextTurn()
  }

  const place = (tenantId: string, tenant: Tenant, connector: Connector): Place => {
    tenant.running += 1
    connector.running += 1
    let isLeft = false
    return {
      leave() {
        if (isLeft) return
        isLeft = true
        tenant.running -= 1
        connector.running -= 1
        next(tenantId, tenant)
      },
    }
  }

  /** Lets in whoever may come now, and forgets what is empty. */
  const next = (tenantId: string, tenant: Tenant) => {
    for (const [id, connector] of tenant.connectors) {
      if (connector.running === 0 && connector.waiting.length === 0) tenant.connectors.delete(id)
      if (tenant.running >= limits.perTenant || connector.running >= limits.perConnector) continue
      const first = connector.waiting.shift()
      if (!first) continue
      tenant.waiting -= 1
      const own = place(tenantId, tenant, connector)
      // Last in the order of turns from now on.
      tenant.connectors.delete(id)
      tenant.connectors.set(id, connector)
      tell(() => first.resolve(own))
      return
    }
    if (tenant.connectors.size === 0) tenants.delete(tenantId)
  }

  /** One timer for everybody who waits at a connector: patience is the same for all, so the first comes first. */
  const watch = (tenantId: string, tenant: Tenant, connector: Connector) => {
    const [first] = connector.waiting
    if (!first || connector.isWatched) return
    connector.isWatched = true
    setTimeout(
      () => {
        connector.isWatched = false
        const now = performance.now()
        const late = connector.waiting.findIndex(({ until }) => until > now)
        const gone = connector.waiting.splice(0, late === -1 ? connector.waiting.length : late)
        tenant.waiting -= gone.length
        for (const { resolve } of gone) tell(() => resolve('impatient'))
        watch(tenantId, tenant, connector)
      },
      Math.max(1, first.until - performance.now()),
    ).unref()
  }

  return (tenantId, connectorId) => {
    const tenant = tenants.get(tenantId) ?? { running: 0, waiting: 0, connectors: new Map<string, Connector>() }
    if (tenant.waiting >= limits.mostWaiting) return Promise.resolve('full')
    tenants.set(tenantId, tenant)
    const connector = tenant.connectors.get(connectorId) ?? { running: 0, waiting: [], isWatched: false }
    tenant.connectors.set(connectorId, connector)
    const isFree = tenant.running < limits.perTenant && connector.running < limits.perConnector
    if (isFree && connector.waiting.length === 0) return Promise.resolve(place(tenantId, tenant, connector))
    return new Promise((resolve) => {
      tenant.waiting += 1
      connector.waiting.push({ resolve, until: performance.now() + limits.patienceMs })
      watch(tenantId, tenant, connector)
    })
  }
}
