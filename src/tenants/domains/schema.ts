import { type Static, Type } from '@sinclair/typebox'

const readOnly = () => Type.Optional(Type.Unknown({ readOnly: true }))
const supportedServices = Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 20 }))

const readOnlyProperties = {
  authenticationType: readOnly(),
  availabilityStatus: readOnly(),
  isAdminManaged: readOnly(),
  isInitial: readOnly(),
  isRoot: readOnly(),
  isVerified: readOnly(),
  manufacturer: readOnly(),
  model: readOnly(),
  passwordNotificationWindowInDays: readOnly(),
  passwordValidityPeriodInDays: readOnly(),
  state: readOnly(),
}

/** Graph: domain-post-domains. */
export const DomainCreation = Type.Object({
  id: Type.String({ maxLength: 1_024, description: 'The domain name.' }),
  isDefault: readOnly(),
  supportedServices,
  ...readOnlyProperties,
})
export type DomainCreation = Static<typeof DomainCreation>

/** Graph: domain-forcedelete. */
export const ForceDeletion = Type.Object({
  disableUserAccounts: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
})

/** Graph: domain-update. Passwords have no life here, since there are none. */
export const DomainChanges = Type.Object({
  id: readOnly(),
  isDefault: Type.Optional(Type.Boolean()),
  supportedServices,
  ...readOnlyProperties,
})
export type DomainChanges = Static<typeof DomainChanges>
