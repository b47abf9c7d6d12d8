import t from 'tap'
import { holdAgainst } from '../support/contract.js'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'

t.test('when somebody signed in last', async (t) => {
  const service = await startService(t)
  const { api } = service
  const { invitedUser, inviteRedeemUrl } = await service.invite('ana@partner.example')
  const { id } = invitedUser
  const never = (await service.invite('bo@partner.example')).invitedUser.id
  const path = `/users/${id}?$select=id,signInActivity`
  const last = async () => (await api('GET', path)).body.signInActivity?.lastSignInDateTime

  await t.test('nothing before the first time', async (t) => {
    t.equal((await api('GET', path)).body.signInActivity, null)
  })

  const before = Date.now()
  await new Guest().accept(service, inviteRedeemUrl, 'ana@partner.example')
  const first = await last()
  await t.test('the beginning of the session', async (t) => {
    const { body } = await api('GET', path)
    t.ok(Math.abs(Date.parse(first) - before) < 60_000, first)
    t.strictSame(body.signInActivity, {
      lastSignInDateTime: first,
      lastSignInRequestId: null,
      lastNonInteractiveSignInDateTime: null,
      lastNonInteractiveSignInRequestId: null,
      lastSuccessfulSignInDateTime: first,
      lastSuccessfulSignInRequestId: null,
    })
    holdAgainst(t, 'microsoft.graph.user', body)
    const list = await api('GET', '/users?$select=id,signInActivity')
    const found = new Map(list.body.value.map((user: any) => [user.id, user.signInActivity]))
    t.match(found.get(id), { lastSignInDateTime: first })
    t.equal(found.get(never), null)
    t.notOk('signInActivity' in (await api('GET', `/users/${id}`)).body)
  })

  await t.test('outlives the session, and never goes back', async (t) => {
    t.equal((await api('POST', `/users/${id}/revokeSignInSessions`)).status, 200)
    t.equal((await service.rows(`select 1 from sessions where user_id = '${id}'`)).length, 0)
    t.equal(await last(), first)
    await service.rows(`insert into sessions (tenant_id, handle_hash, user_id, address_folded, address,
      authentication_method, created_date_time, expires_date_time)
      values ('${service.tenantId}', 'old', '${id}', 'a', 'a', 'x', '2020-01-01', '2020-01-02') returning 1`)
    await service.rows(`delete from sessions where user_id = '${id}' returning 1`)
    t.equal(await last(), first)
  })

  await t.test('is for those who may read the log', async (t) => {
    const token = await service.appToken(['User.Read.All'])
    const { status, body } = await api('GET', path, undefined, { token })
    t.equal(status, 403)
    t.match(body.error, {
      code: 'Authentication_MSGraphPermissionMissing',
      message: 'Calling principal does not have required MSGraph permissions AuditLog.Read.All',
    })
    t.equal((await api('GET', `/users/${id}?$select=id`, undefined, { token })).status, 200)
    const both = await service.appToken(['User.Read.All', 'AuditLog.Read.All'])
    t.equal((await api('GET', path, undefined, { token: both })).status, 200)
  })

  await t.test('goes with somebody who is removed for good', async (t) => {
    await api('DELETE', `/users/${id}`)
    t.equal((await api('DELETE', `/directory/deletedItems/${id}`)).status, 204)
    t.equal((await service.rows(`select 1 from past_sign_ins where user_id = '${id}'`)).length, 0)
  })
})
