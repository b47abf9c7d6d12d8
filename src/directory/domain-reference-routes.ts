import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { type AnswerNeeds, answerCollection, answerCount, countRules, type Within } from '../graph/odata/answer.js'
import { CollectionBody, CountBody } from '../graph/odata/schema.js'
import { findDomain, mayReadDomains } from '../tenants/index.js'
import { refusals } from './errors.js'
import { domainReferences, referencing } from './query.js'
import { mustSeeOthers } from './read-users.js'

const both = (...names: string[]) => ({ application: names, delegated: names })
const permission = both('Domain.Read.All', 'Domain.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All')
const Id = Type.Object({ id: Type.String() })
const tags = ['domains']

/** `/domains/{id}/domainNameReferences`: users and groups with a name or address of a domain. */
const routes: FastifyPluginAsyncTypebox<{ needs: AnswerNeeds }> = async (app, { needs }) => {
  const within = (id: string): Within => ({
    path: `/domains/${id.toLowerCase()}/domainNameReferences`,
    async open(context) {
      if (!mayReadDomains(context.caller)) throw refusals.roleMissing()
      const domain = await findDomain(context.scope, id)
      // The permission is about domains; people see others by their own.
      if (context.caller.kind === 'user') await mustSeeOthers(context)
      return referencing(domain.id)
    },
  })

  app.get(
    '/domains/:id/domainNameReferences',
    {
      config: { permission, query: domainReferences.rules },
      schema: { tags, summary: 'List what a domain is needed for', params: Id, response: { 200: CollectionBody } },
    },
    (request) => answerCollection(needs, request, domainReferences, within(request.params.id)),
  )

  app.get(
    '/domains/:id/domainNameReferences/$count',
    {
      config: { permission, query: countRules(domainReferences) },
      schema: { tags, summary: 'Count what a domain is needed for', params: Id, response: { 200: CountBody } },
    },
    (request, reply) => answerCount(needs, request, reply, domainReferences, within(request.params.id)),
  )
}
export default routes
