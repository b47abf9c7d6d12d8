import type { Keys } from '../platform/crypto.js'
import type { TenantScope } from '../platform/database.js'
import { listSecrets } from './store.js'

/** How many client secrets that have not ended are kept as an earlier `VESTIBULE_SECRET` made them. */
export async function countOutdatedSecrets(scope: TenantScope, keys: Keys, now: Date): Promise<number> {
  const secrets = await listSecrets(scope, now)
  return secrets.filter((secret) => !secret.subarray(-keys.fingerprint.length).equals(keys.fingerprint)).length
}
