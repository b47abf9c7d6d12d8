import { type Static, Type } from '@sinclair/typebox'
import { InvitedUserProperties } from '../directory/index.js'
import { collectionBody } from '../graph/odata/schema.js'

const nullable = <T extends ReturnType<typeof Type.String>>(schema: T) => Type.Union([schema, Type.Null()])
const dateTime = (options: object = {}) => Type.String({ format: 'date-time', ...options })

/** Characters of a custom message; Graph documents no limit, so here is ours. */
export const MESSAGE_LIMIT = 4_000

const Recipient = Type.Object({
  emailAddress: Type.Optional(
    Type.Object({
      name: Type.Optional(nullable(Type.String({ maxLength: 256 }))),
      address: Type.Optional(nullable(Type.String({ maxLength: 320 }))),
    }),
  ),
})

export const MessageInfo = Type.Object(
  {
    customizedMessageBody: Type.Optional(
      Type.String({ maxLength: MESSAGE_LIMIT, description: 'Plain text; shown as a quotation in the mail.' }),
    ),
    messageLanguage: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$',
        rule: 'a language tag such as en-US or de',
        description:
          'Language of the mail. Unset: the preferred language of the guest, then of the organization, then en-US.',
      }),
    ),
    ccRecipients: Type.Optional(
      Type.Array(Recipient, {
        maxItems: 1,
        rule: 'at most one recipient',
        description: 'One address that gets a copy.',
      }),
    ),
  },
  { $id: 'invitedUserMessageInfo' },
)

const Reference = Type.Object({ id: Type.String({ maxLength: 36 }) }, { additionalProperties: true })

const readOnlyText = () => Type.Optional(Type.Unknown({ readOnly: true }))

/** Graph: invitation, as a caller writes it. From `expiresDateTime` on the properties are additions. */
export const InvitationRequest = Type.Object({
  invitedUserEmailAddress: Type.String({ maxLength: 320, description: 'The mailbox of the guest.' }),
  inviteRedirectUrl: Type.String({
    maxLength: 2_048,
    description: 'Where the guest lands: an absolute http or https URL.',
  }),
  invitedUserDisplayName: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
  invitedUserType: Type.Optional(
    Type.Union([Type.Literal('Guest'), Type.Literal('Member')], {
      description: 'Guest unless an administrator says Member.',
    }),
  ),
  sendInvitationMessage: Type.Optional(Type.Boolean({ description: 'Send the mail. False unless set.' })),
  invitedUserMessageInfo: Type.Optional(MessageInfo),
  invitedUser: Type.Optional(Reference),
  invitedUserSponsors: Type.Optional(
    Type.Array(Reference, { maxItems: 5, rule: 'at most 5 sponsors', description: 'Users who answer for the guest.' }),
  ),
  'invitedUserSponsors@odata.bind': Type.Optional(
    Type.Array(Type.String({ maxLength: 400 }), { maxItems: 5, rule: 'at most 5 sponsors' }),
  ),
  resetRedemption: Type.Optional(Type.Boolean()),
  expiresDateTime: Type.Optional(
    Type.Union([dateTime(), Type.Null()], {
      description:
        'Addition. Until when the invitation can be accepted; null for ever; unset: the default of the organization.',
    }),
  ),
  accessEndDateTime: Type.Optional(
    Type.Union([dateTime(), Type.Null()], {
      description:
        'Addition. When the access of the guest ends; unset: as it is, for a new guest never. Of a guest who exists already it takes the permission to change users.',
    }),
  ),
  contactUrl: Type.Optional(
    Type.String({
      maxLength: 2_048,
      description: 'Addition. Where the guest asks for help: an http, https or mailto URL.',
    }),
  ),
  invitedUserProperties: Type.Optional(InvitedUserProperties),
  invitedUserGroups: Type.Optional(
    Type.Array(Type.String({ format: 'uuid' }), {
      maxItems: 20,
      rule: 'at most 20 ids of groups',
      description: 'Addition. Groups that the guest becomes a member of, in the same transaction.',
    }),
  ),
  invitedUserAppRoleAssignments: Type.Optional(
    Type.Array(
      Type.Object({
        resourceId: Type.String({ format: 'uuid', description: 'Object id of the service principal.' }),
        appRoleId: Type.Optional(Type.String({ format: 'uuid' })),
      }),
      {
        maxItems: 20,
        rule: 'at most 20 roles of applications',
        description: 'Addition. Roles of applications that the guest is assigned, in the same transaction.',
      },
    ),
  ),
  id: readOnlyText(),
  inviteRedeemUrl: readOnlyText(),
  status: readOnlyText(),
  createdDateTime: readOnlyText(),
  redeemedDateTime: readOnlyText(),
  sentCount: readOnlyText(),
  lastSentDateTime: readOnlyText(),
  delivery: readOnlyText(),
  history: readOnlyText(),
})
export type InvitationRequest = Static<typeof InvitationRequest>

const Identity = Type.Object({
  id: Type.Optional(nullable(Type.String())),
  displayName: Type.Optional(nullable(Type.String())),
})

export const Delivery = Type.Object({
  state: Type.String({ description: 'queued, sent, delivered, deferred, bounced, failed or suppressed.' }),
  reason: nullable(Type.String()),
  dateTime: nullable(dateTime()),
})

const invitationProperties = {
  id: Type.String(),
  inviteRedeemUrl: Type.Optional(
    Type.String({ description: 'Only in the answer to the request that made the invitation.' }),
  ),
  invitedUserDisplayName: nullable(Type.String()),
  invitedUserEmailAddress: Type.String(),
  invitedUserType: Type.String(),
  inviteRedirectUrl: Type.String(),
  sendInvitationMessage: Type.Boolean(),
  resetRedemption: Type.Boolean(),
  status: Type.String({ description: 'PendingAcceptance, Completed, Expired, Revoked or Error.' }),
  invitedUserMessageInfo: Type.Object({
    messageLanguage: nullable(Type.String()),
    customizedMessageBody: nullable(Type.String()),
    ccRecipients: Type.Array(
      Type.Object({
        emailAddress: Type.Object({ name: nullable(Type.String()), address: nullable(Type.String()) }),
      }),
    ),
  }),
  invitedUser: Type.Object({ id: Type.String() }),
  createdDateTime: Type.Optional(dateTime()),
  expiresDateTime: Type.Optional(nullable(dateTime())),
  redeemedDateTime: Type.Optional(nullable(dateTime())),
  accessEndDateTime: Type.Optional(nullable(dateTime())),
  contactUrl: Type.Optional(nullable(Type.String())),
  invitedUserProperties: Type.Optional(Type.Object({}, { additionalProperties: true })),
  invitedUserGroups: Type.Optional(Type.Array(Type.String())),
  invitedUserAppRoleAssignments: Type.Optional(
    Type.Array(Type.Object({ resourceId: Type.String(), appRoleId: Type.String() })),
  ),
  sentCount: Type.Optional(Type.Integer()),
  lastSentDateTime: Type.Optional(nullable(dateTime())),
  delivery: Type.Optional(Type.Union([Delivery, Type.Null()])),
  history: Type.Optional(
    Type.Array(
      Type.Object({
        event: Type.String({
          description: 'invited, sent, delivered, resent, bounced, declined, redeemed, expired, revoked, reset …',
        }),
        dateTime: dateTime(),
        actor: Type.Object({ user: Type.Optional(Identity), application: Type.Optional(Identity) }),
      }),
    ),
  ),
}

/** One invitation. */
export const InvitationItem = Type.Object(invitationProperties)
export type InvitationItem = Static<typeof InvitationItem>

/** Graph: invitation, as it is answered. */
export const InvitationResource = Type.Object({ '@odata.context': Type.String(), ...invitationProperties })

/** The same as readers see it: all of it, or the properties of `$select`. */
export const ReadInvitation = Type.Partial(InvitationResource)

export const InvitationCollection = collectionBody(Type.Partial(InvitationItem))

export const Evaluation = Type.Object({
  '@odata.context': Type.String(),
  allowed: Type.Boolean(),
  checks: Type.Array(
    Type.Object({
      name: Type.String(),
      outcome: Type.Union([Type.Literal('passed'), Type.Literal('failed'), Type.Literal('notApplicable')]),
      message: Type.String(),
    }),
  ),
})
