import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { prefixSql } from '../odata/filter-sql.js'
import type { Clause } from './parser.js'
import { searchPending, searchWords } from './tables.js'
import { wordsOf } from './words.js'

/**
 * How `$search` finds a property: by the words of its text, of which `table` has triggers (functions.sql) or which is
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
  /**
   * Where to start: at the entries of the words (`hits`), at the items (`items`), or where the planner likes. It is left
   * to the planner only where the list is all there is: it knows how many entries a word has and how many items there
   * are, but not how many of the one belong to the other.
   */
  start: 'hits' | 'items' | 'anywhere'
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

/** By the entries of the index. */
function indexed({ place, alternative, others, earlier }: Part, driver: WordAtom): Stream {
  const { tenantId, from, id, type } = place
  const ofWord = [
    sql`hit.tenant_id = ${tenantId} and hit.field = ${driver.field} and ${starts(sql`hit.word`, driver)}`,
    sql`(select true from ${searchWords} sooner where sooner.tenant_id = ${tenantId}
      and sooner.object_id = hit.object_id and sooner.field = ${driver.field}
      and ${starts(sql`sooner.word`, driver)} and sooner.word < hit.word limit 1) is null`,
    sql`${isPending(tenantId, sql`hit.object_id`, driver.table)} is null`,
  ]
  const ofItem = [sql`${id} = hit.object_id`, ...held(place, others, earlier, 'indexed'), place.where]
  const hit = { alternative, key: sql`hit.word`, order: sql`hit.word, hit.object_id`, id: sql`hit.object_id` }
  if (place.start === 'anywhere') {
    return { ...hit, from: sql`${searchWords} hit cross join ${from}`, where: all([...ofWord, ...ofItem]), type }
  }
  const item = sql`(select ${type} as type from ${from} where ${all(ofItem)} offset 0) as item`
  return {
    ...hit,
    from: sql`${searchWords} hit cross join lateral ${item}`,
    where: all(ofWord),
    type: sql`item.type`,
  }
}

/** By the texts of what is not indexed yet. */
function pending(part: Part, driver: WordAtom): Stream {
  const { tenantId, id } = part.place
  const isWaiting = sql`${id} = any (array(select object_id from ${searchPending}
    where tenant_id = ${tenantId} and source = ${driver.table}))`
  const stream = byText(part, driver, 'pending')
  return { ...stream, where: all([isWaiting, stream.where]) }
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
  return sql`case when ${isPending(place.tenantId, place.id, atom.table)} is true then ${isInText} else ${byIndex} end`
}

/**
 * True or null. With a limit it stays a look at one index entry for each row; as `exists` it would become a join, and
 * read everything that holds a common word before the first row of the page.
 */
function isPending(tenantId: string, id: SQLWrapper, table: string): SQL {
  return sql`(select true from ${searchPending} waiting where waiting.tenant_id = ${tenantId}
    and waiting.source = ${table} and waiting.object_id = ${id} limit 1)`
}

function starts(column: SQLWrapper, { text }: Atom): SQL {
  return prefixSql(column, (end) => sql`lower(${text + end})`)
}

function all(conditions: readonly SQL[]): SQL {
  return sql.join([...conditions], sql` and `)
}
