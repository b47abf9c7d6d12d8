import { createPrivateKey, randomUUID, X509Certificate } from 'node:crypto'
import { SignJWT } from 'jose'
import t from 'tap'
import { assignDirectoryRole } from '../../src/directory/index.js'
import { permissions } from '../../src/graph/permissions.js'
import { DEFAULT_ACCESS, GRAPH_APP_ID } from '../../src/kernel/well-known.js'
import { makeSelfSigned } from '../../src/platform/self-signed.js'
import { ROLES } from '../../src/policies/index.js'
import { send } from '../attacks/scene.js'
import { holdAgainst } from '../support/contract.js'
import { person } from '../support/people.js'
import { fetchToken, startService, type TestService } from '../support/service.js'
import { until } from '../support/until.js'

let service: TestService
t.before(async () => {
  service = await startService(t, { workers: false })
})

const call = (method: string, path: string, body?: unknown, token?: string) =>
  service.api(method, path, body, token === undefined ? {} : { token })
const eventual = { headers: { consistencylevel: 'eventual' } }

/** Waits until a token is answered this: once the process has heard of a change. */
const answered = (token: string, status: number) =>
  until(async () => (await call('GET', '/users', undefined, token)).status === status, `a token is answered ${status}`)

/** An application with its service principal. */
async function registered(displayName: string, wish: object = {}) {
  const application = (await call('POST', '/applications', { displayName, ...wish })).body
  const principal = (await call('POST', '/servicePrincipals', { appId: application.appId })).body
  return { application, principal }
}
const readerRole = (id: string = randomUUID()) => ({
  id,
  allowedMemberTypes: ['User'],
  displayName: 'Reader',
  description: 'Reads',
  value: 'Reader',
  isEnabled: true,
})
const user = async (name: string) => (await service.invite(`${name}@partner.example`)).invitedUser.id as string

t.test('an application is registered, read by each of its keys, changed and deleted', async (t) => {
  const made = await call('POST', '/applications', {
    displayName: 'Wiki',
    uniqueName: 'wiki',
    identifierUris: ['api://wiki'],
    web: { redirectUris: ['https://wiki.example/cb'], homePageUrl: 'https://wiki.example' },
    tags: ['internal'],
  })
  t.equal(made.status, 201)
  const { id, appId } = made.body
  t.match(made.body, {
    '@odata.context': `${service.baseUrl}/v1.0/$metadata#applications/$entity`,
    displayName: 'Wiki',
    publisherDomain: 'contoso.example',
    signInAudience: 'AzureADMyOrg',
    identifierUris: ['api://wiki'],
    web: { redirectUris: ['https://wiki.example/cb'], logoutUrl: null },
    api: { oauth2PermissionScopes: [] },
    appRoles: [],
    passwordCredentials: [],
    info: { logoUrl: null },
  })
  t.match(made.headers.get('location'), `/applications/${id}`)
  for (const path of [`/applications/${id}`, `/applications(appId='${appId}')`, "/applications(uniqueName='wiki')"]) {
    t.equal((await call('GET', path)).body.id, id, path)
  }
  t.strictSame(
    (await call('GET', `/applications?$filter=appId eq '${appId}'&$select=id`)).body.value,
    [{ id }],
    'filtered by appId',
  )
  const filters = ["displayName eq 'WIKI'", "startsWith(displayName,'wik')", "identifierUris/any(u:u eq 'api://wiki')"]
  for (const filter of [...filters, "tags/any(t:t eq 'internal')", "uniqueName eq 'wiki'"]) {
    const { body } = await call('GET', `/applications?$filter=${encodeURIComponent(filter)}`)
    t.strictSame(
      body.value?.map((item: { id: string }) => item.id),
      [id],
      filter,
    )
  }
  const changed = await call('PATCH', `/applications(appId='${appId}')`, {
    displayName: 'Wiki 2',
    description: 'Everything we know',
    web: { logoutUrl: 'https://wiki.example/out' },
    isFallbackPublicClient: true,
  })
  t.equal(changed.status, 204)
  t.match((await call('GET', `/applications/${id}`)).body, {
    displayName: 'Wiki 2',
    description: 'Everything we know',
    isFallbackPublicClient: true,
    web: { redirectUris: ['https://wiki.example/cb'], logoutUrl: 'https://wiki.example/out' },
  })
  t.equal((await call('POST', '/applications', { displayName: 'Other', uniqueName: 'wiki' })).status, 400)
  t.equal((await call('DELETE', `/applications/${id}`)).status, 204)
  t.equal((await call('GET', `/applications/${id}`)).status, 404)
})

t.test('lists are paged, counted, searched and sorted', async (t) => {
  for (const name of ['Zulu board', 'Zulu wiki', 'Zulu mail']) await registered(name)
  const page = (await call('GET', "/applications?$top=2&$filter=startsWith(displayName,'zulu')&$select=displayName"))
    .body
  t.equal(page.value.length, 2)
  const next = await service.api('GET', page['@odata.nextLink'].split('/v1.0')[1])
  t.equal(next.body.value.length, 1)
  for (const set of ['applications', 'servicePrincipals']) {
    const found = await service.api('GET', `/${set}?$search="displayName:zulu"&$count=true`, undefined, eventual)
    t.equal(found.body['@odata.count'], 3, `$search in ${set}`)
    const count = await service.api('GET', `/${set}/$count`, undefined, eventual)
    t.ok(Number(count.text) >= 3)
    const sorted = await service.api(
      'GET',
      `/${set}?$filter=startsWith(displayName,'zulu')&$orderby=displayName&$count=true&$select=displayName`,
      undefined,
      eventual,
    )
    const names = sorted.body.value.map((item: { displayName: string }) => item.displayName)
    t.strictSame(names, ['Zulu board', 'Zulu mail', 'Zulu wiki'])
  }
})

t.test('clients that were made otherwise are applications with service principals and grants', async (t) => {
  const { body } = await call('GET', `/servicePrincipals(appId='${service.clientId}')`)
  t.match(body, { displayName: 'Every permission', servicePrincipalType: 'Application', accountEnabled: true })
  t.strictSame(body.servicePrincipalNames, [service.clientId])
  const application = (await call('GET', `/applications(appId='${service.clientId}')`)).body
  t.equal(application.displayName, 'Every permission')
  t.match(application.passwordCredentials, [{ secretText: null, hint: /^.{3}$/ }])
  const granted = (await call('GET', `/servicePrincipals/${body.id}/appRoleAssignments?$top=999`)).body.value
  const expected = permissions.flatMap(({ application: role }) => role ?? [])
  t.strictSame(granted.map((item: { appRoleId: string }) => item.appRoleId).sort(), expected.sort())
  t.match(granted[0], { resourceDisplayName: 'Microsoft Graph', principalType: 'ServicePrincipal' })
  const names = await call('GET', `/servicePrincipals?$filter=servicePrincipalNames/any(c:c eq '${service.clientId}')`)
  t.equal(names.body.value[0].id, body.id, 'found as az looks for it')
})

t.test(
  'Microsoft Graph has a service principal in each organization, with our permissions and nothing to change',
  async (t) => {
    const graph = (await call('GET', `/servicePrincipals?$filter=appId eq '${GRAPH_APP_ID}'`)).body.value[0]
    t.match(graph, { displayName: 'Microsoft Graph', appId: GRAPH_APP_ID })
    t.equal(
      graph.appRoles.find((role: { value: string }) => role.value === 'User.Read.All').id,
      'df021288-bdef-4463-88db-98f22de89214',
    )
    t.ok(graph.oauth2PermissionScopes.some((scope: { value: string }) => scope.value === 'User.Read'))
    t.equal((await call('GET', `/servicePrincipals(appId='${GRAPH_APP_ID}')`)).body.id, graph.id)
    t.equal((await call('PATCH', `/servicePrincipals/${graph.id}`, { accountEnabled: false })).status, 403)
    t.equal((await call('DELETE', `/servicePrincipals/${graph.id}`)).status, 403)
    t.equal((await call('POST', '/servicePrincipals', { appId: GRAPH_APP_ID })).status, 409)
    const other = await service.otherTenant('graphs.example')
    const theirs = (await call('GET', `/servicePrincipals(appId='${GRAPH_APP_ID}')`, undefined, other.token)).body
    t.not(theirs.id, graph.id, 'another organization has its own')
    t.equal((await call('GET', `/servicePrincipals/${theirs.id}`)).status, 404)
  },
)

t.test('a permission of Graph is granted by an assignment, and taken back with it', async (t) => {
  const { application, principal } = await registered('Robot')
  const { secretText } = (await call('POST', `/applications/${application.id}/addPassword`)).body
  const graph = (await call('GET', `/servicePrincipals(appId='${GRAPH_APP_ID}')`)).body
  const role = graph.appRoles.find((item: { value: string }) => item.value === 'User.Read.All').id
  const wish = { principalId: principal.id, resourceId: graph.id, appRoleId: role }
  const token = () => fetchToken(service.baseUrl, service.tenantId, application.appId, secretText)
  t.equal((await call('GET', '/users', undefined, await token())).status, 403, 'nothing is granted')

  const made = await call('POST', `/servicePrincipals/${principal.id}/appRoleAssignments`, wish)
  t.equal(made.status, 201, made.text)
  const held = await token()
  t.equal((await call('GET', '/users', undefined, held)).status, 200)
  t.equal((await call('POST', `/servicePrincipals/${principal.id}/appRoleAssignments`, wish)).status, 400, 'not twice')
  t.match((await call('GET', `/servicePrincipals/${graph.id}/appRoleAssignedTo/${made.body.id}`)).body, wish)

  const path = `/servicePrincipals/${graph.id}/appRoleAssignedTo/${made.body.id}`
  t.equal((await call('DELETE', path)).status, 204)
  await answered(held, 403)
  t.equal((await call('DELETE', path)).status, 404)
})

t.test('secrets are told once, several live side by side, and removing one refuses its tokens', async (t) => {
  const { application, principal } = await registered('Secretive')
  const add = async (path: string, displayName: string) => {
    const answer = await call('POST', `${path}/addPassword`, { passwordCredential: { displayName } })
    t.equal(answer.status, 200, answer.text)
    return answer.body
  }
  const first = await add(`/applications/${application.id}`, 'first')
  const second = await add(`/servicePrincipals/${principal.id}`, 'second')
  t.equal(first.hint, first.secretText.slice(0, 3))
  t.match(new Date(first.endDateTime).getUTCFullYear(), new Date().getUTCFullYear() + 2)
  const shown = (await call('GET', `/applications/${application.id}`)).body
  t.match(shown.passwordCredentials, [{ keyId: first.keyId, displayName: 'first', secretText: null }])
  t.notOk(JSON.stringify(shown).includes(first.secretText))
  t.match((await call('GET', `/servicePrincipals/${principal.id}`)).body.passwordCredentials, [
    { keyId: second.keyId, secretText: null },
  ])
  const token = (secret: string) => fetchToken(service.baseUrl, service.tenantId, application.appId, secret)
  await token(first.secretText)
  await token(second.secretText)

  const gone = { keyId: first.keyId }
  t.equal((await call('POST', `/servicePrincipals/${principal.id}/removePassword`, gone)).status, 404, 'of the other')
  t.equal((await call('POST', `/applications/${application.id}/removePassword`, gone)).status, 204)
  await t.rejects(token(first.secretText))
  await token(second.secretText)

  const short = { passwordCredential: { endDateTime: new Date(Date.now() + 60_000).toISOString() } }
  const brief = (await call('POST', `/applications/${application.id}/addPassword`, short)).body
  await token(brief.secretText)
  service.advance(61_000)
  await t.rejects(token(brief.secretText), 'not after its end')
  service.advance(-61_000)
  const past = { passwordCredential: { endDateTime: '2020-01-01T00:00:00Z' } }
  t.equal((await call('POST', `/applications/${application.id}/addPassword`, past)).status, 400)
})

t.test(
  'a certificate proves an application as long as it is on its list, and is told whole when asked for',
  async (t) => {
    const { application } = await registered('Certified')
    const path = `/applications/${application.id}`
    const change = (keyCredentials: object[]) => call('PATCH', path, { keyCredentials })
    const { key, certificate } = await makeSelfSigned({ commonName: 'robot', now: new Date(), days: 30 })
    const { raw, fingerprint } = new X509Certificate(certificate)
    const whole = raw.toString('base64')
    const aud = `${service.baseUrl}/${service.tenantId}/oauth2/v2.0/token`
    const prove = async () => {
      const assertion = await new SignJWT({ jti: randomUUID() })
        .setProtectedHeader({
          alg: 'RS256',
          x5t: Buffer.from(fingerprint.replaceAll(':', ''), 'hex').toString('base64url'),
        })
        .setIssuer(application.appId)
        .setSubject(application.appId)
        .setAudience(aud)
        .setIssuedAt()
        .setExpirationTime('5 minutes')
        .sign(createPrivateKey(key))
      const form = {
        grant_type: 'client_credentials',
        scope: 'https://graph.microsoft.com/.default',
        client_id: application.appId,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      }
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      return send(aud, { method: 'POST', headers, body: new URLSearchParams(form).toString() })
    }
    t.equal((await prove()).status, 401, 'not before it is there')

    const robot = { type: 'AsymmetricX509Cert', usage: 'Verify', key: whole, displayName: 'CN=robot' }
    t.equal((await change([robot])).status, 204)
    const [shown] = (await call('GET', path)).body.keyCredentials
    holdAgainst(t, 'microsoft.graph.keyCredential', shown)
    t.match(shown, { displayName: 'CN=robot', usage: 'Verify', key: null })
    t.match((await call('GET', `${path}?$select=keyCredentials`)).body.keyCredentials, [
      { keyId: shown.keyId, key: whole },
    ])
    const proved = await prove()
    t.equal(proved.status, 200, proved.text)

    t.equal((await change([{ keyId: shown.keyId }])).status, 204)
    t.equal((await prove()).status, 200, 'an entry without its key stands for the one that is there')
    const old = await makeSelfSigned({ commonName: 'old', now: new Date(Date.now() - 60 * 86_400_000), days: 30 })
    for (const [what, wish] of [
      ['no certificate', { ...robot, key: Buffer.from('x').toString('base64') }],
      ['one that has run out', { ...robot, key: new X509Certificate(old.certificate).raw.toString('base64') }],
      ['a password', { ...robot, type: 'Symmetric' }],
      ['for signing', { ...robot, usage: 'Sign' }],
    ] as const) {
      t.equal((await change([{ keyId: shown.keyId }, wish])).status, 400, what)
    }
    t.equal((await prove()).status, 200, 'and a refused list changes nothing')

    const held = proved.body.access_token
    t.equal((await call('GET', '/users', undefined, held)).status, 403, 'a token, without permissions')
    t.equal((await change([])).status, 204)
    t.equal((await prove()).status, 401)
    await answered(held, 401)
  },
)

t.test('roles are assigned to people and groups, and stay with a deleted person until that is for good', async (t) => {
  const role = readerRole()
  const { application, principal } = await registered('Reports', { appRoles: [role] })
  const ana = await user('ana')
  const group = (
    await call('POST', '/groups', {
      displayName: 'Partners',
      mailEnabled: false,
      mailNickname: 'partners',
      securityEnabled: true,
    })
  ).body
  const wish = (principalId: string, appRoleId = role.id) => ({ principalId, resourceId: principal.id, appRoleId })
  const made = await call('POST', `/users/${ana}/appRoleAssignments`, wish(ana))
  t.equal(made.status, 201, made.text)
  t.match(made.body, { principalType: 'User', principalDisplayName: 'ana', resourceDisplayName: 'Reports' })
  t.equal((await call('POST', `/groups/${group.id}/appRoleAssignments`, wish(group.id))).status, 201)
  t.equal((await call('POST', `/users/${ana}/appRoleAssignments`, wish(ana))).status, 400, 'not twice')
  t.equal((await call('POST', `/users/${ana}/appRoleAssignments`, wish(group.id))).status, 400, 'not of another')
  t.equal((await call('POST', `/users/${ana}/appRoleAssignments`, wish(ana, randomUUID()))).status, 400, 'no such role')
  t.equal(
    (await call('POST', `/users/${ana}/appRoleAssignments`, wish(ana, DEFAULT_ACCESS))).status,
    400,
    'it has roles',
  )

  const at = async () => (await call('GET', `/servicePrincipals/${principal.id}/appRoleAssignedTo`)).body.value
  t.strictSame((await at()).map((item: { principalType: string }) => item.principalType).sort(), ['Group', 'User'])
  const { body } = await call('GET', `/users/${ana}/appRoleAssignments?$filter=resourceId eq ${principal.id}`)
  t.equal(body.value[0].id, made.body.id)
  t.equal((await call('GET', `/groups/${group.id}/appRoleAssignments/${made.body.id}`)).status, 404, 'not the group’s')

  await call('DELETE', `/users/${ana}`)
  t.equal((await at()).length, 1, 'a deleted person is not shown')
  await call('POST', `/directory/deletedItems/${ana}/restore`)
  t.equal((await at()).length, 2, 'a restored one is')
  await call('DELETE', `/users/${ana}`)
  await call('DELETE', `/directory/deletedItems/${ana}`)
  t.equal((await service.rows(`select id from app_role_assignments where principal_id = '${ana}'`)).length, 0)

  const enabled = await call('PATCH', `/applications/${application.id}`, { appRoles: [] })
  t.equal(enabled.body.error.code, 'CannotDeleteOrUpdateEnabledEntitlement')
  await call('PATCH', `/applications/${application.id}`, { appRoles: [{ ...role, isEnabled: false }] })
  t.equal((await call('PATCH', `/applications/${application.id}`, { appRoles: [] })).status, 204)
  t.equal((await at()).length, 0, 'a role that is gone is nobody’s')
})

t.test('owners are people and service principals, and change what they own', async (t) => {
  const { application, principal } = await registered('Owned')
  const bo = await user('bo')
  const reference = (id: string) => ({ '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${id}` })
  t.equal((await call('POST', `/applications/${application.id}/owners/$ref`, reference(bo))).status, 204)
  t.equal((await call('POST', `/applications/${application.id}/owners/$ref`, reference(bo))).status, 400, 'not twice')
  const group = { displayName: 'G', mailEnabled: false, mailNickname: 'gg', securityEnabled: true }
  const groupId = (await call('POST', '/groups', group)).body.id
  t.equal((await call('POST', `/applications/${application.id}/owners/$ref`, reference(groupId))).status, 400)
  const listed = (await call('GET', `/applications/${application.id}/owners?$select=id`)).body
  t.strictSame(
    listed.value.map((item: Record<string, string>) => item['@odata.type']).sort(),
    ['#microsoft.graph.servicePrincipal', '#microsoft.graph.user'],
    'whoever registered it and whoever was added',
  )
  t.equal((await call('GET', `/applications/${application.id}/owners/microsoft.graph.user`)).body.value.length, 1)
  t.equal((await call('GET', `/applications/${application.id}?$expand=owners`)).body.owners.length, 2)

  const asBo = await service.userToken(bo, ['Application.ReadWrite.All', 'Application.Read.All'])
  const name = { description: 'Bo’s' }
  t.equal((await call('PATCH', `/applications/${application.id}`, name, asBo)).status, 204, 'an owner may')
  const { application: other } = await registered('Not owned')
  t.equal(
    (await call('PATCH', `/applications/${other.id}`, name, asBo)).status,
    404,
    'to a restricted guest others are not there',
  )
  const asMax = await service.userToken(await person(service, 'max'), ['Application.ReadWrite.All'])
  t.equal((await call('PATCH', `/applications/${other.id}`, name, asMax)).status, 403, 'a member may not')
  t.equal((await call('DELETE', `/applications/${application.id}/owners/${bo}/$ref`)).status, 204)
  t.equal((await call('PATCH', `/applications/${application.id}`, name, asBo)).status, 404, 'not any more')
  t.equal((await call('POST', `/servicePrincipals/${principal.id}/owners/$ref`, reference(bo))).status, 204)
  t.equal((await call('GET', `/servicePrincipals/${principal.id}/owners/$ref`)).body.value.length, 2)
})

t.test('owners are filtered, searched, sorted and expanded, all of them and cast, and told one by one', async (t) => {
  const { application, principal } = await registered('Well owned')
  const [ida, jo] = [await user('ida'), await user('jo')]
  const reference = (id: string) => ({ '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${id}` })
  const byId = (...some: string[]) => [...some].sort()
  for (const path of [`/applications/${application.id}/owners`, `/servicePrincipals/${principal.id}/owners`]) {
    for (const owner of [ida, jo]) t.equal((await call('POST', `${path}/$ref`, reference(owner))).status, 204)
    const client = (await call('GET', `${path}/graph.servicePrincipal?$select=id,displayName`)).body.value[0]
    const ask = (query: string) => service.api('GET', `${path}${query}`, undefined, eventual)
    const asked = async (query: string) => (await ask(query)).body.value.map(({ id }: { id: string }) => id)
    const name = client.displayName.toLowerCase()
    for (const [query, found] of [
      [`$filter=id in ('${ida}','${application.id}')`, [ida]],
      ["$filter=displayName eq 'jo'", [jo]],
      [`$filter=displayName eq '${name}'`, [client.id]],
      ["$filter=userType eq 'Guest'", byId(ida, jo)],
      ["$filter=servicePrincipalType eq 'Application'", [client.id]],
      ["$filter=displayName eq 'nobody'", []],
      ['$search="displayName:ida"', [ida]],
      ['$search="displayName:jo" OR "displayName:ida"', byId(ida, jo)],
      [`$search="displayName:${name.split(' ')[0]}"`, [client.id]],
      ["$orderby=displayName desc&$filter=userType eq 'Guest'", [jo, ida]],
    ] as const) {
      const answer = await asked(`?$select=id&$count=true&${query}`)
      t.strictSame(query.startsWith('$search') ? answer.sort() : answer, found, `${path} ${query}`)
      const counted = (await ask(`/$count?${query.replace('$orderby=displayName desc&', '')}`)).text
      t.equal(counted, String(found.length), query)
    }
    t.strictSame(await asked("/graph.user?$filter=startsWith(displayName,'i')"), [ida])
    t.strictSame(await asked('/graph.user?$search="displayName:jo"'), [jo])
    t.strictSame(await asked('/graph.servicePrincipal?$orderby=displayName&$count=true'), [client.id])
    for (const none of ['appRoleAssignment', 'endpoint']) {
      t.strictSame((await call('GET', `${path}/graph.${none}?$orderby=x&$filter=x eq 1`)).status, 400, 'not advanced')
      t.strictSame(await asked(`/graph.${none}?$orderby=x&$filter=x eq 1&$count=true`), [], none)
      t.equal((await ask(`/graph.${none}/$count`)).text, '0', none)
      t.equal((await call('GET', `${path}/${ida}/graph.${none}`)).status, 404, none)
    }
    await call('PUT', `/users/${ida}/manager/$ref`, reference(jo))
    const managed = (await call('GET', `${path}?$select=id&$expand=manager($select=id)`)).body.value
    t.equal(managed.find(({ id }: { id: string }) => id === ida).manager.id, jo)
    t.match((await call('GET', `${path}/${ida}/graph.user?$select=id`)).body, { id: ida })
    t.match((await call('GET', `${path}/${client.id}/graph.servicePrincipal`)).body, client)
    t.equal((await call('GET', `${path}/${client.id}/graph.user`)).status, 404)
    t.equal((await call('GET', `${path}/${ida}/graph.servicePrincipal`)).status, 404)
    t.match((await call('GET', `${path}/${ida}?$select=id`)).body, { '@odata.type': '#microsoft.graph.user', id: ida })
    t.equal((await call('GET', `${path}/${service.adminId}/graph.user`)).status, 404, 'who owns nothing of it')

    const reader = await service.userToken(service.adminId, ['Application.Read.All'])
    const narrow = (query: string) => service.api('GET', `${path}${query}`, undefined, { ...eventual, token: reader })
    t.equal((await narrow('')).body.value.length, 3)
    for (const query of ["?$count=true&$filter=displayName eq 'ida'", '?$search="displayName:ida"'])
      t.equal((await narrow(query)).status, 403, 'whoever reads applications and nobody learns no names by it')
    t.equal((await narrow("/graph.user?$filter=startsWith(displayName,'i')")).status, 403)
  }
})

t.test('what somebody owns is told with groups, applications and service principals among each other', async (t) => {
  const { application, principal } = await registered('Zebra orders')
  const [eve, admin] = [await user('eve'), service.adminId]
  const at = `/users/${eve}/ownedObjects`
  const reference = { '@odata.id': `${service.baseUrl}/v1.0/users/${eve}` }
  const about = { displayName: 'Zebra team', mailEnabled: false, mailNickname: 'zebra', securityEnabled: true }
  const team = (await call('POST', '/groups', { ...about, 'owners@odata.bind': [reference['@odata.id']] })).body
  for (const path of [`/applications/${application.id}`, `/servicePrincipals/${principal.id}`]) {
    t.equal((await call('POST', `${path}/owners/$ref`, reference)).status, 204)
  }
  const [group, app, client] = [
    { '@odata.type': '#microsoft.graph.group', id: team.id },
    { '@odata.type': '#microsoft.graph.application', id: application.id },
    { '@odata.type': '#microsoft.graph.servicePrincipal', id: principal.id },
  ]
  const byId = (items: { id: string }[]) => [...items].sort((one, other) => (one.id < other.id ? -1 : 1))
  const asked = async (query: string) =>
    (await service.api('GET', `${at}?$select=id&$count=true&${query}`, undefined, eventual)).body.value

  await t.test('each as what it is, whole and page by page', async (t) => {
    const { body } = await call('GET', at)
    t.equal(body['@odata.context'], `${service.baseUrl}/v1.0/$metadata#directoryObjects`)
    const whole = [
      ['groups', team],
      ['applications', application],
      ['servicePrincipals', principal],
    ] as const
    const shown = await Promise.all(
      whole.map(async ([set, { id }]) => {
        const { '@odata.context': context, ...entity } = (await call('GET', `/${set}/${id}`)).body
        return { '@odata.type': `#microsoft.graph.${set.slice(0, -1)}`, ...entity }
      }),
    )
    t.strictSame(body.value, byId(shown))
    const pages = []
    for (let next = `${at}?$select=id&$top=1`; next; ) {
      const page = (await call('GET', next)).body
      pages.push(...page.value)
      next = page['@odata.nextLink']?.split('/v1.0')[1]
    }
    t.strictSame(pages, byId([group, app, client]))
    t.equal((await service.api('GET', `${at}/$count`, undefined, eventual)).text, '3')
    const references = (await call('GET', `${at}/$ref`)).body.value
    t.strictSame(
      references.map((item: Record<string, string>) => item['@odata.id']?.split('/').pop()),
      byId([group, app, client]).map(({ id }) => id),
    )
    t.match((await call('GET', `${at}/${principal.id}?$select=id`)).body, client)
    t.equal((await call('GET', `${at}/${admin}`)).status, 404)
  })

  await t.test('cast to one type', async (t) => {
    for (const [cast, { id }] of [
      ['group', team],
      ['application', application],
      ['servicePrincipal', principal],
    ]) {
      t.strictSame((await call('GET', `${at}/microsoft.graph.${cast}?$select=id`)).body.value, [{ id }], cast)
      t.equal((await service.api('GET', `${at}/graph.${cast}/$count`, undefined, eventual)).text, '1', cast)
    }
    const named = await call('GET', `${at}/microsoft.graph.application?$filter=appId eq '${application.appId}'`)
    t.equal(named.body.value.length, 1)
  })

  await t.test('filtered, searched, sorted and expanded', async (t) => {
    t.strictSame(await asked(`$filter=id in ('${app.id}','${admin}')`), [app])
    t.strictSame(await asked("$filter=displayName eq 'zebra team'"), [group])
    t.strictSame(await asked("$filter=startsWith(displayName,'zebra o')"), byId([app, client]))
    t.strictSame(await asked(`$filter=appId eq '${application.appId}'`), byId([app, client]))
    t.strictSame(await asked("$filter=servicePrincipalType eq 'Application'"), [client])
    t.strictSame(await asked('$filter=securityEnabled eq true'), [group])
    t.strictSame(byId(await asked('$search="displayName:orders"')), byId([app, client]))
    t.strictSame(await asked('$search="displayName:team"'), [group])
    t.strictSame((await asked('$orderby=displayName')).pop(), group)
    const owners = (await call('GET', `${at}?$select=id&$expand=owners($select=id)`)).body.value
    for (const item of owners)
      t.ok(
        item.owners.some(({ id }: { id: string }) => id === eve),
        item['@odata.type'],
      )
    const expanded = (await call('GET', `/users/${eve}?$expand=ownedObjects($select=id)`)).body
    t.strictSame(expanded.ownedObjects, byId([group, app, client]))
  })

  await t.test('whoever reads people and no applications learns which there are', async (t) => {
    const token = await service.appToken(['User.Read.All'])
    const { value } = (await call('GET', at, undefined, token)).body
    t.equal(value.length, 3)
    for (const { '@odata.type': type, id, ...rest } of value) {
      t.ok(type && id)
      const told = Object.values(rest).filter((it) => it !== null && !(Array.isArray(it) && it.length === 0))
      t.strictSame(told, [], type)
    }
    const ask = (query: string) => service.api('GET', `${at}${query}`, undefined, { ...eventual, token })
    t.equal((await ask("?$count=true&$filter=displayName eq 'zebra orders'")).status, 403)
    t.equal((await ask('?$search="displayName:zebra"')).status, 403)
    t.equal((await ask(`/microsoft.graph.application?$filter=appId eq '${application.appId}'`)).status, 403)
    t.equal((await ask(`?$count=true&$filter=id eq '${application.id}'`)).body.value.length, 1)
    t.equal((await call('GET', `${at}/graph.application?$expand=owners`, undefined, token)).status, 403)

    const own = await service.userToken(eve, ['User.Read', 'Directory.Read.All'])
    const mine = (await call('GET', '/me/ownedObjects/graph.application', undefined, own)).body.value
    t.match(mine, [{ id: app.id, displayName: null, appRoles: [] }], 'nor does a guest who reads only themselves')
  })

  await t.test('what is deleted is not there, and what is restored is', async (t) => {
    t.equal((await call('DELETE', `/servicePrincipals/${principal.id}`)).status, 204)
    t.strictSame(await asked(''), byId([group, app]))
    t.equal((await call('DELETE', `/applications/${application.id}`)).status, 204)
    t.strictSame(await asked(''), [group])
    t.strictSame((await call('GET', `/users/${eve}?$expand=ownedObjects($select=id)`)).body.ownedObjects, [group])
    for (const { id } of [app, client])
      t.equal((await call('POST', `/directory/deletedItems/${id}/restore`)).status, 200)
    t.strictSame(await asked(''), byId([group, app, client]))
  })

  await t.test('a client owns what it registered', async (t) => {
    const [maker] = (await call('GET', `/applications/${application.id}/owners/microsoft.graph.servicePrincipal`)).body
      .value
    for (const key of [maker.id, `appId='${maker.appId}'`]) {
      const path = key === maker.id ? `/servicePrincipals/${key}` : `/servicePrincipals(${key})`
      const found = await call('GET', `${path}/ownedObjects?$select=id&$filter=id eq '${app.id}'`)
      t.strictSame(found.body.value, [app], path)
    }
    t.equal((await call('GET', `/servicePrincipals/${randomUUID()}/ownedObjects`)).status, 404)
  })

  await t.test('a client is in the directory roles it was given, and in no group', async (t) => {
    const at = `/servicePrincipals/${principal.id}`
    const post = async (name: string, body: unknown) => (await call('POST', `${at}/${name}`, body)).body.value
    const questions = async () => [
      await post('getMemberObjects', { securityEnabledOnly: false }),
      await post('checkMemberObjects', { ids: [ROLES.guestInviter, team.id] }),
      await post('getMemberGroups', { securityEnabledOnly: false }),
      await post('checkMemberGroups', { groupIds: [team.id] }),
    ]
    t.strictSame(await questions(), [[], [], [], []])
    await service.services.database.withTenant(service.tenantId, (scope) =>
      assignDirectoryRole(scope, principal.id, ROLES.guestInviter, service.services.clock()),
    )
    t.strictSame(await questions(), [[ROLES.guestInviter], [ROLES.guestInviter], [], []])
    const role = { '@odata.type': '#microsoft.graph.directoryRole', id: ROLES.guestInviter }
    for (const relation of ['memberOf', 'transitiveMemberOf']) {
      const list = `${at}/${relation}`
      const advanced = async (path: string) => (await service.api('GET', path, undefined, eventual)).body.value
      t.strictSame((await call('GET', `${list}?$select=id`)).body.value, [role], relation)
      t.strictSame(await advanced(`${list}/graph.directoryRole?$count=true&$select=id`), [{ id: role.id }])
      for (const none of ['group', 'administrativeUnit'])
        t.strictSame(await advanced(`${list}/graph.${none}?$count=true`), [], none)
      t.match((await call('GET', `${list}/${role.id}?$select=id`)).body, role)
      t.match((await call('GET', `${list}/${role.id}/graph.directoryRole`)).body, { displayName: 'Guest Inviter' })
      t.equal((await call('GET', `${list}/${role.id}/graph.group`)).status, 404)
      t.equal((await service.api('GET', `${list}/$count`, undefined, eventual)).text, '1')
      t.equal((await call('GET', `/servicePrincipals/${randomUUID()}/${relation}`)).status, 404)
      t.equal((await call('GET', `/servicePrincipals(appId='${application.appId}')/${relation}`)).body.value.length, 1)
      const reader = await service.appToken(['User.Read.All'])
      t.equal((await call('GET', list, undefined, reader)).status, 403)
    }
  })

  await t.test('an application is a directory object', async (t) => {
    t.match((await call('GET', `/directoryObjects/${app.id}?$select=id,appId`)).body, {
      ...app,
      appId: application.appId,
    })
    const found = await call('POST', '/directoryObjects/getByIds', { ids: [app.id, client.id], types: ['application'] })
    t.match(found.body.value, [{ ...app, displayName: 'Zebra orders' }])
    t.match((await call('DELETE', `/directoryObjects/${app.id}`)).body.error.message, `/applications/${app.id}`)
  })

  await t.test('in their own organization only', async (t) => {
    const other = await service.otherTenant('woodgrove.example')
    const theirs = (path: string) => call('GET', path, undefined, other.token)
    t.equal((await theirs(at)).status, 404)
    t.equal((await theirs(`/servicePrincipals/${principal.id}/ownedObjects`)).status, 404)
    const { tenantId, adminId } = other
    await service.services.database.withTenant(tenantId, ({ orm }) =>
      orm.execute(`insert into application_owners values ('${tenantId}', '${app.id}', '${adminId}', 'user')`),
    )
    t.strictSame((await theirs(`/users/${adminId}/ownedObjects`)).body.value, [], 'whatever stands there')
    t.equal((await theirs(`/directoryObjects/${app.id}`)).status, 404)
  })
})

t.test('a client that may change its own applications changes no other', async (t) => {
  const token = await service.appToken(['Application.ReadWrite.OwnedBy'])
  const made = await call('POST', '/applications', { displayName: 'Mine' }, token)
  t.equal(made.status, 201, made.text)
  t.equal((await call('PATCH', `/applications/${made.body.id}`, { displayName: 'Still mine' }, token)).status, 204)
  t.equal((await call('POST', '/servicePrincipals', { appId: made.body.appId }, token)).status, 201)
  const { application } = await registered('Another’s')
  t.equal((await call('PATCH', `/applications/${application.id}`, { displayName: 'x' }, token)).status, 403)
  t.equal((await call('POST', `/applications/${application.id}/addPassword`, {}, token)).status, 403)
  t.equal((await call('DELETE', `/applications/${application.id}`, undefined, token)).status, 403)
})

t.test('roles are handed out with the permission or the role for it, those of Graph by few', async (t) => {
  const role = readerRole()
  const { principal, application } = await registered('Handed out', { appRoles: [role] })
  const cy = await user('cy')
  const wish = { principalId: cy, resourceId: principal.id, appRoleId: role.id }
  const path = `/users/${cy}/appRoleAssignments`
  const writer = await service.appToken(['Application.ReadWrite.All'])
  t.equal((await call('POST', path, wish, writer)).status, 403, 'writing applications is not assigning')
  const asCy = await service.userToken(cy, ['AppRoleAssignment.ReadWrite.All', 'Application.Read.All'])
  t.equal((await call('POST', path, wish, asCy)).status, 404, 'a restricted guest does not help themselves')
  const reference = { '@odata.id': `${service.baseUrl}/v1.0/users/${cy}` }
  await call('POST', `/applications/${application.id}/owners/$ref`, reference)
  t.equal((await call('POST', path, wish, asCy)).status, 201, 'an owner assigns people')
  const graph = (await call('GET', `/servicePrincipals(appId='${GRAPH_APP_ID}')`)).body
  const grant = { principalId: principal.id, resourceId: graph.id, appRoleId: graph.appRoles[0].id }
  const grants = `/servicePrincipals/${principal.id}/appRoleAssignments`
  t.equal((await call('POST', grants, grant, asCy)).status, 403, 'and grants nothing of Graph')
  const asAdmin = await service.userToken(service.adminId, ['AppRoleAssignment.ReadWrite.All', 'Application.Read.All'])
  t.equal((await call('POST', grants, grant, asAdmin)).status, 201)
})

t.test('a guest who reads only themselves reads no applications', async (t) => {
  const di = await user('di')
  const token = await service.userToken(di, ['Application.Read.All'])
  t.equal((await call('GET', '/applications', undefined, token)).status, 403)
  t.equal((await call('GET', `/servicePrincipals(appId='${GRAPH_APP_ID}')`, undefined, token)).status, 403)
  const own = await service.userToken(di, ['User.Read'])
  t.equal((await call('GET', '/me/appRoleAssignments', undefined, own)).status, 200)
})

t.test('a service principal that is deleted takes grants and tokens with it; its application stays', async (t) => {
  const { application, principal } = await registered('Short-lived')
  const { secretText } = (await call('POST', `/applications/${application.id}/addPassword`)).body
  const token = await fetchToken(service.baseUrl, service.tenantId, application.appId, secretText)
  t.equal((await call('DELETE', `/servicePrincipals/${principal.id}`)).status, 204)
  await answered(token, 401)
  await t.rejects(fetchToken(service.baseUrl, service.tenantId, application.appId, secretText))
  t.equal((await call('GET', `/applications/${application.id}`)).status, 200)
  const again = await call('POST', '/servicePrincipals', { appId: application.appId })
  t.equal(again.status, 201)
  t.not(again.body.id, principal.id)
  t.equal((await call('GET', '/users', undefined, token)).status, 401, 'an old token does not come back')
  t.equal((await call('POST', '/servicePrincipals', { appId: application.appId })).status, 409)
  t.equal(
    (await call('POST', '/servicePrincipals', { appId: randomUUID() })).body.error.code,
    'NoBackingApplicationObject',
  )
})

t.test('addresses that codes could be led astray with are refused', async (t) => {
  const tricks = [
    'http://app.example/cb',
    'https://app.example/cb#x',
    'https://*.app.example/cb',
    'https://user@app.example/cb',
    'https://app.example/../cb',
    'https://app.example/%2e%2e/cb',
    'https:/app.example/cb',
    '//app.example/cb',
    'javascript:alert(1)',
    'https://app.example\\@evil.example/cb',
    'https://app.example/ cb',
    'https://аpp.example/cb',
  ]
  for (const redirectUri of tricks) {
    for (const kind of ['web', 'spa']) {
      const answer = await call('POST', '/applications', { displayName: 'x', [kind]: { redirectUris: [redirectUri] } })
      t.equal(answer.status, 400, `${kind} ${redirectUri}`)
    }
  }
  for (const [kind, redirectUri] of [
    ['web', 'https://app.example/cb?x=1'],
    ['web', 'http://localhost:8080/cb'],
    ['publicClient', 'http://127.0.0.1/'],
    ['publicClient', 'msal0a1b://auth'],
    ['publicClient', 'com.example.app:/cb'],
  ] as const) {
    const answer = await call('POST', '/applications', { displayName: 'x', [kind]: { redirectUris: [redirectUri] } })
    t.equal(answer.status, 201, `${kind} ${redirectUri}`)
  }
})

t.test('a logo is an image, served from our origin for ever under its own address', async (t) => {
  const { application } = await registered('Painted')
  const png = Buffer.from('89504e470d0a1a0a0000000d', 'hex')
  const put = (body: Buffer | string, type: string) =>
    fetch(`${service.baseUrl}/v1.0/applications/${application.id}/logo`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': type },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    })
  const token = await service.appToken(['Application.ReadWrite.All'])
  t.equal((await put('<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/png')).status, 400)
  t.equal((await put(png, 'image/png')).status, 204)
  const { logoUrl } = (await call('GET', `/applications/${application.id}`)).body.info
  const served = await fetch(logoUrl)
  t.equal(served.headers.get('content-type'), 'image/png')
  t.match(Buffer.from(await served.arrayBuffer()), png)
  t.equal((await fetch(`${logoUrl}0`)).status, 404)
})

t.test('a client rolls its certificates with a proof signed by one that it has', async (t) => {
  const now = () => Math.floor(service.services.clock().getTime() / 1_000)
  const made = (commonName: string, days = 30) => makeSelfSigned({ commonName, now: service.services.clock(), days })
  const raw = ({ certificate }: { certificate: string }) => new X509Certificate(certificate).raw.toString('base64')
  for (const set of ['applications', 'servicePrincipals'] as const) {
    const { application, principal } = await registered(`Rolling ${set}`)
    const id = set === 'applications' ? application.id : principal.id
    const path = `/${set}/${id}`
    const [old, next, strange] = [await made('old'), await made('next'), await made('strange')]
    const proof = (key: string, claims: Record<string, unknown> = {}) =>
      new SignJWT({ aud: '00000002-0000-0000-c000-000000000000', iss: id, nbf: now(), exp: now() + 600, ...claims })
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
        .sign(createPrivateKey(key))
    const keyCredentials = [{ type: 'AsymmetricX509Cert', usage: 'Verify', key: raw(old), displayName: 'old' }]
    t.equal((await call('PATCH', path, { keyCredentials })).status, 204)
    const listed = async () =>
      (await call('GET', `${path}?$select=keyCredentials`)).body.keyCredentials.map(
        ({ displayName }: { displayName: string }) => displayName,
      )
    const wish = { type: 'AsymmetricX509Cert', usage: 'Verify', key: raw(next), displayName: 'next' }
    const add = async (signed: string, token?: string, keyCredential: unknown = wish) =>
      call('POST', `${path}/addKey`, { keyCredential, passwordCredential: null, proof: signed }, token)

    for (const [what, signed] of [
      ['another key', await proof(strange.key)],
      ['Microsoft Graph as audience', await proof(old.key, { aud: GRAPH_APP_ID })],
      ['somebody else as issuer', await proof(old.key, { iss: service.adminId })],
      ['one that has ended', await proof(old.key, { nbf: now() - 900, exp: now() - 300 })],
      ['one that has not begun', await proof(old.key, { nbf: now() + 300, exp: now() + 800 })],
      ['one that lasts longer', await proof(old.key, { exp: now() + 601 })],
      ['one without an end', await proof(old.key, { exp: undefined })],
      ['one without a beginning', await proof(old.key, { nbf: undefined })],
      ['no token at all', 'eyJ0eXAiOiJ...'],
      ['nothing', ''],
    ] as const) {
      const refused = await add(signed)
      t.match(
        refused,
        {
          status: 401,
          body: { error: { code: 'Authentication_MissingOrMalformed', message: 'Access Token missing or malformed.' } },
        },
        what,
      )
    }
    const good = await proof(old.key)
    for (const unusable of [
      { ...wish, usage: 'Sign' },
      { ...wish, type: 'X509CertAndPassword' },
      { ...wish, key: 'eA==' },
    ])
      t.equal((await add(good, undefined, unusable)).status, 400)
    t.strictSame(await listed(), ['old'], 'nothing was added')

    const asBare = await service.appToken([])
    t.match(await add(good, asBare), { status: 403, body: { error: { code: 'Authorization_RequestDenied' } } })
    const { secretText } = (await call('POST', `/applications/${application.id}/addPassword`)).body
    const own = await fetchToken(service.baseUrl, service.tenantId, application.appId, secretText)
    const added = await add(good, own)
    t.equal(added.status, 200, `a client needs no permission for its own: ${added.text}`)
    holdAgainst(t, 'microsoft.graph.keyCredential', added.body)
    t.match(added.body, { '@odata.context': /#microsoft.graph.keyCredential$/, displayName: 'next', key: null })
    t.strictSame((await listed()).sort(), ['next', 'old'])

    const remove = async (keyId: string, signed: string) => call('POST', `${path}/removeKey`, { keyId, proof: signed })
    const [{ keyId: oldId }] = (await call('GET', `${path}?$select=keyCredentials`)).body.keyCredentials.filter(
      ({ displayName }: { displayName: string }) => displayName === 'old',
    )
    t.equal((await remove(oldId, await proof(strange.key))).status, 401)
    t.equal((await remove(randomUUID(), good)).status, 404)
    t.equal((await remove(oldId, await proof(next.key))).status, 204, 'the new one proves as well')
    t.strictSame(await listed(), ['next'])
    t.equal((await add(good)).status, 401, 'what was removed proves nothing')
    t.equal((await call('POST', `/${set}/${randomUUID()}/addKey`, { keyCredential: wish, proof: good })).status, 404)

    await call('PATCH', path, {
      keyCredentials: [{ ...wish, endDateTime: new Date((now() + 60) * 1_000).toISOString() }],
    })
    service.advance(120_000)
    t.equal((await add(await proof(next.key))).status, 401, 'nor one that has ended')
  }
})

t.test('another organization’s applications are neither read nor changed nor assigned', async (t) => {
  const role = readerRole()
  const { application, principal } = await registered('Ours', { appRoles: [role] })
  const other = await service.otherTenant('fabrikam.example')
  const theirs = (method: string, path: string, body?: unknown) => call(method, path, body, other.token)
  for (const path of [
    `/applications/${application.id}`,
    `/applications(appId='${application.appId}')`,
    `/servicePrincipals/${principal.id}`,
    `/servicePrincipals/${principal.id}/appRoleAssignedTo`,
    `/applications/${application.id}/owners`,
    `/applications/${application.id}/owners/${service.adminId}/graph.user`,
    `/servicePrincipals/${principal.id}/owners/graph.endpoint`,
    `/applications/${application.id}/federatedIdentityCredentials`,
    `/directoryObjects/${principal.id}`,
  ]) {
    t.equal((await theirs('GET', path)).status, 404, path)
  }
  t.equal((await theirs('PATCH', `/applications/${application.id}`, { displayName: 'x' })).status, 404)
  t.equal((await theirs('POST', `/applications/${application.id}/addPassword`)).status, 404)
  t.equal((await theirs('POST', '/servicePrincipals', { appId: application.appId })).status, 400)
  const wish = { principalId: other.adminId, resourceId: principal.id, appRoleId: role.id }
  t.equal((await theirs('POST', `/users/${other.adminId}/appRoleAssignments`, wish)).status, 404)
  const listed = (await theirs('GET', '/applications?$select=id')).body.value
  t.notOk(listed.some((item: { id: string }) => item.id === application.id))
  t.equal(
    (await call('GET', `/directoryObjects/${principal.id}`)).body['@odata.type'],
    '#microsoft.graph.servicePrincipal',
  )
})

t.test('a secret is told again to whoever repeats the request, and kept nowhere meanwhile', async (t) => {
  const { application } = await registered('Repeated')
  const path = `/applications/${application.id}`
  const add = (key: string) =>
    service.api('POST', `${path}/addPassword`, undefined, { headers: { 'idempotency-key': key } })
  const first = (await add('one')).body
  t.equal((await add('one')).body.secretText, first.secretText)
  t.not((await add('two')).body.secretText, first.secretText)
  const kept = await service.rows(
    `select to_jsonb(c)::text || encode(c.secret_hmac, 'base64') as text from application_credentials c
    union all select to_jsonb(k)::text from idempotency_keys k`,
  )
  t.ok(kept.length > 2)
  for (const { text } of kept) t.notMatch(String(text), first.secretText)
  t.equal((await service.api('POST', `${path}/removePassword`, { keyId: first.keyId })).status, 204)
  t.equal((await add('one')).status, 404, 'what was removed is told to nobody')
})
