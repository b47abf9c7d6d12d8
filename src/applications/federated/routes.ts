import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { idempotencyOf } from '../../graph/idempotency.js'
import { type AnswerNeeds, answerCreated, readIn } from '../../graph/odata/answer.js'
import { collectionRoutes } from '../../graph/odata/collection-routes.js'
import { entityContext } from '../../graph/odata/context.js'
import { readQueryOptions } from '../../graph/odata/query-options.js'
import type { ReadContext } from '../../graph/odata/resource.js'
import { EntityBody } from '../../graph/odata/schema.js'
import { applicationIdOf, mustRead } from '../application-routes.js'
import { refusals } from '../errors.js'
import type { ChangeNeeds } from '../needs.js'
import { readFederated, writeApplications } from '../permissions.js'
import { addFederated, changeFederated, federatedByKey, removeFederated } from './change-federated.js'
import { federatedCollection, federatedOf, federatedResource, federatedRules } from './federated-resource.js'
import { FederatedCredentialChanges, NewFederatedCredential } from './schema.js'

const Id = Type.Object({ id: Type.String() })
const ItemId = Type.Object({ id: Type.String(), credentialId: Type.String() })
const tags = ['applications']
const LIST = '/applications/:id/federatedIdentityCredentials'
const ITEM = `${LIST}/:credentialId`
const SET = 'federatedIdentityCredentials'

/** `/applications/{id}/federatedIdentityCredentials`: whose tokens prove the application. */
export const federatedRoutes: FastifyPluginAsyncTypebox<{ needs: ChangeNeeds & AnswerNeeds }> = async (
  app,
  { needs },
) => {
  const read = { permission: readFederated }
  const write = { permission: writeApplications }
  const idIn = async (context: ReadContext, key: string) => {
    await mustRead(context)
    const id = await applicationIdOf(context, key)
    if (id === undefined) throw refusals.notFound(key)
    return id
  }
  const idOf = (request: FastifyRequest, key: string) => readIn(needs, request, (context) => idIn(context, key))

  collectionRoutes(app, needs, {
    path: LIST,
    what: 'federated credentials',
    tags,
    params: Id,
    config: read,
    collection: federatedCollection,
    within: (_request, key) => ({
      path: `/applications/${key.toLowerCase()}/${SET}`,
      open: async (context) => federatedOf(await idIn(context, key)),
    }),
  })

  app.post(
    LIST,
    {
      config: { ...write, takesIdempotencyKey: true },
      schema: {
        tags,
        summary: 'Let tokens of another issuer prove the application',
        params: Id,
        body: NewFederatedCredential,
        response: { 201: EntityBody },
      },
    },
    async (request, reply) => {
      const id = await idOf(request, request.params.id)
      const row = await addFederated(needs, request.caller, id, request.body, idempotencyOf(request))
      const entity = await readIn(needs, request, async (context) => {
        const [shown] = await federatedResource.show(context, [row])
        return { '@odata.context': entityContext(context.base, SET), ...shown }
      })
      return answerCreated(request, reply, `/applications/${id}/${SET}/${row.id}`, entity)
    },
  )

  app.get(
    ITEM,
    {
      config: { ...read, query: federatedRules },
      schema: { tags, summary: 'Read a federated credential', params: ItemId, response: { 200: EntityBody } },
    },
    (request) => {
      const { select } = readQueryOptions(request, federatedRules)
      return readIn(needs, request, async (context) => {
        const id = await idIn(context, request.params.id)
        const row = await federatedByKey(context.scope, id, request.params.credentialId)
        const [shown] = await federatedResource.show(context, [row], select)
        return { '@odata.context': entityContext(context.base, SET, select), ...shown }
      })
    },
  )

  app.patch(
    ITEM,
    {
      config: write,
      schema: {
        tags,
        summary: 'Change a federated credential',
        params: ItemId,
        body: FederatedCredentialChanges,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const id = await idOf(request, request.params.id)
      await changeFederated(needs, request.caller, id, request.params.credentialId, request.body)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    ITEM,
    {
      config: write,
      schema: { tags, summary: 'Remove a federated credential', params: ItemId, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const id = await idOf(request, request.params.id)
      await removeFederated(needs, request.caller, id, request.params.credentialId)
      return reply.code(204).send(null)
    },
  )
}
