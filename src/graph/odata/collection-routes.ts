import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Refusal } from '../../kernel/refusal.js'
import type { RoutePermission } from '../access.js'
import { type AnswerNeeds, answerCollection, answerCount, countRules, type Within } from './answer.js'
import type { Collection } from './collection.js'
import { type QueryOptions, readQueryOptions } from './query-options.js'
import { CollectionBody, CountBody } from './schema.js'

/** A list and the paths it is served at. */
export type ServedCollection = {
  path: string
  /** For summaries: `members of a group`. */
  what: string
  tags: string[]
  /** Shape of the path's parameters. */
  params?: unknown
  config: { permission: RoutePermission; otherwise?: (request: FastifyRequest) => Refusal | undefined }
  collection: Collection
  /** `id`: what the path names so, empty where it names nothing. */
  within(request: FastifyRequest, id: string): Within
  /** Refuses a caller who may not ask what the options ask. */
  mustBeAllowed?(request: FastifyRequest, options: QueryOptions, asked: 'list' | 'count'): void
}

/** Registers a list: itself and its `/$count`. */
export function collectionRoutes(app: FastifyInstance, needs: AnswerNeeds, list: ServedCollection): void {
  const { path, what, tags, config, collection } = list
  const params = list.params === undefined ? {} : { params: list.params }
  const within = (request: FastifyRequest) => list.within(request, (request.params as { id?: string }).id ?? '')
  app.get(
    path,
    {
      config: { ...config, query: collection.rules },
      schema: { tags, summary: `List ${what}`, ...params, response: { 200: CollectionBody } },
    },
    (request) => {
      list.mustBeAllowed?.(request, readQueryOptions(request, collection.rules), 'list')
      return answerCollection(needs, request, collection, within(request))
    },
  )
  const rules = countRules(collection)
  app.get(
    `${path}/$count`,
    {
      config: { ...config, query: rules },
      schema: { tags, summary: `Count ${what}`, ...params, response: { 200: CountBody } },
    },
    (request, reply) => {
      list.mustBeAllowed?.(request, readQueryOptions(request, rules), 'count')
      return answerCount(needs, request, reply, collection, within(request))
    },
  )
}
