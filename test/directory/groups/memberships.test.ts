import t from 'tap'
import { person } from '../../support/people.js'
import { startService } from '../../support/service.js'
import { EVENTUAL, groupsOf, references } from './support.js'

t.test('what somebody is in', async (t) => {
  const service = await startService(t, { workers: false })
  const groups = groupsOf(service)
  const mia = await person(service, 'mia')
  const inner = await groups.make({ 'members@odata.bind': references(mia) })
  const outer = await groups.make({ 'members@odata.bind': references(inner) })
  const mail = await groups.make({
    groupTypes: ['Unified'],
    mailEnabled: true,
    securityEnabled: false,
    'members@odata.bind': references(mia),
  })
  const stranger = await groups.make()
  const ask = (path: string, body: unknown, options = {}) => service.api('POST', path, body, options)
  const me = { token: await service.userToken(mia, ['User.Read']) }

  await t.test('the four questions, of every kind of object', async (t) => {
    for (const [path, options] of [
      [`/users/${mia}`],
      ['/users/mia@contoso.example'],
      ['/me', me],
      [`/directoryObjects/${mia}`],
    ] as const) {
      const checked = await ask(
        `${path}/checkMemberGroups`,
        { groupIds: [stranger, outer.toUpperCase(), inner] },
        options,
      )
      t.equal(checked.status, 200, path)
      t.strictSame(checked.body, {
        '@odata.context': `${service.baseUrl}/v1.0/$metadata#Collection(Edm.String)`,
        value: [outer.toUpperCase(), inner],
      })
      t.strictSame((await ask(`${path}/checkMemberObjects`, { ids: [mail, mia] }, options)).body.value, [mail])
      t.strictSame(
        (await ask(`${path}/getMemberGroups`, { securityEnabledOnly: false }, options)).body.value,
        [inner, outer, mail].sort(),
      )
      t.strictSame(
        (await ask(`${path}/getMemberGroups`, { securityEnabledOnly: true }, options)).body.value,
        [inner, outer].sort(),
      )
      t.strictSame((await ask(`${path}/getMemberObjects`, {}, options)).body.value, [inner, outer, mail].sort())
    }
    t.strictSame((await ask(`/groups/${inner}/checkMemberGroups`, { groupIds: [outer, mail] })).body.value, [outer])
    t.strictSame((await ask(`/groups/${inner}/getMemberGroups`, {})).body.value, [outer])
    t.strictSame((await ask(`/directoryObjects/${inner}/getMemberObjects`, {})).body.value, [outer])
  })

  await t.test('refusals', async (t) => {
    const ids = Array.from({ length: 21 }, () => inner)
    const cases: [path: string, body: unknown, status: number, code: string, options?: object][] = [
      [`/users/${mia}/checkMemberGroups`, { groupIds: ids }, 400, 'invalidValue'],
      [`/users/${mia}/checkMemberGroups`, { groupIds: ['x'] }, 400, 'invalidId'],
      [`/users/${mia}/checkMemberGroups`, {}, 400, 'missingProperty'],
      [`/users/${mia}/checkMemberObjects`, { ids: 'x' }, 400, 'invalidValue'],
      [`/users/${service.tenantId}/getMemberGroups`, {}, 404, 'objectNotFound'],
      ['/users/nobody@contoso.example/getMemberGroups', {}, 404, 'objectNotFound'],
      ['/groups/x/getMemberGroups', {}, 404, 'objectNotFound'],
      [`/directoryObjects/${service.tenantId}/getMemberObjects`, {}, 404, 'objectNotFound'],
      ['/me/getMemberGroups', {}, 400, 'meNeedsPerson'],
      [`/users/${service.adminId}/getMemberGroups`, {}, 403, 'roleMissing', me],
    ]
    for (const [path, body, status, code, options] of cases) {
      const answer = await ask(path, body, options)
      t.equal(answer.status, status, path)
      t.equal(answer.body.error.innerError.code, code, answer.text)
    }
  })

  await t.test('a restricted guest reads the ids of their own groups and nothing else of them', async (t) => {
    const guest = await person(service, 'gus', { userType: 'Guest' })
    const theirs = await groups.make({ displayName: 'Secret', 'members@odata.bind': references(guest) })
    const token = { token: await service.userToken(guest, ['User.Read', 'Group.Read.All', 'Directory.Read.All']) }
    const own = await service.api('GET', '/me/memberOf', undefined, token)
    t.equal(own.status, 200)
    t.match(own.body.value, [{ id: theirs, displayName: null, description: null }])
    for (const path of [
      `/groups/${theirs}`,
      `/groups/${theirs}/members`,
      `/groups/${inner}`,
      `/users/${mia}/memberOf`,
      `/directoryObjects/${theirs}`,
    ]) {
      t.equal((await service.api('GET', path, undefined, token)).status, 404, path)
    }
    t.equal((await service.api('GET', '/groups', undefined, token)).status, 403)
    t.strictSame((await ask('/me/getMemberGroups', {}, token)).body.value, [theirs])
    t.strictSame((await ask('/directoryObjects/getByIds', { ids: [theirs, mia] }, token)).body.value, [])
    await service.api('PATCH', '/policies/authorizationPolicy', {
      guestUserRoleId: '10dae51f-b6af-4016-8d66-8c2a99b929b3',
    })
    t.equal(
      (await service.api('GET', `/groups/${theirs}`, undefined, token)).body.displayName,
      'Secret',
      'a limited one sees it',
    )
    t.equal((await service.api('GET', '/groups', undefined, token)).status, 403, 'but no list of all')
    t.equal((await service.api('GET', `/groups/${inner}/members`, undefined, token)).status, 200)
  })

  await t.test('directory roles are held by oneself, and by way of the groups one is in', async (t) => {
    const [userAdministrator, guestInviter] = [
      'fe930be7-5e62-47db-91af-98c3a49a38b1',
      '95e79109-95c0-4d8e-aee3-d01accf2d47b',
    ]
    const ada = await person(service, 'ada')
    const crew = await groups.make({ isAssignableToRole: true, 'members@odata.bind': references(ada) })
    const hold = (principal: string, role: string, tenant = service.tenantId) =>
      service.rows(
        `insert into directory_role_assignments values ('${tenant}', '${principal}', '${role}', now())`,
        tenant,
      )
    await hold(ada, guestInviter)
    await hold(crew, userAdministrator)
    await hold(crew, guestInviter)
    const list = (path: string) => groups.ids(path, EVENTUAL)
    t.strictSame(await list(`/users/${ada}/memberOf`), [crew, guestInviter].sort())
    t.strictSame(await list(`/users/${ada}/memberOf/microsoft.graph.directoryRole`), [guestInviter])
    t.strictSame(
      await list(`/users/${ada}/transitiveMemberOf?$top=1`),
      [crew, guestInviter, userAdministrator].sort(),
      'a role held twice once, page after page',
    )
    t.strictSame(
      await list(
        `/users/${ada}/transitiveMemberOf/microsoft.graph.directoryRole?$count=true&$orderby=displayName desc`,
      ),
      [userAdministrator, guestInviter],
    )
    t.strictSame(await list(`/groups/${crew}/memberOf`), [guestInviter, userAdministrator].sort())
    const expanded = await service.api('GET', `/users/${ada}?$select=id&$expand=transitiveMemberOf($select=id)`)
    t.strictSame(
      expanded.body.transitiveMemberOf.map(({ id }: { id: string }) => id).sort(),
      [crew, guestInviter, userAdministrator].sort(),
    )
    for (const [securityEnabledOnly, found] of [
      [false, [crew, guestInviter, userAdministrator]],
      [true, [crew]],
    ] as const) {
      t.strictSame(
        (await ask(`/users/${ada}/getMemberObjects`, { securityEnabledOnly })).body.value.sort(),
        [...found].sort(),
      )
      t.strictSame((await ask(`/users/${ada}/getMemberGroups`, { securityEnabledOnly })).body.value, [crew])
    }
    t.strictSame((await ask(`/users/${ada}/checkMemberObjects`, { ids: [userAdministrator, mia, crew] })).body.value, [
      userAdministrator,
      crew,
    ])

    const other = await service.otherTenant('roles.example')
    await hold(ada, '729827e3-9c14-49f7-bb1b-9608f156bbb8', other.tenantId)
    t.equal((await list(`/users/${ada}/memberOf`)).length, 2, 'what another organization writes is nothing here')
    const theirs = { token: other.token }
    t.equal((await service.api('GET', `/users/${ada}/memberOf`, undefined, theirs)).status, 404)
  })

  await t.test('more than eleven thousand are refused', async (t) => {
    const many = await person(service, 'many')
    const values = (n: string) => `'${service.tenantId}', ${n}`
    await service.rows(`with made as (
        insert into groups (tenant_id, id, display_name, mail_enabled, mail_nickname, security_enabled, created_date_time, renewed_date_time)
        select ${values('gen_random_uuid()')}, 'x', n > 11000, 'x', n <= 11000, now(), now() from generate_series(1, 11001) n returning id)
      insert into group_members (tenant_id, group_id, member_type, member_id) select ${values('id')}, 'user', '${many}' from made`)
    const refused = await ask(`/users/${many}/getMemberGroups`, {})
    t.equal(refused.status, 400)
    t.equal(refused.body.error.code, 'DirectoryResultSizeLimitExceeded')
    t.equal((await ask(`/users/${many}/getMemberGroups`, { securityEnabledOnly: true })).body.value.length, 11_000)
  })
})
