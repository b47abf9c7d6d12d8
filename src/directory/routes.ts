import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { collectionContext, entityContext, nextLink } from '../graph/odata/context.js'
import { decodePageToken, encodePageToken, pageTokenExpired } from '../graph/odata/page-token.js'
import { DEFAULT_PAGE_SIZE, readQueryOptions } from '../graph/odata/query-options.js'
import { isGuid } from '../kernel/ids.js'
import type { Keys } from '../platform/crypto.js'
import type { Policies } from '../policies/index.js'
import { type ChangeNeeds, changeUser, deleteUser } from './change-user.js'
import { oneUserQuery, userFilter, userQuery } from './query.js'
import { pageOfUsers, readUser, resolveUserId } from './read-users.js'
import { UserChanges, UserCollection, UserResource } from './schema.js'

type Needs = ChangeNeeds & { keys: Keys; policies: Policies }

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
  app.get(
    '/users',
    {
      config: { permission: read, query: userQuery },
      schema: { tags, summary: 'List users', response: { 200: UserCollection } },
    },
    async (request) => listPage(needs, request),
  )

  app.get(
    '/users/:id',
    {
      config: { permission: read, query: oneUserQuery },
      schema: {
        tags,
        summary: 'Read a user by id or user principal name',
        params: Id,
        response: { 200: UserResource },
      },
    },
    async (request) => {
      const { select } = readQueryOptions(request, oneUserQuery)
      const resource = await readUser(needs, request.caller, request.params.id, select)
      return { '@odata.context': entityContext(base(request), 'users', select), ...resource }
    },
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

function base(request: FastifyRequest): { url: string; origin: string } {
  return { url: request.url, origin: request.caller.origin }
}

async function listPage(needs: Needs, request: FastifyRequest) {
  const options = readQueryOptions(request, userQuery)
  const now = needs.clock().getTime()
  const pages = { tenantId: request.caller.tenantId, path: '/users', query: [options.filterText] }
  const key = needs.keys.of('page-token')
  const [after] = options.skipToken ? decodePageToken(key, pages, options.skipToken, now) : []
  if (after !== undefined && (typeof after !== 'string' || !isGuid(after))) throw pageTokenExpired()

  const { users, lastId } = await pageOfUsers(needs, request.caller, {
    where: options.filter && userFilter(options.filter, options.isAdvanced),
    after,
    most: options.top ?? DEFAULT_PAGE_SIZE,
    select: options.select,
  })
  const token = lastId && encodePageToken(key, pages, [lastId], now)
  return {
    '@odata.context': collectionContext(base(request), 'users', options.select),
    ...(token && { '@odata.nextLink': nextLink(base(request), token) }),
    value: users,
  }
}
