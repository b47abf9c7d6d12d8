import { type Static, Type } from '@sinclair/typebox'

const readOnly = () => Type.Optional(Type.Unknown({ readOnly: true }))
const addresses = () => Type.Optional(Type.Array(Type.String({ format: 'email', maxLength: 320 }), { maxItems: 20 }))

const PrivacyProfile = Type.Object({
  contactEmail: Type.Optional(Type.Union([Type.String({ format: 'email', maxLength: 320 }), Type.Null()])),
  statementUrl: Type.Optional(Type.Union([Type.String({ format: 'uri', maxLength: 2_048 }), Type.Null()])),
})

const readOnlyProperties = Object.fromEntries(
  [
    'id',
    'assignedPlans',
    'businessPhones',
    'city',
    'country',
    'countryLetterCode',
    'createdDateTime',
    'defaultUsageLocation',
    'deletedDateTime',
    'displayName',
    'mobileDeviceManagementAuthority',
    'onPremisesLastSyncDateTime',
    'onPremisesSyncEnabled',
    'partnerTenantType',
    'postalCode',
    'preferredLanguage',
    'provisionedPlans',
    'state',
    'street',
    'tenantType',
    'verifiedDomains',
  ].map((name) => [name, readOnly()]),
)

/** Graph: organization-update, which takes these five. */
export const OrganizationChanges = Type.Object({
  marketingNotificationEmails: addresses(),
  privacyProfile: Type.Optional(Type.Union([PrivacyProfile, Type.Null()])),
  securityComplianceNotificationMails: addresses(),
  securityComplianceNotificationPhones: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 20 })),
  technicalNotificationMails: addresses(),
  ...readOnlyProperties,
})
export type OrganizationChanges = Static<typeof OrganizationChanges>
