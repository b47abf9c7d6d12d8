import t from 'tap'
import { person } from '../../support/people.js'
import { startService } from '../../support/service.js'
import { groupsOf } from './support.js'

t.test('directoryObjects', async (t) => {
  const service = await startService(t, { workers: false })
  const groups = groupsOf(service)
  const mia = await person(service, 'mia')
  const group = await groups.make({ displayName: 'Crew' })
  const get = (path: string, options = {}) => service.api('GET', path, undefined, options)
  const byIds = (body: unknown, options = {}) => service.api('POST', '/directoryObjects/getByIds', body, options)

  await t.test('one by id says what it is', async (t) => {
    const user = await get(`/directoryObjects/${mia.toUpperCase()}`)
    t.match(user.body, {
      '@odata.context': `${service.baseUrl}/v1.0/$metadata#directoryObjects/$entity`,
      '@odata.type': '#microsoft.graph.user',
      displayName: 'mia',
    })
    t.match((await get(`/directoryObjects/${group}?$select=id,displayName`)).body, {
      '@odata.type': '#microsoft.graph.group',
      displayName: 'Crew',
    })
    for (const id of [service.tenantId, 'x', 'mia@contoso.example'])
      t.equal((await get(`/directoryObjects/${id}`)).status, 404, id)
    t.equal((await get(`/directoryObjects/${mia}?$select=colour`)).status, 400)
    t.equal((await get(`/directoryObjects/${mia}`, { token: await service.appToken(['User.Read.All']) })).status, 403)
  })

  await t.test('several by ids, those of some types, and none that is unknown', async (t) => {
    const ids = [group, mia, service.tenantId, mia.toUpperCase()]
    const all = await byIds({ ids })
    t.equal(all.body['@odata.context'], `${service.baseUrl}/v1.0/$metadata#directoryObjects`)
    t.strictSame(all.body.value.map((object: any) => [object['@odata.type'], object.id]).sort(), [
      ['#microsoft.graph.group', group],
      ['#microsoft.graph.user', mia],
    ])
    for (const types of [['USER'], ['user', 'device'], ['microsoft.graph.user']])
      t.strictSame(
        (await byIds({ ids, types })).body.value.map(({ id }: any) => id),
        [mia],
      )
    t.equal((await byIds({ ids, types: [] })).body.value.length, 2)
    t.equal((await byIds({ ids, types: null })).body.value.length, 2)
    t.strictSame((await byIds({ ids: [] })).body.value, [])
    const thousand = Array.from({ length: 1_000 }, () => crypto.randomUUID())
    t.equal((await byIds({ ids: thousand })).status, 200)
    for (const body of [{ ids: [...thousand, mia] }, { ids: ['x'] }, {}, { ids: mia }])
      t.equal((await byIds(body)).status, 400)
    await service.api('DELETE', `/users/${await person(service, 'gone')}`)
    t.equal((await service.api('POST', '/groups/getByIds', { ids })).body.value.length, 2)
  })

  await t.test('deleting one takes what deleting its kind takes', async (t) => {
    const remove = (id: string, options = {}) => service.api('DELETE', `/directoryObjects/${id}`, undefined, options)
    const users = { token: await service.appToken(['User.ReadWrite.All']) }
    t.equal((await remove(group, users)).status, 403)
    t.equal((await remove(service.adminId)).status, 403, 'administrators are protected')
    t.equal((await remove(mia, users)).status, 204)
    t.equal((await get(`/users/${mia}`)).status, 404)
    t.equal((await remove(mia, users)).status, 404)
    t.equal((await remove(group)).status, 204)
    t.equal((await get(`/groups/${group}`)).status, 404)
  })
})
