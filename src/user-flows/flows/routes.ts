import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { idempotencyOf } from '../../graph/idempotency.js'
import { type AnswerNeeds, answerCreated, answerEntity, readIn } from '../../graph/odata/answer.js'
import { collectionRoutes } from '../../graph/odata/collection-routes.js'
import { entityContext } from '../../graph/odata/context.js'
import type { ReadContext } from '../../graph/odata/resource.js'
import { EntityBody } from '../../graph/odata/schema.js'
import { answerChange, preconditionOf } from '../../graph/preferences.js'
import { refusals } from '../errors.js'
import { mustRead } from '../must-read.js'
import type { FlowNeeds } from '../needs.js'
import { readFlows, writeFlows } from '../permissions.js'
import { flowIn } from './find-flow.js'
import { flowCollection, flowResource, flowRules } from './flow-resource.js'
import { changeFlowProperties, createFlow, removeFlow } from './manage-flows.js'
import { FlowChanges, NewFlow } from './schema.js'

const Id = Type.Object({ id: Type.String() })
const tags = ['userFlows']
const PATH = '/identity/b2xUserFlows'
const ITEM = `${PATH}/:id`

/** `/identity/b2xUserFlows`: how people sign up by themselves. */
export const flowRoutes: FastifyPluginAsyncTypebox<{ needs: FlowNeeds & AnswerNeeds }> = async (app, { needs }) => {
  const read = { permission: readFlows }
  const write = { permission: writeFlows }
  const shown = async (context: ReadContext, key: string) => {
    const entity = (await flowResource.render(context, [key])).get(key)
    if (!entity) throw refusals.notFound(key)
    return { '@odata.context': entityContext(context.base, flowResource.set), ...entity }
  }
  const show = (request: FastifyRequest, name: string) =>
    readIn(needs, request, async (context) => shown(context, (await flowIn(context, name)).id))

  collectionRoutes(app, needs, {
    path: PATH,
    what: 'user flows',
    tags,
    config: read,
    collection: flowCollection,
    within: () => ({ path: PATH, open: mustRead }),
  })

  app.post(
    PATH,
    {
      config: { ...write, takesIdempotencyKey: true },
      schema: { tags, summary: 'Create a user flow', body: NewFlow, response: { 201: EntityBody } },
    },
    async (request, reply) => {
      const key = await createFlow(needs, request.caller, request.body, idempotencyOf(request))
      const entity: Record<string, unknown> = await readIn(needs, request, (context) => shown(context, key))
      return answerCreated(request, reply, `${PATH}/${String(entity['id'])}`, entity)
    },
  )

  app.get(
    ITEM,
    {
      config: { ...read, query: flowRules },
      schema: { tags, summary: 'Read a user flow', params: Id, response: { 200: EntityBody } },
    },
    (request, reply) =>
      answerEntity(needs, request, reply, {
        resource: flowResource,
        rules: flowRules,
        find: async (context) => (await flowIn(context, request.params.id)).id,
        notFound: () => refusals.notFound(request.params.id),
      }),
  )

  app.patch(
    ITEM,
    {
      config: write,
      schema: {
        tags,
        summary: 'Change what is an addition of a user flow',
        params: Id,
        body: FlowChanges,
        response: { 200: EntityBody, 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      await changeFlowProperties(needs, request.caller, id, request.body, preconditionOf(request))
      return answerChange(request, reply, () => show(request, id))
    },
  )

  app.delete(
    ITEM,
    {
      config: write,
      schema: { tags, summary: 'Delete a user flow', params: Id, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      await removeFlow(needs, request.caller, request.params.id, preconditionOf(request))
      return reply.code(204).send(null)
    },
  )
}
