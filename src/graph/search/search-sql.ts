import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { prefixSql } from '../odata/filter-sql.js'
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
  /** Entries of the index that lead to the objects, in that order; key, order and id are theirs. `all` has each once. */
  hits?: { from: SQL; where: SQL; all: SQL }
  from: SQL
  where: SQL
  key: SQL
  order: SQL
  id: SQLWrapper
}

type Place = { tenantId: string; from: SQL; id: SQLWrapper }

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
 * its first word that does: that depends on its text alone, not on whether it is indexed yet, so that a page taken
 * before a sweep and one taken after it fit together.
 */
export function streamsOf(search: Search, place: Place): Stream[] {
  return search.flatMap((atoms, alternative) => {
    const [driver, ...others] = atoms ?? []
    if (!driver) return []
    const earlier = search.slice(0, alternative).filter((atoms) => atoms !== undefined)
    if (driver.kind === 'start') {
      const key = sql`${driver.sql} collate "C"`
      const where = all([holdsStart(driver), ...held(place, others, earlier, 'unknown')])
      return [{ alternative, from: place.from, key, where, order: sql`${key}, ${place.id}`, id: place.id }]
    }
    if (driver.kind === 'text') return [byText(place, alternative, driver, others, earlier)]
    return [indexed(place, alternative, driver, others, earlier), pending(place, alternative, driver, others, earlier)]
  })
}

type WordAtom = Extract<Atom, { kind: 'word' }>
type Earlier = readonly (readonly Atom[])[]
type State = 'indexed' | 'pending' | 'unknown'

function indexed(place: Place, alternative: number, driver: WordAtom, others: Atom[], earlier: Earlier): Stream {
  const { tenantId, from, id } = place
  const first = sql`(select true from ${searchWords} sooner where sooner.tenant_id = ${tenantId}
    and sooner.object_id = hit.object_id and sooner.field = ${driver.field}
    and ${starts(sql`sooner.word`, driver)} and sooner.word < hit.word limit 1) is not true`
  const where = sql`hit.tenant_id = ${tenantId} and hit.field = ${driver.field} and ${starts(sql`hit.word`, driver)}`
  // Asked of the hit, so that of an object that does not match nothing is read but the index.
  const asked = { ...place, id: sql`hit.object_id` }
  return {
    alternative,
    hits: {
      from: sql`${searchWords} hit`,
      where: all([where, first]),
      all: sql`(select distinct hit.object_id from ${searchWords} hit where ${where}) as hit`,
    },
    from,
    where: all([
      sql`${id} = hit.object_id`,
      sql`${isAfterPosition(tenantId, driver.table)} is not true`,
      ...held(asked, others, earlier, 'indexed'),
    ]),
    key: sql`hit.word`,
    order: sql`hit.word, hit.object_id`,
    id: sql`hit.object_id`,
  }
}

function pending(place: Place, alternative: number, driver: WordAtom, others: Atom[], earlier: Earlier): Stream {
  const stream = byText(place, alternative, driver, others, earlier, 'pending')
  return { ...stream, where: all([isAfterPosition(place.tenantId, driver.table), stream.where]) }
}

/** Looks at the texts themselves. */
function byText(
  place: Place,
  alternative: number,
  driver: Exclude<Atom, { kind: 'start' }>,
  others: Atom[],
  earlier: Earlier,
  state: State = 'unknown',
): Stream {
  const { from, id } = place
  const first = sql`(select min(word collate "C") from unnest(search_words_of(${driver.sql})) as word
    where ${starts(sql`word`, driver)})`
  const where = all([sql`${first} is not null`, ...held(place, others, earlier, state)])
  return { alternative, from, key: first, where, order: sql`${first}, ${id}`, id }
}

/** The other parts of the alternative hold, and no earlier alternative does. */
function held(place: Place, others: readonly Atom[], earlier: Earlier, state: State): SQL[] {
  const before = earlier.map((atoms) => sql`(${all(atoms.map((atom) => holds(place, atom, state)))}) is not true`)
  return [...others.map((atom) => holds(place, atom, state)), ...before]
}

function holds(place: Place, atom: Atom, state: State): SQL {
  if (atom.kind === 'start') return holdsStart(atom)
  const isInText = sql`exists (select from unnest(search_words_of(${atom.sql})) as word where ${starts(sql`word`, atom)})`
  if (atom.kind === 'text') return isInText
  const byIndex = sql`(select true from ${searchWords} other where other.tenant_id = ${place.tenantId}
    and other.object_id = ${place.id} and other.field = ${atom.field} and ${starts(sql`other.word`, atom)} limit 1) is true`
  if (state === 'indexed') return byIndex
  if (state === 'pending') return isInText
  return sql`case when ${isAfterPosition(place.tenantId, atom.table)} then ${isInText} else ${byIndex} end`
}

function holdsStart(atom: Atom): SQL {
  return starts(atom.sql, atom)
}

function starts(column: SQLWrapper, { text }: Atom): SQL {
  return prefixSql(column, (end) => sql`lower(${text + end})`)
}

function all(conditions: readonly SQL[]): SQL {
  return sql.join([...conditions], sql` and `)
}
