import t from 'tap'
import { assignDirectoryRole } from '../../src/directory/index.js'
import { startService, type TestService } from '../support/service.js'
import { guestOf, Person } from './world.js'

let service: TestService
t.before(async () => {
  service = await startService(t)
})

const leave = () => `/myaccount/leave?tenant=${service.tenantId}`
const POLICY = '/policies/externalIdentitiesPolicy'

t.test('leaving is a deletion that can be undone', async (t) => {
  const fabrikam = await service.otherTenant('fabrikam.example')
  const ana = await guestOf(service, 'ana@partner.example')
  await guestOf(service, ana.mail, fabrikam)
  const delta = (await service.api('GET', '/users/delta?$deltatoken=latest')).body['@odata.deltaLink']
  const elsewhere = await new Person(service).signIn(`/myapps?tenant=${service.tenantId}`, ana.mail)
  service.advance(60_000)
  const person = await new Person(service).signIn(leave(), ana.mail)
  t.match(person, { status: 200, name: 'leave' })
  await person.submit({ to: fabrikam.tenantId, next: 'account' }, `/myapps/switch?tenant=${service.tenantId}`)
  await person.open(leave())
  t.match(await person.submit({ choice: 'stay' }), { name: 'my-account' }, 'only the one button leaves')
  t.equal((await service.api('GET', `/users/${ana.id}`)).status, 200)
  await person.open(leave())
  t.match(await person.submit({ choice: 'leave' }), { status: 200, name: 'left' })

  t.equal((await service.api('GET', `/users/${ana.id}`)).status, 404)
  t.equal((await service.api('GET', `/directory/deletedItems/${ana.id}`)).status, 200)
  t.match(await elsewhere.open(`/myapps?tenant=${service.tenantId}`), { name: 'sign-in' }, 'out in every browser')
  t.match(await person.open(`/myapps?tenant=${fabrikam.tenantId}`), { name: 'my-apps' }, 'and still in elsewhere')
  const path = new URL(delta).pathname.replace('/v1.0', '') + new URL(delta).search
  const { body } = await service.api('GET', path)
  t.match(
    body.value.find(({ id }: { id: string }) => id === ana.id),
    { '@removed': { reason: 'changed' } },
    'told to whoever follows',
  )
  const audits = await service.rows(`select activity_display_name as name, initiated_by as by from audit_events
    where target_id = '${ana.id}' and activity_display_name in ('Leave organization', 'Delete user') order by 1`)
  t.match(Array.from(audits), [
    { name: 'Delete user', by: { kind: 'user', id: ana.id } },
    { name: 'Leave organization', by: { kind: 'user', id: ana.id } },
  ])
  t.equal((await service.api('POST', `/directory/deletedItems/${ana.id}/restore`)).status, 200)
  service.advance(60_000)
  t.match(await new Person(service).signIn(`/myapps?tenant=${service.tenantId}`, ana.mail), { name: 'my-apps' })
})

t.test('an organization without privacy information cannot switch it, one with it can', async (t) => {
  const ben = await guestOf(service, 'ben@partner.example')
  const person = await new Person(service).signIn(leave(), ben.mail)
  t.match((await service.api('GET', POLICY)).body, {
    id: 'externalIdentitiesPolicy',
    allowExternalIdentitiesToLeave: true,
  })
  const refused = await service.api('PATCH', POLICY, { allowExternalIdentitiesToLeave: false })
  t.equal(refused.status, 400)
  t.match(refused.body.error, {
    target: 'allowExternalIdentitiesToLeave',
    innerError: { code: 'privacyInformationMissing' },
  })
  await service.api('PATCH', `/organization/${service.tenantId}`, {
    privacyProfile: { contactEmail: 'privacy@contoso.example' },
  })
  const token = await service.appToken(['Policy.Read.All', 'Policy.ReadWrite.Authorization'])
  t.equal((await service.api('PATCH', POLICY, { allowExternalIdentitiesToLeave: false }, { token })).status, 403)
  const allowed = await service.appToken(['Policy.ReadWrite.ExternalIdentities'])
  t.equal(
    (await service.api('PATCH', POLICY, { allowExternalIdentitiesToLeave: false }, { token: allowed })).status,
    204,
  )
  t.equal((await service.api('GET', POLICY, undefined, { token })).body.allowExternalIdentitiesToLeave, false)

  // Drawn before the policy changed, sent after.
  t.match(await person.submit({ choice: 'leave' }), { status: 403, name: 'leave' })
  t.match(person.page, /Write to .*privacy@contoso\.example/)
  t.equal((await service.api('GET', `/users/${ben.id}`)).status, 200)
  await service.api('PATCH', POLICY, { allowExternalIdentitiesToLeave: true })
  t.match(await person.open(leave()), { status: 200 })
})

t.test('members stay, and administrators until they have handed their role back', async (t) => {
  const admin = await new Person(service).signIn(leave(), 'admin@contoso.example')
  t.match(admin, { status: 403, name: 'leave' })
  t.match(admin.page, 'is your home organization')
  t.match(await admin.submit({ choice: 'leave' }, leave()), { status: 403 })
  const guest = await guestOf(service, 'guest-admin@partner.example')
  await service.services.database.withTenant(service.tenantId, (scope) =>
    assignDirectoryRole(scope, guest.id, '62e90394-69f5-4237-9190-012177145e10', service.services.clock()),
  )
  const person = await new Person(service).signIn(leave(), guest.mail)
  t.match(person, { status: 403, name: 'leave' })
  t.match(person.page, 'Ask another administrator')
  for (const { id } of [guest, { id: service.adminId }]) {
    t.equal((await service.api('GET', `/users/${id}`)).status, 200)
  }
})
