import { invalidFilter, readToken, syntaxError, type Token } from './filter-lexer.js'
import type { ComparisonOperator, FilterNode, Literal, MatchOperator, PropertyPath, Subject } from './filter-tree.js'

/** Characters of a decoded filter. */
export const MAX_FILTER_LENGTH = 8_192
const MAX_NODES = 512
// Every parenthesis, `not` and lambda is a level, so 50 times `not(...)` needs a hundred.
const MAX_DEPTH = 128

type Term = FilterNode | Subject | Literal

const NOT_POWER = 3
const COMPARE_POWER = 4
const infix = new Map<string, { power: number; operator: 'and' | 'or' | 'in' | ComparisonOperator }>([
  ['or', { power: 1, operator: 'or' }],
  ['and', { power: 2, operator: 'and' }],
  ['in', { power: COMPARE_POWER, operator: 'in' }],
  ...(['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const).map(
    (operator) => [operator, { power: COMPARE_POWER, operator }] as const,
  ),
])
const matches = new Map<string, MatchOperator>([
  ['startswith', 'startsWith'],
  ['endswith', 'endsWith'],
  ['contains', 'contains'],
])
// `5 lt age` says the same as `age gt 5`.
const mirrored = { eq: 'eq', ne: 'ne', gt: 'lt', ge: 'le', lt: 'gt', le: 'ge' } as const

/**
 * Parses a decoded `$filter` (OData 4.01 part 2, section 5.1.1, as far as Graph goes) in linear time. Operators and
 * functions in any case. Whether the properties exist and may be filtered is not checked here. Refuses with 400
 * `Invalid filter clause` and the position, and beyond 8,192 characters, 512 nodes or 128 levels.
 */
export function parseFilter(text: string): FilterNode {
  if (text.length > MAX_FILTER_LENGTH) {
    throw invalidFilter('filterTooLong', `it is longer than ${MAX_FILTER_LENGTH} characters`)
  }
  return new FilterParser(text).parse()
}

/** A Pratt parser: `expression(power)` reads as long as the next operator binds tighter than `power`. */
class FilterParser {
  readonly #text: string
  #token: Token
  #depth = 0
  #nodes = 0
  readonly #variables: string[] = []

  constructor(text: string) {
    this.#text = text
    this.#token = readToken(text, 0)
  }

  parse(): FilterNode {
    const node = this.#condition(0)
    if (this.#token.kind !== 'end') throw this.#unexpected('the end')
    return node
  }

  #condition(power: number): FilterNode {
    return this.#asCondition(this.#expression(power))
  }

  #asCondition(term: Term): FilterNode {
    if (term.kind === 'literal' || isSubject(term)) throw this.#unexpected('a comparison')
    return term
  }

  #expression(power: number): Term {
    let left = this.#prefix()
    for (;;) {
      const found = this.#token.kind === 'name' ? infix.get(this.#token.text.toLowerCase()) : undefined
      if (!found || found.power <= power) return left
      const { operator, power: tighter } = found
      if (operator === 'and' || operator === 'or') left = this.#junction(operator, this.#asCondition(left), tighter)
      else if (operator === 'in') left = this.#membership(left)
      else left = this.#comparison(operator, left)
    }
  }

  #prefix(): Term {
    const token = this.#token
    if (token.kind === 'value') {
      this.#next()
      return token.literal
    }
    if (token.kind === 'mark' && token.text === '(') return this.#deeper(() => this.#parenthesised())
    if (token.kind !== 'name') throw this.#unexpected('a condition')
    this.#next()
    const follower = this.#token
    if (token.text.toLowerCase() === 'not' && !(follower.kind === 'mark' && follower.text === '/')) {
      this.#count()
      const item = this.#deeper(() => this.#condition(NOT_POWER))
      return { kind: 'not', item, position: token.position }
    }
    return follower.text === '(' && follower.kind === 'mark' ? this.#match(token) : this.#path(token)
  }

  #parenthesised(): Term {
    this.#expect('(')
    const inner = this.#expression(0)
    this.#expect(')')
    return inner
  }

  #junction(kind: 'and' | 'or', first: FilterNode, power: number): FilterNode {
    this.#count()
    this.#next()
    const second = this.#condition(power)
    return first.kind === kind
      ? { ...first, items: [...first.items, second] }
      : { kind, items: [first, second], position: first.position }
  }

  #comparison(operator: ComparisonOperator, left: Term): FilterNode {
    this.#count()
    const { position } = this.#next()
    const right = this.#expression(COMPARE_POWER)
    if (isSubject(left) && right.kind === 'literal') {
      return { kind: 'compare', operator, subject: left, value: right, position: left.position }
    }
    if (left.kind === 'literal' && isSubject(right)) {
      return { kind: 'compare', operator: mirrored[operator], subject: right, value: left, position: left.position }
    }
    if (!isSubject(left)) throw syntaxError(`'${operator}' wants a property on one side`, position)
    throw syntaxError(`'${operator}' wants a value after it, and text stands in single quotes:`, right.position)
  }

  #membership(left: Term): FilterNode {
    this.#count()
    const { position } = this.#next()
    if (left.kind !== 'property') throw syntaxError("'in' wants a property before it", position)
    this.#expect('(')
    const values = [this.#literal()]
    while (this.#takes(',')) values.push(this.#literal())
    this.#expect(')')
    return { kind: 'in', subject: left, values, position: left.position }
  }

  #match(name: Token): FilterNode {
    this.#count()
    const operator = matches.get(name.text.toLowerCase())
    if (!operator) throw syntaxError(`there is no function '${name.text.slice(0, 64)}'`, name.position)
    this.#expect('(')
    const subject = this.#path(this.#name())
    if (subject.kind !== 'property') throw syntaxError(`'${operator}' wants a property first`, name.position)
    this.#expect(',')
    const value = this.#literal()
    if (value.type !== 'string') throw syntaxError(`'${operator}' wants a string`, value.position)
    this.#expect(')')
    return { kind: 'match', operator, subject, value, position: name.position }
  }

  /** Names between slashes, ending in a property, `$count` or a lambda. */
  #path(first: Token): Subject | FilterNode {
    const { position } = first
    const isVariable = this.#variables.includes(first.text)
    const path: PropertyPath = isVariable
      ? { kind: 'property', variable: first.text, steps: [], position }
      : { kind: 'property', steps: [first.text], position }
    if (first.text === '$count') throw syntaxError("'$count' wants a collection before it", position)
    while (this.#takes('/')) {
      const step = this.#name()
      if (step.text === '$count') return { kind: 'count', of: path, position }
      const quantifier = step.text.toLowerCase()
      if (this.#isAt('(')) {
        if (quantifier !== 'any' && quantifier !== 'all')
          throw syntaxError(`there is no function '${step.text.slice(0, 64)}'`, step.position)
        return this.#deeper(() => this.#lambda(quantifier, path))
      }
      path.steps.push(step.text)
    }
    return path
  }

  #lambda(quantifier: 'any' | 'all', subject: PropertyPath): FilterNode {
    this.#count()
    this.#expect('(')
    const { position } = subject
    if (quantifier === 'any' && this.#takes(')')) return { kind: 'lambda', quantifier, subject, position }
    const variable = this.#name()
    if (this.#variables.includes(variable.text))
      throw syntaxError(`'${variable.text}' is already in use`, variable.position)
    this.#expect(':')
    this.#variables.push(variable.text)
    const condition = this.#condition(0)
    this.#variables.pop()
    this.#expect(')')
    return { kind: 'lambda', quantifier, subject, body: { variable: variable.text, condition }, position }
  }

  #literal(): Literal {
    const token = this.#token
    if (token.kind !== 'value') throw this.#unexpected('a value')
    this.#next()
    return token.literal
  }

  #name(): Token {
    if (this.#token.kind !== 'name') throw this.#unexpected('a name')
    return this.#next()
  }

  #next(): Token {
    const token = this.#token
    this.#token = readToken(this.#text, token.end)
    return token
  }

  #isAt(mark: string): boolean {
    return this.#token.kind === 'mark' && this.#token.text === mark
  }

  #takes(mark: string): boolean {
    if (!this.#isAt(mark)) return false
    this.#next()
    return true
  }

  #expect(mark: string): void {
    if (!this.#takes(mark)) throw this.#unexpected(`'${mark}'`)
  }

  #unexpected(wanted: string): Error {
    const { kind, text, position } = this.#token
    const found = kind === 'end' ? 'the end' : `'${text.slice(0, 64).toWellFormed()}'`
    return syntaxError(`${wanted} is expected, not ${found},`, position)
  }

  #count(): void {
    this.#nodes += 1
    if (this.#nodes > MAX_NODES) throw invalidFilter('filterTooLarge', `it has more than ${MAX_NODES} conditions`)
  }

  #deeper<Result>(read: () => Result): Result {
    this.#depth += 1
    if (this.#depth > MAX_DEPTH) throw invalidFilter('filterTooDeep', `it is nested deeper than ${MAX_DEPTH} levels`)
    const result = read()
    this.#depth -= 1
    return result
  }
}

function isSubject(term: Term): term is Subject {
  return term.kind === 'property' || term.kind === 'count'
}
