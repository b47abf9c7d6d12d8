import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { AnswerNeeds } from '../graph/odata/answer.js'
import { collectionRoutes } from '../graph/odata/collection-routes.js'
import { findDomain, mayReadDomains } from '../tenants/index.js'
import { refusals } from './errors.js'
import { domainReferences, referencing } from './query.js'
import { mustSeeOthers } from './read-users.js'

const both = (...names: string[]) => ({ application: names, delegated: names })
const permission = both('Domain.Read.All', 'Domain.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All')
const Id = Type.Object({ id: Type.String() })

/** `/domains/{id}/domainNameReferences`: users and groups with a name or address of a domain. */
const routes: FastifyPluginAsyncTypebox<{ needs: AnswerNeeds }> = async (app, { needs }) => {
  collectionRoutes(app, needs, {
    path: '/domains/:id/domainNameReferences',
    what: 'what a domain is needed for',
    tags: ['domains'],
    params: Id,
    config: { permission },
    collection: domainReferences,
    within: (_request, id) => ({
      path: `/domains/${id.toLowerCase()}/domainNameReferences`,
      async open(context) {
        if (!mayReadDomains(context.caller)) throw refusals.roleMissing()
        const domain = await findDomain(context.scope, id)
        // The permission is about domains; people see others by their own.
        if (context.caller.kind === 'user') await mustSeeOthers(context)
        return referencing(domain.id)
      },
    }),
  })
}
export default routes
