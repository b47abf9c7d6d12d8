import { isOneOf, type Keys } from '../../platform/crypto.js'

export const RECOVERY_CODES = 10

/** Digits and letters that nobody confuses (Crockford): 50 bits in ten of them. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 10

/** The codes of a set, `XXXXX-XXXXX`. They follow from the set's id by a key: a copy of the database tells none. */
export function recoveryCodesOf(keys: Keys, tenantId: string, setId: string): string[] {
  return Array.from({ length: RECOVERY_CODES }, (_, position) => {
    const bytes = keys.mac('recovery-code', 'code', tenantId, setId, String(position))
    const text = [...bytes.subarray(0, LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('')
    return `${text.slice(0, LENGTH / 2)}-${text.slice(LENGTH / 2)}`
  })
}

/** What is stored of a code. */
export function recoveryCodeHash(keys: Keys, tenantId: string, userId: string, code: string): Buffer {
  return keys.mac('recovery-code', 'hash', tenantId, userId, bare(code))
}

/** Which of the stored hashes a code has, whichever secret made it; undefined when it is none. */
export function matchingCode<Stored extends { codeHash: Buffer }>(
  keys: Keys,
  tenantId: string,
  userId: string,
  code: string,
  stored: readonly Stored[],
): Stored | undefined {
  const hashes = keys.macs('recovery-code', 'hash', tenantId, userId, bare(code))
  return stored.find(({ codeHash }) => isOneOf(codeHash, hashes))
}

/** A recovery code as somebody typed it, undefined when it cannot be one. `O` is read as 0, `I` and `L` as 1. */
export function readRecoveryCode(typed: string): string | undefined {
  const text = bare(typed.slice(0, 64).normalize('NFKC').toUpperCase()).replace(/O/g, '0').replace(/[IL]/g, '1')
  return text.length === LENGTH && [...text].every((letter) => ALPHABET.includes(letter)) ? text : undefined
}

function bare(code: string): string {
  return code.replace(/[\s\-\u2010-\u2015]/g, '')
}
