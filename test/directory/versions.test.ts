import t from 'tap'
import { startService } from '../support/service.js'

const REPRESENTATION = { prefer: 'return=representation' }

t.test('versions of users and groups', async (t) => {
  const service = await startService(t, { workers: false })
  const { api } = service
  const user = (await service.invite('ana@partner.example')).invitedUser.id
  const made = await api('POST', '/groups', {
    displayName: 'Audit',
    mailEnabled: false,
    mailNickname: 'audit',
    securityEnabled: true,
    uniqueName: 'audit',
  })
  const group = made.body.id
  const etagOf = async (path: string) => {
    const { headers, body } = await api('GET', path)
    t.notOk('@odata.etag' in body, 'the body is Graph’s')
    return headers.get('etag') ?? ''
  }
  const change = (path: string, etag: string, body: object = { displayName: 'Another' }) =>
    api('PATCH', path, body, { headers: { 'if-match': etag } })

  for (const [path, others] of [
    [`/users/${user}`, [`/users/${user}?$select=id`, '/users/ana_partner.example%23EXT%23@contoso.example']],
    [`/groups/${group}`, [`/groups/${group}?$select=id`, "/groups(uniqueName='audit')"]],
  ] as const) {
    await t.test(path.split('/')[1] ?? '', async (t) => {
      const first = await etagOf(path)
      t.match(first, /^W\/"[\w-]+"$/)
      for (const other of others) t.equal(await etagOf(other), first, 'the same, however it is read')
      t.equal(await etagOf(path), first, 'reading changes nothing')

      t.equal((await change(path, first)).status, 204)
      const second = await etagOf(path)
      t.not(second, first)
      const stale = await change(path, first, { displayName: 'Too late' })
      t.equal(stale.status, 412)
      t.equal(stale.body.error.innerError.code, 'versionChanged')
      t.equal((await api('GET', path)).body.displayName, 'Another')
      t.equal(await etagOf(path), second)

      t.equal((await change(path, `${first}, ${second}`, {})).status, 204, 'one of several')
      t.equal((await change(path, '*', { displayName: 'Any' })).status, 204)
      const third = await etagOf(path)

      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, n) => change(path, third, { displayName: `Of ${n}` })),
      )
      t.strictSame(answers.map(({ status }) => status).sort(), [204, ...Array.from({ length: 7 }, () => 412)])

      const shown = await api('PATCH', path, { displayName: 'Shown' }, { headers: REPRESENTATION })
      t.equal(shown.status, 200)
      t.equal(shown.body.displayName, 'Shown')
      t.equal(shown.headers.get('preference-applied'), 'return=representation')
    })
  }

  await t.test('by a unique name', async (t) => {
    const path = "/groups(uniqueName='audit')"
    const etag = await etagOf(path)
    t.equal((await change(path, etag, { description: 'x' })).status, 204)
    t.equal((await change(path, etag, { description: 'y' })).status, 412)
  })

  await t.test('of a group, when only members are added', async (t) => {
    const path = `/groups/${group}`
    const reference = { 'members@odata.bind': [`https://graph.microsoft.com/v1.0/directoryObjects/${user}`] }
    t.equal((await change(path, 'W/"stale"', reference)).status, 412)
    t.equal((await api('GET', `${path}/members`)).body.value.length, 0)
    t.equal((await change(path, await etagOf(path), reference)).status, 204)
  })

  await t.test('what is created may be answered without a body', async (t) => {
    const created = await api(
      'POST',
      '/users',
      { accountEnabled: true, displayName: 'x', mailNickname: 'x', userPrincipalName: 'x@contoso.example' },
      { headers: { prefer: 'return=minimal' } },
    )
    t.equal(created.status, 204)
    t.match(created.headers.get('location'), /\/v1\.0\/users\/[0-9a-f-]{36}$/)
  })

  await t.test('a deletion may name one too, by whichever path', async (t) => {
    for (const path of [`/users/${user}`, `/groups/${group}`, `/directoryObjects/${group}`]) {
      const stale = await api('DELETE', path, undefined, { headers: { 'if-match': 'W/"stale"' } })
      t.equal(stale.status, 412, path)
    }
    for (const path of [`/users/${user}`, `/groups/${group}`]) {
      const headers = { 'if-match': await etagOf(path) }
      t.equal((await api('DELETE', path, undefined, { headers })).status, 204, path)
    }
  })

  await t.test('of what is not there', async (t) => {
    t.equal((await change(`/users/${service.tenantId}`, '*')).status, 404)
  })
})
