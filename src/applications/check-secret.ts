import { sameBytes } from '../platform/crypto.js'
import { secretHmac } from './add-credential.js'
import type { Needs } from './needs.js'
import { isLive } from './rules.js'
import type { Client } from './store.js'

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
  const presented = secretHmac(needs, tenantId, client?.appId ?? clientId, secretText)
  const now = needs.clock()
  const live = (client?.credentials ?? [])
    .filter((credential) => isLive(credential, now))
    .flatMap(({ secretHmac: stored }) => (stored === null ? [] : [Buffer.from(stored, 'hex')]))
  return [NO_SECRET, ...live].map((stored) => sameBytes(presented, stored)).includes(true)
}
