import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { idempotencyOf } from '../../graph/idempotency.js'
import { answerCreated, baseOf } from '../../graph/odata/answer.js'
import { entityContext, valueContext } from '../../graph/odata/context.js'
import { EntityBody } from '../../graph/odata/schema.js'
import { wholeItemRoute, wholeListRoutes } from '../../graph/odata/whole-list.js'
import { mustReadPolicies } from '../../policies/index.js'
import type { ProviderNeeds } from './change.js'
import { changeRedemptionOrder } from './change-order.js'
import { changeProvider, createProvider, removeProvider } from './change-providers.js'
import { refusals } from './errors.js'
import { setFor } from './read-providers.js'
import { BUILT_IN, SOCIAL } from './rules.js'
import { OrderBody, ProviderChanges, ProviderCreation } from './schema.js'
import { identityProviderList, showOrder, showProviders } from './show.js'

const Id = Type.Object({ id: Type.String() })
const tags = ['identityProviders']
const both = (...names: string[]) => ({ application: names, delegated: names })
const read = both('IdentityProvider.Read.All', 'IdentityProvider.ReadWrite.All')
const write = both('IdentityProvider.ReadWrite.All')
const SET = 'identity/identityProviders'

/** `/identity/identityProviders`: where guests may sign in, and `/policies/crossTenantAccessPolicy/default`: in which order. */
const routes: FastifyPluginAsyncTypebox<{ needs: ProviderNeeds }> = async (app, { needs }) => {
  const find = async (request: FastifyRequest, id: string) => {
    const shown = showProviders(await setFor(needs, request.caller)).find((one) => one['id'] === id)
    if (!shown) throw refusals.notFound(id)
    return { '@odata.context': entityContext(baseOf(request), SET), ...shown }
  }

  const served = {
    what: 'identity providers',
    tags,
    config: { permission: read },
    list: identityProviderList,
    hold: async ({ caller }: FastifyRequest) => ({ set: SET, entities: showProviders(await setFor(needs, caller)) }),
  }
  wholeListRoutes(app, needs, { ...served, path: `/${SET}` })
  wholeItemRoute(app, needs, {
    ...served,
    path: `/${SET}/:id`,
    summary: 'Read an identity provider',
    params: Id,
    id: ({ params }) => (params as { id: string }).id,
    notFound: refusals.notFound,
  })

  app.get(
    '/identity/identityProviders/availableProviderTypes',
    {
      config: { permission: read },
      schema: { tags, summary: 'What can be created', response: { 200: EntityBody } },
    },
    async (request) => {
      mustReadPolicies(request.caller)
      const value = [...Object.keys(SOCIAL), ...Object.keys(BUILT_IN), 'OpenIDConnect']
      return { '@odata.context': valueContext(baseOf(request), 'Collection(Edm.String)'), value }
    },
  )

  app.post(
    '/identity/identityProviders',
    {
      config: { permission: write, takesIdempotencyKey: true },
      schema: { tags, summary: 'Create an identity provider', body: ProviderCreation, response: { 201: EntityBody } },
    },
    async (request, reply) => {
      const id = await createProvider(needs, request.caller, request.body, idempotencyOf(request))
      return answerCreated(request, reply, `/${SET}/${id}`, await find(request, id))
    },
  )

  app.patch(
    '/identity/identityProviders/:id',
    {
      config: { permission: write },
      schema: {
        tags,
        summary: 'Change an identity provider',
        params: Id,
        body: ProviderChanges,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await changeProvider(needs, request.caller, request.params.id, request.body)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/identity/identityProviders/:id',
    {
      config: { permission: write },
      schema: { tags, summary: 'Delete an identity provider', params: Id, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      await removeProvider(needs, request.caller, request.params.id)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/policies/crossTenantAccessPolicy/default',
    {
      config: { permission: both('Policy.Read.All', 'Policy.ReadWrite.CrossTenantAccess') },
      schema: { tags: ['policies'], summary: 'Where guests sign in', response: { 200: EntityBody } },
    },
    async (request) => ({
      '@odata.context': entityContext(baseOf(request), 'policies/crossTenantAccessPolicy/default'),
      ...showOrder(await setFor(needs, request.caller)),
    }),
  )

  app.patch(
    '/policies/crossTenantAccessPolicy/default',
    {
      config: { permission: both('Policy.ReadWrite.CrossTenantAccess') },
      schema: { tags: ['policies'], summary: 'Change it', body: OrderBody, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      await changeRedemptionOrder(needs, request.caller, request.body)
      return reply.code(204).send(null)
    },
  )
}
export default routes
