import { Secret, TOTP } from 'otpauth'
import { encode } from 'uqr'
import type { Keys } from '../../platform/crypto.js'

/** RFC 6238 as every authenticator app has it: SHA-1, six digits, 30 seconds, one step of grace on either side. */
const TERMS = { algorithm: 'SHA1', digits: 6, period: 30 } as const
const WINDOW = 1
/** RFC 4226 section 4 asks for 160 bits. */
const KEY_BYTES = 20

/** What an app is to be set up with. */
export type Authenticator = {
  key: Buffer
  /** `otpauth://…`: what the QR code says, and a link for who reads this on the phone. */
  uri: string
  /** The key in groups of four, to be typed. */
  typed: string
  qr: QrCode
}

/** A QR code as one path in a square of `size` units, a border included; the page adds more around it. */
export type QrCode = { size: number; path: string }

/**
 * The key that a session offers for setting up. It follows from the session's handle, so showing the page stores
 * nothing, another browser is offered another key, and the handle changes once the key is taken.
 */
export function offeredKey(keys: Keys, tenantId: string, userId: string, sessionHandle: string): Buffer {
  return keys.mac('totp-offer', tenantId, userId, sessionHandle).subarray(0, KEY_BYTES)
}

/** How an app learns a key: names the account after the organization and the person's address. */
export function authenticatorOf(key: Buffer, organization: string, account: string): Authenticator {
  const totp = new TOTP({ ...TERMS, issuer: organization, label: account, secret: secretOf(key) })
  const uri = totp.toString()
  return { key, uri, typed: (totp.secret.base32.match(/.{1,4}/g) ?? []).join(' '), qr: qrOf(uri) }
}

/**
 * The time step that a code belongs to, undefined when it is none of the current ones. Steps up to `usedStep` are over:
 * RFC 6238 section 5.2 lets a code be taken once.
 */
export function stepOf(key: Buffer, code: string, now: Date, usedStep: number): number | undefined {
  const timestamp = now.getTime()
  const delta = TOTP.validate({ ...TERMS, token: code, secret: secretOf(key), timestamp, window: WINDOW })
  if (delta === null) return undefined
  const step = TOTP.counter({ period: TERMS.period, timestamp }) + delta
  return step > usedStep ? step : undefined
}

/** The six digits of what a person typed, undefined when they cannot be a code. */
export function readAppCode(typed: string): string | undefined {
  const digits = typed
    .slice(0, 32)
    .normalize('NFKC')
    .replace(/[\s\-\u2010-\u2015]/g, '')
    .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
  return /^\d{6}$/.test(digits) ? digits : undefined
}

function secretOf(key: Buffer): Secret {
  return new Secret({ buffer: new Uint8Array(key).buffer })
}

function qrOf(text: string): QrCode {
  const { size, data } = encode(text, { ecc: 'L', border: 2 })
  let path = ''
  data.forEach((row, y) => {
    row.forEach((isDark, x) => {
      // One piece a run of dark modules.
      if (isDark && !row[x - 1]) path += `M${x} ${y}h${runFrom(row, x)}v1h-${runFrom(row, x)}z`
    })
  })
  return { size, path }
}

function runFrom(row: readonly boolean[], start: number): number {
  let end = start
  while (row[end]) end++
  return end - start
}
