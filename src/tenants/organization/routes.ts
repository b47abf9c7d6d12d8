import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { answerEntity, readIn } from '../../graph/odata/answer.js'
import { entityRules } from '../../graph/odata/collection.js'
import { collectionContext } from '../../graph/odata/context.js'
import { readQueryOptions } from '../../graph/odata/query-options.js'
import { CollectionBody, EntityBody } from '../../graph/odata/schema.js'
import type { Keys } from '../../platform/crypto.js'
import type { Database } from '../../platform/database.js'
import type { Tenants } from '../tenant.js'
import { changeOrganization } from './change-organization.js'
import { refusals } from './errors.js'
import { organizationResource } from './organization-resource.js'
import { OrganizationChanges } from './schema.js'

type Needs = { database: Database; tenants: Tenants; keys: Keys; clock: () => Date; newId: () => string }

const Id = Type.Object({ id: Type.String() })
const tags = ['organization']
const readAll = ['Organization.Read.All', 'Organization.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All']
const read = { application: readAll, delegated: [...readAll, 'User.Read', 'User.Read.All', 'User.ReadBasic.All'] }
const write = { application: ['Organization.ReadWrite.All'], delegated: ['Organization.ReadWrite.All'] }
const rules = entityRules(organizationResource, ['select'])

/** `/organization`: the one that the caller is in. */
const routes: FastifyPluginAsyncTypebox<{ needs: Needs }> = async (app, { needs }) => {
  app.get(
    '/organization',
    {
      config: { permission: read, query: rules },
      schema: { tags, summary: 'The organization, in a list of one', response: { 200: CollectionBody } },
    },
    (request) =>
      readIn(needs, request, async (context) => {
        const { select } = readQueryOptions(request, rules)
        const shown = await organizationResource.render(context, [context.scope.tenantId], select)
        return { '@odata.context': collectionContext(context.base, 'organization', select), value: [...shown.values()] }
      }),
  )

  app.get(
    '/organization/:id',
    {
      config: { permission: read, query: rules },
      schema: { tags, summary: 'The organization', params: Id, response: { 200: EntityBody } },
    },
    (request, reply) =>
      answerEntity(needs, request, reply, {
        resource: organizationResource,
        rules,
        find: async () => request.params.id.toLowerCase(),
        notFound: () => refusals.notFound(request.params.id.slice(0, 64)),
      }),
  )

  app.patch(
    '/organization/:id',
    {
      config: { permission: write },
      schema: { tags, summary: 'Change it', params: Id, body: OrganizationChanges, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const { id } = request.params
      if (id.toLowerCase() !== request.caller.tenantId) throw refusals.notFound(id.slice(0, 64))
      await changeOrganization(needs, request.caller, request.body)
      return reply.code(204).send(null)
    },
  )
}
export default routes
