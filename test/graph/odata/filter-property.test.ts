import { PgDialect } from 'drizzle-orm/pg-core'
import fc from 'fast-check'
import postgres from 'postgres'
import t from 'tap'
import { parseFilter } from '../../../src/graph/odata/filter-parser.js'
import { compileFilter } from '../../../src/graph/odata/filter-sql.js'
import { Refusal } from '../../../src/kernel/refusal.js'
import { migrateDatabase } from '../../../src/platform/migrate.js'
import { freshDatabase } from '../../support/engines.js'
import { THINGS, type Thing, thing } from './things.js'

const TENANT = '01980000-0000-7000-8000-000000000001'
const id = (n: number) => `01980000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
const instant = (day: number) => `2026-01-${String(day).padStart(2, '0')}T00:00:00.000000Z`

/** A filter, how it is written, and what it means. */
type Tree = { text: string; holds: (row: Thing) => boolean }

const word = fc.string({
  unit: fc.constantFrom('a', 'b', 'A', 'B', "'", '%', '_', '\\', ' ', 'é', 'É', '"', '/'),
  maxLength: 4,
})
const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`
const bytes = (one: string, other: string) => Buffer.compare(Buffer.from(one), Buffer.from(other))
const fold = (text: string) => text.toLowerCase()

const compared: Record<string, (order: number) => boolean> = {
  eq: (order) => order === 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
}
/** `ne` is true of null; every other comparison with null is not. */
function compares<Value>(operator: string, value: Value | null, order: (value: Value) => number): boolean {
  if (operator === 'ne') return value === null || order(value) !== 0
  return value !== null && (compared[operator]?.(order(value)) ?? false)
}
const mirror: Record<string, string> = { gt: 'lt', ge: 'le', lt: 'gt', le: 'ge' }
const operator = fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le')
const equality = fc.constantFrom('eq', 'ne')
const cased = (name: string) => fc.constantFrom(name, name.toUpperCase(), `${name[0]?.toUpperCase()}${name.slice(1)}`)

const leaf: fc.Arbitrary<Tree> = fc.oneof(
  fc.tuple(operator, word).map(
    ([op, text]): Tree => ({
      text: `name ${op} ${quoted(text)}`,
      holds: ({ name }) => compares(op, name, (value) => bytes(fold(value), fold(text))),
    }),
  ),
  fc.tuple(operator, fc.integer({ min: -3, max: 3 }), fc.boolean()).map(
    ([op, n, mirrored]): Tree => ({
      text: mirrored ? `${n} ${mirror[op] ?? op} size` : `size ${op} ${n}`,
      holds: ({ size }) => compares(op, size, (value) => value - n),
    }),
  ),
  fc.tuple(operator, fc.integer({ min: 1, max: 5 })).map(
    ([op, day]): Tree => ({
      text: `madeAt ${op} 2026-01-0${day}T01:00:00+01:00`,
      holds: ({ madeAt }) =>
        compares(op, madeAt, (value) => (value < instant(day) ? -1 : value > instant(day) ? 1 : 0)),
    }),
  ),
  fc.tuple(equality, fc.boolean()).map(
    ([op, value]): Tree => ({
      text: `isOpen ${op} ${value}`,
      holds: ({ isOpen }) => (op === 'eq') === (isOpen === value),
    }),
  ),
  fc.tuple(equality, fc.constantFrom('Small', 'LARGE')).map(
    ([op, value]): Tree => ({
      text: `kind ${op} '${value}'`,
      holds: ({ kind }) => compares(op, kind, (each) => (each === fold(value) ? 0 : 1)),
    }),
  ),
  fc.tuple(equality, fc.constantFrom('name', 'kind', 'size', 'madeAt')).map(
    ([op, property]): Tree => ({
      text: `${property} ${op} null`,
      holds: (row) => (op === 'eq') === (row[property as 'name'] === null),
    }),
  ),
  fc.array(word, { minLength: 1, maxLength: 3 }).map(
    (values): Tree => ({
      text: `name in (${values.map(quoted).join(', ')})`,
      holds: ({ name }) => name !== null && values.some((value) => fold(value) === fold(name)),
    }),
  ),
  fc.tuple(fc.integer({ min: 0, max: 12 }), fc.boolean()).map(
    ([n, bare]): Tree => ({
      text: `id eq ${bare ? id(n) : quoted(id(n).toUpperCase())}`,
      holds: (row) => row.id === id(n),
    }),
  ),
  fc.tuple(fc.constantFrom('startsWith', 'endsWith', 'contains').chain(cased), word).map(
    ([name, text]): Tree => ({
      text: `${name}(name,${quoted(text)})`,
      holds: (row) => {
        const [value, wanted] = [row.name === null ? undefined : fold(row.name), fold(text)]
        if (/^s/i.test(name)) return value?.startsWith(wanted) ?? false
        return (/^e/i.test(name) ? value?.endsWith(wanted) : value?.includes(wanted)) ?? false
      },
    }),
  ),
  fc.tuple(fc.constantFrom('any', 'all'), equality, word).map(
    ([quantifier, op, text]): Tree => ({
      text: `tags/${quantifier}(x:x ${op} ${quoted(text)})`,
      holds: ({ tags }) => tags[quantifier === 'any' ? 'some' : 'every']((tag) => (op === 'eq') === (tag === text)),
    }),
  ),
  fc.constant<Tree>({ text: 'tags/any()', holds: ({ tags }) => tags.length > 0 }),
  fc.tuple(equality, fc.constantFrom(0, 1)).map(
    ([op, n]): Tree => ({
      text: `tags/$count ${op} ${n}`,
      holds: ({ tags }) => (op === 'eq') === (tags.length === n),
    }),
  ),
)

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.tuple(tie('tree'), cased('and'), tie('tree')).map(
      ([one, and, other]): Tree => ({
        text: `(${one.text}) ${and} (${other.text})`,
        holds: (row) => one.holds(row) && other.holds(row),
      }),
    ),
    fc.tuple(leaf, leaf, leaf).map(
      ([one, two, three]): Tree => ({
        text: `${one.text} or ${two.text} and ${three.text}`,
        holds: (row) => one.holds(row) || (two.holds(row) && three.holds(row)),
      }),
    ),
    fc.tuple(tie('tree'), tie('tree')).map(
      ([one, other]): Tree => ({
        text: `((${one.text})  or\t(${other.text}))`,
        holds: (row) => one.holds(row) || other.holds(row),
      }),
    ),
    fc
      .tuple(tie('tree'), cased('not'))
      .map(([one, not]): Tree => ({ text: `${not}(${one.text})`, holds: (row) => !one.holds(row) })),
  ),
}))

const nullable = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null })
const rows: fc.Arbitrary<Thing[]> = fc
  .array(
    fc.record({
      name: nullable(word),
      kind: nullable(fc.constantFrom('small', 'large')),
      size: nullable(fc.integer({ min: -3, max: 3 })),
      isOpen: fc.boolean(),
      madeAt: nullable(fc.integer({ min: 1, max: 5 }).map(instant)),
      tags: fc.array(word, { maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((all) => all.map((row, n) => ({ id: id(n), ...row })))

const compile = (text: string) =>
  new PgDialect().sqlToQuery(compileFilter(parseFilter(text), thing.filters, { isAdvanced: true }))

t.test('PostgreSQL finds the rows of which a filter is true', async (t) => {
  const { connection } = await freshDatabase(migrateDatabase)
  const { user, ...where } = connection
  const sql = postgres({ ...where, username: user, max: 1, onnotice: () => {} })
  t.teardown(() => sql.end())
  await sql.unsafe(THINGS)
  await fc.assert(
    fc.asyncProperty(rows, fc.array(tree, { minLength: 1, maxLength: 6 }), async (things, trees) => {
      await sql`truncate things, thing_tags`
      const stored = things.map(({ id, name, kind, size, isOpen, madeAt }) => ({
        tenant_id: TENANT,
        id,
        name,
        kind,
        size,
        is_open: isOpen,
        made_at: madeAt,
      }))
      await sql`insert into things ${sql(stored)}`
      const tags = things.flatMap(({ id, tags }) => tags.map((tag) => ({ tenant_id: TENANT, thing_id: id, tag })))
      if (tags.length > 0) await sql`insert into thing_tags ${sql(tags)}`
      for (const { text, holds } of trees) {
        const query = compile(text)
        const found = await sql.unsafe(`select id from things where ${query.sql} order by id`, query.params as string[])
        const expected = things.filter(holds).map((row) => row.id)
        if (JSON.stringify(found.map((row) => row['id'])) !== JSON.stringify(expected)) throw new Error(text)
      }
    }),
    { numRuns: 150 },
  )
})

/** Every word that the compiler may write, from the definitions above; whatever a caller writes is a parameter. */
const WORDS =
  /^(?:things|name_folded|kind|size|is_open|made_at|id|thing_tags|thing_id|t|tag|collate|and|or|not|is|null|distinct|from|true|in|like|exists|select|where|count|int|uuid|text|timestamptz|boolean|bigint|lower)$/

t.test(
  'a hundred thousand mutilated filters are refused or compiled, and nothing of them reaches the SQL',
  async (t) => {
    const alphabet = [
      ...`()'",:/$ \t\n;-*%_\\=<>&#aeonx019.`,
      "''",
      '--',
      ' or ',
      ' and ',
      'not ',
      '/any(x:',
      '$1',
      'é',
      '\u{1f600}',
      'drop ',
    ]
    const edit = fc.tuple(fc.nat(), fc.nat(3), fc.constantFrom('', ...alphabet))
    const mutilated = fc.tuple(tree, fc.array(edit, { minLength: 1, maxLength: 6 })).map(([{ text }, edits]) =>
      edits.reduce((all, [place, length, inserted]) => {
        const at = place % (all.length + 1)
        return all.slice(0, at) + inserted + all.slice(at + length)
      }, text),
    )
    let compiled = 0
    fc.assert(
      fc.property(mutilated, (text) => {
        try {
          const { sql: written } = compile(text)
          compiled += 1
          const words = written.replace(/"C"|\$\d+/g, ' ').match(/[\p{L}_][\p{L}\d_]*/gu) ?? []
          return words.every((each) => WORDS.test(each)) && !/['";\\]|--|\/\*/.test(written.replaceAll('"C"', ''))
        } catch (error) {
          return error instanceof Refusal && error.kind === 'invalid'
        }
      }),
      { numRuns: 100_000 },
    )
    t.ok(compiled > 1_000, `${compiled} of them compiled`)
  },
)
