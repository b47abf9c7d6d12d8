import * as client from 'openid-client'
import t from 'tap'
import { acceptedGuest, Browser, pageName, relyingParty, signIn, start } from '../provider/relying-party.js'
import { startService } from '../support/service.js'

// Somebody starts the device code flow and sends the code to a victim, who signs the attacker's device in.
t.test('a device code sent to a victim does nothing by itself', async (t) => {
  const service = await startService(t)
  const ana = await acceptedGuest(t, service, 'ana')
  const ordinary = await relyingParty(service)
  await t.rejects(
    client.initiateDeviceAuthorization(await ordinary.discover(undefined), { scope: 'openid' }),
    'no application has the flow unless somebody turned it on',
  )
  const rp = await relyingParty(service, { displayName: 'Console', isFallbackPublicClient: true })
  const config = await rp.discover(undefined)
  const attacker = await client.initiateDeviceAuthorization(config, { scope: 'openid' })

  const victim = new Browser(service.baseUrl)
  await signIn(service, victim, (await start(rp.config)).url, ana.mail)
  t.notOk(attacker.verification_uri_complete, 'there is no link that fills the code in')
  const link = `${attacker.verification_uri}?user_code=${attacker.user_code}`
  const opened = await victim.follow(link)
  t.equal(pageName(opened.page), 'device')
  t.notOk(opened.page?.includes(attacker.user_code), 'a code in the address is not taken')
  const xsrf = /name="xsrf" value="([^"]*)"/.exec(opened.page ?? '')?.[1] ?? ''
  const asked = await victim.follow(attacker.verification_uri, { xsrf, user_code: attacker.user_code })
  t.ok(asked.page?.includes('Console'), 'the page names the application')
  t.match(asked.page, /somebody sent you this code/i)
  t.match(asked.page, /class="btn main" name="abort"/, 'stopping is the button that stands out')

  const poll = await fetch(`${service.baseUrl}/${service.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      client_id: rp.application.appId,
      device_code: attacker.device_code,
    }),
  })
  t.match(await poll.json(), { error: 'authorization_pending' })
  // A form of the attacker's own page, without the token of this browser.
  const forged = await victim.follow(attacker.verification_uri, {
    xsrf: 'x',
    user_code: attacker.user_code,
    confirm: 'yes',
  })
  t.notMatch(forged.page, /data-step="done"/)
  const stranger = await relyingParty(service, { displayName: 'Other', isFallbackPublicClient: true })
  const stolen = await fetch(`${service.baseUrl}/${service.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      client_id: stranger.application.appId,
      device_code: attacker.device_code,
    }),
  })
  t.match(await stolen.json(), { error: 'invalid_grant' }, 'nor for another client')
})
