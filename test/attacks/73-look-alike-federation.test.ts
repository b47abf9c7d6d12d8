import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import t from 'tap'
import { startService } from '../support/service.js'

// A pipeline's token proves an application without a secret: so issuer, subject, audience and signature must be those
// that were written down, to the letter.
const SUBJECT = 'repo:contoso/wiki:ref:refs/heads/main'
const AUDIENCE = 'api://AzureADTokenExchange'

t.test('tokens of a pipeline prove an application only if they are exactly those it trusts', async (t) => {
  const issuer = await startIssuer(t)
  const service = await startService(t, { workers: false })
  const application = (await service.api('POST', '/applications', { displayName: 'Pipeline' })).body
  await service.api('POST', '/servicePrincipals', { appId: application.appId })
  const list = `/applications/${application.id}/federatedIdentityCredentials`
  const made = await service.api('POST', list, {
    name: 'main-branch',
    issuer: issuer.url,
    subject: SUBJECT,
    audiences: [AUDIENCE],
  })
  t.equal(made.status, 201, made.text)
  t.equal((await service.api('GET', `${list}/main-branch`)).body.id, made.body.id, 'read by its name')
  t.equal((await service.api('GET', list)).body.value.length, 1)

  const ask = async (assertion: string, clientId = application.appId, tenant = service.tenantId) => {
    const response = await fetch(`${service.baseUrl}/${tenant}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        scope: 'https://graph.microsoft.com/.default',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      }),
    })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  const good = await ask(await issuer.token({}))
  t.equal(good.status, 200, JSON.stringify(good.body))

  const stranger = await generateKeyPair('RS256')
  const now = Math.floor(Date.now() / 1_000)
  const bad: [string, string][] = [
    ['a subject that starts like it', await issuer.token({ subject: `${SUBJECT}-evil` })],
    ['a subject in another case', await issuer.token({ subject: SUBJECT.toUpperCase() })],
    ['a pull request of the same repository', await issuer.token({ subject: 'repo:contoso/wiki:pull_request' })],
    ['an issuer with a slash more', await issuer.token({ issuer: `${issuer.url}/` })],
    ['an issuer in another case', await issuer.token({ issuer: issuer.url.replace('localhost', 'LOCALHOST') })],
    ['another audience', await issuer.token({ audience: 'api://azureadtokenexchange' })],
    ['no audience', await issuer.token({ audience: [] })],
    ['a key that the issuer does not publish', await issuer.token({ key: stranger.privateKey })],
    ['no end', await issuer.token({ expires: undefined })],
    ['one that has ended', await issuer.token({ expires: now - 120 })],
    ['one that is not good yet', await issuer.token({ notBefore: now + 120 })],
    ['no signature', unsigned(await issuer.token({}))],
    ['something that is no token', 'not.a.token'.repeat(50)],
  ]
  for (const [what, assertion] of bad) {
    const answer = await ask(assertion)
    t.match([answer.status, answer.body['error']], [401, 'invalid_client'], what)
  }
  t.equal((await ask(await issuer.token({}), service.clientId)).status, 401, 'it proves no other application')
  const other = await service.otherTenant('fabrikam.example')
  t.equal((await ask(await issuer.token({}), application.appId, other.tenantId)).status, 401, 'nor in another tenant')

  const inside = { name: 'inside', issuer: 'http://169.254.169.254', subject: 'x', audiences: [AUDIENCE] }
  t.equal((await service.api('POST', list, inside)).status, 201)
  const metadata = await issuer.token({ issuer: inside.issuer, subject: 'x' })
  t.equal((await ask(metadata)).status, 401, 'an issuer inside is not called')

  await service.api('DELETE', `${list}/${made.body.id}`)
  t.equal((await ask(await issuer.token({}))).status, 401, 'not after the trust was taken back')
})

type Wish = {
  issuer?: string
  subject?: string
  audience?: string | string[]
  key?: CryptoKey
  expires?: number | undefined
  notBefore?: number
}

function unsigned(token: string): string {
  const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url')
  return `${header}.${token.split('.')[1]}.`
}

async function startIssuer(t: Tap) {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256' }
  const server = createServer((request, response) => {
    const url = `http://localhost:${(server.address() as AddressInfo).port}`
    const document = { issuer: url, jwks_uri: `${url}/keys` }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(request.url === '/keys' ? { keys: [jwk] } : document))
  })
  await new Promise<void>((done) => server.listen(0, 'localhost', done))
  t.teardown(() => server.close())
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  return {
    url,
    token(wish: Wish): Promise<string> {
      const now = Math.floor(Date.now() / 1_000)
      const expires = 'expires' in wish ? wish.expires : now + 600
      const jwt = new SignJWT(wish.notBefore === undefined ? {} : { nbf: wish.notBefore })
        .setProtectedHeader({ alg: 'RS256', kid: 'one' })
        .setIssuer(wish.issuer ?? url)
        .setSubject(wish.subject ?? SUBJECT)
        .setAudience(wish.audience ?? AUDIENCE)
        .setIssuedAt()
      if (expires !== undefined) jwt.setExpirationTime(expires)
      return jwt.sign(wish.key ?? privateKey)
    },
  }
}

type Tap = { teardown(work: () => unknown): void }
