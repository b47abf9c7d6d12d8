import t from 'tap'
import { expandInto } from '../../../src/graph/odata/expand.js'
import { readExpand } from '../../../src/graph/odata/expand-parser.js'
import { defineResource, type Link, type ReadContext, type Relation } from '../../../src/graph/odata/resource.js'
import { callerWith } from '../support.js'

type Person = { id: string; name: string }

/** Who reports to whom; zoe and yan report to each other. */
const managers: Record<string, string> = {
  ana: 'bo',
  bo: 'cy',
  cy: 'di',
  eve: 'bo',
  zoe: 'yan',
  yan: 'zoe',
  old: 'gone',
}
const groups = Array.from({ length: 30 }, (_, n) => `g${n}`)
const calls = { manager: 0, memberOf: 0, people: 0, groups: 0 }

const link = (id: string, kind: 'user' | 'group'): Link => ({ id, type: `microsoft.graph.${kind}` })
const manager: Relation = {
  type: 'microsoft.graph.directoryObject',
  isCollection: false,
  takesLevels: true,
  targets: () => [person],
  async load(_context, ids) {
    calls.manager += 1
    return new Map(ids.flatMap((id) => (managers[id] ? [[id, [link(managers[id], 'user')]] as const] : [])))
  },
}
const memberOf: Relation = {
  type: 'microsoft.graph.directoryObject',
  isCollection: true,
  targets: () => [group, person],
  async load(_context, ids, most) {
    calls.memberOf += 1
    return new Map(ids.map((id) => [id, id === 'ana' ? groups.slice(0, most).map((name) => link(name, 'group')) : []]))
  },
}
const person = defineResource<Person>({
  type: 'microsoft.graph.user',
  set: 'users',
  name: 'User',
  properties: {
    id: { type: 'Edm.String', isDefault: true, read: ({ id }) => id },
    name: { type: 'Edm.String', isDefault: true, read: ({ name }) => name },
  },
  relations: { manager, memberOf },
  async load(_context, ids) {
    calls.people += 1
    return ids.filter((id) => id !== 'gone').map((id) => ({ id, name: id.toUpperCase() }))
  },
})
const group = defineResource<{ id: string }>({
  type: 'microsoft.graph.group',
  set: 'groups',
  name: 'Group',
  properties: { id: { type: 'Edm.String', isDefault: true, read: ({ id }) => id }, mail: { type: 'Edm.String' } },
  async load(_context, ids) {
    calls.groups += 1
    return ids.map((id) => ({ id }))
  },
})

const context: ReadContext = {
  // Nothing here reads the database.
  scope: { tenantId: 't', orm: Object.create(null) },
  caller: callerWith([]),
  base: { url: '/v1.0/users', origin: 'http://localhost:3000' },
  now: new Date(0),
}

async function expanded(text: string, ...ids: string[]) {
  const shown = ids.map((id) => ({ id, entity: { id } as Record<string, unknown> }))
  await expandInto(context, person, shown, readExpand(text, { type: person.type, relations: person.relations }))
  return shown.map(({ entity }) => entity)
}

t.test('one relation is read for the whole page at once', async (t) => {
  Object.assign(calls, { manager: 0, people: 0 })
  const [ana, eve, di, old] = await expanded('manager($select=name)', 'ana', 'eve', 'di', 'old')
  t.strictSame(ana, { id: 'ana', manager: { '@odata.type': '#microsoft.graph.user', name: 'BO' } })
  t.strictSame(eve, { id: 'eve', manager: { '@odata.type': '#microsoft.graph.user', name: 'BO' } })
  t.strictSame(di, { id: 'di' }, 'who has no manager shows none')
  t.strictSame(old, { id: 'old' }, 'nor one who is gone')
  t.strictSame({ ...calls, memberOf: 0, groups: 0 }, { manager: 1, people: 1, memberOf: 0, groups: 0 })
})

t.test('a relation to many shows twenty', async (t) => {
  const [ana, bo] = await expanded('memberOf', 'ana', 'bo')
  t.strictSame(
    ana?.['memberOf'],
    groups.slice(0, 20).map((id) => ({ '@odata.type': '#microsoft.graph.group', id })),
  )
  t.strictSame(bo, { id: 'bo', memberOf: [] })
})

t.test('levels are followed to the top, each in one statement, and a circle ends', async (t) => {
  Object.assign(calls, { manager: 0, people: 0 })
  const named = (first: string, ...others: string[]): object => ({
    manager: { '@odata.type': '#microsoft.graph.user', name: first, ...(others[0] && named(others[0], ...others.slice(1))) },
  })
  const [ana, zoe] = await expanded('manager($levels=max;$select=name)', 'ana', 'zoe')
  t.strictSame(ana, { id: 'ana', ...named('BO', 'CY', 'DI') })
  t.strictSame(zoe, { id: 'zoe', ...named('YAN') })
  t.strictSame({ manager: calls.manager, people: calls.people }, { manager: 4, people: 1 })
  t.strictSame(await expanded('manager($levels=2;$select=name)', 'ana'), [{ id: 'ana', ...named('BO', 'CY') }])
})

t.test('what is asked of a relation is read in either spelling', async (t) => {
  const read = (text: string) => readExpand(text, { type: person.type, relations: person.relations })
  t.strictSame(read('manager'), [{ relation: 'manager' }])
  t.strictSame(read(' manager ( $select = id , name ; $levels = 3 ) '), [
    { relation: 'manager', select: ['id', 'name'], levels: 3 },
  ])
  t.strictSame(read('memberOf(select=mail)'), [{ relation: 'memberOf', select: ['mail'] }])
  for (const text of [
    '',
    'manager(',
    'manager($levels=1001)',
    'memberOf($levels=1)',
    'manager($select=id;$select=id)',
    'x'.repeat(3_000),
  ]) {
    t.throws(() => read(text), { name: 'Refusal', code: /^(?:invalidExpand|unknownProperty)$/ }, text.slice(0, 40))
  }
})
