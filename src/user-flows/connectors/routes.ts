import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { idempotencyOf } from '../../graph/idempotency.js'
import { type AnswerNeeds, baseOf, readIn } from '../../graph/odata/answer.js'
import { collectionRoutes } from '../../graph/odata/collection-routes.js'
import { collectionContext, entityContext, resourceUrl, valueContext } from '../../graph/odata/context.js'
import { readQueryOptions } from '../../graph/odata/query-options.js'
import { collectionBody, EntityBody } from '../../graph/odata/schema.js'
import {
  changeConnector,
  connectorId,
  createConnector,
  mustAdminister,
  removeConnector,
  uploadCertificate,
} from './change-connectors.js'
import { connectorCollection, connectorResource, connectorRules } from './connector-resource.js'
import { refusals } from './errors.js'
import type { ConnectorNeeds } from './needs.js'
import { readExchanges } from './read-exchanges.js'
import {
  CertificateUpload,
  ConnectorChanges,
  ConnectorTest,
  ConnectorTestResult,
  ExchangeBody,
  NewConnector,
} from './schema.js'
import { testConnector } from './test-connector.js'

const Id = Type.Object({ id: Type.String() })
const tags = ['identity.identityApiConnector']
const both = (...names: string[]) => ({ application: names, delegated: names })
const read = both('APIConnectors.Read.All', 'APIConnectors.ReadWrite.All')
const write = both('APIConnectors.ReadWrite.All')
const SET = 'identity/apiConnectors'
const PATH = `/${SET}`
const ITEM = `${PATH}/:id`

/** `/identity/apiConnectors`: the organization's own systems, which sign-ups ask. */
const routes: FastifyPluginAsyncTypebox<{ needs: ConnectorNeeds & AnswerNeeds }> = async (app, { needs }) => {
  const show = (request: FastifyRequest, id: string, select?: readonly string[]) =>
    readIn(needs, request, async (context) => {
      const found = await connectorResource.readOne(context, id, select)
      if (!found) throw refusals.notFound(id)
      return { '@odata.context': entityContext(context.base, SET, select), ...found.entity }
    })

  collectionRoutes(app, needs, {
    path: PATH,
    what: 'API connectors',
    tags,
    config: { permission: read },
    collection: connectorCollection,
    within: () => ({ path: PATH }),
    mustBeAllowed: ({ caller }) => mustAdminister(caller),
  })

  app.post(
    PATH,
    {
      config: { permission: write, takesIdempotencyKey: true },
      schema: { tags, summary: 'Create an API connector', body: NewConnector, response: { 201: EntityBody } },
    },
    async (request, reply) => {
      const id = await createConnector(needs, request.caller, request.body, idempotencyOf(request))
      return reply
        .code(201)
        .header('location', resourceUrl(baseOf(request), `${PATH}/${id}`))
        .send(await show(request, id))
    },
  )

  app.get(
    ITEM,
    {
      config: { permission: read, query: connectorRules },
      schema: { tags, summary: 'Read an API connector', params: Id, response: { 200: EntityBody } },
    },
    (request) => {
      mustAdminister(request.caller)
      const { select } = readQueryOptions(request, connectorRules)
      return show(request, connectorId(request.params.id), select)
    },
  )

  app.patch(
    ITEM,
    {
      config: { permission: write },
      schema: {
        tags,
        summary: 'Change an API connector',
        params: Id,
        body: ConnectorChanges,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await changeConnector(needs, request.caller, connectorId(request.params.id), request.body)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    ITEM,
    {
      config: { permission: write },
      schema: { tags, summary: 'Delete an API connector', params: Id, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      await removeConnector(needs, request.caller, connectorId(request.params.id))
      return reply.code(204).send(null)
    },
  )

  app.post(
    `${ITEM}/uploadClientCertificate`,
    {
      config: { permission: write, takesIdempotencyKey: true },
      schema: {
        tags,
        summary: 'Upload a client certificate',
        params: Id,
        body: CertificateUpload,
        response: { 200: EntityBody },
      },
    },
    async (request) => {
      const id = connectorId(request.params.id)
      await uploadCertificate(needs, request.caller, id, request.body, idempotencyOf(request))
      return show(request, id)
    },
  )

  app.post(
    `${ITEM}/test`,
    {
      config: { permission: write },
      schema: {
        tags,
        summary: 'Ask the connector and see what comes (addition)',
        params: Id,
        body: ConnectorTest,
        response: { 200: ConnectorTestResult },
      },
    },
    async (request) => ({
      '@odata.context': valueContext(baseOf(request), 'microsoft.graph.connectorTest'),
      ...(await testConnector(needs, request.caller, connectorId(request.params.id), request.body)),
    }),
  )

  app.get(
    `${ITEM}/exchanges`,
    {
      config: { permission: read },
      schema: {
        tags,
        summary: 'What was asked of it and what it said, without values: the last 100 (addition)',
        params: Id,
        response: { 200: collectionBody(ExchangeBody) },
      },
    },
    async (request) => {
      const id = connectorId(request.params.id)
      return {
        '@odata.context': collectionContext(baseOf(request), `${SET}('${id}')/exchanges`),
        value: await readExchanges(needs, request.caller, id),
      }
    },
  )
}
export default routes
