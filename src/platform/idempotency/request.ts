import { createHash } from 'node:crypto'
import { keyRefusals } from './errors.js'

/** A key as it is kept: bound to tenant, client, subject and path, so nobody replays another's request. */
export type IdempotentRequest = { keyHash: Buffer; requestHash: Buffer }

type KeyOwner = { tenantId: string; clientId: string; objectId: string }

/**
 * Ready to be claimed; undefined when the caller sent no key. `body` is the request as it was understood. No secret
 * goes into it: a key opens nothing, and what it made is remembered when the secret changes.
 * @throws Refusal for a key that is none.
 */
export function idempotentRequest(
  { tenantId, clientId, objectId }: KeyOwner,
  path: string,
  key: unknown,
  body: unknown,
): IdempotentRequest | undefined {
  if (key === undefined) return undefined
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) throw keyRefusals.keyMalformed()
  return {
    keyHash: sha256(JSON.stringify([tenantId, clientId, objectId, path, key])),
    requestHash: sha256(canonical(body)),
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** JSON with its properties in one order: in which order they were sent does not make another request. */
function canonical(body: unknown): string {
  const sorted = (_name: string, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value
  return JSON.stringify(body, sorted) ?? ''
}
