import { readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { assignDirectoryRole } from '../../src/directory/index.js'
import { applicationPermissions, permissions } from '../../src/graph/permissions.js'
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

/** Narrower clients, and words of the world that they must not hear: whatever is of people, or of groups. */
type Narrower = [scopes: string[], unheard: RegExp][]
const NARROWER: Narrower = [
  [['User.Read'], /kanari-(?!app)|further|jotted|Guest Inviter/],
  [['User.ReadBasic.All'], /kanari-(team|other|hidden)|further|jotted|Guest Inviter/],
  [['User.Read.All'], /kanari-(team|other|hidden)|jotted-of-group|Guest Inviter/],
  [['GroupMember.Read.All'], /kanari-(ana|bo|pat|kim)|further|jotted-of-user|Guest Inviter/],
  [['Application.Read.All'], /kanari-(bo|pat|kim|team)|further|jotted|Guest Inviter/],
]
/**
 * Casts to types that nothing here is of, and of single items, which tell what the item itself tells: asked by whoever is
 * told most and least, not once more by each client.
 */
const CASTS_AGAIN =
  /microsoft\.graph\.(administrativeUnit|appRoleAssignment|device|endpoint|orgContact)$|\{item\}\/microsoft/
/** The same of clients in their own name. */
const NARROWER_CLIENTS: Narrower = [
  [['User.Read.All'], /kanari-(team|other|hidden|app)|jotted-of-group|Guest Inviter/],
  [['GroupMember.Read.All'], /kanari-(ana|bo|pat|kim|app)|further|jotted-of-user|Guest Inviter/],
  [['User.ReadBasic.All', 'GroupMember.Read.All'], /kanari-app|further|jotted-of-user|Guest Inviter/],
  [['Application.Read.All'], /kanari-(bo|pat|kim|team)|further|jotted|Guest Inviter/],
  [['Domain.Read.All'], /kanari|further|jotted|Guest Inviter/],
  [['Group.Create', 'User.Invite.All', 'User.DeleteRestore.All'], /kanari-(?!pat)|further|jotted|Guest Inviter/],
]
/** What ties people to groups: lists, questions and `$expand`, but for one group's own and for sponsors. */
const OF_MEMBERSHIP = /^(?!.*(HIDDEN\?|sponsors)).*(members|owners|memberOf|ownedObjects|Member(Groups|Objects))/i

t.test('whatever they ask, of nobody else and nothing more', async (t) => {
  const service = await startService(t, { workers: false })
  const world = await peopled(service)
  const { names } = world
  const lists = reads.filter((path) => !path.endsWith('/$count'))

  /** What every read and question answered, for whom: path to text, ids by their names. */
  const asked = async (reader: string, paths = lists) => askedBy(await service.userToken(reader, ALL), paths)
  const askedBy = async (token: string, paths: string[]) => {
    const ask = async ([method, path, body]: Asked): Promise<[path: string, text: string][]> => {
      const answer = await service.api(method, path, body, { token, headers: { consistencylevel: 'eventual' } })
      if (answer.status >= 500) t.fail(`${method} ${path} ${answer.status}`)
      // Their own words are not heard from us.
      const isHeard = answer.status < 300 && !answer.text.startsWith('<')
      return isHeard ? [[named(`${method} ${path}`), named(heardIn(answer.text, path, body))]] : []
    }
    const questions: Asked[] = [
      ...[...paths.flatMap(world.fill), ...world.expansions].map((path): Asked => ['GET', path, undefined]),
      ...world.questions.map(([path, body]): Asked => ['POST', path, body]),
    ]
    const heard: Heard = []
    while (questions.length > 0) heard.push(...(await Promise.all(questions.splice(0, 8).map(ask))).flat())
    return heard
  }
  const about = lists.filter(
    (path) =>
      /^\/(me|users|groups|directoryObjects|applications|servicePrincipals|domains)/.test(path) &&
      !CASTS_AGAIN.test(path),
  )
  /** Narrower clients of a reader are told nothing that the wide one is not, and nothing of what they are not for. */
  const hearNoMore = async (
    t: Test,
    wide: Heard,
    clients: Narrower,
    tokenOf: (scopes: string[]) => string | Promise<string>,
  ) => {
    const known = factsOf(wide)
    for (const [scopes, unheard] of clients) {
      const heard = await askedBy(await tokenOf(scopes), about)
      t.strictSame(
        [...factsOf(heard)].filter((fact) => !known.has(fact)),
        [],
        `${scopes}: never more`,
      )
      t.strictSame(
        heard.filter(([, text]) => unheard.test(text)),
        [],
        `${scopes}: nothing of others`,
      )
    }
  }
  const ofPerson = (id: string) => (scopes: string[]) => service.userToken(id, scopes)
  const named = (text: string) => [...names].reduce((so, [id, name]) => so.replaceAll(id, name), text)
  /** Without what the request has said: a link to where one already is, a refusal that repeats an id. */
  const heardIn = (text: string, path: string, body: unknown) => {
    const said = path === '/$batch' ? [...names.keys()].filter((id) => JSON.stringify(body).includes(id)) : []
    return [path.split('?')[0] ?? path, ...said].reduce((so, words) => so.replaceAll(words, ''), text)
  }
  const policy = (guests: keyof typeof GUEST_USER_ROLES, allowedToReadOtherUsers = true) =>
    service.api('PATCH', '/policies/authorizationPolicy', {
      guestUserRoleId: GUEST_USER_ROLES[guests],
      defaultUserRolePermissions: { allowedToReadOtherUsers },
    })
  const mayFollow = async (reader: string) => {
    const token = await service.userToken(reader, ALL)
    const statuses = await Promise.all(
      world.follows.map((body) => service.api('POST', '/subscriptions', body, { token }).then(({ status }) => status)),
    )
    return statuses.some((status) => status !== 403)
  }

  await t.test('restricted guests: the ids of their own groups', async (t) => {
    await policy('restricted')
    const heard = await asked(world.guest, reads)
    t.ok(heard.some(([, text]) => text.includes('TEAM')))
    const leaks = heard.filter(([, text]) =>
      /ANA|BO\b|PAT|KIM|OTHER|HIDDEN|GONE|ROLE|kanari-(?!app)|"displayName":"kanari-app|further|jotted/.test(text),
    )
    t.strictSame(leaks, [])
    const roots = new Set(heard.map(([path]) => path.replace(/^(\S+ \/[\w$]+(\/GUEST)?).*$/, '$1')))
    t.strictSame(
      [...roots].filter((root) => !/^\S+ \/(me|users\/GUEST|organization|\$batch)$/.test(root)).sort(),
      ['GET /invitations', 'GET /subscriptions', 'POST /directoryObjects'],
      'and that of their own',
    )
    const counts = heard.filter(([path, text]) => path.endsWith('/$count') && text !== '0')
    t.strictSame(
      counts.filter(([path]) => !/^GET \/(me|users\/GUEST)\//.test(path)),
      [],
      'nor how many there are',
    )
    t.notOk(await mayFollow(world.guest), 'nor when something changes')
    await hearNoMore(t, heard, NARROWER, ofPerson(world.guest))
  })

  await t.test(
    'limited guests: nothing of roles, of groups that hide their members, no lists of everybody',
    async (t) => {
      await policy('limited')
      const heard = await asked(world.guest)
      t.ok(heard.some(([, text]) => text.includes('kanari-ana')))
      t.strictSame(
        heard.filter(([, text]) => /kanari-hidden|GONE|ROLE|further|jotted-of-user/.test(text)),
        [],
      )
      const ids = heard.filter(([, text]) => /HIDDEN/.test(text)).map(([path]) => path.replace(/[0-9a-f-]{36}/, 'APP'))
      t.strictSame(ids, ['GET /servicePrincipals/APP/appRoleAssignedTo'], 'that somebody has a role, and not who')
      const lists =
        /^GET \/(users|groups|applications|servicePrincipals|invitations|policies|identity|directory\/\w+)(\/(delta|microsoft\S*|[a-z]\w+Polic\w+.*|identityProviders))?$/
      t.strictSame(
        heard.filter(([path, text]) => lists.test(path) && !/"value":\[\]/.test(text)),
        [],
      )
      t.notOk(await mayFollow(world.guest), 'nor when something changes')
      await hearNoMore(t, heard, NARROWER, ofPerson(world.guest))
    },
  )

  await t.test('guests who read as members do: no more than they, and with a narrower client never more', async (t) => {
    await policy('sameAsMembers')
    const wide = await asked(world.guest)
    t.ok(wide.some(([, text]) => text.includes('further')))
    await hearNoMore(t, wide, NARROWER, ofPerson(world.guest))
  })

  await t.test('members who may read nobody else: no name, address or word of anybody', async (t) => {
    await policy('restricted', false)
    const heard = await asked(world.member)
    t.ok(heard.some(([, text]) => text.includes('kanari-team')))
    t.strictSame(
      heard.filter(([, text]) => /kanari-(ana|bo|pat|kim)|further|jotted-of-user/.test(text)),
      [],
    )
    t.notOk(await mayFollow(world.member), 'nor when they change')
  })

  await t.test('members: all but who is in groups that hide it; with a narrower client never more', async (t) => {
    await policy('restricted')
    const wide = await asked(world.member)
    t.ok(wide.some(([, text]) => text.includes('further')))
    t.strictSame(
      wide.filter(([path, text]) => OF_MEMBERSHIP.test(path) && /HIDDEN|kanari-hidden/.test(text)),
      [],
    )
    const within = wide.filter(([path]) => /HIDDEN(\/|\?\$expand=)(members|owners|transitiveMembers)/.test(path))
    t.notOk(within.some(([path, text]) => path.includes('HIDDEN/') || !/"(members|owners)":\[\]/.test(text)))
    await hearNoMore(t, wide, NARROWER, ofPerson(world.member))
  })

  await t.test('clients in their own name: of what they may not read, that it is there and no more', async (t) => {
    // All of them first: each is an application that the others see.
    const tokens = new Map<string, string>()
    for (const [scopes] of NARROWER_CLIENTS) tokens.set(`${scopes}`, await service.appToken(scopes))
    const everything = await askedBy(await service.appToken(applicationPermissions), about)
    for (const word of ['further', 'kanari-hidden', 'Guest Inviter', 'jotted-of-group']) {
      t.ok(
        everything.some(([, text]) => text.includes(word)),
        word,
      )
    }
    await hearNoMore(t, everything, NARROWER_CLIENTS, (scopes) => tokens.get(`${scopes}`) ?? '')
  })
})

type Asked = [method: string, path: string, body: unknown]
type Heard = [path: string, text: string][]

/** What answers tell, each thing with where it stands; what is null or empty tells nothing. */
function factsOf(heard: Readonly<Heard>): Set<string> {
  const facts = new Set<string>()
  const tell = (about: string, value: unknown): void => {
    if (value === null || (Array.isArray(value) && value.length === 0)) return
    if (Array.isArray(value)) for (const item of value) tell(about, item)
    else if (typeof value === 'object') {
      const { id } = value as { id?: unknown }
      const within = id === undefined ? about : `${about}/${id}`
      for (const [name, part] of Object.entries(value)) if (!name.startsWith('@odata')) tell(`${within}/${name}`, part)
    } else facts.add(`${about} = ${value}`)
  }
  for (const [path, text] of heard)
    if (path !== 'POST /$batch') tell(path, text.startsWith('{') ? JSON.parse(text) : text)
  return facts
}

/** People, groups and applications tied in every way there is; each name starts with `kanari`, each word of theirs is `further`. */
async function peopled(service: TestService) {
  /** A world that lacks a part proves nothing. */
  const api: TestService['api'] = async (method, path, body) => {
    const answer = await service.api(method, path, body)
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`)
    return answer
  }
  const guest = await person(service, 'guest', { userType: 'Guest' })
  const member = await person(service, 'member')
  const [ana, bo] = [await person(service, 'kanari-ana'), await person(service, 'kanari-bo')]
  const [kim, gone] = [await person(service, 'kanari-kim'), await person(service, 'kanari-gone')]
  const pat = (await service.invite('kanari-pat@partner.example')).invitedUser.id
  await api('PATCH', `/users/${ana}`, { jobTitle: 'further', department: 'further', businessPhones: ['further'] })
  await api('POST', `/users/${ana}/extensions`, { extensionName: 'example.kept', kept: 'jotted-of-user' })
  await service.services.database.withTenant(service.tenantId, (scope) =>
    assignDirectoryRole(scope, ana, ROLES.guestInviter, service.services.clock()),
  )
  const group = async (displayName: string, members: string[], wish = {}): Promise<string> => {
    const bind = members.map((id) => `x/directoryObjects/${id}`)
    const least = { mailNickname: displayName, mailEnabled: false, securityEnabled: true, 'members@odata.bind': bind }
    return (await api('POST', '/groups', { displayName, uniqueName: displayName, ...least, ...wish })).body.id
  }
  const team = await group('kanari-team', [guest, member, ana], { 'owners@odata.bind': [`x/users/${bo}`] })
  const other = await group('kanari-other', [ana, bo])
  const hidden = await group('kanari-hidden', [ana, bo], { ...HIDING, 'owners@odata.bind': [`x/users/${ana}`] })
  await api('POST', `/groups/${team}/extensions`, { extensionName: 'example.kept', kept: 'jotted-of-group' })
  const goneGroup = await group('kanari-gone', [ana])
  for (const path of [`/users/${gone}`, `/groups/${goneGroup}`]) await api('DELETE', path)
  await api('PUT', `/users/${pat}/manager/$ref`, { '@odata.id': `x/users/${guest}` })
  await api('PUT', `/users/${kim}/manager/$ref`, { '@odata.id': `x/users/${member}` })
  for (const id of [guest, member, ana]) {
    await api('PUT', `/users/${id}/manager/$ref`, { '@odata.id': `x/users/${bo}` })
    await api('POST', `/users/${id}/sponsors/$ref`, { '@odata.id': `x/users/${bo}` })
    await api('POST', `/users/${pat}/sponsors/$ref`, { '@odata.id': `x/users/${id}` })
  }
  await api('POST', `/users/${guest}/sponsors/$ref`, { '@odata.id': `x/groups/${hidden}` })
  const { body: app } = await api('POST', '/applications', { displayName: 'kanari-app' })
  const { body: principal } = await api('POST', '/servicePrincipals', { appId: app.appId })
  for (const owner of [ana, guest, member]) {
    await api('POST', `/applications/${app.id}/owners/$ref`, { '@odata.id': `x/users/${owner}` })
    await api('POST', `/servicePrincipals/${principal.id}/owners/$ref`, { '@odata.id': `x/users/${owner}` })
  }
  const { body: goneApp } = await api('POST', '/applications', { displayName: 'kanari-gone' })
  await api('POST', '/servicePrincipals', { appId: goneApp.appId })
  await api('DELETE', `/applications/${goneApp.id}`)
  for (const principalId of [guest, ana, other, hidden]) {
    const appRoleId = '00000000-0000-0000-0000-000000000000'
    const wish = { principalId, resourceId: principal.id, appRoleId }
    await api('POST', `/servicePrincipals/${principal.id}/appRoleAssignedTo`, wish)
  }
  const names = new Map<string, string>(
    Object.entries({
      ANA: ana,
      BO: bo,
      PAT: pat,
      KIM: kim,
      GUEST: guest,
      TEAM: team,
      OTHER: other,
      HIDDEN: hidden,
      GONE: gone,
    }).map(([name, id]) => [id, name]),
  )
    .set(goneGroup, 'GONE')
    .set(goneApp.id, 'GONE')
    .set(ROLES.guestInviter, 'ROLE')
  const ids: Record<string, string[]> = {
    users: [guest, ana],
    groups: [team, other, hidden],
    directoryObjects: [ana, other, hidden, ROLES.guestInviter, app.id, principal.id],
    directory: [gone, goneGroup, goneApp.id],
    applications: [app.id],
    servicePrincipals: [principal.id],
    domains: ['contoso.example'],
    organization: [service.tenantId],
  }
  const everybody = [ana, bo, kim, team, other, hidden, ROLES.guestInviter, app.id, principal.id]
  const whose = [
    '/me',
    `/users/${ana}`,
    `/groups/${other}`,
    `/groups/${hidden}`,
    `/directoryObjects/${ana}`,
    `/servicePrincipals/${principal.id}`,
  ]
  return {
    guest,
    member,
    names,
    follows: ['/users', '/groups', `/users/${ana}`, '/invitations'].map((resource) => ({
      changeType: 'updated',
      notificationUrl: `${service.baseUrl}/nowhere`,
      resource,
      expirationDateTime: new Date(Date.now() + 3_600_000).toISOString(),
    })),
    /** A path once for each object that its first parameter can mean; the second one is a stranger. */
    fill: (path: string) =>
      path.includes('{id}')
        ? (ids[path.split('/')[1] ?? ''] ?? []).map((id) => path.replace('{id}', id).replace('{item}', bo))
        : path.includes('{uniqueName}')
          ? ['kanari-team', 'kanari-hidden'].map((name) => path.replace('{uniqueName}', name))
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
    ] as [string, unknown][],
  }
}
