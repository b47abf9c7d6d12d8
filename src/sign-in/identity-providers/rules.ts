import { FACEBOOK_ISSUER, GOOGLE_ISSUER } from '../authority/rules.js'

const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10'
const EXTERNAL_IDENTITY_PROVIDER_ADMINISTRATOR = 'be2f45a1-457d-42af-a067-6ec1fa63bc45'

/** People change providers by a role (Entra), applications by the permission that the route asks for. */
export function mayChangeProviders(actor: {
  kind: 'application' | 'user'
  directoryRoles: ReadonlySet<string>
}): boolean {
  if (actor.kind === 'application') return true
  return [GLOBAL_ADMINISTRATOR, EXTERNAL_IDENTITY_PROVIDER_ADMINISTRATOR].some((id) => actor.directoryRoles.has(id))
}

/** Social providers by Graph's identityProviderType, with the endpoints they have unless others are given. */
export const SOCIAL = {
  Google: {
    kind: 'google',
    id: 'Google-OAUTH',
    issuer: GOOGLE_ISSUER,
    wellKnownEndpoint: `${GOOGLE_ISSUER}/.well-known/openid-configuration`,
  },
  Facebook: {
    kind: 'facebook',
    id: 'Facebook-OAUTH',
    issuer: FACEBOOK_ISSUER,
    wellKnownEndpoint: `${FACEBOOK_ISSUER}/.well-known/openid-configuration/`,
  },
  Microsoft: {
    kind: 'microsoft',
    id: 'Microsoft-OAUTH',
    issuer: null,
    wellKnownEndpoint: 'https://login.microsoftonline.com/{tenant}/v2.0/.well-known/openid-configuration',
  },
} as const

/** Graph: builtInIdentityProvider. Entra ID is always there; the others are switches. */
export const BUILT_IN = {
  AADSignup: { id: 'AADSignup-OAUTH', displayName: 'Microsoft Entra ID' },
  EmailOTP: { id: 'EmailOtpSignup-OAUTH', displayName: 'Email One Time Passcode' },
  EmailPassword: { id: 'EmailPassword-OAUTH', displayName: 'Email with password' },
} as const

/**
 * Whether an address to sign in at lies within a domain, so that the domain's owner runs it. Anywhere else the owner
 * has to say so (spec: DirectFedAuthUrl), or an administrator could name any sign-in as the judge of any address.
 */
export function liesWithin(url: string, domain: string): boolean {
  const { hostname } = new URL(url)
  return hostname === domain || hostname.endsWith(`.${domain}`)
}

/** The TXT record by which a domain's owner agrees to be spoken for (Entra: DirectFedAuthUrl). */
export function consentRecord(url: string): string {
  return `DirectFedAuthUrl=${url}`
}
