import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import type { Caller } from '../graph/caller.js'
import { idempotencyOf } from '../graph/idempotency.js'
import {
  answerCollection,
  answerCount,
  answerEntity,
  baseOf as base,
  countRules,
  readIn,
  type Within,
} from '../graph/odata/answer.js'
import { collectionContext, entityContext, resourceUrl } from '../graph/odata/context.js'
import { CountBody } from '../graph/odata/schema.js'
import { isGuid } from '../kernel/ids.js'
import { DEFAULT_ACCESS } from '../kernel/well-known.js'
import { type Created, createInvitation } from './create-invitation.js'
import { refusals } from './errors.js'
import { invitationResource } from './invitation-resource.js'
import { resendInvitation, revokeInvitation } from './manage-invitation.js'
import type { Needs } from './needs.js'
import { invitationCollection, invitationRules, visibleTo } from './query.js'
import { evaluateInvitation, findVisibleInvitation } from './read-invitations.js'
import { deliveryOf, graphResource } from './resource.js'
import {
  Evaluation,
  InvitationCollection,
  InvitationRequest,
  type InvitationRequest as InvitationRequestBody,
  InvitationResource,
  ReadInvitation,
} from './schema.js'
import type { InvitationRecord } from './store.js'
import { redeemUrl } from './ticket.js'

const invite = ['User.Invite.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All']
const read = ['User.Read.All', 'User.Invite.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All']
const mayInvite = { application: invite, delegated: invite }
const mayRead = { application: read, delegated: read }

const Id = Type.Object({ id: Type.String() })
const tags = ['invitations']

/** Graph's sentence for a missing permission on this endpoint; scripts match on it. */
const denied = (request: FastifyRequest) =>
  `Insufficient privileges to perform requested operation by the application '00000003-0000-0000-c000-000000000000'. ControllerName=MSGraphInviteAPI, ActionName=CreateInvite, URL absolute path=/api/${request.caller.tenantId}/invites`

/** `/invitations` of the Graph dialect. */
const routes: FastifyPluginAsyncTypebox<{ needs: Needs }> = async (app, { needs }) => {
  const config = { permission: mayInvite, backEnd: 'invitations' as const, denied }

  app.post(
    '/invitations',
    {
      config: { ...config, takesIdempotencyKey: true },
      schema: { tags, summary: 'Invite a guest', body: InvitationRequest, response: { 201: InvitationResource } },
    },
    async (request, reply) => {
      const made = await createInvitation(needs, request.caller, request.body, idempotencyOf(request))
      const resource =
        'replayed' in made
          ? replayedResource(needs, request, made.replayed, request.body)
          : createdResource(needs, request, made, request.body)
      return reply
        .code(201)
        .header('location', resourceUrl(base(request), `/invitations/${resource.id}`))
        .send(resource)
    },
  )

  app.post(
    '/invitations/evaluate',
    {
      config,
      schema: { tags, summary: 'Ask what would happen', body: InvitationRequest, response: { 200: Evaluation } },
    },
    async (request) => {
      const { allowed, checks } = await evaluateInvitation(needs, request.caller, request.body)
      return {
        '@odata.context': collectionContext(base(request), 'microsoft.graph.invitationEvaluation'),
        allowed,
        checks,
      }
    },
  )

  const listed: Within = { path: '/invitations', open: async ({ caller }) => visibleTo(caller) }
  app.get(
    '/invitations',
    {
      config: { permission: mayRead, query: invitationCollection.rules },
      schema: { tags, summary: 'List invitations, newest first', response: { 200: InvitationCollection } },
    },
    (request) => answerCollection(needs, request, invitationCollection, listed),
  )

  app.get(
    '/invitations/$count',
    {
      config: { permission: mayRead, query: countRules(invitationCollection) },
      schema: { tags, summary: 'Count invitations', response: { 200: CountBody } },
    },
    (request, reply) => answerCount(needs, request, reply, invitationCollection, listed),
  )

  app.get(
    '/invitations/:id',
    {
      config: { permission: mayRead, query: invitationRules },
      schema: { tags, summary: 'Read an invitation', params: Id, response: { 200: ReadInvitation } },
    },
    (request, reply) => {
      const id = guid(request.params.id)
      return answerEntity(needs, request, reply, {
        resource: invitationResource,
        rules: invitationRules,
        find: (context) => findVisibleInvitation(context, id),
        notFound: () => refusals.notFound(id),
      })
    },
  )

  app.post(
    '/invitations/:id/resend',
    {
      config: { permission: mayInvite, backEnd: 'invitations', takesIdempotencyKey: true },
      schema: { tags, summary: 'Send the mail once more', params: Id, response: { 200: ReadInvitation } },
    },
    async (request) => {
      const record = await resendInvitation(needs, request.caller, guid(request.params.id), idempotencyOf(request))
      const [shown] = await readIn(needs, request, (context) => invitationResource.show(context, [record]))
      return { '@odata.context': entityContext(base(request), 'invitations'), ...shown }
    },
  )

  app.post(
    '/invitations/:id/revoke',
    {
      config: { permission: mayInvite, backEnd: 'invitations' },
      schema: { tags, summary: 'Withdraw a pending invitation', params: Id, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      await revokeInvitation(needs, request.caller, guid(request.params.id))
      return reply.code(204).send(null)
    },
  )
}
export default routes

/** An id that is none belongs to no invitation. */
function guid(id: string): string {
  if (!isGuid(id)) throw refusals.notFound(id.slice(0, 64))
  return id.toLowerCase()
}

/** Graph's own property set, plus the additions this request used and anything that did not happen as asked. */
function createdResource(needs: Needs, request: FastifyRequest, made: Created, body: InvitationRequestBody) {
  const { wish } = made
  return {
    '@odata.context': entityContext(base(request), 'invitations'),
    id: made.invitationId,
    inviteRedeemUrl: linkOf(needs, request.caller, { id: made.invitationId, userId: made.userId, ticketVersion: 1 }),
    invitedUserDisplayName: wish.displayName ?? null,
    invitedUserType: made.userType,
    invitedUserEmailAddress: wish.address.text,
    sendInvitationMessage: wish.send,
    resetRedemption: wish.isReset,
    inviteRedirectUrl: wish.redirectUrl,
    status: made.accepted ? 'Completed' : 'PendingAcceptance',
    invitedUserMessageInfo: {
      messageLanguage: wish.language ?? null,
      customizedMessageBody: wish.message ?? null,
      ccRecipients: [{ emailAddress: { name: wish.cc?.name ?? null, address: wish.cc?.address ?? null } }],
    },
    invitedUser: { id: made.userId },
    ...(body.expiresDateTime !== undefined && { expiresDateTime: wish.expiresAt?.toISOString() ?? null }),
    ...(wish.contactUrl !== undefined && { contactUrl: wish.contactUrl }),
    ...additionsOf(body),
    ...(made.suppressed !== null && { delivery: { state: 'suppressed', reason: made.suppressed, dateTime: null } }),
  }
}

function replayedResource(
  needs: Needs,
  request: FastifyRequest,
  record: InvitationRecord,
  body: InvitationRequestBody,
) {
  const delivery = deliveryOf(record)
  return {
    '@odata.context': entityContext(base(request), 'invitations'),
    ...graphResource(record, needs.clock()),
    inviteRedeemUrl: linkOf(needs, request.caller, record),
    ...(body.expiresDateTime !== undefined && { expiresDateTime: record.expiresDateTime?.toISOString() ?? null }),
    ...(record.contactUrl !== null && { contactUrl: record.contactUrl }),
    ...additionsOf(body),
    ...(delivery?.state === 'suppressed' && { delivery: { ...delivery, dateTime: null } }),
  }
}

/** Our additions are told back as they were asked for: all of them happened. */
function additionsOf(body: InvitationRequestBody) {
  const {
    invitedUserProperties,
    invitedUserGroups,
    invitedUserAppRoleAssignments: assignments,
    accessEndDateTime,
  } = body
  return {
    ...(accessEndDateTime !== undefined && {
      accessEndDateTime: accessEndDateTime && new Date(accessEndDateTime).toISOString(),
    }),
    ...(invitedUserProperties && { invitedUserProperties }),
    ...(invitedUserGroups && { invitedUserGroups }),
    ...(assignments && {
      invitedUserAppRoleAssignments: assignments.map(({ resourceId, appRoleId = DEFAULT_ACCESS }) => ({
        resourceId,
        appRoleId,
      })),
    }),
  }
}

function linkOf(needs: Needs, caller: Caller, record: { id: string; userId: string; ticketVersion: number }): string {
  return redeemUrl(caller.origin, needs.keys, {
    tenantId: caller.tenantId,
    invitationId: record.id,
    version: record.ticketVersion,
    userId: record.userId,
  })
}
