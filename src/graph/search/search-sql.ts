import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { prefixSql } from '../odata/filter-values.js'
import type { Clause } from './parser.js'
import { isAfterPosition } from './position.js'
import { searchWords } from './tables.js'
import { wordsOf } from './words.js'

/**
 * How `$search` finds a property: by the words of its text, of which `table` is a tracked one, or which is
 * one of a handful (`text`), or by its start, for which `sql` is a folded column with an index.
 */
export type SearchKey =
  | { kind: 'words'; table: string; sql: SQLWrapper }
  | { kind: 'text'; sql: SQLWrapper }
  | { kind: 'startsWith'; sql: SQLWrapper }

/** Something every match of an alternative has: a word that starts so, or a text that does. */
type Atom =
  | { kind: 'word'; field: string; table: string; sql: SQLWrapper; text: string }
  | { kind: 'text'; sql: SQLWrapper; text: string }
  | { kind: 'start'; sql: SQLWrapper; text: string }

/** A search of one type made ready: alternatives, each a list of what must all hold; undefined is one that nothing does. */
export type Search = readonly (readonly Atom[] | undefined)[]

/** A way to matches in the order of a key, which decides where a page starts and ends. */
export type Stream = {
  alternative: number
  from: SQL
  key: SQL
  where: SQL
  order: SQL
  id: SQLWrapper
  /** The same matches in no order, each once: for whoever wants all of them. */
  all?: { from: SQL; where: SQL }
  /** Type of the item, as the place says it. */
  type: SQL
}

/** The list that is searched: its `from` clause, its items' ids and types in it, and what must hold of them besides. */
export type Place = {
  tenantId: string
  from: SQL
  id: SQLWrapper
  type: SQL
  where: SQL
  /** Where to start: at the entries of the words (`hits`), or at the items (`items`), where they are few. */
  start: 'hits' | 'items'
}

/**
 * The alternatives of a search by what they ask of the columns. One that holds no word at all matches nothing, and
 * neither does one about a property that this type does not have: in a list of several another one has it.
 */
export function searchOf(alternatives: readonly Clause[][], keys: Readonly<Record<string, SearchKey>>): Search {
  return alternatives.map((clauses) => {
    const parts = clauses.map(({ property, text }) => atomsOf(property, text, keys[property]))
    if (parts.some((part) => part.length === 0)) return undefined
    // The longest text is most likely the rarest: its index range is what the others are held against.
    return parts.flat().sort((one, other) => other.text.length - one.text.length)
  })
}

function atomsOf(property: string, text: string, key: SearchKey | undefined): Atom[] {
  if (!key) return []
  if (key.kind === 'startsWith') return text === '' ? [] : [{ kind: 'start', sql: key.sql, text: text.toLowerCase() }]
  if (key.kind === 'text') return wordsOf(text).map((word) => ({ kind: 'text', sql: key.sql, text: word }))
  const { table } = key
  return wordsOf(text).map((word) => ({ kind: 'word', field: `${table}.${property}`, table, sql: key.sql, text: word }))
}

/**
 * The ways to all matches, each match by one of them only. A match belongs to the first alternative that holds, under
 * its first word that does: that depends on its text alone, not on whether it is indexed yet or where the search starts,
 * so that a page taken before a sweep and one taken after it fit together.
 */
export function streamsOf(search: Search, place: Place): Stream[] {
  return search.flatMap((atoms, alternative) => {
    const [driver, ...others] = atoms ?? []
    if (!driver) return []
    const earlier = search.slice(0, alternative).filter((atoms) => atoms !== undefined)
    const part = { place, alternative, others, earlier }
    if (driver.kind === 'start') return [byStart(part, driver)]
    if (driver.kind === 'text' || place.start === 'items') return [byText(part, driver)]
    return [indexed(part, driver), pending(part, driver)]
  })
}

type WordAtom = Extract<Atom, { kind: 'word' }>
type Earlier = readonly (readonly Atom[])[]
type State = 'indexed' | 'pending' | 'unknown'
/** An alternative without its first atom, which leads to the matches. */
type Part = { place: Place; alternative: number; others: readonly Atom[]; earlier: Earlier }

function byStart({ place, alternative, others, earlier }: Part, driver: Atom): Stream {
  const { from, id, type } = place
  const key = sql`${driver.sql} collate "C"`
  const where = all([starts(driver.sql, driver), ...held(place, others, earlier, 'unknown'), place.where])
  return { alternative, from, key, where, order: sql`${key}, ${id}`, id, type }
}

/** By the entries of the index, one look-up an entry: in a join the planner may read the whole tenant first. */
function indexed({ place, alternative, others, earlier }: Part, driver: WordAtom): Stream {
  const { tenantId, from, id, type } = place
  const ofWord = sql`hit.tenant_id = ${tenantId} and hit.field = ${driver.field} and ${starts(sql`hit.word`, driver)}`
  const isFirst = sql`(select true from ${searchWords} sooner where sooner.tenant_id = ${tenantId}
    and sooner.object_id = hit.object_id and sooner.field = ${driver.field}
    and ${starts(sql`sooner.word`, driver)} and sooner.word < hit.word limit 1) is not true`
  // Asked of the entry, so that of an object that does not match nothing is read but the index.
  const asked = { ...place, id: sql`hit.object_id` }
  const ofItem = all([
    sql`${id} = hit.object_id`,
    ...held(asked, others, earlier, 'indexed'),
    sql`${isAfterPosition(tenantId, driver.table)} is not true`,
    place.where,
  ])
  return {
    alternative,
    key: sql`hit.word`,
    order: sql`hit.word, hit.object_id`,
    id: sql`hit.object_id`,
    from: sql`${searchWords} hit cross join lateral (select ${type} as type from ${from} where ${ofItem} limit 1) as item`,
    where: all([ofWord, isFirst]),
    all: {
      from: sql`(select distinct hit.object_id from ${searchWords} hit where ${ofWord}) as hit cross join ${from}`,
      where: ofItem,
    },
    type: sql`item.type`,
  }
}

/** By the texts of what is not indexed yet: from the few objects that changed to the items, never the other way. */
function pending(part: Part, driver: WordAtom): Stream {
  const { tenantId, id } = part.place
  const stream = byText(part, driver, 'pending')
  const isPending = sql`${id} = any ((select search_pending(${tenantId}, ${driver.table}))::uuid[])`
  return { ...stream, where: all([isPending, stream.where]) }
}

/** By the texts of the items themselves. */
function byText(
  { place, alternative, others, earlier }: Part,
  driver: Exclude<Atom, { kind: 'start' }>,
  state: State = 'unknown',
): Stream {
  const { id, type } = place
  const first = sql`(select min(word collate "C") as word from unnest(search_words_of(${driver.sql})) as word
    where ${starts(sql`word`, driver)}) as first`
  const where = all([place.where, sql`first.word is not null`, ...held(place, others, earlier, state)])
  const from = sql`${place.from} cross join lateral ${first}`
  return { alternative, from, key: sql`first.word`, where, order: sql`first.word, ${id}`, id, type }
}

/** The other parts of the alternative hold, and no earlier alternative does. */
function held(place: Place, others: readonly Atom[], earlier: Earlier, state: State): SQL[] {
  const before = earlier.map((atoms) => sql`(${all(atoms.map((atom) => holds(place, atom, state)))}) is not true`)
  return [...others.map((atom) => holds(place, atom, state)), ...before]
}

function holds(place: Place, atom: Atom, state: State): SQL {
  if (atom.kind === 'start') return starts(atom.sql, atom)
  const isInText = sql`exists (select from unnest(search_words_of(${atom.sql})) as word where ${starts(sql`word`, atom)})`
  if (atom.kind === 'text') return isInText
  const byIndex = sql`(select true from ${searchWords} other where other.tenant_id = ${place.tenantId}
    and other.object_id = ${place.id} and other.field = ${atom.field} and ${starts(sql`other.word`, atom)} limit 1) is true`
  if (state === 'indexed') return byIndex
  if (state === 'pending') return isInText
  return sql`case when ${isAfterPosition(place.tenantId, atom.table)} then ${isInText} else ${byIndex} end`
}

function starts(column: SQLWrapper, { text }: Atom): SQL {
  return prefixSql(column, (end) => sql`lower(${text + end})`)
}

function all(conditions: readonly SQL[]): SQL {
  return sql.join([...conditions], sql` and `)
}
