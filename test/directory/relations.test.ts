import t from 'tap'
import { ROLES } from '../../src/policies/index.js'
import { person } from '../support/people.js'
import { startService } from '../support/service.js'

const ids = (body: { value: { id: string }[] }) => body.value.map(({ id }) => id)

t.test('who stands above a user, below them, and who answers for them', async (t) => {
  const service = await startService(t, { workers: false })
  const call = (method: string, path: string, body?: unknown, options = {}) => service.api(method, path, body, options)
  const people: Record<string, string> = {}
  for (const name of ['ana', 'bo', 'cy', 'di', 'ed', 'flo', 'gil']) people[name] = await person(service, name)
  const id = (name: string) => people[name] ?? ''
  const reference = (name: string, set = 'directoryObjects') => ({
    '@odata.id': `https://graph.microsoft.com/v1.0/${set}/${id(name)}`,
  })

  await t.test('a manager is set, read, expanded, exchanged and taken away', async (t) => {
    const path = `/users/${id('ana')}/manager`
    const none = await call('GET', path)
    t.equal(none.status, 404)
    t.equal(
      none.body.error.message,
      "Resource 'manager' does not exist or one of its queried reference-property objects are not present.",
    )
    t.equal((await call('DELETE', `${path}/$ref`)).status, 404)
    t.equal((await call('PUT', `${path}/$ref`, reference('bo', 'users'))).status, 204)
    const { body } = await call('GET', path)
    t.equal(body['@odata.context'], `${service.baseUrl}/v1.0/$metadata#directoryObjects/$entity`)
    t.match(body, { '@odata.type': '#microsoft.graph.user', id: id('bo'), displayName: 'bo' })
    t.strictSame(Object.keys((await call('GET', `${path}?$select=displayName`)).body).sort(), [
      '@odata.context',
      '@odata.type',
      'displayName',
    ])
    t.strictSame((await call('GET', `${path}/$ref`)).body, {
      '@odata.context': `${service.baseUrl}/v1.0/$metadata#$ref`,
      '@odata.id': `${service.baseUrl}/v1.0/directoryObjects/${id('bo')}`,
    })
    const expanded = (await call('GET', `/users/${id('ana')}?$select=id&$expand=manager($select=id,mail)`)).body
    t.strictSame(expanded.manager, { '@odata.type': '#microsoft.graph.user', id: id('bo'), mail: 'bo@contoso.example' })
    t.strictSame(ids((await call('GET', `/users/${id('bo')}/directReports`)).body), [id('ana')])

    t.equal((await call('PUT', `${path}/$ref`, reference('cy'))).status, 204)
    t.equal((await call('GET', path)).body.id, id('cy'))
    t.strictSame(ids((await call('GET', `/users/${id('bo')}/directReports`)).body), [])
    t.equal((await call('DELETE', `${path}/$ref`)).status, 204)
    t.equal((await call('GET', path)).status, 404)
    t.notOk('manager' in (await call('GET', `/users/${id('ana')}?$expand=manager`)).body)
  })

  await t.test('the chain of managers is expanded to its end, a circle once around', async (t) => {
    for (const [who, manager] of [
      ['ana', 'bo'],
      ['bo', 'cy'],
      ['cy', 'di'],
    ] as const)
      await call('PUT', `/users/${id(who)}/manager/$ref`, reference(manager))
    const chain = async () => {
      let entity = (
        await call(
          'GET',
          `/users/${id('ana')}?$select=id&$expand=manager($levels=max;$select=id)&$count=true`,
          undefined,
          {
            headers: { consistencylevel: 'eventual' },
          },
        )
      ).body
      const seen = []
      for (; entity; entity = entity.manager) seen.push(entity.id)
      return seen
    }
    t.strictSame(await chain(), ['ana', 'bo', 'cy', 'di'].map(id))
    await call('PUT', `/users/${id('di')}/manager/$ref`, reference('ana'))
    t.strictSame(await chain(), ['ana', 'bo', 'cy', 'di'].map(id))
    await call('DELETE', `/users/${id('di')}/manager/$ref`)
  })

  await t.test('a deleted manager is none, and neither is a report who is gone', async (t) => {
    await call('PUT', `/users/${id('flo')}/manager/$ref`, reference('gil'))
    await call('PUT', `/users/${id('ed')}/manager/$ref`, reference('gil'))
    await call('DELETE', `/users/${id('ed')}`)
    t.strictSame(ids((await call('GET', `/users/${id('gil')}/directReports`)).body), [id('flo')])
    await call('DELETE', `/users/${id('gil')}`)
    t.equal((await call('GET', `/users/${id('flo')}/manager`)).status, 404)
    t.notOk('manager' in (await call('GET', `/users/${id('flo')}?$expand=manager`)).body)
  })

  await t.test('reports are listed in pages, counted, and cast', async (t) => {
    const boss = await person(service, 'boss')
    const reports = []
    for (let n = 0; n < 5; n++) {
      const report = await person(service, `report${n}`)
      reports.push(report)
      await call('PUT', `/users/${report}/manager/$ref`, { '@odata.id': `x/users/${boss}` })
    }
    const seen: string[] = []
    let path: string | undefined = `/users/${boss}/directReports?$top=2`
    while (path) {
      const { body }: { body: any } = await call('GET', path)
      t.ok(body.value.length <= 2)
      t.equal(body['@odata.context'], `${service.baseUrl}/v1.0/$metadata#directoryObjects`)
      for (const item of body.value) t.equal(item['@odata.type'], '#microsoft.graph.user')
      seen.push(...ids(body))
      path = body['@odata.nextLink']?.slice(`${service.baseUrl}/v1.0`.length)
    }
    t.strictSame(seen.sort(), reports.sort())
    const cast = await call('GET', `/users/${boss}/directReports/microsoft.graph.user`)
    t.equal(cast.body['@odata.context'], `${service.baseUrl}/v1.0/$metadata#users`)
    t.equal(cast.body.value.length, 5)
    t.notOk('@odata.type' in cast.body.value[0])
    const headers = { consistencylevel: 'eventual' }
    t.equal((await call('GET', `/users/${boss}/directReports/$count`, undefined, { headers })).text, '5')
  })

  await t.test('sponsors: five at most, each once, removed by path or by @id', async (t) => {
    const { invitedUser } = await service.invite('guest@partner.example', { invitedUserSponsors: [{ id: id('ana') }] })
    const path = `/users/${invitedUser.id}/sponsors`
    const list = async () => ids((await call('GET', path)).body).sort()
    t.strictSame(await list(), [id('ana')])
    t.equal((await call('POST', `${path}/$ref`, reference('bo'))).status, 204)
    const again = await call('POST', `${path}/$ref`, reference('bo'))
    t.equal(again.status, 400)
    t.equal(
      again.body.error.message,
      "One or more added object references already exist for the following modified properties: 'sponsors'.",
    )
    for (const name of ['cy', 'di', 'flo']) t.equal((await call('POST', `${path}/$ref`, reference(name))).status, 204)
    const sixth = await call('POST', `${path}/$ref`, { '@odata.id': `x/users/${service.adminId}` })
    t.equal(sixth.status, 403)
    t.equal(sixth.body.error.code, 'Directory_QuotaExceeded')
    t.strictSame(await list(), ['ana', 'bo', 'cy', 'di', 'flo'].map(id).sort())
    t.strictSame(ids((await call('GET', `/users/${id('bo')}/sponsorOf`)).body), [invitedUser.id])
    const expanded = (await call('GET', `/users/${invitedUser.id}?$select=id&$expand=sponsors($select=id)`)).body
    t.equal(expanded.sponsors.length, 5)
    t.equal((await call('GET', `${path}/$ref`)).body.value.length, 5)

    t.equal((await call('DELETE', `${path}/${id('bo')}/$ref`)).status, 204)
    const gone = await call('DELETE', `${path}/${id('bo')}/$ref`)
    t.equal(gone.status, 404)
    t.match(gone.body.error.message, id('bo'))
    const byQuery = `${path}/$ref?@id=${encodeURIComponent(reference('cy')['@odata.id'])}`
    t.equal((await call('DELETE', byQuery)).status, 204)
    t.equal((await call('DELETE', `${path}/$ref`)).status, 400)
    t.strictSame(await list(), ['ana', 'di', 'flo'].map(id).sort())
    await call('DELETE', `/users/${id('flo')}`)
    t.strictSame(await list(), ['ana', 'di'].map(id).sort(), 'a deleted one answers for nobody')
  })

  await t.test('references that lead nowhere', async (t) => {
    const path = `/users/${id('ana')}`
    const cases: [method: string, path: string, reference: string, status: number, inner: string][] = [
      ['PUT', '/manager/$ref', `x/users/${service.tenantId}`, 404, 'referenceNotFound'],
      ['PUT', '/manager/$ref', `x/users/${id('ana')}`, 400, 'ownManager'],
      ['PUT', '/manager/$ref', 'x/users/ana@contoso.example', 400, 'invalidReference'],
      ['POST', '/sponsors/$ref', `x/directoryObjects/${service.tenantId}`, 404, 'referenceNotFound'],
      ['POST', '/sponsors/$ref', `x/users/${id('ana')}`, 404, 'referenceNotFound'],
      ['POST', '/sponsors/$ref', '', 400, 'invalidReference'],
      ['POST', '/sponsors/$ref', `x/devices/${id('bo')}`, 400, 'invalidReference'],
    ]
    for (const [method, tail, link, status, inner] of cases) {
      const answer = await call(method, `${path}${tail}`, { '@odata.id': link })
      t.equal(answer.status, status, link)
      t.equal(answer.body.error.innerError.code, inner)
    }
    t.equal((await call('PUT', `${path}/manager/$ref`, {})).status, 400)
    for (const unknown of [service.tenantId, 'nobody@contoso.example']) {
      t.equal((await call('PUT', `/users/${unknown}/manager/$ref`, reference('bo'))).status, 404)
      t.equal((await call('POST', `/users/${unknown}/sponsors/$ref`, reference('bo'))).status, 404)
      for (const part of ['manager', 'directReports', 'sponsors', 'sponsorOf', 'appRoleAssignments'])
        t.equal((await call('GET', `/users/${unknown}/${part}`)).status, 404, part)
    }
  })

  await t.test('another organization’s people are neither read nor named', async (t) => {
    const other = await service.otherTenant('fabrikam.example')
    const theirs = { token: other.token }
    await call('PUT', `/users/${id('ana')}/manager/$ref`, reference('bo'))
    for (const part of ['manager', 'directReports', 'sponsors', 'sponsorOf', 'appRoleAssignments'])
      t.equal((await call('GET', `/users/${id('ana')}/${part}`, undefined, theirs)).status, 404, part)
    const own = `/users/${other.adminId}`
    t.equal((await call('PUT', `${own}/manager/$ref`, reference('bo'), theirs)).status, 404)
    t.equal((await call('POST', `${own}/sponsors/$ref`, reference('bo'), theirs)).status, 404)
    t.equal((await call('DELETE', `/users/${id('ana')}/manager/$ref`, undefined, theirs)).status, 404)
    t.equal((await call('POST', `/users/${id('ana')}/revokeSignInSessions`, undefined, theirs)).status, 404)
    t.equal((await call('GET', `/users/${id('ana')}/manager`)).body.id, id('bo'))
  })

  await t.test('assignments of applications are an empty list', async (t) => {
    const { body } = await call('GET', `/users/${id('ana')}/appRoleAssignments`)
    t.strictSame(body.value, [])
  })

  await t.test('people tie others only with a role', async (t) => {
    const administrator = await person(service, 'uma', { role: ROLES.userAdministrator })
    const as = async (who: string) => ({ token: await service.userToken(who, ['User.ReadWrite.All']) })
    const member = await as(id('bo'))
    t.equal((await call('PUT', `/users/${id('ana')}/manager/$ref`, reference('di'), member)).status, 403)
    t.equal((await call('POST', `/users/${id('ana')}/sponsors/$ref`, reference('di'), member)).status, 403)
    t.equal(
      (await call('PUT', `/users/${id('ana')}/manager/$ref`, reference('di'), await as(administrator))).status,
      204,
    )
    t.equal((await call('PUT', '/me/manager/$ref', reference('di'), member)).status, 403)
  })
})
