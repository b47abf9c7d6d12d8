import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import type { RoutePermission } from '../../graph/access.js'
import { type AnswerNeeds, baseOf, readIn } from '../../graph/odata/answer.js'
import { valueContext } from '../../graph/odata/context.js'
import type { ReadContext } from '../../graph/odata/resource.js'
import { isGuid } from '../../kernel/ids.js'
import type { Refusal } from '../../kernel/refusal.js'
import { type Asked, checkMemberships, listMemberships } from './check-memberships.js'
import { refusals } from './errors.js'
import { CheckMemberGroups, CheckMemberObjects, GetMemberGroups, Ids } from './schema.js'

/** Whose memberships a set of actions is about. */
export type MembershipSubject = {
  /** `/users/:id`, or `/me`, which is about the caller. */
  path: string
  tags: string[]
  config: { permission: RoutePermission; otherwise?: (request: FastifyRequest) => Refusal | undefined }
  /** The id of an object whose memberships the caller may read. @throws Refusal */
  find(context: ReadContext, id: string): Promise<string>
}

const Params = Type.Object({ id: Type.Optional(Type.String()) })

/** `checkMemberGroups`, `checkMemberObjects`, `getMemberGroups` and `getMemberObjects` of one kind of object. */
export const membershipRoutes: FastifyPluginAsyncTypebox<{ needs: AnswerNeeds; subject: MembershipSubject }> = async (
  app,
  { needs, subject },
) => {
  const { path, tags, config } = subject
  const response = { 200: Ids }

  app.post(
    `${path}/checkMemberGroups`,
    {
      config,
      schema: {
        tags,
        summary: 'Tell which of these groups it is in',
        params: Params,
        body: CheckMemberGroups,
        response,
      },
    },
    (request) => check(request, request.params.id, request.body.groupIds, 'groups'),
  )

  app.post(
    `${path}/checkMemberObjects`,
    {
      config,
      schema: {
        tags,
        summary: 'Tell which of these objects it is in',
        params: Params,
        body: CheckMemberObjects,
        response,
      },
    },
    (request) => check(request, request.params.id, request.body.ids, 'objects'),
  )

  for (const [action, asked] of [
    ['getMemberGroups', 'groups'],
    ['getMemberObjects', 'objects'],
  ] as const) {
    app.post(
      `${path}/${action}`,
      { config, schema: { tags, summary: 'Tell all it is in', params: Params, body: GetMemberGroups, response } },
      (request) =>
        answer(request, request.params.id, (context, memberId) =>
          listMemberships(context, memberId, request.body.securityEnabledOnly ?? false, asked),
        ),
    )
  }

  function check(request: FastifyRequest, id: string | undefined, ids: string[], asked: Asked) {
    const stranger = ids.find((one) => !isGuid(one))
    if (stranger !== undefined) throw refusals.invalidId(stranger)
    return answer(request, id, (context, memberId) => checkMemberships(context, memberId, ids, asked))
  }

  async function answer(
    request: FastifyRequest,
    id: string | undefined,
    read: (context: ReadContext, memberId: string) => Promise<string[]>,
  ) {
    const value = await readIn(needs, request, async (context) =>
      read(context, await subject.find(context, id ?? context.caller.objectId)),
    )
    return { '@odata.context': valueContext(baseOf(request), 'Collection(Edm.String)'), value }
  }
}
