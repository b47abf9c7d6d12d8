import t from 'tap'
import { ROLES } from '../../src/policies/index.js'
import { person } from '../support/people.js'
import { startService } from '../support/service.js'

t.test('/me is the person who is signed in', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await person(service, 'ana')
  const bo = await person(service, 'bo')
  await service.api('PUT', `/users/${ana}/manager/$ref`, { '@odata.id': `x/users/${bo}` })
  await service.api('POST', `/users/${ana}/sponsors/$ref`, { '@odata.id': `x/users/${bo}` })
  const as = async (id: string, ...scopes: string[]) => ({ token: await service.userToken(id, scopes) })

  await t.test('every part of it is that of /users/{id}', async (t) => {
    const mine = await as(ana, 'User.Read.All')
    for (const part of [
      '',
      '/manager',
      '/manager/$ref',
      '/sponsors',
      '/sponsors/$ref',
      '/appRoleAssignments',
      '?$select=userType&$expand=manager($select=id)',
    ]) {
      const me = await service.api('GET', `/me${part}`, undefined, mine)
      t.equal(me.status, 200, part)
      t.strictSame(me.body, (await service.api('GET', `/users/${ana}${part}`, undefined, mine)).body, part)
    }
    const boss = await as(bo, 'User.Read.All')
    t.match((await service.api('GET', '/me/directReports', undefined, boss)).body.value, [{ id: ana }])
    t.equal(
      (
        await service.api('GET', '/me/directReports/$count', undefined, {
          ...boss,
          headers: { consistencylevel: 'eventual' },
        })
      ).text,
      '1',
    )
  })

  await t.test('an application has none', async (t) => {
    for (const [method, path] of [
      ['GET', '/me'],
      ['PATCH', '/me'],
      ['GET', '/me/manager'],
      ['GET', '/me/directReports'],
      ['POST', '/me/revokeSignInSessions'],
    ] as const) {
      const { status, body } = await service.api(method, path, method === 'GET' ? undefined : {})
      t.equal(status, 400, path)
      t.match(body.error, {
        code: 'BadRequest',
        message: '/me request is only valid with delegated authentication flow.',
      })
    }
  })

  await t.test('User.Read reaches oneself and nobody else', async (t) => {
    const mine = await as(ana, 'User.Read')
    t.equal((await service.api('GET', '/me', undefined, mine)).body.id, ana)
    t.equal((await service.api('GET', `/users/${ana}`, undefined, mine)).status, 200)
    for (const path of [
      `/users/${bo}`,
      '/users',
      `/users/${bo}/manager`,
      `/users/${service.tenantId}`,
      '/users/nobody@contoso.example',
    ])
      t.equal((await service.api('GET', path, undefined, mine)).status, 403, path)
    const manager = await service.api('GET', '/me/manager', undefined, mine)
    t.strictSame(manager.body.displayName, null, 'who it is, and nothing about them')
    t.equal((await service.api('GET', '/me', undefined, await as(ana, 'Policy.Read.All'))).status, 403)
  })

  await t.test('User.Read tells which groups and roles one is in, and nothing of them', async (t) => {
    const chief = await person(service, 'chief', { role: ROLES.userAdministrator })
    const made = await service.api('POST', '/groups', {
      ...{ displayName: 'Audit', mailEnabled: false, mailNickname: 'audit', securityEnabled: true },
      'members@odata.bind': [`x/users/${chief}`],
    })
    const group = made.body.id
    const kinds = (value: any[]) => value.map((item) => [item['@odata.type'], item.id, item.displayName]).sort()
    for (const path of ['/me/memberOf', '/me/transitiveMemberOf', `/users/${chief}/memberOf`]) {
      const read = await service.api('GET', path, undefined, await as(chief, 'User.Read'))
      t.equal(read.status, 200, read.text)
      t.strictSame(
        kinds(read.body.value),
        [
          ['#microsoft.graph.group', group, null],
          ['#microsoft.graph.directoryRole', ROLES.userAdministrator, null],
        ].sort(),
        path,
      )
      const [shown] = read.body.value.filter(({ id }: { id: string }) => id === group)
      const { '@odata.type': _type, id: _id, ...rest } = shown
      t.ok('groupTypes' in rest && 'createdDateTime' in rest, 'every property is there')
      for (const [name, value] of Object.entries(rest)) t.ok(value === null || String(value) === '', name)
    }
    const wider = await service.api(
      'GET',
      '/me/memberOf',
      undefined,
      await as(chief, 'User.Read', 'GroupMember.Read.All'),
    )
    t.strictSame(
      kinds(wider.body.value),
      [
        ['#microsoft.graph.group', group, 'Audit'],
        ['#microsoft.graph.directoryRole', ROLES.userAdministrator, null],
      ].sort(),
      'of groups with a permission for them',
    )
    const all = await service.api('GET', '/me/memberOf', undefined, await as(chief, 'Directory.Read.All'))
    t.strictSame(all.body.value.map(({ displayName }: any) => displayName).sort(), ['Audit', 'User Administrator'])
    const expanded = await service.api('GET', '/me?$expand=memberOf', undefined, await as(chief, 'User.Read'))
    t.ok(expanded.body.memberOf.every(({ displayName }: any) => displayName === null))
    const eventual = { headers: { consistencylevel: 'eventual' }, ...(await as(chief, 'User.Read')) }
    const filter = `/me/memberOf/microsoft.graph.group?$count=true&$filter=displayName eq 'Audit'`
    t.equal((await service.api('GET', filter, undefined, eventual)).status, 403, 'nor by way of a filter')
    t.equal((await service.api('GET', '/me/memberOf/$count', undefined, eventual)).text, '2')
    const application = await service.appToken(['User.Read.All'])
    const other = await service.api('GET', `/users/${chief}/memberOf`, undefined, { token: application })
    t.ok(
      other.body.value.every(({ displayName }: any) => displayName === null),
      'applications likewise',
    )
  })

  await t.test('User.ReadWrite changes one’s own words, and nothing else', async (t) => {
    const mine = await as(ana, 'User.ReadWrite')
    t.equal(
      (await service.api('PATCH', '/me', { aboutMe: 'Reads.', skills: ['x'], preferredLanguage: 'fr' }, mine)).status,
      204,
    )
    t.match((await service.api('GET', '/me?$select=aboutMe,skills,preferredLanguage', undefined, mine)).body, {
      aboutMe: 'Reads.',
      skills: ['x'],
      preferredLanguage: 'fr',
    })
    for (const change of [
      { displayName: 'Boss' },
      { mail: 'x@y.example' },
      { accountEnabled: false },
      { userType: 'Member' },
      { aboutMe: 'x', department: 'x' },
    ])
      t.equal((await service.api('PATCH', '/me', change, mine)).status, 403, JSON.stringify(change))
    t.equal((await service.api('PATCH', `/users/${ana}`, { aboutMe: 'y' }, mine)).status, 204)
    t.equal((await service.api('PATCH', `/users/${bo}`, { aboutMe: 'y' }, mine)).status, 403)
    const changed = await service.api(
      'PATCH',
      '/me',
      { aboutMe: null },
      { ...mine, headers: { prefer: 'return=representation' } },
    )
    t.equal(changed.status, 200)
    t.equal(changed.headers.get('preference-applied'), 'return=representation')
    t.equal(changed.body.id, ana)
  })

  await t.test('User.EnableDisableAccount.All changes whether somebody may sign in, only', async (t) => {
    const token = await service.appToken(['User.EnableDisableAccount.All', 'User.Read.All'])
    const guest = (await service.invite('g@partner.example')).invitedUser.id
    t.equal((await service.api('PATCH', `/users/${guest}`, { accountEnabled: false }, { token })).status, 204)
    t.equal((await service.api('GET', `/users/${guest}?$select=accountEnabled`)).body.accountEnabled, false)
    t.equal(
      (await service.api('PATCH', `/users/${guest}`, { accountEnabled: true, jobTitle: 'x' }, { token })).status,
      403,
    )
    const alone = await service.appToken(['User.EnableDisableAccount.All'])
    t.equal((await service.api('PATCH', `/users/${guest}`, { accountEnabled: true }, { token: alone })).status, 403)
  })

  await t.test('sign-in sessions are revoked: of oneself, and by administrators', async (t) => {
    const uma = await person(service, 'uma', { role: ROLES.userAdministrator })
    const scopes = ['User.RevokeSessions.All', 'User.Read.All']
    const revoke = async (id: string, by: string) =>
      (await service.api('POST', `/users/${id}/revokeSignInSessions`, undefined, await as(by, ...scopes))).status
    t.equal(await revoke(bo, ana), 403)
    t.equal(await revoke(service.adminId, uma), 403)
    t.equal(await revoke(service.tenantId, uma), 404)
    t.equal(await revoke(ana, ana), 200)
    t.equal(await revoke(bo, uma), 200)

    const mine = await as(uma, ...scopes)
    service.advance(2_000)
    const revoked = await service.api('POST', '/me/revokeSignInSessions', undefined, mine)
    t.equal(revoked.status, 200)
    t.strictSame(revoked.body, { '@odata.context': `${service.baseUrl}/v1.0/$metadata#Edm.Boolean`, value: true })
    t.equal((await service.api('GET', '/me', undefined, mine)).status, 401, 'the token is worth nothing now')
    const select = '?$select=signInSessionsValidFromDateTime'
    const since = (await service.api('GET', `/users/${uma}${select}`)).body.signInSessionsValidFromDateTime
    t.ok(Math.abs(Date.parse(since) - service.services.clock().getTime()) < 60_000)
  })
})
