import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Instant } from '../../kernel/instant.js'
import { isOneOf, type Keys } from '../../platform/crypto.js'
import { packageRoot } from '../../platform/package-root.js'

/** Leading zero bits that the hash of a solution has: some 8,000 tries, half a second of a phone. */
const BITS = 13
/** Milliseconds that a page can be left open before its work counts for nothing. */
const OPEN_MS = 30 * 60_000

export type Challenge = { text: string; bits: number }

/** What a page and its browser are asked to work on: bound to both, and stored nowhere. */
export function newChallenge(keys: Keys, boundTo: readonly string[], now: Instant): Challenge {
  const ends = (now.getTime() + OPEN_MS).toString(36)
  return { text: `${ends}.${keys.mac('sign-up-work', ...boundTo, ends).toString('base64url')}`, bits: BITS }
}

/** Whether `work` (`<challenge>.<number>`) is the solution of a challenge that was given to this browser and is still open. */
export function isSolved(keys: Keys, boundTo: readonly string[], work: string | undefined, now: Instant): boolean {
  const [, ends, mac, number] = /^([0-9a-z]{1,12})\.([A-Za-z0-9_-]{20,90})\.(\d{1,12})$/.exec(work ?? '') ?? []
  if (ends === undefined || mac === undefined || number === undefined) return false
  if (Number.parseInt(ends, 36) < now.getTime()) return false
  if (!isOneOf(Buffer.from(mac, 'base64url'), keys.macs('sign-up-work', ...boundTo, ends))) return false
  const hash = createHash('sha256').update(`${ends}.${mac}.${number}`).digest()
  return hash.readUInt32BE(0) >>> (32 - BITS) === 0
}

export type Script = { path: string; body: string }

let loaded: Script | undefined

/** The script that does the work, read from the package once per process. Browsers run it as it is written. */
export function workScript(): Script {
  loaded ??= load()
  return loaded
}

function load(): Script {
  // The compiler copies no scripts for browsers, so the one in `src` also serves the code in `dist`.
  const body = readFileSync(join(packageRoot, 'src/user-flows/sign-up/pages/work.browser.js'), 'utf8')
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 16)
  return { path: `/assets/sign-up-${hash}.js`, body }
}
