import t from 'tap'
import { expireInvitations } from '../../src/invitations/index.js'
import { startService } from '../support/service.js'

t.test('writing down what lapsed', async (t) => {
  const service = await startService(t, { workers: false })
  const { services, tenantId } = service
  const other = await service.otherTenant('fabrikam.example')
  const soon = () => new Date(services.clock().getTime() + 60_000).toISOString()
  const short = await service.invite('short@partner.example', { expiresDateTime: soon() })
  const long = await service.invite('long@partner.example')
  const never = await service.invite('never@partner.example', { expiresDateTime: null })
  const revoked = await service.invite('revoked@partner.example', { expiresDateTime: soon() })
  await service.api('POST', `/invitations/${revoked.id}/revoke`)
  const completed = await service.invite('completed@partner.example', { expiresDateTime: soon() })
  await service.rows(
    `update invitations set status = 'completed', redeemed_date_time = now() where id = '${completed.id}'`,
  )
  const theirs = await service.api(
    'POST',
    '/invitations',
    { invitedUserEmailAddress: 'x@partner.example', inviteRedirectUrl: 'https://app.example', expiresDateTime: soon() },
    { token: other.token },
  )
  const statusOf = async (id: string, tenant = tenantId) =>
    (await service.rows(`select status from invitations where id = '${id}'`, tenant))[0]?.['status']

  await t.test('before its time nothing happens', async (t) => {
    t.equal(await expireInvitations(services), 0)
    t.equal(await statusOf(short.id), 'pending')
  })

  await t.test('then only what is pending and over, in every organization', async (t) => {
    service.advance(120_000)
    t.equal((await service.api('GET', `/invitations/${short.id}`)).body.status, 'Expired', 'whether or not the job ran')
    t.equal(await expireInvitations(services), 2)
    t.equal(await statusOf(short.id), 'expired')
    t.equal(await statusOf(theirs.body.id, other.tenantId), 'expired')
    t.strictSame(await Promise.all([long, never, revoked, completed].map(({ id }) => statusOf(id))), [
      'pending',
      'pending',
      'revoked',
      'completed',
    ])
    const { body } = await service.api('GET', `/invitations/${short.id}`)
    t.strictSame(
      body.history.map(({ event }: { event: string }) => event),
      ['invited', 'expired'],
    )
    t.match(body.history[1].actor, { application: { displayName: 'Vestibule' } })
    t.equal((await service.api('GET', `/users/${short.invitedUser.id}`)).status, 200, 'the guest stays')
  })

  await t.test('twice finds nothing', async (t) => {
    t.equal(await expireInvitations(services), 0)
  })

  await t.test('a row that somebody works on waits for the next turn, and holds nobody up', async (t) => {
    const held = await service.invite('held@partner.example', { expiresDateTime: soon() })
    const free = await service.invite('free@partner.example', { expiresDateTime: soon() })
    service.advance(120_000)
    await services.database.withTenant(tenantId, async (scope) => {
      await scope.orm.execute(`select 1 from invitations where id = '${held.id}' for update`)
      t.equal(await expireInvitations(services), 1)
      t.equal(await statusOf(free.id), 'expired')
    })
    t.equal(await expireInvitations(services), 1)
    t.equal(await statusOf(held.id), 'expired')
  })

  await t.test('thousands go in portions', async (t) => {
    await service.rows(`
      insert into invitations (tenant_id, id, user_id, invited_user_email_address, address_folded, invited_user_type,
        invite_redirect_url, send_invitation_message, reset_redemption, status, created_date_time, expires_date_time,
        inviter_kind, inviter_id, inviter_name, history)
      select tenant_id, gen_random_uuid(), user_id, invited_user_email_address, address_folded, invited_user_type,
        invite_redirect_url, send_invitation_message, reset_redemption, 'pending', created_date_time, now() - interval '1 hour',
        inviter_kind, inviter_id, inviter_name, history
      from invitations, generate_series(1, 2500) where id = '${long.id}'`)
    t.equal(await expireInvitations(services), 2_500)
  })
})
