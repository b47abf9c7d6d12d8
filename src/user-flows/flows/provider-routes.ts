import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { idempotencyOf } from '../../graph/idempotency.js'
import { type AnswerNeeds, readIn } from '../../graph/odata/answer.js'
import { collectionContext, entityContext, resourceUrl } from '../../graph/odata/context.js'
import type { Entity, ReadContext } from '../../graph/odata/resource.js'
import { CollectionBody, CountBody, EntityBody } from '../../graph/odata/schema.js'
import { refusals } from '../errors.js'
import type { FlowNeeds } from '../needs.js'
import { readFlows, writeFlows } from '../permissions.js'
import { addProvider, providerIn, removeProvider } from './change-providers.js'
import { flowIn, partOf } from './find-flow.js'
import { asIdentityProvider, providerResource } from './provider-resource.js'
import { referenceIn } from './references.js'
import { FlowReference } from './schema.js'
import { readFlowProviders } from './store.js'
import type { UserFlowRow } from './tables.js'

const Id = Type.Object({ id: Type.String() })
const Item = Type.Object({ id: Type.String(), provider: Type.String() })
const tags = ['userFlows']
const FLOW = '/identity/b2xUserFlows/:id'
const LIST = `${FLOW}/userFlowIdentityProviders`
const OLD = `${FLOW}/identityProviders`
const nothing = { 204: Type.Null() }

/** What people can sign up to a flow with. `identityProviders` is Graph's older list of the same. */
export const providerRoutes: FastifyPluginAsyncTypebox<{ needs: FlowNeeds & AnswerNeeds }> = async (app, { needs }) => {
  const read = { permission: readFlows }
  const write = { permission: writeFlows }
  const listIn = <Result>(
    request: FastifyRequest,
    name: string,
    answer: (context: ReadContext, flow: UserFlowRow, providers: Entity[]) => Result,
  ) =>
    readIn(needs, request, async (context) => {
      const flow = await flowIn(context, name)
      return answer(context, flow, await providersOf(context, flow))
    })

  app.get(
    LIST,
    {
      config: read,
      schema: {
        tags,
        summary: 'List identity providers of a user flow',
        params: Id,
        response: { 200: CollectionBody },
      },
    },
    (request) =>
      listIn(request, request.params.id, (context, flow, value) => ({
        '@odata.context': collectionContext(context.base, partOf(flow, 'userFlowIdentityProviders')),
        value,
      })),
  )

  app.get(
    OLD,
    {
      config: read,
      schema: { tags, summary: 'List them in the older form', params: Id, response: { 200: CollectionBody } },
    },
    (request) =>
      listIn(request, request.params.id, (context, flow, providers) => ({
        '@odata.context': collectionContext(context.base, partOf(flow, 'identityProviders')),
        value: providers.map(asIdentityProvider),
      })),
  )

  for (const list of [LIST, OLD]) {
    app.get(
      `${list}/$count`,
      {
        config: read,
        schema: { tags, summary: 'Count identity providers of a user flow', params: Id, response: { 200: CountBody } },
      },
      async (request, reply) => {
        const total = await listIn(request, request.params.id, (_context, _flow, { length }) => length)
        return reply.type('text/plain').send(String(total))
      },
    )
  }

  app.get(
    `${OLD}/:provider`,
    {
      config: read,
      schema: { tags, summary: 'Read one in the older form', params: Item, response: { 200: EntityBody } },
    },
    (request) =>
      listIn(request, request.params.id, (context, flow, providers) => {
        const { provider } = request.params
        const found = providers.find(({ id }) => String(id).toLowerCase() === provider.toLowerCase())
        if (!found) throw refusals.notFound(provider)
        const set = partOf(flow, 'identityProviders')
        return { '@odata.context': entityContext(context.base, set), ...asIdentityProvider(found) }
      }),
  )

  app.get(
    `${LIST}/$ref`,
    {
      config: read,
      schema: { tags, summary: 'List where they are', params: Id, response: { 200: CollectionBody } },
    },
    (request) =>
      listIn(request, request.params.id, (context, _flow, providers) => ({
        '@odata.context': collectionContext(context.base, 'Collection($ref)'),
        value: providers.map(({ id }): Entity => {
          const url = resourceUrl(context.base, `/identity/identityProviders/${String(id)}`)
          return { '@odata.id': url }
        }),
      })),
  )

  app.post(
    `${LIST}/$ref`,
    {
      config: { ...write, takesIdempotencyKey: true },
      schema: {
        tags,
        summary: 'Have a user flow offer an identity provider',
        params: Id,
        body: FlowReference,
        response: nothing,
      },
    },
    async (request, reply) => {
      const { '@odata.id': reference } = request.body
      await addProvider(needs, request.caller, request.params.id, reference, idempotencyOf(request))
      return reply.code(204).send(null)
    },
  )

  app.delete(
    `${LIST}/$ref`,
    {
      config: write,
      schema: { tags, summary: 'Have it no longer offer the one that @id names', params: Id, response: nothing },
    },
    async (request, reply) => {
      const provider = providerIn(referenceIn(request.query))
      await removeProvider(needs, request.caller, request.params.id, provider)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    `${LIST}/:provider/$ref`,
    {
      config: write,
      schema: { tags, summary: 'Have it no longer offer one', params: Item, response: nothing },
    },
    async (request, reply) => {
      await removeProvider(needs, request.caller, request.params.id, request.params.provider)
      return reply.code(204).send(null)
    },
  )
}

/** In the order in which they are offered; those that the organization no longer has are left out. */
async function providersOf(context: ReadContext, flow: UserFlowRow): Promise<Entity[]> {
  const ids = (await readFlowProviders(context.scope, [flow.id])).map(({ providerId }) => providerId)
  const shown = await providerResource.render(context, ids)
  return ids.flatMap((id) => {
    const provider = shown.get(id)
    return provider ? [provider] : []
  })
}
