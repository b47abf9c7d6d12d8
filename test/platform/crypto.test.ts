import t from 'tap'
import { deriveKeys, sameBytes } from '../../src/platform/crypto.js'

const secret = 'a secret for tests, 32 characters or more'
const keys = deriveKeys(secret)

t.test('one secret always gives the same keys, one for each purpose', async (t) => {
  t.ok(deriveKeys(secret).of('ticket').equals(keys.of('ticket')))
  t.equal(keys.of('ticket').length, 32)
  t.notOk(keys.of('ticket').equals(keys.of('csrf')))
  t.notOk(deriveKeys(`${secret}!`).of('ticket').equals(keys.of('ticket')))
  // A change here makes every link, session and sealed key of every running deployment worthless.
  t.equal(keys.of('ticket').toString('hex'), 'b2d53ca0a14ed14681f8be11a1e4f446ed65dbff2d4aa19b6aa2144815b19a41')
})

t.test('parts of a MAC cannot be moved from one to the next', async (t) => {
  const macs = [
    keys.mac('ticket', 'ab', 'c'),
    keys.mac('ticket', 'a', 'bc'),
    keys.mac('ticket', 'abc'),
    keys.mac('ticket', 'abc', ''),
    keys.mac('ticket', '', 'abc'),
    keys.mac('csrf', 'ab', 'c'),
  ].map((mac) => mac.toString('hex'))
  t.equal(new Set(macs).size, macs.length)
  t.ok(keys.mac('ticket', 'ab').equals(keys.mac('ticket', Buffer.from('ab'))), 'text counts as its UTF-8')
})

t.test('what is sealed opens again, with the same secret and purpose only', async (t) => {
  const plain = Buffer.from('a private key')
  const sealed = keys.seal('signing-key', plain)
  t.ok(keys.open('signing-key', sealed).equals(plain))
  t.notMatch(sealed.toString('latin1'), 'private')
  t.notOk(sealed.equals(keys.seal('signing-key', plain)), 'never the same twice')
  t.throws(() => keys.open('provider-cookie', sealed))
  t.throws(() => deriveKeys(`${secret}!`).open('signing-key', sealed))
  t.ok(keys.open('signing-key', keys.seal('signing-key', Buffer.alloc(0))).equals(Buffer.alloc(0)))
})

t.test('a sealed text with any bit changed, or cut, does not open', async (t) => {
  const sealed = keys.seal('signing-key', Buffer.from('a private key'))
  for (let at = 0; at < sealed.length; at++) {
    const altered = Buffer.from(sealed)
    altered[at] = (altered[at] ?? 0) ^ 1
    t.throws(() => keys.open('signing-key', altered), `byte ${at}`)
  }
  for (const length of [0, 5, 12, 20, 28, sealed.length - 1])
    t.throws(() => keys.open('signing-key', sealed.subarray(0, length)))
})

t.test('a shortened tag is not taken', async (t) => {
  const sealed = keys.seal('signing-key', Buffer.from(''))
  // GCM tags of four bytes can be guessed.
  t.throws(() => keys.open('signing-key', sealed.subarray(0, 12 + 4)))
})

t.test('comparing', async (t) => {
  t.ok(sameBytes(Buffer.from('abc'), Buffer.from('abc')))
  t.notOk(sameBytes(Buffer.from('abc'), Buffer.from('abd')))
  t.notOk(sameBytes(Buffer.from('abc'), Buffer.from('abcd')))
  t.ok(sameBytes(Buffer.alloc(0), Buffer.alloc(0)))
})
