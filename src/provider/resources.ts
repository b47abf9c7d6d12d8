import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import { delegatedPermissions } from '../graph/permissions.js'
import type { OpenidNeeds } from './openid-provider.js'
import { ACCESS_TOKEN_SECONDS, audienceOf, GRAPH } from './rules.js'

const known = new Set(delegatedPermissions)

/**
 * What tokens are for. A client in its own name says so by its scope (`…/.default`); a person's token is for Microsoft
 * Graph when a permission of Graph was asked for, and otherwise for nothing but the userinfo endpoint.
 */
export function resources(needs: Pick<OpenidNeeds, 'origins'>, sign: { kid?: string }) {
  const isClientAlone = (ctx: KoaContextWithOIDC) => ctx.oidc.params?.['grant_type'] === 'client_credentials'
  const jwt = {
    accessTokenFormat: 'jwt',
    accessTokenTTL: ACCESS_TOKEN_SECONDS,
    jwt: { sign: { alg: 'RS256', ...sign } },
  } as const
  return {
    enabled: true,
    useGrantedResource: () => true,
    defaultResource(ctx: KoaContextWithOIDC, _client: unknown, oneOf?: readonly string[]): string | readonly string[] {
      if (isClientAlone(ctx)) return requestedAudience(needs, ctx)
      if (oneOf) return oneOf[0] ?? []
      return requestedScope(ctx)
        .split(' ')
        .some((scope) => known.has(scope))
        ? GRAPH
        : []
    },
    getResourceServerInfo(ctx: KoaContextWithOIDC, resource: string) {
      if (isClientAlone(ctx)) {
        const audience = requestedAudience(needs, ctx)
        if (resource !== audience) throw new errors.InvalidTarget('resource and scope name different resources')
        return { audience, scope: requestedScope(ctx), ...jwt }
      }
      if (resource !== GRAPH) throw new errors.InvalidTarget('the resource is not one of this service')
      return { audience: GRAPH, scope: delegatedPermissions.join(' '), ...jwt }
    },
  }
}

function requestedAudience({ origins }: Pick<OpenidNeeds, 'origins'>, ctx: KoaContextWithOIDC): string {
  const scope = requestedScope(ctx)
  const audience = audienceOf(scope, origins())
  if (audience === undefined) {
    throw new errors.InvalidScope('the scope must be one resource of this service followed by /.default', scope)
  }
  return audience
}

function requestedScope(ctx: KoaContextWithOIDC): string {
  const { scope } = ctx.oidc.params ?? {}
  return typeof scope === 'string' ? scope : ''
}
