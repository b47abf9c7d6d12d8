import { readFileSync } from 'node:fs'
import t from 'tap'
import { assignDirectoryRole } from '../../src/directory/index.js'
import { permissions } from '../../src/graph/permissions.js'
import { GUEST_USER_ROLES } from '../../src/policies/documents.js'
import { ROLES } from '../../src/policies/index.js'
import { person } from '../support/people.js'
import { startService, type TestService } from '../support/service.js'

const ALL = permissions.filter(({ delegated }) => delegated).map(({ name }) => name)
const HIDING = { groupTypes: ['Unified'], mailEnabled: true, visibility: 'HiddenMembership' }
/** Every read there is, from our own document: a new route is swept without being named here. */
const reads = Object.entries(JSON.parse(readFileSync('openapi/vestibule.json', 'utf8')).paths)
  .filter(([path, operations]) => path.startsWith('/v1.0/') && 'get' in (operations as object))
  .map(([path]) => path.slice(5))
  .filter((path) => !path.includes('$metadata'))

t.test('whatever they ask, of nobody else and nothing more', async (t) => {
  const service = await startService(t, { workers: false })
  const world = await peopled(service)
  const { names } = world

  /** What every read and question answered, for whom: path to text, ids by their names. */
  const asked = async (reader: string, paths = reads.filter((path) => !path.endsWith('/$count'))) => {
    const token = await service.userToken(reader, ALL)
    const heard: [path: string, text: string][] = []
    const ask = async (method: string, path: string, body?: unknown) => {
      const answer = await service.api(method, path, body, { token, headers: { consistencylevel: 'eventual' } })
      if (answer.status >= 500) t.fail(`${method} ${path} ${answer.status}`)
      // Their own words are not heard from us.
      const isHeard = answer.status < 300 && !answer.text.startsWith('<')
      if (isHeard) heard.push([named(`${method} ${path}`), named(heardIn(answer.text, path, body))])
    }
    for (const path of paths) for (const filled of world.fill(path)) await ask('GET', filled)
    for (const path of world.expansions) await ask('GET', path)
    for (const [path, body] of world.questions) await ask('POST', path, body)
    return heard
  }
  const named = (text: string) => [...names].reduce((so, [id, name]) => so.replaceAll(id, name), text)
  /** Without what the request has said: a link to where one already is, a refusal that repeats an id. */
  const heardIn = (text: string, path: string, body: unknown) => {
    const said = path === '/$batch' ? [...names.keys()].filter((id) => JSON.stringify(body).includes(id)) : []
    return [path.split('?')[0] ?? path, ...said].reduce((so, words) => so.replaceAll(words, ''), text)
  }
  const level = (guestUserRoleId: string) => service.api('PATCH', '/policies/authorizationPolicy', { guestUserRoleId })

  await t.test('restricted guests: the ids of their own groups', async (t) => {
    await level(GUEST_USER_ROLES.restricted)
    const heard = await asked(world.guest, reads)
    t.ok(heard.some(([, text]) => text.includes('TEAM')))
    const leaks = heard.filter(([, text]) => /ANA|BO\b|PAT|OTHER|HIDDEN|ROLE|kanari-(?!app)|further/.test(text))
    t.strictSame(leaks, [])
    const counts = heard.filter(([path, text]) => path.endsWith('/$count') && text !== '0')
    t.strictSame(
      counts.filter(([path]) => !/^GET \/(me|users\/GUEST)\/|^GET \/domains/.test(path)),
      [],
      'nor how many there are',
    )
  })

  await t.test(
    'limited guests: nothing of roles, of groups that hide their members, no lists of everybody',
    async (t) => {
      await level(GUEST_USER_ROLES.limited)
      const heard = await asked(world.guest)
      t.ok(heard.some(([, text]) => text.includes('kanari-ana')))
      t.strictSame(
        heard.filter(([, text]) => /kanari-hidden|ROLE|further/.test(text)),
        [],
      )
      const ids = heard.filter(([, text]) => /HIDDEN/.test(text)).map(([path]) => path.replace(/[0-9a-f-]{36}/, 'APP'))
      t.strictSame(ids, ['GET /servicePrincipals/APP/appRoleAssignedTo'], 'that somebody has a role, and not who')
      const lists =
        /^GET \/(users|groups|applications|servicePrincipals|invitations|directory\/deletedItems)(\/(delta|microsoft\S*))?$/
      t.strictSame(
        heard.filter(([path, text]) => lists.test(path) && !/"value":\[\]/.test(text)),
        [],
      )
    },
  )

  await t.test('members who may read nobody else: no name, address or word of anybody', async (t) => {
    const defaultUserRolePermissions = { allowedToReadOtherUsers: false }
    await service.api('PATCH', '/policies/authorizationPolicy', { defaultUserRolePermissions })
    const heard = await asked(world.member)
    t.ok(heard.some(([, text]) => text.includes('kanari-team')))
    t.strictSame(
      heard.filter(([, text]) => /kanari-(ana|bo|pat)|further/.test(text)),
      [],
    )
  })
})

/** People, groups and applications tied in every way there is; each name starts with `kanari`, each word of theirs is `further`. */
async function peopled(service: TestService) {
  const { api } = service
  const guest = await person(service, 'guest', { userType: 'Guest' })
  const member = await person(service, 'member')
  const [ana, bo] = [await person(service, 'kanari-ana'), await person(service, 'kanari-bo')]
  const pat = (await service.invite('kanari-pat@partner.example')).invitedUser.id
  await service.services.database.withTenant(service.tenantId, (scope) =>
    assignDirectoryRole(scope, ana, ROLES.guestInviter, service.services.clock()),
  )
  await api('PATCH', `/users/${ana}`, { jobTitle: 'further', department: 'further', businessPhones: ['further'] })
  const group = async (displayName: string, members: string[], wish = {}): Promise<string> => {
    const bind = members.map((id) => `x/directoryObjects/${id}`)
    const least = { mailNickname: displayName, mailEnabled: false, securityEnabled: true, 'members@odata.bind': bind }
    return (await api('POST', '/groups', { displayName, ...least, ...wish })).body.id
  }
  const team = await group('kanari-team', [guest, member, ana], { 'owners@odata.bind': [`x/users/${bo}`] })
  const other = await group('kanari-other', [ana, bo])
  const hidden = await group('kanari-hidden', [ana, bo], { ...HIDING, 'owners@odata.bind': [`x/users/${ana}`] })
  for (const id of [guest, member, ana]) {
    await api('PUT', `/users/${id}/manager/$ref`, { '@odata.id': `x/users/${bo}` })
    await api('POST', `/users/${id}/sponsors/$ref`, { '@odata.id': `x/users/${bo}` })
    await api('POST', `/users/${pat}/sponsors/$ref`, { '@odata.id': `x/users/${id}` })
  }
  await api('POST', `/users/${guest}/sponsors/$ref`, { '@odata.id': `x/groups/${hidden}` })
  const { body: app } = await api('POST', '/applications', { displayName: 'kanari-app' })
  const { body: principal } = await api('POST', '/servicePrincipals', { appId: app.appId })
  await api('POST', `/applications/${app.id}/owners/$ref`, { '@odata.id': `x/users/${ana}` })
  await api('POST', `/servicePrincipals/${principal.id}/owners/$ref`, { '@odata.id': `x/users/${ana}` })
  for (const principalId of [guest, ana, other, hidden]) {
    const appRoleId = '00000000-0000-0000-0000-000000000000'
    const wish = { principalId, resourceId: principal.id, appRoleId }
    await api('POST', `/servicePrincipals/${principal.id}/appRoleAssignedTo`, wish)
  }
  const names = new Map<string, string>(
    Object.entries({ ANA: ana, BO: bo, PAT: pat, GUEST: guest, TEAM: team, OTHER: other, HIDDEN: hidden }).map(
      ([name, id]) => [id, name],
    ),
  ).set(ROLES.guestInviter, 'ROLE')
  const ids: Record<string, string[]> = {
    users: [guest, ana],
    groups: [team, other, hidden],
    directoryObjects: [ana, other, hidden, ROLES.guestInviter],
    applications: [app.id],
    servicePrincipals: [principal.id],
    domains: ['contoso.example'],
    organization: [service.tenantId],
  }
  const everybody = [ana, bo, team, other, hidden, ROLES.guestInviter]
  const whose = ['/me', `/users/${ana}`, `/groups/${other}`, `/groups/${hidden}`, `/directoryObjects/${ana}`]
  return {
    guest,
    member,
    names,
    /** A path once for each object that its first parameter can mean; the second one is a stranger. */
    fill: (path: string) =>
      path.includes('{id}')
        ? (ids[path.split('/')[1] ?? ''] ?? []).map((id) => path.replace('{id}', id).replace('{item}', bo))
        : [path.replace('{item}', other)],
    expansions: [
      ...[
        'manager',
        'directReports',
        'sponsors',
        'memberOf',
        'transitiveMemberOf',
        'ownedObjects',
        'extensions',
      ].flatMap((name) => [
        `/me?$expand=${name}`,
        `/users/${ana}?$expand=${name}`,
        `/groups/${team}/members/graph.user?$expand=${name}`,
      ]),
      ...['members', 'owners', 'memberOf', 'extensions'].flatMap((name) => [
        `/me/memberOf/graph.group?$expand=${name}`,
        `/groups/${hidden}?$expand=${name}`,
      ]),
      `/servicePrincipals/${principal.id}?$expand=owners`,
      `/groups/${team}/members?$count=true&$search="displayName:kanari"`,
      `/me/memberOf?$count=true&$filter=${encodeURIComponent("startsWith(displayName,'kanari')")}`,
      `/servicePrincipals/${principal.id}/appRoleAssignedTo?$filter=${encodeURIComponent("principalDisplayName eq 'kanari-hidden'")}`,
    ],
    questions: [
      ...whose.flatMap((path): [string, unknown][] => [
        [`${path}/checkMemberGroups`, { groupIds: [team, other, hidden] }],
        [`${path}/checkMemberObjects`, { ids: [other, hidden, ROLES.guestInviter] }],
        [`${path}/getMemberGroups`, { securityEnabledOnly: false }],
        [`${path}/getMemberObjects`, { securityEnabledOnly: false }],
      ]),
      ['/directoryObjects/getByIds', { ids: everybody }],
      [
        '/$batch',
        {
          requests: [`/users/${ana}?$select=jobTitle`, '/users?$top=1', `/groups/${hidden}`, '/groups/delta'].map(
            (url, at) => ({
              id: String(at),
              method: 'GET',
              url,
            }),
          ),
        },
      ],
      ...['/users', '/groups', `/users/${ana}`, '/invitations'].map((resource): [string, unknown] => [
        '/subscriptions',
        {
          changeType: 'updated',
          notificationUrl: `${service.baseUrl}/nowhere`,
          resource,
          expirationDateTime: new Date(Date.now() + 3_600_000).toISOString(),
        },
      ]),
    ] as [string, unknown][],
  }
}
