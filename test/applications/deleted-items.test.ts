import t from 'tap'
import { reactions } from '../../src/app.js'
import { purgeDeleted } from '../../src/directory/index.js'
import { DAY_MS } from '../../src/kernel/instant.js'
import { DEFAULT_ACCESS, GRAPH_APP_ID } from '../../src/kernel/well-known.js'
import { lastingToken, person } from '../support/people.js'
import { fetchToken, startService } from '../support/service.js'
import { until } from '../support/until.js'

const USER_READ_ALL = 'df021288-bdef-4463-88db-98f22de89214'
const APPLICATIONS = '/directory/deletedItems/microsoft.graph.application'
const PRINCIPALS = '/directory/deletedItems/microsoft.graph.servicePrincipal'

t.test('deleted applications and service principals', async (t) => {
  const service = await startService(t, { workers: false })
  const admin = await lastingToken(service)
  const call = (method: string, path: string, body?: unknown, token = admin) =>
    service.api(method, path, body, { token, headers: { consistencylevel: 'eventual' } })
  const item = (id: string, verb = '') => `/directory/deletedItems/${id}${verb}`
  const idsIn = async (path: string) => (await call('GET', path)).body.value.map(({ id }: { id: string }) => id)
  const graph = (await call('GET', `/servicePrincipals(appId='${GRAPH_APP_ID}')`)).body.id as string

  /** What a token is answered once the process has heard of the last change: until then the state before is cached. */
  const answered = async (token: string, status: number) => {
    await until(async () => (await call('GET', '/users?$top=1', undefined, token)).status === status, `${status}`)
    return status
  }

  /** An application that reads users by its secret, with somebody assigned. */
  const inUse = async (displayName: string, wish: object = {}) => {
    const application = (await call('POST', '/applications', { displayName, ...wish })).body
    const principal = (await call('POST', '/servicePrincipals', { appId: application.appId, notes: 'kept' })).body
    const { secretText } = (await call('POST', `/applications/${application.id}/addPassword`)).body
    const grant = { principalId: principal.id, resourceId: graph, appRoleId: USER_READ_ALL }
    const granted = await call('POST', `/servicePrincipals/${principal.id}/appRoleAssignments`, grant)
    if (granted.status !== 201) throw new Error(granted.text)
    const invited = await call('POST', '/invitations', {
      invitedUserEmailAddress: `${displayName.toLowerCase()}@partner.example`,
      inviteRedirectUrl: 'https://app.example/welcome',
    })
    const guest = invited.body.invitedUser.id as string
    const assigned = { principalId: guest, resourceId: principal.id, appRoleId: DEFAULT_ACCESS }
    const shared = await call('POST', `/users/${guest}/appRoleAssignments`, assigned)
    if (shared.status !== 201) throw new Error(shared.text)
    const token = () => fetchToken(service.baseUrl, service.tenantId, application.appId, secretText)
    return { id: application.id as string, appId: application.appId as string, principal: principal.id, guest, token }
  }

  await t.test('an application gets no tokens from the moment it is deleted, and is nowhere else', async (t) => {
    const app = await inUse('Wiki')
    const token = await app.token()
    t.equal(await answered(token, 200), 200)
    const assignments = `/users/${app.guest}/appRoleAssignments`
    t.equal((await idsIn(assignments)).length, 1)
    t.equal((await call('DELETE', `/applications/${app.id}`)).status, 204)
    t.equal(await answered(token, 401), 401)
    await t.rejects(app.token())
    for (const path of [`/applications/${app.id}`, `/servicePrincipals/${app.principal}`])
      t.equal((await call('GET', path)).status, 404, path)
    t.notOk((await idsIn('/applications')).includes(app.id))
    t.notOk((await idsIn('/servicePrincipals')).includes(app.principal))
    t.strictSame(await idsIn(assignments), [], 'its assignments are hidden')
    t.equal((await call('PATCH', `/applications/${app.id}`, { displayName: 'x' })).status, 404)
    t.equal((await call('POST', `/applications/${app.id}/addPassword`)).status, 404)
    t.equal((await call('POST', '/servicePrincipals', { appId: app.appId })).status, 400)

    const listed = (await call('GET', `${APPLICATIONS}?$select=id,displayName,deletedDateTime`)).body
    t.equal(listed['@odata.context'], `${service.baseUrl}/v1.0/$metadata#applications(id,displayName,deletedDateTime)`)
    t.match(listed.value, [{ id: app.id, displayName: 'Wiki', deletedDateTime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/ }])
    t.match((await call('GET', PRINCIPALS)).body.value, [{ id: app.principal, appId: app.appId }])
    t.equal((await call('GET', `${APPLICATIONS}/$count`)).text, '1')
    t.strictSame(await idsIn(`${APPLICATIONS}?$filter=appId eq '${app.appId}'`), [app.id])
    t.strictSame(await idsIn(`${PRINCIPALS}?$count=true&$orderby=deletedDateTime desc`), [app.principal])
    const one = (await call('GET', item(app.id))).body
    t.match(one, { '@odata.type': '#microsoft.graph.application', passwordCredentials: [{ secretText: null }] })
    t.match((await call('GET', item(app.principal))).body, { '@odata.type': '#microsoft.graph.servicePrincipal' })
    const alone = await call('POST', item(app.principal, '/restore'))
    t.equal(alone.body.error.code, 'NoBackingApplicationObject', 'not without its application')

    const restored = await call('POST', item(app.id, '/restore'))
    t.equal(restored.status, 200, restored.text)
    t.match(restored.body, { '@odata.type': '#microsoft.graph.application', id: app.id, deletedDateTime: null })
    t.match((await call('GET', `/servicePrincipals/${app.principal}`)).body, { id: app.principal, notes: 'kept' })
    t.equal(await answered(await app.token(), 200), 200, 'its secret and its permissions are good again')
    t.equal((await call('GET', '/users', undefined, token)).status, 401, 'a token from before is not')
    t.equal((await idsIn(assignments)).length, 1)
    t.equal((await idsIn(`/applications/${app.id}/owners`)).length, 1)
    t.strictSame([await idsIn(APPLICATIONS), await idsIn(PRINCIPALS)], [[], []])
    t.equal((await call('POST', item(app.id, '/restore'))).status, 404, 'restoring twice')
    const names = await service.rows(
      `select activity_display_name as name from audit_events where target_id = '${app.id}' order by id`,
    )
    t.strictSame(names.slice(-2), [{ name: 'Delete application' }, { name: 'Restore application' }])
  })

  await t.test('a service principal comes back alone, and another one in its place ends it', async (t) => {
    const app = await inUse('Mail')
    const token = await app.token()
    t.equal((await call('DELETE', `/servicePrincipals/${app.principal}`)).status, 204)
    t.equal((await call('POST', item(app.principal, '/restore'))).status, 200)
    t.equal(await answered(await app.token(), 200), 200)
    t.equal(await answered(token, 401), 401)

    service.advance(1_000)
    await call('DELETE', `/servicePrincipals/${app.principal}`)
    service.advance(1_000)
    await call('DELETE', `/applications/${app.id}`)
    t.equal((await call('POST', item(app.id, '/restore'))).status, 200)
    t.equal((await call('GET', `/servicePrincipals/${app.principal}`)).status, 404, 'it had gone before, by itself')
    const other = await call('POST', '/servicePrincipals', { appId: app.appId })
    t.equal(other.status, 201)
    t.equal((await call('GET', item(app.principal))).status, 404)
    const rows = await service.rows(
      `select 1 from app_role_assignments where '${app.principal}' in (principal_id::text, resource_id::text)`,
    )
    t.equal(rows.length, 0)
  })

  await t.test('a unique name is free while its application is deleted', async (t) => {
    const first = await inUse('First', { uniqueName: 'one' })
    await call('DELETE', `/applications/${first.id}`)
    const second = (await call('POST', '/applications', { displayName: 'Second', uniqueName: 'one' })).body
    t.equal((await call('GET', "/applications(uniqueName='one')")).body.id, second.id)
    const refused = await call('POST', item(first.id, '/restore'))
    t.equal(refused.status, 400)
    t.equal(refused.body.error.message, 'Another object with the same value for property uniqueName already exists.')
    await call('PATCH', `/applications/${second.id}`, { displayName: 'Third' })
    await call('DELETE', `/applications/${second.id}`)
    t.equal((await call('POST', item(first.id, '/restore'))).status, 200)
  })

  await t.test('owners restore what is theirs, and others do not', async (t) => {
    const scopes = ['Application.ReadWrite.All', 'Directory.Read.All']
    const olga = await person(service, 'olga')
    const owner = await service.userToken(olga, scopes)
    const other = await service.userToken(await person(service, 'otto'), scopes)
    const { id } = (await call('POST', '/applications', { displayName: 'Theirs' })).body
    const reference = { '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${olga}` }
    t.equal((await call('POST', `/applications/${id}/owners/$ref`, reference)).status, 204)
    t.equal((await call('DELETE', `/applications/${id}`, undefined, owner)).status, 204)
    t.equal((await call('POST', item(id, '/restore'), undefined, other)).status, 403)
    t.equal((await call('DELETE', item(id), undefined, other)).status, 403)
    const reader = await service.userToken(service.adminId, ['User.ReadWrite.All'])
    t.equal((await call('POST', item(id, '/restore'), undefined, reader)).status, 403, 'another permission')
    t.equal((await call('POST', item(id, '/restore'), undefined, owner)).status, 200)
  })

  await t.test('another organization finds none of it', async (t) => {
    const app = await inUse('Secret')
    await call('DELETE', `/applications/${app.id}`)
    const stranger = await service.otherTenant('fabrikam.example')
    for (const path of [APPLICATIONS, PRINCIPALS])
      t.strictSame((await service.api('GET', path, undefined, { token: stranger.token })).body.value, [], path)
    for (const id of [app.id, app.principal]) {
      for (const [method, verb] of [
        ['GET', ''],
        ['POST', '/restore'],
        ['DELETE', ''],
      ] as const) {
        const answer = await service.api(method, item(id, verb), undefined, { token: stranger.token })
        t.equal(answer.status, 404, `${method} ${verb}`)
      }
    }
  })

  await t.test('delta tells of applications that come, change, go, and come back', async (t) => {
    const follow = async (link: string) => {
      const { body } = await call('GET', link.split('/v1.0')[1] ?? link)
      return { items: body.value as Record<string, any>[], link: body['@odata.deltaLink'] as string }
    }
    const app = await inUse('Followed')
    const first = await follow('/applications/delta?$select=displayName,passwordCredentials')
    t.match(
      first.items.find(({ id }) => id === app.id),
      { displayName: 'Followed', passwordCredentials: [{}] },
    )
    await call('PATCH', `/applications/${app.id}`, { notes: 'not selected' })
    const second = await follow(first.link)
    t.strictSame(second.items, [])
    await call('POST', `/applications/${app.id}/addPassword`)
    const third = await follow(second.link)
    t.match(third.items, [{ id: app.id, passwordCredentials: [{}, {}] }])
    await call('DELETE', `/applications/${app.id}`)
    const fourth = await follow(third.link)
    t.strictSame(fourth.items, [{ id: app.id, '@removed': { reason: 'changed' } }])
    await call('POST', item(app.id, '/restore'))
    const fifth = await follow(fourth.link)
    t.match(fifth.items, [{ id: app.id, displayName: 'Followed' }])
    await call('DELETE', `/applications/${app.id}`)
    await call('DELETE', item(app.id))
    const sixth = await follow(fifth.link)
    t.strictSame(sixth.items, [{ id: app.id, '@removed': { reason: 'deleted' } }])
  })

  await t.test('delta tells of service principals that come, change, go, and come back', async (t) => {
    const follow = async (link: string, headers: Record<string, string> = {}) => {
      const { body } = await service.api('GET', link.split('/v1.0')[1] ?? link, undefined, { headers })
      return { items: body.value as Record<string, any>[], link: body['@odata.deltaLink'] as string }
    }
    const app = await inUse('Client')
    const path = `/servicePrincipals/${app.principal}`
    const first = await follow('/servicePrincipals/delta()?$select=displayName,tags')
    const all = (await call('GET', '/servicePrincipals?$select=id&$top=999')).body.value
    t.strictSame(
      first.items.map(({ id }) => id),
      all.map(({ id }: { id: string }) => id).sort(),
      'all there are, Microsoft Graph’s among them',
    )
    t.match(
      first.items.find(({ id }) => id === app.principal),
      { displayName: 'Client' },
    )
    const whole = await follow('/servicePrincipals/delta?$deltatoken=latest')
    await call('PATCH', path, { appRoleAssignmentRequired: true })
    await call('PATCH', `/applications/${app.id}`, { groupMembershipClaims: 'All' })
    const second = await follow(first.link)
    t.strictSame(second.items, [], 'nothing that was selected')
    t.match((await follow(whole.link)).items, [
      { id: app.principal, appRoleAssignmentRequired: true, appId: app.appId },
    ])
    const minimal = await follow(whole.link, { prefer: 'return=minimal' })
    t.strictSame(minimal.items, [{ id: app.principal, appRoleAssignmentRequired: true }])
    await call('PATCH', `/applications/${app.id}`, { tags: ['of the application'] })
    t.strictSame((await follow(minimal.link)).items, [], 'nothing that a service principal shows')
    await call('PATCH', path, { tags: ['HideApp'] })
    const third = await follow(second.link)
    t.strictSame(third.items, [{ id: app.principal, displayName: 'Client', tags: ['HideApp'] }])

    await call('DELETE', path)
    const fourth = await follow(third.link)
    t.strictSame(fourth.items, [{ id: app.principal, '@removed': { reason: 'changed' } }])
    await call('POST', item(app.principal, '/restore'))
    const fifth = await follow(fourth.link, { prefer: 'return=minimal' })
    t.strictSame(
      fifth.items,
      [{ id: app.principal, displayName: 'Client', tags: ['HideApp'] }],
      'unknown, so all of it',
    )

    await call('DELETE', path)
    const next = (await call('POST', '/servicePrincipals', { appId: app.appId })).body
    const sixth = await follow(fifth.link)
    const gone = { '@removed': { reason: 'deleted' } }
    t.strictSame(
      sixth.items,
      [
        { id: app.principal, ...gone },
        { id: next.id, displayName: 'Client', tags: [] },
      ],
      'another one',
    )
    await call('DELETE', `/applications/${app.id}`)
    await call('DELETE', item(app.id))
    t.strictSame((await follow(sixth.link)).items, [{ id: next.id, ...gone }], 'with its application')

    const other = await service.otherTenant('woodgrove.example')
    const theirs = await service.api('GET', '/servicePrincipals/delta?$select=id', undefined, { token: other.token })
    const ours = new Set(all.map(({ id }: { id: string }) => id))
    t.ok(theirs.body.value.length > 0)
    t.notOk(theirs.body.value.some(({ id }: { id: string }) => ours.has(id)))
  })

  await t.test('they go for good: by hand at once, by the clock after 30 days', async (t) => {
    const tables = [
      'applications',
      'application_credentials',
      'application_owners',
      'app_role_assignments',
      'federated_identity_credentials',
    ]
    const left = async (...ids: string[]) => {
      const found = []
      for (const name of tables) {
        const matches = ids.map((id) => `r::text like '%${id}%'`).join(' or ')
        const [row] = await service.rows(`select count(*)::int as n from ${name} as r where ${matches}`)
        if (row?.['n'] > 0) found.push(name)
      }
      return found
    }
    const make = async (name: string) => {
      const app = await inUse(name)
      const trust = { name: 'builds', issuer: 'https://ci.example', subject: 'x', audiences: ['api://x'] }
      const trusted = await call('POST', `/applications/${app.id}/federatedIdentityCredentials`, trust)
      t.equal(trusted.status, 201, trusted.text)
      return app
    }
    const byHand = await make('Byhand')
    t.equal((await call('DELETE', item(byHand.id))).status, 404, 'not while it is there')
    await call('DELETE', `/applications/${byHand.id}`)
    t.strictSame(await left(byHand.id, byHand.principal), tables)
    t.equal((await call('DELETE', item(byHand.id))).status, 204)
    t.strictSame(await left(byHand.id, byHand.principal), [])
    t.equal((await call('POST', item(byHand.id, '/restore'))).status, 404)

    const old = await make('Old')
    const half = await make('Half')
    await call('DELETE', `/applications/${old.id}`)
    await call('DELETE', `/servicePrincipals/${half.principal}`)
    const run = () => purgeDeleted({ ...service.services, ...reactions })
    service.advance(29 * DAY_MS)
    const young = await make('Young')
    await call('DELETE', `/applications/${young.id}`)
    await run()
    t.equal((await call('GET', item(old.id))).status, 200, 'after 29 days')
    service.advance(2 * DAY_MS)
    t.ok((await run()) >= 2)
    t.strictSame(await left(old.id, old.principal), [])
    t.strictSame(await left(half.principal), [])
    t.equal((await call('GET', `/applications/${half.id}`)).status, 200, 'the application of a principal stays')
    t.equal((await call('GET', item(young.id))).status, 200)
    t.equal(await run(), 0)
    const [gone] = await service.rows(
      `select activity_display_name as name from audit_events where target_id = '${old.id}' order by id desc limit 1`,
    )
    t.equal(gone?.['name'], 'Hard Delete application')
  })
})
