import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { answerDelta } from '../../graph/delta.js'
import type { Keys } from '../../platform/crypto.js'
import type { Database } from '../../platform/database.js'
import type { Tenants } from '../../tenants/index.js'
import { refusals } from '../errors.js'
import { mayReadUser } from '../rules.js'
import { usersDelta } from './users-delta.js'

type Needs = { database: Database; tenants: Tenants; keys: Keys; clock: () => Date }

const readAll = ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All']

const DeltaAnswer = Type.Object({
  '@odata.context': Type.String(),
  '@odata.nextLink': Type.Optional(Type.String({ description: 'More changes of this round.' })),
  '@odata.deltaLink': Type.Optional(Type.String({ description: 'The next round, good for 7 days.' })),
  value: Type.Array(Type.Object({ id: Type.String() }, { additionalProperties: true })),
})

/** `/users/delta` of the Graph dialect. */
const routes: FastifyPluginAsyncTypebox<{ needs: Needs }> = async (app, { needs }) => {
  const users = usersDelta(needs)
  app.get(
    '/users/delta',
    {
      config: { permission: { application: readAll, delegated: readAll } },
      schema: { tags: ['users'], summary: 'Follow changes of users', response: { 200: DeltaAnswer } },
    },
    async (request, reply) => {
      // Nobody has the empty id: this asks whether the caller may see anybody but themselves.
      if (!mayReadUser(request.caller, '')) throw refusals.roleMissing()
      return answerDelta(needs, request, reply, users)
    },
  )
}
export default routes
