import t from 'tap'
import { invited, signedIn } from '../../attacks/scene.js'
import { askForSecondStep, setUpApp, stepOf } from '../../support/authenticator.js'
import { startService } from '../../support/service.js'

t.test('what somebody set up in one organization is nothing in another', async (t) => {
  const service = await startService(t, { workers: false })
  const other = await service.otherTenant('other.example')
  await askForSecondStep(service)
  const switchedOn = await service.api(
    'PATCH',
    '/policies/guestAuthenticationPolicy',
    { isMfaRequired: true },
    { token: other.token },
  )
  t.equal(switchedOn.status, 204)
  const ana = await invited(service, 'ana@partner.example')
  const { app } = await setUpApp(service, await signedIn(service, ana), ana.link)

  for (const table of ['authentication_methods', 'recovery_codes']) {
    t.equal((await service.rows(`select * from ${table}`, other.tenantId)).length, 0, table)
    t.not((await service.rows(`select * from ${table}`)).length, 0, table)
  }
  const made = await service.api(
    'POST',
    '/invitations',
    { invitedUserEmailAddress: 'ana@partner.example', inviteRedirectUrl: 'https://app.example' },
    { token: other.token },
  )
  const link: string = made.body.inviteRedeemUrl
  const there = { ...service, tenantId: other.tenantId, rows: (sql: string) => service.rows(sql, other.tenantId) }
  const guest = await signedIn(there, { ...ana, link })
  t.equal(stepOf(await guest.get(link)), 'mfa enrol', 'the same person starts anew')
  const code = app.codeAt(service.services.clock())
  t.equal((await guest.post(link, { code })).status, 422, 'with another key')
})
