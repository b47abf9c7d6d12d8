import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { type AnswerNeeds, answerCollection } from '../../graph/odata/answer.js'
import { CollectionBody } from '../../graph/odata/schema.js'
import { refusals } from '../errors.js'
import { mayReadReports, readDays } from './rules.js'
import { staleGuestCollection, staleGuests } from './stale-guest-resource.js'

const read = ['AuditLog.Read.All', 'User.Read.All']

/** `/reports/staleGuests`, an addition: guests who never accepted, do not come any more, or whose access has ended. */
const routes: FastifyPluginAsyncTypebox<{ needs: AnswerNeeds }> = async (app, { needs }) => {
  app.get(
    '/reports/staleGuests',
    {
      config: { permission: { application: read, delegated: read }, query: staleGuestCollection.rules },
      schema: {
        tags: ['reports'],
        summary: 'List guests who never accepted, are idle for `days` days (90 unless said), or whose access has ended',
        response: { 200: CollectionBody },
      },
    },
    (request) => {
      if (!mayReadReports(request.caller)) throw refusals.roleMissing()
      const days = readDays(daysOf(request))
      if (days === undefined) throw refusals.daysMalformed()
      return answerCollection(needs, request, staleGuests(days, needs.clock()), { path: '/reports/staleGuests' })
    },
  )
}
export default routes

function daysOf({ query }: FastifyRequest): string | undefined {
  const given = (query as Record<string, unknown>)['days']
  return given === undefined ? undefined : String(given)
}
