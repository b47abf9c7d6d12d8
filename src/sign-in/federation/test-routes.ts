import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { type TestNeeds, testConnection } from './test-connection.js'

const Id = Type.Object({ id: Type.String() })
const permission = {
  application: ['IdentityProvider.ReadWrite.All'],
  delegated: ['IdentityProvider.ReadWrite.All'],
}
const ConnectionTestBody = Type.Object({
  isWorking: Type.Boolean(),
  checks: Type.Array(Type.Object({ name: Type.String(), outcome: Type.String(), message: Type.String() })),
  redirectUri: Type.String({ description: 'What the other side has to be told: redirect URI, or SAML metadata.' }),
})

/** Addition: `testConnection` of each provider, since set-up traps are what administrators lose most time in. */
const routes: FastifyPluginAsyncTypebox<{ needs: TestNeeds }> = async (app, { needs }) => {
  for (const [path, which] of [
    ['/identity/identityProviders/:id/testConnection', 'other'],
    ['/directory/federationConfigurations/:id/testConnection', 'saml'],
  ] as const) {
    app.post(
      path,
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
