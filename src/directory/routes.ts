import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { answerCollection, answerCount, answerEntity, countRules, type Within } from '../graph/odata/answer.js'
import { CollectionBody, CountBody, EntityBody } from '../graph/odata/schema.js'
import type { Keys } from '../platform/crypto.js'
import { type ChangeNeeds, changeUser, deleteUser } from './change-user.js'
import { refusals } from './errors.js'
import { userCollection, userRules } from './query.js'
import { findVisibleUser, mustSeeOthers, resolveUserId } from './read-users.js'
import { UserChanges } from './schema.js'
import { userResource } from './user-resource.js'

type Needs = ChangeNeeds & { keys: Keys }

const Id = Type.Object({ id: Type.String() })
const tags = ['users']

const readAll = ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All']
const read = { application: readAll, delegated: [...readAll, 'User.ReadBasic.All'] }
const write = {
  application: ['User.ReadWrite.All', 'Directory.ReadWrite.All'],
  delegated: ['User.ReadWrite.All', 'Directory.ReadWrite.All'],
}

/** `/users` of the Graph dialect. */
const routes: FastifyPluginAsyncTypebox<{ needs: Needs }> = async (app, { needs }) => {
  const everybody: Within = { path: '/users', open: mustSeeOthers }

  app.get(
    '/users',
    {
      config: { permission: read, query: userCollection.rules },
      schema: { tags, summary: 'List users', response: { 200: CollectionBody } },
    },
    (request) => answerCollection(needs, request, userCollection, everybody),
  )

  app.get(
    '/users/$count',
    {
      config: { permission: read, query: countRules(userCollection) },
      schema: { tags, summary: 'Count users', response: { 200: CountBody } },
    },
    (request, reply) => answerCount(needs, request, reply, userCollection, everybody),
  )

  app.get(
    '/users/:id',
    {
      config: { permission: read, query: userRules },
      schema: {
        tags,
        summary: 'Read a user by id or user principal name',
        params: Id,
        response: { 200: EntityBody },
      },
    },
    (request, reply) =>
      answerEntity(needs, request, reply, {
        resource: userResource,
        rules: userRules,
        find: (context) => findVisibleUser(context, request.params.id),
        notFound: () => refusals.userNotFound(request.params.id),
      }),
  )

  app.patch(
    '/users/:id',
    {
      config: { permission: write },
      schema: { tags, summary: 'Change a user', params: Id, body: UserChanges, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      await changeUser(
        needs,
        request.caller,
        await resolveUserId(needs, request.caller, request.params.id),
        request.body,
      )
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/users/:id',
    {
      config: { permission: write },
      schema: { tags, summary: 'Delete a user; can be restored', params: Id, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      await deleteUser(needs, request.caller, await resolveUserId(needs, request.caller, request.params.id))
      return reply.code(204).send(null)
    },
  )
}
export default routes
