import type { Expansion } from './expand.js'
import { parseFilter } from './filter-parser.js'
import type { FilterNode } from './filter-tree.js'
import { spellerOf } from './own-spelling.js'
import { badQuery, shown, splitOutside, unknownProperty } from './query-text.js'
import type { Relation } from './resource.js'

/** Characters of a decoded `$expand`. */
const MAX_LENGTH = 2_048
const MAX_LEVELS = 1_000
const CLAUSE = /^([A-Za-z]\w{0,127})(?:\s*\((.*)\))?$/s
const OPTION = /^(?:\$|%24)?([A-Za-z]{1,16})\s*=(.*)$/s

type Rules = {
  type: string
  relations?: Readonly<Record<string, Relation>>
  expandsSeveral?: boolean
  /** Any relation may be named: there is nothing that has it. */
  isUnknown?: boolean
}

/**
 * Reads `$expand`: one relation (several where the rules say so), in parentheses after it `$select` and, where the
 * relation takes it, `$levels` or `$filter` by ids. @throws Refusal with the position of what cannot be read or is not
 * there.
 */
export function readExpand(text: string, rules: Rules): Expansion[] {
  if (text.length > MAX_LENGTH) throw invalid(`it is longer than ${MAX_LENGTH} characters`)
  const clauses = splitOutside(text, ',')
  if (!clauses) throw invalid('its parentheses or quotes do not pair')
  const [first, another] = clauses
  if (!first) throw invalid('it names no relation')
  if (another && !rules.expandsSeveral)
    throw invalid(`only one relation can be expanded, and a second one stands at position ${another.position}`)
  const expansions = clauses.map((clause) => readClause(clause, rules))
  const twice = expansions.find(({ relation }, index) =>
    expansions.slice(0, index).some((before) => before.relation === relation),
  )
  if (twice) throw invalid(`it names '${twice.relation}' twice`)
  return expansions
}

function readClause(clause: { text: string; position: number }, rules: Rules): Expansion {
  const [, name, options = ''] = CLAUSE.exec(clause.text) ?? []
  if (name === undefined) {
    throw invalid(`'${shown(clause.text)}' at position ${clause.position} is not a relation`)
  }
  const relation = spellerOf(Object.keys(rules.relations ?? {}))(name)
  const target = Object.hasOwn(rules.relations ?? {}, relation) ? rules.relations?.[relation] : undefined
  if (rules.isUnknown) return { relation }
  if (!target?.load) throw unknownProperty(relation, rules.type, '$expand')
  return { relation, ...readNested(options, target, clause.position + relation.length + 1) }
}

function readNested(text: string, relation: Relation, offset: number): Omit<Expansion, 'relation'> {
  const nested: Omit<Expansion, 'relation'> = {}
  for (const { text: option, position } of splitOutside(text, ';') ?? []) {
    const at = offset + position
    const [, name = '', value = ''] = OPTION.exec(option) ?? []
    const word = name.toLowerCase()
    if (word === 'select' && nested.select === undefined) nested.select = readSelect(value, relation)
    else if (word === 'levels' && nested.levels === undefined && relation.takesLevels)
      nested.levels = readLevels(value, at)
    else if (word === 'filter' && nested.names === undefined && relation.takesNames)
      nested.names = readNames(parseFilter(value), at)
    else throw invalid(`'${shown(option)}' at position ${at} is not supported in it`)
  }
  return nested
}

function readSelect(text: string, relation: Relation): string[] {
  const known = new Set(relation.targets().flatMap(({ properties }) => Object.keys(properties)))
  const spell = spellerOf(known)
  const names = [...new Set(text.split(',').map((name) => spell(name.trim())))].filter((name) => name !== '')
  const stranger = names.find((name) => !known.has(name))
  if (stranger !== undefined) throw unknownProperty(stranger, relation.type, '$expand')
  return names
}

/** The ids that a filter names (Graph: `extensions($filter=id eq '…')`). */
function readNames(node: FilterNode, position: number): string[] {
  if (node.kind === 'or') return node.items.flatMap((item) => readNames(item, position))
  const isId = 'subject' in node && node.subject.kind === 'property' && /^id$/i.test(node.subject.steps.join('/'))
  const values =
    node.kind === 'in' ? node.values : node.kind === 'compare' && node.operator === 'eq' ? [node.value] : []
  if (!isId || values.length === 0 || !values.every(({ type }) => type === 'string')) {
    throw invalid(`$filter at position ${position} must be id eq '...'`)
  }
  return values.map(({ value }) => String(value))
}

function readLevels(text: string, position: number): number {
  const value = text.trim()
  if (value === 'max') return MAX_LEVELS
  const levels = /^\d{1,4}$/.test(value) ? Number(value) : 0
  if (levels >= 1 && levels <= MAX_LEVELS) return levels
  throw invalid(`$levels at position ${position} must be max or a number from 1 to ${MAX_LEVELS}`)
}

function invalid(problem: string) {
  return badQuery('invalidExpand', `Invalid $expand clause: ${problem}.`, '$expand')
}
