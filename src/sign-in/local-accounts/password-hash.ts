import { randomBytes, scrypt } from 'node:crypto'
import { Refusal } from '../../kernel/refusal.js'
import { sameBytes } from '../../platform/crypto.js'
import { normalizedPassword } from './rules.js'

/** scrypt's cost (RFC 7914): N as a power of two, block size, parallelism. */
type Cost = { ln: number; r: number; p: number }

/** What OWASP's cheat sheet on storing passwords has for 32 MiB; a quarter of a second of one core. */
const COST: Cost = { ln: 15, r: 8, p: 3 }
const SALT_BYTES = 16
const HASH_BYTES = 32

/**
 * `$scrypt$ln=15,r=8,p=3$salt$hash` (PHC string format): what it was made with stands beside it, so that the cost can be
 * raised while older hashes still count. @throws Refusal `unavailable` when too many wait.
 */
export async function hashPassword(password: string, cost: Cost = COST): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const hash = await derive(password, salt, cost)
  return `$scrypt$ln=${cost.ln},r=${cost.r},p=${cost.p}$${salt.toString('base64url')}$${hash.toString('base64url')}`
}

/**
 * Whether this is the password; `undefined` stands for somebody who has none, and takes as long. @throws Refusal
 * `unavailable` when too many wait.
 */
export async function isPassword(password: string, stored: string | undefined): Promise<boolean> {
  const made = stored === undefined ? undefined : readHash(stored)
  if (stored !== undefined && !made) throw new Error('a stored password has another form than this version writes')
  const { cost, salt, hash } = made ?? { cost: COST, salt: randomBytes(SALT_BYTES), hash: Buffer.alloc(HASH_BYTES) }
  const derived = await derive(password, salt, cost)
  return sameBytes(derived, hash) && made !== undefined
}

/** Whether a hash costs less to try than new ones do. */
export function isWeakHash(stored: string): boolean {
  const cost = readHash(stored)?.cost
  return cost === undefined || cost.ln < COST.ln || cost.r < COST.r || cost.p < COST.p
}

function readHash(stored: string): { cost: Cost; salt: Buffer; hash: Buffer } | undefined {
  const parts = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w-]+)\$([\w-]+)$/.exec(stored)
  if (!parts) return undefined
  const [, ln, r, p, salt = '', hash = ''] = parts
  return {
    cost: { ln: Number(ln), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64url'),
    hash: Buffer.from(hash, 'base64url'),
  }
}

/** Hashing takes a core and much memory, so a crowd of it must leave some of both, and threads, to everybody else. */
const MOST_AT_ONCE = 2
const MOST_WAITING = 32
let running = 0
const waiting: (() => void)[] = []

async function derive(password: string, salt: Buffer, { ln, r, p }: Cost): Promise<Buffer> {
  if (running >= MOST_AT_ONCE) {
    if (waiting.length >= MOST_WAITING) {
      throw new Refusal('unavailable', 'tooManySignIns', 'Too many people sign in at this moment.', {
        retryAfterSeconds: 5,
      })
    }
    // Whoever ends hands its place on.
    await new Promise<void>((resolve) => waiting.push(resolve))
  } else running++
  const N = 2 ** ln
  // The library's own limit is just below what this needs.
  const options = { N, r, p, maxmem: 256 * N * r }
  try {
    return await new Promise<Buffer>((resolve, reject) => {
      scrypt(normalizedPassword(password), salt, HASH_BYTES, options, (error, key) =>
        error ? reject(error) : resolve(key),
      )
    })
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}
