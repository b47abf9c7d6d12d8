import type { KoaContextWithOIDC } from 'oidc-provider'
import type { RelyingParty } from '../applications/index.js'

/** Which of an application's addresses a request is about. */
export type Redirect = { kind: 'web' | 'spa' | 'publicClient'; uris: string[] }

const LOOPBACK = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?(?=[/?]|$)/

/**
 * The registered address that a presented one is, compared character by character; a native client may listen on any
 * port of its own machine (RFC 8252 section 7.3). Without one presented, or with a stranger, the first registered one:
 * the library then says that they differ.
 */
export function redirectOf(party: RelyingParty, presented: unknown): Redirect {
  for (const kind of ['web', 'spa', 'publicClient'] as const) {
    if (typeof presented === 'string' && party[kind].includes(presented)) return { kind, uris: [presented] }
  }
  if (typeof presented === 'string' && LOOPBACK.test(presented) && URL.canParse(presented)) {
    const withoutPort = presented.replace(LOOPBACK, '')
    const isSame = (uri: string) =>
      LOOPBACK.test(uri) &&
      uri.replace(LOOPBACK, '') === withoutPort &&
      new URL(uri).hostname === new URL(presented).hostname
    if (party.publicClient.some(isSame)) return { kind: 'publicClient', uris: [presented] }
  }
  const [first] = party.web.length > 0 ? party.web : party.spa.length > 0 ? party.spa : party.publicClient
  const kind = party.web.length > 0 ? 'web' : party.spa.length > 0 ? 'spa' : 'publicClient'
  return { kind, uris: first === undefined ? [] : [first] }
}

/** Whether the request shows anything that only the client has. */
export function showsNothing(ctx: KoaContextWithOIDC | undefined): boolean {
  const { client_secret: secret, client_assertion: assertion } = ctx?.oidc.params ?? {}
  return secret === undefined && assertion === undefined && ctx?.headers.authorization === undefined
}

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code'

/** Whether a request is a device's, or a person's on the way to let one in. */
export function isAboutDevice(ctx: KoaContextWithOIDC | undefined): boolean {
  if (/^(?:device_|code_verification)/.test(String(ctx?.oidc.route))) return true
  return ctx?.oidc.params?.['grant_type'] === DEVICE
}

/**
 * The part of the library's client metadata that signing people in needs. One address at a time, since subjects differ by
 * application and not by host.
 */
export function interactiveMetadata(party: RelyingParty, redirect: Redirect): Record<string, unknown> {
  const hasRedirect = redirect.uris.length > 0
  const addresses = [...party.web, ...party.spa, ...party.publicClient]
  return {
    application_type: redirect.kind === 'publicClient' ? 'native' : 'web',
    redirect_uris: redirect.uris,
    response_types: hasRedirect ? ['code'] : [],
    grant_types: [
      'client_credentials',
      ...(hasRedirect ? ['authorization_code'] : []),
      ...(hasRedirect || party.takesPublicClients ? ['refresh_token'] : []),
    ],
    // Without an address the library has no way to tell subjects apart; `claimsOf` does it then.
    subject_type: hasRedirect ? 'pairwise' : 'public',
    post_logout_redirect_uris: redirect.kind === 'publicClient' ? [] : addresses.filter(isWebAddress),
    ...(party.backChannelLogoutUrl && {
      backchannel_logout_uri: party.backChannelLogoutUrl,
      backchannel_logout_session_required: true,
    }),
  }
}

/** The same for a device, which has no address. */
export function deviceMetadata(party: RelyingParty): Record<string, unknown> {
  return party.takesPublicClients ? { grant_types: [DEVICE, 'refresh_token'], subject_type: 'public' } : {}
}

function isWebAddress(uri: string): boolean {
  return /^https?:/.test(uri)
}
