import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'

/** What a derived key is for. One key per purpose, so a value made for one never passes for another. */
export type KeyPurpose =
  | 'ticket'
  | 'block-ticket'
  | 'passcode'
  | 'csrf'
  | 'browser-handle'
  | 'client-secret'
  | 'page-token'
  | 'signing-key'
  | 'provider-cookie'
  | 'idempotency'
  | 'fingerprint'

/**
 * Keys derived from `VESTIBULE_SECRET` (HKDF-SHA-256, RFC 5869); the secret itself is not kept. New things are made with
 * it; what was made with one of `VESTIBULE_SECRET_PREVIOUS` is recognised all the same.
 */
export type Keys = {
  /** 32 bytes, always the same for one secret and purpose. */
  of(purpose: KeyPurpose): Buffer
  /** The same of every secret, the one in force first. */
  all(purpose: KeyPurpose): Buffer[]
  /** HMAC-SHA-256 over `parts`, each preceded by its length, so that no two lists of parts collide. */
  mac(purpose: KeyPurpose, ...parts: (string | Uint8Array)[]): Buffer
  /** The same with every secret, the one in force first. */
  macs(purpose: KeyPurpose, ...parts: (string | Uint8Array)[]): Buffer[]
  /** AES-256-GCM; the purpose is authenticated with the text. */
  seal(purpose: KeyPurpose, plain: Buffer): Buffer
  /** Undoes `seal`. @throws when none of the secrets sealed it or the bytes were altered. */
  open(purpose: KeyPurpose, sealed: Buffer): Buffer
  /** Whether `open` needs one of the previous secrets. */
  isOutdated(purpose: KeyPurpose, sealed: Buffer): boolean
  /** Tells secrets apart and nothing about them: four bytes to keep beside what was made with one. */
  readonly fingerprint: Buffer
}

const IV_BYTES = 12
const TAG_BYTES = 16
const FINGERPRINT_BYTES = 4

/** The keys of one secret. */
type KeyRing = (purpose: KeyPurpose) => Buffer

/** Derives all keys of the service from the configured secret, and from those that were in force before it. */
export function deriveKeys(secret: string, previous: readonly string[] = []): Keys {
  const of = keyRing(secret)
  const earlier = previous.map(keyRing)
  const macs: Keys['macs'] = (purpose, ...parts) => [of, ...earlier].map((ring) => macOf(ring(purpose), parts))
  return {
    of,
    all: (purpose) => [of, ...earlier].map((ring) => ring(purpose)),
    mac: (purpose, ...parts) => macOf(of(purpose), parts),
    macs,
    fingerprint: macOf(of('fingerprint'), []).subarray(0, FINGERPRINT_BYTES),
    seal(purpose, plain) {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', of(purpose), iv).setAAD(Buffer.from(purpose))
      const body = Buffer.concat([cipher.update(plain), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), body])
    },
    open: (purpose, sealed) =>
      unseal([of, ...earlier].find((ring) => opens(ring, purpose, sealed)) ?? of, purpose, sealed),
    isOutdated: (purpose, sealed) => !opens(of, purpose, sealed),
  }
}

function keyRing(secret: string): KeyRing {
  const cache = new Map<KeyPurpose, Buffer>()
  return (purpose) => {
    let key = cache.get(purpose)
    if (!key) {
      key = Buffer.from(hkdfSync('sha256', secret, 'vestibule', purpose, 32))
      cache.set(purpose, key)
    }
    return key
  }
}

function macOf(key: Buffer, parts: (string | Uint8Array)[]): Buffer {
  const hmac = createHmac('sha256', key)
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    hmac.update(length).update(bytes)
  }
  return hmac.digest()
}

function unseal(ring: KeyRing, purpose: KeyPurpose, sealed: Buffer): Buffer {
  // Without the length a tag cut to four bytes would pass, and four bytes can be guessed.
  const options = { authTagLength: TAG_BYTES }
  const decipher = createDecipheriv('aes-256-gcm', ring(purpose), sealed.subarray(0, IV_BYTES), options)
  decipher.setAAD(Buffer.from(purpose))
  decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
  return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()])
}

function opens(ring: KeyRing, purpose: KeyPurpose, sealed: Buffer): boolean {
  try {
    unseal(ring, purpose, sealed)
    return true
  } catch {
    return false
  }
}

/** Compares in constant time; values of different length differ. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Whether `given` is one of `known`, in the same time whichever it is. */
export function isOneOf(given: Uint8Array, known: readonly Uint8Array[]): boolean {
  return known.map((one) => sameBytes(given, one)).includes(true)
}
