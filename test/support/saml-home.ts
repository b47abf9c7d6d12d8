import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
// samlify, because it is the one SAML identity provider that npm serves whole and keeps: another hand than node-saml's
// wrote it, and it checks our requests. Debian's simplesamlphp and lemonldap-ng bring a web server each.
import samlify from 'samlify'
import type { Test } from 'tap'
import { makeSelfSigned } from '../../src/platform/self-signed.js'

samlify.setSchemaValidator({ validate: async () => 'not checked: tests send what schemas forbid' })

/** Whom the home vouches for. */
export type SamlAccount = { nameId: string; email?: string; name?: string }

/** What an assertion says, before it is signed. */
export type Told = {
  issuer: string
  audience: string
  recipient: string
  inResponseTo: string
  nameId: string
  nameIdFormat: string
  notBefore: Date
  notOnOrAfter: Date
  assertionId: string
}

/** A real SAML identity provider on this machine, as a partner would run one. */
export type SamlHome = {
  origin: string
  issuer: string
  metadataUrl: string
  /** Base64 of its certificate. */
  certificate: string
  signsInAs: SamlAccount
  /** Changes what is said before it is signed. */
  tell: ((told: Told) => Partial<Told>) | undefined
  /** Changes the signed response, as somebody between the home and us would. */
  alter: ((xml: string) => string) | undefined
  /** False: the assertion goes out unsigned. */
  signs: boolean
  /** What `before` answers instead of the home, when it returns a status. */
  down: boolean
  requests: string[]
  /** Whether each request that came was signed with a key of the metadata it read. */
  verified: boolean[]
  rotateKeys(): Promise<void>
}

/** What a browser is given at the home: a form that posts itself to the service. */
export type Posted = { action: string; SAMLResponse: string; RelayState: string }

const PERSISTENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'
const EMAIL = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress'

/** Starts one for the service provider whose metadata is at `spMetadataUrl`. Closed when `t` ends. */
export async function startSamlHome(t: Test, spMetadataUrl: string): Promise<SamlHome> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  let pair = await newPair()
  const home: SamlHome = {
    origin,
    issuer: `${origin}/idp`,
    metadataUrl: `${origin}/metadata`,
    certificate: bare(pair.certificate),
    signsInAs: { nameId: 'ana', email: 'ana@partner.example' },
    tell: undefined,
    alter: undefined,
    signs: true,
    down: false,
    requests: [],
    verified: [],
    async rotateKeys() {
      pair = await newPair()
      home.certificate = bare(pair.certificate)
    },
  }
  const idp = () =>
    samlify.IdentityProvider({
      entityID: home.issuer,
      signingCert: pair.certificate,
      privateKey: pair.key,
      wantAuthnRequestsSigned: true,
      nameIDFormat: [PERSISTENT],
      singleSignOnService: [
        { Binding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect', Location: `${origin}/sso` },
      ],
      loginResponseTemplate: {
        context: samlify.SamlLib.defaultLoginResponseTemplate.context,
        attributes: [
          {
            name: EMAIL,
            valueTag: 'email',
            nameFormat: 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri',
            valueXsiType: 'xs:string',
          },
        ],
      },
    })

  server.on('request', async (request, response) => {
    const url = new URL(request.url ?? '/', origin)
    home.requests.push(url.pathname)
    if (home.down) {
      response.writeHead(503).end()
      return
    }
    if (url.pathname === '/metadata') {
      response.end(idp().getMetadata())
      return
    }
    if (!url.searchParams.has('SAMLRequest')) {
      response.writeHead(400).end()
      return
    }
    const sp = samlify.ServiceProvider({ metadata: await (await fetch(spMetadataUrl)).text() })
    const query = Object.fromEntries(url.searchParams)
    const octetString = ['SAMLRequest', 'RelayState', 'SigAlg']
      .map((name) => new RegExp(`[?&](${name}=[^&]*)`).exec(url.search)?.[1])
      .join('&')
    const asked = await idp().parseLoginRequest(sp, 'redirect', { query, octetString })
    home.verified.push(true)
    const { context } = await idp().createLoginResponse(sp, { extract: asked.extract }, 'post', home.signsInAs, {
      customTagReplacement: (template: string) => fill(home, template, asked.extract, sp),
    })
    const signed = Buffer.from(context, 'base64').toString()
    const sent = home.signs ? signed : signed.replace(/<ds:Signature[\s\S]*?<\/ds:Signature>/, '')
    const xml = home.alter ? home.alter(sent) : sent
    const posted: Posted = {
      action: String(sp.entityMeta.getAssertionConsumerService('post')),
      SAMLResponse: Buffer.from(xml).toString('base64'),
      RelayState: query['RelayState'] ?? '',
    }
    const isBrowser = request.headers.accept?.includes('text/html') ?? false
    response.setHeader('content-type', isBrowser ? 'text/html' : 'application/json')
    response.end(isBrowser ? formOf(posted) : JSON.stringify(posted))
  })
  return home
}

/** What browsers are given: the form that brings them back, by a button where scripts do not run. */
function formOf({ action, ...fields }: Posted): string {
  const inputs = Object.entries(fields).map(([name, value]) => `<input type=hidden name=${name} value="${value}">`)
  return `<!doctype html><title>Home</title><link rel=icon href=data:,><main data-page=home><form method=post action="${action}">${inputs.join('')}
    <button>Back</button></form></main>`
}

function fill(home: SamlHome, template: string, request: any, sp: ReturnType<typeof samlify.ServiceProvider>) {
  const now = Date.now()
  const acs = String(sp.entityMeta.getAssertionConsumerService('post'))
  const told: Told = {
    issuer: home.issuer,
    audience: sp.entityMeta.getEntityID(),
    recipient: acs,
    inResponseTo: request.request.id,
    nameId: home.signsInAs.nameId,
    nameIdFormat: PERSISTENT,
    notBefore: new Date(now - 1_000),
    notOnOrAfter: new Date(now + 300_000),
    assertionId: `_${crypto.randomUUID()}`,
  }
  Object.assign(told, home.tell?.(told))
  const id = `_${crypto.randomUUID()}`
  const values = {
    ID: id,
    AssertionID: told.assertionId,
    Destination: acs,
    Audience: told.audience,
    SubjectRecipient: told.recipient,
    NameIDFormat: told.nameIdFormat,
    NameID: told.nameId,
    Issuer: told.issuer,
    IssueInstant: new Date(now).toISOString(),
    ConditionsNotBefore: told.notBefore.toISOString(),
    ConditionsNotOnOrAfter: told.notOnOrAfter.toISOString(),
    SubjectConfirmationDataNotOnOrAfter: told.notOnOrAfter.toISOString(),
    InResponseTo: told.inResponseTo,
    StatusCode: 'urn:oasis:names:tc:SAML:2.0:status:Success',
    AuthnStatement: '',
    attrEmail: home.signsInAs.email ?? '',
  }
  return { id, context: samlify.SamlLib.replaceTagsByValue(template, values) }
}

async function newPair() {
  return makeSelfSigned({ commonName: 'partner', now: new Date(), days: 365 })
}

function bare(pem: string): string {
  return pem.replace(/-----[A-Z ]+-----|\s/g, '')
}
