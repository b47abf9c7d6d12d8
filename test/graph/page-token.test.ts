import { createHmac, randomBytes } from 'node:crypto'
import t, { type Test } from 'tap'
import {
  decodePageToken,
  encodePageToken,
  PAGE_TOKEN_LIFETIME_MS,
  type PageScope,
} from '../../src/graph/odata/page-token.js'
import { Refusal } from '../../src/kernel/refusal.js'

const key = randomBytes(32)
const now = Date.UTC(2026, 0, 1)
const scope: PageScope = { tenantId: 'a', path: '/users', query: ["mail eq 'x'", undefined] }
const position = ['Ünal', 5, true, null]
const token = encodePageToken(key, scope, position, now)

t.test('a token gives back the position it was made with', async (t) => {
  t.strictSame(decodePageToken(key, scope, token, now), position)
  t.strictSame(decodePageToken(key, scope, token, now + PAGE_TOKEN_LIFETIME_MS), position)
  t.match(token, /^[A-Za-z0-9_-]+$/, 'needs no escaping in a URL')
})

const elsewhere: [title: string, scope: PageScope][] = [
  ['another tenant', { ...scope, tenantId: 'b' }],
  ['another path', { ...scope, path: '/invitations' }],
  ['another filter', { ...scope, query: ["mail eq 'y'", undefined] }],
  ['no filter', { tenantId: 'a', path: '/users' }],
  ['the filter as order', { ...scope, query: [undefined, "mail eq 'x'"] }],
]
for (const [title, other] of elsewhere) {
  t.test(`a token is worth nothing for ${title}`, async (t) =>
    isExpired(t, () => decodePageToken(key, other, token, now)),
  )
}

t.test('a token with any one bit changed is refused', async (t) => {
  const bytes = Buffer.from(token, 'base64url')
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const forged = Buffer.from(bytes)
    forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    if (codeOf(() => decodePageToken(key, scope, forged.toString('base64url'), now)) !== 'Directory_ExpiredPageToken') {
      t.fail(`bit ${bit}`)
    }
  }
})

t.test('a forged, cut, stale or foreign token is refused as expired', async (t) => {
  const payload = Buffer.from(JSON.stringify([now, 'x']))
  const unscoped = Buffer.concat([createHmac('sha256', key).update(payload).digest(), payload]).toString('base64url')
  const unsigned = Buffer.concat([Buffer.alloc(32), payload]).toString('base64url')
  for (const bad of [
    '',
    'x',
    '%',
    token.slice(0, -2),
    token.slice(0, 43),
    `${token}AAAA`,
    `${token}=`,
    unscoped,
    unsigned,
    'A'.repeat(5_000),
  ]) {
    isExpired(t, () => decodePageToken(key, scope, bad, now))
  }
  isExpired(t, () => decodePageToken(key, scope, token, now + PAGE_TOKEN_LIFETIME_MS + 1))
  isExpired(t, () => decodePageToken(key, scope, token, now - 3_600_000))
  isExpired(t, () => decodePageToken(randomBytes(32), scope, token, now))
})

function isExpired(t: Test, run: () => unknown): void {
  t.equal(codeOf(run), 'Directory_ExpiredPageToken')
}

function codeOf(run: () => unknown): string | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return error.details.graphCode
    throw error
  }
}
