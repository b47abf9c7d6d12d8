import { type Static, type TSchema, Type } from '@sinclair/typebox'

const readOnly = () => Type.Optional(Type.Unknown({ readOnly: true }))
const text = (maxLength: number, description?: string) =>
  Type.Optional(Type.Union([Type.Null(), Type.String({ maxLength, ...(description && { description }) })]))
const pkcs12Value = Type.String({ minLength: 1, maxLength: 60_000, description: 'The .pfx file in Base64.' })

/** Graph: apiAuthenticationConfigurationBase, and our additions; `@odata.type` says which properties count. */
const AuthenticationBody = Type.Object({
  '@odata.type': Type.String({ maxLength: 128 }),
  username: text(512),
  password: text(1_024),
  pkcs12Value: Type.Optional(pkcs12Value),
  certificateList: readOnly(),
  token: text(4_096, 'Addition, of #vestibule.bearerAuthentication.'),
  tokenEndpoint: text(2_048, 'Addition, of #vestibule.clientCredentialsAuthentication.'),
  clientId: text(512, 'Addition, of #vestibule.clientCredentialsAuthentication.'),
  clientSecret: text(1_024, 'Addition, of #vestibule.clientCredentialsAuthentication.'),
  scope: text(1_024, 'Addition, of #vestibule.clientCredentialsAuthentication.'),
  secret: text(128, 'Addition, of #vestibule.webhookSignatureAuthentication: `whsec_` and 24 to 64 bytes in Base64.'),
})
export type AuthenticationBody = Static<typeof AuthenticationBody>

const displayName = Type.String({ minLength: 1, maxLength: 256 })
const targetUrl = Type.String({ minLength: 1, maxLength: 2_048 })
const isFailOpen = Type.Optional(
  Type.Boolean({ description: 'Addition: visitors pass when the connector fails. False unless set.' }),
)

/** Graph: identityapiconnector-create. */
export const NewConnector = Type.Object({
  '@odata.type': Type.Optional(Type.String({ maxLength: 128 })),
  id: readOnly(),
  displayName,
  targetUrl,
  authenticationConfiguration: Type.Optional(AuthenticationBody),
  isFailOpen,
  circuit: readOnly(),
})
export type NewConnector = Static<typeof NewConnector>

/** Graph: identityapiconnector-update. */
export const ConnectorChanges = Type.Object({
  '@odata.type': Type.Optional(Type.String({ maxLength: 128 })),
  id: readOnly(),
  displayName: Type.Optional(displayName),
  targetUrl: Type.Optional(targetUrl),
  authenticationConfiguration: Type.Optional(Type.Union([Type.Null(), AuthenticationBody])),
  isFailOpen,
  circuit: readOnly(),
})
export type ConnectorChanges = Static<typeof ConnectorChanges>

/** Graph: identityapiconnector-uploadclientcertificate. */
export const CertificateUpload = Type.Object({ pkcs12Value, password: Type.String({ maxLength: 1_024 }) })
export type CertificateUpload = Static<typeof CertificateUpload>

const ClaimValue = Type.Union([
  Type.String({ maxLength: 4_096 }),
  Type.Number(),
  Type.Boolean(),
  Type.Array(Type.String({ maxLength: 4_096 }), { maxItems: 200 }),
  Type.Array(
    Type.Object({
      signInType: Type.Union([Type.Literal('federated'), Type.Literal('emailAddress')]),
      issuer: Type.String({ maxLength: 1_024 }),
      issuerAssignedId: Type.String({ maxLength: 1_024 }),
    }),
    { maxItems: 20 },
  ),
])

/** Addition: what a connector is to be asked for a test. */
export const ConnectorTest = Type.Object({
  claims: Type.Record(Type.String({ maxLength: 256 }), ClaimValue, {
    description: 'As in a request: `email`, `displayName`, `extension_<app id>_<Name>`.',
  }),
  step: Type.Optional(Type.Union([Type.Literal('PostFederationSignup'), Type.Literal('PostAttributeCollection')])),
  clientId: Type.Optional(Type.String({ maxLength: 128 })),
  uiLocales: Type.Optional(Type.String({ maxLength: 64 })),
})
export type ConnectorTest = Static<typeof ConnectorTest>

const nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([Type.Null(), schema])
const action = Type.Union(
  (['Continue', 'ShowBlockPage', 'ValidationError', 'Failed'] as const).map((name) => Type.Literal(name)),
)
const tries = Type.Array(
  Type.Object({
    durationInMilliseconds: Type.Integer(),
    status: nullable(Type.Integer()),
    trouble: nullable(Type.String()),
  }),
)

/** Addition: an exchange as it is kept, values left out. */
export const ExchangeBody = Type.Object({
  id: Type.String(),
  startedDateTime: Type.String({ format: 'date-time' }),
  durationInMilliseconds: Type.Integer(),
  isTest: Type.Boolean(),
  step: Type.String(),
  idempotencyKey: Type.String(),
  tries,
  action,
  reason: nullable(Type.String()),
  request: Type.Unknown({ description: 'Names, with the kind and size of each value in its place.' }),
  response: nullable(
    Type.Object({
      status: Type.Integer(),
      contentType: nullable(Type.String()),
      size: Type.Integer(),
      body: Type.Unknown(),
    }),
  ),
})

/** Addition: what a test sent, what came, and how it is read. */
export const ConnectorTestResult = Type.Object({
  '@odata.context': Type.String(),
  startedDateTime: Type.String({ format: 'date-time' }),
  durationInMilliseconds: Type.Integer(),
  tries,
  request: Type.Object({
    method: Type.String(),
    url: Type.String({ description: 'Without the values of its query.' }),
    headers: Type.Array(Type.Object({ name: Type.String(), value: Type.String() })),
    body: Type.String(),
  }),
  response: nullable(
    Type.Object({ status: Type.Integer(), contentType: nullable(Type.String()), body: Type.String() }),
  ),
  reading: Type.Object({
    action,
    userMessage: nullable(Type.String()),
    reason: nullable(Type.String()),
    claims: nullable(Type.Record(Type.String(), Type.Unknown())),
    ignored: Type.Array(Type.String(), { description: 'Names of the answer that are no claims.' }),
    visitorPasses: Type.Boolean(),
  }),
})
