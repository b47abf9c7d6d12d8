import { and, eq, sql } from 'drizzle-orm'
import type { TenantScope } from '../../platform/database.js'
import { domainClaims, domains, tenants } from '../tables.js'

export type DomainRow = {
  /** The name: Graph's id of a domain. */
  id: string
  isVerified: boolean
  /** Made a root of its own though it lies below another domain. */
  isPromoted: boolean
  isDefault: boolean
  isInitial: boolean
  supportedServices: string[]
}

const own = (scope: TenantScope) => eq(domains.tenantId, scope.tenantId)

/** Every domain of the organization, verified or claimed, by name. */
export async function listDomains(scope: TenantScope): Promise<DomainRow[]> {
  const [tenant] = await scope.orm
    .select({ initial: tenants.initialDomain, fallback: tenants.defaultDomain })
    .from(tenants)
    .where(eq(tenants.id, scope.tenantId))
  const verified = await scope.orm.select().from(domains).where(own(scope))
  const claimed = await scope.orm.select().from(domainClaims).where(eq(domainClaims.tenantId, scope.tenantId))
  const rows = [
    ...verified.map((row) => ({ ...row, isVerified: row.isVerified })),
    ...claimed.map((row) => ({ ...row, isVerified: false, isPromoted: false })),
  ]
  return rows
    .map(({ name, isVerified, isPromoted, supportedServices }) => ({
      id: name.toLowerCase(),
      isVerified,
      isPromoted,
      isDefault: name === tenant?.fallback,
      isInitial: name === tenant?.initial,
      supportedServices,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** Whether another organization has proved that the name is its own. */
export async function isVerifiedElsewhere(scope: TenantScope, name: string): Promise<boolean> {
  const [row] = await scope.orm
    .select({ tenantId: domains.tenantId })
    .from(domains)
    .where(and(sql`lower(${domains.name}) = ${name}`, sql`${domains.isVerified}`))
  return row !== undefined && row.tenantId !== scope.tenantId
}

export async function insertClaim(
  scope: TenantScope,
  claim: { name: string; supportedServices: string[]; createdAt: Date },
): Promise<void> {
  await scope.orm.insert(domainClaims).values({ tenantId: scope.tenantId, ...claim })
}

/** What a claim is once it is proved. */
export async function insertVerified(
  scope: TenantScope,
  domain: { name: string; supportedServices: string[]; createdAt: Date },
): Promise<void> {
  await scope.orm.insert(domains).values({ tenantId: scope.tenantId, isVerified: true, ...domain })
  await scope.orm
    .delete(domainClaims)
    .where(and(eq(domainClaims.tenantId, scope.tenantId), eq(domainClaims.name, domain.name)))
}

export async function setServices(scope: TenantScope, name: string, supportedServices: string[]): Promise<void> {
  const named = and(own(scope), sql`lower(${domains.name}) = ${name}`)
  await scope.orm.update(domains).set({ supportedServices }).where(named)
  await scope.orm
    .update(domainClaims)
    .set({ supportedServices })
    .where(and(eq(domainClaims.tenantId, scope.tenantId), eq(domainClaims.name, name)))
}

export async function setPromoted(scope: TenantScope, name: string): Promise<void> {
  await scope.orm
    .update(domains)
    .set({ isPromoted: true })
    .where(and(own(scope), sql`lower(${domains.name}) = ${name}`))
}

export async function setDefaultDomain(scope: TenantScope, name: string): Promise<void> {
  await scope.orm.update(tenants).set({ defaultDomain: name }).where(eq(tenants.id, scope.tenantId))
}

export async function deleteDomainRows(scope: TenantScope, name: string): Promise<void> {
  await scope.orm.delete(domains).where(and(own(scope), sql`lower(${domains.name}) = ${name}`))
  await scope.orm
    .delete(domainClaims)
    .where(and(eq(domainClaims.tenantId, scope.tenantId), eq(domainClaims.name, name)))
}
