import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { idempotencyOf } from '../graph/idempotency.js'
import { type AnswerNeeds, answerReferences, type Within } from '../graph/odata/answer.js'
import { collectionRoutes } from '../graph/odata/collection-routes.js'
import { ReferenceBody, referencedId, referenceOfQuery } from '../graph/odata/reference.js'
import type { ReadContext } from '../graph/odata/resource.js'
import { CollectionBody } from '../graph/odata/schema.js'
import { isGuid } from '../kernel/ids.js'
import { applicationIdOf, applicationIdToChange, mustRead } from './application-routes.js'
import { addOwner, type Owned, removeOwner } from './change-owners.js'
import { refusals } from './errors.js'
import type { ChangeNeeds } from './needs.js'
import { readApplications, writeApplications } from './permissions.js'
import { principalIdOf, principalIdToChange } from './principal-routes.js'
import { owners, ownersOf } from './query.js'

type Needs = ChangeNeeds & AnswerNeeds
type App = Parameters<FastifyPluginAsyncTypebox>[0]

type Whose = {
  set: 'applications' | 'servicePrincipals'
  owned: Owned
  idOf(context: Pick<ReadContext, 'scope'>, key: string): Promise<string | undefined>
  idToChange(context: Pick<ReadContext, 'scope' | 'caller'>, key: string): Promise<string | undefined>
  notFound: (id: string) => Error
}

const WHOSE: Whose[] = [
  {
    set: 'applications',
    owned: 'application',
    idOf: applicationIdOf,
    idToChange: applicationIdToChange,
    notFound: refusals.notFound,
  },
  {
    set: 'servicePrincipals',
    owned: 'servicePrincipal',
    idOf: principalIdOf,
    idToChange: principalIdToChange,
    notFound: refusals.principalNotFound,
  },
]

const Id = Type.Object({ id: Type.String() })
const OwnerId = Type.Object({ id: Type.String(), ownerId: Type.String() })

/** Owners of applications and service principals: lists, `/$count`, casts, and both of Graph's forms of `$ref`. */
export const ownerRoutes: FastifyPluginAsyncTypebox<{ needs: Needs }> = async (app, { needs }) => {
  for (const whose of WHOSE) {
    listRoutes(app, needs, whose)
    referenceRoutes(app, needs, whose)
  }
}

function listRoutes(app: App, needs: Needs, whose: Whose): void {
  const tags = [whose.set]
  const lists = [
    { suffix: '', collection: owners.all },
    { suffix: '/microsoft.graph.user', collection: owners.users },
    { suffix: '/microsoft.graph.servicePrincipal', collection: owners.servicePrincipals },
  ]
  for (const { suffix, collection } of lists) {
    collectionRoutes(app, needs, {
      path: `/${whose.set}/:id/owners${suffix}`,
      what: 'owners',
      tags,
      params: Id,
      config: { permission: readApplications },
      collection,
      within: (_request, id) => within(whose, id, suffix),
    })
  }
  app.get(
    `/${whose.set}/:id/owners/$ref`,
    {
      config: { permission: readApplications, query: owners.all.rules },
      schema: { tags, summary: 'Where the owners are', params: Id, response: { 200: CollectionBody } },
    },
    (request) => answerReferences(needs, request, owners.all, within(whose, request.params.id, '/$ref')),
  )
}

function referenceRoutes(app: App, needs: Needs, whose: Whose): void {
  const tags = [whose.set]
  const config = { permission: writeApplications }
  const path = `/${whose.set}/:id/owners`
  const idOf = async ({ caller }: FastifyRequest, key: string) => {
    const id = await needs.database.withTenant(caller.tenantId, (scope) => whose.idToChange({ scope, caller }, key))
    if (id === undefined) throw whose.notFound(key)
    return id
  }

  app.post(
    `${path}/$ref`,
    {
      config: { ...config, takesIdempotencyKey: true },
      schema: { tags, summary: 'Add an owner', params: Id, body: ReferenceBody, response: NOTHING },
    },
    async (request, reply) => {
      const id = await idOf(request, request.params.id)
      const ownerId = referencedId(request.body['@odata.id'])
      await addOwner(needs, request.caller, whose.owned, id, ownerId, idempotencyOf(request))
      return reply.code(204).send(null)
    },
  )
  app.delete(
    `${path}/$ref`,
    { config, schema: { tags, summary: 'Remove the owner that @id names', params: Id, response: NOTHING } },
    async (request, reply) => {
      const id = await idOf(request, request.params.id)
      await removeOwner(needs, request.caller, whose.owned, id, referenceOfQuery(request.query))
      return reply.code(204).send(null)
    },
  )
  app.delete(
    `${path}/:ownerId/$ref`,
    { config, schema: { tags, summary: 'Remove an owner', params: OwnerId, response: NOTHING } },
    async (request, reply) => {
      const { ownerId } = request.params
      if (!isGuid(ownerId)) throw refusals.referenceNotFound(ownerId)
      const id = await idOf(request, request.params.id)
      await removeOwner(needs, request.caller, whose.owned, id, ownerId.toLowerCase())
      return reply.code(204).send(null)
    },
  )
}

const NOTHING = { 204: Type.Null() }

function within(whose: Whose, key: string, suffix: string): Within {
  return {
    path: `/${whose.set}/${key.toLowerCase()}/owners${suffix}`,
    open: async (context) => {
      await mustRead(context)
      const id = await whose.idOf(context, key)
      if (id === undefined) throw whose.notFound(key)
      return ownersOf(id)
    },
  }
}
