import { badQuery, shown, unsupportedQuery } from '../odata/query-text.js'

/** Characters of a decoded `$search`. */
const MAX_LENGTH = 2_048
const MAX_CLAUSES = 32
const MAX_DEPTH = 16
/** Alternatives that are left when a search is written as "this and this, or that and that". */
const MAX_ALTERNATIVES = 16

export type Clause = { property: string; text: string; position: number }

type Node = { kind: 'clause'; clause: Clause } | { kind: 'and' | 'or'; items: Node[] }
type Token =
  | { kind: 'text'; text: string; position: number }
  | { kind: 'word' | 'mark' | 'end'; text: string; position: number }

/**
 * Reads `$search` of directory objects: `"property:text"` in double quotes, `AND` and `OR` in upper case, parentheses; a
 * quote or backslash in the text has a backslash before it (Graph: search-query-parameter). The result is a list of
 * alternatives, in each of which every clause must hold. @throws Refusal with the position.
 */
export function parseSearch(text: string): Clause[][] {
  if (text.length > MAX_LENGTH) throw invalid(`it is longer than ${MAX_LENGTH} characters`)
  return alternatives(new SearchParser(text).parse())
}

/** Graph's refusal of a property that cannot be searched. */
export function unsearchable(property: string, resource: string): Error {
  const message = `Unsupported or invalid search clause specified for property '${shown(property)}' of resource '${resource}'.`
  return unsupportedQuery('unsupportedSearch', message, '$search')
}

function alternatives(node: Node): Clause[][] {
  if (node.kind === 'clause') return [[node.clause]]
  const parts = node.items.map(alternatives)
  const combined =
    node.kind === 'or'
      ? parts.flat()
      : parts.reduce(
          (all, part) => all.flatMap((left) => part.map((right) => [...left, ...right])).slice(0, MAX_ALTERNATIVES + 1),
          [[]],
        )
  if (combined.length > MAX_ALTERNATIVES) throw invalid(`it has more than ${MAX_ALTERNATIVES} alternatives`)
  return combined
}

class SearchParser {
  readonly #text: string
  #token: Token
  #depth = 0
  #clauses = 0

  constructor(text: string) {
    this.#text = text
    this.#token = readToken(text, 0)
  }

  parse(): Node {
    const node = this.#either()
    if (this.#token.kind !== 'end') throw this.#unexpected('AND, OR or the end')
    return node
  }

  #either(): Node {
    return this.#joined('or', () => this.#joined('and', () => this.#one()))
  }

  #joined(kind: 'and' | 'or', read: () => Node): Node {
    const items = [read()]
    while (this.#token.kind === 'word' && this.#token.text === kind.toUpperCase()) {
      this.#next()
      items.push(read())
    }
    const [only] = items
    return only && items.length === 1 ? only : { kind, items }
  }

  #one(): Node {
    const token = this.#token
    if (token.kind === 'text') {
      this.#clauses += 1
      if (this.#clauses > MAX_CLAUSES) throw invalid(`it has more than ${MAX_CLAUSES} clauses`)
      this.#next()
      return { kind: 'clause', clause: readClause(token) }
    }
    if (token.kind !== 'mark' || token.text !== '(') throw this.#unexpected('a clause in double quotes')
    this.#depth += 1
    if (this.#depth > MAX_DEPTH) throw invalid(`it is nested deeper than ${MAX_DEPTH} levels`)
    this.#next()
    const inner = this.#either()
    if (this.#token.text !== ')' || this.#token.kind !== 'mark') throw this.#unexpected("')'")
    this.#next()
    this.#depth -= 1
    return inner
  }

  #next(): void {
    const { position, text, kind } = this.#token
    this.#token = readToken(this.#text, kind === 'text' ? endOfText(this.#text, position) : position + text.length)
  }

  #unexpected(wanted: string): Error {
    const { kind, text, position } = this.#token
    if (kind === 'word') return notValid(this.#text, position)
    const found = kind === 'end' ? 'the end' : `'${shown(text)}'`
    return invalid(`${wanted} is expected at position ${position}, not ${found}`)
  }
}

const PROPERTY = /^\s*([A-Za-z]\w{0,127})\s*:\s*(.*)$/s

function readClause({ text, position }: Token): Clause {
  const [, property, wanted] = PROPERTY.exec(text) ?? []
  if (property === undefined || wanted === undefined) {
    throw invalid(`the clause at position ${position} must have the form "property:text"`)
  }
  return { property, text: wanted, position }
}

function readToken(source: string, from: number): Token {
  let position = from
  while (/\s/.test(source[position] ?? '')) position += 1
  const first = source[position]
  if (first === undefined) return { kind: 'end', text: '', position }
  if (first === '(' || first === ')') return { kind: 'mark', text: first, position }
  if (first === '"') {
    const end = endOfText(source, position)
    return { kind: 'text', text: source.slice(position + 1, end - 1).replace(/\\(.)/gs, '$1'), position }
  }
  const word = /^(?:AND|OR)(?=[\s("]|$)/.exec(source.slice(position, position + 4))?.[0]
  if (word === undefined) throw notValid(source, position)
  return { kind: 'word', text: word, position }
}

/** Behind the closing quote. */
function endOfText(source: string, start: number): number {
  for (let i = start + 1; i < source.length; i++) {
    if (source[i] === '\\') i += 1
    else if (source[i] === '"') return i + 1
  }
  throw invalid(`the text that starts at position ${start} is not closed`)
}

/** Graph's words for what stands outside of double quotes: it names the first character it could not read. */
function notValid(source: string, position: number): Error {
  const at = position + (/^\w*/.exec(source.slice(position, position + 64))?.[0].length ?? 0)
  const where = at < source.length ? at : position
  const character = String.fromCodePoint(source.codePointAt(where) ?? 0xfffd).toWellFormed()
  const message = `Syntax error: character '${character}' is not valid at position ${where} in '${shown(source)}'.`
  return badQuery('searchSyntax', message, '$search')
}

function invalid(problem: string): Error {
  return badQuery('searchSyntax', `Invalid search clause: ${problem}.`, '$search')
}
