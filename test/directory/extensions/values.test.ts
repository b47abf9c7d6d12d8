import t from 'tap'
import type { DataType, ExtensionValues } from '../../../src/directory/extensions/tables.js'
import { changedValues, extensionsIn, fullName, searchedForms } from '../../../src/directory/extensions/values.js'

const APP = '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d'
const named = (name: string) => `extension_${APP.replaceAll('-', '')}_${name}`
const definition = (name: string, dataType: DataType, isMultiValued = false) => ({
  id: name,
  name: named(name),
  dataType,
  isMultiValued,
})
const outcome = (dataType: DataType, value: unknown, isMultiValued = false) => {
  try {
    return changedValues([definition('x', dataType, isMultiValued)], null, { [named('x')]: value }).values?.['x']
  } catch (error) {
    return String(error)
  }
}

t.test('values of each type, and those it does not take', async (t) => {
  const taken: [DataType, unknown, unknown?][] = [
    ['String', 'Ana'],
    ['String', ''],
    ['String', 'x'.repeat(256)],
    ['Boolean', true],
    ['Boolean', false],
    ['Integer', 0],
    ['Integer', -(2 ** 31)],
    ['Integer', 2 ** 31 - 1],
    ['LargeInteger', 2 ** 40],
    ['DateTime', '2026-01-31T10:00:00Z'],
    ['DateTime', '2026-01-31T12:30:00.50+02:30', '2026-01-31T10:00:00.5Z'],
    ['Binary', 'AAEC'],
    ['Binary', Buffer.alloc(256).toString('base64')],
  ]
  for (const [type, value, stored = value] of taken) t.equal(outcome(type, value), stored, `${type} ${value}`)
  const refused: [DataType, unknown][] = [
    ['String', 1],
    ['String', ['a']],
    ['String', 'x'.repeat(257)],
    ['Boolean', 'true'],
    ['Boolean', 1],
    ['Integer', 1.5],
    ['Integer', '1'],
    ['Integer', 2 ** 31],
    ['LargeInteger', 2 ** 53],
    ['DateTime', '2026-02-30T10:00:00Z'],
    ['DateTime', 'tomorrow'],
    ['Binary', '***'],
    ['Binary', Buffer.alloc(257).toString('base64')],
  ]
  for (const [type, value] of refused) t.match(outcome(type, value), /Invalid value specified for property/, `${type}`)
  t.strictSame(outcome('String', ['a', 'b'], true), ['a', 'b'])
  t.equal(outcome('String', [], true), undefined, 'an empty list is none')
  t.match(outcome('String', 'a', true), /it must be a list/)
  t.match(outcome('Integer', [1, 'b'], true), /each item of it a whole number/)
})

t.test('changing some leaves the others, and null takes away', async (t) => {
  const definitions = [definition('a', 'String'), definition('b', 'Integer')]
  const change = (before: ExtensionValues | null, given: Record<string, unknown>) =>
    changedValues(definitions, before, given).values
  t.strictSame(change(null, { [named('a')]: 'x' }), { a: 'x' })
  t.strictSame(change({ a: 'x' }, { [named('b')]: 7 }), { a: 'x', b: 7 })
  t.strictSame(change({ a: 'x', b: 7 }, { [named('a')]: null }), { b: 7 })
  t.equal(change({ a: 'x' }, { [named('a')]: null }), null)
  t.strictSame(change(null, { [named('A')]: 'x' }), { a: 'x' }, 'in whatever case')
  t.throws(() => change(null, { [named('c')]: 1, [named('d')]: 1 }), {
    message: `The following extension properties are not available: ${named('c')},${named('d')}.`,
  })
  const hundred = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`old${n}`, n]))
  t.throws(() => change(hundred, { [named('a')]: 'x' }), { code: 'tooManyExtensionValues' })
  t.equal(Object.keys(change({ ...hundred, a: 'x' }, { [named('a')]: null }) ?? {}).length, 100)
})

t.test('which names are extensions, and how they are made', async (t) => {
  t.equal(fullName(APP, 'partnerNumber'), named('partnerNumber'))
  for (const name of ['', '1st', 'a-b', 'a b', 'x'.repeat(129)]) t.throws(() => fullName(APP, name), name)
  const body = { displayName: 'x', [named('a')]: 1, extension_short_a: 2, extensionAttribute1: 3 }
  t.strictSame(extensionsIn(body), { [named('a')]: 1 })
})

t.test('what values are found by', async (t) => {
  t.strictSame(searchedForms('String', 'Ana'), ['ana'])
  t.strictSame(searchedForms('String', ['A', 'b']), ['a', 'b'])
  t.strictSame(searchedForms('Boolean', false), ['false'])
  t.strictSame(searchedForms('Integer', 7), ['7'])
  t.strictSame(searchedForms('DateTime', '2026-01-31T10:00:00Z'), ['2026-01-31T10:00:00.000000Z'])
  t.strictSame(searchedForms('Binary', 'AAEC'), [])
  t.strictSame(searchedForms('String', undefined), [])
})
