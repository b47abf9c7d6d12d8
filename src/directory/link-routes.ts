import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import type { RoutePermission } from '../graph/access.js'
import { type AnswerNeeds, answerReferences, referenceRules, type Within } from '../graph/odata/answer.js'
import type { Collection } from '../graph/odata/collection.js'
import { collectionRoutes } from '../graph/odata/collection-routes.js'
import { advancedNeeded } from '../graph/odata/filter-refusals.js'
import { readQueryOptions } from '../graph/odata/query-options.js'
import type { ReadContext } from '../graph/odata/resource.js'
import { CollectionBody, EntityBody } from '../graph/odata/schema.js'
import { isGuid } from '../kernel/ids.js'
import type { Refusal } from '../kernel/refusal.js'
import { refusals } from './groups/errors.js'
import { answerObject, oneObjectRules } from './objects/answer-object.js'
import { findIn } from './objects/query.js'
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
  /** The condition of the items related to the object of this id, after refusing whom it must. */
  open(context: ReadContext, id: string): ReturnType<NonNullable<Within['open']>>
  /** Graph: casts of transitive lists are advanced queries. */
  castsAreAdvanced?: boolean
}

const Params = Type.Object({ id: Type.Optional(Type.String()) })
const ItemParams = Type.Object({ id: Type.Optional(Type.String()), item: Type.String() })

/** Registers a list: itself, `/$count`, `/$ref`, its casts with their `/$count`, and its single items. */
export const linkRoutes: FastifyPluginAsyncTypebox<{ needs: AnswerNeeds; list: LinkList }> = async (app, options) => {
  const { needs, list } = options
  const { path, tags, what, config, casts } = list

  for (const { suffix, collection, isCast } of spellings(casts)) {
    const mustBeAdvanced = isCast && list.castsAreAdvanced === true
    collectionRoutes(app, needs, {
      path: `${path}${suffix}`,
      what,
      tags,
      params: Params,
      config,
      collection,
      within: (request) => within(list, request, idIn(request)),
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
}

function within(list: LinkList, request: FastifyRequest, id: string | undefined): Within {
  return {
    path: list.path.replace(':id', id?.toLowerCase() ?? ''),
    open: (context) => list.open(context, idOf(request, id)),
  }
}

function idIn({ params }: FastifyRequest): string | undefined {
  return (params as { id?: string }).id
}

function idOf(request: FastifyRequest, id: string | undefined): string {
  return id ?? request.caller.objectId
}

type Spelling = { suffix: string; collection: Collection; isCast: boolean }

/** The list as it is, and narrowed by a cast: Graph's documents write its whole name, its OpenAPI the short one. */
function spellings({ all, ...casts }: Casts): Spelling[] {
  const narrowed = Object.entries(casts).flatMap(([name, collection]) =>
    [`/microsoft.graph.${name}`, `/graph.${name}`].map((suffix) => ({ suffix, collection, isCast: true })),
  )
  return [{ suffix: '', collection: all, isCast: false }, ...narrowed]
}
