import t from 'tap'
import { format, guidBytes, isGuid, lowestIdAt, uuidv7 } from '../../src/kernel/ids.js'

t.test('an id is a UUID of version 7 and variant 10 that holds its time (RFC 9562 section 5.7)', async (t) => {
  const ms = Date.UTC(2026, 10, 21, 12, 0, 0, 123)
  for (let turn = 0; turn < 200; turn++) {
    const id = uuidv7(ms)
    t.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    t.equal(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16), ms)
  }
})

t.test('the example of RFC 9562 appendix A.6', async (t) => {
  const random = Uint8Array.from([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f])
  t.equal(uuidv7(0x017f22e279b0, random), '017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
})

t.test('ids made later sort later, and none comes twice', async (t) => {
  const ids = Array.from({ length: 2_000 }, (_, ms) => uuidv7(1_700_000_000_000 + ms))
  t.strictSame([...ids].sort(), ids)
  const sameMs = new Set(Array.from({ length: 20_000 }, () => uuidv7(1_700_000_000_000)))
  t.equal(sameMs.size, 20_000)
})

t.test('the lowest id of a moment bounds all ids of that moment and none of the one before', async (t) => {
  const ms = 1_700_000_000_000
  for (let turn = 0; turn < 100; turn++) {
    t.ok(uuidv7(ms) >= lowestIdAt(ms))
    t.ok(uuidv7(ms - 1) < lowestIdAt(ms))
  }
})

t.test('text is an id in any case and version, and nothing else is', async (t) => {
  for (const good of ['09850681-111b-4a89-9bed-3f2cae46d706', '09850681-111B-4A89-9BED-3F2CAE46D706'])
    t.ok(isGuid(good))
  for (const bad of [
    '',
    '09850681111b4a899bed3f2cae46d706',
    '{09850681-111b-4a89-9bed-3f2cae46d706}',
    '09850681-111b-4a89-9bed-3f2cae46d706 ',
    '09850681-111b-4a89-9bed-3f2cae46d706\n',
    '09850681-111b-4a89-9bed-3f2cae46d70g',
    "09850681-111b-4a89-9bed-3f2cae46d706' or 1=1",
  ])
    t.notOk(isGuid(bad), bad)
})

t.test('bytes and text of an id are each other', async (t) => {
  const id = uuidv7(Date.now())
  t.equal(guidBytes(id).length, 16)
  t.equal(format(guidBytes(id)), id)
  t.equal(format(guidBytes(id.toUpperCase())), id)
})
