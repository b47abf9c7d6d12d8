import { parseEmailAddress } from '../../kernel/email-address.js'

/** Issuers of identities that Graph has names for (objectIdentity). Every other issuer is a URI. */
export const identityNames = {
  mail: 'mail',
  google: 'google.com',
  facebook: 'facebook.com',
  microsoftAccount: 'MicrosoftAccount',
  directory: 'ExternalAzureAD',
} as const

export const GOOGLE_ISSUER = 'https://accounts.google.com'
export const FACEBOOK_ISSUER = 'https://www.facebook.com'
const DIRECTORY =
  /^https:\/\/login\.(?:microsoftonline\.(?:com|us)|partner\.microsoftonline\.cn)\/([0-9a-f-]{36})\/v2\.0$/
/** The directory of everybody who has a Microsoft account of their own. */
const PERSONAL = '9188040d-6c67-4c5b-b112-36a304b66dad'

type ProviderKind = 'google' | 'facebook' | 'microsoft' | 'oidc' | 'saml'

/**
 * The identity behind `iss` and `sub` of an ID token, as it is kept: under Graph's name only where the issuer is the
 * very one that Graph means, so that an issuer configured in its place (a sovereign cloud, a test) stays another one.
 */
export function identityOf(kind: ProviderKind, issuer: string, subject: string): { issuer: string; subject: string } {
  if (kind === 'google' && issuer === GOOGLE_ISSUER) return { issuer: identityNames.google, subject }
  if (kind === 'facebook' && issuer === FACEBOOK_ISSUER) return { issuer: identityNames.facebook, subject }
  const directory = kind === 'microsoft' ? DIRECTORY.exec(issuer)?.[1] : undefined
  if (directory === PERSONAL) return { issuer: identityNames.microsoftAccount, subject }
  if (directory !== undefined) return { issuer: identityNames.directory, subject: `${directory}/${subject}` }
  return { issuer, subject }
}

/** The identity of a member of another organization of this deployment. */
export function memberIdentity(tenantId: string, userId: string): { issuer: string; subject: string } {
  return { issuer: identityNames.directory, subject: `${tenantId}/${userId}` }
}

/** What a home tells of an address, claims of ID tokens by their own names. */
export type Claims = {
  email?: unknown
  email_verified?: unknown
  /** Google: the Workspace domain that manages the account. */
  hd?: unknown
  /** Microsoft: the owner of the address's domain has verified it. */
  xms_edov?: unknown
}

const GOOGLE_DOMAINS = ['gmail.com', 'googlemail.com']

/**
 * The address that a home vouches for (design section 8.3), undefined when it tells none, or one that it is no authority
 * for: an unverified, absent or editable address never links anybody to anything.
 */
export function vouchedAddress(
  provider: { kind: ProviderKind; domains: readonly string[] },
  claims: Claims,
): { text: string; folded: string } | undefined {
  const address = typeof claims.email === 'string' ? parseEmailAddress(claims.email) : undefined
  if (!address) return undefined
  const { text, folded, domain } = address
  switch (provider.kind) {
    case 'google':
      // Elsewhere a Google account has whatever address its owner typed once.
      if (!isTrue(claims.email_verified)) return undefined
      return GOOGLE_DOMAINS.includes(domain) || claims.hd === domain ? { text, folded } : undefined
    case 'microsoft':
      // Any directory may write any address into `email`; only this claim says that its domain is proved (nOAuth).
      return isTrue(claims.xms_edov) ? { text, folded } : undefined
    case 'oidc':
      return isTrue(claims.email_verified) && provider.domains.includes(domain) ? { text, folded } : undefined
    case 'saml':
      return provider.domains.includes(domain) ? { text, folded } : undefined
    case 'facebook':
      return undefined
  }
}

/** Providers differ in how they write it. */
function isTrue(value: unknown): boolean {
  return value === true || value === 'true' || value === 1 || value === '1'
}
