import { HOTP, Secret } from 'otpauth'
import { isOneOf, type Keys } from '../platform/crypto.js'

/** Digits, minutes it lives, seconds between two mails: what pages and mails say (design section 8.5). */
export const PASSCODE_TERMS = { digits: 8, lifetimeMinutes: 30, secondsBetweenMails: 30 } as const

/** The same for a second step, where it is typed beside what was proved before. */
export const STEP_CODE_TERMS = { digits: 6, lifetimeMinutes: 10, secondsBetweenMails: 30 } as const

/** Codes per window, for the pages that tell of a limit; how many texts an organization sends is its own setting. */
export const PASSCODE_LIMITS = { interval: 30, window: 5, day: 20, client: 60, person: 10, organization: 0 } as const

/**
 * The code of a passcode row (RFC 4226, HMAC-SHA-256, 8 digits unless told), from its id and a key: it is stored and
 * queued nowhere, and a copy of the database tells none.
 */
export function passcodeOf(
  keys: Keys,
  tenantId: string,
  passcodeId: string,
  digits: number = PASSCODE_TERMS.digits,
): string {
  return codeFrom(keys.mac('passcode', tenantId, passcodeId), digits)
}

/** A passcode as it is stored. */
export type StoredPasscode = { id: string; browser: Buffer; subject: string; codeHash: Buffer; digits: number }

/**
 * The code that a stored passcode was made with, whichever secret was in force then; undefined when it is not one of
 * those that are configured here.
 */
export function codeOf(keys: Keys, tenantId: string, { id, browser, subject, codeHash, digits }: StoredPasscode) {
  const codes = keys.macs('passcode', tenantId, id).map((secret) => codeFrom(secret, digits))
  return codes.find((code) => isOneOf(codeHash, keys.macs('passcode', 'hash', tenantId, browser, subject, code)))
}

function codeFrom(secret: Buffer, digits: number): string {
  return HOTP.generate({
    secret: new Secret({ buffer: new Uint8Array(secret).buffer }),
    algorithm: 'SHA256',
    digits,
    counter: 0,
  })
}

/** What is compared: bound to the browser and to what the code opens, so it is worth nothing anywhere else. */
export function passcodeHash(keys: Keys, tenantId: string, browser: Buffer, subject: string, code: string): Buffer {
  return keys.mac('passcode', 'hash', tenantId, browser, subject, code)
}

/** The digits of what a person typed or pasted, or undefined when they cannot be a code. */
export function readCode(typed: unknown): string | undefined {
  if (typeof typed !== 'string' || typed.length > 64) return undefined
  // Full-width and Arabic digits come from the keyboards of people whose language we speak.
  const digits = typed
    .normalize('NFKC')
    .replace(/[\s\-\u2010-\u2015]/g, '')
    .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
  return /^\d{8}$/.test(digits) ? digits : undefined
}
