import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { idempotencyOf } from '../../graph/idempotency.js'
import { answerCreated, baseOf } from '../../graph/odata/answer.js'
import { collectionContext, entityContext } from '../../graph/odata/context.js'
import { CollectionBody, EntityBody } from '../../graph/odata/schema.js'
import { mustReadPolicies } from '../../policies/index.js'
import type { ProviderNeeds } from './change.js'
import {
  addFederationDomain,
  changeFederation,
  createFederation,
  findFederation,
  removeFederation,
  removeFederationDomain,
} from './change-federations.js'
import { setFor } from './read-providers.js'
import { DomainNameBody, FederationBody } from './schema.js'
import { showDomain, showFederation } from './show.js'

const Id = Type.Object({ id: Type.String() })
const DomainId = Type.Object({ id: Type.String(), domain: Type.String() })
const tags = ['federationConfigurations']
const both = (...names: string[]) => ({ application: names, delegated: names })
const read = both('IdentityProvider.Read.All', 'IdentityProvider.ReadWrite.All')
const write = both('IdentityProvider.ReadWrite.All')
const ROOT = '/directory/federationConfigurations'
const CAST = 'microsoft.graph.samlOrWsFedExternalDomainFederation'
const SET = `directory/federationConfigurations/${CAST}`

/** `/directory/federationConfigurations`: SAML federations with the domains of partners. */
const routes: FastifyPluginAsyncTypebox<{ needs: ProviderNeeds }> = async (app, { needs }) => {
  federationsAt(app, needs)
  domainsAt(app, needs)
}
export default routes

type App = Parameters<typeof routes>[0]

function findFor(needs: ProviderNeeds, { caller }: FastifyRequest, id: string) {
  mustReadPolicies(caller)
  return findFederation(needs, caller.tenantId, id)
}

function federationsAt(app: App, needs: ProviderNeeds): void {
  const find = async (request: FastifyRequest, id: string) => ({
    '@odata.context': entityContext(baseOf(request), SET),
    ...showFederation(await findFor(needs, request, id)),
  })

  for (const [path, item] of [
    [ROOT, `${ROOT}/:id`],
    [`${ROOT}/${CAST}`, `${ROOT}/${CAST}/:id`],
  ] as const) {
    app.get(
      path,
      {
        config: { permission: read },
        schema: { tags, summary: 'List federations', response: { 200: CollectionBody } },
      },
      async (request) => {
        const { providers } = await setFor(needs, request.caller)
        return {
          '@odata.context': collectionContext(baseOf(request), SET),
          value: providers.filter(({ kind }) => kind === 'saml').map(showFederation),
        }
      },
    )

    app.post(
      path,
      {
        config: { permission: write, takesIdempotencyKey: true },
        schema: { tags, summary: 'Create a federation', body: FederationBody, response: { 201: EntityBody } },
      },
      async (request, reply) => {
        const id = await createFederation(needs, request.caller, request.body, idempotencyOf(request))
        return answerCreated(request, reply, `${ROOT}/${id}`, await find(request, id))
      },
    )

    app.get(
      item,
      {
        config: { permission: read },
        schema: { tags, summary: 'Read a federation', params: Id, response: { 200: EntityBody } },
      },
      (request) => find(request, request.params.id),
    )

    app.patch(
      item,
      {
        config: { permission: write },
        schema: {
          tags,
          summary: 'Change a federation',
          params: Id,
          body: FederationBody,
          response: { 204: Type.Null() },
        },
      },
      async (request, reply) => {
        await changeFederation(needs, request.caller, request.params.id, request.body)
        return reply.code(204).send(null)
      },
    )

    app.delete(
      item,
      {
        config: { permission: both('Domain.ReadWrite.All', 'IdentityProvider.ReadWrite.All') },
        schema: { tags, summary: 'Delete a federation', params: Id, response: { 204: Type.Null() } },
      },
      async (request, reply) => {
        await removeFederation(needs, request.caller, request.params.id)
        return reply.code(204).send(null)
      },
    )
  }
}

/** The domains that a federation speaks for. */
function domainsAt(app: App, needs: ProviderNeeds): void {
  const domains = `${ROOT}/:id/${CAST}/domains`
  app.get(
    domains,
    {
      config: { permission: read },
      schema: { tags, summary: 'List the domains of a federation', params: Id, response: { 200: CollectionBody } },
    },
    async (request) => {
      const federation = await findFor(needs, request, request.params.id)
      return {
        '@odata.context': collectionContext(baseOf(request), `${SET}('${federation.id}')/domains`),
        value: federation.domains.map(showDomain),
      }
    },
  )

  app.post(
    domains,
    {
      config: { permission: write, takesIdempotencyKey: true },
      schema: { tags, summary: 'Add a domain', params: Id, body: DomainNameBody, response: { 201: EntityBody } },
    },
    async (request, reply) => {
      const { id } = request.params
      const name = await addFederationDomain(needs, request.caller, id, request.body.id, idempotencyOf(request))
      return answerCreated(request, reply, `${ROOT}/${id}/${CAST}/domains/${name}`, {
        '@odata.context': entityContext(baseOf(request), `${SET}('${id}')/domains`),
        ...showDomain(name),
      })
    },
  )

  app.delete(
    `${domains}/:domain`,
    {
      config: { permission: write },
      schema: { tags, summary: 'Remove a domain', params: DomainId, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      await removeFederationDomain(needs, request.caller, request.params.id, request.params.domain)
      return reply.code(204).send(null)
    },
  )
}
