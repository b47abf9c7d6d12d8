import { and, eq, gt, isNull, lte, or, sql } from 'drizzle-orm'
import type { Instant } from '../kernel/instant.js'
import type { Database, Orm, TenantScope } from '../platform/database.js'
import { SECURITY_CHANNEL } from '../tenants/index.js'
import { providerState, signingKeys } from './tables.js'

export type StoredKey = typeof signingKeys.$inferSelect
export type State = {
  model: string
  id: string
  payload: Record<string, unknown>
  expiresAt: Instant | null
  grantId?: string | null
  userCode?: string | null
  uid?: string | null
}

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

/** Keeps `state`, in the place of what there was of that model and id. */
export async function replaceState(db: Database, tenantId: string, state: State): Promise<void> {
  const { payload, expiresAt, grantId = null, userCode = null, uid = null } = state
  await db.sql`
    insert into provider_state (tenant_id, model, id, payload, expires_at, grant_id, user_code, uid)
    values (${tenantId}, ${state.model}, ${state.id}, ${JSON.stringify(payload)}::text::jsonb, ${expiresAt}, ${grantId},
      ${userCode}, ${uid})
    on conflict (tenant_id, model, id) do update set payload = excluded.payload, expires_at = excluded.expires_at,
      grant_id = excluded.grant_id, user_code = excluded.user_code, uid = excluded.uid`
}

/** The same of what anybody may begin from a network, within the bounds of `functions.sql`. */
export async function keepBegun(db: Database, tenantId: string, network: string | null, state: State): Promise<void> {
  await db.sql`select provider_keep_begun(${tenantId}, ${network}, ${JSON.stringify(state)}::text::jsonb)`
}

/** Reads by the id, or by what else a model is found by. */
export async function findState(
  db: Database,
  tenantId: string,
  model: string,
  key: { id: string } | { userCode: string } | { uid: string },
): Promise<Record<string, unknown> | undefined> {
  const isIt =
    'id' in key ? db.sql`id = ${key.id}` : 'uid' in key ? db.sql`uid = ${key.uid}` : db.sql`user_code = ${key.userCode}`
  const [row] = await db.sql<{ payload: Record<string, unknown> }[]>`
    select payload from provider_state where tenant_id = ${tenantId} and model = ${model} and ${isIt} limit 1`
  return row?.payload
}

/** Marks it as used up. False when it was so before: of two that come at once one is first. */
export async function consumeState(
  db: Database,
  tenantId: string,
  model: string,
  id: string,
  seconds: number,
): Promise<boolean> {
  const rows = await db.sql`
    update provider_state set payload = jsonb_set(payload, '{consumed}', to_jsonb(${seconds}::int))
    where tenant_id = ${tenantId} and model = ${model} and id = ${id} and payload->'consumed' is null returning 1`
  return rows.length > 0
}

/** Takes away what was used before and is shown again; `line` is written by whoever takes it away, within its limit. */
export async function endReusedState(
  sql: Database['sql'],
  tenantId: string,
  now: Instant,
  reused: { model: string; id: string; countId: string; network: string; line: object | undefined },
): Promise<void> {
  const { model, id, countId, network, line } = reused
  await sql`
    select provider_end_reused(${tenantId}, ${now.toISOString()}, ${model}, ${id}, ${countId}, ${network},
      ${line ? JSON.stringify(line) : null}::text::jsonb)`
}

/** Takes away whatever came from a grant. */
export async function deleteGrantState(db: Database, tenantId: string, model: string, grantId: string): Promise<void> {
  await db.sql`
    delete from provider_state where tenant_id = ${tenantId} and grant_id = ${grantId} and model = ${model}`
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
