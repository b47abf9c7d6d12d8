import t from 'tap'
import { assignDirectoryRole } from '../../src/directory/index.js'
import { ROLES } from '../../src/policies/index.js'
import { person } from '../support/people.js'
import { startService } from '../support/service.js'

t.test('inviting with everything in one call', async (t) => {
  const service = await startService(t, { workers: false })
  const invite = (address: string, more: object, options = {}) =>
    service.api(
      'POST',
      '/invitations',
      { invitedUserEmailAddress: address, inviteRedirectUrl: 'https://app.example', ...more },
      options,
    )
  const group = async (name: string) => {
    const body = { displayName: name, mailEnabled: false, mailNickname: name, securityEnabled: true }
    return (await service.api('POST', '/groups', body)).body.id as string
  }
  const counts = async () =>
    service.rows(
      'select (select count(*) from users) as users, (select count(*) from invitations) as invitations, (select count(*) from outbox) as outbox, (select count(*) from group_members) as members',
    )

  await t.test('assigns roles of applications, or invites nobody', async (t) => {
    const role = {
      id: '6b6a7bd0-4a44-4a1e-9a6e-7a1f0f0c0001',
      allowedMemberTypes: ['User'],
      displayName: 'Reader',
      value: 'Reader',
    }
    const { appId } = (await service.api('POST', '/applications', { displayName: 'Wiki', appRoles: [role] })).body
    const resourceId = (await service.api('POST', '/servicePrincipals', { appId })).body.id
    const invitedUserAppRoleAssignments = [{ resourceId, appRoleId: role.id }]
    const { status, body, text } = await invite('rosa@partner.example', { invitedUserAppRoleAssignments })
    t.equal(status, 201, text)
    t.strictSame(body.invitedUserAppRoleAssignments, invitedUserAppRoleAssignments)
    const held = async () => (await service.api('GET', `/users/${body.invitedUser.id}/appRoleAssignments`)).body.value
    t.match(await held(), invitedUserAppRoleAssignments)
    const again = await invite('rosa@partner.example', { invitedUserAppRoleAssignments })
    t.equal(again.status, 201, 'what they have already is no hindrance')
    t.equal((await held()).length, 1)

    const before = await counts()
    const unknown = { invitedUserAppRoleAssignments: [{ resourceId, appRoleId: service.tenantId }] }
    t.equal((await invite('sam@partner.example', unknown)).status, 400)
    const noRole = { invitedUserAppRoleAssignments: [{ resourceId }] }
    t.equal((await invite('sam@partner.example', noRole)).status, 400, 'it has roles: one must be named')
    const nowhere = { invitedUserAppRoleAssignments: [{ resourceId: service.tenantId }] }
    t.equal((await invite('sam@partner.example', nowhere)).status, 404)
    const token = await service.appToken(['User.Invite.All', 'Application.ReadWrite.All'])
    t.equal((await invite('sam@partner.example', { invitedUserAppRoleAssignments }, { token })).status, 403)
    t.strictSame(await counts(), before, 'nobody was invited')
  })

  await t.test('sets properties and joins groups, and tells both back', async (t) => {
    const groups = [await group('one'), await group('two')]
    const invitedUserProperties = {
      jobTitle: 'Auditor',
      department: 'Audit',
      employeeOrgData: { costCenter: '17' },
      aboutMe: 'Reads.',
    }
    const { status, body, text } = await invite('ana@partner.example', {
      invitedUserProperties,
      invitedUserGroups: groups,
      sendInvitationMessage: true,
    })
    t.equal(status, 201, text)
    t.strictSame(body.invitedUserProperties, invitedUserProperties)
    t.strictSame(body.invitedUserGroups, groups)
    const { id } = body.invitedUser
    t.match((await service.api('GET', `/users/${id}?$select=jobTitle,department,employeeOrgData,aboutMe,mail`)).body, {
      jobTitle: 'Auditor',
      department: 'Audit',
      employeeOrgData: { costCenter: '17', division: null },
      aboutMe: 'Reads.',
      mail: 'ana@partner.example',
    })
    for (const each of groups) {
      const members = (await service.api('GET', `/groups/${each}/members?$select=id`)).body.value
      t.strictSame(
        members.map((member: { id: string }) => member.id),
        [id],
      )
    }
    t.equal((await service.rows(`select 1 from outbox where topic = 'invitation.mail'`)).length, 1)

    const again = await invite('ana@partner.example', {
      invitedUserProperties: { jobTitle: 'Pilot' },
      invitedUserGroups: groups.slice(0, 1),
    })
    t.equal(again.status, 201, 'a guest who is there already, and in the group')
    t.equal(again.body.invitedUser.id, id)
    t.equal((await service.api('GET', `/users/${id}`)).body.jobTitle, 'Pilot')
  })

  await t.test('is all or nothing: what is wrong with one part undoes the others', async (t) => {
    const one = await group('three')
    const before = await counts()
    const cases: [more: object, status: number][] = [
      [{ invitedUserProperties: { jobTitle: 'x'.repeat(200) } }, 400],
      [{ invitedUserProperties: { shoeSize: 42 } }, 400],
      [{ invitedUserProperties: { mail: 'other@partner.example' } }, 400],
      [{ invitedUserGroups: ['x'] }, 400],
      [{ invitedUserGroups: [one, service.tenantId] }, 404],
      [{ invitedUserProperties: { jobTitle: 'x' }, invitedUserGroups: [service.tenantId] }, 404],
    ]
    for (const [more, status] of cases) {
      const answer = await invite('bo@partner.example', { ...more, sendInvitationMessage: true })
      t.equal(answer.status, status, `${JSON.stringify(more).slice(0, 60)} ${answer.text}`)
    }
    t.strictSame(await counts(), before)
  })

  await t.test('asks for the permission of each part', async (t) => {
    const id = await group('four')
    const before = await counts()
    const inviteOnly = { token: await service.appToken(['User.Invite.All']) }
    const writer = { token: await service.appToken(['User.Invite.All', 'User.ReadWrite.All']) }
    const members = { token: await service.appToken(['User.Invite.All', 'GroupMember.ReadWrite.All']) }
    const properties = { invitedUserProperties: { jobTitle: 'x' } }
    const joins = { invitedUserGroups: [id] }
    t.equal((await invite('cy@partner.example', properties, inviteOnly)).status, 403)
    t.equal((await invite('cy@partner.example', joins, inviteOnly)).status, 403)
    t.equal((await invite('cy@partner.example', properties, members)).status, 403)
    t.equal((await invite('cy@partner.example', joins, writer)).status, 403)
    t.equal((await invite('cy@partner.example', { ...properties, ...joins }, writer)).status, 403)
    const mia = await person(service, 'mia')
    const uma = await person(service, 'uma', { role: ROLES.userAdministrator })
    const as = async (who: string) => ({
      token: await service.userToken(who, ['User.Invite.All', 'User.ReadWrite.All']),
    })
    t.equal((await invite('cy@partner.example', properties, await as(mia))).status, 403, 'a member without a role')
    t.match(await counts(), [{ invitations: before[0]?.['invitations'] }])
    t.equal((await invite('cy@partner.example', properties, writer)).status, 201)
    t.equal((await invite('di@partner.example', joins, members)).status, 201)
    t.equal((await invite('ed@partner.example', properties, await as(uma))).status, 201)
  })

  await t.test('lets people add to the groups they own, and nobody to one that fills itself', async (t) => {
    const own = await group('five')
    const olga = await person(service, 'olga')
    await service.api('POST', `/groups/${own}/owners/$ref`, { '@odata.id': `x/users/${olga}` })
    const foreign = await group('six')
    const rule = { membershipRule: 'user.userType -eq "Guest"', membershipRuleProcessingState: 'On' }
    const filling = await service.api('POST', '/groups', {
      ...{ displayName: 'seven', mailEnabled: false, mailNickname: 'seven', securityEnabled: true },
      ...{ groupTypes: ['DynamicMembership'], ...rule },
    })
    const token = await service.userToken(olga, ['User.Invite.All', 'GroupMember.ReadWrite.All'])
    const before = await counts()
    const into = (groups: string[], by = {}) => invite('hal@partner.example', { invitedUserGroups: groups }, by)
    t.equal((await into([own, foreign], { token })).status, 403)
    t.equal((await into([own, filling.body.id])).status, 403)
    t.strictSame(await counts(), before, 'nobody was invited')
    t.equal((await into([own], { token })).status, 201)
  })

  await t.test('changes nobody privileged', async (t) => {
    const made = await invite('gil@partner.example', {})
    await service.services.database.withTenant(service.tenantId, (scope) =>
      assignDirectoryRole(scope, made.body.invitedUser.id, ROLES.guestInviter, service.services.clock()),
    )
    const changed = await invite('gil@partner.example', { invitedUserProperties: { accountEnabled: false } })
    t.equal(changed.status, 403, changed.text)
    const read = await service.api('GET', `/users/${made.body.invitedUser.id}?$select=accountEnabled`)
    t.equal(read.body.accountEnabled, true)
  })

  await t.test('is repeated by its key without doing it twice', async (t) => {
    const key = { headers: { 'idempotency-key': 'additions-1' } }
    const body = { invitedUserProperties: { jobTitle: 'First' } }
    const first = await invite('flo@partner.example', body, key)
    t.equal(first.status, 201)
    await service.api('PATCH', `/users/${first.body.invitedUser.id}`, { jobTitle: 'Second' })
    const second = await invite('flo@partner.example', body, key)
    t.equal(second.status, 201)
    t.equal(second.body.id, first.body.id)
    t.strictSame(second.body.invitedUserProperties, { jobTitle: 'First' })
    t.equal((await service.api('GET', `/users/${first.body.invitedUser.id}`)).body.jobTitle, 'Second')
  })
})
