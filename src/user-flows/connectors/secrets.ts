import type { Keys } from '../../platform/crypto.js'

export const PURPOSE = 'api-connector'

/** What was kept beside its owner, so that a secret moved to another row opens nothing. */
type Kept<Secret> = { of: string; secret: Secret }

/** Seals a secret for one connector. */
export function sealFor<Secret>(keys: Keys, connectorId: string, secret: Secret): Buffer {
  const kept: Kept<Secret> = { of: connectorId, secret }
  return keys.seal(PURPOSE, Buffer.from(JSON.stringify(kept)))
}

/** Undoes `sealFor`. @throws when it was sealed for another connector, or altered. */
export function openFor<Secret>(keys: Keys, connectorId: string, sealed: Buffer): Secret {
  const kept = JSON.parse(keys.open(PURPOSE, sealed).toString()) as Kept<Secret>
  if (kept.of !== connectorId) throw new Error('a secret of another connector')
  return kept.secret
}

/** A PKCS #12 file in Base64, and what opens it. */
export type KeptPkcs12 = { pfx: string; passphrase: string }
