import { sameBytes } from '../platform/crypto.js'
import type { Database } from '../platform/database.js'
import { secretHmac, secretHmacs } from './add-credential.js'
import type { Needs } from './needs.js'
import { isLive } from './rules.js'
import { type Client, replaceSecret } from './store.js'

// No HMAC is all zeroes in practice; comparing with it keeps one comparison where there is no secret at all.
const NO_SECRET = Buffer.alloc(32)

/**
 * Whether `secretText` is one of the client's live secrets. Takes the same steps for an unknown client (`undefined`)
 * and never stops at the first match, so time tells neither whether the client exists nor which secret it was.
 */
export function isSecretOf(
  needs: Needs,
  tenantId: string,
  clientId: string,
  client: Client | undefined,
  secretText: string,
): boolean {
  const presented = secretHmacs(needs, tenantId, client?.appId ?? clientId, secretText)
  const now = needs.clock()
  const live = (client?.credentials ?? [])
    .filter((credential) => isLive(credential, now))
    .flatMap(({ secretHmac: stored }) => (stored === null ? [] : [hmacOf(stored)]))
  return [NO_SECRET, ...live].flatMap((stored) => presented.map((mac) => sameBytes(mac, stored))).includes(true)
}

/** A stored secret without the mark of the key that made it. */
function hmacOf(stored: string): Buffer {
  return Buffer.from(stored, 'hex').subarray(0, NO_SECRET.length)
}

/**
 * Keeps a secret that was right as the secret in force makes it, if an earlier one did: once every client has asked for
 * a token, the earlier one is needed no more. Costs nothing while there is no earlier one.
 */
export async function renewSecret(
  needs: Needs & { database: Database },
  tenantId: string,
  client: Client,
  secretText: string,
): Promise<void> {
  if (!needs.keys.hasPrevious) return
  const [, ...outdated] = secretHmacs(needs, tenantId, client.appId, secretText)
  const stored = client.credentials.find(
    ({ secretHmac: hex }) => hex !== null && outdated.some((mac) => sameBytes(mac, hmacOf(hex))),
  )
  if (!stored) return
  const made = secretHmac(needs, tenantId, client.appId, secretText)
  await needs.database.withTenant(tenantId, (scope) => replaceSecret(scope, client.applicationId, stored.keyId, made))
}
