import type { Test } from 'tap'
import type { Guest, Page } from '../support/guest.js'
import { type Posted, type SamlHome, startSamlHome } from '../support/saml-home.js'
import type { TestService } from '../support/service.js'
import { absolute, follow } from './home.js'

/** A partner with a SAML identity provider of its own, configured at the service for `domain` from its metadata. */
export async function samlPartner(
  t: Test,
  service: TestService,
  records: Map<string, string[]>,
  domain = 'partner.example',
): Promise<SamlHome & { id: string }> {
  const home = await startSamlHome(t, `${service.baseUrl}/signin/saml/${service.tenantId}/metadata`)
  records.set(domain, [`DirectFedAuthUrl=${home.origin}/sso`])
  const { status, body, text } = await service.api('POST', '/directory/federationConfigurations', {
    '@odata.type': '#microsoft.graph.samlOrWsFedExternalDomainFederation',
    displayName: 'Partner',
    metadataExchangeUri: home.metadataUrl,
    domains: [{ '@odata.type': 'microsoft.graph.externalDomainName', id: domain }],
  })
  if (status !== 201) throw new Error(`the federation was not made: ${text}`)
  return Object.assign(home, { id: body.id })
}

/** From a link to the form that the home gives the browser. */
export async function atHome(service: TestService, guest: Guest, link: string): Promise<Posted> {
  await guest.get(link)
  const left = await guest.post(link, { action: 'continue' })
  const answered = await guest.get(left.location ?? '')
  if (answered.status !== 200) throw new Error(`the home answered ${answered.status}`)
  if (!left.location?.includes('SAMLRequest=')) throw new Error(`left for ${left.location} of ${service.baseUrl}`)
  return JSON.parse(answered.html)
}

/** Posts the form from the home's site: without our cookies, which browsers keep back then. */
export async function postForm(form: Posted, headers: Record<string, string> = {}): Promise<Response> {
  const { action, ...fields } = form
  return fetch(action, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual', headers })
}

/** Posts it and goes wherever that leads. */
export async function bringBack(service: TestService, guest: Guest, form: Posted): Promise<Page & { url: string }> {
  const posted = await postForm(form)
  const first: Page = {
    status: posted.status,
    name: /data-page="([^"]+)"/.exec(await posted.clone().text())?.[1],
    location: posted.headers.get('location'),
    html: await posted.text(),
    headers: posted.headers,
    csrf: undefined,
  }
  return follow(guest, absolute(service, first))
}

export async function viaSaml(service: TestService, guest: Guest, link: string): Promise<Page & { url: string }> {
  return bringBack(service, guest, await atHome(service, guest, link))
}
