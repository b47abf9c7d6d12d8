import t from 'tap'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'
import { changesNothing, invited, rowsOf, seen } from './scene.js'

t.test('nobody becomes accepted or verified by saying so', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example', {
    status: 'Completed',
    redeemedDateTime: '2026-01-01T00:00:00Z',
    sentCount: 3,
  })
  const [row] = await rowsOf(service, 'select status, redeemed_date_time, sent_count from invitations')
  t.strictSame(row, { status: 'pending', redeemed_date_time: null, sent_count: 0 })

  const readOnly = {
    externalUserState: 'Accepted',
    externalUserStateChangeDateTime: '2026-01-01T00:00:00Z',
    creationType: null,
    identities: [{ signInType: 'federated', issuer: 'mail', issuerAssignedId: 'mallory@evil.example' }],
    signInSessionsValidFromDateTime: '2000-01-01T00:00:00Z',
    userPrincipalName: 'admin@contoso.example',
  }
  await changesNothing(
    t,
    service,
    async () => {
      t.equal((await service.api('PATCH', `/users/${ana.userId}`, readOnly)).status, 204, 'read-only: ignored')
    },
    ['audit_events'],
  )
  await changesNothing(t, service, async () => {
    for (const name of ['emailVerified', 'verified', 'isVerified', 'directoryRoles', 'externalUserStates']) {
      const answer = await service.api('PATCH', `/users/${ana.userId}`, { [name]: true })
      t.equal(answer.status, 400, `${name} is unknown`)
      const wish = {
        invitedUserEmailAddress: 'bo@partner.example',
        inviteRedirectUrl: 'https://a.example',
        [name]: true,
      }
      t.equal((await service.api('POST', '/invitations', wish)).status, 400)
    }
    t.equal(seen(await new Guest().get(ana.link)), '200 start')
  })
})
