import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { idempotencyOf } from '../../graph/idempotency.js'
import {
  type AnswerNeeds,
  answerCollection,
  answerCount,
  answerCreated,
  answerEntity,
  countRules,
  readIn,
  type Within,
} from '../../graph/odata/answer.js'
import { entityContext, valueContext } from '../../graph/odata/context.js'
import type { ReadContext } from '../../graph/odata/resource.js'
import { CollectionBody, CountBody, EntityBody } from '../../graph/odata/schema.js'
import { answerChange } from '../../graph/preferences.js'
import { attributeResource, attributeRules } from '../attributes/attribute-resource.js'
import { findAttribute } from '../attributes/store.js'
import { refusals } from '../errors.js'
import type { FlowNeeds } from '../needs.js'
import { readFlows, writeFlows } from '../permissions.js'
import { assignmentCollection, assignmentResource, assignmentRules, assignmentsOf } from './assignment-resource.js'
import { findAssignment, readAssignments } from './assignments-store.js'
import { addAssignment, changeAssignment, orderAssignments, removeAssignment } from './change-assignments.js'
import { flowIn, partOf } from './find-flow.js'
import { AssignmentChanges, AssignmentOrder, NewAssignment } from './schema.js'

const Id = Type.Object({ id: Type.String() })
const Item = Type.Object({ id: Type.String(), attribute: Type.String() })
const tags = ['userFlows']
const SET = 'userAttributeAssignments'
const LIST = `/identity/b2xUserFlows/:id/${SET}`
const ITEM = `${LIST}/:attribute`
const nothing = { 204: Type.Null() }

/** `/identity/b2xUserFlows/{id}/userAttributeAssignments`: what a flow asks. */
export const assignmentRoutes: FastifyPluginAsyncTypebox<{ needs: FlowNeeds & AnswerNeeds }> = async (
  app,
  { needs },
) => {
  const read = { permission: readFlows }
  const write = { permission: writeFlows }
  const within = (name: string): Within => ({
    path: `/identity/b2xUserFlows/${name.toLowerCase()}/${SET}`,
    open: async (context) => assignmentsOf((await flowIn(context, name)).id),
  })
  const find = async (context: ReadContext, { id, attribute }: { id: string; attribute: string }) => {
    const flow = await flowIn(context, id)
    const row = await findAssignment(context.scope, flow.id, attribute)
    if (!row) throw refusals.notFound(attribute)
    return { flow, row }
  }
  const show = (request: FastifyRequest, item: { id: string; attribute: string }) =>
    readIn(needs, request, async (context) => {
      const { flow, row } = await find(context, item)
      const [shown] = await assignmentResource.show(context, [row])
      return { '@odata.context': entityContext(context.base, partOf(flow, SET)), ...shown }
    })

  app.get(
    LIST,
    {
      config: { ...read, query: assignmentCollection.rules },
      schema: { tags, summary: 'List what a user flow asks', params: Id, response: { 200: CollectionBody } },
    },
    async (request) => {
      const { id } = request.params
      const { name } = await readIn(needs, request, (context) => flowIn(context, id))
      const collection = { ...assignmentCollection, set: partOf({ name }, SET) }
      return answerCollection(needs, request, collection, within(id))
    },
  )

  app.get(
    `${LIST}/$count`,
    {
      config: { ...read, query: countRules(assignmentCollection) },
      schema: { tags, summary: 'Count what a user flow asks', params: Id, response: { 200: CountBody } },
    },
    (request, reply) => answerCount(needs, request, reply, assignmentCollection, within(request.params.id)),
  )

  app.post(
    LIST,
    {
      config: { ...write, takesIdempotencyKey: true },
      schema: {
        tags,
        summary: 'Have a user flow ask an attribute',
        params: Id,
        body: NewAssignment,
        response: { 201: EntityBody },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      await addAssignment(needs, request.caller, id, request.body, idempotencyOf(request))
      const entity: Record<string, unknown> = await show(request, { id, attribute: request.body.userAttribute.id })
      return answerCreated(request, reply, `/identity/b2xUserFlows/${id}/${SET}/${String(entity['id'])}`, entity)
    },
  )

  app.get(
    `${LIST}/getOrder`,
    {
      config: read,
      schema: { tags, summary: 'Read in which order a user flow asks', params: Id, response: { 200: EntityBody } },
    },
    (request) =>
      readIn(needs, request, async (context) => {
        const flow = await flowIn(context, request.params.id)
        const rows = await readAssignments(context.scope, [flow.id])
        return {
          '@odata.context': valueContext(context.base, 'microsoft.graph.assignmentOrder'),
          order: rows.map(({ attributeId }) => attributeId),
        }
      }),
  )

  app.post(
    `${LIST}/setOrder`,
    {
      config: write,
      schema: { tags, summary: 'Change that order', params: Id, body: AssignmentOrder, response: nothing },
    },
    async (request, reply) => {
      await orderAssignments(needs, request.caller, request.params.id, request.body.newAssignmentOrder.order)
      return reply.code(204).send(null)
    },
  )

  app.get(
    ITEM,
    {
      config: { ...read, query: assignmentRules },
      schema: { tags, summary: 'Read how a user flow asks an attribute', params: Item, response: { 200: EntityBody } },
    },
    async (request, reply) => {
      const { flow } = await readIn(needs, request, (context) => find(context, request.params))
      return answerEntity(needs, request, reply, {
        resource: assignmentResource,
        rules: assignmentRules,
        set: partOf(flow, SET),
        find: async (context) => (await find(context, request.params)).row.id,
        notFound: () => refusals.notFound(request.params.attribute),
      })
    },
  )

  app.patch(
    ITEM,
    {
      config: write,
      schema: {
        tags,
        summary: 'Change how a user flow asks an attribute',
        params: Item,
        body: AssignmentChanges,
        response: { 200: EntityBody, ...nothing },
      },
    },
    async (request, reply) => {
      const { id, attribute } = request.params
      await changeAssignment(needs, request.caller, id, attribute, request.body)
      return answerChange(request, reply, () => show(request, request.params))
    },
  )

  app.delete(
    ITEM,
    {
      config: write,
      schema: { tags, summary: 'Have a user flow no longer ask it', params: Item, response: nothing },
    },
    async (request, reply) => {
      await removeAssignment(needs, request.caller, request.params.id, request.params.attribute)
      return reply.code(204).send(null)
    },
  )

  app.get(
    `${ITEM}/userAttribute`,
    {
      config: { ...read, query: attributeRules },
      schema: { tags, summary: 'Read the attribute that is asked', params: Item, response: { 200: EntityBody } },
    },
    (request, reply) =>
      answerEntity(needs, request, reply, {
        resource: attributeResource,
        rules: attributeRules,
        async find(context) {
          const { row } = await find(context, request.params)
          return (await findAttribute(context.scope, row.attributeId))?.key
        },
        notFound: () => refusals.notFound(request.params.attribute),
      }),
  )
}
