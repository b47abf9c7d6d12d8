import { and, asc, eq, sql } from 'drizzle-orm'
import type { TenantScope } from '../../platform/database.js'
import { DEFAULT_ORDER, FALLBACKS, PRECEDENCE, type RedemptionOrder } from '../home-realm/rules.js'
import { identityProviders, providerDomains, redemptionOrders } from './tables.js'

export type ProviderRow = typeof identityProviders.$inferSelect
/** A provider with the domains it speaks for. */
export type Provider = ProviderRow & { domains: string[] }
export type ProviderSet = { providers: Provider[]; order: RedemptionOrder }

/** Every provider of the organization, oldest first, and the order they are looked for in. */
export async function readProviders(scope: TenantScope): Promise<ProviderSet> {
  const rows = await scope.orm
    .select()
    .from(identityProviders)
    .where(eq(identityProviders.tenantId, scope.tenantId))
    .orderBy(asc(identityProviders.createdDateTime), asc(identityProviders.id))
  const named = await scope.orm
    .select()
    .from(providerDomains)
    .where(eq(providerDomains.tenantId, scope.tenantId))
    .orderBy(asc(providerDomains.name))
  const [order] = await scope.orm.select().from(redemptionOrders).where(eq(redemptionOrders.tenantId, scope.tenantId))
  const providers = rows.map((row) => ({
    ...row,
    domains: named.filter(({ providerId }) => providerId === row.id).map(({ name }) => name),
  }))
  return { providers, order: orderOf(order) }
}

function orderOf(row: typeof redemptionOrders.$inferSelect | undefined): RedemptionOrder {
  if (!row) return DEFAULT_ORDER
  const precedence = row.precedence ?? DEFAULT_ORDER.precedence
  return {
    precedence: precedence.flatMap((name) => PRECEDENCE.find((known) => known === name) ?? []),
    fallback: FALLBACKS.find((known) => known === row.fallback) ?? DEFAULT_ORDER.fallback,
    passcodeEnabled: row.passcodeEnabled,
    localEnabled: row.localEnabled,
    passcodeDomains: row.passcodeDomains ?? [],
  }
}

/** A provider as it is now, kept from others who would change it until the transaction ends. */
export async function lockProvider(scope: TenantScope, id: string): Promise<ProviderRow | undefined> {
  const [row] = await scope.orm
    .select()
    .from(identityProviders)
    .where(and(eq(identityProviders.tenantId, scope.tenantId), eq(identityProviders.id, id)))
    .for('no key update')
  return row
}

export async function insertProvider(scope: TenantScope, row: Omit<ProviderRow, 'tenantId'>): Promise<void> {
  await scope.orm.insert(identityProviders).values({ ...row, tenantId: scope.tenantId })
}

export async function updateProvider(
  scope: TenantScope,
  id: string,
  changes: Partial<Omit<ProviderRow, 'tenantId' | 'id' | 'kind' | 'createdDateTime'>>,
): Promise<void> {
  if (Object.keys(changes).length === 0) return
  await scope.orm
    .update(identityProviders)
    .set(changes)
    .where(and(eq(identityProviders.tenantId, scope.tenantId), eq(identityProviders.id, id)))
}

/** Ends what came of signing in at a provider. Answers with the ids of everybody known by it. */
export async function endProviderSignIns(
  { orm, tenantId }: TenantScope,
  { providerId, until, mostMs }: { providerId: string; until: Date; mostMs: number },
): Promise<string[]> {
  // Of a hundred thousand people it takes longer than a statement may that somebody waits for.
  await orm.execute(sql`select set_config('statement_timeout', ${String(mostMs)}, true)`)
  const [row] = await orm.execute<{ known: string[] }>(
    sql`select sign_in_end_of_provider(${tenantId}, ${until.toISOString()}::timestamptz, ${providerId}) as known`,
  )
  return row?.known ?? []
}

export async function deleteProvider(scope: TenantScope, id: string): Promise<void> {
  const { tenantId, orm } = scope
  await orm
    .delete(providerDomains)
    .where(and(eq(providerDomains.tenantId, tenantId), eq(providerDomains.providerId, id)))
  await orm.delete(identityProviders).where(and(eq(identityProviders.tenantId, tenantId), eq(identityProviders.id, id)))
}

export async function insertDomains(
  scope: TenantScope,
  providerId: string,
  names: readonly string[],
  createdDateTime: Date,
): Promise<void> {
  if (names.length === 0) return
  await scope.orm
    .insert(providerDomains)
    .values(names.map((name) => ({ tenantId: scope.tenantId, name, providerId, createdDateTime })))
}

export async function deleteDomains(scope: TenantScope, providerId: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await scope.orm
      .delete(providerDomains)
      .where(
        and(
          eq(providerDomains.tenantId, scope.tenantId),
          eq(providerDomains.name, name),
          eq(providerDomains.providerId, providerId),
        ),
      )
  }
}

/** Merges `changes` into the order. */
export async function changeOrder(
  scope: TenantScope,
  changes: {
    passcodeEnabled?: boolean
    localEnabled?: boolean
    precedence?: string[]
    fallback?: string
    passcodeDomains?: string[]
  },
): Promise<void> {
  if (Object.keys(changes).length === 0) return
  await scope.orm
    .insert(redemptionOrders)
    .values({ tenantId: scope.tenantId, ...changes })
    .onConflictDoUpdate({ target: redemptionOrders.tenantId, set: changes })
}
