const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Random bytes are fetched for this many ids at once: asking the system costs more than all the rest of an id. */
const POOLED_IDS = 400
const RANDOM_BYTES = 10
const RANDOM_DIGITS = 2 * RANDOM_BYTES
const VARIANT = '89ab'
let pool = ''
let used = 0
let lastMs = -1
let lastTime = ''

/**
 * A UUID version 7 (RFC 9562 section 5.7): 48 bits of milliseconds since 1970, then 74 random bits.
 * Ids made later sort later, so a primary key doubles as a creation order.
 */
export function uuidv7(nowMs: number, random?: Uint8Array): string {
  const digits = random ? hexOf(random) : nextRandom()
  // Of a digit that version and variant take, the random bits beside them stay.
  const variant = VARIANT[Number.parseInt(digits.charAt(4), 16) & 3]
  return `${timeDigits(nowMs)}-7${digits.slice(1, 4)}-${variant}${digits.slice(5, 8)}-${digits.slice(8)}`
}

/** Most ids of one millisecond come together. */
function timeDigits(ms: number): string {
  if (ms !== lastMs) {
    const digits = Math.trunc(ms).toString(16).padStart(12, '0')
    lastTime = `${digits.slice(0, 8)}-${digits.slice(8)}`
    lastMs = ms
  }
  return lastTime
}

function nextRandom(): string {
  if (used === pool.length) {
    pool = hexOf(crypto.getRandomValues(new Uint8Array(POOLED_IDS * RANDOM_BYTES)))
    used = 0
  }
  used += RANDOM_DIGITS
  return pool.slice(used - RANDOM_DIGITS, used)
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

/** The smallest UUID version 7 that can have been made at `ms`: turns a range of times into a range of ids. */
export function lowestIdAt(ms: number): string {
  return uuidv7(ms, new Uint8Array(10))
}

/** Whether `text` has the form of an id (any UUID version, any case). */
export function isGuid(text: string): boolean {
  return GUID.test(text)
}

/** The 16 bytes of a UUID. Assumes `isGuid`. */
export function guidBytes(id: string): Uint8Array {
  return Buffer.from(id.replaceAll('-', ''), 'hex')
}

/** The UUID of 16 bytes. */
export function format(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < 16; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += '-'
    text += HEX[bytes[i] ?? 0]
  }
  return text
}

/** `7F3K-92QD`: how people name an invitation or a sign-in to support. From its id's random end; opens nothing. */
export function referenceOf(id: string): string {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
  let bits = BigInt(`0x${id.replaceAll('-', '').slice(-10)}`)
  let text = ''
  for (let i = 0; i < 8; i++) {
    text = (alphabet[Number(bits % 32n)] ?? '') + text
    bits /= 32n
  }
  return `${text.slice(0, 4)}-${text.slice(4)}`
}
