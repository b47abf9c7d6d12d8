import t from 'tap'
import { Guest } from '../support/guest.js'
import { lastingToken } from '../support/people.js'
import { type Answer, startService, type TestService } from '../support/service.js'

/** Follows a link to the end of its round. */
async function follow(service: TestService, link: string, headers: Record<string, string> = {}) {
  const items: any[] = []
  let pages = 0
  let answer: Answer
  let path = link
  do {
    answer = await service.api('GET', path, undefined, { headers })
    if (answer.status !== 200) throw new Error(answer.text)
    items.push(...answer.body.value)
    pages += 1
    path = local(answer.body['@odata.nextLink'] ?? '')
  } while (path !== '')
  return { items, pages, link: local(answer.body['@odata.deltaLink']), answer }
}

const local = (link: string) => link.replace(/^.*\/v1\.0/, '')
const small = { prefer: 'odata.maxpagesize=2' }

t.test('delta of users tells an acceptance to whoever selects it, and to nobody else', async (t) => {
  const service = await startService(t)
  const gus = await service.invite('gus@partner.example')
  const { link: states } = await follow(service, '/users/delta?$select=externalUserState')
  const { link: since } = await follow(service, '/users/delta?$select=externalUserStateChangeDateTime')
  const { link: jobs } = await follow(service, '/users/delta?$select=jobTitle')
  await new Guest().accept(service, gus.inviteRedeemUrl, 'gus@partner.example')
  const { id } = gus.invitedUser
  t.match((await follow(service, states)).items, [{ id, externalUserState: 'Accepted' }])
  t.match((await follow(service, since)).items, [{ id, externalUserStateChangeDateTime: /^20/ }])
  t.strictSame((await follow(service, jobs)).items, [])
})

t.test('delta of users', async (t) => {
  const service = await startService(t, { workers: false })
  const ids: Record<string, string> = {}
  for (const name of ['ana', 'bo', 'cy', 'di', 'eve']) {
    ids[name] = (await service.invite(`${name}@partner.example`)).invitedUser.id
  }

  await t.test('tells everybody in the first round, page by page, without what was never set', async (t) => {
    const { items, pages, answer } = await follow(service, '/users/delta', small)
    t.equal(items.length, 6)
    t.equal(pages, 3)
    const ana = items.find(({ id }) => id === ids['ana'])
    t.strictSame(Object.keys(ana).sort(), ['displayName', 'id', 'mail', 'userPrincipalName'])
    t.match(answer.body['@odata.context'], /\$metadata#users$/)
  })

  await t.test('tells nothing while nothing happens', async (t) => {
    const first = await follow(service, '/users/delta?$deltatoken=latest')
    t.strictSame(first.items, [])
    t.strictSame((await follow(service, first.link)).items, [])
  })

  await t.test('tells what changed, came and went', async (t) => {
    const { link } = await follow(service, '/users/delta')
    await service.api('PATCH', `/users/${ids['ana']}`, { jobTitle: 'Auditor' })
    await service.api('DELETE', `/users/${ids['bo']}`)
    const fay = (await service.invite('fay@partner.example')).invitedUser.id
    await service.rows(`delete from users where id = '${ids['cy']}' returning 1`)
    const next = await follow(service, link, small)
    t.match(
      next.items,
      [
        { id: ids['ana'], jobTitle: 'Auditor', displayName: 'ana' },
        { id: ids['bo'], '@removed': { reason: 'changed' } },
        { id: fay, displayName: 'fay' },
        { id: ids['cy'], '@removed': { reason: 'deleted' } },
      ],
      'in the order of the changes',
    )
    t.equal(next.items.length, 4)
    t.strictSame(Object.keys(next.items[1]), ['id', '@removed'])
    t.strictSame((await follow(service, next.link)).items, [])
  })

  await t.test('an update that changes nothing is no change', async (t) => {
    const { link } = await follow(service, '/users/delta?$deltatoken=latest')
    await service.api('PATCH', `/users/${ids['ana']}`, { jobTitle: 'Auditor' })
    t.strictSame((await follow(service, link)).items, [])
  })

  await t.test('tells only changed properties when asked for the minimum, cleared ones as null', async (t) => {
    const { link } = await follow(service, '/users/delta')
    await service.api('PATCH', `/users/${ids['ana']}`, { jobTitle: null, city: 'Oslo' })
    const { items, answer } = await follow(service, link, { prefer: 'return=minimal' })
    t.strictSame(items, [{ jobTitle: null, id: ids['ana'] }])
    t.equal(answer.headers.get('preference-applied'), 'return=minimal')
    const whole = await follow(service, link)
    t.strictSame(Object.keys(whole.items[0]).sort(), ['displayName', 'id', 'jobTitle', 'mail', 'userPrincipalName'])
  })

  await t.test('tells the whole of somebody new or restored even then', async (t) => {
    await service.api('DELETE', `/users/${ids['di']}`)
    const { link } = await follow(service, '/users/delta')
    const gus = (await service.invite('gus@partner.example')).invitedUser.id
    await service.rows(`update users set deleted_date_time = null where id = '${ids['di']}' returning 1`)
    const { items } = await follow(service, link, { prefer: 'return=minimal' })
    t.match(items, [
      { id: gus, mail: 'gus@partner.example' },
      { id: ids['di'], mail: 'di@partner.example' },
    ])
  })

  await t.test('with $select tells only changes of what is selected, and who went', async (t) => {
    const { link, items } = await follow(service, '/users/delta?$select=department,otherMails')
    t.ok(items.every((item) => Object.keys(item).every((name) => ['id', 'department', 'otherMails'].includes(name))))
    await service.api('PATCH', `/users/${ids['ana']}`, { surname: 'Ace' })
    await service.api('PATCH', `/users/${ids['eve']}`, { department: 'Audit' })
    const next = await follow(service, link)
    t.strictSame(next.items, [{ department: 'Audit', otherMails: ['eve@partner.example'], id: ids['eve'] }])
    await service.api('PATCH', `/users/${ids['ana']}`, { mail: 'ana.ace@partner.example' })
    t.match((await follow(service, next.link)).items, [{ id: ids['ana'], otherMails: ['ana.ace@partner.example'] }])
  })

  await t.test('tells what changed in a round and changed again before its page was read', async (t) => {
    const one = { prefer: 'odata.maxpagesize=1' }
    const minimal = { prefer: 'odata.maxpagesize=1, return=minimal' }
    const change = (name: string, body: object) => service.api('PATCH', `/users/${ids[name]}`, body)
    const manage = (id: string | null) =>
      service.rows(`update users set manager_id = ${id ? `'${id}'` : 'null'} where id = '${ids['eve']}'`)
    await manage(ids['ana'] ?? '')
    const { link: titles } = await follow(service, '/users/delta?$select=jobTitle')
    const { link: all } = await follow(service, '/users/delta')
    const { link: managers } = await follow(service, '/users/delta?$select=id,manager')
    await change('ana', { jobTitle: 'Pilot' })
    await change('eve', { jobTitle: 'Smith' })
    const newcomer = (await service.invite('ike@partner.example')).invitedUser.id
    await manage(newcomer)
    const begun = async (link: string, headers: Record<string, string>) => {
      const { body } = await service.api('GET', link, undefined, { headers })
      return { value: body.value, next: local(body['@odata.nextLink']) }
    }
    const first = await begun(titles, one)
    const least = await begun(all, minimal)
    t.match(
      [first.value, least.value],
      [[{ id: ids['ana'], jobTitle: 'Pilot' }], [{ id: ids['ana'], jobTitle: 'Pilot' }]],
    )
    // Whose manager changes back and forth within and after a round.
    const { body: ties } = await service.api('GET', managers)
    await change('eve', { department: 'Late' })
    await service.api('PATCH', `/users/${newcomer}`, { surname: 'Late' })

    const rest = await follow(service, first.next, one)
    const told = new Map(rest.items.map((item) => [item.id, item]))
    t.strictSame([...told.keys()].sort(), [ids['eve'], newcomer].sort(), 'a changed one and a new one')
    t.equal(told.get(ids['eve']).jobTitle, 'Smith')
    t.strictSame((await follow(service, rest.link)).items, [], 'and nothing of it in the next round')
    const others = await follow(service, least.next, minimal)
    const items = others.items.filter(({ id }) => id !== ids['ana'])
    t.match(
      items.sort((a, b) => a.id.localeCompare(b.id)),
      [
        { id: ids['eve'], jobTitle: 'Smith' },
        { id: newcomer, displayName: 'ike', mail: 'ike@partner.example' },
      ],
    )
    t.match(ties.value.find(({ id }: { id: string }) => id === ids['eve'])['manager@delta'], [
      { id: newcomer },
      { id: ids['ana'] },
    ])
  })

  await t.test('tells a manager who is gone although there was another in between', async (t) => {
    const manage = (id: string | null) =>
      service.rows(`update users set manager_id = ${id ? `'${id}'` : 'null'} where id = '${ids['eve']}'`)
    await manage(ids['ana'] ?? '')
    const { link } = await follow(service, '/users/delta?$select=department,manager')
    await service.api('PATCH', `/users/${ids['ana']}`, { department: 'First' })
    const cal = (await service.invite('cal@partner.example')).invitedUser.id
    await manage(cal)
    const { body } = await service.api('GET', link, undefined, { headers: { prefer: 'odata.maxpagesize=1' } })
    await manage(null)
    const rest = await follow(service, local(body['@odata.nextLink']), small)
    const next = await follow(service, rest.link)
    const told = [...body.value, ...rest.items, ...next.items].flatMap((item) => item['manager@delta'] ?? [])
    t.match(
      told.find(({ id }) => id === ids['ana']),
      { '@removed': { reason: 'deleted' } },
    )
  })

  await t.test('follows just the objects of a filter', async (t) => {
    const filter = encodeURIComponent(`id eq '${ids['ana']}' or id eq '${ids['eve']}'`)
    const { link, items } = await follow(service, `/users/delta?$filter=${filter}`)
    t.strictSame(items.map(({ id }) => id).sort(), [ids['ana'], ids['eve']].sort())
    await service.invite('hal@partner.example')
    await service.api('DELETE', `/users/${ids['eve']}`)
    t.strictSame((await follow(service, link)).items, [{ id: ids['eve'], '@removed': { reason: 'changed' } }])
  })

  await t.test('tells another organization nothing, and takes no token from it', async (t) => {
    const other = await service.otherTenant('fabrikam.example')
    const { link } = await follow(service, '/users/delta')
    const theirs = await service.api('GET', '/users/delta', undefined, { token: other.token })
    t.equal(theirs.body.value.length, 1)
    const stolen = await service.api('GET', link, undefined, { token: other.token })
    t.equal(stolen.status, 400)
    const [left] = await service.rows('select count(*)::int as n from removed_objects', other.tenantId)
    t.equal(left?.['n'], 0, 'removals of others do not show')
  })

  await t.test('refuses a token after 7 days, and says where to start again', async (t) => {
    const { link } = await follow(service, '/users/delta')
    service.advance(7 * 86_400_000 + 1_000)
    t.teardown(() => service.advance(-7 * 86_400_000 - 1_000))
    const token = await lastingToken(service)
    const late = await service.api('GET', link, undefined, { token })
    t.equal(late.status, 410)
    t.equal(late.body.error.code, 'syncStateNotFound')
    t.equal(late.headers.get('location'), `${service.baseUrl}/v1.0/users/delta?$deltatoken=`)
    const again = await service.api('GET', local(late.headers.get('location') ?? ''), undefined, { token })
    t.equal(again.status, 200)
    t.ok(again.body.value.length > 3)
  })
})
