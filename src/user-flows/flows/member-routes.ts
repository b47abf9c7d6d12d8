import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { Caller } from '../../graph/caller.js'
import { idempotencyOf } from '../../graph/idempotency.js'
import { type AnswerNeeds, readIn } from '../../graph/odata/answer.js'
import { collectionRoutes } from '../../graph/odata/collection-routes.js'
import { collectionContext } from '../../graph/odata/context.js'
import { expandInto } from '../../graph/odata/expand.js'
import { ReferenceBody, referencedId, referenceOfQuery } from '../../graph/odata/reference.js'
import { CollectionBody } from '../../graph/odata/schema.js'
import { isGuid } from '../../kernel/ids.js'
import type { IdempotentRequest } from '../../platform/idempotency/request.js'
import { refusals } from '../errors.js'
import type { FlowNeeds } from '../needs.js'
import { readFlows, writeFlows } from '../permissions.js'
import { attachApplication, detachApplication } from './change-applications.js'
import { addApprover, removeApprover } from './change-approvers.js'
import { flowIn } from './find-flow.js'
import { applicationsOf, flowApplications, flowResource } from './flow-resource.js'

const Id = Type.Object({ id: Type.String() })
const Item = Type.Object({ id: Type.String(), item: Type.String() })
const tags = ['userFlows']
const FLOW = '/identity/b2xUserFlows/:id'
const nothing = { 204: Type.Null() }

/** Additions: which applications sign people up by a flow, and who approves. */
export const memberRoutes: FastifyPluginAsyncTypebox<{ needs: FlowNeeds & AnswerNeeds }> = async (app, { needs }) => {
  const read = { permission: readFlows }
  const write = { permission: writeFlows }

  collectionRoutes(app, needs, {
    path: `${FLOW}/applications`,
    what: 'applications of a user flow',
    tags,
    params: Id,
    config: read,
    collection: flowApplications,
    within: (_request, name) => ({
      path: `/identity/b2xUserFlows/${name.toLowerCase()}/applications`,
      open: async (context) => applicationsOf((await flowIn(context, name)).id),
    }),
  })

  app.get(
    `${FLOW}/approvers`,
    {
      config: read,
      schema: { tags, summary: 'List who decides on requests', params: Id, response: { 200: CollectionBody } },
    },
    (request) =>
      readIn(needs, request, async (context) => {
        const { id } = await flowIn(context, request.params.id)
        const entity: { approvers?: Record<string, unknown>[] } = {}
        await expandInto(context, flowResource, [{ id, entity }], [{ relation: 'approvers' }])
        return { '@odata.context': collectionContext(context.base, 'directoryObjects'), value: entity.approvers ?? [] }
      }),
  )

  const lists = [
    {
      path: `${FLOW}/applications`,
      what: 'an application that signs people up by a user flow',
      add: (...[caller, flow, id, key]: Addition) => attachApplication(needs, caller, flow, id, key),
      remove: (...[caller, flow, id]: Change) => detachApplication(needs, caller, flow, id),
    },
    {
      path: `${FLOW}/approvers`,
      what: 'a user or group that decides on requests of a user flow',
      add: (...[caller, flow, id, key]: Addition) => addApprover(needs, caller, flow, id, key),
      remove: (...[caller, flow, id]: Change) => removeApprover(needs, caller, flow, id),
    },
  ]
  for (const { path, what, add, remove } of lists) {
    app.post(
      `${path}/$ref`,
      {
        config: { ...write, takesIdempotencyKey: true },
        schema: { tags, summary: `Add ${what}`, params: Id, body: ReferenceBody, response: nothing },
      },
      async (request, reply) => {
        const added = referencedId(request.body['@odata.id'])
        await add(request.caller, request.params.id, added, idempotencyOf(request))
        return reply.code(204).send(null)
      },
    )

    app.delete(
      `${path}/$ref`,
      { config: write, schema: { tags, summary: `Remove ${what}, which @id names`, params: Id, response: nothing } },
      async (request, reply) => {
        await remove(request.caller, request.params.id, referenceOfQuery(request.query))
        return reply.code(204).send(null)
      },
    )

    app.delete(
      `${path}/:item/$ref`,
      { config: write, schema: { tags, summary: `Remove ${what}`, params: Item, response: nothing } },
      async (request, reply) => {
        const { id, item } = request.params
        if (!isGuid(item)) throw refusals.notFound(item)
        await remove(request.caller, id, item.toLowerCase())
        return reply.code(204).send(null)
      },
    )
  }
}

type Change = [caller: Caller, flow: string, object: string]
type Addition = [...Change, idempotent: IdempotentRequest | undefined]
