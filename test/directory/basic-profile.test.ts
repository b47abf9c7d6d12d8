import t from 'tap'
import { permittedView } from '../../src/directory/rules.js'
import { userResource } from '../../src/directory/user-resource.js'
import { parseFilter } from '../../src/graph/odata/filter-parser.js'
import { propertiesOf } from '../../src/graph/odata/filter-tree.js'
import { person } from '../support/people.js'
import { startService } from '../support/service.js'

const BASIC = ['displayName', 'givenName', 'id', 'mail', 'surname', 'userPrincipalName']
const ME = '01a1fe1c-0000-7000-8000-000000000001'
const OTHER = '01a1fe1c-0000-7000-8000-000000000002'

const cases: [permissions: string[], kind: 'application' | 'user', userId: string | undefined, all: boolean][] = [
  [['User.ReadBasic.All'], 'user', OTHER, false],
  [['User.ReadBasic.All'], 'user', undefined, false],
  [['User.ReadBasic.All'], 'user', ME, true],
  [['User.ReadBasic.All'], 'application', ME, false],
  [['User.ReadBasic.All', 'User.Invite.All'], 'user', OTHER, false],
  [['User.ReadBasic.All', 'User.Read.All'], 'user', OTHER, true],
  [['User.ReadWrite.All'], 'user', OTHER, true],
  [['Directory.Read.All'], 'application', OTHER, true],
  [['Directory.ReadWrite.All'], 'application', undefined, true],
]
for (const [permissions, kind, userId, all] of cases) {
  const whom = userId === ME ? 'itself' : userId === OTHER ? 'another user' : 'users'
  t.test(
    `${kind} with ${permissions.join(' and ') || 'nothing'} reads ${all ? 'all' : 'a little'} of ${whom}`,
    async (t) => {
      const readable = permittedView({ kind, objectId: ME, permissions: new Set(permissions) }, userId)
      if (all) t.equal(readable, 'everything')
      else t.strictSame(typeof readable === 'string' ? [] : [...readable.only].sort(), BASIC)
    },
  )
}

const filters: [filter: string, names: string[]][] = [
  ["mail eq 'a'", ['mail']],
  ["not (mail eq 'a') and (userType eq 'Guest' or mail in ('b','c'))", ['mail', 'userType']],
  ["startsWith(displayName,'A')", ['displayName']],
  ["otherMails/any(x:x eq 'a')", ['otherMails']],
  ["identities/any(x:x/issuer eq 'a' and x/issuerAssignedId eq 'b')", ['identities']],
  ['employeeOrgData/division eq null', ['employeeOrgData']],
  ['otherMails/$count eq 0', ['otherMails']],
]
for (const [filter, names] of filters) {
  t.test(`${filter} asks about ${names.join(' and ')}`, async (t) => {
    t.strictSame([...propertiesOf(parseFilter(filter))].sort(), names)
  })
}

t.test('a client that may read basic profiles', async (t) => {
  const service = await startService(t, { workers: false })
  const { invitedUser } = await service.invite('ana@partner.example', { invitedUserDisplayName: 'Ana' })
  await service.api('PATCH', `/users/${invitedUser.id}`, { jobTitle: 'Pilot', givenName: 'Ana' })
  const member = await person(service, 'max')
  const token = await service.userToken(member, ['User.ReadBasic.All'])
  const get = (path: string, as = token) => service.api('GET', path, undefined, { token: as })
  const filter = (text: string) => get(`/users?$filter=${encodeURIComponent(text)}`)

  await t.test('gets what is basic, and nothing of the rest', async (t) => {
    const byDefault = await get(`/users/${invitedUser.id}`)
    t.equal(byDefault.status, 200)
    t.match(byDefault.body, { displayName: 'Ana', givenName: 'Ana', mail: 'ana@partner.example', jobTitle: null })
    t.strictSame(byDefault.body.businessPhones, [])
    const names = Object.entries(userResource.properties).flatMap(([name, { isSingleOnly }]) =>
      // Graph refuses `signInActivity` to those who may not read the sign-in log.
      isSingleOnly || name === 'signInActivity' ? [] : [name],
    )
    const everything = `$select=${names.join(',')}`
    const one = (await get(`/users/${invitedUser.id}?${everything}`)).body
    const [listed] = (await get(`/users?${everything}&$filter=id eq '${invitedUser.id}'`)).body.value
    for (const shown of [one, listed]) {
      for (const name of names) {
        const isEmpty = shown[name] === null || shown[name]?.length === 0
        t.equal(isEmpty, !BASIC.includes(name) || name === 'surname', name)
      }
    }
  })

  await t.test('reads its person in full', async (t) => {
    t.match((await get(`/users/${member}?$select=userType,accountEnabled`)).body, {
      userType: 'Member',
      accountEnabled: true,
    })
  })

  await t.test('filters by what it may read only', async (t) => {
    t.equal((await filter("mail eq 'ana@partner.example'")).body.value.length, 1)
    for (const text of [
      "userType eq 'Guest'",
      "mail eq 'ana@partner.example' or externalUserState eq 'Accepted'",
      "otherMails/any(m:m eq 'ana@partner.example')",
      'not (accountEnabled eq true)',
    ]) {
      const { status, body } = await filter(text)
      t.equal(status, 403, text)
      t.match(body.error, {
        code: 'Authorization_RequestDenied',
        message: 'Insufficient privileges to complete the operation.',
      })
    }
  })

  await t.test('may be one that acts in its own name', async (t) => {
    const app = await service.appToken(['User.ReadBasic.All'])
    const path = `/users/${invitedUser.id}`
    t.match((await get(`${path}?$select=displayName,mail,jobTitle,userType`, app)).body, {
      displayName: 'Ana',
      mail: 'ana@partner.example',
      jobTitle: null,
      userType: null,
    })
    t.ok((await get('/users', app)).body.value.every(({ jobTitle }: any) => jobTitle === null))
    t.equal((await get(`/users?$filter=${encodeURIComponent("userType eq 'Guest'")}`, app)).status, 403)
    t.equal((await get(`${path}?$expand=memberOf`, app)).status, 403)
    t.equal((await get(`${path}/extensions`, app)).status, 403)
    for (const refused of [`${path}/memberOf`, '/users/delta', '/groups'])
      t.equal((await get(refused, app)).status, 403)
  })

  await t.test('is held to nothing once it may read full profiles', async (t) => {
    const full = await service.userToken(member, ['User.ReadBasic.All', 'User.Read.All'])
    t.match((await get(`/users/${invitedUser.id}?$select=jobTitle,userType`, full)).body, {
      jobTitle: 'Pilot',
      userType: 'Guest',
    })
  })
})
