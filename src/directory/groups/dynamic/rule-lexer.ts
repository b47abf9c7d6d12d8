import { malformedRule } from './rule-error.js'

/** One piece of a rule. `at` counts characters from 1. */
export type Token = { at: number } & (
  | { kind: 'name'; text: string }
  | { kind: 'operator'; text: string }
  | { kind: 'string'; text: string }
  | { kind: 'mark'; text: '(' | ')' | '[' | ']' | ',' }
  | { kind: 'end'; text: '' }
)

/** Graph: "all operators can be used with or without the hyphen prefix". In lower case. */
const OPERATORS: ReadonlySet<string> = new Set([
  'eq',
  'ne',
  'startswith',
  'notstartswith',
  'contains',
  'notcontains',
  'match',
  'notmatch',
  'in',
  'notin',
  'and',
  'or',
  'not',
  'any',
  'all',
])
const NAME = /[A-Za-z_$][\w$.]*/y
const SPACE = /\s*/y
const OPERATOR = /-([A-Za-z]+)/y
/** Inside double quotes a backtick or a second quote makes a quote plain; inside single quotes only the second quote does. */
const STRINGS = { '"': /"((?:[^"`]|`[^]|"")*)"/y, "'": /'((?:[^']|'')*)'/y } as const

/** Cuts a rule into tokens, the last of which is `end`. @throws Refusal with the position of what is no token. */
export function readTokens(rule: string): Token[] {
  const tokens: Token[] = []
  let offset = 0
  for (;;) {
    offset += matchAt(SPACE, rule, offset)?.[0].length ?? 0
    if (offset >= rule.length) return [...tokens, { kind: 'end', text: '', at: rule.length + 1 }]
    const { token, length } = readToken(rule, offset)
    tokens.push(token)
    offset += length
  }
}

function readToken(rule: string, offset: number): { token: Token; length: number } {
  const at = offset + 1
  const character = rule[offset]
  switch (character) {
    case '(':
    case ')':
    case '[':
    case ']':
    case ',':
      return { token: { kind: 'mark', text: character, at }, length: 1 }
    case '"':
    case "'":
      return readString(rule, offset, character)
  }
  const operator = matchAt(OPERATOR, rule, offset)
  if (operator) {
    const text = (operator[1] ?? '').toLowerCase()
    if (!OPERATORS.has(text)) throw malformedRule(`there is no operator '${operator[0].slice(0, 32)}'`, at)
    return { token: { kind: 'operator', text, at }, length: operator[0].length }
  }
  const [name] = matchAt(NAME, rule, offset) ?? []
  if (name === undefined) throw malformedRule(`unexpected '${[...rule.slice(offset, offset + 2)][0]}'`, at)
  const text = name.toLowerCase()
  const token: Token = OPERATORS.has(text) ? { kind: 'operator', text, at } : { kind: 'name', text: name, at }
  return { token, length: name.length }
}

function readString(rule: string, offset: number, quote: '"' | "'"): { token: Token; length: number } {
  const found = matchAt(STRINGS[quote], rule, offset)
  if (!found) throw malformedRule('a text that does not end', offset + 1)
  const inner = found[1] ?? ''
  const text =
    quote === '"'
      ? inner.replace(/`([^])|""/g, (_whole, escaped?: string) => escaped ?? '"')
      : inner.replaceAll("''", "'")
  return { token: { kind: 'string', text, at: offset + 1 }, length: found[0].length }
}

function matchAt(pattern: RegExp, text: string, offset: number): RegExpExecArray | null {
  pattern.lastIndex = offset
  return pattern.exec(text)
}
