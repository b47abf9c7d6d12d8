import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { collectionContext, entityContext, nextLink } from '../graph/odata/context.js'
import { decodePageToken, encodePageToken, pageTokenExpired } from '../graph/odata/page-token.js'
import { DEFAULT_PAGE_SIZE, readQueryOptions } from '../graph/odata/query-options.js'
import { isGuid } from '../kernel/ids.js'
import type { Keys } from '../platform/crypto.js'
import type { TenantScope } from '../platform/database.js'
import type { Tenant } from '../tenants/index.js'
import { type ChangeNeeds, changeUser, deleteUser } from './change-user.js'
import { refusals } from './errors.js'
import { userFilter, userQuery } from './query.js'
import { mayReadUser } from './rules.js'
import { UserChanges, UserCollection, UserResource } from './schema.js'
import { findUser, findUserByPrincipalName, listUsers, readIdentities } from './store.js'
import type { UserRow } from './tables.js'
import { DEFAULT_USER_PROPERTIES, identitiesOf, userResource } from './user-resource.js'

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
  app.get(
    '/users',
    { config: { permission: read }, schema: { tags, summary: 'List users', response: { 200: UserCollection } } },
    async (request) => listPage(needs, request),
  )

  app.get(
    '/users/:id',
    {
      config: { permission: read },
      schema: {
        tags,
        summary: 'Read a user by id or user principal name',
        params: Id,
        response: { 200: UserResource },
      },
    },
    async (request) => {
      const { select } = readQueryOptions(request, { ...userQuery, options: new Set(['select']) })
      const tenant = await tenantOf(needs, request)
      const resource = await needs.database.withTenant(tenant.id, async (scope) => {
        const row = await byIdOrName(scope, request.params.id)
        if (!row || !mayReadUser(request.caller, row.id)) throw refusals.userNotFound(request.params.id)
        const [shown] = await resources(scope, tenant, [row], select)
        return shown
      })
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
      await changeUser(needs, request.caller, await idOf(needs, request, request.params.id), request.body)
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
      await deleteUser(needs, request.caller, await idOf(needs, request, request.params.id))
      return reply.code(204).send(null)
    },
  )
}
export default routes

function base(request: FastifyRequest): { url: string; origin: string } {
  return { url: request.url, origin: request.caller.origin }
}

async function tenantOf(needs: Needs, request: FastifyRequest): Promise<Tenant> {
  const tenant = await needs.tenants.find(request.caller.tenantId)
  if (!tenant) throw new Error('a caller without a tenant was let in')
  return tenant
}

async function idOf(needs: Needs, request: FastifyRequest, idOrName: string): Promise<string> {
  if (isGuid(idOrName)) return idOrName.toLowerCase()
  const row = await needs.database.withTenant(request.caller.tenantId, (scope) => byIdOrName(scope, idOrName))
  if (!row) throw refusals.userNotFound(idOrName)
  return row.id
}

function byIdOrName(scope: TenantScope, idOrName: string): Promise<UserRow | undefined> {
  return isGuid(idOrName) ? findUser(scope, idOrName.toLowerCase()) : findUserByPrincipalName(scope, idOrName)
}

async function resources(scope: TenantScope, tenant: Tenant, rows: UserRow[], select: string[] | undefined) {
  const properties: readonly string[] = select ?? DEFAULT_USER_PROPERTIES
  const stored = properties.includes('identities')
    ? await readIdentities(
        scope,
        rows.map(({ id }) => id),
      )
    : []
  return rows.map((row) => {
    const identities = identitiesOf(
      tenant,
      row,
      stored.filter(({ userId }) => userId === row.id),
    )
    return userResource({ row, identities }, properties)
  })
}

async function listPage(needs: Needs, request: FastifyRequest) {
  const options = readQueryOptions(request, userQuery)
  const tenant = await tenantOf(needs, request)
  if (!mayReadUser(request.caller, '')) throw refusals.roleMissing()
  const now = needs.clock().getTime()
  const pages = { tenantId: tenant.id, path: '/users', query: [options.filterText] }
  const key = needs.keys.of('page-token')
  const [after] = options.skipToken ? decodePageToken(key, pages, options.skipToken, now) : []
  if (after !== undefined && (typeof after !== 'string' || !isGuid(after))) throw pageTokenExpired()

  const most = options.top ?? DEFAULT_PAGE_SIZE
  const { rows, value } = await needs.database.withTenant(tenant.id, async (scope) => {
    const where = options.filter && userFilter(options.filter, options.isAdvanced)
    const rows = await listUsers(scope, { where, after, most: most + 1 })
    return { rows, value: await resources(scope, tenant, rows.slice(0, most), options.select) }
  })
  const last = rows[most - 1]
  const token = rows.length > most && last ? encodePageToken(key, pages, [last.id], now) : undefined
  return {
    '@odata.context': collectionContext(base(request), 'users', options.select),
    ...(token && { '@odata.nextLink': nextLink(base(request), token) }),
    value,
  }
}
