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
  | 'delta-token'
  | 'webhook-secret'
  | 'signing-key'
  | 'provider-cookie'
  | 'idempotency'
  | 'domain-verification'

/** Keys derived from `VESTIBULE_SECRET` (HKDF-SHA-256, RFC 5869); the secret itself is not kept. */
export type Keys = {
  /** 32 bytes, always the same for one secret and purpose. */
  of(purpose: KeyPurpose): Buffer
  /** HMAC-SHA-256 over `parts`, each preceded by its length, so that no two lists of parts collide. */
  mac(purpose: KeyPurpose, ...parts: (string | Uint8Array)[]): Buffer
  /** AES-256-GCM; the purpose is authenticated with the text. */
  seal(purpose: KeyPurpose, plain: Buffer): Buffer
  /** Undoes `seal`. @throws when the secret is another one or the bytes were altered. */
  open(purpose: KeyPurpose, sealed: Buffer): Buffer
}

const IV_BYTES = 12
const TAG_BYTES = 16

/** Derives all keys of the service from the one configured secret. */
export function deriveKeys(secret: string): Keys {
  const cache = new Map<KeyPurpose, Buffer>()
  const of = (purpose: KeyPurpose): Buffer => {
    let key = cache.get(purpose)
    if (!key) {
      key = Buffer.from(hkdfSync('sha256', secret, 'vestibule', purpose, 32))
      cache.set(purpose, key)
    }
    return key
  }
  return {
    of,
    mac(purpose, ...parts) {
      const hmac = createHmac('sha256', of(purpose))
      for (const part of parts) {
        const bytes = typeof part === 'string' ? Buffer.from(part) : part
        const length = Buffer.alloc(4)
        length.writeUInt32BE(bytes.length)
        hmac.update(length).update(bytes)
      }
      return hmac.digest()
    },
    seal(purpose, plain) {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', of(purpose), iv).setAAD(Buffer.from(purpose))
      const body = Buffer.concat([cipher.update(plain), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), body])
    },
    open(purpose, sealed) {
      // Without the length a tag cut to four bytes would pass, and four bytes can be guessed.
      const options = { authTagLength: TAG_BYTES }
      const decipher = createDecipheriv('aes-256-gcm', of(purpose), sealed.subarray(0, IV_BYTES), options)
      decipher.setAAD(Buffer.from(purpose))
      decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
      return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()])
    },
  }
}

/** Compares in constant time; values of different length differ. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
