import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { idempotencyOf } from '../../graph/idempotency.js'
import { type AnswerNeeds, answerCreated, answerEntity, readIn } from '../../graph/odata/answer.js'
import { collectionRoutes } from '../../graph/odata/collection-routes.js'
import { entityContext } from '../../graph/odata/context.js'
import { EntityBody } from '../../graph/odata/schema.js'
import { refusals } from '../errors.js'
import { mustRead } from '../must-read.js'
import type { FlowNeeds } from '../needs.js'
import { readFlows, writeFlows } from '../permissions.js'
import { attributeCollection, attributeResource, attributeRules } from './attribute-resource.js'
import { changeAttribute, createAttribute, removeAttribute } from './change-attributes.js'
import { attributeKey } from './find-attribute.js'
import { AttributeChanges, NewAttribute } from './schema.js'

const Id = Type.Object({ id: Type.String() })
const tags = ['userFlows']
const PATH = '/identity/userFlowAttributes'

/** `/identity/userFlowAttributes`: what flows can ask. */
export const attributeRoutes: FastifyPluginAsyncTypebox<{ needs: FlowNeeds & AnswerNeeds }> = async (
  app,
  { needs },
) => {
  const read = { permission: readFlows }
  const write = { permission: writeFlows }

  collectionRoutes(app, needs, {
    path: PATH,
    what: 'attributes that user flows can ask',
    tags,
    config: read,
    collection: attributeCollection,
    within: () => ({ path: PATH, open: mustRead }),
  })

  app.post(
    PATH,
    {
      config: { ...write, takesIdempotencyKey: true },
      schema: { tags, summary: 'Create a custom attribute', body: NewAttribute, response: { 201: EntityBody } },
    },
    async (request, reply) => {
      const key = await createAttribute(needs, request.caller, request.body, idempotencyOf(request))
      const entity = await readIn(needs, request, async (context) => {
        const shown = (await attributeResource.render(context, [key])).get(key)
        return { '@odata.context': entityContext(context.base, attributeResource.set), ...shown }
      })
      return answerCreated(request, reply, `${PATH}/${'id' in entity ? entity.id : ''}`, entity)
    },
  )

  app.get(
    `${PATH}/:id`,
    {
      config: { ...read, query: attributeRules },
      schema: { tags, summary: 'Read an attribute', params: Id, response: { 200: EntityBody } },
    },
    (request, reply) =>
      answerEntity(needs, request, reply, {
        resource: attributeResource,
        rules: attributeRules,
        find: (context) => attributeKey(context, request.params.id),
        notFound: () => refusals.notFound(request.params.id),
      }),
  )

  app.patch(
    `${PATH}/:id`,
    {
      config: write,
      schema: {
        tags,
        summary: 'Change a custom attribute',
        params: Id,
        body: AttributeChanges,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await changeAttribute(needs, request.caller, request.params.id, request.body)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    `${PATH}/:id`,
    {
      config: write,
      schema: { tags, summary: 'Delete a custom attribute', params: Id, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      await removeAttribute(needs, request.caller, request.params.id)
      return reply.code(204).send(null)
    },
  )
}
