import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { linkRoutes } from '../directory/index.js'
import { idempotencyOf } from '../graph/idempotency.js'
import type { AnswerNeeds } from '../graph/odata/answer.js'
import { ReferenceBody, referencedId, referenceOfQuery } from '../graph/odata/reference.js'
import type { ReadContext } from '../graph/odata/resource.js'
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

/** Owners of applications and service principals: lists and all that Graph has of them, and both of Graph's forms of `$ref`. */
export const ownerRoutes: FastifyPluginAsyncTypebox<{ needs: Needs }> = async (app, { needs }) => {
  for (const whose of WHOSE) {
    await app.register(linkRoutes, { needs, list: listOf(whose) })
    referenceRoutes(app, needs, whose)
  }
}

/** What the contract has casts to and that owns nothing here. */
const NO_OWNERS = ['appRoleAssignment', 'endpoint'] as const

function listOf({ set, idOf, notFound }: Whose) {
  return {
    path: `/${set}/:id/owners`,
    tags: [set],
    what: 'owners',
    config: { permission: readApplications },
    casts: owners,
    neverHeld: NO_OWNERS,
    async open(context: ReadContext, key: string) {
      await mustRead(context)
      const id = await idOf(context, key)
      if (id === undefined) throw notFound(key)
      return ownersOf(id)
    },
  }
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
