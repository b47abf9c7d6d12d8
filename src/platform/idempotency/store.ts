import { and, eq, gt, lte, sql } from 'drizzle-orm'
import { DAY_MS, later } from '../../kernel/instant.js'
import type { TenantScope } from '../database.js'
import { keyRefusals } from './errors.js'
import type { IdempotentRequest } from './request.js'
import { idempotencyKeys } from './tables.js'

/**
 * Claims the key in the transaction that does the work. Undefined: it is ours. Otherwise what the first request made,
 * whose commit this waits for.
 */
export async function claimKey(
  scope: TenantScope,
  request: IdempotentRequest,
  resourceId: string,
  now: Date,
): Promise<{ resourceId: string; sameRequest: boolean } | undefined> {
  const claimed = await scope.orm
    .insert(idempotencyKeys)
    .values({ tenantId: scope.tenantId, ...request, resourceId, createdAt: now })
    .onConflictDoUpdate({
      target: [idempotencyKeys.tenantId, idempotencyKeys.keyHash],
      set: { requestHash: request.requestHash, resourceId, createdAt: now },
      setWhere: lte(idempotencyKeys.createdAt, later(now, -DAY_MS)),
    })
    .returning({ resourceId: idempotencyKeys.resourceId })
  return claimed.length > 0 ? undefined : findKey(scope, request, now)
}

/**
 * Claims the key of a request, if it has one, before anything else in the transaction that does its work. Undefined: go
 * on, and what is made has the id `resourceId`. Otherwise the id of what the first request with this key made.
 * @throws Refusal when that was another request.
 */
export async function madeBefore(
  scope: TenantScope,
  request: IdempotentRequest | undefined,
  resourceId: string,
  now: Date,
): Promise<string | undefined> {
  return made(request && (await claimKey(scope, request, resourceId, now)))
}

/**
 * The id of what a request with this key made within 24 hours, for work that has a part before its transaction.
 * @throws Refusal when that was another request.
 */
export async function rememberedBy(
  scope: TenantScope,
  request: IdempotentRequest,
  now: Date,
): Promise<string | undefined> {
  return made(await findKey(scope, request, now))
}

function made(first: { resourceId: string; sameRequest: boolean } | undefined): string | undefined {
  if (first && !first.sameRequest) throw keyRefusals.keyReused()
  return first?.resourceId
}

/** What a request with this key made within 24 hours. */
export async function findKey(
  scope: TenantScope,
  request: IdempotentRequest,
  now: Date,
): Promise<{ resourceId: string; sameRequest: boolean } | undefined> {
  const isOurs = and(eq(idempotencyKeys.tenantId, scope.tenantId), eq(idempotencyKeys.keyHash, request.keyHash))
  const [first] = await scope.orm
    .select()
    .from(idempotencyKeys)
    .where(and(isOurs, gt(idempotencyKeys.createdAt, later(now, -DAY_MS))))
  if (!first) return undefined
  return { resourceId: first.resourceId, sameRequest: first.requestHash.equals(request.requestHash) }
}

/** Forgets keys older than 24 hours, at most `most`; returns how many. */
export async function purgeKeys(scope: TenantScope, now: Date, most: number): Promise<number> {
  const old = sql`${idempotencyKeys.keyHash} in (
    select key_hash from idempotency_keys
    where tenant_id = ${scope.tenantId} and created_at <= ${later(now, -DAY_MS).toISOString()} limit ${most})`
  const gone = await scope.orm
    .delete(idempotencyKeys)
    .where(and(eq(idempotencyKeys.tenantId, scope.tenantId), old))
    .returning({ keyHash: idempotencyKeys.keyHash })
  return gone.length
}
