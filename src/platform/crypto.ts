import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'

/** What a derived key is for. One key per purpose, so a value made for one never passes for another. */
export type KeyPurpose =
  | 'ticket'
  | 'block-ticket'
  | 'extension-ticket'
  | 'sign-up-work'
  | 'passcode'
  | 'csrf'
  | 'browser-handle'
  | 'client-secret'
  | 'client-secret-replay'
  | 'page-token'
  | 'delta-token'
  | 'webhook-secret'
  | 'signing-key'
  | 'provider-cookie'
  | 'device-code'
  | 'domain-verification'
  | 'fingerprint'
  | 'authentication-method'
  | 'totp-offer'
  | 'recovery-code'
  | 'password'
  | 'passkey-challenge'
  | 'identity-provider'
  | 'sign-in-flow'
  | 'saml-key'
  | 'connection-test'
  | 'api-connector'

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
  /** Undoes `seal`. @throws Unopened when none of the secrets sealed it or the bytes were altered. */
  open(purpose: KeyPurpose, sealed: Buffer): Buffer
  /** Whether `open` would. */
  canOpen(purpose: KeyPurpose, sealed: Buffer): boolean
  /** Whether `open` needs one of the previous secrets. */
  isOutdated(purpose: KeyPurpose, sealed: Buffer): boolean
  /** Whether there are previous secrets. */
  readonly hasPrevious: boolean
  /** Tells secrets apart and nothing about them: four bytes to keep beside what was made with one. */
  readonly fingerprint: Buffer
}

/** Something sealed that none of the configured secrets opens: another one was in force when it was kept. */
export class Unopened extends Error {
  override readonly name = 'Unopened'
  readonly purpose: KeyPurpose

  constructor(purpose: KeyPurpose) {
    super(`none of the configured secrets opens this (${purpose})`)
    this.purpose = purpose
  }
}

const IV_BYTES = 12
const TAG_BYTES = 16
const FINGERPRINT_BYTES = 4

/** The keys of one secret; a key object spares each MAC the reading of its key. */
type KeyRing = { of(purpose: KeyPurpose): Buffer; macKeyOf(purpose: KeyPurpose): KeyObject }

/**
 * Derives all keys of the service from the configured secret, and from those that were in force before it. `unopened` hears
 * of each thing that none of them opens.
 */
export function deriveKeys(
  secret: string,
  previous: readonly string[] = [],
  unopened: (purpose: KeyPurpose) => void = () => {},
): Keys {
  const current = keyRing(secret)
  const rings = [current, ...previous.map(keyRing)]
  return {
    of: current.of,
    all: (purpose) => rings.map((ring) => ring.of(purpose)),
    mac: (purpose, ...parts) => macOf(current.macKeyOf(purpose), parts),
    macs: (purpose, ...parts) => rings.map((ring) => macOf(ring.macKeyOf(purpose), parts)),
    hasPrevious: previous.length > 0,
    fingerprint: macOf(current.macKeyOf('fingerprint'), []).subarray(0, FINGERPRINT_BYTES),
    seal(purpose, plain) {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', current.of(purpose), iv).setAAD(Buffer.from(purpose))
      const body = Buffer.concat([cipher.update(plain), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), body])
    },
    open(purpose, sealed) {
      const ring = rings.find((one) => opens(one, purpose, sealed))
      if (ring) return unseal(ring, purpose, sealed)
      unopened(purpose)
      throw new Unopened(purpose)
    },
    canOpen: (purpose, sealed) => rings.some((ring) => opens(ring, purpose, sealed)),
    isOutdated: (purpose, sealed) => !opens(current, purpose, sealed),
  }
}

function keyRing(secret: string): KeyRing {
  const keys = new Map<KeyPurpose, Buffer>()
  const of = (purpose: KeyPurpose): Buffer => {
    let key = keys.get(purpose)
    if (!key) {
      key = Buffer.from(hkdfSync('sha256', secret, 'vestibule', purpose, 32))
      keys.set(purpose, key)
    }
    return key
  }
  const macKeys = new Map<KeyPurpose, KeyObject>()
  const macKeyOf = (purpose: KeyPurpose): KeyObject => {
    let key = macKeys.get(purpose)
    if (!key) {
      key = createSecretKey(of(purpose))
      macKeys.set(purpose, key)
    }
    return key
  }
  return { of, macKeyOf }
}

function macOf(key: KeyObject, parts: readonly (string | Uint8Array)[]): Buffer {
  return createHmac('sha256', key).update(framed(parts)).digest()
}

function unseal(ring: KeyRing, purpose: KeyPurpose, sealed: Buffer): Buffer {
  // Without the length a tag cut to four bytes would pass, and four bytes can be guessed.
  const options = { authTagLength: TAG_BYTES }
  const decipher = createDecipheriv('aes-256-gcm', ring.of(purpose), sealed.subarray(0, IV_BYTES), options)
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

/** The parts in a row, each behind its length in four bytes. */
function framed(parts: readonly (string | Uint8Array)[]): Buffer {
  let size = 0
  for (const part of parts) size += 4 + (typeof part === 'string' ? Buffer.byteLength(part) : part.length)
  const frame = Buffer.allocUnsafe(size)
  let at = 0
  for (const part of parts) {
    const length = typeof part === 'string' ? frame.write(part, at + 4) : part.length
    if (typeof part !== 'string') frame.set(part, at + 4)
    frame.writeUInt32BE(length, at)
    at += 4 + length
  }
  return frame
}

const POOL_BYTES = 4_096
let pool = Buffer.alloc(0)
let drawn = 0

/** Random bytes, drawn from the system's source some thousands at a time: asking it for each page costs more than the page. */
export function randomToken(bytes: number): Buffer {
  if (drawn + bytes > pool.length) {
    pool = randomBytes(POOL_BYTES)
    drawn = 0
  }
  const token = Buffer.from(pool.subarray(drawn, drawn + bytes))
  // Nothing that was handed out stays behind.
  pool.fill(0, drawn, drawn + bytes)
  drawn += bytes
  return token
}

/** Compares in constant time; values of different length differ. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Whether `given` is one of `known`, in the same time whichever it is. */
export function isOneOf(given: Uint8Array, known: readonly Uint8Array[]): boolean {
  return known.map((one) => sameBytes(given, one)).includes(true)
}
