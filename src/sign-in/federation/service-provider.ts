import { DAY_MS } from '../../kernel/instant.js'
import type { Keys } from '../../platform/crypto.js'
import type { Database } from '../../platform/database.js'
import { makeSelfSigned } from '../../platform/self-signed.js'
import type { Tenant } from '../../tenants/index.js'
import { insertSamlKey, lockSamlKeys, readSamlKeys, type SamlKeyRow } from './key-store.js'

/** An organization as its SAML partners know it. */
export type ServiceProvider = {
  /** Its entity id: where its metadata is. */
  entityId: string
  /** Where assertions are posted to. */
  acsUrl: string
  /** What signs requests, PEM. */
  privateKey: string
  /** Certificates that signatures of ours may be held against, PEM, the one of `privateKey` first. */
  certificates: [string, ...string[]]
}

type Needs = { database: Database; keys: Keys; clock: () => Date; newId: () => string }

const KEY_DAYS = 3 * 365
/** A new key is published so long before the old one ends. */
const RENEW_DAYS = 90
/** Partners that read our metadata once a day know a key before it signs. */
const KNOWN_AFTER_MS = 2 * DAY_MS

/**
 * The organization as a service provider at one origin. Makes its first key, and the next one in time; a key signs two
 * days after it was published, while there is another one.
 */
export async function serviceProviderOf(needs: Needs, tenant: Tenant, origin: string): Promise<ServiceProvider> {
  const now = needs.clock()
  const known = await needs.database.withTenant(tenant.id, (scope) => readSamlKeys(scope, now))
  const keys = isEnough(known, now) ? known : await makeKey(needs, tenant, now)
  const signing = keys.find(({ createdDateTime }) => now.getTime() - createdDateTime.getTime() >= KNOWN_AFTER_MS)
  const first = signing ?? keys.at(-1)
  if (!first) throw new Error('an organization without a key to sign with')
  const base = `${origin}/signin/saml/${tenant.id}`
  return {
    entityId: `${base}/metadata`,
    acsUrl: `${base}/acs`,
    privateKey: needs.keys.open('saml-key', first.privateKeySealed).toString(),
    certificates: [first.certificate, ...keys.filter((key) => key !== first).map(({ certificate }) => certificate)],
  }
}

function isEnough([newest]: SamlKeyRow[], now: Date): boolean {
  return newest !== undefined && newest.expiresDateTime.getTime() - now.getTime() > RENEW_DAYS * DAY_MS
}

async function makeKey(needs: Needs, tenant: Tenant, now: Date): Promise<SamlKeyRow[]> {
  return needs.database.withTenant(tenant.id, async (scope) => {
    await lockSamlKeys(scope)
    const known = await readSamlKeys(scope, now)
    if (isEnough(known, now)) return known
    const { key, certificate, expires } = await makeSelfSigned({
      commonName: `Vestibule ${tenant.id}`,
      now,
      days: KEY_DAYS,
    })
    await insertSamlKey(scope, {
      id: needs.newId(),
      privateKeySealed: needs.keys.seal('saml-key', Buffer.from(key)),
      certificate,
      createdDateTime: now,
      expiresDateTime: expires,
    })
    return readSamlKeys(scope, now)
  })
}
