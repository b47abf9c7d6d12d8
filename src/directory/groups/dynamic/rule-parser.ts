import { nearestName } from '../../../graph/nearest.js'
import { isExtensionName } from '../../extensions/values.js'
import { readPattern } from './pattern.js'
import { malformedRule, unsupportedProperty } from './rule-error.js'
import { readTokens, type Token } from './rule-lexer.js'
import { type RuleNode, type RuleProperty, ruleProperty, TEXT_PROPERTIES } from './rule-tree.js'

/** Graph: membershipRule, in characters. */
export const MAX_RULE_LENGTH = 3_072
const MAX_DEPTH = 32

const NEGATED: ReadonlyMap<string, string> = new Map([
  ['ne', 'eq'],
  ['notstartswith', 'startswith'],
  ['notcontains', 'contains'],
  ['notmatch', 'match'],
  ['notin', 'in'],
])
const TESTS = { startswith: 'startsWith', contains: 'contains', match: 'match' } as const

type Subject = { kind: 'item' } | RuleProperty

/**
 * Reads a membership rule (Graph: "rules for dynamic membership groups", the part about users). Names and operators
 * in any case, operators with or without their hyphen; `-not` binds closer than `-and`, `-and` closer than `-or`.
 * Bounded in length and depth, and linear: a regular expression is only translated here, never run.
 * @throws Refusal `DynamicGroupQueryParseError` that tells the position.
 */
export function parseRule(rule: string): RuleNode {
  if (rule.length > MAX_RULE_LENGTH) {
    throw malformedRule(`a rule has at most ${MAX_RULE_LENGTH} characters; it goes on`, MAX_RULE_LENGTH + 1)
  }
  return new Parser(readTokens(rule)).whole()
}

class Parser {
  readonly #tokens: readonly Token[]
  #next = 0
  #depth = 0
  #isInList = false

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  whole(): RuleNode {
    const node = this.#joined('or')
    const rest = this.#peek()
    if (rest.kind !== 'end') throw unexpected(rest, 'an operator such as -and, or the end')
    return node
  }

  #joined(op: 'or' | 'and'): RuleNode {
    const one = () => (op === 'or' ? this.#joined('and') : this.#negation())
    const items = [one()]
    while (this.#takes('operator', op)) items.push(one())
    const [only] = items
    return only && items.length === 1 ? only : { op, items }
  }

  #negation(): RuleNode {
    if (!this.#takes('operator', 'not')) return this.#primary()
    return { op: 'not', item: this.#deeper(() => this.#negation()) }
  }

  #primary(): RuleNode {
    if (!this.#takes('mark', '(')) return this.#test()
    const node = this.#deeper(() => this.#joined('or'))
    this.#expect(')')
    return node
  }

  #test(): RuleNode {
    const subject = this.#subject()
    const token = this.#take()
    if (token.kind !== 'operator') throw unexpected(token, 'an operator such as -eq')
    if (token.text === 'any' || token.text === 'all') return this.#listTest(subject, token, token.text)
    const positive = NEGATED.get(token.text)
    const test = this.#comparison(subject, { ...token, text: positive ?? token.text })
    return positive === undefined ? test : { op: 'not', item: test }
  }

  #subject(): Subject {
    const token = this.#take()
    if (token.kind !== 'name') throw unexpected(token, 'a property such as user.userType')
    if (token.text === '_') {
      if (this.#isInList) return { kind: 'item' }
      throw malformedRule("'_' has a meaning only inside -any and -all", token.at)
    }
    if (this.#isInList) throw unexpected(token, "'_', the item of the list,")
    const [, name] = /^user\.(.+)$/i.exec(token.text) ?? []
    if (name === undefined) throw malformedRule(`'${shown(token.text)}' is no property; write user.<name>`, token.at)
    const property = ruleProperty(name)
    if (property) return property
    const near = nearestName(name, TEXT_PROPERTIES)
    const hint = near === undefined ? '' : `. Did you mean '${near}'?`
    throw unsupportedProperty(name, token.at, hint)
  }

  #listTest(subject: Subject, token: Token, op: 'any' | 'all'): RuleNode {
    if (subject.kind !== 'list') throw malformedRule(`-${op} is only for lists such as user.otherMails`, token.at)
    this.#expect('(')
    this.#isInList = true
    const item = this.#deeper(() => this.#joined('or'))
    this.#isInList = false
    this.#expect(')')
    return { op, list: subject.name, item }
  }

  #comparison(subject: Subject, operator: Token): RuleNode {
    if (subject.kind === 'list') {
      const test = this.#itemTest({ kind: 'item' }, operator)
      if (test.op !== 'null') return { op: 'any', list: subject.name, item: test }
      // A list is null when nothing is in it.
      return { op: 'not', item: { op: 'any', list: subject.name, item: { op: 'not', item: test } } }
    }
    return this.#itemTest(subject, operator)
  }

  #itemTest(subject: Exclude<Subject, { kind: 'list' }>, operator: Token): RuleNode {
    if (operator.text === 'in') return this.#membership(subject, operator)
    const value = this.#take()
    if (operator.text === 'eq' && isNull(value)) {
      return { op: 'null', property: subject.kind === 'item' ? '_' : subject.name }
    }
    if (subject.kind === 'boolean') {
      if (!isTruth(value)) throw unexpected(value, 'true, false or null')
      if (operator.text !== 'eq') throw malformedRule('accountEnabled is only for -eq and -ne', operator.at)
      return { op: 'is', property: subject.name, value: value.text.toLowerCase() === 'true' }
    }
    const property = subject.kind === 'item' ? '_' : subject.name
    // Extensions may be of any type, and are compared as they are written (Graph: custom extension properties).
    if (operator.text === 'eq' && isExtensionName(property) && isTruth(value)) {
      return { op: 'eq', property, value: value.text.toLowerCase() }
    }
    if (value.kind !== 'string') throw unexpected(value, 'a text in quotes')
    if (operator.text === 'eq') return { op: 'eq', property, value: value.text }
    const op = Object.hasOwn(TESTS, operator.text) ? TESTS[operator.text as keyof typeof TESTS] : undefined
    if (op === undefined) throw unexpected(operator, 'an operator such as -eq')
    return { op, property, value: op === 'match' ? readPattern(value.text, value.at) : value.text }
  }

  #membership(subject: Exclude<Subject, { kind: 'list' }>, operator: Token): RuleNode {
    if (subject.kind === 'boolean') throw malformedRule('accountEnabled is only for -eq and -ne', operator.at)
    this.#expect('[')
    const values: string[] = []
    do {
      const value = this.#take()
      if (value.kind !== 'string') throw unexpected(value, 'a text in quotes')
      values.push(value.text)
    } while (this.#takes('mark', ','))
    this.#expect(']')
    return { op: 'in', property: subject.kind === 'item' ? '_' : subject.name, values }
  }

  #deeper(read: () => RuleNode): RuleNode {
    if (this.#depth >= MAX_DEPTH) throw malformedRule(`more than ${MAX_DEPTH} levels`, this.#peek().at)
    this.#depth += 1
    const node = read()
    this.#depth -= 1
    return node
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: 'end', text: '', at: 1 }
  }

  #take(): Token {
    const token = this.#peek()
    this.#next += 1
    return token
  }

  #takes(kind: Token['kind'], text: string): boolean {
    const token = this.#peek()
    if (token.kind !== kind || token.text !== text) return false
    this.#next += 1
    return true
  }

  #expect(mark: '(' | ')' | '[' | ']'): void {
    const token = this.#peek()
    if (!this.#takes('mark', mark)) throw unexpected(token, `'${mark}'`)
  }
}

function isNull(token: Token): boolean {
  return token.kind === 'name' && /^\$?null$/i.test(token.text)
}

function isTruth({ kind, text }: Token): boolean {
  return kind !== 'mark' && /^(?:true|false)$/i.test(text)
}

function unexpected(token: Token, wanted: string) {
  const found = token.kind === 'end' ? 'the rule ends' : `there is '${shown(token.text)}'`
  return malformedRule(`${found} where ${wanted} was expected`, token.at)
}

function shown(text: string): string {
  return text.slice(0, 64).toWellFormed()
}
