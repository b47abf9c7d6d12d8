import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { idempotencyOf } from '../../graph/idempotency.js'
import { type AnswerNeeds, readIn } from '../../graph/odata/answer.js'
import { entityContext, resourceUrl, valueContext } from '../../graph/odata/context.js'
import { readQueryOptions } from '../../graph/odata/query-options.js'
import type { Entity, ReadContext } from '../../graph/odata/resource.js'
import { EntityBody } from '../../graph/odata/schema.js'
import { CertificateUpload, ConnectorChanges, type ConnectorNeeds, connectorResource } from '../connectors/index.js'
import { refusals } from '../errors.js'
import type { FlowNeeds } from '../needs.js'
import { readFlows, writeFlows } from '../permissions.js'
import { clearConnector, SLOTS, type Slot, setConnector } from './change-connectors.js'
import { configurationRules } from './configuration-rules.js'
import { flowIn, partOf } from './find-flow.js'
import { FlowReference } from './schema.js'
import { changeInSlot, deleteInSlot, uploadInSlot } from './slot-connector.js'
import { findFlow } from './store.js'

const Id = Type.Object({ id: Type.String() })
const tags = ['userFlows']
const PATH = '/identity/b2xUserFlows/:id/apiConnectorConfiguration'
const nothing = { 204: Type.Null() }
const writeConnectors = {
  application: ['APIConnectors.ReadWrite.All'],
  delegated: ['APIConnectors.ReadWrite.All'],
}

const both = [['APIConnectors.ReadWrite.All', 'IdentityUserFlow.ReadWrite.All']]
const writeBoth = { application: both, delegated: both }

type SlotNeeds = FlowNeeds & AnswerNeeds & Pick<ConnectorNeeds, 'egress' | 'flowsAsking'>
type App = Parameters<FastifyPluginAsyncTypebox>[0]

/** `/identity/b2xUserFlows/{id}/apiConnectorConfiguration`: which of the organization's systems a flow asks, and when. */
export const connectorSlotRoutes: FastifyPluginAsyncTypebox<{ needs: SlotNeeds }> = async (app, { needs }) => {
  const read = { permission: readFlows }
  const write = { permission: writeFlows }

  app.get(
    PATH,
    {
      config: { ...read, query: configurationRules },
      schema: { tags, summary: 'Read which connectors a user flow asks', params: Id, response: { 200: EntityBody } },
    },
    (request) => {
      const { expand = [] } = readQueryOptions(request, configurationRules)
      return readIn(needs, request, async (context) => {
        const flow = await flowIn(context, request.params.id)
        const shown: Entity = {}
        for (const slot of SLOTS) {
          const wanted = expand.find(({ relation }) => relation === slot)
          if (wanted) shown[slot] = (await connectorOf(context, flow[slot], wanted.select)) ?? null
        }
        const set = partOf(flow, 'apiConnectorConfiguration')
        return { '@odata.context': valueContext(context.base, set), ...shown }
      })
    },
  )

  for (const slot of SLOTS) slotRoutes(slot)

  function slotRoutes(slot: Slot): void {
    const path = `${PATH}/${slot}`
    changeRoutes(app, needs, slot, path)
    const inSlot = <Result>(
      request: FastifyRequest,
      name: string,
      answer: (context: ReadContext, id: string) => Promise<Result> | Result,
    ) =>
      readIn(needs, request, async (context) => {
        const id = (await flowIn(context, name))[slot]
        if (id === null) throw refusals.notFound(slot)
        return answer(context, id)
      })

    app.get(
      path,
      {
        config: read,
        schema: {
          tags,
          summary: `Read the connector that is asked in ${slot}`,
          params: Id,
          response: { 200: EntityBody },
        },
      },
      (request) =>
        inSlot(request, request.params.id, async (context, id) => ({
          '@odata.context': entityContext(context.base, connectorResource.set),
          ...(await connectorOf(context, id)),
        })),
    )

    app.get(
      `${path}/$ref`,
      {
        config: read,
        schema: { tags, summary: `Read where the connector of ${slot} is`, params: Id, response: { 200: EntityBody } },
      },
      (request) =>
        inSlot(request, request.params.id, async (context, id) => ({
          '@odata.context': valueContext(context.base, '$ref'),
          '@odata.id': resourceUrl(context.base, `/identity/apiConnectors/${id}`),
        })),
    )

    app.put(
      `${path}/$ref`,
      {
        config: write,
        schema: {
          tags,
          summary: `Have a user flow ask a connector in ${slot}`,
          params: Id,
          body: FlowReference,
          response: nothing,
        },
      },
      async (request, reply) => {
        await setConnector(needs, request.caller, request.params.id, slot, request.body['@odata.id'])
        return reply.code(204).send(null)
      },
    )

    app.delete(
      `${path}/$ref`,
      {
        config: write,
        schema: { tags, summary: `Have a user flow ask nobody in ${slot}`, params: Id, response: nothing },
      },
      async (request, reply) => {
        await clearConnector(needs, request.caller, request.params.id, slot)
        return reply.code(204).send(null)
      },
    )
  }
}

/** The connector itself, by way of the flow that asks it. */
function changeRoutes(app: App, needs: SlotNeeds, slot: Slot, path: string): void {
  app.patch(
    path,
    {
      config: { permission: writeConnectors },
      schema: {
        tags,
        summary: `Change the connector that is asked in ${slot}`,
        params: Id,
        body: ConnectorChanges,
        response: nothing,
      },
    },
    async (request, reply) => {
      await changeInSlot(needs, request.caller, request.params.id, slot, request.body)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    path,
    {
      config: { permission: writeBoth },
      schema: { tags, summary: `Delete the connector that is asked in ${slot}`, params: Id, response: nothing },
    },
    async (request, reply) => {
      await deleteInSlot(needs, request.caller, request.params.id, slot)
      return reply.code(204).send(null)
    },
  )

  app.post(
    `${path}/uploadClientCertificate`,
    {
      config: { permission: writeConnectors, takesIdempotencyKey: true },
      schema: {
        tags,
        summary: `Upload a client certificate of the connector that is asked in ${slot}`,
        params: Id,
        body: CertificateUpload,
        response: { 200: EntityBody },
      },
    },
    async (request) => {
      const { id: name } = request.params
      await uploadInSlot(needs, request.caller, name, slot, request.body, idempotencyOf(request))
      return readIn(needs, request, async (context) => ({
        '@odata.context': entityContext(context.base, connectorResource.set),
        ...(await connectorOf(context, (await findFlow(context.scope, name))?.[slot] ?? null)),
      }))
    },
  )
}

async function connectorOf(
  context: ReadContext,
  id: string | null,
  select?: readonly string[],
): Promise<Entity | undefined> {
  return id === null ? undefined : (await connectorResource.render(context, [id], select)).get(id)
}
