import { type Static, Type } from '@sinclair/typebox'

const readOnly = () => Type.Optional(Type.Unknown({ readOnly: true }))
const issuer = Type.String({ minLength: 1, maxLength: 600 })
const subject = Type.String({ minLength: 1, maxLength: 600 })
const audiences = Type.Array(Type.String({ minLength: 1, maxLength: 600 }), { minItems: 1, maxItems: 1 })
const description = Type.Optional(Type.Union([Type.String({ maxLength: 600 }), Type.Null()]))

/** Graph: federatedIdentityCredential. */
export const NewFederatedCredential = Type.Object({
  id: readOnly(),
  name: Type.String({
    minLength: 3,
    maxLength: 120,
    pattern: '^[A-Za-z0-9][A-Za-z0-9_-]*$',
    rule: '3 to 120 letters, digits, hyphens and underscores, of which the first is none of the last two',
  }),
  issuer,
  subject,
  audiences,
  description,
})
export type NewFederatedCredential = Static<typeof NewFederatedCredential>

/** Graph: federatedidentitycredential-update. The name never changes. */
export const FederatedCredentialChanges = Type.Object({
  id: readOnly(),
  name: readOnly(),
  issuer: Type.Optional(issuer),
  subject: Type.Optional(subject),
  audiences: Type.Optional(audiences),
  description,
})
export type FederatedCredentialChanges = Static<typeof FederatedCredentialChanges>
