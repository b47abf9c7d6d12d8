import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { baseOf, readIn } from '../../graph/odata/answer.js'
import { collectionContext, entityContext, valueContext } from '../../graph/odata/context.js'
import { readQueryOptions } from '../../graph/odata/query-options.js'
import type { ReadContext } from '../../graph/odata/resource.js'
import { CollectionBody, CountBody, EntityBody } from '../../graph/odata/schema.js'
import { mayReadDomains, rootOf } from '../rules.js'
import { type DomainNeeds, forceRemoveDomain, promoteDomain } from './change-domains.js'
import { domainResource } from './domain-resource.js'
import { refusals } from './errors.js'
import { readDomains as read, domainRules as rules, writeDomains as write } from './permissions.js'
import { type Domain, findDomain, readDomains } from './read-domains.js'
import { ForceDeletion } from './schema.js'
import { verificationRecord } from './verification.js'

const Id = Type.Object({ id: Type.String() })
const tags = ['domains']

/** What follows from a domain: its root, how many there are, records in DNS; and the ways to end or raise it. */
export const domainRelationRoutes: FastifyPluginAsyncTypebox<{ needs: DomainNeeds }> = async (app, { needs }) => {
  /** `read` in a transaction, for those who may read domains at all. */
  const readDomain = <Result>(
    request: FastifyRequest,
    name: string,
    read: (context: ReadContext, domain: Domain) => Promise<Result> | Result,
  ) =>
    readIn(needs, request, async (context) => {
      if (!mayReadDomains(request.caller)) throw refusals.roleMissing()
      return read(context, await findDomain(context.scope, name))
    })

  app.get(
    '/domains/$count',
    { config: { permission: read }, schema: { tags, summary: 'Count the domains', response: { 200: CountBody } } },
    async (request, reply) => {
      if (!mayReadDomains(request.caller)) throw refusals.roleMissing()
      const all = await readIn(needs, request, ({ scope }) => readDomains(scope))
      return reply.type('text/plain').send(String(all.length))
    },
  )

  app.get(
    '/domains/:id/rootDomain',
    {
      config: { permission: read, query: rules },
      schema: { tags, summary: 'Read the root of a domain', params: Id, response: { 200: EntityBody } },
    },
    (request) => {
      const { select } = readQueryOptions(request, rules)
      return readDomain(request, request.params.id, async (context, domain) => {
        const all = await readDomains(context.scope)
        const root = all.find(({ id }) => id === rootOf(domain, all))
        if (!root) throw refusals.noRoot()
        const [entity] = await domainResource.show(context, [root], select)
        return { '@odata.context': entityContext(context.base, 'domains', select), ...entity }
      })
    },
  )

  app.get(
    '/domains/:id/verificationDnsRecords/$count',
    {
      config: { permission: read },
      schema: { tags, summary: 'Count what to publish in DNS', params: Id, response: { 200: CountBody } },
    },
    async (request, reply) => {
      await readDomain(request, request.params.id, () => undefined)
      return reply.type('text/plain').send('1')
    },
  )

  app.get(
    '/domains/:id/verificationDnsRecords/:record',
    {
      config: { permission: read },
      schema: {
        tags,
        summary: 'Read a record to publish in DNS',
        params: Type.Object({ id: Type.String(), record: Type.String() }),
        response: { 200: EntityBody },
      },
    },
    (request) =>
      readDomain(request, request.params.id, ({ scope, base }, { id }) => {
        const found = verificationRecord(needs.keys, scope.tenantId, id)
        if (found['id'] !== request.params.record.toLowerCase()) throw refusals.recordNotFound(request.params.record)
        return { '@odata.context': entityContext(base, `domains('${id}')/verificationDnsRecords`), ...found }
      }),
  )

  // Nothing here wants records beside the proof: there is no mail and no telephony to find.
  app.get(
    '/domains/:id/serviceConfigurationRecords',
    {
      config: { permission: read },
      schema: { tags, summary: 'What services want in DNS', params: Id, response: { 200: CollectionBody } },
    },
    (request) =>
      readDomain(request, request.params.id, ({ base }, { id }) => ({
        '@odata.context': collectionContext(base, `domains('${id}')/serviceConfigurationRecords`),
        value: [],
      })),
  )

  app.get(
    '/domains/:id/serviceConfigurationRecords/$count',
    {
      config: { permission: read },
      schema: { tags, summary: 'Count what services want in DNS', params: Id, response: { 200: CountBody } },
    },
    async (request, reply) => {
      await readDomain(request, request.params.id, () => undefined)
      return reply.type('text/plain').send('0')
    },
  )

  app.post(
    '/domains/:id/promote',
    {
      config: { permission: write },
      schema: { tags, summary: 'Make it a root domain', params: Id, response: { 200: EntityBody } },
    },
    async (request) => {
      await promoteDomain(needs, request.caller, request.params.id)
      return { '@odata.context': valueContext(baseOf(request), 'Edm.Boolean'), value: true }
    },
  )

  app.post(
    '/domains/:id/forceDelete',
    {
      config: { permission: write },
      schema: {
        tags,
        summary: 'Give a domain up that is in use',
        params: Id,
        body: Type.Optional(ForceDeletion),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const disableAccounts = request.body?.disableUserAccounts ?? false
      await forceRemoveDomain(needs, request.caller, request.params.id, disableAccounts)
      return reply.code(204).send(null)
    },
  )
}
