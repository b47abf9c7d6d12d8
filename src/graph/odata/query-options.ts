import type { FastifyRequest } from 'fastify'
import { Refusal } from '../../kernel/refusal.js'
import { isStorable } from '../body.js'
import { nearestName } from '../nearest.js'
import { type Clause, parseSearch, unsearchable } from '../search/parser.js'
import type { Expansion } from './expand.js'
import { readExpand } from './expand-parser.js'
import { parseFilter } from './filter-parser.js'
import { advancedNeeded } from './filter-refusals.js'
import type { FilterNode } from './filter-tree.js'
import { type Speller, spellerOf, withOwnNames } from './own-spelling.js'
import { badQuery, shown, splitOutside, unknownProperty, unsupportedQuery } from './query-text.js'
import type { Relation } from './resource.js'

/** A system query option without its dollar sign. */
export type OptionName = (typeof optionNames)[number]

/** What a collection or entity lets clients ask for. */
export type QueryRules = {
  /** Graph's type in messages: `microsoft.graph.user`. */
  type: string
  /** Graph's resource name in messages: `User`. */
  resource: string
  /** Options the route takes; any other one with a dollar sign is a 400. */
  options: ReadonlySet<OptionName>
  /** Properties that `$select` may name, and `$orderby` complain about. */
  properties: ReadonlySet<string>
  /** The form of names of properties that organizations add for themselves. */
  open?: RegExp | undefined
  /** Nothing is known of the type, and nothing of it is there: whatever is named so stands in each option. */
  isUnknown?: boolean
  /** Those that only one entity shows: a list that selects one is answered 501. */
  singleOnly?: ReadonlySet<string>
  /** Properties that can be sorted by; `advanced` ones only in advanced queries. */
  orderBy?: Readonly<Record<string, 'default' | 'advanced'>>
  /** Graph's directory wants an advanced query for `$orderby` beside `$filter`. */
  orderWithFilterIsAdvanced?: boolean
  /** What `$filter` may name: whole paths, `employeeOrgData/division` and `identities/issuer` among them. */
  filterable?: ReadonlySet<string>
  /** Properties that `$search` may name. */
  searchable?: ReadonlySet<string>
  /** Graph's lists do not expand in advanced queries. */
  expandIsPlain?: boolean
  /** `$expand` takes several relations at once, which Graph's directory does not. */
  expandsSeveral?: boolean
  /** Relations, of which `$expand` may name those that can be loaded. */
  relations?: Readonly<Record<string, Relation>>
}

export type QueryOptions = {
  /** In the order asked for, without repetitions; absent when everything is returned by default. */
  select?: string[]
  filter?: FilterNode
  /** As sent, to bind a page token to. */
  filterText?: string
  orderBy?: { property: string; direction: 'asc' | 'desc' }[]
  orderByText?: string
  top?: number
  skipToken?: string
  /** Alternatives, in each of which every clause must hold. */
  search?: Clause[][]
  searchText?: string
  expand?: Expansion[]
  /** Whether `$count=true` was sent; directory collections answer it only when `isAdvanced`. */
  count: boolean
  /** `ConsistencyLevel: eventual`. */
  isEventual: boolean
  /** Both: Graph's advanced query. */
  isAdvanced: boolean
}

const optionNames = ['select', 'filter', 'orderby', 'top', 'skiptoken', 'count', 'search', 'expand', 'format'] as const
const names: ReadonlyMap<string, OptionName> = new Map(optionNames.map((name) => [name, name]))

/** Graph: most directory collections page by 100 and at most 999. */
export const DEFAULT_PAGE_SIZE = 100
const MAX_PAGE_SIZE = 999

/**
 * Reads the system query options, with or without the dollar sign and in any case, and refuses with Graph's 400 what
 * the rules do not permit: an unknown option, one given twice, a bad value. Names without a dollar sign that are no
 * options are left alone. `$filter` is parsed, not yet checked against the resource. Names of properties come out in
 * their own spelling, in whatever case they were sent.
 */
export function readQueryOptions(request: Pick<FastifyRequest, 'query' | 'headers'>, rules: QueryRules): QueryOptions {
  const given = collect(request.query, rules)
  const count = readCount(given.get('count'))
  const { consistencylevel: level = '' } = request.headers
  const isEventual = String(level).trim().toLowerCase() === 'eventual'
  const options: QueryOptions = { count, isEventual, isAdvanced: count && isEventual }
  const property = spellerOf(rules.properties)

  const select = given.get('select')
  if (select !== undefined) Object.assign(options, readSelect(select, rules, property))
  const filter = given.get('filter')
  if (filter !== undefined) {
    const spellers = { path: spellerOf(rules.filterable ?? []), property }
    Object.assign(options, { filter: withOwnNames(parseFilter(filter), spellers), filterText: filter })
  }
  const orderBy = given.get('orderby')
  if (orderBy !== undefined) Object.assign(options, readOrderBy(orderBy, options, rules, property))
  const top = given.get('top')
  if (top !== undefined) options.top = readTop(top)
  const skipToken = given.get('skiptoken')
  if (skipToken !== undefined) options.skipToken = skipToken
  const search = given.get('search')
  if (search !== undefined) Object.assign(options, readSearch(search, isEventual, rules))
  const expand = given.get('expand')
  if (expand !== undefined) {
    if (rules.expandIsPlain && options.isAdvanced) throw expandIsPlain()
    options.expand = readExpand(expand, rules)
  }
  readFormat(given.get('format'))
  return options
}

function collect(query: unknown, rules: QueryRules): Map<OptionName, string> {
  const given = new Map<OptionName, string>()
  for (const [key, value] of Object.entries(query ?? {})) {
    const hasDollar = key.startsWith('$')
    const name = names.get((hasDollar ? key.slice(1) : key).toLowerCase())
    if (name === undefined) {
      if (hasDollar) throw unknownOption(key)
      continue
    }
    // `format=json` is cheap to grant everywhere; the rest each route decides.
    if (!rules.options.has(name) && name !== 'format') {
      if (!hasDollar) continue
      throw badQuery('unsupportedOption', `The query option '$${name}' is not supported here.`, `$${name}`)
    }
    if (typeof value !== 'string' || given.has(name)) {
      throw badQuery(
        'duplicateOption',
        `Query option '$${name}' was specified more than once, but it must be specified at most once.`,
        `$${name}`,
      )
    }
    if (!isStorable(value))
      throw badQuery('invalidText', `The value of '$${name}' holds characters that are not text.`, `$${name}`)
    given.set(name, value)
  }
  return given
}

function unknownOption(key: string): Refusal {
  const near = nearestName(key.slice(1), optionNames)
  const hint = near === undefined ? '' : ` Did you mean '$${near}'?`
  return badQuery(
    'unknownOption',
    `The query parameter '${key.slice(0, 64).toWellFormed()}' is not supported.${hint}`,
    key.slice(0, 64),
  )
}

function readCount(text: string | undefined): boolean {
  if (text === undefined) return false
  const value = text.trim().toLowerCase()
  if (value === 'true' || value === 'false') return value === 'true'
  throw badQuery(
    'invalidCount',
    `Invalid value '${shown(text)}' for $count query option found. Valid values are 'true' and 'false'.`,
    '$count',
  )
}

function readTop(text: string): number {
  if (!/^\s*\d{1,9}\s*$/.test(text)) {
    const message = `Invalid value '${shown(text)}' for $top query option found. The $top query option requires a non-negative integer value.`
    throw badQuery('invalidTop', message, '$top')
  }
  const top = Number(text)
  if (top >= 1 && top <= MAX_PAGE_SIZE) return top
  const message = `Invalid page size specified: '${top}'. Must be between 1 and ${MAX_PAGE_SIZE} inclusive.`
  throw unsupportedQuery('invalidTop', message, '$top')
}

function readSelect(text: string, rules: QueryRules, spell: Speller): { select?: string[] } {
  const wanted = [...new Set(listed(text, '$select').map(spell))]
  const isKnown = (name: string) => name === '*' || rules.properties.has(name) || rules.open?.test(name)
  const stranger = wanted.find((name) => !isKnown(name))
  if (stranger !== undefined) throw unknownProperty(stranger, rules.type, '$select')
  if (wanted.some((name) => rules.singleOnly?.has(name))) throw onlyOfOne()
  return wanted.length === 0 || wanted.includes('*') ? {} : { select: wanted }
}

/** Graph: some properties are answered for one user, never for a list of them. */
function onlyOfOne(): Refusal {
  const message = 'This operation target is not yet supported.'
  return new Refusal('notImplemented', 'propertyOnlyOfOne', message, { target: '$select' })
}

function readOrderBy(
  text: string,
  options: QueryOptions,
  rules: QueryRules,
  spell: Speller,
): Pick<QueryOptions, 'orderBy' | 'orderByText'> {
  const orderBy = listed(text, '$orderby').map((clause) => {
    const [name = '', direction = 'asc', ...rest] = clause.split(/\s+/)
    const property = spell(name)
    const isDirection = /^(?:asc|desc)$/i.test(direction)
    if (!isDirection || rest.length > 0)
      throw badQuery('invalidOrderBy', `Invalid $orderby clause '${shown(clause)}'.`, '$orderby')
    const known = Object.hasOwn(rules.orderBy ?? {}, property) ? rules.orderBy?.[property] : undefined
    const level = known ?? (rules.isUnknown && rules.open?.test(property) ? 'default' : undefined)
    if (level === undefined && !rules.properties.has(property)) throw unknownProperty(property, rules.type, '$orderby')
    if (level === undefined) {
      const message = `Unsupported sort property '${property}' for '${rules.resource}'.`
      throw unsupportedQuery('unsupportedSort', message, '$orderby')
    }
    if (level === 'advanced' && !options.isAdvanced) throw advancedNeeded('orderby')
    return { property, direction: direction.toLowerCase() === 'desc' ? ('desc' as const) : ('asc' as const) }
  })
  if (orderBy.length === 0) throw badQuery('invalidOrderBy', '$orderby names no property.', '$orderby')
  if (new Set(orderBy.map(({ property }) => property)).size < orderBy.length)
    throw badQuery('invalidOrderBy', '$orderby names a property twice.', '$orderby')
  if (rules.orderWithFilterIsAdvanced && options.filter && !options.isAdvanced) throw advancedNeeded('orderby')
  return { orderBy, orderByText: text }
}

function readSearch(text: string, isEventual: boolean, rules: QueryRules): Pick<QueryOptions, 'search' | 'searchText'> {
  if (!isEventual) {
    const message =
      "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'"
    throw unsupportedQuery('advancedQueryNeeded', message, '$search')
  }
  const spell = spellerOf(rules.searchable ?? [])
  const search = parseSearch(text).map((clauses) =>
    clauses.map((clause) => ({ ...clause, property: spell(clause.property) })),
  )
  const stranger = search.flat().find(({ property }) => !rules.searchable?.has(property))
  if (stranger && !rules.isUnknown) throw unsearchable(stranger.property, rules.resource)
  return { search, searchText: text }
}

function expandIsPlain(): Refusal {
  const message = '$expand is not supported in advanced queries. Leave out $count=true or the header ConsistencyLevel.'
  return unsupportedQuery('expandNotAdvanced', message, '$expand')
}

function readFormat(text: string | undefined): void {
  if (text === undefined || /^(?:json|application\/json(?:;.*)?)$/i.test(text.trim())) return
  throw badQuery('invalidFormat', `The format '${shown(text)}' is not supported. Use 'json'.`, '$format')
}

/** Characters of a decoded `$select` or `$orderby`: every property Graph has, several times. */
const MAX_LIST_LENGTH = 8_192

function listed(text: string, option: '$select' | '$orderby'): string[] {
  if (text.length > MAX_LIST_LENGTH) {
    throw badQuery('optionTooLong', `${option} is longer than ${MAX_LIST_LENGTH} characters.`, option)
  }
  const parts = splitOutside(text, ',')
  if (!parts) throw badQuery('invalidList', `The parentheses or quotes of ${option} do not pair.`, option)
  return parts.map((part) => part.text)
}
