import t from 'tap'
import { startService, type TestService } from '../support/service.js'
import { assignedApp, guestOf, Person } from './world.js'

let service: TestService
t.before(async () => {
  service = await startService(t)
})

const manage = (id = '') => `/myapps/manage${id && `/${id}`}?tenant=${service.tenantId}`
const setLevel = (guestUserRoleId: string) => service.api('PATCH', '/policies/authorizationPolicy', { guestUserRoleId })
const LIMITED = '10dae51f-b6af-4016-8d66-8c2a99b929b3'
const RESTRICTED = '2af84b1e-32c8-42b7-82bc-daa82404023b'

t.test('owners see who has what they own, and change nothing', async (t) => {
  const owner = await guestOf(service, 'owner@partner.example')
  const user = await guestOf(service, 'user@partner.example')
  const app = await assignedApp(service, user.id, { displayName: 'Wiki' })
  const other = await assignedApp(service, user.id, { displayName: 'Not theirs' })
  const reference = { '@odata.id': `https://graph.microsoft.com/v1.0/users/${owner.id}` }
  t.equal((await service.api('POST', `/servicePrincipals/${app.principalId}/owners/$ref`, reference)).status, 204)
  const group = await service.api('POST', '/groups', {
    displayName: 'Suppliers',
    mailEnabled: false,
    mailNickname: 'suppliers',
    securityEnabled: true,
    'owners@odata.bind': [`https://graph.microsoft.com/v1.0/users/${owner.id}`],
    'members@odata.bind': [`https://graph.microsoft.com/v1.0/directoryObjects/${user.id}`],
  })
  t.equal(group.status, 201)
  await setLevel(LIMITED)
  const person = await new Person(service).signIn(`/myapps?tenant=${service.tenantId}`, owner.mail)
  t.match(person.page, 'Manage what you own')
  await person.open(manage())
  t.match(person, { status: 200, name: 'manage' })
  t.match(person.page, /Wiki.*1 assignment.*Suppliers.*1 person/s)
  t.notMatch(person.page, 'Not theirs')
  for (const id of [app.principalId, group.body.id]) {
    t.match(await person.open(manage(id)), { status: 200, name: 'manage-people' })
    t.match(person.page, 'user@partner.example')
  }
  for (const id of [other.principalId, user.id, 'x']) {
    t.match(await person.open(manage(id)), { status: 404, name: 'error' }, id)
  }

  await t.test('at the restricted level no groups and no people (Entra: guest access levels)', async (t) => {
    await setLevel(RESTRICTED)
    await person.open(manage())
    t.match(person.page, /Wiki.*1 assignment/s)
    t.notMatch(person.page, 'Suppliers')
    for (const id of [app.principalId, group.body.id]) t.match(await person.open(manage(id)), { status: 404 })
    t.notMatch(person.page, 'user@partner.example')
  })

  const nobody = await new Person(service).signIn(`/myapps?tenant=${service.tenantId}`, user.mail)
  t.notMatch(nobody.page, 'Manage what you own')
  t.match((await nobody.open(manage())).page, 'You own no app or group')
})
