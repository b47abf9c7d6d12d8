import t from 'tap'
import { GUEST_USER_ROLES } from '../../src/policies/documents.js'
import { ROLES } from '../../src/policies/index.js'
import { person } from '../support/people.js'
import { startService } from '../support/service.js'

t.test('what guests read follows guestUserRoleId, whatever their client may', async (t) => {
  const service = await startService(t, { workers: false })
  const guest = await person(service, 'guest', { userType: 'Guest' })
  const ana = await person(service, 'ana')
  const bo = await person(service, 'bo')
  for (const user of [guest, ana]) {
    await service.api('PUT', `/users/${user}/manager/$ref`, { '@odata.id': `x/users/${bo}` })
    await service.api('POST', `/users/${user}/sponsors/$ref`, { '@odata.id': `x/users/${bo}` })
  }
  await service.api('PATCH', `/users/${ana}`, { jobTitle: 'Auditor', businessPhones: ['+1 555'], department: 'Audit' })
  const token = await service.userToken(guest, ['User.Read.All'])
  const get = (path: string, as = token) => service.api('GET', path, undefined, { token: as })
  const level = (guestUserRoleId: string) => service.api('PATCH', '/policies/authorizationPolicy', { guestUserRoleId })
  const statusOf = async (path: string) => (await get(path)).status

  await t.test('restricted, as it is from the start: nobody but themselves', async (t) => {
    t.equal((await get(`/users/${guest}?$select=jobTitle,department`)).status, 200)
    t.equal(await statusOf(`/users/${ana}`), 404)
    t.equal(await statusOf('/users/ana@contoso.example'), 404)
    t.equal(await statusOf('/users'), 403)
    t.equal(await statusOf(`/users?$filter=${encodeURIComponent(`id eq '${ana}'`)}`), 403)
    t.equal(await statusOf('/me/manager'), 404)
    t.strictSame((await get('/me/sponsors')).body.value, [])
    t.strictSame((await get('/me?$select=id&$expand=sponsors')).body.sponsors, [])
    t.notOk('manager' in (await get('/me?$expand=manager')).body)
    for (const part of ['manager', 'directReports', 'sponsors']) t.equal(await statusOf(`/users/${ana}/${part}`), 404)
  })

  await t.test('limited: what names somebody whom they know, and no lists', async (t) => {
    t.equal((await level(GUEST_USER_ROLES.limited)).status, 204)
    const { body } = await get(
      `/users/${ana}?$select=id,displayName,mail,userPrincipalName,userType,jobTitle,businessPhones`,
    )
    t.strictSame(
      { ...body, '@odata.context': '' },
      {
        '@odata.context': '',
        id: ana,
        displayName: 'ana',
        mail: 'ana@contoso.example',
        userPrincipalName: 'ana@contoso.example',
        userType: 'Member',
        jobTitle: null,
        businessPhones: [],
      },
    )
    t.equal((await get(`/users/${ana}/manager?$select=displayName,jobTitle`)).body.displayName, 'bo')
    t.strictSame(
      (await get(`/users/${bo}/directReports`)).body.value.map(({ id, jobTitle }: any) => [id, jobTitle]).sort(),
      [
        [ana, null],
        [guest, null],
      ].sort(),
    )
    t.equal(
      (await get(`/users/${ana}?$select=id&$expand=manager($select=id,department)`)).body.manager.department,
      null,
    )
    t.equal(await statusOf('/users'), 403)
    t.equal(await statusOf('/users?$top=1'), 403)
    t.equal(
      (await service.api('GET', '/users/$count', undefined, { token, headers: { consistencylevel: 'eventual' } }))
        .status,
      403,
    )
    t.equal((await get('/me?$select=department')).status, 200)
  })

  await t.test('as members do: everything', async (t) => {
    await level(GUEST_USER_ROLES.sameAsMembers)
    t.match((await get(`/users/${ana}`)).body, { jobTitle: 'Auditor', businessPhones: ['+1 555'] })
    t.ok((await get('/users')).body.value.length >= 4)
  })

  await t.test('a directory role reads at any level, and a member always', async (t) => {
    await level(GUEST_USER_ROLES.restricted)
    const withRole = await person(service, 'inviter', { userType: 'Guest', role: ROLES.guestInviter })
    for (const id of [withRole, bo]) {
      const as = await service.userToken(id, ['User.Read.All'])
      t.equal((await get(`/users/${ana}`, as)).body.jobTitle, 'Auditor')
      t.equal((await get('/users', as)).status, 200)
    }
  })

  await t.test('members read nobody else where the organization says so', async (t) => {
    const defaultUserRolePermissions = { allowedToReadOtherUsers: false }
    await service.api('PATCH', '/policies/authorizationPolicy', { defaultUserRolePermissions })
    const as = await service.userToken(bo, ['User.Read.All'])
    t.equal((await get(`/users/${ana}`, as)).status, 404)
    t.equal((await get('/users', as)).status, 403)
    t.equal((await get('/me', as)).status, 200)
    t.equal((await service.api('GET', `/users/${ana}`)).status, 200, 'applications go by their permissions')
  })
})
