import * as client from 'openid-client'
import type { Test } from 'tap'
import type { TestService } from '../support/service.js'
import { until } from '../support/until.js'

/** What signing in needs of a service, which may be a process of its own. */
export type Reached = Pick<TestService, 'baseUrl' | 'tenantId' | 'api' | 'mails'>

/** A browser as far as signing in needs one: cookies by path, forms, redirects followed by hand. */
export class Browser {
  readonly cookies = new Map<string, { value: string; path: string }>()
  readonly origin: string
  /** How each cookie was given, by its name. */
  readonly attributes = new Map<string, string>()

  constructor(origin: string) {
    this.origin = origin
  }

  async request(url: string, form?: Record<string, string>): Promise<Response> {
    const { pathname } = new URL(url)
    const sent = [...this.cookies].filter(([, { path }]) => pathname.startsWith(path))
    const response = await fetch(url, {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie: sent.map(([name, { value }]) => `${name.split('|')[0]}=${value}`).join('; ') },
      ...(form && { body: new URLSearchParams(form) }),
    })
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ')
      const name = pair.slice(0, pair.indexOf('='))
      this.attributes.set(name, attributes.join('; ').toLowerCase())
      const path = attributes.find((each) => /^path=/i.test(each))?.slice(5) ?? '/'
      const isGone = attributes.some((each) => /^max-age=0$|^expires=Thu, 01 Jan 1970/i.test(each))
      if (isGone) this.cookies.delete(`${name}|${path}`)
      else this.cookies.set(`${name}|${path}`, { value: pair.slice(pair.indexOf('=') + 1), path })
    }
    return response
  }

  /** Follows redirects on our own origin; stops at the first that leaves it, or at a page. */
  async follow(url: string, form?: Record<string, string>): Promise<{ url: string; page?: string; status: number }> {
    let response = await this.request(url, form)
    let at = url
    for (let hops = 0; hops < 12; hops++) {
      const location = response.headers.get('location')
      if (location === null) return { url: at, page: await response.text(), status: response.status }
      at = new URL(location, at).href
      if (new URL(at).origin !== this.origin) return { url: at, status: response.status }
      response = await this.request(at)
    }
    throw new Error(`too many redirects, last to ${at}`)
  }
}

/** The name of a page, and the token of its form. */
export const pageName = (page: string | undefined) => /data-page="([^"]*)"/.exec(page ?? '')?.[1]
export const csrfIn = (page: string | undefined) => /name="csrf" value="([^"]*)"/.exec(page ?? '')?.[1] ?? ''

export const CALLBACK = 'https://rp.example/cb'

/** An application with a secret, its service principal, and `openid-client` set up for it. */
export async function relyingParty(service: Reached, wish: Record<string, unknown> = {}, issuerTenant?: string) {
  const { principal: principalWish, ...application } = wish
  const made = (
    await service.api('POST', '/applications', {
      displayName: 'Wiki',
      web: { redirectUris: [CALLBACK, 'https://rp.example/out'] },
      ...application,
    })
  ).body
  const principal = (
    await service.api('POST', '/servicePrincipals', { appId: made.appId, ...(principalWish as object | undefined) })
  ).body
  const { secretText } = (await service.api('POST', `/applications/${made.id}/addPassword`)).body
  const issuer = new URL(`${service.baseUrl}/${issuerTenant ?? service.tenantId}/v2.0`)
  const discover = (secret: string | undefined) =>
    client.discovery(issuer, made.appId, secret, secret ? client.ClientSecretPost(secret) : client.None(), {
      execute: [client.allowInsecureRequests],
    })
  return { application: made, principal, secretText, config: await discover(secretText), discover }
}
export type Started = { url: URL; checks: client.AuthorizationCodeGrantChecks; verifier: string }

/** An authorization request with PKCE, state and nonce. */
export async function start(config: client.Configuration, more: Record<string, string> = {}): Promise<Started> {
  const verifier = client.randomPKCECodeVerifier()
  const [state, nonce] = [client.randomState(), client.randomNonce()]
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: 'openid profile email offline_access',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...more,
  })
  return { url, checks: { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce }, verifier }
}

/** Types address and code on the pages, and ends where the application is answered or another page comes. */
export async function signIn(service: Reached, browser: Browser, url: URL, address: string) {
  const asked = await browser.follow(url.href)
  if (pageName(asked.page) !== 'sign-in') return asked
  const sent = await browser.follow(asked.url, { csrf: csrfIn(asked.page), email: address })
  const code = await newestCode(service, address)
  return browser.follow(sent.url, { csrf: csrfIn(sent.page), code })
}

export async function newestCode(service: Reached, address: string): Promise<string> {
  let newest: string | undefined
  await until(async () => {
    const codes = (await service.mails(address)).flatMap(({ text }) => /\b\d{8}\b/.exec(text)?.[0] ?? [])
    newest = codes[0]
    return newest !== undefined
  }, `a code came to ${address}`)
  return newest ?? ''
}

/** A guest who has accepted, as the database has it: the redemption itself has tests of its own. */
export async function acceptedGuest(
  _t: Test,
  service: TestService,
  name: string,
): Promise<{ id: string; mail: string }> {
  const mail = `${name}@partner.example`
  const { invitedUser } = await service.invite(mail)
  await service.rows(`update users set external_user_state = 'Accepted' where id = '${invitedUser.id}'`)
  await service.rows(`insert into user_identities (tenant_id, issuer, issuer_assigned_id, user_id, sign_in_type)
    values ('${service.tenantId}', 'mail', '${mail}', '${invitedUser.id}', 'federated')`)
  return { id: invitedUser.id, mail }
}
