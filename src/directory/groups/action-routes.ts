import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { type AnswerNeeds, readIn } from '../../graph/odata/answer.js'
import { isGuid } from '../../kernel/ids.js'
import { refusals } from './errors.js'
import type { GroupNeeds } from './needs.js'
import { readGroupNames, writeGroups } from './permissions.js'
import { findVisibleGroup } from './read-groups.js'
import { renewGroup } from './renew-group.js'
import { GroupNames, NamesOfAny } from './schema.js'
import { validateNames } from './validate-names.js'

const Id = Type.Object({ id: Type.String() })
const tags = ['groups']
const NOTHING = { 204: Type.Null() }

/** What is done with a group beside changing it: `renew`, and `validateProperties` at every place Graph has it. */
export const actionRoutes: FastifyPluginAsyncTypebox<{ needs: GroupNeeds & AnswerNeeds }> = async (app, { needs }) => {
  app.post(
    '/groups/:id/renew',
    {
      config: { permission: writeGroups },
      schema: { tags, summary: 'Note that a group is still needed', params: Id, response: NOTHING },
    },
    async (request, reply) => {
      const { id } = request.params
      if (!isGuid(id)) throw refusals.notFound(id)
      await renewGroup(needs, request.caller, id.toLowerCase())
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/groups/:id/validateProperties',
    {
      config: { permission: readGroupNames },
      schema: {
        tags,
        summary: 'Tell whether a group could be called so',
        params: Id,
        body: GroupNames,
        response: NOTHING,
      },
    },
    async (request, reply) => {
      const { id } = request.params
      await readIn(needs, request, async (context) => {
        const found = isGuid(id) ? await findVisibleGroup(context, id.toLowerCase()) : undefined
        if (found === undefined) throw refusals.notFound(id)
        await validateNames(context, needs.tenants, request.body, found)
      })
      return reply.code(204).send(null)
    },
  )

  for (const set of ['directoryObjects', 'groups', 'users', 'directory/deletedItems']) {
    app.post(
      `/${set}/validateProperties`,
      {
        config: { permission: readGroupNames },
        schema: { tags, summary: 'Tell whether a new group could be called so', body: NamesOfAny, response: NOTHING },
      },
      async (request, reply) => {
        await readIn(needs, request, (context) => validateNames(context, needs.tenants, request.body))
        return reply.code(204).send(null)
      },
    )
  }
}
