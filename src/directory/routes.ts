import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { idempotencyOf } from '../graph/idempotency.js'
import { answerEntity, baseOf, showOne, type Within } from '../graph/odata/answer.js'
import { collectionRoutes } from '../graph/odata/collection-routes.js'
import { entityContext, resourceUrl } from '../graph/odata/context.js'
import { referencedId } from '../graph/odata/reference.js'
import { EntityBody } from '../graph/odata/schema.js'
import { answerChange, answerCreation, preconditionOf, weakEtag } from '../graph/preferences.js'
import { GRAPH_JSON } from '../graph/request-ids.js'
import { isGuid } from '../kernel/ids.js'
import { relateNewUser } from './change-relations.js'
import { changeUser, deleteUser } from './change-user.js'
import { createUser } from './create-user.js'
import { refusals } from './errors.js'
import { openExtensionRoutes } from './extensions/routes.js'
import type { DirectoryNeeds } from './needs.js'
import { changeUsers, deleteUsers, mine, readUsers, writeUsers } from './permissions.js'
import { userCollection, userRules } from './query.js'
import { findVisibleUser, mustReadWhatItAsks, mustSeeOthers, resolveUserId, seesAllOf } from './read-users.js'
import { UserChanges, UserCreation } from './schema.js'
import { extensionsOfUsers } from './user-extensions.js'
import type { ReadUser } from './user-reader-store.js'
import { userResource } from './user-resource.js'

type Needs = DirectoryNeeds & { readUser: ReadUser }

const Id = Type.Object({ id: Type.String() })
const tags = ['users']
const Changed = { 204: Type.Null(), 200: EntityBody }
const Created = { 201: EntityBody, 204: Type.Null() }

/** `/users` and `/me` of the Graph dialect. */
const routes: FastifyPluginAsyncTypebox<{ needs: Needs }> = async (app, { needs }) => {
  const everybody: Within = { path: '/users', open: mustSeeOthers }

  collectionRoutes(app, needs, {
    path: '/users',
    what: 'users',
    tags,
    config: { permission: readUsers },
    collection: userCollection,
    within: () => everybody,
    mustBeAllowed: ({ caller }, options) => mustReadWhatItAsks(caller, options),
  })

  app.post(
    '/users',
    {
      config: { permission: writeUsers, takesIdempotencyKey: true, shows: userResource.type },
      schema: { tags, summary: 'Create a user', body: UserCreation, response: Created },
    },
    async (request, reply) => {
      const { body } = request
      const relations = {
        managerId: body['manager@odata.bind'] && referencedId(body['manager@odata.bind']),
        sponsorIds: body['sponsors@odata.bind']?.map(referencedId),
      }
      const idempotent = idempotencyOf(request)
      const row = await createUser(needs, request.caller, body, relations, relateNewUser, idempotent)
      const location = resourceUrl(baseOf(request), `/users/${row.id}`)
      return answerCreation(request, reply, { location, entity: await showOne(needs, request, userResource, row) })
    },
  )

  app.get(
    '/users/:id',
    {
      config: { permission: readUsers, query: userRules },
      schema: { tags, summary: 'Read a user by id or user principal name', params: Id, response: { 200: EntityBody } },
    },
    (request, reply) => readOne(needs, request, reply, request.params.id),
  )

  app.patch(
    '/users/:id',
    {
      config: { permission: changeUsers, shows: userResource.type },
      schema: { tags, summary: 'Change a user', params: Id, body: UserChanges, response: Changed },
    },
    async (request, reply) => {
      const id = await resolveUserId(needs, request.caller, request.params.id)
      const row = await changeUser(needs, request.caller, id, request.body, preconditionOf(request))
      return answerChange(request, reply, () => showOne(needs, request, userResource, row))
    },
  )

  app.delete(
    '/users/:id',
    {
      config: { permission: deleteUsers },
      schema: { tags, summary: 'Delete a user; can be restored', params: Id, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const id = await resolveUserId(needs, request.caller, request.params.id)
      await deleteUser(needs, request.caller, id, preconditionOf(request))
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/me',
    {
      config: { ...mine(readUsers), query: userRules },
      schema: { tags, summary: 'Read the signed-in person', response: { 200: EntityBody } },
    },
    (request, reply) => readOne(needs, request, reply, request.caller.objectId),
  )

  app.patch(
    '/me',
    {
      config: { ...mine(changeUsers), shows: userResource.type },
      schema: { tags, summary: 'Change the signed-in person', body: UserChanges, response: Changed },
    },
    async (request, reply) => {
      const { caller, body } = request
      const row = await changeUser(needs, caller, caller.objectId, body, preconditionOf(request))
      return answerChange(request, reply, () => showOne(needs, request, userResource, row))
    },
  )

  for (const of of extensionsOfUsers(needs)) await app.register(openExtensionRoutes, { needs, of })
}
export default routes

async function readOne(needs: Needs, request: FastifyRequest, reply: FastifyReply, idOrName: string) {
  if (!request.originalUrl.includes('?') && isGuid(idOrName)) {
    const id = idOrName.toLowerCase()
    if (seesAllOf(request.caller, id)) {
      const user = await needs.readUser(request.caller.tenantId, id)
      if (!user) throw refusals.userNotFound(idOrName)
      const context = JSON.stringify(entityContext(baseOf(request), 'users'))
      reply.header('etag', weakEtag(user.version))
      return reply.type(GRAPH_JSON).send(`{"@odata.context":${context},${user.json.slice(1)}`)
    }
  }
  return answerEntity(needs, request, reply, {
    resource: userResource,
    rules: userRules,
    find: (context) => findVisibleUser(context, idOrName),
    notFound: () => refusals.userNotFound(idOrName),
  })
}
