import t from 'tap'
import { defineExtensionProperty } from '../../src/directory/index.js'
import { GUEST_USER_ROLES } from '../../src/policies/documents.js'
import { person } from '../support/people.js'
import { startService } from '../support/service.js'

const APP = '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d'
const COLOR = `extension_${APP.replaceAll('-', '')}_color`

t.test('nobody learns by a detour what the straight way refuses', async (t) => {
  const service = await startService(t, { workers: false })
  await service.services.database.withTenant(service.tenantId, (scope) =>
    defineExtensionProperty(service.services, scope, {
      appId: APP,
      name: 'color',
      dataType: 'String',
      targetObjects: ['User', 'Group'],
    }),
  )
  const guest = await person(service, 'guest', { userType: 'Guest' })
  const ana = await person(service, 'ana')
  const bo = await person(service, 'bo')
  const { body: team } = await service.api('POST', '/groups', {
    displayName: 'Team',
    mailNickname: 'team',
    mailEnabled: false,
    securityEnabled: true,
    [COLOR]: 'red',
    'members@odata.bind': [guest, ana, bo].map((id) => `x/users/${id}`),
    'owners@odata.bind': [`x/users/${bo}`],
  })
  await service.api('PATCH', `/users/${ana}`, { [COLOR]: 'red' })
  await service.api('PUT', `/users/${ana}/manager/$ref`, { '@odata.id': `x/users/${bo}` })
  const asking = async (person: string, scopes: string[]) => {
    const token = await service.userToken(person, scopes)
    return (path: string, headers: Record<string, string> = {}) =>
      service.api('GET', path, undefined, { token, headers })
  }
  const EVENTUAL = { consistencylevel: 'eventual' }
  const filtered = (text: string) => `$filter=${encodeURIComponent(text)}`

  await t.test('directory extensions of members, by a filter', async (t) => {
    const members = `/groups/${team.id}/members/microsoft.graph.user`
    const asks = `${members}?${filtered(`${COLOR} eq 'red'`)}`
    const basic = await asking(bo, ['User.ReadBasic.All', 'GroupMember.Read.All'])
    t.equal((await basic(asks)).status, 403, 'a client that reads basic profiles')
    t.equal((await basic(`${members}/$count?${filtered(`${COLOR} eq 'red'`)}`, EVENTUAL)).status, 403, 'counted')
    await service.api('PATCH', '/policies/authorizationPolicy', { guestUserRoleId: GUEST_USER_ROLES.limited })
    const limited = await asking(guest, ['User.Read.All', 'GroupMember.Read.All'])
    t.equal((await limited(asks)).status, 403, 'a guest of the level "limited"')
    const all = await asking(bo, ['User.Read.All', 'GroupMember.Read.All'])
    t.strictSame(
      (await all(asks)).body.value.map(({ id }: { id: string }) => id),
      [ana],
      'whoever may read it',
    )
  })

  await t.test('owners and extensions of their own groups, which restricted guests know by id only', async (t) => {
    await service.api('PATCH', '/policies/authorizationPolicy', { guestUserRoleId: GUEST_USER_ROLES.restricted })
    const restricted = await asking(guest, ['User.Read', 'GroupMember.Read.All'])
    const groups = '/me/memberOf/microsoft.graph.group'
    t.strictSame(
      (await restricted(groups)).body.value.map(({ id, displayName }: any) => [id, displayName]),
      [[team.id, null]],
    )
    const asksOwner = `${groups}?$count=true&${filtered(`owners/any(o:o/id eq '${bo}')`)}`
    t.equal((await restricted(asksOwner, EVENTUAL)).status, 403)
    t.equal((await restricted(`${groups}?$count=true&${filtered('owners/$count eq 0')}`, EVENTUAL)).status, 403)
    t.equal((await restricted(`${groups}?${filtered(`${COLOR} eq 'red'`)}`)).status, 403)
  })

  await t.test('what somebody else is in: theirs, and nothing of the reader', async (t) => {
    const group = async (displayName: string, members: string[], wish = {}) => {
      const { body } = await service.api('POST', '/groups', {
        displayName,
        mailNickname: displayName,
        mailEnabled: false,
        securityEnabled: true,
        'members@odata.bind': members.map((id) => `x/users/${id}`),
        ...wish,
      })
      return body.id as string
    }
    await group('mine', [bo])
    const theirs = await group('theirs', [ana])
    const hiding = { groupTypes: ['Unified'], mailEnabled: true, visibility: 'HiddenMembership' }
    await group('hidden', [ana], { ...hiding, 'owners@odata.bind': [`x/users/${ana}`] })
    const reader = await asking(bo, ['User.Read.All', 'GroupMember.Read.All'])
    for (const relation of ['memberOf', 'transitiveMemberOf']) {
      const { body } = await reader(`/users/${ana}/${relation}`)
      t.strictSame(body.value.map(({ id }: any) => id).sort(), [team.id, theirs].sort(), relation)
    }
    const owned = `/groups?$count=true&${filtered(`owners/any(o:o/id eq '${ana}')`)}`
    t.strictSame((await reader(owned, EVENTUAL)).body.value, [], 'whose owner a group hides')
    const all = await service.api('GET', owned, undefined, { headers: EVENTUAL })
    t.equal(all.body.value.length, 1, 'but not from applications with Member.Read.Hidden')
  })

  await t.test('what others are in, by $expand', async (t) => {
    const self = await asking(bo, ['User.Read'])
    const basic = await asking(bo, ['User.ReadBasic.All'])
    for (const relation of ['memberOf', 'transitiveMemberOf', 'ownedObjects']) {
      t.equal((await self(`/users/${ana}/${relation}`)).status, 403, `${relation} of another, the straight way`)
      t.equal((await self(`/me/directReports/microsoft.graph.user?$expand=${relation}`)).status, 403, relation)
      t.equal((await basic(`/users?$expand=${relation}`)).status, 403, `${relation} of everybody`)
      t.equal((await basic(`/users/${ana}?$expand=${relation}`)).status, 403, `${relation} of one`)
      t.ok((await self(`/me?$expand=${relation}`)).body[relation].length > 0, `one's own ${relation}`)
    }
  })

  await t.test('who is in a group, by $expand with no permission to read groups', async (t) => {
    const self = await asking(bo, ['User.Read'])
    for (const relation of ['members', 'owners']) {
      t.equal((await self(`/groups/${team.id}/${relation}`)).status, 403, `${relation}, the straight way`)
      t.equal((await self(`/me/memberOf/microsoft.graph.group?$expand=${relation}`)).status, 403, relation)
    }
    const token = await service.appToken(['User.Read.All'])
    const path = `/users/${ana}/memberOf/microsoft.graph.group?$expand=members`
    t.equal((await service.api('GET', path, undefined, { token })).status, 403, 'an application that reads users')
  })
})
