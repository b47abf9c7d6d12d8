import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { idempotencyOf } from '../../graph/idempotency.js'
import { answerEntity, baseOf, readIn } from '../../graph/odata/answer.js'
import { collectionRoutes } from '../../graph/odata/collection-routes.js'
import { entityContext } from '../../graph/odata/context.js'
import { EntityBody } from '../../graph/odata/schema.js'
import { isGuid } from '../../kernel/ids.js'
import { decideRequest, type Verdict } from './decide-request.js'
import { deleteRequest } from './delete-request.js'
import { refusals } from './errors.js'
import type { RequestNeeds } from './needs.js'
import { ofFlow, requestCollection, requestRules } from './query.js'
import { requestResource } from './request-resource.js'
import { readReason } from './rules.js'
import { Denial } from './schema.js'
import { actorOf, findVisible, mustAdminister, mustDecide, openFlow } from './visible.js'

const read = ['IdentityUserFlow.Read.All', 'IdentityUserFlow.ReadWrite.All']
const write = ['IdentityUserFlow.ReadWrite.All']
const mayRead = { application: read, delegated: read }
const mayWrite = { application: write, delegated: write }

const tags = ['signUpRequests']
const Flow = Type.Object({ id: Type.String() })
const Request = Type.Object({ id: Type.String(), requestId: Type.String() })
const PATH = '/identity/b2xUserFlows/:id/signUpRequests'

/** `/identity/b2xUserFlows/{id}/signUpRequests`, an addition: sign-ups that wait for a yes, and what became of them. */
const routes: FastifyPluginAsyncTypebox<{ needs: RequestNeeds }> = async (app, { needs }) => {
  collectionRoutes(app, needs, {
    path: PATH,
    what: 'sign-up requests of a user flow, newest first',
    tags,
    params: Flow,
    config: { permission: mayRead },
    collection: requestCollection,
    within: (request) => {
      const { id } = request.params as { id: string }
      return {
        path: `/identity/b2xUserFlows/${id.toLowerCase()}/signUpRequests`,
        open: async ({ scope, caller }) => ofFlow(await openFlow(scope, caller, id)),
      }
    },
  })

  app.get(
    `${PATH}/:requestId`,
    {
      config: { permission: mayRead, query: requestRules },
      schema: { tags, summary: 'Read a sign-up request', params: Request, response: { 200: EntityBody } },
    },
    (request, reply) => {
      const { id } = request.params
      const requestId = guid(request.params.requestId)
      return answerEntity(needs, request, reply, {
        resource: requestResource,
        rules: requestRules,
        find: ({ scope, caller }) => findVisible(scope, caller, id, requestId),
        notFound: () => refusals.notFound(requestId),
      })
    },
  )

  const decide = async (request: FastifyRequest, given: { id: string; requestId: string }, verdict: Verdict) => {
    const { caller } = request
    const decided = await decideRequest(needs, caller.tenantId, {
      flowId: given.id,
      requestId: guid(given.requestId),
      verdict,
      actor: actorOf(caller),
      mustBeAllowed: (scope) => mustDecide(scope, caller, given.id),
      idempotent: idempotencyOf(request),
    })
    const [shown] = await readIn(needs, request, (context) => requestResource.show(context, [decided]))
    return { '@odata.context': entityContext(baseOf(request), requestResource.set), ...shown }
  }
  const config = { permission: mayWrite, takesIdempotencyKey: true, shows: requestResource.type }

  app.post(
    `${PATH}/:requestId/approve`,
    {
      config,
      schema: { tags, summary: 'Approve: the guest is created', params: Request, response: { 200: EntityBody } },
    },
    (request) => decide(request, request.params, { outcome: 'approve' }),
  )

  app.post(
    `${PATH}/:requestId/deny`,
    {
      config,
      schema: {
        tags,
        summary: 'Deny, with a reason',
        params: Request,
        body: Type.Optional(Denial),
        response: { 200: EntityBody },
      },
    },
    (request) => decide(request, request.params, { outcome: 'deny', reason: readReason(request.body?.reason) }),
  )

  app.delete(
    `${PATH}/:requestId`,
    {
      config: { permission: mayWrite },
      schema: {
        tags,
        summary: 'Forget a request: its visitor may ask again',
        params: Request,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { caller, params } = request
      mustAdminister(caller)
      const requestId = guid(params.requestId)
      await deleteRequest(needs, caller.tenantId, { flowId: params.id, requestId, actor: actorOf(caller) })
      return reply.code(204).send(null)
    },
  )
}
export default routes

/** An id that is none belongs to no request. */
function guid(id: string): string {
  if (!isGuid(id)) throw refusals.notFound(id.slice(0, 64))
  return id.toLowerCase()
}
