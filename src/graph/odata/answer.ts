import { and, type SQL } from 'drizzle-orm'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../../kernel/refusal.js'
import type { Keys as SecretKeys } from '../../platform/crypto.js'
import type { Database } from '../../platform/database.js'
import type { Caller } from '../caller.js'
import { type Collection, expandItems, filterOf, searchOfOptions, showItems, sortTerms, typesOf } from './collection.js'
import { type Base, collectionContext, entityContext, nextLink, resourceUrl } from './context.js'
import { expandInto } from './expand.js'
import { propertiesOf } from './filter-tree.js'
import type { SortTerm } from './keyset.js'
import { listFilters } from './list-filter.js'
import { countItems, locatePage, narrowed, type Query, type Union } from './locate.js'
import { namesOf, openedBy } from './open-properties.js'
import { decodePageToken, encodePageToken } from './page-token.js'
import { DEFAULT_PAGE_SIZE, type QueryOptions, type QueryRules, readQueryOptions } from './query-options.js'
import type { Entity, OwnResource, ReadContext, Resource } from './resource.js'

export type AnswerNeeds = { database: Database; keys: SecretKeys; clock: () => Date }

/** Which of a collection's rows this request is about. */
export type Within = {
  /** Path without version and query, ids in lower case: `/groups/{id}/members`. Page tokens are bound to it. */
  path: string
  /**
   * Runs in the transaction of the read, before it: refuses a caller who may not see the list or an owner that does
   * not exist, and returns what limits the rows further: a condition, or the lists of which this one is made.
   */
  open?(context: ReadContext): Promise<SQL | Union | undefined>
  /** Where an object is that `$ref` tells of; unless given, among the directory's. */
  urlOf?(id: string): string
}

export type CollectionAnswer = {
  '@odata.context': string
  '@odata.count'?: number
  '@odata.nextLink'?: string
  value: Entity[]
}

/** What absolute URLs of the answer are made from: the target as the client wrote it, whatever it was rewritten to. */
export function baseOf(request: FastifyRequest): Base {
  return { url: request.originalUrl, origin: request.caller.origin }
}

/** Answers a creation: 201 with the object and where it is from now on. `path` is without the version. */
export function answerCreated(request: FastifyRequest, reply: FastifyReply, path: string, made: Entity): FastifyReply {
  return reply
    .code(201)
    .header('location', resourceUrl(baseOf(request), path))
    .send(made)
}

/** Runs `read` in one transaction of the caller's tenant. */
export function readIn<Result>(
  needs: Pick<AnswerNeeds, 'database' | 'clock'>,
  request: FastifyRequest,
  read: (context: ReadContext) => Promise<Result>,
): Promise<Result> {
  const { caller } = request
  return needs.database.withTenant(caller.tenantId, (scope) =>
    read({ scope, caller, base: baseOf(request), now: needs.clock() }),
  )
}

/** Answers `GET` of a collection: one page with everything its query options ask for. @throws Refusal */
export async function answerCollection(
  needs: AnswerNeeds,
  request: FastifyRequest,
  given: Collection,
  within: Within,
): Promise<CollectionAnswer> {
  const options = readQueryOptions(request, given.rules)
  const collection = await opened(needs, request, given, options)
  const asked = askedFor(needs, request, collection, options)
  const pages = pagesOf(needs, request, within, options, asked.terms)
  const after = pages.position()
  const set = collection.set ?? collection.resource.set
  return readIn(needs, request, async (context) => {
    const query = await limited(collection, context, within, asked)
    const most = pageSize(collection, options)
    const { items, next } = await locatePage(collection, context, query, { after, most })
    const isCounted = (collection.isFew ? options.count : options.isAdvanced) && after === undefined
    const total = isCounted ? await countItems(collection, context, query) : undefined
    const shown = await showItems(collection, context, items, options.select)
    await expandItems(collection, context, shown, options.expand)
    return {
      '@odata.context': collectionContext(context.base, set, selected(options)),
      ...(total !== undefined && { '@odata.count': total }),
      ...(next && { '@odata.nextLink': nextLink(context.base, pages.token(next)) }),
      value: shown.map(({ entity }) => entity),
    }
  })
}

/** Answers `GET …/$count`: the number alone, as text. Graph wants `ConsistencyLevel: eventual`. @throws Refusal */
export async function answerCount(
  needs: AnswerNeeds,
  request: FastifyRequest,
  reply: FastifyReply,
  given: Collection,
  within: Within,
): Promise<string> {
  const options = readQueryOptions(request, countRules(given))
  if (!options.isEventual && !given.isFew) {
    throw new Refusal('invalid', 'advancedQueryNeeded', '$count is not currently supported.', { target: '$count' })
  }
  const collection = await opened(needs, request, given, options)
  const asked = askedFor(needs, request, collection, { ...options, isAdvanced: true })
  const total = await readIn(needs, request, async (context) => {
    return countItems(collection, context, await limited(collection, context, within, asked))
  })
  reply.type('text/plain')
  return String(total)
}

/** What `/$count` of a list takes. */
export function countRules({ rules }: Collection): QueryRules {
  return { ...rules, options: new Set([...rules.options].filter((name) => COUNT_OPTIONS.has(name))) }
}

const COUNT_OPTIONS: QueryRules['options'] = new Set(['filter', 'search', 'count'])

/** Answers `GET …/$ref` of a collection: where each object is, and nothing of it. @throws Refusal */
export async function answerReferences(
  needs: AnswerNeeds,
  request: FastifyRequest,
  collection: Collection,
  within: Within,
): Promise<CollectionAnswer> {
  const options = readQueryOptions(request, referenceRules(collection))
  const asked = askedFor(needs, request, collection, options)
  const pages = pagesOf(needs, request, within, options, asked.terms)
  const after = pages.position()
  return readIn(needs, request, async (context) => {
    const query = await limited(collection, context, within, asked)
    const most = options.top ?? DEFAULT_PAGE_SIZE
    const { items, next } = await locatePage(collection, context, query, { after, most })
    return {
      '@odata.context': collectionContext(context.base, 'Collection($ref)'),
      ...(next && { '@odata.nextLink': nextLink(context.base, pages.token(next)) }),
      value: items.map(({ id }) => ({
        '@odata.id': resourceUrl(context.base, within.urlOf?.(id) ?? `/directoryObjects/${id}`),
      })),
    }
  })
}

/** What `/$ref` of a list takes: anything but what shows more of its items. */
export function referenceRules({ rules }: Collection): QueryRules {
  return { ...rules, options: new Set([...rules.options].filter((name) => name !== 'select' && name !== 'expand')) }
}

/**
 * Answers `GET` of one entity. `find` runs in the transaction of the read: it refuses whom it must and returns the id,
 * or undefined when there is nothing to show. `notFound` is thrown then. @throws Refusal
 */
export async function answerEntity(
  needs: AnswerNeeds,
  request: FastifyRequest,
  reply: FastifyReply,
  one: {
    resource: Resource
    rules: QueryRules
    set?: string
    find(context: ReadContext): Promise<string | undefined>
    notFound(): Refusal
  },
): Promise<Entity> {
  const options = readQueryOptions(request, one.rules)
  return readIn(needs, request, async (context) => {
    const id = await one.find(context)
    const resource = await openedBy(context, one.resource, options)
    const found = id === undefined ? undefined : await resource.readOne(context, id, options.select)
    if (id === undefined || !found) throw one.notFound()
    await expandInto(context, resource, [{ id, entity: found.entity }], options.expand)
    if (found.etag) reply.header('etag', found.etag)
    return {
      '@odata.context': entityContext(context.base, one.set ?? one.resource.set, selected(options)),
      ...found.entity,
    }
  })
}

/** What a request has made or changed and has the row of, as `GET` would answer it to whoever may read it. */
export function showOne<Row>(
  needs: Pick<AnswerNeeds, 'database' | 'clock'>,
  request: FastifyRequest,
  resource: OwnResource<Row>,
  row: Row,
): Promise<Entity> {
  return readIn(needs, request, async (context) => {
    const [entity] = await resource.show({ ...context, isWritten: true }, [row])
    return { '@odata.context': entityContext(context.base, resource.set), ...entity }
  })
}

/** The list with what the organization has added to its type, as far as the request asks for it. @throws Refusal */
async function opened(
  needs: AnswerNeeds,
  request: FastifyRequest,
  collection: Collection,
  options: QueryOptions,
): Promise<Collection> {
  const { resource, variants = [] } = collection
  if (variants.length > 0 || namesOf(resource, options).length === 0) return collection
  // A look of its own, before the read: what is asked for is compiled outside any transaction.
  return readIn(needs, request, async (context) => {
    const wider = { ...collection, resource: await openedBy(context, resource, options) }
    return { ...wider, filters: listFilters(wider) }
  })
}

/** As many as were asked for, or fewer where Graph has shorter pages of a property (user: signInActivity). */
function pageSize(collection: Collection, { select = [], filter, top = DEFAULT_PAGE_SIZE }: QueryOptions): number {
  const names = [...select, ...(filter ? propertiesOf(filter) : [])]
  const limits = typesOf(collection).flatMap(({ properties }) =>
    names.map((name) => (Object.hasOwn(properties, name) ? properties[name]?.largestPage : undefined) ?? top),
  )
  return Math.min(top, ...limits)
}

/** What the options ask for, in SQL. @throws Refusal before a transaction is opened for nothing. */
function askedFor(
  needs: Pick<AnswerNeeds, 'clock'>,
  { caller }: FastifyRequest,
  collection: Collection,
  options: QueryOptions,
) {
  mustReadWhatIsAsked(caller, collection, options)
  return {
    filter: filterOf(collection, options, { now: needs.clock(), tenantId: caller.tenantId }),
    terms: sortTerms(collection, options),
    search: searchOfOptions(collection, options),
  }
}

/** A filter finds out what it asks about. @throws Refusal */
function mustReadWhatIsAsked(caller: Caller, collection: Collection, { filter }: QueryOptions): void {
  for (const name of filter ? propertiesOf(filter) : []) {
    for (const { properties } of typesOf(collection)) {
      if (Object.hasOwn(properties, name)) properties[name]?.mustBeReadable?.(caller)
    }
  }
}

/** The same, limited to what the list may hold and this request is about. */
async function limited(
  collection: Collection,
  context: ReadContext,
  within: Within,
  { filter, terms, search }: ReturnType<typeof askedFor>,
): Promise<Query> {
  const { where: listed, union } = narrowed(await within.open?.(context), collection.where(context.scope.tenantId))
  return { where: and(listed, filter) ?? listed, listed, union, terms, search }
}

/** Page tokens of one request: good for this tenant, path, filter, search and order only. */
function pagesOf(
  needs: AnswerNeeds,
  request: FastifyRequest,
  { path }: Within,
  options: QueryOptions,
  terms: readonly SortTerm[],
) {
  // The terms too: another version of the service may sort otherwise.
  const order = terms.map(({ type, direction }) => `${type} ${direction}`)
  const query = [options.filterText, options.orderByText, options.searchText, ...order]
  const scope = { tenantId: request.caller.tenantId, path, query }
  const key = needs.keys.of('page-token')
  const now = needs.clock().getTime()
  return {
    position(): (string | null)[] | undefined {
      if (options.skipToken === undefined) return undefined
      const position = decodePageToken(needs.keys.all('page-token'), scope, options.skipToken, now)
      return position.map((part) => (part === null ? null : String(part)))
    },
    token: (keys: readonly (string | null)[]) => encodePageToken(key, scope, keys, now),
  }
}

/** What stands in the parentheses of the context. */
export function selected({ select, expand = [] }: Pick<QueryOptions, 'select' | 'expand'>): string[] | undefined {
  const expanded = expand.map(({ relation, select: inner = [] }) => `${relation}(${inner.join(',')})`)
  if (select === undefined && expanded.length === 0) return undefined
  return [...(select ?? []), ...expanded]
}
