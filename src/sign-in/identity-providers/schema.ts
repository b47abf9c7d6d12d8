import { type Static, Type } from '@sinclair/typebox'

const url = (description: string) => Type.String({ maxLength: 2_048, description })
const text = (maxLength: number) => Type.String({ minLength: 1, maxLength })
const readOnly = () => Type.Optional(Type.Unknown({ readOnly: true }))
const domains = Type.Optional(
  Type.Array(Type.String({ maxLength: 255 }), {
    maxItems: 500,
    description: 'Addition: domains whose people the provider speaks for. Of OpenID Connect providers each is proved.',
  }),
)

/** Graph: the properties of every type of identityProviderBase, `@odata.type` says which of them count. */
const properties = {
  displayName: Type.Optional(text(256)),
  identityProviderType: Type.Optional(text(64)),
  clientId: Type.Optional(text(256)),
  clientSecret: Type.Optional(text(1_024)),
  issuer: Type.Optional(url('Issuer of ID tokens, as it stands in them.')),
  wellKnownEndpoint: Type.Optional(url('Where the OpenID configuration is. Of Microsoft, `{tenant}` stands in it.')),
  scope: Type.Optional(text(512)),
  responseType: Type.Optional(text(64)),
  clientAuthentication: Type.Optional(
    Type.Object({
      '@odata.type': Type.Optional(Type.String({ maxLength: 128 })),
      clientSecret: Type.Optional(text(1_024)),
    }),
  ),
  inboundClaimMapping: Type.Optional(
    Type.Union([
      Type.Null(),
      Type.Object({
        '@odata.type': Type.Optional(Type.String({ maxLength: 128 })),
        sub: Type.Optional(Type.Union([Type.Null(), Type.Literal('sub')])),
        email: Type.Optional(Type.Union([Type.Null(), text(256)])),
        email_verified: Type.Optional(Type.Union([Type.Null(), text(256)])),
        name: Type.Optional(Type.Union([Type.Null(), text(256)])),
        given_name: Type.Optional(Type.Union([Type.Null(), text(256)])),
        family_name: Type.Optional(Type.Union([Type.Null(), text(256)])),
      }),
    ]),
  ),
  domains,
}

/** Graph: identitycontainer-post-identityproviders. */
export const ProviderCreation = Type.Object({
  '@odata.type': Type.String({ maxLength: 128 }),
  id: readOnly(),
  ...properties,
})
export type ProviderCreation = Static<typeof ProviderCreation>

/** Graph: identityproviderbase-update. */
export const ProviderChanges = Type.Object({
  '@odata.type': Type.Optional(Type.String({ maxLength: 128 })),
  id: readOnly(),
  ...properties,
})
export type ProviderChanges = Static<typeof ProviderChanges>

const federation = {
  '@odata.type': Type.Optional(Type.String({ maxLength: 128 })),
  id: readOnly(),
  displayName: Type.Optional(text(256)),
  issuerUri: Type.Optional(text(1_024)),
  metadataExchangeUri: Type.Optional(Type.Union([Type.Null(), url('Where the metadata is read from, now and later.')])),
  passiveSignInUri: Type.Optional(url('Where browsers are sent to sign in.')),
  preferredAuthenticationProtocol: Type.Optional(text(32)),
  signingCertificate: Type.Optional(Type.Union([Type.Null(), Type.String({ maxLength: 16_384 })])),
  domains: Type.Optional(
    Type.Array(
      Type.Object({
        '@odata.type': Type.Optional(Type.String({ maxLength: 128 })),
        id: Type.String({ maxLength: 255 }),
      }),
      { maxItems: 500 },
    ),
  ),
}

/** Graph: samlorwsfedexternaldomainfederation-post. */
export const FederationBody = Type.Object(federation)
export type FederationBody = Static<typeof FederationBody>

/** Graph: externalDomainName. */
export const DomainNameBody = Type.Object({
  '@odata.type': Type.Optional(Type.String({ maxLength: 128 })),
  id: Type.String({ maxLength: 255 }),
})

const order = Type.Object({
  '@odata.type': Type.Optional(Type.String({ maxLength: 128 })),
  primaryIdentityProviderPrecedenceOrder: Type.Optional(Type.Array(text(64), { maxItems: 3 })),
  fallbackIdentityProvider: Type.Optional(text(64)),
  passcodeDomains: Type.Optional(
    Type.Array(Type.String({ maxLength: 255 }), {
      maxItems: 500,
      description: 'Addition: domains with a home whose people may use a passcode all the same.',
    }),
  ),
})

/** Graph: crossTenantAccessPolicyConfigurationDefault, as far as it says where guests sign in. */
export const OrderBody = Type.Object({
  '@odata.type': Type.Optional(Type.String({ maxLength: 128 })),
  invitationRedemptionIdentityProviderConfiguration: order,
})
export type OrderBody = Static<typeof OrderBody>
