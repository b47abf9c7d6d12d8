import t from 'tap'
import { uuidv7 } from '../../src/kernel/ids.js'
import { startService, type TestService } from '../support/service.js'

const local = (link: string) => link.replace(/^.*\/v1\.0/, '')

async function follow(service: TestService, link: string, options: { prefer?: string; token?: string } = {}) {
  const items: any[] = []
  let path = link
  for (;;) {
    const { prefer, token } = options
    const answer = await service.api('GET', path, undefined, {
      headers: { ...(prefer && { prefer }) },
      ...(token && { token }),
    })
    if (answer.status !== 200) throw new Error(answer.text)
    items.push(...answer.body.value)
    path = local(answer.body['@odata.nextLink'] ?? '')
    if (path === '') return { items, link: local(answer.body['@odata.deltaLink']) }
  }
}

t.test('delta of groups', async (t) => {
  const service = await startService(t, { workers: false })
  const { tenantId } = service
  const people: string[] = []
  for (const name of ['ana', 'bo', 'cy']) people.push((await service.invite(`${name}@partner.example`)).invitedUser.id)
  const [ana = '', bo = '', cy = ''] = people
  let made = 0
  const group = async (displayName: string, more = {}): Promise<string> => {
    const id = uuidv7(Date.now() + made++)
    const row = { visibility: null, ...more }
    await service.rows(`insert into groups (tenant_id, id, display_name, mail_enabled, mail_nickname, security_enabled,
      visibility, created_date_time, renewed_date_time) values ('${tenantId}', '${id}', '${displayName}', false,
      '${displayName}', true, ${row.visibility ? `'${row.visibility}'` : 'null'}, now(), now())`)
    return id
  }
  const add = (groupId: string, memberId: string, type = 'user') =>
    service.rows(`insert into group_members (tenant_id, group_id, member_type, member_id)
      values ('${tenantId}', '${groupId}', '${type}', '${memberId}')`)
  const remove = (groupId: string, memberId: string) =>
    service.rows(`delete from group_members where group_id = '${groupId}' and member_id = '${memberId}'`)
  const memberOf = (id: string, type = 'user') => ({ '@odata.type': `#microsoft.graph.${type}`, id })
  const gone = (id: string, type = 'user') => ({ ...memberOf(id, type), '@removed': { reason: 'deleted' } })

  const red = await group('red')
  const blue = await group('blue')
  await add(red, ana)
  await add(red, bo)
  await add(blue, red, 'group')

  await t.test('tells groups with their members, over as many pages as it takes', async (t) => {
    const whole = await follow(service, '/groups/delta')
    t.match(whole.items, [
      { id: red, displayName: 'red', 'members@delta': [memberOf(ana), memberOf(bo)] },
      { id: blue, displayName: 'blue', 'members@delta': [memberOf(red, 'group')] },
    ])
    const small = await follow(service, '/groups/delta', { prefer: 'maxpagesize=1' })
    t.equal(small.items.length, 5, 'a group comes once for itself and once for each member')
    const members = small.items.flatMap((item) => item['members@delta'] ?? [])
    t.strictSame(members, [memberOf(ana), memberOf(bo), memberOf(red, 'group')])
  })

  await t.test('tells who came and who left', async (t) => {
    const { link } = await follow(service, '/groups/delta')
    await add(red, cy)
    await remove(red, ana)
    await service.rows(`update groups set description = 'sky' where id = '${blue}'`)
    const next = await follow(service, link)
    t.match(next.items, [
      { id: red, displayName: 'red', 'members@delta': [memberOf(cy), gone(ana)] },
      { id: blue, description: 'sky' },
    ])
    t.notOk('members@delta' in next.items[1])
    const minimal = await follow(service, link, { prefer: 'return=minimal' })
    t.strictSame(minimal.items, [
      { id: red, 'members@delta': [memberOf(cy), gone(ana)] },
      { description: 'sky', id: blue },
    ])
    t.strictSame((await follow(service, next.link)).items, [])
  })

  await t.test('a member who left and came back is there', async (t) => {
    const { link } = await follow(service, '/groups/delta?$deltatoken=latest')
    await remove(red, bo)
    await add(red, bo)
    t.match((await follow(service, link)).items, [{ id: red, 'members@delta': [memberOf(bo)] }])
  })

  await t.test('a deleted member leaves, and is back when restored', async (t) => {
    const start = await follow(service, '/groups/delta?$select=displayName,members')
    await service.api('DELETE', `/users/${cy}`)
    const next = await follow(service, start.link)
    t.strictSame(next.items, [{ displayName: 'red', id: red, 'members@delta': [gone(cy)] }])
    const fresh = await follow(service, '/groups/delta?$select=members')
    t.strictSame(fresh.items[0]['members@delta'], [memberOf(bo)], 'and is not there for those who begin now')
    await service.rows(`update users set deleted_date_time = null where id = '${cy}'`)
    t.match((await follow(service, next.link)).items, [{ id: red, 'members@delta': [memberOf(cy)] }])
    t.match((await follow(service, fresh.link)).items, [{ id: red, 'members@delta': [memberOf(cy)] }])
  })

  await t.test('a deleted group is gone, and comes back with all of its members', async (t) => {
    const start = await follow(service, '/groups/delta?$select=displayName,members')
    await service.rows(`update groups set deleted_date_time = now() where id = '${red}'`)
    const next = await follow(service, start.link)
    t.strictSame(
      next.items,
      [
        { displayName: 'blue', id: blue, 'members@delta': [gone(red, 'group')] },
        { id: red, '@removed': { reason: 'changed' } },
      ].sort((a, b) => a.id.localeCompare(b.id)),
    )
    await service.rows(`update groups set deleted_date_time = null where id = '${red}'`)
    const back = await follow(service, next.link)
    const restored = back.items.find(({ id }) => id === red)
    t.strictSame(restored['members@delta'], [memberOf(bo), memberOf(cy)])
  })

  await t.test('who left is not kept although their group was not there when its page was read', async (t) => {
    const other = await group('other')
    await add(red, ana)
    const copy = new Map<string, Set<string>>()
    const keep = (items: any[]) => {
      for (const item of items) {
        const members = item['@removed'] ? new Set<string>() : (copy.get(item.id) ?? new Set<string>())
        copy.set(item.id, members)
        for (const { id, '@removed': isGone } of item['members@delta'] ?? []) {
          if (isGone) members.delete(id)
          else members.add(id)
        }
      }
    }
    const start = await follow(service, '/groups/delta?$select=displayName,members')
    keep(start.items)
    t.ok(copy.get(red)?.has(ana))
    await service.rows(`update groups set display_name = 'others' where id = '${other}'`)
    await remove(red, ana)
    const first = await service.api('GET', start.link, undefined, { headers: { prefer: 'maxpagesize=1' } })
    t.match(first.body.value, [{ id: other }])
    await service.rows(`update groups set deleted_date_time = now() where id = '${red}'`)
    const rest = await follow(service, local(first.body['@odata.nextLink']))
    await service.rows(`update groups set deleted_date_time = null where id = '${red}'`)
    const next = await follow(service, rest.link)
    for (const items of [first.body.value, rest.items, next.items]) keep(items)
    const members = await service.rows(`select member_id from group_members where group_id = '${red}' order by 1`)
    t.strictSame(
      [...(copy.get(red) ?? [])].sort(),
      members.map(({ member_id: id }) => id),
    )
  })

  await t.test('for good, too', async (t) => {
    const green = await group('green')
    await add(green, ana)
    const { link } = await follow(service, '/groups/delta')
    await service.rows(`with m as (delete from group_members where group_id = '${green}' returning 1)
      delete from groups where id = '${green}'`)
    t.strictSame((await follow(service, link)).items, [{ id: green, '@removed': { reason: 'deleted' } }])
  })

  await t.test("without the relation selected, members are nobody's business", async (t) => {
    const { link, items } = await follow(service, '/groups/delta?$select=displayName')
    t.notOk(items.some((item) => 'members@delta' in item))
    await remove(red, bo)
    t.strictSame((await follow(service, link)).items, [])
    await add(red, bo)
  })

  await t.test('hidden membership is told to nobody without the permission for it', async (t) => {
    const secret = await group('secret', { visibility: 'HiddenMembership' })
    await add(secret, ana)
    const token = await service.appToken(['Group.Read.All'])
    const { items } = await follow(service, '/groups/delta', { token })
    t.match(
      items.find(({ id }) => id === secret),
      { displayName: 'secret' },
    )
    t.notOk('members@delta' in items.find(({ id }) => id === secret))
  })

  await t.test('a new manager is told with the one before', async (t) => {
    const { link } = await follow(service, '/users/delta?$select=displayName,manager')
    const manage = (id: string | null) =>
      service.rows(`update users set manager_id = ${id ? `'${id}'` : 'null'} where id = '${ana}'`)
    await manage(bo)
    const first = await follow(service, link)
    t.strictSame(first.items, [{ displayName: 'ana', 'manager@delta': [memberOf(bo)], id: ana }])
    await manage(cy)
    const second = await follow(service, first.link, { prefer: 'return=minimal' })
    t.strictSame(second.items, [{ 'manager@delta': [memberOf(cy), gone(bo)], id: ana }])
    await manage(null)
    t.strictSame((await follow(service, second.link)).items, [
      { displayName: 'ana', 'manager@delta': [gone(cy)], id: ana },
    ])
  })
})
