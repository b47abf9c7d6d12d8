import type { Keys } from '../../platform/crypto.js'
import type { TenantScope } from '../../platform/database.js'
import { sealedAnew } from '../../platform/seal-anew.js'
import { PURPOSE } from './secrets.js'
import { listSealed, lockConnector, tellConnectorsChanged, updateCertificate, updateConnector } from './store.js'

/** Seals with the secret in force what an earlier `VESTIBULE_SECRET` sealed of connectors. Safe to run twice, and at once. */
export async function sealConnectorsAnew(scope: TenantScope, keys: Keys): Promise<void> {
  if (!keys.hasPrevious) return
  for (const { id } of await listOutdated(scope, keys)) {
    // Whoever changes the connector meanwhile gives another secret.
    if (!(await lockConnector(scope, id))) continue
    const [now] = await listOutdated(scope, keys, id)
    if (now?.secret) await updateConnector(scope, id, { secretSealed: now.secret })
    for (const one of now?.certificates ?? []) await updateCertificate(scope, id, one.id, { pkcs12Sealed: one.pkcs12 })
    if (now) await tellConnectorsChanged(scope)
  }
}

/** How many connectors of an organization still need an earlier `VESTIBULE_SECRET`. */
export async function countOutdatedConnectors(scope: TenantScope, keys: Keys): Promise<number> {
  return (await listOutdated(scope, keys)).length
}

/** How many connectors of an organization have a secret or certificate that none of the configured secrets opens. */
export async function countUnopenedConnectors(scope: TenantScope, keys: Keys): Promise<number> {
  const sealed = await listSealed(scope)
  return sealed.filter(({ secretSealed, certificates }) =>
    [secretSealed, ...certificates.map(({ pkcs12Sealed }) => pkcs12Sealed)].some(
      (one) => one && !keys.canOpen(PURPOSE, one),
    ),
  ).length
}

/** Connectors with what an earlier secret sealed, each part of it sealed anew. */
async function listOutdated(scope: TenantScope, keys: Keys, only?: string) {
  return (await listSealed(scope, only)).flatMap(({ id, secretSealed, certificates }) => {
    const secret = secretSealed === null ? undefined : sealedAnew(keys, PURPOSE, secretSealed)
    const anew = certificates.flatMap((one) => {
      const pkcs12 = sealedAnew(keys, PURPOSE, one.pkcs12Sealed)
      return pkcs12 ? [{ id: one.id, pkcs12 }] : []
    })
    return secret || anew.length > 0 ? [{ id, secret, certificates: anew }] : []
  })
}
