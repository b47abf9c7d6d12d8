import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { ProviderNeeds } from './needs.js'

/**
 * What Azure CLI and Terraform ask for beside tokens. As an AD FS authority (`/adfs`) they name no tenant and skip the
 * look-ups at Microsoft that another authority would need (its token endpoint is among the provider's own);
 * `/metadata/endpoints` describes this cloud to them.
 */
export const registerTools: FastifyPluginAsync<Pick<ProviderNeeds, 'originOf'>> = async (app, needs) => {
  const config = { permission: 'public' } as const
  const schema = { hide: true }

  app.get('/adfs/.well-known/openid-configuration', { config, schema }, async (request) => {
    const origin = needs.originOf(request)
    return {
      issuer: `${origin}/adfs`,
      authorization_endpoint: `${origin}/adfs/oauth2/authorize`,
      token_endpoint: `${origin}/adfs/oauth2/token`,
      response_types_supported: ['code'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    }
  })

  app.get('/metadata/endpoints', { config, schema }, async (request) =>
    cloudOf(needs.originOf(request), versionOf(request)),
  )
  // There is nothing that could be subscribed to; the tools look before they go on.
  app.get('/subscriptions', { config, schema }, async () => ({ value: [] }))
  app.get('/tenants', { config, schema }, async () => ({ value: [] }))
}

function versionOf(request: FastifyRequest): string {
  const version = (request.query as Record<string, unknown>)['api-version']
  return typeof version === 'string' ? version : ''
}

/** Azure Resource Manager: metadata of a cloud. The oldest version is an object of its own, one in between is a list. */
function cloudOf(origin: string, version: string) {
  const loginEndpoint = `${origin}/adfs`
  if (version === '2015-01-01') {
    return {
      galleryEndpoint: origin,
      graphEndpoint: origin,
      portalEndpoint: origin,
      authentication: { loginEndpoint, audiences: [origin] },
    }
  }
  const cloud = {
    name: 'Vestibule',
    portal: origin,
    authentication: { loginEndpoint, audiences: [origin], tenant: 'adfs', identityProvider: 'ADFS' },
    graph: origin,
    graphAudience: origin,
    microsoftGraphResourceId: `${origin}/`,
    resourceManager: `${origin}/`,
    media: origin,
    batch: origin,
    gallery: origin,
    sqlManagement: origin,
    vmImageAliasDoc: origin,
    suffixes: {},
  }
  return version === '2019-05-01' ? [cloud] : cloud
}
