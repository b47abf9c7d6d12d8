import { type Static, Type } from '@sinclair/typebox'

const text = (maxLength: number) => Type.Optional(Type.Union([Type.String({ maxLength }), Type.Null()]))
const readOnly = () => Type.Optional(Type.Unknown({ readOnly: true }))

/** Graph: user, the plain profile properties that `PATCH` takes. `null` clears. */
export const UserChanges = Type.Object({
  displayName: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
  givenName: text(64),
  surname: text(64),
  jobTitle: text(128),
  mobilePhone: text(64),
  businessPhones: Type.Optional(
    Type.Array(Type.String({ maxLength: 64 }), { maxItems: 1, rule: 'a list of at most one number' }),
  ),
  officeLocation: text(128),
  preferredLanguage: Type.Optional(
    Type.Union([
      Type.String({ pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$', rule: 'a language tag such as en-US or de' }),
      Type.Null(),
    ]),
  ),
  companyName: text(64),
  department: text(64),
  employeeId: text(16),
  city: text(128),
  state: text(128),
  country: text(128),
  postalCode: text(40),
  streetAddress: text(1024),
  usageLocation: Type.Optional(
    Type.Union([
      Type.String({ pattern: '^[A-Za-z]{2}$', rule: 'a country code of two letters (ISO 3166)' }),
      Type.Null(),
    ]),
  ),
  mail: Type.Optional(Type.String({ maxLength: 320 })),
  otherMails: Type.Optional(
    Type.Array(Type.String({ maxLength: 250 }), { maxItems: 250, rule: 'a list of at most 250 addresses' }),
  ),
  userType: Type.Optional(Type.Union([Type.Literal('Guest'), Type.Literal('Member')])),
  accountEnabled: Type.Optional(Type.Boolean()),
  id: readOnly(),
  userPrincipalName: readOnly(),
  creationType: readOnly(),
  externalUserState: readOnly(),
  externalUserStateChangeDateTime: readOnly(),
  createdDateTime: readOnly(),
  deletedDateTime: readOnly(),
  proxyAddresses: readOnly(),
  identities: readOnly(),
  mailNickname: readOnly(),
  signInSessionsValidFromDateTime: readOnly(),
})
export type UserChanges = Static<typeof UserChanges>
