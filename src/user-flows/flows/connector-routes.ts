import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { idempotencyOf } from '../../graph/idempotency.js'
import { type AnswerNeeds, answerEntity, readIn } from '../../graph/odata/answer.js'
import { entityContext, resourceUrl, valueContext } from '../../graph/odata/context.js'
import { readQueryOptions } from '../../graph/odata/query-options.js'
import type { Entity, ReadContext } from '../../graph/odata/resource.js'
import { EntityBody } from '../../graph/odata/schema.js'
import {
  CertificateUpload,
  ConnectorChanges,
  type ConnectorNeeds,
  connectorResource,
  connectorRules,
} from '../connectors/index.js'
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

type Needs = FlowNeeds & AnswerNeeds & Pick<ConnectorNeeds, 'egress' | 'flowsAsking'>
type App = Parameters<FastifyPluginAsyncTypebox>[0]

/** `/identity/b2xUserFlows/{id}/apiConnectorConfiguration`: which of the organization's systems a flow asks, and when. */
export const connectorSlotRoutes: FastifyPluginAsyncTypebox<{ needs: Needs }> = async (app, { needs }) => {
  configurationRoute(app, needs)
  for (const slot of SLOTS) {
    readRoutes(app, needs, slot)
    referenceRoutes(app, needs, slot)
    changeRoutes(app, needs, slot)
  }
}

/** Both slots at once. */
function configurationRoute(app: App, needs: Needs): void {
  app.get(
    PATH,
    {
      config: { permission: readFlows, query: configurationRules },
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
}

/** The connector in a slot, and where it is. */
function readRoutes(app: App, needs: Needs, slot: Slot): void {
  const inSlot = async (context: ReadContext, name: string) => {
    const id = (await flowIn(context, name))[slot]
    if (id === null) throw refusals.notFound(slot)
    return id
  }

  app.get(
    `${PATH}/${slot}`,
    {
      config: { permission: readFlows, query: connectorRules },
      schema: {
        tags,
        summary: `Read the connector that is asked in ${slot}`,
        params: Id,
        response: { 200: EntityBody },
      },
    },
    (request, reply) =>
      answerEntity(needs, request, reply, {
        resource: connectorResource,
        rules: connectorRules,
        find: (context) => inSlot(context, request.params.id),
        notFound: () => refusals.notFound(slot),
      }),
  )

  app.get(
    `${PATH}/${slot}/$ref`,
    {
      config: { permission: readFlows },
      schema: { tags, summary: `Read where the connector of ${slot} is`, params: Id, response: { 200: EntityBody } },
    },
    (request) =>
      readIn(needs, request, async (context) => ({
        '@odata.context': valueContext(context.base, '$ref'),
        '@odata.id': resourceUrl(context.base, `/identity/apiConnectors/${await inSlot(context, request.params.id)}`),
      })),
  )
}

/** Which connector a flow asks. */
function referenceRoutes(app: App, needs: Needs, slot: Slot): void {
  const config = { permission: writeFlows }

  app.put(
    `${PATH}/${slot}/$ref`,
    {
      config,
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
    `${PATH}/${slot}/$ref`,
    {
      config,
      schema: { tags, summary: `Have a user flow ask nobody in ${slot}`, params: Id, response: nothing },
    },
    async (request, reply) => {
      await clearConnector(needs, request.caller, request.params.id, slot)
      return reply.code(204).send(null)
    },
  )
}

/** The connector itself, by way of the flow that asks it. */
function changeRoutes(app: App, needs: Needs, slot: Slot): void {
  const path = `${PATH}/${slot}`
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
