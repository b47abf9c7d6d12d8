import { type Static, Type } from '@sinclair/typebox'

const orNull = <Schema extends ReturnType<typeof Type.String | typeof Type.Boolean>>(schema: Schema) =>
  Type.Optional(Type.Union([schema, Type.Null()]))
const readOnly = () => Type.Optional(Type.Unknown({ readOnly: true }))

const url = (description: string) => Type.String({ maxLength: 2_048, description })
const expiration = Type.String({ format: 'date-time', description: 'At most 41,760 minutes from now.' })
const readOnlyProperties = { id: readOnly(), applicationId: readOnly(), creatorId: readOnly() }

/** Graph: subscription, as it is created. */
export const SubscriptionRequest = Type.Object({
  changeType: Type.String({ maxLength: 64, description: 'updated, deleted; for invitations created, updated.' }),
  notificationUrl: url('Where changes are posted.'),
  resource: Type.String({
    maxLength: 256,
    description: 'users, users/{id}, groups, groups/{id}, groups/{id}/members; addition: invitations.',
  }),
  expirationDateTime: expiration,
  clientState: orNull(Type.String({ maxLength: 128, description: 'Comes back in every notification.' })),
  lifecycleNotificationUrl: orNull(url('Where news of the subscription itself is posted.')),
  latestSupportedTlsVersion: orNull(
    Type.String({
      pattern: '^v1_[0-3]$',
      rule: "'v1_2' or 'v1_3'",
      description: 'Taken and shown; TLS 1.2 is the least.',
    }),
  ),
  includeResourceData: orNull(Type.Boolean()),
  encryptionCertificate: Type.Optional(Type.Null()),
  encryptionCertificateId: Type.Optional(Type.Null()),
  notificationQueryOptions: Type.Optional(Type.Null()),
  notificationUrlAppId: Type.Optional(Type.Null()),
  ...readOnlyProperties,
})
export type SubscriptionRequest = Static<typeof SubscriptionRequest>

/** Graph: subscription-update. */
export const SubscriptionChanges = Type.Object({
  expirationDateTime: Type.Optional(expiration),
  notificationUrl: Type.Optional(url('Validated like a first one.')),
  ...readOnlyProperties,
})
export type SubscriptionChanges = Static<typeof SubscriptionChanges>

/** Addition: how long the secret before the new one is good. */
export const SecretRotation = Type.Optional(
  Type.Object({
    previousSecretExpirationDateTime: orNull(
      Type.String({ format: 'date-time', description: 'Within 7 days; a day from now unless given.' }),
    ),
  }),
)
export type SecretRotation = NonNullable<Static<typeof SecretRotation>>

/** Addition: which dead letters are to be sent once more. */
export const Redelivery = Type.Optional(
  Type.Object({
    ids: Type.Optional(
      Type.Array(Type.String({ format: 'uuid' }), {
        maxItems: 1_000,
        description: 'Of dead letters; all unless given.',
      }),
    ),
  }),
)
export type Redelivery = NonNullable<Static<typeof Redelivery>>

export const Redelivered = Type.Object({
  '@odata.context': Type.String(),
  value: Type.Integer({ description: 'How many.' }),
})

const nullable = (schema = Type.String()) => Type.Union([schema, Type.Null()])

const properties = {
  id: Type.String(),
  resource: Type.String(),
  applicationId: Type.String(),
  changeType: Type.String(),
  clientState: nullable(),
  notificationUrl: Type.String(),
  notificationQueryOptions: Type.Null(),
  lifecycleNotificationUrl: nullable(),
  expirationDateTime: Type.String(),
  creatorId: Type.String(),
  includeResourceData: Type.Union([Type.Boolean(), Type.Null()]),
  latestSupportedTlsVersion: nullable(),
  encryptionCertificate: Type.Null(),
  encryptionCertificateId: Type.Null(),
  notificationUrlAppId: Type.Null(),
}

export const SubscriptionResource = Type.Object({
  '@odata.context': Type.Optional(Type.String()),
  ...properties,
  notificationSecret: Type.Optional(
    Type.String({
      description: 'Addition, shown once: what `webhook-signature` is made with (Standard Webhooks).',
    }),
  ),
})
/** Addition: the subscription with its new secret, and until when the one before it is good. */
export const RotatedSubscription = Type.Object({
  '@odata.context': Type.String(),
  ...properties,
  notificationSecret: Type.String(),
  previousSecretExpirationDateTime: nullable(),
})
export type SubscriptionResource = Static<typeof SubscriptionResource>

export const SubscriptionCollection = Type.Object({
  '@odata.context': Type.String(),
  '@odata.nextLink': Type.Optional(Type.String()),
  value: Type.Array(Type.Object(properties)),
})

export const DeadLetterCollection = Type.Object({
  '@odata.context': Type.String(),
  '@odata.nextLink': Type.Optional(Type.String()),
  value: Type.Array(
    Type.Object({
      id: Type.String(),
      channel: Type.String({ description: 'changes or lifecycle' }),
      createdDateTime: Type.String(),
      deadDateTime: Type.String({ description: 'When it was given up.' }),
      reason: Type.String(),
      notification: Type.Object({}, { additionalProperties: true }),
    }),
  ),
})
