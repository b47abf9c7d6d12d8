import { createHash } from 'node:crypto'
import { and, eq, lte, sql } from 'drizzle-orm'
import { DAY_MS, later } from '../../kernel/instant.js'
import type { Keys } from '../crypto.js'
import type { TenantScope } from '../database.js'
import { idempotencyKeys } from './tables.js'

/** A key as it is kept: bound to tenant, client, subject and path, so nobody replays another's request. */
export type IdempotentRequest = { keyHash: Buffer; requestHash: Buffer }

export type KeyOwner = { tenantId: string; clientId: string; objectId: string }

/** Ready to be claimed; undefined when the caller sent no key. `body` is the request as it was understood. */
export function idempotentRequest(
  keys: Keys,
  owner: KeyOwner,
  path: string,
  key: string | undefined,
  body: unknown,
): IdempotentRequest | undefined {
  if (key === undefined) return undefined
  return {
    keyHash: keys.mac('idempotency', owner.tenantId, owner.clientId, owner.objectId, path, key),
    requestHash: createHash('sha256')
      .update(JSON.stringify(body) ?? '')
      .digest(),
  }
}

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
  if (claimed.length > 0) return undefined
  const [first] = await scope.orm
    .select()
    .from(idempotencyKeys)
    .where(and(eq(idempotencyKeys.tenantId, scope.tenantId), eq(idempotencyKeys.keyHash, request.keyHash)))
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
