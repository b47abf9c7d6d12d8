import t from 'tap'
import { defineExtensionProperty } from '../../src/directory/index.js'
import { delegatedPermissions } from '../../src/graph/permissions.js'
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

  await t.test('what stands beside it: orders, references, assignments, logos, the organization', async (t) => {
    const [organization] = (await service.api('GET', '/organization')).body.value
    await service.api('PATCH', `/organization/${organization.id}`, {
      technicalNotificationMails: ['ops@contoso.example'],
    })
    const { body: app } = await service.api('POST', '/applications', { displayName: 'Payroll' })
    await service.api('POST', `/applications/${app.id}/owners/$ref`, { '@odata.id': `x/users/${bo}` })
    const { body: other } = await service.api('POST', '/groups', {
      displayName: 'Other',
      mailNickname: 'other',
      mailEnabled: false,
      securityEnabled: true,
    })
    const statuses = async (ask: Awaited<ReturnType<typeof asking>>, paths: string[], headers = {}) =>
      Object.fromEntries(await Promise.all(paths.map(async (path) => [path, (await ask(path, headers)).status])))
    const refused = (paths: string[]) => Object.fromEntries(paths.map((path) => [path, 403]))

    const basic = await asking(bo, ['User.ReadBasic.All'])
    const orders = ['/users?$count=true&$orderby=createdDateTime']
    t.strictSame(await statuses(basic, orders, EVENTUAL), refused(orders), 'an order of what is not read')
    const self = await asking(bo, ['User.Read'])
    const owned = [`/me/ownedObjects/microsoft.graph.application?${filtered("displayName eq 'Payroll'")}`]
    t.strictSame(await statuses(self, owned), refused(owned), 'names of owned applications')
    const domains = await asking(bo, ['Domain.Read.All'])
    const references = ['/domains/contoso.example/domainNameReferences']
    t.strictSame(await statuses(domains, references), refused(references), 'people whom a domain is needed for')

    await service.api('PATCH', '/policies/authorizationPolicy', { guestUserRoleId: GUEST_USER_ROLES.restricted })
    const everything = await asking(guest, [...delegatedPermissions])
    const paths = ['/domains/nowhere.example/domainNameReferences', `/applications/${app.id}/logo`]
    t.strictSame(await statuses(everything, paths), refused(paths), 'a restricted guest')
    const groups = await everything('/me/memberOf/microsoft.graph.group?$expand=members')
    t.strictSame(
      groups.body.value.flatMap(({ members }: any) => members ?? []),
      [],
      'who is in groups of theirs',
    )
    t.equal((await everything(`/groups/${other.id}/appRoleAssignments`)).status, 404, 'what a group may use')
    t.equal(
      (await everything(`/groups/${team.id}/extensions`)).status,
      404,
      'what somebody noted about a group of theirs',
    )
    const token = await service.userToken(guest, [...delegatedPermissions])
    const wish = { invitedUserEmailAddress: 'zoe@partner.example', inviteRedirectUrl: 'https://app.example/' }
    const evaluated = await service.api('POST', '/invitations/evaluate', wish, { token })
    t.equal(evaluated.body.allowed, false)
    t.notOk(
      evaluated.body.checks.some(({ name }: any) => name === 'existingUser' || name === 'mailDelivery'),
      'who is there, by asking what inviting them would come to',
    )
    for (const guestUserRoleId of [GUEST_USER_ROLES.restricted, GUEST_USER_ROLES.limited]) {
      await service.api('PATCH', '/policies/authorizationPolicy', { guestUserRoleId })
      const seen = (await everything(`/organization/${organization.id}`)).body
      t.equal(seen.displayName, organization.displayName)
      t.strictSame(seen.technicalNotificationMails, [], 'whom the organization writes to')
    }
    const whole = await (await asking(bo, ['Organization.Read.All']))(`/organization/${organization.id}`)
    t.strictSame(whole.body.technicalNotificationMails, ['ops@contoso.example'], 'a member reads it')
    await service.api('PATCH', '/policies/authorizationPolicy', { guestUserRoleId: GUEST_USER_ROLES.restricted })
  })

  await t.test('whether somebody or something is there, by what a refusal says', async (t) => {
    const HIDING = { groupTypes: ['Unified'], mailEnabled: true, visibility: 'HiddenMembership' }
    const created = async (displayName: string, wish = {}): Promise<{ id: string; etag: string }> => {
      const least = { mailNickname: displayName, mailEnabled: false, securityEnabled: true }
      const names = { displayName, uniqueName: displayName }
      const { body } = await service.api('POST', '/groups', { ...names, ...least, ...wish })
      const { headers } = await service.api('GET', `/groups/${body.id}`)
      return { id: body.id, etag: headers.get('etag') ?? '' }
    }
    const [plain, secret, gone] = [await created('plain'), await created('secret', HIDING), await created('gone')]
    await service.api('DELETE', `/groups/${gone.id}`)
    const lost = await person(service, 'lost')
    await service.api('DELETE', `/users/${lost}`)
    const nobody = '0198c0de-0000-7000-8000-000000000000'
    /** The same request about somebody and about nobody: whether the answers differ in more than the name asked for. */
    const differ = async (token: string, about: string, other: string, [method, path, body, headers = {}]: Ask) => {
      const said = async (name: string) => {
        const wish = typeof body === 'function' ? body(name) : body
        const answer = await service.api(method, path(name), wish, { token, headers })
        const { code, message, innerError } = answer.body?.error ?? {}
        return [answer.status, code, innerError?.code, `${message}`.replaceAll(name, 'it')].join(' ')
      }
      const [one, two] = [await said(about), await said(other)]
      return one === two ? [] : [`${method} ${path(about)}: ${one} / ${two}`]
    }
    type Ask = [method: string, path: (name: string) => string, body?: unknown, headers?: Record<string, string>]
    const reference = { '@odata.id': `x/users/${bo}` }
    const ofPeople: Ask[] = [
      ['GET', (name) => `/users/${name}`],
      ['PATCH', (name) => `/users/${name}`, { skills: ['x'] }],
      ['PATCH', (name) => `/users/${name}`, { skills: ['x'] }, { 'if-match': 'W/"MQ"' }],
      ['DELETE', (name) => `/users/${name}`],
      ['PUT', (name) => `/users/${name}/manager/$ref`, reference],
      ['POST', (name) => `/users/${name}/sponsors/$ref`, reference],
      ['POST', (name) => `/users/${name}/revokeSignInSessions`],
      ['POST', (name) => `/users/${name}/extensions`, { extensionName: 'a.b' }],
      ['GET', (name) => `/users/${name}/extensions/a.b`],
      ['GET', (name) => `/users/${name}/authentication/methods`],
      ['GET', (name) => `/users/${name}/appRoleAssignments`],
      ['GET', (name) => `/users/${name}/memberOf`],
      ['POST', (name) => `/users/${name}/checkMemberGroups`, { groupIds: [team.id] }],
    ]
    const change = { description: 'x' }
    const ofGroups = (etag: string): Ask[] => [
      ['GET', (id) => `/groups/${id}`],
      ['GET', (id) => `/groups/${id}/memberOf`],
      ['GET', (id) => `/groups/${id}/members`],
      ['POST', (id) => `/groups/${id}/getMemberGroups`, { securityEnabledOnly: false }],
      ['GET', (id) => `/groups/${id}/extensions`],
      ['GET', (id) => `/groups/${id}/appRoleAssignments`],
      ['GET', (id) => `/directoryObjects/${id}`],
      ['POST', (id) => `/groups/${id}/renew`],
      ['POST', (id) => `/groups/${id}/validateProperties`, { displayName: 'x' }],
      ['GET', (id) => `/groups/${team.id}/members/${id}/graph.group`],
      ['PATCH', (id) => `/groups/${id}`, change],
      ['PATCH', (id) => `/groups/${id}`, change, { 'if-match': etag }],
      ['PATCH', (id) => `/groups/${id}`, change, { 'if-match': 'W/"MQ"' }],
      ['PATCH', (id) => `/groups/${id}`, { membershipRule: 'user.mail -eq "x"' }],
      ['PATCH', (id) => `/groups/${id}`, { [COLOR.replace('color', 'nothing')]: 'x' }],
      ['DELETE', (id) => `/groups/${id}`],
      ['DELETE', (id) => `/groups/${id}`, undefined, { 'if-match': 'W/"MQ"' }],
      ['POST', (id) => `/groups/${id}/members/$ref`, reference],
      ['DELETE', (id) => `/groups/${id}/owners/${bo}/$ref`],
      ['POST', (id) => `/groups/${id}/extensions`, { extensionName: 'a.b' }],
    ]
    const named: Ask[] = [
      ['GET', (name) => `/groups(uniqueName='${name}')`],
      ['DELETE', (name) => `/groups(uniqueName='${name}')`],
      ['PATCH', (name) => `/groups(uniqueName='${name}')`, change],
      ['PATCH', (name) => `/groups(uniqueName='${name}')`, change, { prefer: 'create-if-missing' }],
      ['PATCH', (name) => `/groups(uniqueName='${name}')`, change, { 'if-match': 'W/"MQ"' }],
    ]
    const deleted: Ask[] = [
      ['GET', (id) => `/directory/deletedItems/${id}`],
      ['POST', (id) => `/directory/deletedItems/${id}/restore`, {}],
      ['DELETE', (id) => `/directory/deletedItems/${id}`],
      ...['user', 'group'].map((type): Ask => ['GET', (id) => `/directory/deletedItems/${id}/graph.${type}`]),
      ['POST', () => '/directory/deletedItems/getByIds', { ids: [gone.id, lost] }],
      ...['users', 'groups', 'directoryObjects'].map((set): Ask => ['POST', (id) => `/${set}/${id}/restore`, {}]),
    ]
    const invited = await service.invite('pat@partner.example')
    const ofInvitations: Ask[] = [
      ['GET', (id) => `/invitations/${id}`],
      ['POST', (id) => `/invitations/${id}/resend`],
      ['POST', (id) => `/invitations/${id}/revoke`],
    ]
    const { body: app } = await service.api('POST', '/applications', { displayName: 'Books' })
    const { body: principal } = await service.api('POST', '/servicePrincipals', { appId: app.appId })
    const { body: lostApp } = await service.api('POST', '/applications', { displayName: 'Lost' })
    const { body: lostPrincipal } = await service.api('POST', '/servicePrincipals', { appId: lostApp.appId })
    await service.api('DELETE', `/applications/${lostApp.id}`)
    const ofHolders = (path: (name: string) => string): Ask[] => [
      ['GET', path],
      ['GET', (name) => `${path(name)}/owners`],
      ['PATCH', path, { notes: 'x' }],
      ['PATCH', path, { notes: 'x' }, { 'if-match': 'W/"MQ"' }],
      ['DELETE', path],
      ['POST', (name) => `${path(name)}/addPassword`, {}],
      ['POST', (name) => `${path(name)}/removePassword`, { keyId: nobody }],
      ['POST', (name) => `${path(name)}/owners/$ref`, reference],
      ['DELETE', (name) => `${path(name)}/owners/${bo}/$ref`],
    ]
    const ofApplications = (path: (name: string) => string): Ask[] => [
      ...ofHolders(path),
      ['GET', (name) => `${path(name)}/logo`],
      [
        'POST',
        (name) => `${path(name)}/federatedIdentityCredentials`,
        { name: 'x', issuer: 'x', subject: 'x', audiences: ['x'] },
      ],
    ]
    const ofPrincipals = (path: (name: string) => string): Ask[] => [
      ...ofHolders(path),
      ['GET', (name) => `${path(name)}/appRoleAssignedTo`],
      ['GET', (name) => `${path(name)}/ownedObjects`],
    ]
    const appRoleId = '00000000-0000-0000-0000-000000000000'
    const assignments: Ask[] = [
      ['POST', () => '/me/appRoleAssignments', (resourceId: string) => ({ principalId: guest, resourceId, appRoleId })],
    ]
    const assignedAt = (resourceId: string): Ask[] => [
      [
        'POST',
        () => `/servicePrincipals/${resourceId}/appRoleAssignedTo`,
        (principalId: string) => ({ principalId, resourceId, appRoleId }),
      ],
    ]
    const registered: Ask[] = [['POST', () => '/servicePrincipals', (appId: string) => ({ appId })]]
    const invites = (more: (name: string) => object): Ask[] => [
      [
        'POST',
        () => '/invitations',
        (name: string) => ({
          invitedUserEmailAddress: 'zoe@partner.example',
          inviteRedirectUrl: 'https://app.example/',
          ...more(name),
        }),
      ],
    ]
    const [graph] = (await service.api('GET', "/servicePrincipals?$filter=displayName eq 'Microsoft Graph'")).body.value
    await service.api('PATCH', '/policies/authorizationPolicy', { allowInvitesFrom: 'everyone' })
    const applied: [about: string, other: string, asks: Ask[]][] = [
      [app.id, nobody, ofApplications((id) => `/applications/${id}`)],
      [app.appId, nobody, ofApplications((appId) => `/applications(appId='${appId}')`)],
      [principal.id, nobody, ofPrincipals((id) => `/servicePrincipals/${id}`)],
      [graph.id, nobody, ofPrincipals((id) => `/servicePrincipals/${id}`)],
      [app.appId, nobody, ofPrincipals((appId) => `/servicePrincipals(appId='${appId}')`)],
      [principal.id, nobody, assignments],
      [lostApp.appId, nobody, registered],
      [app.appId, nobody, registered],
      [lostApp.id, nobody, deleted],
      [lostPrincipal.id, nobody, deleted],
      [principal.id, nobody, invites((resourceId) => ({ invitedUserAppRoleAssignments: [{ resourceId, appRoleId }] }))],
      [plain.id, nobody, invites((id) => ({ invitedUserGroups: [id] }))],
      [ana, nobody, invites((id) => ({ invitedUserSponsors: [{ id }] }))],
    ]
    const all = async (token: string, questions: [about: string, other: string, asks: Ask[]][]) =>
      (
        await Promise.all(
          questions.flatMap(([about, other, asks]) => asks.map((ask) => differ(token, about, other, ask))),
        )
      ).flat()
    const level = (guestUserRoleId: string) =>
      service.api('PATCH', '/policies/authorizationPolicy', { guestUserRoleId })

    await level(GUEST_USER_ROLES.restricted)
    const asGuest = await service.userToken(guest, delegatedPermissions)
    const asOwn = await service.userToken(bo, ['User.ReadWrite'])
    const people: [string, string][] = [
      [ana, nobody],
      ['ana@contoso.example', 'nobody@contoso.example'],
    ]
    const everything: [string, string, Ask[]][] = [
      ...people.map(([about, other]): [string, string, Ask[]] => [about, other, ofPeople]),
      [plain.id, nobody, ofGroups(plain.etag)],
      ['plain', 'nothing', named],
      [gone.id, nobody, deleted],
      [lost, nobody, deleted],
      [invited.id, nobody, ofInvitations],
      ...applied,
    ]
    t.strictSame(await all(asGuest, everything), [], 'a restricted guest')
    for (const scopes of [
      ['User.ReadWrite.All', 'User.DeleteRestore.All', 'User.Invite.All'],
      ['GroupMember.ReadWrite.All', 'User.Invite.All'],
      ['Group.ReadWrite.All'],
      ['Application.ReadWrite.All', 'AppRoleAssignment.ReadWrite.All'],
    ]) {
      t.strictSame(await all(await service.userToken(guest, scopes), everything), [], `${scopes} of such a guest`)
    }
    t.strictSame(
      await all(
        asOwn,
        people.map(([about, other]) => [about, other, ofPeople]),
      ),
      [],
      'a client that is about its own person only',
    )
    await level(GUEST_USER_ROLES.limited)
    t.strictSame(
      await all(asGuest, [
        [secret.id, nobody, ofGroups(secret.etag)],
        ['secret', 'nothing', named],
        [secret.id, nobody, invites((id) => ({ invitedUserGroups: [id] }))],
        [lostApp.id, nobody, deleted],
        [secret.id, nobody, assignedAt(principal.id)],
      ]),
      [],
      'a limited guest, of groups that hide their members',
    )
    const { headers } = await service.api('GET', `/users/${ana}`, undefined, { token: asGuest })
    t.equal(headers.get('etag'), null, 'nor when what they do not see of somebody changes')
    const { status } = await service.api('PATCH', `/groups/${plain.id}`, change, { headers: { 'if-match': 'W/"MQ"' } })
    t.equal(status, 412, 'whoever may change it hears of another version')
  })
})
