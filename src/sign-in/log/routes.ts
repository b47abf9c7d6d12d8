import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { mayReadReports } from '../../directory/index.js'
import type { Caller } from '../../graph/caller.js'
import { type AnswerNeeds, answerEntity } from '../../graph/odata/answer.js'
import { collectionRoutes } from '../../graph/odata/collection-routes.js'
import { readQueryOptions } from '../../graph/odata/query-options.js'
import { EntityBody } from '../../graph/odata/schema.js'
import { isGuid } from '../../kernel/ids.js'
import { refusals } from './errors.js'
import { askedLines, signInCollection, signInResource, signInRules } from './sign-in-resource.js'

const read = ['AuditLog.Read.All']
const permission = { application: read, delegated: read }
const tags = ['auditLogs']
const Id = Type.Object({ id: Type.String() })

/** `/auditLogs/signIns` of the Graph dialect. */
const routes: FastifyPluginAsyncTypebox<{ needs: AnswerNeeds }> = async (app, { needs }) => {
  collectionRoutes(app, needs, {
    path: '/auditLogs/signIns',
    what: 'sign-ins, newest first',
    tags,
    config: { permission },
    collection: signInCollection,
    within: (request) => {
      const { filter } = readQueryOptions(request, signInCollection.rules)
      return { path: '/auditLogs/signIns', open: async () => askedLines(filter) }
    },
    mustBeAllowed: ({ caller }) => mustReadReports(caller),
  })

  app.get(
    '/auditLogs/signIns/:id',
    {
      config: { permission, query: signInRules },
      schema: { tags, summary: 'Read a sign-in', params: Id, response: { 200: EntityBody } },
    },
    (request, reply) => {
      mustReadReports(request.caller)
      const { id } = request.params
      return answerEntity(needs, request, reply, {
        resource: signInResource,
        rules: signInRules,
        find: async () => (isGuid(id) ? id.toLowerCase() : undefined),
        notFound: () => refusals.notFound(id.slice(0, 64)),
      })
    },
  )
}
export default routes

function mustReadReports(caller: Caller): void {
  if (!mayReadReports(caller)) throw refusals.roleMissing()
}
