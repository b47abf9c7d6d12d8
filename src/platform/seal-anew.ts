import type { KeyPurpose, Keys } from './crypto.js'

/**
 * What one of `VESTIBULE_SECRET_PREVIOUS` sealed, sealed with the secret in force, so that the earlier one can be given up.
 * Undefined when that is so already, and when none of the secrets opens it.
 */
export function sealedAnew(keys: Keys, purpose: KeyPurpose, sealed: Buffer): Buffer | undefined {
  if (!keys.hasPrevious || !keys.isOutdated(purpose, sealed)) return undefined
  try {
    return keys.seal(purpose, keys.open(purpose, sealed))
  } catch {
    return undefined
  }
}
