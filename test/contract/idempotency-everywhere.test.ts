import { createPrivateKey, randomUUID, X509Certificate } from 'node:crypto'
import { SignJWT } from 'jose'
import t, { type Test } from 'tap'
import { makeSelfSigned } from '../../src/platform/self-signed.js'
import { type Issued, makeAuthority } from '../support/authority.js'
import { person } from '../support/people.js'
import { startReceiver } from '../support/receiver.js'
import { type Answer, startService, type TestService } from '../support/service.js'
import { approvedFlow, requestsOf, waiting } from '../user-flows/approval-scene.js'

/** Posts that may come twice by their nature: they ask, or they make something so that is so afterwards anyway. */
const REPEATABLE = new Set([
  '/$batch',
  ...['directoryObjects', 'users', 'groups', 'applications', 'servicePrincipals', 'organization'].map(
    (set) => `/${set}/getByIds`,
  ),
  '/directory/deletedItems/getByIds',
  '/groups/{id}/renew',
  ...['directoryObjects', 'groups', 'groups/{id}', 'users', 'directory/deletedItems'].map(
    (set) => `/${set}/validateProperties`,
  ),
  '/domains/{id}/verify',
  '/identity/identityProviders/{id}/testConnection',
  '/directory/federationConfigurations/{id}/testConnection',
  '/identity/b2xUserFlows/{id}/userAttributeAssignments/setOrder',
  '/identity/apiConnectors/{id}/test',
  '/domains/{id}/promote',
  '/domains/{id}/forceDelete',
  ...['directoryObjects', 'groups', 'users', 'directory/deletedItems'].map(
    (set) => `/${set}/getAvailableExtensionProperties`,
  ),
  '/invitations/evaluate',
  '/invitations/{id}/revoke',
  '/subscriptions/{id}/reauthorize',
  '/me/revokeSignInSessions',
  '/users/{id}/revokeSignInSessions',
  ...['/me', '/users/{id}', '/groups/{id}', '/directoryObjects/{id}', '/servicePrincipals/{id}'].flatMap((path) =>
    ['checkMemberGroups', 'checkMemberObjects', 'getMemberGroups', 'getMemberObjects'].map((name) => `${path}/${name}`),
  ),
])

/** How to ask for one thing, and for another with the same key; `ids` are of things that are there. */
type Ask = {
  path: string
  body: unknown
  other?: unknown
  /** What asking once more without a key is answered: what the key spares its client. */
  without: (first: Answer, second: Answer) => boolean
}

const GRAPH = '00000003-0000-0000-c000-000000000000'
const anotherOne = (first: Answer, second: Answer) => second.status === first.status && second.body.id !== first.body.id
const refused = (_first: Answer, second: Answer) => second.status >= 400
const references = (id: string) => ({ '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${id}` })

async function asks(t: Test, service: TestService): Promise<Record<string, (n: number) => Promise<Ask>>> {
  const receiver = await startReceiver(t)
  const authority = makeAuthority(t)
  const me = await person(service, 'me', { role: 'fe930be7-5e62-47db-91af-98c3a49a38b1' })
  const token = await service.userToken(me, [
    'Directory.ReadWrite.All',
    'User.ReadWrite.All',
    'AppRoleAssignment.ReadWrite.All',
  ])
  delegated = token
  const held = await approvedFlow(service, 'B2X_1_Once', [])
  const invited = async (name: string) => (await service.invite(`${name}@partner.example`)).invitedUser.id as string
  const group = async (name: string) => (await service.api('POST', '/groups', groupOf(name))).body.id as string
  const groupOf = (name: string) => ({
    displayName: name,
    mailEnabled: false,
    mailNickname: name,
    securityEnabled: true,
  })
  const subscription = (name: string) => ({
    resource: 'users',
    changeType: 'updated',
    notificationUrl: `${receiver.origin}/${name}`,
    expirationDateTime: new Date(Date.now() + 3_600_000).toISOString(),
  })
  const subscribed = async (name: string) => (await service.api('POST', '/subscriptions', subscription(name))).body.id
  const invitation = (name: string) => ({
    invitedUserEmailAddress: `${name}@partner.example`,
    inviteRedirectUrl: 'https://app.example/',
  })
  const application = async (name: string) =>
    (await service.api('POST', '/applications', { displayName: name, appRoles: [roleOf(name)] })).body
  const roleOf = (name: string) => ({
    id: randomUUID(),
    allowedMemberTypes: ['User', 'Application'],
    displayName: name,
    description: name,
    value: name,
    isEnabled: true,
  })
  const principal = async (name: string) => {
    const { appId, id: applicationId, appRoles } = await application(name)
    const { id } = (await service.api('POST', '/servicePrincipals', { appId })).body
    return { id: id as string, applicationId: applicationId as string, roleId: appRoles[0].id as string }
  }
  const homeOf = (name: string) => ({
    '@odata.type': '#microsoft.graph.oidcIdentityProvider',
    displayName: name,
    issuer: `https://login.${name}.example`,
    clientId: 'vestibule',
    clientSecret: 'never shown',
  })
  const attribute = (displayName: string) => ({ displayName, description: 'Asked', dataType: 'string' })
  const flow = async (id: string) =>
    `/identity/b2xUserFlows/${(await service.api('POST', '/identity/b2xUserFlows', { id })).body.id}`
  const basic = { '@odata.type': '#microsoft.graph.basicAuthentication', username: 'vestibule', password: 'word' }
  const connector = (displayName: string, authenticationConfiguration: object) => ({
    displayName,
    targetUrl: 'https://connector.example/check',
    authenticationConfiguration,
  })
  const issued = new Map<string, Issued>()
  const pkcs12 = (name: string) => {
    const one = issued.get(name) ?? authority.issue(name)
    issued.set(name, one)
    return { pkcs12Value: one.pkcs12, password: one.password }
  }
  const federation = (name: string) => ({
    displayName: name,
    issuerUri: `urn:${name}`,
    passiveSignInUri: `https://${name}.example/sso`,
    signingCertificate: certificate,
    domains: [{ id: `${name}.example` }],
  })
  const federated = async (name: string) =>
    (await service.api('POST', '/directory/federationConfigurations', federation(name))).body.id as string
  const { certificate } = await makeSelfSigned({ commonName: 'partner', now: new Date(), days: 30 })
  const CAST = 'microsoft.graph.samlOrWsFedExternalDomainFederation'
  const toldOnce = (first: Answer, second: Answer) => second.body.secretText !== first.body.secretText
  const assignment = async (kind: 'users' | 'groups' | 'servicePrincipals', name: string) => {
    const [resource, principalId] = [
      await principal(`${name}-at`),
      kind === 'users'
        ? await invited(name)
        : kind === 'groups'
          ? await group(name)
          : (await principal(`${name}-of`)).id,
    ]
    const body = { principalId, resourceId: resource.id, appRoleId: resource.roleId }
    return { body, other: { ...body, appRoleId: randomUUID() }, principalId, resourceId: resource.id }
  }
  /** The same action at each set, of an object of its type. */
  const restorations = (
    [
      ['directory/deletedItems', 'users', invited],
      ['directoryObjects', 'groups', group],
      ['users', 'users', invited],
      ['groups', 'groups', group],
      ['applications', 'applications', async (name) => (await application(name)).id],
      ['servicePrincipals', 'servicePrincipals', async (name) => (await principal(name)).id],
    ] as [place: string, set: string, make: (name: string) => Promise<string>][]
  ).map(([place, set, make]) => ({
    [`/${place}/{id}/restore`]: async (n: number): Promise<Ask> => {
      const id = await make(`x${n}`)
      await service.api('DELETE', `/${set}/${id}`)
      const other = { autoReconcileProxyConflict: true }
      return { path: `/${place}/${id}/restore`, body: {}, other, without: refused }
    },
  }))
  const selfSigned = (commonName: string) => makeSelfSigned({ commonName, now: new Date(), days: 30 })
  const rawOf = (pem: string) => new X509Certificate(pem).raw.toString('base64')
  const certificateOf = async (name: string) => rawOf((await selfSigned(name)).certificate)
  /** One with a certificate, and a proof to have it. */
  const withKey = async (set: '/applications' | '/servicePrincipals', name: string) => {
    const one = await principal(name)
    const id = set === '/applications' ? one.applicationId : one.id
    const { certificate, key: privateKey } = await selfSigned(name)
    const keyId = randomUUID()
    const key = { type: 'AsymmetricX509Cert', usage: 'Verify', key: rawOf(certificate), keyId }
    await service.api('PATCH', `${set}/${id}`, { keyCredentials: [key] })
    const at = Math.floor(Date.now() / 1_000)
    const claims = { aud: '00000002-0000-0000-c000-000000000000', iss: id, nbf: at, exp: at + 600 }
    const signed = new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(createPrivateKey(privateKey))
    return { at: `${set}/${id}`, proof: await signed, keyId }
  }
  const holders = (['/applications', '/servicePrincipals'] as const).map((set) => {
    const made = async (name: string) => {
      const { id, applicationId } = await principal(name)
      return `${set}/${set === '/applications' ? applicationId : id}`
    }
    const asks: Record<string, (n: number) => Promise<Ask>> = {
      [`${set}/{id}/addPassword`]: async (n) => ({
        path: `${await made(`pw${n}`)}/addPassword`,
        body: { passwordCredential: { displayName: 'one' } },
        other: { passwordCredential: { displayName: 'other' } },
        without: toldOnce,
      }),
      [`${set}/{id}/removePassword`]: async (n) => {
        const at = await made(`rp${n}`)
        const add = async () => (await service.api('POST', `${at}/addPassword`)).body.keyId as string
        const [keyId, other] = [await add(), await add()]
        return { path: `${at}/removePassword`, body: { keyId }, other: { keyId: other }, without: refused }
      },
      [`${set}/{id}/addKey`]: async (n) => {
        const { at, proof } = await withKey(set, `ak${n}`)
        const keyCredential = { type: 'AsymmetricX509Cert', usage: 'Verify', key: await certificateOf(`ak${n}`) }
        return {
          path: `${at}/addKey`,
          body: { keyCredential, proof },
          other: { keyCredential: { ...keyCredential, displayName: 'other' }, proof },
          without: (first, second) => second.body.keyId !== first.body.keyId,
        }
      },
      [`${set}/{id}/removeKey`]: async (n) => {
        const { at, proof, keyId } = await withKey(set, `rk${n}`)
        return {
          path: `${at}/removeKey`,
          body: { keyId, proof },
          other: { keyId: randomUUID(), proof },
          without: refused,
        }
      },
      [`${set}/{id}/owners/$ref`]: async (n) => ({
        path: `${await made(`ow${n}`)}/owners/$ref`,
        body: references(await invited(`ow${n}`)),
        other: references(await invited(`ox${n}`)),
        without: refused,
      }),
    }
    return asks
  })
  const member = (name: string) => ({
    accountEnabled: true,
    displayName: name,
    mailNickname: name,
    userPrincipalName: `${name}@contoso.example`,
    passwordProfile: { password: 'Not stored, 1 and only' },
  })
  return {
    ...holders[0],
    ...holders[1],
    '/applications': async (n) => ({
      path: '/applications',
      body: { displayName: `app${n}`, passwordCredentials: [{ displayName: 'a' }, { displayName: 'b' }] },
      other: { displayName: `other${n}` },
      without: anotherOne,
    }),
    '/servicePrincipals': async (n) => ({
      path: '/servicePrincipals',
      body: { appId: (await application(`sp${n}`)).appId },
      other: { appId: (await application(`sq${n}`)).appId },
      without: refused,
    }),
    '/applications/{id}/federatedIdentityCredentials': async (n) => {
      const credential = (name: string) => ({
        name,
        issuer: 'https://ci.example',
        subject: `repo:${name}`,
        audiences: ['api://AzureADTokenExchange'],
      })
      return {
        path: `/applications/${(await application(`fc${n}`)).id}/federatedIdentityCredentials`,
        body: credential('one'),
        other: credential('other'),
        without: refused,
      }
    },
    '/oauth2PermissionGrants': async (n) => {
      const { value } = (await service.api('GET', `/servicePrincipals?$filter=appId eq '${GRAPH}'`)).body
      const grant = {
        clientId: (await principal(`gr${n}`)).id,
        consentType: 'AllPrincipals',
        resourceId: value[0].id,
        scope: 'User.Read',
      }
      return {
        path: '/oauth2PermissionGrants',
        body: grant,
        other: { ...grant, scope: 'User.ReadBasic.All' },
        without: refused,
      }
    },
    '/users/{id}/appRoleAssignments': async (n) => {
      const { principalId, body, other } = await assignment('users', `ua${n}`)
      return { path: `/users/${principalId}/appRoleAssignments`, body, other, without: refused }
    },
    '/me/appRoleAssignments': async (n) => {
      const { body } = await assignment('users', `ma${n}`)
      await service.api('POST', `/servicePrincipals/${body.resourceId}/owners/$ref`, references(me))
      const own = { ...body, principalId: me }
      return {
        path: '/me/appRoleAssignments',
        body: own,
        other: { ...own, appRoleId: randomUUID() },
        without: refused,
      }
    },
    '/groups/{id}/appRoleAssignments': async (n) => {
      const { principalId, body, other } = await assignment('groups', `ga${n}`)
      return { path: `/groups/${principalId}/appRoleAssignments`, body, other, without: refused }
    },
    '/servicePrincipals/{id}/appRoleAssignments': async (n) => {
      const { principalId, body, other } = await assignment('servicePrincipals', `sa${n}`)
      return { path: `/servicePrincipals/${principalId}/appRoleAssignments`, body, other, without: refused }
    },
    '/servicePrincipals/{id}/appRoleAssignedTo': async (n) => {
      const { resourceId, body, other } = await assignment('users', `sb${n}`)
      return { path: `/servicePrincipals/${resourceId}/appRoleAssignedTo`, body, other, without: refused }
    },
    '/identity/identityProviders': async (n) => ({
      path: '/identity/identityProviders',
      body: homeOf(`home${n}`),
      other: homeOf(`other${n}`),
      without: refused,
    }),
    '/identity/userFlowAttributes': async (n) => ({
      path: '/identity/userFlowAttributes',
      body: attribute(`one${n}`),
      other: attribute(`other${n}`),
      without: refused,
    }),
    '/identity/b2xUserFlows': async (n) => ({
      path: '/identity/b2xUserFlows',
      body: { id: `Flow${n}` },
      other: { id: `Other${n}` },
      without: refused,
    }),
    '/identity/b2xUserFlows/{id}/userAttributeAssignments': async (n) => ({
      path: `${await flow(`as${n}`)}/userAttributeAssignments`,
      body: { userAttribute: { id: 'city' } },
      other: { userAttribute: { id: 'country' } },
      without: refused,
    }),
    '/identity/b2xUserFlows/{id}/userFlowIdentityProviders/$ref': async (n) => ({
      path: `${await flow(`ip${n}`)}/userFlowIdentityProviders/$ref`,
      body: { '@odata.id': 'https://graph.microsoft.com/v1.0/identityProviders/EmailOtpSignup-OAUTH' },
      other: { '@odata.id': 'https://graph.microsoft.com/v1.0/identityProviders/EmailPassword-OAUTH' },
      without: refused,
    }),
    '/identity/b2xUserFlows/{id}/applications/$ref': async (n) => {
      const [one, other] = [await application(`fl${n}`), await application(`fm${n}`)]
      const at = (id: string) => ({ '@odata.id': `https://graph.microsoft.com/v1.0/applications/${id}` })
      return {
        path: `${await flow(`ap${n}`)}/applications/$ref`,
        body: at(one.id),
        other: at(other.id),
        without: refused,
      }
    },
    '/identity/b2xUserFlows/{id}/approvers/$ref': async (n) => ({
      path: `${await flow(`av${n}`)}/approvers/$ref`,
      body: references(await invited(`av${n}`)),
      other: references(await invited(`aw${n}`)),
      without: refused,
    }),
    '/identity/apiConnectors': async (n) => ({
      path: '/identity/apiConnectors',
      body: connector(`connector${n}`, basic),
      other: connector(`other${n}`, basic),
      without: anotherOne,
    }),
    '/identity/apiConnectors/{id}/uploadClientCertificate': async (n) => {
      const certificate = { '@odata.type': '#microsoft.graph.pkcs12Certificate', ...pkcs12('zero') }
      const { id } = (await service.api('POST', '/identity/apiConnectors', connector(`mtls${n}`, certificate))).body
      return {
        path: `/identity/apiConnectors/${id}/uploadClientCertificate`,
        body: pkcs12('one'),
        other: pkcs12('other'),
        without: refused,
      }
    },
    ...Object.fromEntries(
      ['postFederationSignup', 'postAttributeCollection'].map((slot) => [
        `/identity/b2xUserFlows/{id}/apiConnectorConfiguration/${slot}/uploadClientCertificate`,
        async (n: number) => {
          const certificate = { '@odata.type': '#microsoft.graph.pkcs12Certificate', ...pkcs12('zero') }
          const { id } = (await service.api('POST', '/identity/apiConnectors', connector(`${slot}${n}`, certificate)))
            .body
          const path = `${await flow(`${slot === 'postFederationSignup' ? 'pf' : 'pa'}${n}`)}/apiConnectorConfiguration/${slot}`
          const link = { '@odata.id': `https://graph.microsoft.com/v1.0/identity/apiConnectors/${id}` }
          await service.api('PUT', `${path}/$ref`, link)
          return {
            path: `${path}/uploadClientCertificate`,
            body: pkcs12('one'),
            other: pkcs12('other'),
            without: refused,
          }
        },
      ]),
    ),
    '/identity/b2xUserFlows/{id}/languages': async (n) => {
      const path = `${await flow(`la${n}`)}/languages`
      for (const id of ['de', 'fr']) await service.api('PATCH', `${path}/${id}`, { isEnabled: false })
      return { path, body: { id: 'de' }, other: { id: 'fr' }, without: refused }
    },
    '/directory/federationConfigurations': async (n) => ({
      path: '/directory/federationConfigurations',
      body: federation(`fed${n}`),
      other: federation(`fee${n}`),
      without: refused,
    }),
    [`/directory/federationConfigurations/${CAST}`]: async (n) => ({
      path: `/directory/federationConfigurations/${CAST}`,
      body: federation(`fef${n}`),
      other: federation(`feg${n}`),
      without: refused,
    }),
    [`/directory/federationConfigurations/{id}/${CAST}/domains`]: async (n) => ({
      path: `/directory/federationConfigurations/${await federated(`feh${n}`)}/${CAST}/domains`,
      body: { id: `sub.feh${n}.example` },
      other: { id: `sup.feh${n}.example` },
      without: refused,
    }),
    '/invitations': async (n) => ({
      path: '/invitations',
      body: invitation(`a${n}`),
      other: invitation(`b${n}`),
      without: anotherOne,
    }),
    '/invitations/{id}/resend': async (n) => {
      const { id } = await service.invite(`resent${n}@partner.example`)
      return { path: `/invitations/${id}/resend`, body: undefined, without: refused }
    },
    '/users': async (n) => ({ path: '/users', body: member(`u${n}`), other: member(`v${n}`), without: refused }),
    '/groups': async (n) => ({ path: '/groups', body: groupOf(`g${n}`), other: groupOf(`h${n}`), without: anotherOne }),
    '/domains': async (n) => ({
      path: '/domains',
      body: { id: `d${n}.example` },
      other: { id: `e${n}.example` },
      without: refused,
    }),
    '/groups/{id}/members/$ref': async (n) => ({
      path: `/groups/${await group(`m${n}`)}/members/$ref`,
      body: references(await invited(`m${n}`)),
      other: references(await invited(`n${n}`)),
      without: refused,
    }),
    '/groups/{id}/owners/$ref': async (n) => ({
      path: `/groups/${await group(`o${n}`)}/owners/$ref`,
      body: references(await invited(`o${n}`)),
      other: references(await invited(`p${n}`)),
      without: refused,
    }),
    '/users/{id}/sponsors/$ref': async (n) => ({
      path: `/users/${await invited(`q${n}`)}/sponsors/$ref`,
      body: references(await invited(`r${n}`)),
      other: references(await invited(`s${n}`)),
      without: refused,
    }),
    '/me/sponsors/$ref': async (n) => ({
      path: '/me/sponsors/$ref',
      body: references(await invited(`t${n}`)),
      other: references(await invited(`w${n}`)),
      without: refused,
    }),
    '/users/{id}/authentication/phoneMethods': async (n) => ({
      path: `/users/${await invited(`phone${n}`)}/authentication/phoneMethods`,
      body: { phoneNumber: '+442079460958', phoneType: 'mobile' },
      other: { phoneNumber: '+442079460959', phoneType: 'mobile' },
      without: refused,
    }),
    '/users/{id}/extensions': async (n) => ({
      path: `/users/${await invited(`y${n}`)}/extensions`,
      body: { extensionName: 'example.one', partner: n },
      other: { extensionName: 'example.other' },
      without: refused,
    }),
    '/me/extensions': async (n) => {
      const { value = [] } = (await service.api('GET', '/me/extensions', undefined, { token })).body
      for (const { id } of value) await service.api('DELETE', `/me/extensions/${id}`, undefined, { token })
      return {
        path: '/me/extensions',
        body: { extensionName: 'example.one', partner: n },
        other: { extensionName: 'example.other' },
        without: refused,
      }
    },
    '/groups/{id}/extensions': async (n) => ({
      path: `/groups/${await group(`y${n}`)}/extensions`,
      body: { extensionName: 'example.one', partner: n },
      other: { extensionName: 'example.other' },
      without: refused,
    }),
    ...Object.assign({}, ...restorations),
    '/identity/b2xUserFlows/{id}/signUpRequests/{requestId}/approve': async (n) => {
      const id = await waiting(service, held, `yes${n}@partner.example`)
      return { path: `${requestsOf(held.id)}/${id}/approve`, body: undefined, without: refused }
    },
    '/identity/b2xUserFlows/{id}/signUpRequests/{requestId}/deny': async (n) => {
      const id = await waiting(service, held, `no${n}@partner.example`)
      const path = `${requestsOf(held.id)}/${id}/deny`
      return { path, body: { reason: 'no' }, other: { reason: 'never' }, without: refused }
    },
    '/subscriptions': async (n) => ({
      path: '/subscriptions',
      body: subscription(`one${n}`),
      other: subscription(`two${n}`),
      without: anotherOne,
    }),
    '/subscriptions/{id}/rotateSecret': async (n) => ({
      path: `/subscriptions/${await subscribed(`r${n}`)}/rotateSecret`,
      body: {},
      other: { previousSecretExpirationDateTime: new Date(Date.now() + 60_000).toISOString() },
      without: (first, second) => second.body.notificationSecret !== first.body.notificationSecret,
    }),
    '/subscriptions/{id}/deadLetters/redeliver': async (n) => {
      const id = await subscribed(`l${n}`)
      return { path: `/subscriptions/${id}/deadLetters/redeliver`, body: {}, other: { ids: [id] }, without: () => true }
    },
  }
}
let delegated = ''

t.test('every POST either takes a key or may come twice', async (t) => {
  const service = await startService(t, {
    workers: false,
    resolveTxt: async (name) => [`DirectFedAuthUrl=https://${name.replace(/^su[bp]\./, '')}/sso`],
  })
  const document = (await (await fetch(`${service.baseUrl}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { parameters?: { name: string }[] }>>
  }
  const posts = Object.entries(document.paths)
    .filter(([path, methods]) => path.startsWith('/v1.0/') && methods['post'])
    .map(([path, methods]) => ({ path: path.slice('/v1.0'.length), parameters: methods['post']?.parameters ?? [] }))
  const takingKeys = posts.filter(({ parameters }) => parameters.some(({ name }) => name === 'Idempotency-Key'))
  t.ok(posts.length > 30)
  for (const { path } of posts) {
    const takesKey = takingKeys.some((post) => post.path === path)
    t.not(takesKey, REPEATABLE.has(path), `${path}: takes an Idempotency-Key, or is listed here as repeatable`)
  }

  const asked = await asks(t, service)
  t.strictSame(takingKeys.map(({ path }) => path).sort(), Object.keys(asked).sort(), 'and each of them is tried here')
  let n = 0
  for (const [name, ask] of Object.entries(asked)) {
    await t.test(name, async (t) => {
      const { path, body, other, without } = await ask(n++)
      const token = name.startsWith('/me/') ? { token: delegated } : {}
      const post = (wish: unknown, key?: string) =>
        service.api('POST', path, wish, { ...token, ...(key !== undefined && { headers: { 'idempotency-key': key } }) })
      const [first, ...rest] = await Promise.all([post(body, 'k'), post(body, 'k'), post(body, 'k')])
      rest.push(await post(body, 'k'))
      t.ok(first && first.status < 300, first?.text)
      for (const again of rest) {
        t.equal(again.status, first?.status)
        t.strictSame(again.body, first?.body)
        t.equal(again.headers.get('location'), first?.headers.get('location'))
      }
      if (other !== undefined) {
        const reused = await post(other, 'k')
        t.match(reused, { status: 422, body: { error: { innerError: { code: 'idempotencyKeyReused' } } } })
      }
      const malformed = await post(body, 'a b')
      t.match(malformed, { status: 400, body: { error: { innerError: { code: 'malformedIdempotencyKey' } } } })
      if (first) t.ok(without(first, await post(body)), 'without a key it is another request')
    })
  }
})
