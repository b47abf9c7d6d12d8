import { assignDirectoryRole } from '../../src/directory/index.js'
import { ROLES } from '../../src/policies/index.js'
import type { Answer } from '../support/service.js'
import type { World } from './world.js'

/** An operation of the contract that changes something, and what it is asked with: `{{user}}` is a fact. */
export type Write = {
  text: string
  /** Instead of the operation's own path, where it has a query of its own. */
  path?: string
  body?: unknown
  given?: (world: World) => Promise<unknown>
}

const SCOPES = [
  'User.ReadWrite.All',
  'Group.ReadWrite.All',
  'Directory.ReadWrite.All',
  'AppRoleAssignment.ReadWrite.All',
  'Application.ReadWrite.All',
  'User.RevokeSessions.All',
]
const GROUP = { mailEnabled: false, securityEnabled: true }
const REFERENCE = (name: string) => ({ '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/{{${name}}}` })

async function done(answer: Promise<Answer>): Promise<any> {
  const { status, text, body } = await answer
  if (status >= 300) throw new Error(`${status}: ${text}`)
  return body
}

/**
 * One of each thing that paths name: `me` (an administrator) is the manager and sponsor of `user`, who is those of
 * `report`; `me` and `user` are in `team`, which is in `outer`; both own it, and an application with its service principal.
 */
export async function arrange(world: World, records: Map<string, string[]>, endpoint: string): Promise<void> {
  const { service, facts, tokens } = world
  const { api } = service
  facts['me'] = service.adminId
  tokens.set('me', await service.userToken(service.adminId, SCOPES))
  for (const name of ['user', 'report', 'deleted', 'gone', 'spare', 'third']) {
    facts[name] = (await service.invite(`${name}@partner.example`)).invitedUser.id
  }
  facts['userPrincipalName'] = 'third_partner.example#EXT#@contoso.example'
  const tie = (name: string) => ({ '@odata.id': `x/directoryObjects/${facts[name]}` })
  await done(api('PUT', `/users/${facts['user']}/manager/$ref`, tie('me')))
  await done(api('PUT', `/users/${facts['report']}/manager/$ref`, tie('user')))
  await done(api('PUT', `/users/${facts['me']}/manager/$ref`, tie('report')))
  for (const [of, by] of [
    ['user', 'report'],
    ['report', 'user'],
    ['me', 'report'],
    ['report', 'me'],
  ] as const)
    await done(api('POST', `/users/${facts[of]}/sponsors/$ref`, tie(by)))
  const made = async (name: string, more: Record<string, unknown>) => {
    facts[name] = (await done(api('POST', '/groups', { ...GROUP, displayName: name, mailNickname: name, ...more }))).id
  }
  const bind = (...names: string[]) => names.map((name) => `x/directoryObjects/${facts[name]}`)
  await made('inner', {})
  await made('team', {
    uniqueName: 'team-x',
    'members@odata.bind': bind('me', 'user', 'inner'),
    'owners@odata.bind': bind('me', 'user'),
  })
  await made('outer', { 'members@odata.bind': bind('team') })
  await made('dropped', {})
  facts['uniqueName'] = 'team-x'
  for (const name of ['deleted', 'gone']) await done(api('DELETE', `/users/${facts[name]}`))

  facts['domain'] = 'sales.example'
  for (const name of ['sales.example', 'other.example']) {
    await done(api('POST', '/domains', { id: name }))
    const { value } = await done(api('GET', `/domains/${name}/verificationDnsRecords`))
    records.set(name, [value[0].text])
    if (name === 'sales.example') facts['domainDnsRecord'] = value[0].id
  }
  await done(api('POST', '/domains/sales.example/verify'))

  const application = await done(api('POST', '/applications', { displayName: 'Orders', uniqueName: 'team-x' }))
  facts['appId'] = application.appId
  facts['application'] = application.id
  facts['role'] = ROLES.guestInviter
  facts['principal'] = (await done(api('POST', '/servicePrincipals', { appId: application.appId }))).id
  for (const holder of [service.adminId, facts['principal'] ?? '']) {
    await service.services.database.withTenant(service.tenantId, (scope) =>
      assignDirectoryRole(scope, holder, ROLES.guestInviter, service.services.clock()),
    )
  }
  for (const owned of [`/applications/${application.id}`, `/servicePrincipals/${facts['principal']}`]) {
    for (const owner of ['me', 'user']) await done(api('POST', `${owned}/owners/$ref`, tie(owner)))
  }
  const makers = await done(api('GET', `/applications/${application.id}/owners/graph.servicePrincipal`))
  facts['maker'] = makers.value[0].id
  for (const [fact, set, name] of [
    ['usersRole', 'users', 'user'],
    ['groupsRole', 'groups', 'team'],
    ['meRole', 'users', 'me'],
    ['servicePrincipalsRole', 'servicePrincipals', 'principal'],
  ] as const) {
    const role = { principalId: facts[name], resourceId: facts['principal'], appRoleId: NO_ROLE }
    facts[fact] = (await done(api('POST', `/${set}/${facts[name]}/appRoleAssignments`, role))).id
  }
  const graph = await done(api('GET', "/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')"))
  const grant = {
    clientId: facts['principal'],
    consentType: 'Principal',
    principalId: facts['user'],
    resourceId: graph.id,
    scope: 'User.Read',
  }
  facts['oAuth2PermissionGrant'] = (await done(api('POST', '/oauth2PermissionGrants', grant))).id
  const federated = { name: 'pipeline', issuer: 'https://ci.example', subject: 'a', audiences: ['api://x'] }
  facts['federatedIdentityCredential'] = (
    await done(api('POST', `/applications/${application.id}/federatedIdentityCredentials`, federated))
  ).id
  facts['endpoint'] = endpoint
  facts['soon'] = new Date(service.services.clock().getTime() + 3_600_000).toISOString()
  facts['subscription'] = (
    await done(
      api(
        'POST',
        '/subscriptions',
        JSON.parse(JSON.stringify(SUBSCRIBE).replace('{{endpoint}}', endpoint).replace('{{soon}}', facts['soon'])),
      ),
    )
  ).id
  facts['organization'] = service.tenantId
}

const NO_ROLE = '00000000-0000-0000-0000-000000000000'
const SUBSCRIBE = {
  changeType: 'updated,deleted',
  resource: 'users',
  notificationUrl: '{{endpoint}}/changes',
  expirationDateTime: '{{soon}}',
}
const questions = (of: string): Write[] => [
  { text: `POST ${of}/checkMemberGroups`, body: { groupIds: ['{{outer}}'] } },
  { text: `POST ${of}/checkMemberObjects`, body: { ids: ['{{outer}}'] } },
  { text: `POST ${of}/getMemberGroups`, body: { securityEnabledOnly: true } },
  { text: `POST ${of}/getMemberObjects`, body: { securityEnabledOnly: false } },
]
const ids = { ids: ['{{user}}', '{{team}}'], types: ['user', 'group'] }
const NAMES = { entityType: 'Group', displayName: 'New', mailNickname: 'new' }
const assigned = (of: string, name: string): Write[] => [
  { text: `DELETE ${of}/appRoleAssignments/{appRoleAssignment-id}` },
  {
    text: `POST ${of}/appRoleAssignments`,
    body: { principalId: `{{${name}}}`, resourceId: '{{principal}}', appRoleId: NO_ROLE },
  },
]
/** References to one object, added and removed by either form. */
const tied = (list: string, name: string): Write[] => [
  { text: `POST ${list}/$ref`, body: REFERENCE(name) },
  { text: `DELETE ${list}/$ref`, path: `${list}/$ref?@id=https://x/directoryObjects/{${name}}` },
]

/** Every operation that changes something, in an order in which each finds what it is about. */
export const writes: Write[] = [
  { text: 'POST /$batch', body: { requests: [{ id: '1', method: 'GET', url: '/users' }] } },
  {
    text: 'POST /invitations',
    body: { invitedUserEmailAddress: 'new@partner.example', inviteRedirectUrl: 'https://app.example' },
  },
  { text: 'POST /organization/getByIds', body: ids },
  { text: 'PATCH /organization/{organization-id}', body: { technicalNotificationMails: ['it@contoso.example'] } },

  { text: 'PATCH /me', body: { jobTitle: 'Director' } },
  ...questions('/me'),
  ...assigned('/me', 'me'),
  ...tied('/me/sponsors', 'user'),
  { text: 'DELETE /me/sponsors/{directoryObject-id}/$ref' },
  { text: 'PUT /me/manager/$ref', body: REFERENCE('report') },
  { text: 'DELETE /me/manager/$ref' },
  { text: 'POST /me/revokeSignInSessions' },

  {
    text: 'POST /users',
    body: {
      accountEnabled: true,
      displayName: 'Zoe',
      mailNickname: 'zoe',
      userPrincipalName: 'zoe@contoso.example',
      passwordProfile: { password: 'xWwvJ]6NMw+bWH-d' },
    },
  },
  { text: 'POST /users/getByIds', body: ids },
  { text: 'POST /users/validateProperties', body: NAMES },
  { text: 'PATCH /users/{user-id}', body: { jobTitle: 'Auditor' } },
  { text: "PATCH /users(userPrincipalName='{userPrincipalName}')", body: { jobTitle: 'Auditor' } },
  ...questions('/users/{user-id}'),
  ...assigned('/users/{user-id}', 'user'),
  ...tied('/users/{user-id}/sponsors', 'spare'),
  { text: 'DELETE /users/{user-id}/sponsors/{directoryObject-id}/$ref' },
  { text: 'PUT /users/{user-id}/manager/$ref', body: REFERENCE('spare') },
  { text: 'DELETE /users/{user-id}/manager/$ref' },
  { text: 'POST /users/{user-id}/revokeSignInSessions' },

  { text: 'POST /groups', body: { ...GROUP, displayName: 'Another', mailNickname: 'another' } },
  { text: 'POST /groups/getByIds', body: ids },
  { text: 'PATCH /groups/{group-id}', body: { description: 'All of us' } },
  { text: "PATCH /groups(uniqueName='{uniqueName}')", body: { description: 'All of them' } },
  ...questions('/groups/{group-id}'),
  ...assigned('/groups/{group-id}', 'team'),
  ...tied('/groups/{group-id}/members', 'spare'),
  { text: 'DELETE /groups/{group-id}/members/{directoryObject-id}/$ref' },
  ...tied('/groups/{group-id}/owners', 'spare'),
  { text: 'DELETE /groups/{group-id}/owners/{directoryObject-id}/$ref' },
  { text: 'POST /groups/{group-id}/renew' },
  { text: 'POST /groups/{group-id}/validateProperties', body: { displayName: 'All of us' } },
  { text: 'POST /groups/validateProperties', body: NAMES },
  { text: 'DELETE /groups/{group-id}' },
  { text: 'POST /groups/{group-id}/restore' },
  { text: "DELETE /groups(uniqueName='{uniqueName}')" },

  { text: 'POST /directoryObjects/getAvailableExtensionProperties', body: { isSyncedFromOnPremises: false } },
  { text: 'POST /directoryObjects/getByIds', body: ids },
  ...questions('/directoryObjects/{directoryObject-id}'),
  { text: 'POST /directoryObjects/validateProperties', body: NAMES },
  { text: 'DELETE /directoryObjects/{directoryObject-id}', path: '/directoryObjects/{spare}' },
  { text: 'POST /directoryObjects/{directoryObject-id}/restore', path: '/directoryObjects/{spare}/restore' },

  { text: 'POST /directory/deletedItems/getAvailableExtensionProperties', body: {} },
  { text: 'POST /directory/deletedItems/getByIds', body: { ids: ['{{deleted}}'] } },
  { text: 'POST /directory/deletedItems/validateProperties', body: NAMES },
  { text: 'POST /directory/deletedItems/{directoryObject-id}/restore' },
  { text: 'DELETE /directory/deletedItems/{directoryObject-id}', path: '/directory/deletedItems/{gone}' },

  { text: 'POST /domains', body: { id: 'third.example' } },
  { text: 'POST /domains/{domain-id}/verify', path: '/domains/other.example/verify' },
  { text: 'PATCH /domains/{domain-id}', body: { isDefault: true } },
  {
    text: 'POST /domains/{domain-id}/promote',
    given: ({ service }) => service.api('POST', '/domains', { id: 'eu.sales.example' }),
    path: '/domains/eu.sales.example/promote',
  },
  {
    text: 'POST /domains/{domain-id}/forceDelete',
    path: '/domains/eu.sales.example/forceDelete',
    body: { disableUserAccounts: true },
  },
  { text: 'DELETE /domains/{domain-id}', path: '/domains/third.example' },

  { text: 'POST /subscriptions', body: { ...SUBSCRIBE, resource: 'groups' } },
  { text: 'PATCH /subscriptions/{subscription-id}', body: { expirationDateTime: '{{soon}}' } },
  { text: 'POST /subscriptions/{subscription-id}/reauthorize' },
  { text: 'DELETE /subscriptions/{subscription-id}' },

  { text: "DELETE /users(userPrincipalName='{userPrincipalName}')" },
  { text: 'DELETE /users/{user-id}' },
  { text: 'POST /users/{user-id}/restore' },
]
