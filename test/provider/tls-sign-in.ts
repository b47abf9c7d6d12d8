import { readFileSync } from 'node:fs'
import * as client from 'openid-client'
import { request } from '../support/request.js'
import type { MailJson } from '../support/service.js'
import { Browser, csrfIn, type Reached, relyingParty, signIn, start } from './relying-party.js'

// Signs a guest in over https, at the service whose `bootstrap.json` is named on the command line. A process of its own,
// since what Node trusts is decided when it starts.
const [file = ''] = process.argv.slice(2)
const facts = JSON.parse(readFileSync(file, 'utf8'))
const baseUrl: string = facts.tlsBaseUrl
const config = await client.discovery(new URL(`${baseUrl}/${facts.tenantId}/v2.0`), facts.clientId, facts.clientSecret)
const { access_token: token } = await client.clientCredentialsGrant(config, { scope: `${baseUrl}/.default` })

const service: Reached = {
  baseUrl,
  tenantId: facts.tenantId,
  api: (method, path, body, given = {}) => request(`${baseUrl}/v1.0${path}`, method, body, given, token),
  async mails(to = '') {
    const response = await fetch(`${facts.mailboxUrl}/messages?to=${encodeURIComponent(to)}`)
    return (await response.json()) as MailJson[]
  },
}

const address = 'ana@partner.example'
const wish = { invitedUserEmailAddress: address, inviteRedirectUrl: 'https://rp.example/' }
await service.api('POST', '/invitations', wish)
const rp = await relyingParty(service)
const browser = new Browser(baseUrl)
const begun = await start(rp.config)
const asked = await signIn(service, browser, begun.url, address)
const answered = await browser.follow(asked.url, { csrf: csrfIn(asked.page), choice: 'accept' })
const tokens = await client.authorizationCodeGrant(rp.config, new URL(answered.url), begun.checks)

console.log(JSON.stringify({ claims: tokens.claims(), attributes: [...browser.attributes] }))
