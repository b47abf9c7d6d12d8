import t from 'tap'
import { applyQueuedRule } from '../../../src/directory/index.js'
import { Guest } from '../../support/guest.js'
import { person } from '../../support/people.js'
import { startService } from '../../support/service.js'
import { EVENTUAL, groupsOf, references } from './support.js'

const dynamic = (membershipRule: string, more = {}) => ({ groupTypes: ['DynamicMembership'], membershipRule, ...more })

t.test('groups that fill themselves', async (t) => {
  const service = await startService(t)
  const groups = groupsOf(service)
  const guests = await groups.make(dynamic('(user.userType -eq "Guest")'))
  const accepted = await groups.make(dynamic('user.externalUserState -eq "Accepted"'))
  const auditors = await groups.make(
    dynamic('user.jobTitle -match "^audit(or|eur)$" -and user.accountEnabled -eq true'),
  )
  const at = await groups.make(dynamic('user.otherMails -any (_ -contains "@partner.example")'))
  const change = (id: string, body: unknown) => service.api('PATCH', `/users/${id}`, body)

  await t.test('whoever is invited is in, by the same statement', async (t) => {
    const made = await service.invite('ana@partner.example')
    const ana: string = made.invitedUser.id
    t.strictSame(await groups.members(guests), [ana])
    t.strictSame(await groups.members(at), [ana])
    t.strictSame(await groups.members(accepted), [])

    await t.test('accepting, a change, and a deletion move them at once', async (t) => {
      t.equal((await new Guest().accept(service, made.inviteRedeemUrl, 'ana@partner.example')).status, 303)
      t.strictSame(await groups.members(accepted), [ana])
      await change(ana, { jobTitle: 'Auditor' })
      t.strictSame(await groups.members(auditors), [ana])
      await change(ana, { accountEnabled: false })
      t.strictSame(await groups.members(auditors), [])
      await change(ana, { accountEnabled: true, otherMails: ['ana@home.example'] })
      t.strictSame(await groups.members(auditors), [ana])
      t.strictSame(await groups.members(at), [])
      await change(ana, { userType: 'Member' })
      t.strictSame(await groups.members(guests), [])
      await change(ana, { userType: 'Guest' })
      t.equal((await service.api('DELETE', `/users/${ana}`)).status, 204)
      t.strictSame(await groups.members(guests), [])
      t.equal((await service.rows(`select 1 from group_members where member_id = '${ana}'`)).length, 3, 'the rows wait')
      t.equal((await service.api('POST', `/directory/deletedItems/${ana}/restore`)).status, 200)
      await change(ana, { jobTitle: null })
      t.strictSame(await groups.members(guests), [ana], 'whoever comes back is judged anew')
      t.strictSame(await groups.members(auditors), [])
    })
  })

  await t.test('sixty-four invitations in one statement are all judged', async (t) => {
    const before = (await groups.members(guests)).length
    await Promise.all(Array.from({ length: 64 }, (_, n) => service.invite(`many${n}@partner.example`)))
    t.equal((await groups.members(guests)).length, before + 64)
  })

  await t.test('members cannot be changed by hand', async (t) => {
    const mia = await person(service, 'mia')
    const [member = ''] = await groups.members(guests)
    const answers = [
      await groups.add(guests, mia),
      await groups.remove(guests, member),
      await groups.patch(guests, { 'members@odata.bind': references(mia) }),
      await service.api('POST', '/groups', {
        displayName: 'x',
        mailEnabled: false,
        mailNickname: 'x',
        securityEnabled: true,
        ...dynamic('user.city -eq "x"'),
        'members@odata.bind': references(mia),
      }),
    ]
    for (const { status, body } of answers) {
      t.equal(status, 403)
      t.match(body.error, {
        code: 'Authorization_RequestDenied',
        message: 'Insufficient privileges to complete the operation.',
        innerError: { code: 'dynamicMembership' },
      })
    }
  })

  await t.test('another rule, a pause, and the way to an assigned group and back', async (t) => {
    const inner = await groups.make()
    const mia = (await service.rows("select id from users where display_name = 'mia'"))[0]?.['id']
    const id = await groups.make({ 'members@odata.bind': references(inner, mia) })
    t.equal((await groups.patch(id, dynamic('user.mail -startsWith "many1"'))).status, 204)
    const ones = await groups.members(id)
    t.equal(ones.length, 11, 'who was put there and does not match is out, and so are groups')
    t.equal((await groups.patch(id, { membershipRule: 'user.mail -startsWith "many1@"' })).status, 204)
    t.equal((await groups.members(id)).length, 1)
    t.equal((await groups.patch(id, { membershipRuleProcessingState: 'Paused' })).status, 204)
    await service.invite('many1x@partner.example')
    t.equal((await groups.patch(id, { membershipRule: 'user.mail -startsWith "many1"' })).status, 204)
    t.equal((await groups.members(id)).length, 1, 'nothing moves')
    t.equal((await groups.patch(id, { membershipRuleProcessingState: 'On' })).status, 204)
    t.equal((await groups.members(id)).length, 12)
    t.equal((await groups.patch(id, { groupTypes: [] })).status, 204)
    t.match((await service.api('GET', `/groups/${id}`)).body, {
      groupTypes: [],
      membershipRule: null,
      membershipRuleProcessingState: null,
    })
    t.equal((await groups.members(id)).length, 12, 'an assigned group keeps who is in')
    t.equal((await groups.add(id, mia)).status, 204)
  })

  await t.test('a deleted group is not filled, and one that comes back is brought up to date', async (t) => {
    const id = await groups.make(dynamic('user.mail -startsWith "many2"'))
    const before = await groups.members(id)
    await service.api('DELETE', `/groups/${id}`)
    await service.invite('many2x@partner.example')
    await change(before[0] ?? '', { mail: 'elsewhere@partner.example' })
    t.equal((await service.api('POST', `/directory/deletedItems/${id}/restore`)).status, 200)
    const after = await groups.members(id)
    t.equal(after.length, before.length)
    t.notOk(after.includes(before[0] ?? ''))
  })

  await t.test('a rule that cannot be read changes nothing', async (t) => {
    const refused = await groups.patch(guests, { membershipRule: 'user.colour -eq "x"' })
    t.equal(refused.status, 400)
    t.match(refused.body.error, { code: 'DynamicGroupQueryParseError', message: "Unsupported property 'colour'" })
    t.equal((await service.api('GET', `/groups/${guests}`)).body.membershipRule, '(user.userType -eq "Guest")')
    t.match((await groups.patch(guests, { membershipRule: 'x'.repeat(4_000) })).body.error, {
      target: 'membershipRule',
    })
  })

  await t.test('owners change members of their groups, not rules', async (t) => {
    const mia = (await service.rows("select id from users where display_name = 'mia'"))[0]?.['id']
    await service.api('POST', `/groups/${auditors}/owners/$ref`, { '@odata.id': `https://x/v1.0/users/${mia}` })
    const token = { token: await service.userToken(mia, ['Group.ReadWrite.All']) }
    t.equal((await groups.patch(auditors, { membershipRule: 'user.city -eq "x"' }, token)).status, 403)
    t.equal((await groups.patch(auditors, { description: 'mine' }, token)).status, 204)
  })

  await t.test('another organization has its own rules and people', async (t) => {
    const other = await service.otherTenant('fabrikam.example')
    const theirs = await groups.make(dynamic('user.objectId -ne null'), { token: other.token })
    t.strictSame(await groups.ids(`/groups/${theirs}/members`, { token: other.token }), [other.adminId])
    const before = (await groups.members(guests)).length
    await service.api(
      'POST',
      '/invitations',
      { invitedUserEmailAddress: 'x@y.example', inviteRedirectUrl: 'https://a.example' },
      { token: other.token },
    )
    t.equal((await groups.members(guests)).length, before)
    t.equal((await groups.ids(`/groups/${theirs}/members`, { token: other.token })).length, 2)
  })
})

t.test(
  'a rule of a large organization is applied by a worker, and whoever changes meanwhile is judged by it',
  async (t) => {
    const service = await startService(t, { workers: false })
    const { services, tenantId } = service
    const groups = groupsOf(service)
    await service.rows(`insert into users (tenant_id, id, user_principal_name, display_name, user_type, city, created_date_time)
    select '${tenantId}', ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'u' || n, 'u' || n, 'Guest', case when n % 3 = 0 then 'Lyon' end, now()
    from generate_series(1, 12000) n`)
    const id = await groups.make(dynamic('user.city -eq "Lyon"'))
    const count = async () => (await service.api('GET', `/groups/${id}/members/$count`, undefined, EVENTUAL)).text
    t.equal(await count(), '0', 'the answer does not wait')
    await service.api('PATCH', '/users/00000000-0000-7000-8000-000000002edf', { city: 'Lyon' })
    t.equal(await count(), '1')
    const [work] = await service.rows("select id, subject_id from outbox where topic = 'group.rule'")
    t.equal(work?.['subject_id'], id)
    const row = {
      id: work?.['id'],
      tenantId,
      subjectId: id,
      attempt: 1,
      failures: 0,
      createdAt: new Date().toISOString(),
    }
    await Promise.all([applyQueuedRule(services, row), applyQueuedRule(services, row), groups.guest('late')])
    t.equal(await count(), '4001')
    t.equal((await service.rows("select 1 from outbox where topic = 'group.rule'")).length, 0, 'the work is done')
    await groups.patch(id, { membershipRule: 'user.city -eq "Nice"' })
    const [again] = await service.rows("select id from outbox where topic = 'group.rule'")
    await applyQueuedRule(services, { ...row, id: again?.['id'] })
    t.equal(await count(), '0')
  },
)
