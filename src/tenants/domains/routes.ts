import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { idempotencyOf } from '../../graph/idempotency.js'
import { answerCreated, readIn } from '../../graph/odata/answer.js'
import { collectionContext, entityContext } from '../../graph/odata/context.js'
import { readQueryOptions } from '../../graph/odata/query-options.js'
import { CollectionBody, EntityBody } from '../../graph/odata/schema.js'
import { mayReadDomains } from '../rules.js'
import { addDomain, changeDomain, type DomainNeeds, removeDomain, verifyDomain } from './change-domains.js'
import { domainResource } from './domain-resource.js'
import { refusals } from './errors.js'
import { domainRules, readDomains as read, writeDomains as write } from './permissions.js'
import { type Domain, findDomain, readDomains } from './read-domains.js'
import { domainRelationRoutes } from './relation-routes.js'
import { DomainChanges, DomainCreation } from './schema.js'
import { verificationRecord } from './verification.js'

const Id = Type.Object({ id: Type.String() })
const tags = ['domains']
const rules = domainRules

/** `/domains`: names that the organization has proved, or says it will. */
const routes: FastifyPluginAsyncTypebox<{ needs: DomainNeeds }> = async (app, { needs }) => {
  /** `find` in the transaction of the read, for those who may read at all. */
  const answer = (request: FastifyRequest, find: (scope: Parameters<typeof readDomains>[0]) => Promise<Domain>) =>
    readIn(needs, request, async (context) => {
      if (!mayReadDomains(request.caller)) throw refusals.roleMissing()
      const { select } = readQueryOptions(request, rules)
      const [entity] = await domainResource.show(context, [await find(context.scope)], select)
      return { '@odata.context': entityContext(context.base, 'domains', select), ...entity }
    })

  app.get(
    '/domains',
    {
      config: { permission: read, query: rules },
      schema: { tags, summary: 'List the domains', response: { 200: CollectionBody } },
    },
    (request) =>
      readIn(needs, request, async (context) => {
        if (!mayReadDomains(request.caller)) throw refusals.roleMissing()
        const { select } = readQueryOptions(request, rules)
        return {
          '@odata.context': collectionContext(context.base, 'domains', select),
          value: await domainResource.show(context, await readDomains(context.scope), select),
        }
      }),
  )

  app.post(
    '/domains',
    {
      config: { permission: write, takesIdempotencyKey: true },
      schema: { tags, summary: 'Claim a domain', body: DomainCreation, response: { 201: EntityBody } },
    },
    async (request, reply) => {
      const domain = await addDomain(needs, request.caller, request.body, idempotencyOf(request))
      return answerCreated(request, reply, `/domains/${domain.id}`, await answer(request, async () => domain))
    },
  )

  app.get(
    '/domains/:id',
    {
      config: { permission: read, query: rules },
      schema: { tags, summary: 'Read a domain', params: Id, response: { 200: EntityBody } },
    },
    (request) => answer(request, (scope) => findDomain(scope, request.params.id)),
  )

  app.patch(
    '/domains/:id',
    {
      config: { permission: write },
      schema: { tags, summary: 'Change a domain', params: Id, body: DomainChanges, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      await changeDomain(needs, request.caller, request.params.id, request.body)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/domains/:id',
    {
      config: { permission: write },
      schema: { tags, summary: 'Give a domain up', params: Id, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      await removeDomain(needs, request.caller, request.params.id)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/domains/:id/verificationDnsRecords',
    {
      config: { permission: read },
      schema: { tags, summary: 'What to publish in DNS', params: Id, response: { 200: CollectionBody } },
    },
    (request) =>
      readIn(needs, request, async ({ scope, base }) => {
        if (!mayReadDomains(request.caller)) throw refusals.roleMissing()
        const { id } = await findDomain(scope, request.params.id)
        return {
          '@odata.context': collectionContext(base, `domains('${id}')/verificationDnsRecords`),
          value: [verificationRecord(needs.keys, scope.tenantId, id)],
        }
      }),
  )

  await app.register(domainRelationRoutes, { needs })

  app.post(
    '/domains/:id/verify',
    {
      config: { permission: write },
      schema: { tags, summary: 'Look for the proof in DNS', params: Id, response: { 200: EntityBody } },
    },
    async (request) => {
      const domain = await verifyDomain(needs, request.caller, request.params.id)
      return answer(request, async () => domain)
    },
  )
}
export default routes
