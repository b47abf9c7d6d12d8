import { readFileSync } from 'node:fs'
import t from 'tap'
import { applicationPermissions, isApplicationPermission, permissions } from '../../src/graph/permissions.js'
import { isGuid } from '../../src/kernel/ids.js'

t.test('names and ids are unique and well formed', async (t) => {
  const names = permissions.map(({ name }) => name)
  t.equal(new Set(names).size, names.length)
  const ids = permissions.flatMap(({ application, delegated }) => [application ?? [], delegated ?? []].flat())
  t.equal(new Set(ids).size, ids.length)
  t.ok(ids.every((id) => isGuid(id) && id === id.toLowerCase()))
  t.equal(
    permissions.find(({ name }) => name === 'User.Invite.All')?.application,
    '09850681-111b-4a89-9bed-3f2cae46d706',
  )
})

t.test('only names as they are written are known', async (t) => {
  t.ok(isApplicationPermission('User.Invite.All'))
  t.notOk(isApplicationPermission('user.invite.all'))
  t.notOk(isApplicationPermission('User.Read'), 'delegated only')
})

// An operation of the contract must never be out of reach of the bootstrapped client.
t.test('invitations and users of the contract are within reach', async (t) => {
  const contract = JSON.parse(readFileSync('openapi/graph-v1.0-subset.json', 'utf8'))
  for (const path of ['/invitations', '/users', '/users/{user-id}', '/policies/authorizationPolicy']) {
    for (const method of ['get', 'post', 'patch', 'delete']) {
      const granted: { Application?: Record<string, string[]> } | undefined =
        contract.paths[path]?.[method]?.['x-graph-permissions']
      const names = Object.values(granted?.Application ?? {}).flat()
      if (names.length > 0)
        t.ok(
          names.some((name) => applicationPermissions.includes(name)),
          `${method} ${path}`,
        )
    }
  }
})
