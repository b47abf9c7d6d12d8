import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { readConnectionTest, type TestNeeds, testConnection } from './test-connection.js'

const Id = Type.Object({ id: Type.String() })
const permission = {
  application: ['IdentityProvider.ReadWrite.All'],
  delegated: ['IdentityProvider.ReadWrite.All'],
}
const ConnectionTestBody = Type.Object({
  isWorking: Type.Boolean(),
  checks: Type.Array(Type.Object({ name: Type.String(), outcome: Type.String(), message: Type.String() })),
  redirectUri: Type.String({ description: 'What the other side has to be told: redirect URI, or SAML metadata.' }),
  signIn: Type.Object({
    testId: Type.String(),
    signInUrl: Type.String({ description: 'Opens once, within ten minutes. Signs nobody in.' }),
    expiresDateTime: Type.String({ format: 'date-time' }),
  }),
})
const TestId = Type.Object({ id: Type.String(), testId: Type.String() })
const nullable = (description: string) => Type.Union([Type.String(), Type.Null()], { description })
const ConnectionTestResult = Type.Object({
  verdict: Type.String({ description: 'known, redeems, free, refused or failed.' }),
  message: Type.String(),
  trouble: nullable('Why the answer led nowhere.'),
  identity: Type.Union([Type.Object({ issuer: Type.String(), issuerAssignedId: Type.String() }), Type.Null()]),
  address: nullable('The address that would be bound.'),
  userId: nullable('Who would have been signed in.'),
  claims: Type.Record(Type.String(), Type.Unknown(), { description: 'Everything the home said.' }),
})
const ConnectionTestRead = Type.Object({
  id: Type.String(),
  status: Type.String({ description: 'waiting, opened or finished.' }),
  createdDateTime: Type.String({ format: 'date-time' }),
  expiresDateTime: Type.String({ format: 'date-time' }),
  result: Type.Union([ConnectionTestResult, Type.Null()]),
})

/** Addition: `testConnection` of each provider, since set-up traps are what administrators lose most time in. */
const routes: FastifyPluginAsyncTypebox<{ needs: TestNeeds }> = async (app, { needs }) => {
  for (const [base, which] of [
    ['/identity/identityProviders/:id', 'other'],
    ['/directory/federationConfigurations/:id', 'saml'],
  ] as const) {
    app.get(
      `${base}/connectionTests/:testId`,
      {
        config: { permission },
        schema: {
          tags: ['identityProviders'],
          summary: 'Read what came of a sign-in that was tried',
          params: TestId,
          response: { 200: ConnectionTestRead },
        },
      },
      (request) => readConnectionTest(needs, request.caller, request.params.id, which, request.params.testId),
    )
    app.post(
      `${base}/testConnection`,
      {
        config: { permission },
        schema: {
          tags: ['identityProviders'],
          summary: 'Try the connection',
          params: Id,
          response: { 200: ConnectionTestBody },
        },
      },
      (request) => testConnection(needs, request.caller, request.params.id, which),
    )
  }
}
export default routes
