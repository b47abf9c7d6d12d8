import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { answerDelta, deltaRules } from '../../graph/delta.js'
import type { AnswerNeeds } from '../../graph/odata/answer.js'
import { refusals } from '../errors.js'
import { seesEverybody } from '../read-users.js'
import { groupsDelta } from './groups-delta.js'
import { usersDelta } from './users-delta.js'

const anyOf = (...names: string[]) => ({ application: names, delegated: names })
const readUsers = anyOf('User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All')
const readGroups = anyOf(
  'GroupMember.Read.All',
  'GroupMember.ReadWrite.All',
  'Group.Read.All',
  'Group.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
)

/** A page of changes. */
export const DeltaAnswer = Type.Object({
  '@odata.context': Type.String(),
  '@odata.nextLink': Type.Optional(Type.String({ description: 'More changes of this round.' })),
  '@odata.deltaLink': Type.Optional(Type.String({ description: 'The next round, good for 7 days.' })),
  value: Type.Array(Type.Object({ id: Type.String() }, { additionalProperties: true })),
})

/** `/users/delta` and `/groups/delta` of the Graph dialect. */
const routes: FastifyPluginAsyncTypebox<{ needs: AnswerNeeds }> = async (app, { needs }) => {
  app.get(
    '/users/delta',
    {
      config: { permission: readUsers, query: deltaRules(usersDelta) },
      schema: { tags: ['users'], summary: 'Follow changes of users', response: { 200: DeltaAnswer } },
    },
    async (request, reply) => {
      mustSeeEverybody(request)
      return answerDelta(needs, request, reply, usersDelta)
    },
  )

  app.get(
    '/groups/delta',
    {
      config: { permission: readGroups, query: deltaRules(groupsDelta) },
      schema: { tags: ['groups'], summary: 'Follow changes of groups and members', response: { 200: DeltaAnswer } },
    },
    async (request, reply) => {
      mustSeeEverybody(request)
      return answerDelta(needs, request, reply, groupsDelta)
    },
  )
}
export default routes

/** Changes tell of everybody, so they are for those who may list everybody. */
function mustSeeEverybody({ caller }: FastifyRequest): void {
  if (!seesEverybody(caller)) throw refusals.roleMissing()
}
