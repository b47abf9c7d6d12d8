import { Refusal } from '../../kernel/refusal.js'
import { parseDateTime } from '../date-time.js'
import type { Literal } from './filter-tree.js'

export type Token =
  | { kind: 'mark'; text: '(' | ')' | ',' | '/' | ':'; position: number; end: number }
  | { kind: 'name'; text: string; position: number; end: number }
  | { kind: 'value'; literal: Literal; text: string; position: number; end: number }
  | { kind: 'end'; text: ''; position: number; end: number }

const SPACE = /[ \t\r\n]*/y
const HEX = /[0-9a-f]/i
const NAME = /[A-Za-z_][A-Za-z0-9_.]*|\$count/y
const GUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/iy
const DATE = /\d{4}-\d{2}-\d{2}(?:T[0-9:.]{4,24}(?:Z|[+-]\d{2}:\d{2})?)?/iy
const NUMBER = /-?\d{1,32}(?:\.\d{1,32})?(?:[eE][+-]?\d{1,3})?/y
const WORD = /[A-Za-z0-9_$'"]/

/** The 400 for a filter that cannot be read: Graph's sentence, then what is wrong and where. */
export function invalidFilter(code: string, problem: string): Refusal {
  return new Refusal('invalid', code, `Invalid filter clause: ${problem}.`, { target: '$filter' })
}

/** The refusal of a filter that breaks the grammar at `position`. */
export function syntaxError(problem: string, position: number): Refusal {
  return invalidFilter('filterSyntax', `${problem} at position ${position}`)
}

/** Reads the token that starts at or after `from`. Each pattern is bounded, so the whole is linear. */
export function readToken(text: string, from: number): Token {
  const position = from + matchAt(SPACE, text, from).length
  const first = text[position]
  if (first === undefined) return { kind: 'end', text: '', position, end: position }
  if (first === '(' || first === ')' || first === ',' || first === '/' || first === ':') {
    return { kind: 'mark', text: first, position, end: position + 1 }
  }
  if (first === "'") return readString(text, position)
  const token = readWord(text, position)
  if (!token) throw syntaxError(`unexpected character '${shown(text, position)}'`, position)
  if (WORD.test(text[token.end] ?? '')) throw syntaxError(`unexpected character '${shown(text, token.end)}'`, token.end)
  return token
}

// A GUID may look like a name and a date like a number, so the longer forms are tried first.
function readWord(text: string, position: number): Token | undefined {
  const guid = HEX.test(text[position] ?? '') ? matchAt(GUID, text, position) : ''
  if (guid) return valueToken({ kind: 'literal', type: 'guid', value: guid.toLowerCase(), position }, guid)
  const name = matchAt(NAME, text, position)
  if (name) return nameToken(name, position)
  const date = matchAt(DATE, text, position)
  if (date) {
    const value = parseDateTime(date)
    if (value === undefined) throw syntaxError(`'${date}' is not a date and time with a zone`, position)
    return valueToken({ kind: 'literal', type: 'dateTime', value, position }, date)
  }
  const number = matchAt(NUMBER, text, position)
  return number ? valueToken({ kind: 'literal', type: 'number', value: Number(number), position }, number) : undefined
}

function nameToken(name: string, position: number): Token {
  const word = name.toLowerCase()
  if (word === 'null') return valueToken({ kind: 'literal', type: 'null', value: null, position }, name)
  if (word === 'true' || word === 'false') {
    return valueToken({ kind: 'literal', type: 'boolean', value: word === 'true', position }, name)
  }
  return { kind: 'name', text: name, position, end: position + name.length }
}

/** A string in single quotes; a quote inside is doubled (OData ABNF `SQUOTE-in-string`). */
function readString(text: string, position: number): Token {
  let value = ''
  let start = position + 1
  for (;;) {
    const quote = text.indexOf("'", start)
    if (quote < 0) throw syntaxError('a string is not closed', position)
    value += text.slice(start, quote)
    if (text[quote + 1] !== "'") {
      const literal: Literal = { kind: 'literal', type: 'string', value, position }
      const end = quote + 1
      if (WORD.test(text[end] ?? '')) throw syntaxError(`unexpected character '${shown(text, end)}'`, end)
      return { kind: 'value', literal, text: text.slice(position, end), position, end }
    }
    value += "'"
    start = quote + 2
  }
}

function valueToken(literal: Literal, text: string): Token {
  return { kind: 'value', literal, text, position: literal.position, end: literal.position + text.length }
}

function matchAt(pattern: RegExp, text: string, position: number): string {
  pattern.lastIndex = position
  return pattern.exec(text)?.[0] ?? ''
}

function shown(text: string, position: number): string {
  return String.fromCodePoint(text.codePointAt(position) ?? 0xfffd).toWellFormed()
}
