import t from 'tap'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'
import { changesNothing, changeTenant, invited, seen, send, signedIn } from './scene.js'

t.test('a disabled organization invites and admits nobody, half-way guests included', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const atConsent = await signedIn(service, ana)
  const bo = await invited(service, 'bo@partner.example')
  const atCode = new Guest()
  await atCode.get(bo.link)
  await atCode.post(bo.link, { action: 'send' })
  await changeTenant(service, { enabled: false })

  await changesNothing(t, service, async () => {
    t.equal(seen(await new Guest().get(ana.link)), '403 blocked')
    t.equal(seen(await atConsent.post(ana.link, { choice: 'accept' })), '403 blocked')
    t.equal(seen(await atCode.post(bo.link, { code: '12345678' })), '403 blocked')
    const wish = { invitedUserEmailAddress: 'cy@partner.example', inviteRedirectUrl: 'https://app.example/' }
    t.equal((await service.api('POST', '/invitations', wish)).status, 401, 'tokens of before are worth nothing')
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: service.clientId,
      client_secret: service.clientSecret,
      scope: 'https://graph.microsoft.com/.default',
    })
    const token = await send(`${service.baseUrl}/${service.tenantId}/oauth2/v2.0/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
    })
    t.equal(token.status, 400, 'and there are no new ones')
  })
  await changeTenant(service, { enabled: true })
  t.equal((await atConsent.post(ana.link, { choice: 'accept' })).status, 303, 'enabled again, it goes on')
})
