import type { KeyPurpose, Keys } from '../platform/crypto.js'
import type { TenantScope } from '../platform/database.js'
import { sealedAnew } from '../platform/seal-anew.js'
import { listMethodSecrets } from './authentication-methods/store.js'
import { listAllSamlKeys, updateSamlKey } from './federation/key-store.js'
import { lockProvider, readProviders, updateProvider } from './identity-providers/store.js'
import { listPasswordHashes } from './local-accounts/store.js'

/**
 * Seals with the secret in force what an earlier `VESTIBULE_SECRET` sealed for homes: client secrets of providers, and the
 * keys that requests to SAML partners are signed with. Safe to run twice, and at once.
 */
export async function sealHomesAnew(scope: TenantScope, keys: Keys): Promise<void> {
  if (!keys.hasPrevious) return
  for (const { id } of await outdatedProviders(scope, keys)) {
    // Whoever changes the provider meanwhile gives another secret.
    const now = await lockProvider(scope, id)
    const sealed = now?.clientSecretSealed && sealedAnew(keys, 'identity-provider', now.clientSecretSealed)
    if (sealed) await updateProvider(scope, id, { clientSecretSealed: sealed })
  }
  for (const { id, privateKeySealed } of await outdatedSamlKeys(scope, keys)) {
    const sealed = sealedAnew(keys, 'saml-key', privateKeySealed)
    if (sealed) await updateSamlKey(scope, id, { privateKeySealed: sealed })
  }
}

/** How many secrets of homes of an organization still need an earlier `VESTIBULE_SECRET`. */
export async function countOutdatedHomes(scope: TenantScope, keys: Keys): Promise<number> {
  return (await outdatedProviders(scope, keys)).length + (await outdatedSamlKeys(scope, keys)).length
}

/** How much of each kind none of the configured secrets opens, of an organization. */
export async function countUnopenedSignIn(scope: TenantScope, keys: Keys): Promise<Record<string, number>> {
  const { providers } = await readProviders(scope)
  const count = (purpose: KeyPurpose, sealed: readonly (Buffer | null)[]) =>
    sealed.filter((one) => one && !keys.canOpen(purpose, one)).length
  return {
    'client secrets of identity providers': count(
      'identity-provider',
      providers.map(({ clientSecretSealed }) => clientSecretSealed),
    ),
    'keys of SAML requests': count(
      'saml-key',
      (await listAllSamlKeys(scope)).map(({ privateKeySealed }) => privateKeySealed),
    ),
    'authenticator apps': count('authentication-method', await listMethodSecrets(scope)),
    passwords: count('password', await listPasswordHashes(scope)),
  }
}

async function outdatedProviders(scope: TenantScope, keys: Keys) {
  const { providers } = await readProviders(scope)
  return providers.filter(
    ({ clientSecretSealed: sealed }) => sealed && sealedAnew(keys, 'identity-provider', sealed) !== undefined,
  )
}

async function outdatedSamlKeys(scope: TenantScope, keys: Keys) {
  const all = await listAllSamlKeys(scope)
  return all.filter(({ privateKeySealed }) => sealedAnew(keys, 'saml-key', privateKeySealed) !== undefined)
}
