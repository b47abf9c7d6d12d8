import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../kernel/refusal.js'
import type { Snapshot } from '../platform/changes/snapshot.js'
import { changesNow } from '../platform/changes/store.js'
import { type DeltaScope, type DeltaState, decodeDeltaToken, encodeDeltaToken } from './delta-token.js'
import { type AnswerNeeds, readIn } from './odata/answer.js'
import { collectionContext } from './odata/context.js'
import { type FilterNode, pathText } from './odata/filter-tree.js'
import type { PagePosition } from './odata/page-token.js'
import { type QueryRules, readQueryOptions } from './odata/query-options.js'
import type { ReadContext } from './odata/resource.js'
import { pathAndQuery } from './paths.js'

/** What one request of delta asks the source for. */
export type DeltaRound = {
  /** Absent in the first round, which tells everything that is there. */
  since: Snapshot | undefined
  until: Snapshot
  /** Absent: Graph's default properties, and changes of any. */
  select: readonly string[] | undefined
  /** Only these objects. */
  ids: readonly string[] | undefined
  /** `Prefer: return=minimal`: of changed objects only the changed properties. */
  isMinimal: boolean
}

/** An object that is there, or its id and why it is not. */
export type DeltaItem = { id: string } & Record<string, unknown>

/** A collection whose changes can be followed. */
export type DeltaSource = {
  /** Without version: `/users/delta`. */
  path: string
  set: string
  /** Properties and relations that `$select` may name. */
  rules: Omit<QueryRules, 'options'>
  /** The next changes after a position, which is absent at the start of a round; no `next` once nothing follows. */
  page(
    context: ReadContext,
    round: DeltaRound,
    after: PagePosition | undefined,
    most: number,
  ): Promise<{ value: DeltaItem[]; next: PagePosition | undefined }>
}

type Asked = { token: string | undefined; isLatest: boolean; select?: string[]; ids?: string[] }

const PAGE_SIZE = 200
const MAX_PAGE_SIZE = 999
const MAX_IDS = 50
const OPTIONS: QueryRules['options'] = new Set(['select', 'filter'])

/**
 * Answers `GET …/delta` (Graph: delta-query-overview). A round tells what changed between two looks at the database,
 * page by page; its last page has the link that starts the next round. No change is ever left out, whoever commits
 * when: a look is a PostgreSQL snapshot, not a time (docs/decisions/0006).
 * @throws Refusal for options that delta does not take, and for tokens that are forged, foreign or older than 7 days.
 */
export async function answerDelta(
  needs: AnswerNeeds,
  request: FastifyRequest,
  reply: FastifyReply,
  source: DeltaSource,
) {
  const asked = readAsked(request, source)
  const prefer = readPreferences(request)
  const key = needs.keys.of('delta-token')
  const now = needs.clock()
  const { tenantId } = request.caller
  return readIn(needs, request, async (context) => {
    const { snapshot, cluster } = await changesNow(context.scope)
    const { base } = context
    const path = `${base.origin}${pathAndQuery(base.url).split('?', 1)[0]}`
    const of: DeltaScope = { tenantId, path: source.path, cluster }
    // A client that must start again is told where (Graph: 410 with Location).
    if (asked.token !== undefined) reply.header('location', `${path}?$deltatoken=`)
    const state: DeltaState =
      asked.token === undefined
        ? { startedAt: now.getTime(), select: asked.select, ids: asked.ids }
        : decodeDeltaToken(needs.keys.all('delta-token'), of, asked.token, now)
    reply.removeHeader('location')

    const startedAt = state.round ? state.startedAt : now.getTime()
    const isMinimal = state.round?.isMinimal ?? (prefer.isMinimal && state.since !== undefined)
    const { since, select, ids } = state
    const round = { since, until: state.round?.until ?? snapshot, select, ids, isMinimal }
    const { value, next } = asked.isLatest
      ? { value: [], next: undefined }
      : await source.page(context, round, state.round?.after, prefer.pageSize)
    if (isMinimal) reply.header('preference-applied', 'return=minimal')
    const link = next
      ? encodeDeltaToken(key, of, { startedAt, select, ids, since, round: { ...round, after: next } })
      : encodeDeltaToken(key, of, { startedAt, select, ids, since: round.until })
    return {
      '@odata.context': collectionContext(base, source.set, select),
      ...(next
        ? { '@odata.nextLink': `${path}?$skiptoken=${link}` }
        : { '@odata.deltaLink': `${path}?$deltatoken=${link}` }),
      value,
    }
  })
}

/** What a first round takes, for the route's configuration and so for the document of the API. */
export function deltaRules({ rules }: Pick<DeltaSource, 'rules'>): QueryRules {
  return { ...rules, options: OPTIONS }
}

/** A token carries everything else; without one the options start a first round. An empty one counts as none. */
function readAsked(request: FastifyRequest, source: DeltaSource): Asked {
  const options: Record<string, unknown> = {}
  let token: string | undefined
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (!/^\$?(?:delta|skip)token$/i.test(name)) options[name] = value
    else if (typeof value !== 'string' || token !== undefined) throw givenTwice()
    else token = value
  }
  const isLatest = token?.toLowerCase() === 'latest'
  if (token && !isLatest) return { token, isLatest }
  const { headers } = request
  const { select, filter } = readQueryOptions({ query: options, headers }, deltaRules(source))
  return { token: undefined, isLatest, ...(select && { select }), ...(filter && { ids: readIds(filter, source) }) }
}

/** Graph: delta filters by ids only, at most 50 of them. */
function readIds(filter: FilterNode, source: DeltaSource): string[] {
  const ids = new Set<string>()
  const collect = (node: FilterNode): void => {
    if (node.kind === 'or') for (const item of node.items) collect(item)
    else if (node.kind === 'compare' && node.operator === 'eq' && isId(node.subject)) add(node.value)
    else if (node.kind === 'in' && isId(node.subject)) for (const value of node.values) add(value)
    else throw unsupportedFilter(propertyOf(node), source)
  }
  const add = ({ type, value }: { type: string; value: unknown }) => {
    if ((type !== 'string' && type !== 'guid') || typeof value !== 'string' || !GUID.test(value)) {
      throw unsupportedFilter('id', source)
    }
    ids.add(value.toLowerCase())
  }
  collect(filter)
  if (ids.size > MAX_IDS) throw tooManyIds()
  return [...ids]
}

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The property that a clause is about, as far as it names one. */
function propertyOf(node: FilterNode): string {
  return 'subject' in node && node.subject.kind === 'property' ? pathText(node.subject) : 'id'
}

function isId(subject: Extract<FilterNode, { kind: 'compare' }>['subject']): boolean {
  return subject.kind === 'property' && subject.variable === undefined && subject.steps.join('/') === 'id'
}

/** RFC 7240: `return=minimal`, and OData's `odata.maxpagesize`, which only makes pages smaller or larger. */
function readPreferences({ headers }: FastifyRequest): { isMinimal: boolean; pageSize: number } {
  const preferences = [headers['prefer'] ?? []].flat().join(',').toLowerCase()
  const size = Number(/(?:^|[\s,;])(?:odata\.)?maxpagesize\s*=\s*"?(\d{1,4})"?(?=$|[\s,;])/.exec(preferences)?.[1])
  return {
    isMinimal: /(?:^|[\s,;])return\s*=\s*"?minimal"?(?=$|[\s,;])/.test(preferences),
    pageSize: size >= 1 ? Math.min(size, MAX_PAGE_SIZE) : PAGE_SIZE,
  }
}

function givenTwice(): Refusal {
  const message = "Query option '$deltatoken' was specified more than once, but it must be specified at most once."
  return new Refusal('invalid', 'duplicateOption', message, { target: '$deltatoken', graphCode: 'BadRequest' })
}

function unsupportedFilter(property: string, { rules }: DeltaSource): Refusal {
  const message = `Unsupported or invalid query filter clause specified for property '${property}' of resource '${rules.resource}'.`
  return new Refusal('invalid', 'unsupportedFilter', message, {
    target: '$filter',
    graphCode: 'Request_UnsupportedQuery',
  })
}

function tooManyIds(): Refusal {
  const message = `A delta query can be limited to ${MAX_IDS} objects at most.`
  return new Refusal('invalid', 'tooManyIds', message, { target: '$filter', graphCode: 'Request_UnsupportedQuery' })
}
