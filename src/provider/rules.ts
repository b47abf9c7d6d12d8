import type { Instant } from '../kernel/instant.js'

/** Microsoft Graph as a resource, and its well-known application id. */
export const GRAPH = 'https://graph.microsoft.com'
export const GRAPH_APP_ID = '00000003-0000-0000-c000-000000000000'

/** How long an access token is good for. 30 minutes. */
export const ACCESS_TOKEN_SECONDS = 1_800

/** How far the clocks of two machines may be apart. */
export const CLOCK_LEEWAY_SECONDS = 30

/** The longest life of a client assertion: bounds how long its `jti` is remembered (RFC 7523 section 3 allows a limit). */
export const MOST_ASSERTION_SECONDS = 86_400

const DEFAULT_SCOPE = '/.default'

/**
 * The audience that a `scope` of the client credentials grant asks for, or undefined when it is not one resource of
 * this service followed by `/.default`. A slash at the end of the resource is part of some clients' spelling.
 */
export function audienceOf(scope: string, origins: readonly string[]): string | undefined {
  if (!scope.endsWith(DEFAULT_SCOPE)) return undefined
  const resource = scope.slice(0, -DEFAULT_SCOPE.length).replace(/\/$/, '')
  if (resource === GRAPH || resource === GRAPH_APP_ID) return GRAPH
  return origins.includes(resource) ? resource : undefined
}

/** Every audience by which a token may name this service. */
export function acceptedAudiences(origins: readonly string[]): string[] {
  return [...origins, GRAPH].flatMap((resource) => [resource, `${resource}/`]).concat(GRAPH_APP_ID)
}

/** The issuer of a tenant's tokens at one origin. */
export function issuerOf(origin: string, tenant: string): string {
  return `${origin}/${tenant}/v2.0`
}

/** What a client assertion may give as its audience: issuer or token endpoint, in every spelling of the tenant. */
export function assertionAudiences(origins: readonly string[], names: readonly string[]): Set<string> {
  const audiences = origins.flatMap((origin) =>
    names.flatMap((name) => [issuerOf(origin, name), `${origin}/${name}/oauth2/v2.0/token`]),
  )
  return new Set(audiences)
}

/** Whether a token with these times may be used at `now`, give or take the leeway. Times are seconds since 1970. */
export function isInTime(times: { nbf: number; exp: number }, now: Instant): 'yes' | 'early' | 'expired' {
  const seconds = now.getTime() / 1_000
  if (times.exp + CLOCK_LEEWAY_SECONDS <= seconds) return 'expired'
  return times.nbf - CLOCK_LEEWAY_SECONDS > seconds ? 'early' : 'yes'
}

/**
 * Whether a token was minted before `validFrom`. A token of ours names the `validFrom` its client had when it was
 * minted: two values of one row are compared, so neither clocks that differ nor a token minted while the change
 * commits matter. A token without it is judged by the second it was issued in.
 */
export function isWithdrawn(
  token: { iat: number; mintedUnder?: number | undefined },
  validFrom: number | null,
): boolean {
  return validFrom !== null && (token.mintedUnder ?? token.iat * 1_000) < validFrom
}
