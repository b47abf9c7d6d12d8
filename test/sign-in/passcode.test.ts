import t from 'tap'
import { uuidv7 } from '../../src/kernel/ids.js'
import { clientNetwork } from '../../src/platform/client-network.js'
import { deriveKeys } from '../../src/platform/crypto.js'
import { passcodeHash, passcodeOf, readCode } from '../../src/sign-in/passcode.js'

const keys = deriveKeys('a secret for tests, 32 characters or more')
const tenant = uuidv7(1)
const id = uuidv7(2)
const browser = Buffer.alloc(32, 1)

t.test('a code is eight digits that follow from its row and the secret', async (t) => {
  t.match(passcodeOf(keys, tenant, id), /^\d{8}$/)
  t.equal(passcodeOf(keys, tenant, id), passcodeOf(keys, tenant, id))
  t.not(passcodeOf(keys, tenant, id), passcodeOf(keys, tenant, uuidv7(3)))
  t.not(passcodeOf(keys, tenant, id), passcodeOf(deriveKeys('another secret for tests, 32 characters'), tenant, id))
})

t.test('codes use the whole range evenly, leading zeros included', async (t) => {
  const counts = new Map<string, number>()
  for (let n = 0; n < 5_000; n++) {
    const first = passcodeOf(keys, tenant, uuidv7(n))[0] ?? ''
    counts.set(first, (counts.get(first) ?? 0) + 1)
  }
  t.equal(counts.size, 10)
  for (const [digit, count] of counts) t.ok(count > 350 && count < 650, `${digit}: ${count} of 5000`)
})

t.test('its hash is good for one browser, one subject and one tenant', async (t) => {
  const hash = passcodeHash(keys, tenant, browser, 'blocks', '12345678').toString('hex')
  t.equal(passcodeHash(keys, tenant, browser, 'blocks', '12345678').toString('hex'), hash)
  for (const other of [
    passcodeHash(keys, uuidv7(9), browser, 'blocks', '12345678'),
    passcodeHash(keys, tenant, Buffer.alloc(32, 2), 'blocks', '12345678'),
    passcodeHash(keys, tenant, browser, id, '12345678'),
    passcodeHash(keys, tenant, browser, 'blocks', '12345679'),
  ])
    t.not(other.toString('hex'), hash)
})

t.test('what people type', async (t) => {
  const cases: [typed: unknown, code: string | undefined][] = [
    ['12345678', '12345678'],
    [' 1234 5678 ', '12345678'],
    ['1234-5678', '12345678'],
    ['1234–5678', '12345678'],
    ['１２３４５６７８', '12345678'],
    ['١٢٣٤٥٦٧٨', '12345678'],
    ['1234\u00a05678', '12345678'],
    ['1234567', undefined],
    ['123456789', undefined],
    ['1234567a', undefined],
    ['', undefined],
    [undefined, undefined],
    [12345678, undefined],
    [['12345678'], undefined],
    ['1'.repeat(1_000_000), undefined],
    [`${' '.repeat(60)}12345678`, undefined],
    ['1234.5678', undefined],
    ['0x123456', undefined],
  ]
  for (const [typed, code] of cases) t.equal(readCode(typed), code, String(typed).slice(0, 24))
})

t.test('what counts as one client', async (t) => {
  const cases: [address: string, network: string][] = [
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:ffff::1', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
  ]
  for (const [address, network] of cases)
    t.equal(clientNetwork(address).replace(/:0:0:0:0\/64$/, '::/64'), network, address)
  t.not(clientNetwork('2001:db8:1:2::1'), clientNetwork('2001:db8:1:3::1'))
  t.ok(clientNetwork('x'.repeat(10_000)).length <= 64)
})
