import { eq, sql } from 'drizzle-orm'
import type { Orm, TenantScope } from '../platform/database.js'
import type { OrganizationProfile, TenantSettings } from './settings.js'
import { domains, tenants } from './tables.js'

export const SECURITY_CHANNEL = 'vestibule_security'

export type TenantRow = typeof tenants.$inferSelect

/** A tenant by id with its verified domains, or undefined. */
export async function readTenant(
  orm: Pick<Orm, 'select'>,
  id: string,
): Promise<{ row: TenantRow; domains: string[] } | undefined> {
  const rows = await orm
    .select({ tenant: tenants, domain: domains.name })
    .from(tenants)
    .leftJoin(domains, sql`${domains.tenantId} = ${tenants.id} and ${domains.isVerified}`)
    .where(eq(tenants.id, id))
  const row = rows[0]?.tenant
  return row && { row, domains: rows.flatMap(({ domain }) => (domain === null ? [] : [domain])) }
}

/** The id of the tenant that has verified `name`, in whatever case it is written. */
export async function findTenantIdByDomain(orm: Orm, name: string): Promise<string | undefined> {
  const [row] = await orm
    .select({ id: domains.tenantId })
    .from(domains)
    .where(sql`lower(${domains.name}) = ${name.toLowerCase()} and ${domains.isVerified}`)
  return row?.id
}

/** The domain an organization was made with: the issuer of the names it gives. */
export async function readInitialDomain({ orm, tenantId }: TenantScope): Promise<string> {
  const [row] = await orm.select({ domain: tenants.initialDomain }).from(tenants).where(eq(tenants.id, tenantId))
  if (!row) throw new Error('a scope without a tenant was opened')
  return row.domain
}

export async function listTenantIds(orm: Orm): Promise<string[]> {
  const rows = await orm.select({ id: tenants.id }).from(tenants).where(eq(tenants.enabled, true)).orderBy(tenants.id)
  return rows.map(({ id }) => id)
}

/**
 * Does `work` for every enabled tenant, one after another. One that fails stops none of the others.
 * @throws AggregateError with every failure, after all tenants had their turn.
 */
export async function forEachTenant(orm: Orm, work: (tenantId: string) => Promise<void>): Promise<void> {
  const failures: unknown[] = []
  for (const tenantId of await listTenantIds(orm)) {
    await work(tenantId).catch((error: unknown) => failures.push(error))
  }
  if (failures.length > 0) throw new AggregateError(failures, `the work failed for ${failures.length} organizations`)
}

export async function insertTenant(
  orm: Pick<Orm, 'insert'>,
  tenant: { id: string; displayName: string; domain: string; createdAt: Date },
): Promise<void> {
  await orm.insert(tenants).values({
    id: tenant.id,
    displayName: tenant.displayName,
    initialDomain: tenant.domain,
    defaultDomain: tenant.domain,
    createdAt: tenant.createdAt,
  })
  await orm
    .insert(domains)
    .values({ name: tenant.domain, tenantId: tenant.id, isVerified: true, createdAt: tenant.createdAt })
}

export type TenantChanges = Partial<
  Pick<
    TenantRow,
    | 'displayName'
    | 'enabled'
    | 'notificationLanguage'
    | 'privacyStatementUrl'
    | 'contactAddress'
    | 'brandColour'
    | 'logo'
  >
> & { settings?: Partial<TenantSettings>; profile?: Partial<OrganizationProfile> }

export async function updateTenant(orm: Pick<Orm, 'update'>, id: string, changes: TenantChanges): Promise<void> {
  const { settings, profile, ...columns } = changes
  await orm
    .update(tenants)
    .set({
      ...columns,
      ...(settings && { settings: sql`${tenants.settings} || ${JSON.stringify(settings)}::jsonb` }),
      ...(profile && { profile: sql`${tenants.profile} || ${JSON.stringify(profile)}::jsonb` }),
    })
    .where(eq(tenants.id, id))
}

/**
 * Whether `version` is in force, which it then stays to the end of the transaction. Ask before locking anything else.
 */
export async function isCurrentVersion(orm: Pick<Orm, 'execute'>, tenantId: string, version: number): Promise<boolean> {
  const [row] = await orm.execute<{ current: boolean }>(
    sql`select tenants_is_current(${tenantId}, ${version}) as current`,
  )
  return row?.current ?? false
}

/**
 * Raises the tenant's version, in the transaction that changed what processes cache, and tells them once it commits.
 * From the commit on, hot writes decided with the old version write nothing.
 */
export async function raiseVersion(orm: Pick<Orm, 'execute'>, tenantId: string): Promise<void> {
  await orm.execute(sql`select tenants_raise_version(${tenantId})`)
  await orm.execute(sql`select pg_notify(${SECURITY_CHANNEL}, ${tenantId})`)
}
