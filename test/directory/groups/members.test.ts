import t from 'tap'
import { person } from '../../support/people.js'
import { startService } from '../../support/service.js'
import { EVENTUAL, groupsOf, reference, references } from './support.js'

t.test('members and owners of groups', async (t) => {
  const service = await startService(t, { workers: false })
  const groups = groupsOf(service)
  const get = (path: string, options = {}) => service.api('GET', path, undefined, options)
  const [ana, bo, cy] = [await groups.guest('ana'), await groups.guest('bo'), await groups.guest('cy')]
  const missing = (id: string) =>
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`

  await t.test('a member is added by any form of reference and removed by both forms', async (t) => {
    const id = await groups.make()
    for (const form of [
      `https://graph.microsoft.com/v1.0/directoryObjects/${ana}`,
      `${service.baseUrl}/v1.0/users/${ana.toUpperCase()}`,
      `directoryObjects('${ana}')`,
    ]) {
      const added = await service.api('POST', `/groups/${id}/members/$ref`, { '@odata.id': form })
      t.equal(added.status, 204, form)
      t.equal(added.text, '')
      t.strictSame(await groups.members(id), [ana])
      t.equal((await groups.remove(id, ana)).status, 204)
      t.strictSame(await groups.members(id), [])
    }
    await groups.add(id, ana)
    const byQuery = await service.api(
      'DELETE',
      `/groups/${id}/members/$ref?@id=${encodeURIComponent(`https://x/v1.0/users/${ana}`)}`,
    )
    t.equal(byQuery.status, 204)
    t.equal((await service.api('DELETE', `/groups/${id}/members/$ref`)).status, 400, 'nobody named')
    t.match(
      (
        await service.rows(
          `select activity_display_name, additional_details from audit_events where target_id = '${ana}' order by id desc limit 2`,
        )
      ).map((row) => [row['activity_display_name'], row['additional_details']]),
      [
        ['Remove member from group', { groupId: id }],
        ['Add member to group', { groupId: id }],
      ],
    )
  })

  await t.test('refusals in the words of Graph', async (t) => {
    const id = await groups.make()
    await groups.add(id, ana)
    const twice = await groups.add(id, ana)
    t.equal(twice.status, 400)
    t.match(twice.body.error, {
      code: 'Request_BadRequest',
      message: "One or more added object references already exist for the following modified properties: 'members'.",
    })
    const unknown = await groups.add(id, service.tenantId)
    t.equal(unknown.status, 404)
    t.match(unknown.body.error, { code: 'Request_ResourceNotFound', message: missing(service.tenantId) })
    const nobody = await groups.remove(id, bo)
    t.equal(nobody.status, 404)
    t.equal(nobody.body.error.message, missing(bo))
    t.equal((await groups.add(service.tenantId, ana)).status, 404)
    t.equal((await service.api('POST', `/groups/x/members/$ref`, reference(ana))).status, 404)
    const bare = await service.api('DELETE', `/groups/${id}/members/${ana}`)
    t.equal(bare.status, 403, 'without $ref nobody is deleted')
    t.equal((await get(`/users/${ana}`)).status, 200)
    t.strictSame(await groups.members(id), [ana])
    t.strictSame((await get(`/groups/${id}/members/microsoft.graph.device`)).body.value, [], 'a kind it never holds')
    t.equal((await get(`/groups/${id}/members/microsoft.graph.message`)).body.error.code, 'Request_UnsupportedQuery')
  })

  await t.test('twenty at once, all or none', async (t) => {
    const id = await groups.make()
    const many = await Promise.all(Array.from({ length: 20 }, (_, n) => groups.guest(`m${n}`)))
    t.equal((await groups.patch(id, { 'members@odata.bind': references(...many) })).status, 204)
    t.strictSame((await groups.members(id)).sort(), [...many].sort())
    const written = `select distinct xmin::text, cmin::text from group_members where group_id = '${id}'`
    t.equal((await service.rows(written)).length, 1, 'by one statement of one transaction')
    const mixed = await groups.patch(id, { description: 'no', 'members@odata.bind': references(ana, many[3] ?? '') })
    t.equal(mixed.status, 400)
    t.equal((await groups.patch(id, { 'members@odata.bind': references(bo, service.tenantId) })).status, 404)
    t.equal((await groups.patch(id, { 'members@odata.bind': references(...many, ana) })).status, 400, 'twenty-one')
    t.equal((await groups.members(id)).length, 20)
    t.equal((await get(`/groups/${id}`)).body.description, null, 'nothing else was changed either')
    t.equal((await groups.patch(id, { description: 'yes', 'members@odata.bind': references(ana, ana) })).status, 204)
    t.equal((await groups.members(id)).length, 21)
  })

  await t.test('groups nest, but never in a circle, and not where members must be people', async (t) => {
    const chain: string[] = []
    for (let n = 0; n < 10; n++) {
      const id = await groups.make()
      const inner = chain.at(-1)
      if (inner) t.equal((await groups.add(id, inner)).status, 204)
      chain.push(id)
    }
    const [innermost = '', outermost = ''] = [chain[0], chain.at(-1)]
    await groups.add(innermost, ana)
    t.strictSame(
      (await groups.ids(`/users/${ana}/transitiveMemberOf`)).filter((id) => chain.includes(id)).sort(),
      [...chain].sort(),
    )
    t.strictSame(await groups.ids(`/groups/${outermost}/transitiveMembers`), [...chain.slice(0, -1), ana].sort())
    for (const [group, member] of [
      [innermost, outermost],
      [innermost, chain[4]],
      [innermost, innermost],
    ] as const) {
      const refused = await groups.add(group, member ?? '')
      t.equal(refused.status, 400)
      t.equal(refused.body.error.innerError.code, 'membershipCircle')
    }
    t.equal((await service.api('DELETE', `/groups/${chain[5]}`)).status, 204)
    t.strictSame(
      (await groups.ids(`/users/${ana}/transitiveMemberOf`)).filter((id) => chain.includes(id)).sort(),
      chain.slice(0, 5).sort(),
      'a deleted group leads nowhere',
    )
    t.equal(
      (await groups.add(innermost, outermost)).body.error.innerError.code,
      'membershipCircle',
      'and yet it may come back',
    )
    const unified = await groups.make({ groupTypes: ['Unified'], mailEnabled: true })
    const forRoles = await groups.make({ isAssignableToRole: true })
    for (const [group, member] of [
      [unified, innermost],
      [innermost, unified],
      [forRoles, innermost],
    ] as const) {
      t.equal((await groups.add(group, member)).body.error.innerError.code, 'notNestable')
    }
  })

  await t.test('lists: casts, counts, references, one by one', async (t) => {
    const inner = await groups.make({ displayName: 'Inner' })
    const id = await groups.make({ 'members@odata.bind': references(ana, inner, bo) })
    const all = await get(`/groups/${id}/members`)
    t.equal(all.body['@odata.context'], `${service.baseUrl}/v1.0/$metadata#directoryObjects`)
    t.strictSame(all.body.value.map((item: any) => item['@odata.type']).sort(), [
      '#microsoft.graph.group',
      '#microsoft.graph.user',
      '#microsoft.graph.user',
    ])
    for (const namespace of ['microsoft.graph', 'graph']) {
      const users = await get(`/groups/${id}/members/${namespace}.user?$select=id`)
      t.strictSame(users.body, {
        '@odata.context': `${service.baseUrl}/v1.0/$metadata#users(id)`,
        value: [{ id: ana }, { id: bo }],
      })
      t.strictSame(await groups.ids(`/groups/${id}/members/${namespace}.group`), [inner])
      t.equal((await get(`/groups/${id}/members/${namespace}.user/$count`, EVENTUAL)).text, '2')
    }
    t.equal((await get(`/groups/${id}/members/$count`, EVENTUAL)).text, '3')
    t.equal((await get(`/groups/${id}/members/$count`)).status, 400)
    t.strictSame((await get(`/groups/${id}/members/$ref`)).body.value.length, 3)
    const filtered = await get(
      `/groups/${id}/members/microsoft.graph.user?$filter=mail eq 'bo@partner.example'&$select=id`,
    )
    t.strictSame(filtered.body.value, [{ id: bo }])
    const one = await get(`/groups/${id}/members/${inner}?$select=displayName`)
    t.match(one.body, { '@odata.type': '#microsoft.graph.group', displayName: 'Inner' })
    t.equal((await get(`/groups/${id}/members/${cy}`)).status, 404)
    t.strictSame(await groups.ids(`/groups/${id}/members?$top=1`), [ana, bo, inner].sort(), 'page after page')
    t.equal(
      (await get(`/groups/${id}/transitiveMembers/microsoft.graph.user`)).status,
      400,
      'casts of transitive lists are advanced',
    )
    const transitive = await get(
      `/groups/${id}/transitiveMembers/microsoft.graph.user?$count=true&$select=id`,
      EVENTUAL,
    )
    t.match(transitive.body, { '@odata.count': 2 })
    await groups.add(inner, ana)
    t.strictSame(
      await groups.ids(`/groups/${id}/transitiveMembers`),
      [ana, bo, inner].sort(),
      'each once, however many ways in',
    )
  })

  await t.test('deleted people are not seen, and keep their places', async (t) => {
    const dan = await groups.guest('dan')
    const id = await groups.make({
      'members@odata.bind': references(dan, ana),
      'owners@odata.bind': references(dan, bo),
    })
    await service.api('DELETE', `/users/${dan}`)
    t.strictSame(await groups.members(id), [ana])
    t.strictSame(await groups.ids(`/groups/${id}/owners`), [bo])
    t.equal((await get(`/groups/${id}/members/$count`, EVENTUAL)).text, '1')
    t.equal((await get(`/groups/${id}?$expand=members`)).body.members.length, 1)
    t.equal((await groups.remove(id, dan)).status, 404)
    t.equal((await groups.add(id, dan)).status, 404)
    t.equal((await service.rows(`select 1 from group_members where group_id = '${id}'`)).length, 2)
  })

  await t.test('owners: a hundred at most, and one at least', async (t) => {
    const id = await groups.make({ 'owners@odata.bind': references(ana) })
    const path = `/groups/${id}/owners`
    const last = await service.api('DELETE', `${path}/${ana}/$ref`)
    t.equal(last.status, 400)
    t.equal(last.body.error.message, 'The group must have at least one owner, hence this owner cannot be removed.')
    t.equal((await service.api('POST', `${path}/$ref`, reference(bo))).status, 204)
    const twice = await service.api('POST', `${path}/$ref`, reference(bo))
    t.equal(
      twice.body.error.message,
      "One or more added object references already exist for the following modified properties: 'owners'.",
    )
    t.equal((await service.api('DELETE', `${path}/${ana}/$ref`)).status, 204)
    t.equal((await service.api('DELETE', `${path}/${ana}/$ref`)).status, 404)
    t.strictSame(
      await groups.ids(`/users/${bo}/ownedObjects`),
      await groups.ids(`/users/${bo}/ownedObjects/microsoft.graph.group`),
    )
    t.ok((await groups.ids(`/users/${bo}/ownedObjects`)).includes(id))
    t.equal((await service.api('POST', `${path}/$ref`, reference(id))).status, 404, 'groups own nothing')
    await service.rows(
      `insert into group_owners select '${service.tenantId}', '${id}', gen_random_uuid() from generate_series(1, 99)`,
    )
    const full = await service.api('POST', `${path}/$ref`, reference(cy))
    t.equal(full.status, 403)
    t.match(full.body.error, {
      code: 'Directory_QuotaExceeded',
      message:
        "Unable to perform operation as '101' would exceed the maximum quota count '100' for forward-link 'owners'.",
    })
  })

  await t.test('a key that was used before adds for nobody who may not any more', async (t) => {
    const olga = await person(service, 'olga')
    const id = await groups.make({ 'owners@odata.bind': references(ana, olga) })
    const token = await service.userToken(olga, ['GroupMember.ReadWrite.All'])
    const options = { token, headers: { 'idempotency-key': 'once' } }
    const add = async () => (await service.api('POST', `/groups/${id}/members/$ref`, reference(bo), options)).status
    t.equal(await add(), 204)
    t.equal(await add(), 204, 'the same request once more')
    t.equal((await service.api('DELETE', `/groups/${id}/owners/${olga}/$ref`)).status, 204)
    t.equal(await add(), 403)
  })

  await t.test('hidden membership is seen by members, holders of a role, and clients that may', async (t) => {
    const [mia, lee] = [await person(service, 'mia'), await person(service, 'lee')]
    const id = await groups.make({
      groupTypes: ['Unified'],
      mailEnabled: true,
      visibility: 'HiddenMembership',
      'members@odata.bind': references(mia, ana),
    })
    const as = async (user: string) => ({ token: await service.userToken(user, ['Group.Read.All', 'User.Read.All']) })
    const app = { token: await service.appToken(['Group.Read.All']) }
    const hidden = { token: await service.appToken(['Group.Read.All', 'Member.Read.Hidden']) }
    t.equal((await get(`/groups/${id}`, await as(lee))).status, 200, 'the group itself shows')
    t.equal((await get(`/groups/${id}/members`, await as(lee))).status, 403)
    t.equal((await get(`/groups/${id}/members`, app)).status, 403)
    t.equal((await get(`/groups/${id}/members`, await as(mia))).status, 200)
    t.equal((await get(`/groups/${id}/members`, hidden)).status, 200)
    t.strictSame((await get(`/groups/${id}?$expand=members`, await as(lee))).body.members, [])
    t.equal((await get(`/groups/${id}?$expand=members`, await as(mia))).body.members.length, 2)
    t.notOk((await groups.ids(`/users/${ana}/memberOf`, await as(lee))).includes(id))
    t.ok((await groups.ids(`/users/${ana}/memberOf`, await as(mia))).includes(id))
    t.ok((await groups.ids('/me/memberOf', await as(mia))).includes(id))
    const ask = async (options: object) =>
      (await service.api('POST', `/users/${ana}/checkMemberGroups`, { groupIds: [id] }, options)).body.value
    t.strictSame(await ask(await as(lee)), [])
    t.strictSame(await ask(await as(mia)), [id])
    t.strictSame(await ask(hidden), [id])
  })
})
