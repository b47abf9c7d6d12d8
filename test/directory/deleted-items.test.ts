import t from 'tap'
import { reactions } from '../../src/app.js'
import { purgeDeleted } from '../../src/directory/index.js'
import { DAY_MS } from '../../src/kernel/instant.js'
import { ROLES } from '../../src/policies/index.js'
import { Guest } from '../support/guest.js'
import { lastingToken, person } from '../support/people.js'
import { startService } from '../support/service.js'
import { signTestToken } from '../support/tokens.js'

const LIST = '/directory/deletedItems/microsoft.graph.user'

t.test('deleted users', async (t) => {
  const service = await startService(t, { workers: false })
  const token = await lastingToken(service)
  const call = (method: string, path: string, body?: unknown, options = {}) =>
    service.api(method, path, body, { token, ...options })
  const item = (id: string, verb = '') => `/directory/deletedItems/${id}${verb}`
  const invited = async (address: string) => {
    const answer = await call('POST', '/invitations', {
      invitedUserEmailAddress: address,
      inviteRedirectUrl: 'https://app.example/welcome',
    })
    return { id: answer.body.invitedUser.id as string, link: answer.body.inviteRedeemUrl as string }
  }

  await t.test('are listed by kind, counted, sorted, read, and nowhere else', async (t) => {
    const ana = await invited('ana@partner.example')
    const bo = await invited('bo@partner.example')
    t.strictSame((await call('GET', LIST)).body.value, [])
    for (const { id } of [ana, bo]) t.equal((await call('DELETE', `/users/${id}`)).status, 204)
    const { body } = await call('GET', `${LIST}?$select=id,deletedDateTime,mail`)
    t.equal(body['@odata.context'], `${service.baseUrl}/v1.0/$metadata#users(id,deletedDateTime,mail)`)
    t.strictSame(body.value.map(({ id }: any) => id).sort(), [ana.id, bo.id].sort())
    for (const { deletedDateTime } of body.value) t.match(deletedDateTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    const headers = { consistencylevel: 'eventual' }
    t.equal((await call('GET', `${LIST}/$count`, undefined, { headers })).text, '2')
    const sorted = await call('GET', `${LIST}?$count=true&$orderby=deletedDateTime desc`, undefined, { headers })
    t.equal(sorted.body['@odata.count'], 2)
    t.equal((await call('GET', `${LIST}?$orderby=deletedDateTime`)).status, 400, 'only in advanced queries')
    const one = (await call('GET', item(ana.id))).body
    t.equal(one['@odata.context'], `${service.baseUrl}/v1.0/$metadata#directoryObjects/$entity`)
    t.match(one, { '@odata.type': '#microsoft.graph.user', id: ana.id, mail: 'ana@partner.example' })
    t.equal(one.userPrincipalName, `${ana.id.replaceAll('-', '')}ana_partner.example#EXT#@contoso.example`)
    t.equal((await call('GET', item(service.adminId))).status, 404, 'somebody who is there')
    for (const id of [service.tenantId, 'x'])
      for (const [method, path] of [
        ['GET', item(id)],
        ['POST', item(id, '/restore')],
        ['DELETE', item(id)],
      ] as const)
        t.equal((await call(method, path)).status, 404, `${method} ${path}`)
  })

  await t.test('are restored as they were, but for links that died', async (t) => {
    const cy = await invited('cy@partner.example')
    await call('PATCH', `/users/${cy.id}`, { jobTitle: 'Auditor', otherMails: ['cy@home.example'] })
    await call('POST', `/users/${cy.id}/sponsors/$ref`, { '@odata.id': `x/users/${service.adminId}` })
    const before = (await call('GET', `/users/${cy.id}?$select=*`)).body
    await call('DELETE', `/users/${cy.id}`)
    const answer = await call('POST', item(cy.id, '/restore'))
    t.equal(answer.status, 200)
    t.equal(answer.body['@odata.type'], '#microsoft.graph.user')
    t.equal(answer.body['@odata.context'], `${service.baseUrl}/v1.0/$metadata#directoryObjects/$entity`)
    t.strictSame((await call('GET', `/users/${cy.id}?$select=*`)).body, before)
    t.match((await call('GET', `/users/${cy.id}?$select=externalUserState,otherMails,deletedDateTime`)).body, {
      externalUserState: 'PendingAcceptance',
      otherMails: ['cy@home.example'],
      deletedDateTime: null,
    })
    t.equal((await call('GET', `/users/${cy.id}/sponsors`)).body.value.length, 1)
    t.equal((await new Guest().get(cy.link)).status, 410, 'the link of the invitation stays dead')
    t.equal((await call('POST', item(cy.id, '/restore'))).status, 404, 'restoring twice')
    t.equal((await invited('cy@partner.example')).id, cy.id, 'inviting again finds the same guest')
    t.match(
      await service.rows(
        `select activity_display_name from audit_events where target_id = '${cy.id}' and activity_display_name = 'Restore user'`,
      ),
      [{}],
    )
  })

  await t.test('are read as what they are, several at once, and restored at the set they come from', async (t) => {
    const { id } = await invited('dan@partner.example')
    const group = { displayName: 'gone', mailNickname: 'gone', mailEnabled: false, securityEnabled: true }
    const groupId = (await call('POST', '/groups', group)).body.id as string
    for (const path of [`/users/${id}`, `/groups/${groupId}`]) await call('DELETE', path)
    const cast = await call('GET', item(id, '/graph.user?$select=id,mail'))
    t.strictSame(cast.body, {
      '@odata.context': `${service.baseUrl}/v1.0/$metadata#users(id,mail)/$entity`,
      id,
      mail: 'dan@partner.example',
    })
    t.equal((await call('GET', item(groupId, '/microsoft.graph.group'))).body.displayName, 'gone')
    for (const type of ['group', 'application', 'servicePrincipal', 'administrativeUnit', 'device'])
      t.equal((await call('GET', item(id, `/graph.${type}`))).status, 404, type)
    for (const type of ['administrativeUnit', 'device']) {
      t.strictSame((await call('GET', `/directory/deletedItems/graph.${type}`)).body.value, [])
    }
    t.equal((await call('GET', item(id, '?$select=colour'))).status, 400)

    const several = async (body: unknown, options = {}) =>
      (await call('POST', '/directory/deletedItems/getByIds', body, options)).body.value.map((one: any) => [
        one['@odata.type'],
        one.id,
      ])
    const all = { ids: [groupId, id, service.adminId, service.tenantId, id] }
    t.strictSame(await several(all), [
      ['#microsoft.graph.user', id],
      ['#microsoft.graph.group', groupId],
    ])
    t.strictSame(await several({ ...all, types: ['Group'] }), [['#microsoft.graph.group', groupId]])
    const narrow = { token: await service.appToken(['User.Read.All']) }
    t.strictSame(await several(all, narrow), [['#microsoft.graph.user', id]], 'what its permissions are about')
    t.equal((await call('POST', '/directory/deletedItems/getByIds', { ids: ['x'] })).status, 400)

    t.equal((await call('POST', `/groups/${id}/restore`)).status, 404, 'no group')
    t.equal((await call('POST', `/users/${groupId}/restore`)).status, 404, 'no user')
    t.equal((await call('POST', `/users/${id}/restore`, undefined, narrow)).status, 403)
    const restored = await call('POST', `/users/${id}/restore`)
    t.match(restored.body, { '@odata.type': '#microsoft.graph.user', id, deletedDateTime: null })
    t.equal((await call('POST', `/directoryObjects/${groupId}/restore`)).body['@odata.type'], '#microsoft.graph.group')
    t.equal((await call('GET', `/groups/${groupId}`)).status, 200)
    await call('DELETE', `/groups/${groupId}`)
    t.equal((await call('POST', `/groups/${groupId}/restore`)).status, 200)
    t.equal((await call('POST', `/users/${id}/restore`)).status, 404, 'who is there')
  })

  await t.test('meet those who took their name or address meanwhile', async (t) => {
    const first = await invited('di@partner.example')
    await call('DELETE', `/users/${first.id}`)
    const second = await invited('di@partner.example')
    const address = await call('POST', item(first.id, '/restore'))
    t.equal(address.status, 400)
    t.equal(
      address.body.error.message,
      'Another object with the same value for property proxyAddresses already exists.',
    )
    const name = await call('POST', item(first.id, '/restore'), { autoReconcileProxyConflict: true })
    t.equal(name.status, 400)
    t.equal(
      name.body.error.message,
      'Another object with the same value for property userPrincipalName already exists.',
    )
    t.equal((await call('GET', item(first.id))).body.mail, 'di@partner.example', 'nothing was changed')
    for (const newUserPrincipalName of ['di', 'di@fabrikam.example', 'admin@contoso.example'])
      t.equal(
        (await call('POST', item(first.id, '/restore'), { newUserPrincipalName, autoReconcileProxyConflict: true }))
          .status,
        400,
      )
    const wish = { newUserPrincipalName: 'di.old@contoso.example', autoReconcileProxyConflict: true }
    const restored = await call('POST', item(first.id, '/restore'), wish)
    t.equal(restored.status, 200, restored.text)
    t.match(restored.body, { id: first.id, mail: null, userPrincipalName: 'di.old@contoso.example' })
    t.equal((await call('GET', `/users/${second.id}`)).body.mail, 'di@partner.example')

    const other = await invited('ed@partner.example')
    await call('PATCH', `/users/${other.id}`, { otherMails: ['x@home.example', 'Y@home.example'] })
    await call('DELETE', `/users/${other.id}`)
    await invited('y@home.example')
    t.equal((await call('POST', item(other.id, '/restore'))).status, 400)
    t.equal((await call('POST', item(other.id, '/restore'), { autoReconcileProxyConflict: true })).status, 200)
    t.strictSame((await call('GET', `/users/${other.id}?$select=otherMails`)).body.otherMails, ['x@home.example'])
  })

  await t.test('are removed for good: by hand at once, by the clock after 30 days', async (t) => {
    const tables = ['users', 'user_other_mails', 'user_identities', 'user_sponsors', 'directory_role_assignments']
    const left = async (id: string) => {
      const found = []
      for (const name of tables) {
        const [row] = await service.rows(`select count(*)::int as n from ${name} as r where r::text like '%${id}%'`)
        if (row?.['n'] > 0) found.push(name)
      }
      return found
    }
    const make = async (address: string) => {
      const { id } = await invited(address)
      await call('PATCH', `/users/${id}`, { otherMails: [`other.${address}`] })
      await call('POST', `/users/${id}/sponsors/$ref`, { '@odata.id': `x/users/${service.adminId}` })
      await call('POST', `/users/${service.adminId}/sponsors/$ref`, { '@odata.id': `x/users/${id}` })
      return id
    }
    const byHand = await make('flo@partner.example')
    t.equal((await call('DELETE', item(byHand))).status, 404, 'not while it is there')
    await call('DELETE', `/users/${byHand}`)
    t.equal((await call('DELETE', item(byHand))).status, 204)
    t.strictSame(await left(byHand), [])
    t.equal((await call('GET', item(byHand))).status, 404)
    t.equal((await call('POST', item(byHand, '/restore'))).status, 404)

    const old = await make('gil@partner.example')
    await call('DELETE', `/users/${old}`)
    const run = () => purgeDeleted({ ...service.services, ...reactions })
    service.advance(29 * DAY_MS)
    const young = await make('hal@partner.example')
    await call('DELETE', `/users/${young}`)
    await run()
    t.equal((await call('GET', item(old))).status, 200, '29 days')
    service.advance(2 * DAY_MS)
    const purged = await run()
    t.ok(purged >= 1)
    t.equal((await call('GET', item(old))).status, 404)
    t.strictSame(await left(old), [])
    t.equal((await call('GET', item(young))).status, 200)
    t.equal(await run(), 0)
    t.match(
      await service.rows(
        `select initiated_by from audit_events where target_id = '${old}' and activity_display_name = 'Hard Delete user'`,
      ),
      [{ initiated_by: { kind: 'service' } }],
    )
  })

  await t.test('are for administrators, and privileged ones for few', async (t) => {
    const uma = await person(service, 'uma', { role: ROLES.userAdministrator })
    const former = await person(service, 'former', { role: ROLES.globalAdministrator })
    const mia = await person(service, 'mia')
    const ian = await person(service, 'ian')
    const scopes = ['User.ReadWrite.All']
    const { services, baseUrl, tenantId, clientId } = service
    const as = async (userId: string, names = scopes) => ({
      token: await signTestToken(services.signingKeys, baseUrl, {
        tenantId,
        clientId,
        userId,
        scopes: names,
        claims: { exp: Date.UTC(2100, 0) / 1_000 },
      }),
    })
    t.equal((await call('DELETE', `/users/${former}`, undefined, await as(service.adminId))).status, 204)
    t.equal((await call('DELETE', `/users/${ian}`, undefined, await as(uma))).status, 204)
    for (const [method, verb] of [
      ['POST', '/restore'],
      ['DELETE', ''],
    ] as const) {
      t.equal((await call(method, item(ian, verb), undefined, await as(mia))).status, 403)
      t.equal((await call(method, item(ian, verb), undefined, await as(uma, ['User.Read.All']))).status, 403)
      t.equal((await call(method, item(former, verb), undefined, await as(uma))).status, 403)
      t.equal((await call(method, item(former, verb))).status, 403, 'an application touches no administrator')
    }
    t.equal(
      (await call('POST', item(ian, '/restore'), undefined, await as(uma, ['User.DeleteRestore.All']))).status,
      200,
    )
    t.equal((await call('POST', item(former, '/restore'), undefined, await as(service.adminId))).status, 200)
  })

  await t.test('of another organization are not there', async (t) => {
    const other = await service.otherTenant('fabrikam.example')
    const { id } = await invited('joe@partner.example')
    await call('DELETE', `/users/${id}`)
    service.advance(-31 * DAY_MS)
    const theirs = { token: other.token }
    t.equal((await call('GET', item(id), undefined, theirs)).status, 404)
    t.equal((await call('POST', item(id, '/restore'), undefined, theirs)).status, 404)
    t.equal((await call('DELETE', item(id), undefined, theirs)).status, 404)
    t.equal((await call('GET', item(id, '/graph.user'), undefined, theirs)).status, 404)
    t.equal((await call('POST', `/users/${id}/restore`, undefined, theirs)).status, 404)
    const several = await call('POST', '/directory/deletedItems/getByIds', { ids: [id] }, theirs)
    t.strictSame(several.body.value, [])
    t.strictSame((await call('GET', LIST, undefined, theirs)).body.value, [])
  })
})
