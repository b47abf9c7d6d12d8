import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import { type AuditActor, recordAudit } from '../audit/index.js'
import { uuidv7 } from '../kernel/ids.js'
import { HOUR_MS, type Instant, later } from '../kernel/instant.js'
import type { Keys } from '../platform/crypto.js'
import type { Database } from '../platform/database.js'
import type { Listener } from '../platform/listener.js'
import { createWatchedCache } from '../platform/watched-cache.js'
import { SECURITY_CHANNEL } from '../tenants/index.js'
import { insertFirstKey, readSigningKeys, replaceSealed, replaceSigningKey, type StoredKey } from './store.js'

/** The keys of one tenant. `privateJwks[0]` signs. */
export type KeyRing = {
  privateJwks: readonly [JWK, ...JWK[]]
  publicKeys: ReadonlyMap<string, CryptoKey>
  /** Differs whenever the keys do. */
  version: string
}

export type SigningKeys = {
  /** The tenant's keys; makes the first one. */
  of(tenantId: string): Promise<KeyRing>
  /** Reads the keys anew when one is named that this process does not know, at most once in 10 s a tenant. */
  afresh(tenantId: string): Promise<KeyRing>
  /**
   * Signs with a new key from now on, in every process, and returns its id. The old ones stay published and what they
   * signed is accepted for another hour, longer than any token lives, unless `distrustOld`: then it is refused at once.
   */
  rotate(tenantId: string, options: { by: AuditActor; distrustOld?: boolean }): Promise<string>
}

type Needs = { database: Database; keys: Keys; clock: () => Instant; listener: Listener }

const ALGORITHM = 'RS256'
const CACHED_MS = 10 * 60_000
const REFRESH_MS = 10_000

/** Opens the keys that sign tokens: RSA of 2048 bits per tenant, sealed in the database, cached in the process. */
export function createSigningKeys(needs: Needs): SigningKeys {
  const cache = createWatchedCache<KeyRing>(needs.listener, { channel: SECURITY_CHANNEL, max: 1_000, ttlMs: CACHED_MS })
  const refreshed = new Map<string, number>()

  const load = async (tenantId: string): Promise<KeyRing> => {
    const retiredAfter = later(needs.clock(), -HOUR_MS)
    const stored = await readSigningKeys(needs.database.orm, tenantId, retiredAfter)
    await sealAnew(needs, stored)
    const [first, ...rest] = stored
    const signing =
      first && !first.retiredAt ? first : await insertFirstKey(needs.database, tenantId, () => make(needs, tenantId))
    return openRing(needs, signing, first === signing ? rest : stored)
  }
  const of = async (tenantId: string): Promise<KeyRing> =>
    (await cache.get(tenantId, 'keys', () => load(tenantId))) ?? load(tenantId)

  return {
    of,
    afresh(tenantId) {
      const now = Date.now()
      if (now - (refreshed.get(tenantId) ?? 0) >= REFRESH_MS) {
        refreshed.set(tenantId, now)
        cache.forget(tenantId)
      }
      return of(tenantId)
    },
    async rotate(tenantId, { by, distrustOld = false }) {
      const key = await make(needs, tenantId)
      const now = needs.clock()
      await needs.database.withTenant(tenantId, async (scope) => {
        await replaceSigningKey(scope, key, now, distrustOld)
        await recordAudit(scope, {
          id: uuidv7(now.getTime()),
          activityDateTime: now,
          activityDisplayName: 'Rotate token signing key',
          category: 'DirectoryManagement',
          loggedByService: 'Core Directory',
          initiatedBy: by,
          additionalDetails: { kid: key.kid, oldKeyRefused: distrustOld },
        })
      })
      cache.forget(tenantId)
      return key.kid
    },
  }
}

/** Seals with the secret in force what an earlier one sealed, so that the earlier one can be given up. */
async function sealAnew({ keys, database }: Needs, stored: StoredKey[]): Promise<void> {
  for (const { tenantId, kid, privateKeySealed: old } of stored) {
    if (!keys.isOutdated('signing-key', old)) continue
    await replaceSealed(database.orm, tenantId, kid, {
      old,
      sealed: keys.seal('signing-key', keys.open('signing-key', old)),
    })
  }
}

async function make(needs: Needs, tenantId: string): Promise<StoredKey> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { modulusLength: 2048, extractable: true })
  const now = needs.clock()
  const kid = uuidv7(now.getTime())
  const jwk = { ...(await exportJWK(privateKey)), kid, alg: ALGORITHM, use: 'sig' }
  const privateKeySealed = needs.keys.seal('signing-key', Buffer.from(JSON.stringify(jwk)))
  return { tenantId, kid, privateKeySealed, createdAt: now, retiredAt: null }
}

async function openRing(needs: Needs, signing: StoredKey, retired: StoredKey[]): Promise<KeyRing> {
  const open = (row: StoredKey): JWK => JSON.parse(needs.keys.open('signing-key', row.privateKeySealed).toString())
  const privateJwks = [open(signing), ...retired.map(open)] as const
  const publicKeys = new Map<string, CryptoKey>()
  for (const { kty, n, e, kid } of privateJwks) {
    const key = await importJWK({ kty, n, e } as JWK, ALGORITHM)
    if (kid !== undefined && !(key instanceof Uint8Array)) publicKeys.set(kid, key)
  }
  return { privateJwks, publicKeys, version: [...publicKeys.keys()].join(' ') }
}
