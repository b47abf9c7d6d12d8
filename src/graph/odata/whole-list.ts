import { sql } from 'drizzle-orm'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Refusal } from '../../kernel/refusal.js'
import type { RoutePermission } from '../access.js'
import {
  type AnswerNeeds,
  answerCollection,
  answerCount,
  answerEntity,
  answerReferences,
  countRules,
  referenceRules,
} from './answer.js'
import { type Collection, defineCollection } from './collection.js'
import { operators } from './operators.js'
import type { QueryRules } from './query-options.js'
import type { EdmType, Entity, GraphType, Property, Relation, Resource } from './resource.js'
import { defineResource } from './resource.js'
import { CollectionBody, CountBody, EntityBody } from './schema.js'

/** What the objects of a list are that is known whole, in no table of its own: what is configured, what is built in. */
export type WholeDefinition = {
  type: GraphType
  set: string
  name: string
  /** Those that `$select` may name; not every object has to have each. */
  properties: Readonly<Record<string, EdmType>>
  /** More that it may name, which nothing else can be asked of. */
  further?: readonly string[]
  relations?: Readonly<Record<string, Relation>>
}

export type WholeList = { collection: Collection; entity: QueryRules }

/** Everything that such a list holds now, in its order, and what `@odata.context` calls it. */
export type Held = { set: string; entities: readonly Entity[] }

const TEXT = operators('eq', 'ne', 'gt', 'ge', 'lt', 'le', 'in', 'not', 'null', 'startsWith', 'endsWith', 'contains')
const OTHER = operators('eq', 'ne', 'not', 'null')

/**
 * A list whose objects are handed over whole. Each request gives them to PostgreSQL as a value, so that every query option
 * means what it means of any other list; nothing of it wants an advanced query.
 */
export function defineWholeList(definition: WholeDefinition): WholeList {
  const { type, set, name, properties, further = [], relations = {} } = definition
  const resource = defineResource<{ id: string; entity: Entity }>({
    type,
    baseType: 'microsoft.graph.entity',
    set,
    name,
    hasNoSet: true,
    hasNoRelations: Object.keys(relations).length === 0,
    properties: {
      ...Object.fromEntries(further.map((key) => [key, { type: 'microsoft.graph.Json', isDefault: true } as const])),
      ...Object.fromEntries(Object.entries(properties).map(([key, edm]) => [key, propertyOf(key, edm)])),
    },
    relations,
    load: async () => [],
  })
  const listed = defineCollection({
    resource,
    isFew: true,
    from: sql`(values (null::uuid, null::jsonb)) as listed (id, item)`,
    id: sql`listed.id`,
    where: () => undefined,
  })
  const collection = { ...listed, rules: { ...listed.rules, expandsSeveral: true } }
  const entity = { ...collection.rules, options: new Set(['select', 'expand'] as const) }
  return { collection, entity }
}

function propertyOf(key: string, type: EdmType): Property<{ id: string; entity: Entity }> {
  const text = sql`(listed.item->>${key})`
  const base = { type, isDefault: true }
  switch (type) {
    case 'Edm.String':
      return {
        ...base,
        filter: { sql: text, type: 'string', operators: TEXT },
        orderBy: { sql: sql`lower(${text})`, type: 'text', isNullable: true },
        search: { kind: 'text', sql: text },
      }
    case 'Edm.Boolean': {
      const column = sql`(${text})::boolean`
      return {
        ...base,
        filter: { sql: column, type: 'boolean', operators: OTHER },
        orderBy: { sql: column, type: 'boolean', isNullable: true },
      }
    }
    default:
      return base
  }
}

/** The list as it is now. Its objects are told apart by their places, which they are listed by. */
function holding(
  { collection }: WholeList,
  { set, entities }: Held,
): Collection & { keyOf(id: string): string | undefined } {
  const keys = entities.map((_entity, place) => `00000000-0000-0000-0000-${String(place).padStart(12, '0')}`)
  const shown = new Map(entities.map((entity, place) => [keys[place] ?? '', entity]))
  const resource: Resource = {
    ...collection.resource,
    render: async (_context, ids, select) =>
      new Map(
        ids.flatMap((id): [string, Entity][] => {
          const entity = shown.get(id)
          return entity ? [[id, selectedOf(entity, select)]] : []
        }),
      ),
    async readOne(_context, id, select) {
      const entity = shown.get(id)
      return entity && { entity: selectedOf(entity, select), etag: undefined }
    },
  }
  const rows = JSON.stringify([...shown].map(([id, item]) => ({ id, item })))
  return {
    ...collection,
    resource,
    set,
    from: sql`jsonb_to_recordset(${rows}::text::jsonb) as listed (id uuid, item jsonb)`,
    keyOf: (id) => keys[entities.findIndex((entity) => String(entity['id']).toLowerCase() === id.toLowerCase())],
  }
}

/** What is of a derived type says so, whatever was selected. */
function selectedOf(entity: Entity, select: readonly string[] | undefined): Entity {
  const names = select && ['@odata.type', ...select]
  return names ? Object.fromEntries(Object.entries(entity).filter(([name]) => names.includes(name))) : { ...entity }
}

/** Where a list is served, and who may read it. */
export type ServedWholeList = {
  path: string
  /** For summaries: `languages of a user flow`. */
  what: string
  tags: string[]
  /** Shape of the parameters of the path. */
  params?: unknown
  config: { permission: RoutePermission }
  list: WholeList
  /** Reads all that is in it. @throws Refusal for a caller who may not, or an owner that is not there. */
  hold(request: FastifyRequest): Promise<Held>
}

/** Registers a list that is known whole, with its `/$count`. */
export function wholeListRoutes(app: FastifyInstance, needs: AnswerNeeds, served: ServedWholeList): void {
  const { path, what, tags, config, list, hold } = served
  const params = served.params === undefined ? {} : { params: served.params }
  app.get(
    path,
    {
      config: { ...config, query: list.collection.rules },
      schema: { tags, summary: `List ${what}`, ...params, response: { 200: CollectionBody } },
    },
    async (request) => {
      const held = holding(list, await hold(request))
      return answerCollection(needs, request, held, { path: pathOf(request) })
    },
  )
  app.get(
    `${path}/$count`,
    {
      config: { ...config, query: countRules(list.collection) },
      schema: { tags, summary: `Count ${what}`, ...params, response: { 200: CountBody } },
    },
    async (request, reply) => {
      const held = holding(list, await hold(request))
      return answerCount(needs, request, reply, held, { path: pathOf(request) })
    },
  )
}

/** Registers `…/$ref` of such a list: where each object is. `urlOf`: its path by its id. */
export function wholeReferenceRoute(
  app: FastifyInstance,
  needs: AnswerNeeds,
  served: ServedWholeList & { urlOf(id: string): string },
): void {
  const { path, what, tags, config, list, hold, urlOf } = served
  const rules = referenceRules(list.collection)
  app.get(
    `${path}/$ref`,
    {
      config: { ...config, query: rules },
      schema: { tags, summary: `List where ${what} are`, params: served.params, response: { 200: CollectionBody } },
    },
    async (request) => {
      const { entities, set } = await hold(request)
      const held = holding(list, { entities, set })
      const urls = new Map(entities.map(({ id }) => [held.keyOf(String(id)), urlOf(String(id))]))
      return answerReferences(needs, request, held, { path: pathOf(request), urlOf: (key) => urls.get(key) ?? '' })
    },
  )
}

/** Registers one object of such a list, which `id` names in any case. */
export function wholeItemRoute(
  app: FastifyInstance,
  needs: AnswerNeeds,
  served: ServedWholeList & {
    summary: string
    id(request: FastifyRequest): string
    notFound(id: string): Refusal
  },
): void {
  const { path, summary, tags, params, config, list, hold, id, notFound } = served
  app.get(
    path,
    { config: { ...config, query: list.entity }, schema: { tags, summary, params, response: { 200: EntityBody } } },
    async (request: FastifyRequest, reply: FastifyReply) => {
      const { set, entities } = await hold(request)
      const held = holding(list, { set, entities })
      return answerEntity(needs, request, reply, {
        resource: held.resource,
        rules: list.entity,
        set,
        find: async () => held.keyOf(id(request)),
        notFound: () => notFound(id(request)),
      })
    },
  )
}

/** What page tokens are bound to: the path without the version, ids in lower case. */
function pathOf({ url }: FastifyRequest): string {
  const [path = ''] = url.split('?')
  return path.replace(/^\/[^/]*/, '').toLowerCase()
}
