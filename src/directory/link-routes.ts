import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import type { RoutePermission } from '../graph/access.js'
import { type AnswerNeeds, answerEntity, answerReferences, referenceRules, type Within } from '../graph/odata/answer.js'
import { type Collection, entityRules } from '../graph/odata/collection.js'
import { collectionRoutes } from '../graph/odata/collection-routes.js'
import { advancedNeeded } from '../graph/odata/filter-refusals.js'
import { readQueryOptions } from '../graph/odata/query-options.js'
import type { ReadContext } from '../graph/odata/resource.js'
import { CollectionBody, EntityBody } from '../graph/odata/schema.js'
import { isGuid } from '../kernel/ids.js'
import type { Refusal } from '../kernel/refusal.js'
import { refusals } from './groups/errors.js'
import { answerObject, oneObjectRules } from './objects/answer-object.js'
import { findIn, type NeverHeld, nothingOf, oneOfNothing } from './objects/query.js'
import { mustReadWhatItAsksOf } from './read-related.js'

/** A list of related objects: all of them, and narrowed to one type by a cast. */
export type Casts = { all: Collection } & Partial<Record<CastName, Collection>>
type CastName = 'user' | 'group' | 'directoryRole' | 'application' | 'servicePrincipal'

/** A list of objects that another one is related to, with all the paths Graph has for it. */
export type LinkList = {
  /** `/groups/:id/members`, or `/me/memberOf`, which is about the caller. */
  path: string
  tags: string[]
  /** For summaries: `members of a group`. */
  what: string
  config: { permission: RoutePermission; otherwise?: (request: FastifyRequest) => Refusal | undefined }
  casts: Casts
  /** Types that Graph has a cast to and that never stand in this list here: such a cast finds nothing. */
  neverHeld?: readonly NeverHeld[]
  /** The condition of the items related to the object of this id, after refusing whom it must. */
  open(context: ReadContext, id: string): ReturnType<NonNullable<Within['open']>>
  /** Graph: casts of transitive lists are advanced queries. */
  castsAreAdvanced?: boolean
}

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const Params = Type.Object({ id: Type.Optional(Type.String()) })
const ItemParams = Type.Object({ id: Type.Optional(Type.String()), item: Type.String() })

/** Registers a list: itself, `/$count`, `/$ref`, its casts with their `/$count`, and its single items, cast or not. */
export const linkRoutes: FastifyPluginAsyncTypebox<{ needs: AnswerNeeds; list: LinkList }> = async (app, options) => {
  const { needs, list } = options
  const { path, tags, what, config, casts } = list

  for (const { suffix, collection, isCast, isEmpty } of served(list)) {
    const mustBeAdvanced = isCast && list.castsAreAdvanced === true
    collectionRoutes(app, needs, {
      path: `${path}${suffix}`,
      what,
      tags,
      params: Params,
      config,
      collection,
      within: (request) => (isEmpty ? withinNothing : within)(list, request, idIn(request)),
      mustBeAllowed(request, options, asked) {
        if (mustBeAdvanced && asked === 'list' && !options.isAdvanced) throw advancedNeeded('cast')
        mustReadWhatItAsksOf(collection, request.caller, options)
      },
    })
  }

  app.get(
    `${path}/$ref`,
    {
      config: { ...config, query: referenceRules(casts.all) },
      schema: { tags, summary: `List references to ${what}`, params: Params, response: { 200: CollectionBody } },
    },
    (request) => {
      mustReadWhatItAsksOf(casts.all, request.caller, readQueryOptions(request, referenceRules(casts.all)))
      return answerReferences(needs, request, casts.all, within(list, request, request.params.id))
    },
  )

  app.get(
    `${path}/:item`,
    {
      config: { ...config, query: oneObjectRules() },
      schema: { tags, summary: `Read one of the ${what}`, params: ItemParams, response: { 200: EntityBody } },
    },
    (request) => {
      const { id, item } = request.params
      if (!isGuid(item)) throw refusals.notFound(item)
      const find = async (context: ReadContext) =>
        findIn(casts.all, context, await list.open(context, idOf(request, id)), item.toLowerCase())
      return answerObject(needs, request, find, () => refusals.notFound(item))
    },
  )

  for (const cast of served(list).filter(({ isCast }) => isCast)) itemRoute(app, needs, list, cast)
}

/** One item as what it is cast to: an item of another type is not found (Graph: 404). */
function itemRoute(app: App, needs: AnswerNeeds, list: LinkList, { suffix, collection, isEmpty }: Served): void {
  const { resource } = collection
  const rules = isEmpty ? oneOfNothing(collection) : entityRules(resource)
  app.get(
    `${list.path}/:item${suffix}`,
    {
      config: { ...list.config, query: rules },
      schema: {
        tags: list.tags,
        summary: `Read one of the ${list.what}, if it is of this type`,
        params: ItemParams,
        response: { 200: EntityBody },
      },
    },
    (request, reply) => {
      const { id, item } = request.params
      if (!isGuid(item)) throw refusals.notFound(item)
      return answerEntity(needs, request, reply, {
        resource,
        rules,
        async find(context) {
          const opened = await list.open(context, idOf(request, id))
          return isEmpty ? undefined : (await findIn(collection, context, opened, item.toLowerCase()))?.id
        },
        notFound: () => refusals.notFound(item),
      })
    },
  )
}

function within(list: LinkList, request: FastifyRequest, id: string | undefined): Within {
  return {
    path: list.path.replace(':id', id?.toLowerCase() ?? ''),
    open: (context) => list.open(context, idOf(request, id)),
  }
}

/** Refuses whom the list refuses, and asks nothing of its rows. */
function withinNothing(list: LinkList, request: FastifyRequest, id: string | undefined): Within {
  const { path, open } = within(list, request, id)
  return {
    path,
    async open(context) {
      await open?.(context)
      return undefined
    },
  }
}

function idIn({ params }: FastifyRequest): string | undefined {
  return (params as { id?: string }).id
}

function idOf(request: FastifyRequest, id: string | undefined): string {
  return id ?? request.caller.objectId
}

type Served = { suffix: string; collection: Collection; isCast: boolean; isEmpty: boolean }

/** The list as it is, and narrowed by each cast; the short names of Graph's OpenAPI are spelled out before (spelling.ts). */
function served({ casts: { all, ...casts }, neverHeld = [] }: LinkList): Served[] {
  const held = Object.entries(casts).map(([name, collection]) => ({ name, collection, isEmpty: false }))
  const empty = neverHeld.map((name) => ({ name, collection: nothingOf(name), isEmpty: true }))
  const narrowed = [...held, ...empty].map(({ name, ...cast }) => ({
    suffix: `/microsoft.graph.${name}`,
    isCast: true,
    ...cast,
  }))
  return [{ suffix: '', collection: all, isCast: false, isEmpty: false }, ...narrowed]
}
