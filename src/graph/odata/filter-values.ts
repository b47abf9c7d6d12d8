import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { isGuid } from '../../kernel/ids.js'
import type { Refusal } from '../../kernel/refusal.js'
import type { Literal } from './filter-tree.js'
import type { FilterProperty } from './filterable.js'

/** Column and parameter in the form in which they are compared; `wrong` is what a value of another type is refused with. */
export function sides(property: FilterProperty, literal: Literal, wrong: () => Refusal): [SQL, SQL] {
  const column = foldedColumn(property)
  const { write } = property
  switch (property.type) {
    case 'string':
      if (literal.type !== 'string') throw wrong()
      return [column, foldedText(property, literal.value)]
    case 'enum':
      if (literal.type !== 'string') throw wrong()
      return [column, sql`${storedValue(property, literal.value) ?? refuse(wrong())}`]
    // Graph's ids are strings in `$filter`; other GUIDs come bare.
    case 'guid':
      if (literal.type !== 'guid' && literal.type !== 'string') throw wrong()
      if (!isGuid(literal.value)) throw wrong()
      return [column, sql`${literal.value.toLowerCase()}::uuid`]
    case 'dateTime':
      if (literal.type !== 'dateTime') throw wrong()
      // By way of text: as a timestamp parameter the driver would cut it to milliseconds.
      return [column, write ? sql`${write(literal.value)}` : sql`${literal.value}::text::timestamptz`]
    case 'boolean':
      if (literal.type !== 'boolean') throw wrong()
      return [column, write ? sql`${write(String(literal.value))}` : sql`${literal.value}::boolean`]
    case 'integer':
      if (literal.type !== 'number' || !Number.isSafeInteger(literal.value)) throw wrong()
      return [column, write ? sql`${write(String(literal.value))}` : sql`${literal.value}::bigint`]
  }
}

/** The column, in lower case where it is compared that way. */
export function foldedColumn(property: FilterProperty): SQL {
  const folds = property.type === 'string' && (property.fold ?? 'lower') === 'lower'
  return folds ? sql`lower(${property.sql})` : sql`${property.sql}`
}

/** A text as the column is compared: `lower` on both sides, as JavaScript and PostgreSQL disagree about a few letters. */
export function foldedText(property: FilterProperty, text: string): SQL {
  if (property.fold === 'none') return sql`${text}`
  const { write = (value: string) => value } = property
  return property.fold === 'stored' ? sql`${write(text.toLowerCase())}` : sql`lower(${text})`
}

function storedValue(property: FilterProperty, text: string): string | undefined {
  const wanted = text.toLowerCase()
  return Object.entries(property.values ?? {}).find(([name]) => name.toLowerCase() === wanted)?.[1]
}

/** Every text that starts with a prefix lies between it and it with this code point, which no text holds, behind it. */
const LAST_CODE_POINT = '\u{10ffff}'

/** "Starts with" as a range in the order of bytes: row security lets that into an index condition, `like` it does not. */
export function prefixSql(column: SQLWrapper, prefixWith: (end: string) => SQL): SQL {
  return sql`${column} collate "C" >= ${prefixWith('')} and ${column} collate "C" < ${prefixWith(LAST_CODE_POINT)}`
}

/** As PostgreSQL's `reverse` has it, by code points. */
export function writtenBackwards(text: string): string {
  return [...text].reverse().join('')
}

function refuse(refusal: Refusal): never {
  throw refusal
}
