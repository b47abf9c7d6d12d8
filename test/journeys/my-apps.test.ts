import { once } from 'node:events'
import { createServer } from 'node:http'
import * as client from 'openid-client'
import t from 'tap'
import { guestOf } from '../my-apps/world.js'
import { newestCode } from '../provider/relying-party.js'
import { modes, startJourneys, type Visitor } from '../support/browser.js'

/** My Apps in a real browser, to an app that nobody here wrote the sign-in of: `openid-client` at a site of its own. */
const { service, visitor } = await startJourneys(t, { domain: 'fabrikam.example' })
const wingtip = await service.otherTenant('wingtip.example')

/** A site that signs people in at the organization, as soon as they come. */
async function startApp() {
  const server = createServer((request, response) => {
    answer(request.url ?? '/').then(
      ({ location, text }) => {
        if (location) response.writeHead(302, { location }).end()
        else response.setHeader('content-type', 'text/html').end(`<!doctype html><title>App</title><h1>${text}</h1>`)
      },
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('not listening')
  const url = `http://localhost:${address.port}`
  const made = await service.api('POST', '/applications', {
    displayName: 'Quality desk',
    description: 'Report and follow defects',
    web: { homePageUrl: `${url}/`, redirectUris: [`${url}/cb`] },
  })
  const principal = await service.api('POST', '/servicePrincipals', {
    appId: made.body.appId,
    appRoleAssignmentRequired: true,
  })
  const { secretText } = (await service.api('POST', `/applications/${made.body.id}/addPassword`)).body
  const issuer = new URL(`${service.baseUrl}/${service.tenantId}/v2.0`)
  const config = await client.discovery(issuer, made.body.appId, secretText, undefined, {
    execute: [client.allowInsecureRequests],
  })
  const started = new Map<string, string>()
  const answer = async (path: string): Promise<{ location?: string; text?: string }> => {
    if (path.startsWith('/favicon')) return { text: '' }
    if (!path.startsWith('/cb')) {
      const verifier = client.randomPKCECodeVerifier()
      const state = client.randomState()
      started.set(state, verifier)
      const location = client.buildAuthorizationUrl(config, {
        redirect_uri: `${url}/cb`,
        scope: 'openid profile email',
        state,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      })
      return { location: location.href }
    }
    const at = new URL(path, url)
    const state = at.searchParams.get('state') ?? ''
    const tokens = await client.authorizationCodeGrant(config, at, {
      pkceCodeVerifier: started.get(state) ?? '',
      expectedState: state,
    })
    return { text: `Hello ${tokens.claims()?.['email']}` }
  }
  return { url, principalId: principal.body.id as string }
}

const app = await startApp()
const home = `${service.baseUrl}/myapps?tenant=${service.tenantId}`

async function signIn(person: Visitor, url: string, mail: string) {
  const asked = await person.open(url)
  if (asked.name !== 'sign-in') throw new Error(`${url} shows ${asked.name}`)
  await person.page.fill('input[name=email]', mail)
  await person.codeFrom(mail, () => person.go(() => person.page.locator('main button[type=submit]').click()))
  return person.enter(await newestCode(service, mail))
}

for (const mode of modes) {
  t.test(`from signing in to leaving, ${mode.name}`, async (t) => {
    const mail = `guest-${modes.indexOf(mode)}@proseware.example`
    const guest = await guestOf(service, mail)
    await guestOf(service, mail, wingtip)
    const assigned = await service.api('POST', `/servicePrincipals/${app.principalId}/appRoleAssignedTo`, {
      principalId: guest.id,
      resourceId: app.principalId,
      appRoleId: '00000000-0000-0000-0000-000000000000',
    })
    t.equal(assigned.status, 201)

    const person = await visitor(t, mode)
    t.match(await signIn(person, home, mail), { status: 200, name: 'my-apps' })
    const tile = person.page.getByRole('link', { name: /Quality desk/ })
    t.equal(await tile.count(), 1)
    await person.page.fill('input[name=q]', 'defects')
    await person.go(() => person.page.press('input[name=q]', 'Enter'))
    t.match(await person.text(), '1 app with “defects”')
    await person.go(() => tile.click())
    await person.page.waitForURL(`${app.url}/cb**`)
    t.equal(await person.page.locator('h1').textContent(), `Hello ${mail}`, 'signed in without being asked')

    service.advance(60_000)
    const elsewhere = await visitor(t, mode)
    t.match(await signIn(elsewhere, home, mail), { name: 'my-apps' })
    const account = `${service.baseUrl}/myaccount?tenant=${service.tenantId}`
    t.match(await person.open(account), { status: 200, name: 'my-account' })
    t.match(await person.text(), /Chrome, Linux This browser/)
    t.match(await person.press(/^Sign out all other browsers/), { status: 200, name: 'my-account' })
    t.match(await person.text(), '1 browser is signed out.')
    t.match(await elsewhere.open(home), { name: 'sign-in' }, 'at once')

    await person.open(home)
    await person.page.locator('header details').first().locator('summary').click()
    t.match(await person.press(/wingtip/i), { status: 200, name: 'my-apps' })
    t.match(person.page.url(), wingtip.tenantId)
    t.match(await person.open(account), { name: 'my-account' })
    await person.go(() => person.page.locator('main a[href^="/myaccount/leave"]').click())
    t.match(await person.press(/^Leave/), { status: 200, name: 'left' })
    t.match(await person.open(home), { name: 'sign-in' })
    t.match(await person.open(`${service.baseUrl}/myapps?tenant=${wingtip.tenantId}`), { name: 'my-apps' })
    t.equal((await service.api('GET', `/users/${guest.id}`)).status, 404)
    t.strictSame([...person.complaints, ...elsewhere.complaints], [])
  })
}
