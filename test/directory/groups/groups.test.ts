import t from 'tap'
import { ROLES } from '../../../src/policies/index.js'
import { GROUP } from '../../contract/group-exchanges.js'
import { person } from '../../support/people.js'
import { startService } from '../../support/service.js'
import { EVENTUAL, groupsOf, least, reference, references } from './support.js'

const GROUPS_ADMINISTRATOR = 'fdd7a751-b60b-444a-984c-02652fe8fa1c'
/** Graph's default property set of a group (facts of the contract, section 3). */
const DEFAULT_SET = GROUP.filter((name) => name !== '@odata.context')

t.test('groups', async (t) => {
  const service = await startService(t, { workers: false })
  const groups = groupsOf(service)
  const post = (body: unknown, options = {}) => service.api('POST', '/groups', body, options)
  const get = (path: string, options = {}) => service.api('GET', path, undefined, options)
  const mia = await person(service, 'mia')
  const uma = await person(service, 'uma', { role: GROUPS_ADMINISTRATOR })
  const as = async (id: string, ...scopes: string[]) => ({
    token: await service.userToken(id, scopes.length ? scopes : ['Group.ReadWrite.All']),
  })

  await t.test('a security group with the least that is needed', async (t) => {
    const { status, body, headers } = await post(least('plain'))
    t.equal(status, 201)
    t.strictSame(
      Object.keys(body)
        .filter((name) => !name.startsWith('@'))
        .sort(),
      DEFAULT_SET,
    )
    t.match(body, {
      displayName: 'plain',
      mailEnabled: false,
      securityEnabled: true,
      groupTypes: [],
      visibility: 'Private',
      mail: null,
      proxyAddresses: [],
    })
    t.match(body.securityIdentifier, /^S-1-12-1-\d+-\d+-\d+-\d+$/)
    t.equal(headers.get('location'), `${service.baseUrl}/v1.0/groups/${body.id}`)
    const read = await get(`/groups/${body.id}`)
    t.strictSame(read.body, body)
    t.match(await service.rows(`select * from audit_events where target_id = '${body.id}'`), [
      { activity_display_name: 'Add group', category: 'GroupManagement' },
    ])
  })

  await t.test('a Microsoft 365 group has an address of the organization, which is its alone', async (t) => {
    const wish = { ...least('Team'), groupTypes: ['Unified'], mailEnabled: true, securityEnabled: false }
    const { status, body } = await post(wish)
    t.equal(status, 201)
    t.match(body, {
      mail: 'Team@contoso.example',
      proxyAddresses: ['SMTP:Team@contoso.example'],
      visibility: 'Public',
      groupTypes: ['Unified'],
    })
    const again = await post({ ...wish, mailNickname: 'TEAM' })
    t.equal(again.status, 400)
    t.match(again.body.error, {
      message: 'Another object with the same value for property mailNickname already exists.',
      details: [{ code: 'ObjectConflict' }],
    })
    t.equal((await post({ ...least('Team') })).status, 201, 'a security group has no address')
  })

  await t.test('every property that can be written is kept', async (t) => {
    const written = {
      displayName: 'All',
      description: 'd',
      classification: 'low',
      preferredLanguage: 'de-CH',
      preferredDataLocation: 'EUR',
      theme: 'Teal',
      visibility: 'Private',
      mailNickname: 'all',
      uniqueName: 'all-of-it',
      isAssignableToRole: false,
    }
    const { body } = await post({ ...least('x'), ...written })
    t.match(body, written)
    const changed = {
      displayName: 'New',
      description: null,
      classification: 'high',
      preferredLanguage: null,
      theme: 'Red',
      visibility: 'Public',
      mailNickname: 'newer',
    }
    const answer = await groups.patch(body.id, changed)
    t.equal(answer.status, 204)
    t.equal(answer.text, '')
    t.match((await get(`/groups/${body.id}`)).body, { ...changed, uniqueName: 'all-of-it' })
    t.match(await service.rows(`select * from audit_events where target_id = '${body.id}' order by id desc limit 1`), [
      { activity_display_name: 'Update group', additional_details: { properties: Object.keys(changed) } },
    ])
  })

  await t.test('every refusal of a new group, and nothing is written', async (t) => {
    const before = await service.rows('select count(*) from groups')
    const cases: [wish: object, code: string, target: string | undefined][] = [
      [{ displayName: undefined }, 'missingProperty', 'displayName'],
      [{ mailEnabled: undefined }, 'missingProperty', 'mailEnabled'],
      [{ mailNickname: undefined }, 'missingProperty', 'mailNickname'],
      [{ securityEnabled: undefined }, 'missingProperty', 'securityEnabled'],
      [{ displayName: '' }, 'invalidValue', 'displayName'],
      [{ displayName: 'x'.repeat(257) }, 'invalidValue', 'displayName'],
      [{ description: 'x'.repeat(1_025) }, 'invalidValue', 'description'],
      [{ mailNickname: 'a b' }, 'invalidValue', 'mailNickname'],
      [{ mailNickname: 'a@b' }, 'invalidValue', 'mailNickname'],
      [{ mailNickname: 'x'.repeat(65) }, 'invalidValue', 'mailNickname'],
      [{ groupTypes: ['Team'] }, 'invalidValue', 'groupTypes[0]'],
      [{ visibility: 'Secret' }, 'invalidValue', 'visibility'],
      [{ theme: 'Mauve' }, 'invalidValue', 'theme'],
      [{ mailEnabled: true }, 'invalidGroup', 'mailEnabled'],
      [{ securityEnabled: false }, 'invalidGroup', 'securityEnabled'],
      [{ groupTypes: ['Unified'] }, 'invalidGroup', 'mailEnabled'],
      [{ visibility: 'HiddenMembership' }, 'invalidGroup', 'visibility'],
      [{ groupTypes: ['DynamicMembership'] }, 'invalidGroup', 'membershipRule'],
      [{ membershipRule: 'user.city -eq "x"' }, 'invalidGroup', 'membershipRule'],
      [{ groupTypes: ['DynamicMembership'], membershipRule: 'x' }, 'malformedRule', 'membershipRule'],
      [{ isAssignableToRole: true, visibility: 'Public' }, 'invalidGroup', 'isAssignableToRole'],
      [{ displayNam: 'x' }, 'unknownProperty', 'displayNam'],
      [
        { 'members@odata.bind': references(...Array.from({ length: 21 }, () => mia)) },
        'invalidValue',
        'members@odata.bind',
      ],
      [{ 'members@odata.bind': ['https://x/nothing'] }, 'invalidReference', '@odata.id'],
      [{ uniqueName: 'all-of-it' }, 'propertyTaken', 'uniqueName'],
    ]
    for (const [wish, code, target] of cases) {
      const { status, body, text } = await post({ ...least('no'), ...wish })
      t.equal(status, 400, JSON.stringify(wish).slice(0, 80))
      t.equal(body.error.innerError.code, code, text)
      t.equal(body.error.target, target)
    }
    t.equal((await post({ ...least('no'), 'members@odata.bind': references(mia, service.tenantId) })).status, 404)
    t.equal((await post({ ...least('no'), 'owners@odata.bind': references(service.tenantId) })).status, 404)
    t.strictSame(await service.rows('select count(*) from groups'), before)
  })

  await t.test('what cannot be changed later', async (t) => {
    const security = await groups.make()
    const unified = await groups.make({ groupTypes: ['Unified'], mailEnabled: true })
    for (const [id, change, target] of [
      [security, { groupTypes: ['Unified'] }, 'groupTypes'],
      [security, { mailEnabled: true }, 'mailEnabled'],
      [security, { securityEnabled: false }, 'securityEnabled'],
      [security, { isAssignableToRole: true }, 'isAssignableToRole'],
      [unified, { visibility: 'HiddenMembership' }, 'visibility'],
    ] as const) {
      const { status, body } = await groups.patch(id, change)
      t.equal(status, 400, JSON.stringify(change))
      t.equal(body.error.target, target)
      t.equal(body.error.message, `Invalid value specified for property '${target}' of resource 'Group'.`)
    }
    t.equal(
      (await groups.patch(security, { id: mia, uniqueName: 'x', mail: 'x@y.example', '@odata.type': 'x' })).status,
      204,
      'read-only ones are ignored',
    )
    t.equal((await groups.patch(security, { colour: 'x' })).status, 400)
  })

  await t.test('a group of a unique name is changed, or created if the client prefers that', async (t) => {
    const path = "/groups(uniqueName='team''s%20own')"
    const prefer = { headers: { prefer: 'create-if-missing' } }
    t.equal((await service.api('PATCH', path, { description: 'x' })).status, 404)
    t.equal(
      (await service.api('PATCH', path, { description: 'x' }, prefer)).body.error.innerError.code,
      'missingProperty',
    )
    const made = await service.api('PATCH', path, { ...least('own'), 'owners@odata.bind': references(mia) }, prefer)
    t.equal(made.status, 201)
    t.equal(made.body.uniqueName, "team's own")
    t.equal((await service.api('PATCH', path, { description: 'changed' }, prefer)).status, 204)
    t.match((await get(`${path}?$select=id,description`)).body, { id: made.body.id, description: 'changed' })
    const many = await Promise.all(
      Array.from({ length: 10 }, () => service.api('PATCH', "/groups(uniqueName='raced')", least('raced'), prefer)),
    )
    t.strictSame(many.map(({ status }) => status).sort(), [201, ...Array(9).fill(204)], 'ten at once make one')
    const reader = { token: await service.appToken(['GroupMember.ReadWrite.All']), ...prefer }
    t.equal((await service.api('PATCH', "/groups(uniqueName='new')", least('new'), reader)).status, 403)
  })

  await t.test('lists: filters, order, pages, count', async (t) => {
    const made = [
      await groups.make({ displayName: 'Zeta', description: 'listed' }),
      await groups.make({ displayName: 'alpha', description: 'listed' }),
      await groups.make({ displayName: 'Alps', description: 'listed' }),
    ]
    const found = async (query: string, options = {}) =>
      (await get(`/groups?${query}`, options)).body.value.map(({ displayName }: any) => displayName)
    t.strictSame(await found("$filter=startswith(displayName,'al')&$orderby=displayName&$count=true", EVENTUAL), [
      'alpha',
      'Alps',
    ])
    t.strictSame(await found("$filter=displayName eq 'ZETA'"), ['Zeta'])
    t.strictSame(await found(`$filter=id in ('${made[0]}','${made[1]}')`), ['Zeta', 'alpha'])
    t.strictSame((await found("$filter=groupTypes/any(c:c eq 'Unified')")).sort(), ['Team', 'group2'].sort())
    t.strictSame(await found("$filter=owners/$count eq 0 and description eq 'listed'&$count=true", EVENTUAL), [
      'Zeta',
      'alpha',
      'Alps',
    ])
    t.equal((await get("/groups?$filter=description eq 'listed'")).status, 400, 'advanced only')
    t.equal((await get('/groups?$filter=nothing eq 1')).status, 400)
    const pages = await groups.ids('/groups?$top=3')
    t.equal(new Set(pages).size, pages.length)
    t.equal(String(pages.length), (await get('/groups/$count', EVENTUAL)).text)
    t.equal((await get('/groups?$select=allowExternalSenders')).status, 501)
    t.equal((await get(`/groups/${made[0]}?$select=allowExternalSenders,assignedLabels`)).status, 200)
  })

  await t.test('$expand shows the first members and owners', async (t) => {
    const id = await groups.make({ 'members@odata.bind': references(mia, uma), 'owners@odata.bind': references(uma) })
    const members = (await get(`/groups/${id}?$select=id&$expand=members($select=id,displayName)`)).body.members
    t.strictSame(
      members.map((member: any) => [member['@odata.type'], member.displayName]),
      [
        ['#microsoft.graph.user', 'mia'],
        ['#microsoft.graph.user', 'uma'],
      ],
    )
    t.equal((await get(`/groups?$filter=id eq '${id}'&$expand=owners`)).body.value[0].owners[0].id, uma)
    t.equal(
      (await get(`/users/${mia}?$expand=memberOf($select=id)`)).body.memberOf.some((group: any) => group.id === id),
      true,
    )
  })

  await t.test('a group is renewed, by whoever may change it', async (t) => {
    const id = await groups.make({ 'owners@odata.bind': references(mia) })
    const renewed = async () => (await get(`/groups/${id}`)).body.renewedDateTime
    const before = await renewed()
    service.advance(60_000)
    t.equal((await service.api('POST', `/groups/${id}/renew`, undefined, await as(uma))).status, 204)
    t.ok((await renewed()) > before)
    const ok = await service.api('POST', `/groups/${id}/renew`, undefined, await as(mia))
    t.equal(ok.status, 204, 'its owner')
    const other = await groups.make()
    t.equal((await service.api('POST', `/groups/${other}/renew`, undefined, await as(mia))).status, 403)
    for (const nobody of [uma, 'x']) t.equal((await service.api('POST', `/groups/${nobody}/renew`)).status, 404)
    const written = await service.rows(
      `select 1 from audit_events where target_id = '${id}' and activity_display_name = 'Renew group'`,
    )
    t.equal(written.length, 2)
  })

  await t.test('whether a group could be called so, new or as it is', async (t) => {
    const id = await groups.make({ groupTypes: ['Unified'], mailEnabled: true, mailNickname: 'Called' })
    const ask = (path: string, body: unknown, options = {}) =>
      service.api('POST', `${path}/validateProperties`, body, options)
    const names = { entityType: 'Group', displayName: 'Any', mailNickname: 'free' }
    for (const path of ['/directoryObjects', '/groups', '/users', '/directory/deletedItems']) {
      t.equal((await ask(path, { ...names, onBehalfOfUserId: mia })).status, 204, path)
      const taken = await ask(path, { ...names, mailNickname: 'cALLED' })
      t.match(taken, {
        status: 422,
        body: {
          error: {
            code: 'Request_UnprocessableEntity',
            message: 'The values provided contain one or more validation errors.',
            details: [
              {
                target: 'mailNickname',
                code: 'PropertyConflict',
                message: 'Another object with the same value for property mailNickname already exists.',
              },
            ],
          },
        },
      })
      for (const wrong of [{}, { displayName: null }, { ...names, entityType: 'User' }, { mailNickname: 'a b' }])
        t.equal((await ask(path, wrong)).status, 400, JSON.stringify(wrong))
      t.equal((await ask(path, { ...names, onBehalfOfUserId: service.tenantId })).status, 404, 'nobody')
    }
    t.equal((await ask(`/groups/${id}`, { mailNickname: 'called' })).status, 204, 'it is called so')
    const another = await groups.make()
    t.equal((await ask(`/groups/${another}`, { mailNickname: 'called' })).status, 422)
    t.equal((await ask(`/groups/${mia}`, { mailNickname: 'free' })).status, 404)
    t.equal((await ask('/groups', names, { token: await service.appToken(['User.Read.All']) })).status, 403)
    const guest = await groups.guest('asks')
    const theirs = { token: await service.userToken(guest, ['Group.Read.All']) }
    for (const mailNickname of ['free', 'called'])
      t.equal((await ask('/groups', { mailNickname }, theirs)).status, 403, 'guests do not learn which there are')
    await service.api('DELETE', `/groups/${id}`)
    t.equal((await ask('/groups', { mailNickname: 'called' })).status, 204, 'the name is free again')
  })

  await t.test('a group of a unique name is deleted by it', async (t) => {
    const id = await groups.make({ uniqueName: "it's", 'owners@odata.bind': references(mia) })
    const path = "/groups(uniqueName='it''s')"
    t.equal((await service.api('DELETE', path, undefined, { headers: { 'if-match': 'W/"MQ"' } })).status, 412)
    t.equal((await service.api('DELETE', "/groups(uniqueName='none')")).status, 404)
    t.equal((await service.api('DELETE', path, undefined, await as(mia))).status, 204)
    t.equal((await service.api('DELETE', path)).status, 404)
    t.equal((await get(`/directory/deletedItems/${id}`)).status, 200)
  })

  await t.test('a deleted group is gone at once, and so is what it gave', async (t) => {
    const outer = await groups.make()
    const inner = await groups.make({ uniqueName: 'once', 'members@odata.bind': references(mia) })
    await groups.add(outer, inner)
    t.equal((await service.api('DELETE', `/groups/${inner}`)).status, 204)
    t.equal((await get(`/groups/${inner}`)).status, 404)
    t.strictSame(await groups.members(outer), [])
    t.notOk((await groups.ids(`/users/${mia}/transitiveMemberOf`)).includes(outer))
    t.equal((await groups.add(inner, uma)).status, 404)
    t.equal((await groups.patch(inner, { description: 'x' })).status, 404)
    t.equal((await service.api('DELETE', `/groups/${inner}`)).status, 404)
    t.equal((await post({ ...least('again'), uniqueName: 'once' })).status, 201, 'its names are free')
    t.equal((await service.rows(`select * from group_members where group_id = '${inner}'`)).length, 1, 'its rows wait')
  })

  await t.test('a deleted group comes back with its members and owners, or goes for good', async (t) => {
    const outer = await groups.make()
    const id = await groups.make({ 'members@odata.bind': references(mia), 'owners@odata.bind': references(uma) })
    await groups.add(outer, id)
    await service.api('DELETE', `/groups/${id}`)
    const listed = (await get('/directory/deletedItems/microsoft.graph.group')).body
    t.match(listed['@odata.context'], /#groups$/)
    t.ok(listed.value.some((group: any) => group.id === id && group.deletedDateTime !== null))
    const path = `/directory/deletedItems/${id}`
    t.equal((await get(path)).body['@odata.type'], '#microsoft.graph.group')
    t.equal((await service.api('POST', `${path}/restore`, {}, await as(mia))).status, 403)
    const restored = await service.api('POST', `${path}/restore`)
    t.match(restored.body, { '@odata.type': '#microsoft.graph.group', id, deletedDateTime: null })
    t.strictSame(await groups.members(id), [mia])
    t.strictSame(await groups.ids(`/groups/${id}/owners`), [uma])
    t.ok((await groups.ids(`/users/${mia}/transitiveMemberOf`)).includes(outer))
    await service.api('DELETE', `/groups/${id}`)
    t.equal((await service.api('DELETE', path)).status, 204)
    t.equal((await get(path)).status, 404)
    for (const table of [
      'group_members where member_id',
      'group_members where group_id',
      'group_owners where group_id',
    ]) {
      t.equal((await service.rows(`select 1 from ${table} = '${id}'`)).length, 0, table)
    }
  })

  await t.test('a name that another group took meanwhile stands in the way of a restoration', async (t) => {
    const id = await groups.make({ uniqueName: 'contested' })
    await service.api('DELETE', `/groups/${id}`)
    const heir = await groups.make({ uniqueName: 'contested' })
    const refused = await service.api('POST', `/directory/deletedItems/${id}/restore`)
    t.equal(refused.status, 400)
    t.equal(refused.body.error.target, 'uniqueName')
    await service.api('DELETE', `/groups/${heir}`)
    t.equal((await service.api('POST', `/directory/deletedItems/${id}/restore`)).status, 200)
  })

  await t.test('who may do what', async (t) => {
    const id = await groups.make({ 'owners@odata.bind': references(mia) })
    const other = await groups.make()
    t.equal((await post(least('by-mia'), await as(mia))).status, 403, 'members create none unless they may')
    t.equal(
      (
        await service.api('PATCH', '/policies/authorizationPolicy', {
          defaultUserRolePermissions: { allowedToCreateSecurityGroups: true },
        })
      ).status,
      204,
    )
    const own = await post(least('by-mia'), await as(mia))
    t.equal(own.status, 201)
    t.strictSame(await groups.ids(`/groups/${own.body.id}/owners`), [mia], 'who creates one owns it')
    t.equal(
      (
        await post(
          { ...least('dyn'), groupTypes: ['DynamicMembership'], membershipRule: 'user.city -eq "x"' },
          await as(mia),
        )
      ).status,
      403,
    )
    t.equal((await groups.patch(id, { description: 'mine' }, await as(mia))).status, 204)
    t.equal((await groups.patch(other, { description: 'mine' }, await as(mia))).status, 403)
    t.equal((await groups.add(id, uma, await as(mia))).status, 204)
    t.equal((await groups.add(other, uma, await as(mia))).status, 403)
    t.equal((await groups.add(other, mia, await as(uma))).status, 204)
    t.equal((await service.api('DELETE', `/groups/${other}`, undefined, await as(mia))).status, 403)
    t.equal((await service.api('DELETE', `/groups/${id}`, undefined, await as(mia))).status, 204)
    const members = { token: await service.appToken(['GroupMember.ReadWrite.All']) }
    t.equal((await groups.patch(other, { 'members@odata.bind': references(uma) }, members)).status, 204)
    t.equal((await groups.patch(other, { description: 'x' }, members)).status, 403)
    t.equal((await service.api('POST', `/groups/${other}/owners/$ref`, reference(uma), members)).status, 403)
    const creator = { token: await service.appToken(['Group.Create']) }
    t.equal((await post(least('created'), creator)).status, 201)
    t.equal((await get('/groups', creator)).status, 403)
    const privileged = { ...least('roles'), isAssignableToRole: true }
    t.equal((await post(privileged, { token: await service.appToken(['Group.ReadWrite.All']) })).status, 403)
    const forRoles = (await post(privileged)).body.id
    t.equal((await groups.add(forRoles, mia, await as(uma))).status, 403)
    t.equal(
      (await groups.add(forRoles, mia, await as(await person(service, 'glo', { role: ROLES.globalAdministrator }))))
        .status,
      204,
    )
  })

  await t.test('another organization finds nothing of it', async (t) => {
    const id = await groups.make({
      uniqueName: 'ours',
      'members@odata.bind': references(mia),
      'owners@odata.bind': references(mia),
    })
    const other = await service.otherTenant('fabrikam.example')
    const stranger = { token: other.token }
    for (const path of [
      `/groups/${id}`,
      `/groups/${id}/members`,
      `/groups/${id}/owners`,
      `/groups/${id}/memberOf`,
      "/groups(uniqueName='ours')",
      `/groups/${id}/members/${mia}`,
      `/directoryObjects/${id}`,
    ]) {
      t.equal((await get(path, stranger)).status, 404, path)
    }
    t.strictSame(await groups.ids('/groups', stranger), [])
    t.equal((await groups.patch(id, { description: 'x' }, stranger)).status, 404)
    t.equal((await service.api('DELETE', `/groups/${id}`, undefined, stranger)).status, 404)
    t.equal((await groups.add(id, other.adminId, stranger)).status, 404)
    t.equal((await groups.remove(id, mia, stranger)).status, 404)
    const theirs = await groups.make({}, stranger)
    t.equal((await groups.add(theirs, mia, stranger)).status, 404)
    t.equal((await groups.add(theirs, id, stranger)).status, 404)
    t.equal((await post({ ...least('x'), uniqueName: 'ours' }, stranger)).status, 201)
    t.strictSame((await service.api('POST', '/directoryObjects/getByIds', { ids: [id, mia] }, stranger)).body.value, [])
    t.strictSame(
      (await service.api('POST', `/users/${other.adminId}/checkMemberGroups`, { groupIds: [id] }, stranger)).body.value,
      [],
    )
    t.equal(
      (await service.rows(`select * from groups where id = '${id}'`, other.tenantId)).length,
      0,
      'row security holds alone',
    )
    t.equal(
      (await service.rows(`select * from group_members where group_id = '${id}'`, other.tenantId)).length,
      0,
      'group_members',
    )
    t.equal(
      (await service.rows(`select * from group_owners where group_id = '${id}'`, other.tenantId)).length,
      0,
      'group_owners',
    )
  })
})
