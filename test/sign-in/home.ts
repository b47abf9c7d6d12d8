import type { Test } from 'tap'
import type { Guest, Page } from '../support/guest.js'
import { type HomeOptions, type OidcHome, startOidcHome } from '../support/oidc-home.js'
import type { TestService } from '../support/service.js'

/** Follows redirects, through as many sites as there are, to a page of the service or to where it leads out. */
export async function follow(guest: Guest, first: Page, most = 12): Promise<Page & { url: string }> {
  let page = first
  let url = ''
  for (let hop = 0; hop < most && page.location !== null; hop++) {
    const next = new URL(page.location, url || undefined).href
    // The landing page of an invitation is nowhere.
    if (new URL(next).hostname.endsWith('.example')) return { ...page, url: next }
    url = next
    page = await guest.get(url)
  }
  return { ...page, url }
}

/** A browser of a service: its pages by absolute address. */
export function absolute(service: TestService, page: Page): Page {
  return { ...page, location: page.location && new URL(page.location, service.baseUrl).href }
}

/** Presses a button of the page at `link` and goes wherever that leads. */
export async function press(
  service: TestService,
  guest: Guest,
  link: string,
  fields: Record<string, string>,
): Promise<Page & { url: string }> {
  return follow(guest, absolute(service, await guest.post(link, fields)))
}

/** From a link to whatever the guest's only home leads to. */
export async function viaHome(service: TestService, guest: Guest, link: string): Promise<Page & { url: string }> {
  const start = await guest.get(link)
  if (start.name !== 'start') throw new Error(`the link shows ${start.name} (${start.status})`)
  return press(service, guest, link, { action: 'continue' })
}

/** A partner with an OpenID provider of its own, configured at the service for `domain`. */
export async function partnerHome(
  t: Test,
  service: TestService,
  records: Map<string, string[]>,
  domain = 'partner.example',
  options: Partial<HomeOptions> = {},
): Promise<OidcHome & { id: string }> {
  const home = await startOidcHome(t, { redirectTo: `${service.baseUrl}/signin/oidc/`, ...options })
  records.set(domain, [`DirectFedAuthUrl=${home.issuer}`])
  const { status, body, text } = await service.api('POST', '/identity/identityProviders', {
    '@odata.type': '#microsoft.graph.oidcIdentityProvider',
    displayName: 'Partner',
    issuer: home.issuer,
    clientId: 'vestibule',
    clientAuthentication: {
      '@odata.type': '#microsoft.graph.oidcClientSecretAuthentication',
      clientSecret: 'a secret between the two',
    },
    domains: [domain],
  })
  if (status !== 201) throw new Error(`the provider was not made: ${text}`)
  return Object.assign(home, { id: body.id })
}

/** Google or Microsoft, played by an OpenID provider of this machine. */
export async function socialHome(
  t: Test,
  service: TestService,
  type: 'Google' | 'Facebook' | 'Microsoft',
  wish: Record<string, unknown> = {},
): Promise<OidcHome> {
  const home = await startOidcHome(t, {
    redirectTo: `${service.baseUrl}/signin/oidc/`,
    ...(type === 'Microsoft' && { directories: DIRECTORIES }),
  })
  const { status, text } = await service.api('POST', '/identity/identityProviders', {
    '@odata.type': '#microsoft.graph.socialIdentityProvider',
    identityProviderType: type,
    clientId: 'vestibule',
    clientSecret: 'a secret between the two',
    wellKnownEndpoint: home.wellKnownEndpoint,
    ...(type !== 'Microsoft' && { issuer: home.issuer }),
    ...wish,
  })
  if (status !== 201) throw new Error(`the provider was not made: ${text}`)
  return home
}

/** The directories of a Microsoft-shaped home. */
export const DIRECTORIES = {
  '11111111-1111-4111-8111-111111111111': ['proseware.example'],
  '9188040d-6c67-4c5b-b112-36a304b66dad': ['consumers'],
}

export const ANA = { sub: 'ana-at-partner', email: 'ana@partner.example', email_verified: true, name: 'Ana' }

/** The person signs out at the home; cookies of this machine's sites lie in one jar. */
export function forgetAtHome(guest: Guest): void {
  for (const name of guest.cookies.keys()) if (name.startsWith('_')) guest.cookies.delete(name)
}
