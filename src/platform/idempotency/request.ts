import { createHash } from 'node:crypto'
import type { Keys } from '../crypto.js'

/** A key as it is kept: bound to tenant, client, subject and path, so nobody replays another's request. */
export type IdempotentRequest = { keyHash: Buffer; requestHash: Buffer }

type KeyOwner = { tenantId: string; clientId: string; objectId: string }

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
    requestHash: createHash('sha256').update(canonical(body)).digest(),
  }
}

/** JSON with its properties in one order: in which order they were sent does not make another request. */
function canonical(body: unknown): string {
  const sorted = (_name: string, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value
  return JSON.stringify(body, sorted) ?? ''
}
