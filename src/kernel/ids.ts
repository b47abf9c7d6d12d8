const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Random bytes are fetched for this many ids at once: asking the system costs more than all the rest of an id. */
const POOLED_IDS = 400
const RANDOM_BYTES = 10
const pool = new Uint8Array(POOLED_IDS * RANDOM_BYTES)
let used = pool.length

/**
 * A UUID version 7 (RFC 9562 section 5.7): 48 bits of milliseconds since 1970, then 74 random bits.
 * Ids made later sort later, so a primary key doubles as a creation order.
 */
export function uuidv7(nowMs: number, random: Uint8Array = nextRandom()): string {
  const bytes = new Uint8Array(16)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, Math.floor(nowMs / 2 ** 32))
  view.setUint32(2, nowMs % 2 ** 32)
  bytes.set(random.subarray(0, RANDOM_BYTES), 6)
  view.setUint8(6, 0x70 | (view.getUint8(6) & 0x0f))
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f))
  return format(bytes)
}

function nextRandom(): Uint8Array {
  if (used === pool.length) {
    crypto.getRandomValues(pool)
    used = 0
  }
  used += RANDOM_BYTES
  return pool.subarray(used - RANDOM_BYTES, used)
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
