import t from 'tap'
import { GUEST_USER_ROLES } from '../../src/policies/documents.js'
import { ROLES } from '../../src/policies/index.js'
import { person } from '../support/people.js'
import { startService } from '../support/service.js'

t.test('what guests read follows guestUserRoleId, whatever their client may', async (t) => {
  const service = await startService(t, { workers: false })
  const guest = await person(service, 'guest', { userType: 'Guest' })
  const ana = await person(service, 'ana')
  const bo = await person(service, 'bo')
  for (const user of [guest, ana]) {
    await service.api('PUT', `/users/${user}/manager/$ref`, { '@odata.id': `x/users/${bo}` })
    await service.api('POST', `/users/${user}/sponsors/$ref`, { '@odata.id': `x/users/${bo}` })
  }
  await service.api('PATCH', `/users/${ana}`, { jobTitle: 'Auditor', businessPhones: ['+1 555'], department: 'Audit' })
  const token = await service.userToken(guest, ['User.Read.All'])
  const get = (path: string, as = token) => service.api('GET', path, undefined, { token: as })
  const level = (guestUserRoleId: string) => service.api('PATCH', '/policies/authorizationPolicy', { guestUserRoleId })
  const statusOf = async (path: string) => (await get(path)).status

  await t.test('restricted, as it is from the start: nobody but themselves', async (t) => {
    t.equal((await get(`/users/${guest}?$select=jobTitle,department`)).status, 200)
    t.equal(await statusOf(`/users/${ana}`), 404)
    t.equal(await statusOf('/users/ana@contoso.example'), 404)
    t.equal(await statusOf('/users'), 403)
    t.equal(await statusOf(`/users?$filter=${encodeURIComponent(`id eq '${ana}'`)}`), 403)
    t.equal(await statusOf('/me/manager'), 404)
    t.strictSame((await get('/me/sponsors')).body.value, [])
    t.strictSame((await get('/me?$select=id&$expand=sponsors')).body.sponsors, [])
    t.notOk('manager' in (await get('/me?$expand=manager')).body)
    for (const part of ['manager', 'directReports', 'sponsors']) t.equal(await statusOf(`/users/${ana}/${part}`), 404)
  })

  await t.test('limited: what names somebody whom they know, and no lists', async (t) => {
    t.equal((await level(GUEST_USER_ROLES.limited)).status, 204)
    const { body } = await get(
      `/users/${ana}?$select=id,displayName,mail,userPrincipalName,userType,jobTitle,businessPhones`,
    )
    t.strictSame(
      { ...body, '@odata.context': '' },
      {
        '@odata.context': '',
        id: ana,
        displayName: 'ana',
        mail: 'ana@contoso.example',
        userPrincipalName: 'ana@contoso.example',
        userType: 'Member',
        jobTitle: null,
        businessPhones: [],
      },
    )
    t.equal((await get(`/users/${ana}/manager?$select=displayName,jobTitle`)).body.displayName, 'bo')
    t.strictSame(
      (await get(`/users/${bo}/directReports`)).body.value.map(({ id, jobTitle }: any) => [id, jobTitle]).sort(),
      [
        [ana, null],
        [guest, null],
      ].sort(),
    )
    t.equal(
      (await get(`/users/${ana}?$select=id&$expand=manager($select=id,department)`)).body.manager.department,
      null,
    )
    t.equal(await statusOf('/users'), 403)
    t.equal(await statusOf('/users?$top=1'), 403)
    t.equal(
      (await service.api('GET', '/users/$count', undefined, { token, headers: { consistencylevel: 'eventual' } }))
        .status,
      403,
    )
    t.equal((await get('/me?$select=department')).status, 200)
  })

  await t.test('as members do: everything', async (t) => {
    await level(GUEST_USER_ROLES.sameAsMembers)
    t.match((await get(`/users/${ana}`)).body, { jobTitle: 'Auditor', businessPhones: ['+1 555'] })
    t.ok((await get('/users')).body.value.length >= 4)
  })

  await t.test('a directory role reads at any level, and a member always', async (t) => {
    await level(GUEST_USER_ROLES.restricted)
    const withRole = await person(service, 'inviter', { userType: 'Guest', role: ROLES.guestInviter })
    for (const id of [withRole, bo]) {
      const as = await service.userToken(id, ['User.Read.All'])
      t.equal((await get(`/users/${ana}`, as)).body.jobTitle, 'Auditor')
      t.equal((await get('/users', as)).status, 200)
    }
  })

  await t.test('of what a client may not read it is told that it is there, and cannot ask for more', async (t) => {
    const made = async (path: string, body: object) => (await service.api('POST', path, body)).body
    const group = (displayName: string, wish = {}) =>
      made('/groups', { displayName, mailNickname: displayName, mailEnabled: false, securityEnabled: true, ...wish })
    const inner = await group('inner')
    const members = [ana, inner.id].map((id) => `x/directoryObjects/${id}`)
    const team = await group('team', { 'members@odata.bind': members, 'owners@odata.bind': [`x/users/${ana}`] })
    const app = await made('/applications', { displayName: 'Books' })
    await made(`/applications/${app.id}/owners/$ref`, { '@odata.id': `x/users/${ana}` })
    const readers = {
      groups: await service.appToken(['GroupMember.Read.All'], 'groups'),
      basic: await service.appToken(['GroupMember.Read.All', 'User.ReadBasic.All'], 'basic'),
      users: await service.appToken(['User.Read.All'], 'users'),
      applications: await service.appToken(['Application.Read.All'], 'applications'),
      domains: await service.appToken(['Domain.Read.All'], 'domains'),
      person: await service.userToken(bo, ['GroupMember.Read.All']),
    }
    const type = (name: string) => ({ '@odata.type': `#microsoft.graph.${name}` })
    const empty = { displayName: null, mail: null, businessPhones: [] }
    const anaById = { id: ana, ...empty }
    const select = '$select=id,displayName,mail,businessPhones'
    const seenInner = { ...type('group'), id: inner.id, displayName: 'inner', mail: null }

    for (const reader of [readers.groups, readers.person]) {
      const answers: [path: string, value: object[]][] = [
        [`/groups/${team.id}/members?${select}`, [{ ...type('user'), ...anaById }, seenInner]],
        [`/groups/${team.id}/transitiveMembers?${select}`, [{ ...type('user'), ...anaById }, seenInner]],
        [`/groups/${team.id}/owners?${select}`, [{ ...type('user'), ...anaById }]],
        [`/groups/${team.id}/members/microsoft.graph.user?${select}`, [anaById]],
        [`/groups/${team.id}/members/graph.group?$select=id,displayName`, [{ id: inner.id, displayName: 'inner' }]],
        [`/groups/${team.id}/members?${select}&$filter=id eq '${ana}'`, [{ ...type('user'), ...anaById }]],
      ]
      for (const [path, value] of answers) t.strictSame((await get(encodeURI(path), reader)).body.value, value, path)
      const expanded = await get(`/groups/${team.id}?$select=id&$expand=owners($select=id,displayName)`, reader)
      t.strictSame(expanded.body.owners, [{ ...type('user'), id: ana, displayName: null }])
    }
    const [whole] = (await get(`/groups/${team.id}/owners`, readers.groups)).body.value
    t.strictSame(
      Object.entries(whole).filter(([name]) => name !== '@odata.type'),
      Object.keys((await service.api('GET', `/users/${ana}`)).body).flatMap((name) =>
        name.startsWith('@') ? [] : [[name, name === 'id' ? ana : name === 'businessPhones' ? [] : null]],
      ),
      'the properties that are always there, empty',
    )
    t.equal((await get(`/users/${ana}`, readers.groups)).status, 403, 'the id leads no further')
    const [known] = (await get(`/groups/${team.id}/owners?${select},jobTitle`, readers.basic)).body.value
    t.match(known, { displayName: 'ana', mail: 'ana@contoso.example', businessPhones: [], jobTitle: null })

    const others: [path: string, reader: string, value: object[]][] = [
      [
        `/users/${ana}/ownedObjects`,
        readers.users,
        [
          { ...type('group'), id: team.id },
          { ...type('application'), id: app.id },
        ],
      ],
      [`/users/${ana}/memberOf`, readers.users, [{ ...type('group'), id: team.id }]],
      [`/applications/${app.id}/owners`, readers.applications, [{ ...type('user'), id: ana }]],
      ['/domains/contoso.example/domainNameReferences', readers.domains, [{ ...type('user'), id: ana }]],
    ]
    for (const [path, reader, value] of others) {
      const shown = (await get(`${path}?$select=id,displayName`, reader)).body.value
      for (const one of value) {
        t.strictSame(
          shown.filter(({ id }: any) => id === (one as { id: string }).id),
          [{ ...one, displayName: null }],
          path,
        )
      }
    }

    const headers = { consistencylevel: 'eventual' }
    const ask = async (path: string, as: string, query: string) =>
      (await service.api('GET', `${path}?${encodeURI(query)}`, undefined, { token: as, headers })).status
    const probes = [
      "$count=true&$filter=displayName eq 'ana'",
      "$count=true&$filter=startsWith(mail,'ana')",
      '$count=true&$filter=accountEnabled eq true',
      '$count=true&$orderby=displayName',
      '$search="displayName:ana"',
    ]
    for (const relation of [
      'members',
      'transitiveMembers',
      'owners',
      'members/graph.user',
      'owners/microsoft.graph.user',
    ]) {
      const path = `/groups/${team.id}/${relation}`
      for (const probe of probes) {
        for (const reader of [readers.groups, readers.person])
          t.equal(await ask(path, reader, probe), 403, `${path}?${probe}`)
        t.equal(await ask(path, readers.basic, probe), probe.includes('accountEnabled') ? 403 : 200, `basic: ${probe}`)
      }
      t.equal(await ask(`${path}/$count`, readers.groups, probes[0]?.replace('$count=true&', '') ?? ''), 403, relation)
    }
    t.equal(await ask(`/groups/${team.id}/members/$ref`, readers.groups, probes[0] ?? ''), 403)
    for (const relation of [
      'memberOf',
      'memberOf/graph.directoryRole',
      'ownedObjects',
      'ownedObjects/graph.application',
    ]) {
      const probe = "$count=true&$filter=startsWith(displayName,'b')"
      t.equal(await ask(`/users/${ana}/${relation}`, readers.users, probe), 403, relation)
    }
    for (const relation of ['manager', 'directReports', 'sponsors']) {
      const path = `/groups/${team.id}/members/graph.user?$expand=${relation}`
      for (const reader of [readers.groups, readers.person]) t.equal((await get(path, reader)).status, 403, relation)
      t.equal((await get(path, readers.basic)).status, 200, relation)
    }
    const upward = `/users/${ana}/memberOf/graph.group?$expand=memberOf`
    t.equal((await get(upward, readers.users)).status, 403, 'what a group is in is for those who read groups')

    const creator = await service.appToken(['Group.Create', 'User.Read.All', 'User.DeleteRestore.All'])
    const own = await service.api(
      'POST',
      '/groups',
      {
        displayName: 'own',
        mailNickname: 'own',
        mailEnabled: false,
        securityEnabled: true,
        'members@odata.bind': [`x/users/${ana}`],
      },
      { token: creator },
    )
    t.equal(own.body.displayName, 'own', 'whoever makes a group is told of it')
    t.strictSame(
      (await get(`/users/${ana}/memberOf?$select=id,displayName`, creator)).body.value.map(
        ({ displayName }: any) => displayName,
      ),
      [null, null],
      'and of no other, nor of theirs later',
    )
    const gone = await person(service, 'gone')
    await service.api('DELETE', `/users/${gone}`)
    const restorer = { token: await service.appToken(['User.DeleteRestore.All']) }
    const restored = await service.api('POST', `/directory/deletedItems/${gone}/restore`, {}, restorer)
    t.equal(restored.body.displayName, 'gone', 'whoever restores somebody is told whom')
  })

  await t.test('members read nobody else where the organization says so', async (t) => {
    const defaultUserRolePermissions = { allowedToReadOtherUsers: false }
    await service.api('PATCH', '/policies/authorizationPolicy', { defaultUserRolePermissions })
    const as = await service.userToken(bo, ['User.Read.All'])
    t.equal((await get(`/users/${ana}`, as)).status, 404)
    t.equal((await get('/users', as)).status, 403)
    t.equal((await get('/me', as)).status, 200)
    t.equal((await service.api('GET', `/users/${ana}`)).status, 200, 'applications go by their permissions')
  })
})
