import { and, eq, gt, isNull, lte, or, sql } from 'drizzle-orm'
import type { Instant } from '../kernel/instant.js'
import type { Database, Orm, TenantScope } from '../platform/database.js'
import { SECURITY_CHANNEL } from '../tenants/index.js'
import { providerState, signingKeys } from './tables.js'

export type StoredKey = typeof signingKeys.$inferSelect
export type State = { model: string; id: string; payload: Record<string, unknown>; expiresAt: Instant | null }

type Reader = Pick<Orm, 'select'>

/** Keys that sign or that retired after `retiredAfter`, the signing one first. */
export function readSigningKeys(orm: Reader, tenantId: string, retiredAfter: Instant): Promise<StoredKey[]> {
  const usable = or(isNull(signingKeys.retiredAt), gt(signingKeys.retiredAt, retiredAfter))
  return orm
    .select()
    .from(signingKeys)
    .where(and(eq(signingKeys.tenantId, tenantId), usable))
    .orderBy(sql`${signingKeys.retiredAt} desc nulls first`)
}

/** Puts another seal in the place of `old`, unless somebody was faster. */
export async function replaceSealed(
  orm: Pick<Orm, 'update'>,
  tenantId: string,
  kid: string,
  { old, sealed }: { old: Buffer; sealed: Buffer },
): Promise<void> {
  const isIt = and(eq(signingKeys.tenantId, tenantId), eq(signingKeys.kid, kid), eq(signingKeys.privateKeySealed, old))
  await orm.update(signingKeys).set({ privateKeySealed: sealed }).where(isIt)
}

/**
 * Stores a tenant's first key unless another process was faster, and returns the one that signs. `make` runs under an
 * advisory lock, so that of many processes that start together one makes a key.
 */
export function insertFirstKey(db: Database, tenantId: string, make: () => Promise<StoredKey>): Promise<StoredKey> {
  return db.orm.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`signing-key ${tenantId}`}, 0))`)
    const [existing] = await tx
      .select()
      .from(signingKeys)
      .where(and(eq(signingKeys.tenantId, tenantId), isNull(signingKeys.retiredAt)))
    if (existing) return existing
    const key = await make()
    await tx.insert(signingKeys).values(key)
    return key
  })
}

/** Makes `key` the one that signs. The keys before it retire at `now`, or are deleted when they are not trusted. */
export async function replaceSigningKey(
  { orm }: TenantScope,
  key: StoredKey,
  now: Instant,
  distrustOld: boolean,
): Promise<void> {
  const active = and(eq(signingKeys.tenantId, key.tenantId), isNull(signingKeys.retiredAt))
  await orm.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`signing-key ${key.tenantId}`}, 0))`)
  if (distrustOld) await orm.delete(signingKeys).where(eq(signingKeys.tenantId, key.tenantId))
  else await orm.update(signingKeys).set({ retiredAt: now }).where(active)
  await orm.insert(signingKeys).values(key)
  await orm.execute(sql`select pg_notify(${SECURITY_CHANNEL}, ${key.tenantId})`)
}

/** Remembers `state`. False, and nothing written, when there already is one of that model and id. */
export async function insertState(db: Database, tenantId: string, state: State): Promise<boolean> {
  const inserted = await db.orm
    .insert(providerState)
    .values({ tenantId, ...state })
    .onConflictDoNothing()
    .returning({ id: providerState.id })
  return inserted.length > 0
}

export async function findState(
  db: Database,
  tenantId: string,
  model: string,
  id: string,
): Promise<Record<string, unknown> | undefined> {
  const [row] = await db.orm
    .select()
    .from(providerState)
    .where(one(tenantId, model, id))
  return row?.payload
}

export async function deleteState(db: Database, tenantId: string, model: string, id: string): Promise<void> {
  await db.orm.delete(providerState).where(one(tenantId, model, id))
}

/** Deletes what has ended by `now`, of every tenant, `most` rows at a time. Returns how many. */
export async function deleteEndedState(db: Database, now: Instant, most: number): Promise<number> {
  const ended = db.orm
    .select({ row: sql`ctid` })
    .from(providerState)
    .where(lte(providerState.expiresAt, now))
    .limit(most)
  const deleted = await db.orm.delete(providerState).where(sql`ctid in (${ended})`).returning({ id: providerState.id })
  return deleted.length
}

function one(tenantId: string, model: string, id: string) {
  return and(eq(providerState.tenantId, tenantId), eq(providerState.model, model), eq(providerState.id, id))
}
