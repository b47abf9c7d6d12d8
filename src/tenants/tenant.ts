import { LRUCache } from 'lru-cache'
import { isGuid } from '../kernel/ids.js'
import type { Orm } from '../platform/database.js'
import type { Listener } from '../platform/listener.js'
import { DEFAULT_SETTINGS, type TenantSettings } from './settings.js'
import { findTenantIdByDomain, readTenant, SECURITY_CHANNEL } from './store.js'

/** An organization as every capability sees it. */
export type Tenant = {
  id: string
  displayName: string
  /** Part of guests' user principal names; never changes. */
  initialDomain: string
  /** Shown beside the name. */
  defaultDomain: string
  /** Verified, lower case. */
  domains: string[]
  enabled: boolean
  notificationLanguage: string | undefined
  privacyStatementUrl: string | undefined
  contactAddress: string | undefined
  brandColour: string | undefined
  logo: { mediaType: string; base64: string } | undefined
  settings: TenantSettings
  /** Raised with each change of tenant, policies or applications. */
  version: number
}

export type Tenants = {
  /** By id or verified domain, from the cache while notifications of changes arrive. */
  find(idOrDomain: string): Promise<Tenant | undefined>
  /** Forgets what is cached of a tenant, or everything: the next `find` reads. */
  forget(tenantId?: string): void
}

/** Tenants of this deployment, cached per process and dropped when the database says that they changed. */
export function createTenants(needs: { database: { orm: Orm }; listener: Listener }): Tenants {
  const { orm } = needs.database
  const byId = new LRUCache<string, Promise<Tenant | undefined>>({ max: 2_000 })
  const idByDomain = new LRUCache<string, string>({ max: 4_000 })

  const forget = (tenantId?: string) => {
    if (tenantId === undefined) {
      byId.clear()
      idByDomain.clear()
    } else byId.delete(tenantId)
  }
  needs.listener.on(SECURITY_CHANNEL, forget)

  const byGuid = (id: string): Promise<Tenant | undefined> => {
    const known = needs.listener.isUp() ? byId.get(id) : undefined
    if (known) return known
    const reading = load(orm, id)
    byId.set(id, reading)
    reading.then(
      (tenant) => tenant ?? byId.delete(id),
      () => byId.delete(id),
    )
    return reading
  }

  return {
    forget,
    async find(idOrDomain) {
      if (isGuid(idOrDomain)) return byGuid(idOrDomain.toLowerCase())
      const domain = idOrDomain.toLowerCase()
      const remembered = idByDomain.get(domain)
      const holder = remembered === undefined ? undefined : await byGuid(remembered)
      if (holder?.domains.includes(domain)) return holder
      // Not known yet, or the name has moved to another organization since.
      const id = await findTenantIdByDomain(orm, domain)
      if (id === undefined) return undefined
      idByDomain.set(domain, id)
      const tenant = await byGuid(id)
      return tenant?.domains.includes(domain) ? tenant : undefined
    },
  }
}

async function load(orm: Orm, id: string): Promise<Tenant | undefined> {
  const found = await readTenant(orm, id)
  if (!found) return undefined
  const { row } = found
  return {
    id: row.id,
    displayName: row.displayName,
    initialDomain: row.initialDomain,
    defaultDomain: row.defaultDomain,
    domains: found.domains.map((name) => name.toLowerCase()),
    enabled: row.enabled,
    notificationLanguage: row.notificationLanguage ?? undefined,
    privacyStatementUrl: row.privacyStatementUrl ?? undefined,
    contactAddress: row.contactAddress ?? undefined,
    brandColour: row.brandColour ?? undefined,
    logo: row.logo ?? undefined,
    settings: { ...DEFAULT_SETTINGS, ...row.settings },
    version: row.version,
  }
}
