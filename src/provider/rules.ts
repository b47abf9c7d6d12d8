import type { Instant } from '../kernel/instant.js'
import { GRAPH_APP_ID } from '../kernel/well-known.js'

/** Microsoft Graph as a resource. */
export const GRAPH = 'https://graph.microsoft.com'

/** OpenID Connect's own scopes. Everybody who signs in to an application of their organization agrees to these. */
export const OIDC_SCOPES = ['openid', 'profile', 'email', 'offline_access'] as const

/** How long a code waits to be exchanged, a device to be let in, a person to sign in. Seconds. */
export const CODE_SECONDS = 60
export const DEVICE_SECONDS = 900
export const INTERACTION_SECONDS = 3_600
/** How long a refresh token is good for while it is used. 14 days, as guests' sessions are short. */
export const REFRESH_TOKEN_SECONDS = 14 * 86_400

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

/**
 * The scopes of a person's request in the names we know them by: without the resource in front, `.default` as what the
 * application asks for (Entra). Names nobody knows stay as they are, for the library to refuse.
 */
export function delegatedScopes(scope: string, origins: readonly string[], requested: readonly string[]): string {
  const resources = [GRAPH, GRAPH_APP_ID, ...origins]
  const names = scope.split(' ').flatMap((name) => {
    const resource = resources.find((each) => name.startsWith(`${each}/`))
    const bare = resource === undefined ? name : name.slice(resource.length + 1).replace(/^\//, '')
    return bare === '.default' ? requested : [bare]
  })
  return [...new Set(names.filter((name) => name !== ''))].join(' ')
}

/**
 * Whether an address is told as verified (OpenID Connect Core section 5.1): somebody took steps to see that the person has
 * it. They proved the mailbox, or the home they are known by vouched for it as an authority (design section 8.3), or it
 * lies within a domain that the organization has proved, whose people have no other home. An address that was written down
 * beside what was proved is not, whatever its domain.
 */
export function isMailVerified(
  account: { mail: string | null; provedAddresses: readonly string[]; issuers: readonly string[] },
  domains: readonly string[],
): boolean {
  const mail = account.mail?.toLowerCase()
  if (mail === undefined) return false
  if (account.provedAddresses.includes(mail)) return true
  const domain = mail.slice(mail.lastIndexOf('@') + 1)
  return account.issuers.length === 0 && domains.some((name) => name.toLowerCase() === domain)
}

/** Graph's role template ids of those who may agree for a whole organization. */
const CONSENT_ADMINISTRATORS = [
  '62e90394-69f5-4237-9190-012177145e10',
  '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3',
  '158c047a-c907-4556-b7ef-446551a6b5f7',
]

/**
 * Whether somebody may let an application do these things in their name: what is about themselves, and the names of
 * others, anybody; everything else only administrators (Entra: permissions that users can consent to).
 */
export function mayConsent(directoryRoles: ReadonlySet<string>, scopes: readonly string[]): boolean {
  if (CONSENT_ADMINISTRATORS.some((role) => directoryRoles.has(role))) return true
  return scopes.every((name) => name === 'User.Read' || name === 'User.ReadWrite' || name === 'User.ReadBasic.All')
}
