import t from 'tap'
import { reactions } from '../../src/app.js'
import { removeNeverRedeemed } from '../../src/directory/index.js'
import { updateTenant } from '../../src/tenants/index.js'
import { startService } from '../support/service.js'

t.test('guests who never accepted', async (t) => {
  const service = await startService(t, { workers: false })
  const { services, tenantId } = service
  const run = () => removeNeverRedeemed({ ...services, ...reactions })
  const old = await service.invite('old@partner.example')
  const accepted = await service.invite('accepted@partner.example')
  await service.rows(`update users set external_user_state = 'Accepted' where id = '${accepted.invitedUser.id}'`)
  const reset = await service.invite('reset@partner.example')
  await service.rows(`update invitations set status = 'completed', redeemed_date_time = now() where id = '${reset.id}'`)
  const invitedAgain = await service.invite('again@partner.example')
  await service.rows(
    "update users set created_date_time = created_date_time - interval '8 days', external_user_state_change_date_time = external_user_state_change_date_time - interval '8 days'",
  )
  await service.rows("update invitations set created_date_time = created_date_time - interval '8 days'")
  await service.invite('again@partner.example')
  const resetLately = await service.invite('lately@partner.example')
  await service.rows(
    `update users set created_date_time = created_date_time - interval '8 days' where id = '${resetLately.invitedUser.id}'`,
  )
  const young = await service.invite('young@partner.example')

  t.equal(await run(), 0, 'off unless the organization set it')
  await updateTenant(services.database.orm, tenantId, { settings: { removeNeverRedeemedAfterDays: 7 } })
  services.tenants.forget(tenantId)
  t.equal(await run(), 1)
  t.equal((await service.api('GET', `/users/${old.invitedUser.id}`)).status, 404)
  t.equal((await service.api('GET', `/users/${accepted.invitedUser.id}`)).status, 200)
  t.equal((await service.api('GET', `/users/${young.invitedUser.id}`)).status, 200)
  for (const kept of [reset, invitedAgain, resetLately])
    t.equal((await service.api('GET', `/users/${kept.invitedUser.id}`)).status, 200, kept.invitedUserEmailAddress)
  t.equal((await service.api('GET', `/users/${service.adminId}`)).status, 200)
  t.equal((await service.api('GET', `/invitations/${old.id}`)).body.status, 'Revoked')
  t.match(await service.rows("select initiated_by from audit_events where activity_display_name = 'Delete user'"), [
    { initiated_by: { kind: 'service' } },
  ])
  t.equal(await run(), 0, 'a second run finds nothing')

  // More than one portion, with some in front that stay: those behind them are reached.
  const stay = await Promise.all(Array.from({ length: 110 }, (_, n) => service.invite(`stay${n}@partner.example`)))
  const go = await Promise.all(Array.from({ length: 5 }, (_, n) => service.invite(`go${n}@partner.example`)))
  await service.rows(
    "update users set created_date_time = created_date_time - interval '9 days', external_user_state_change_date_time = external_user_state_change_date_time - interval '9 days' where mail ~ '^(stay|go)'",
  )
  await service.rows(
    `update invitations set created_date_time = created_date_time - interval '9 days' where id in (${go.map(({ id }) => `'${id}'`)})`,
  )
  t.equal(stay.length, 110)
  t.equal(await run(), go.length)
})
