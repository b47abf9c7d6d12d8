import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { idempotencyOf } from '../../graph/idempotency.js'
import { type AnswerNeeds, readIn } from '../../graph/odata/answer.js'
import type { Entity, ReadContext } from '../../graph/odata/resource.js'
import { wholeItemRoute, wholeListRoutes, wholeReferenceRoute } from '../../graph/odata/whole-list.js'
import { identityProviderList } from '../../sign-in/index.js'
import { refusals } from '../errors.js'
import type { FlowNeeds } from '../needs.js'
import { readFlows, writeFlows } from '../permissions.js'
import { addProvider, providerIn, removeProvider } from './change-providers.js'
import { flowIn, partOf } from './find-flow.js'
import { asIdentityProvider, oldProviderList, providerResource } from './provider-resource.js'
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

type App = Parameters<FastifyPluginAsyncTypebox>[0]
type Needs = FlowNeeds & AnswerNeeds

/** What people can sign up to a flow with. */
export const providerRoutes: FastifyPluginAsyncTypebox<{ needs: Needs }> = async (app, { needs }) => {
  listRoutes(app, needs)
  changeRoutes(app, needs)
}

/** `identityProviders` is Graph's older list of the same. */
function listRoutes(app: App, needs: Needs): void {
  const listIn = (part: string, show: (provider: Entity) => Entity) => (request: FastifyRequest) =>
    readIn(needs, request, async (context) => {
      const flow = await flowIn(context, (request.params as { id: string }).id)
      return { set: partOf(flow, part), entities: (await providersOf(context, flow)).map(show) }
    })
  const what = 'identity providers of a user flow'
  const current = {
    what,
    tags,
    params: Id,
    config: { permission: readFlows },
    list: identityProviderList,
    hold: listIn('userFlowIdentityProviders', (provider) => provider),
  }
  const old = {
    ...current,
    what: `${what} in the older form`,
    list: oldProviderList,
    hold: listIn('identityProviders', asIdentityProvider),
  }
  wholeListRoutes(app, needs, { ...current, path: LIST })
  wholeReferenceRoute(app, needs, { ...current, path: LIST, urlOf: (id) => `/identity/identityProviders/${id}` })
  wholeListRoutes(app, needs, { ...old, path: OLD })
  wholeItemRoute(app, needs, {
    ...old,
    path: `${OLD}/:provider`,
    summary: 'Read one in the older form',
    params: Item,
    id: ({ params }) => (params as { provider: string }).provider,
    notFound: refusals.notFound,
  })
}

function changeRoutes(app: App, needs: Needs): void {
  const write = { permission: writeFlows }

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
