import * as client from 'openid-client'
import t from 'tap'
import {
  acceptedGuest,
  Browser,
  csrfIn,
  newestCode,
  pageName,
  relyingParty,
  signIn,
  start,
} from '../provider/relying-party.js'
import { startService } from '../support/service.js'

t.test('nobody is signed in, out or made to agree by a form or an answer of somebody else', async (t) => {
  const service = await startService(t)
  const eve = await acceptedGuest(t, service, 'eve')
  const ana = await acceptedGuest(t, service, 'ana')
  const rp = await relyingParty(service)

  // The attacker's code, typed for the victim by a page of the attacker's.
  const victim = new Browser(service.baseUrl)
  const asked = await victim.follow((await start(rp.config)).url.href)
  const attacker = new Browser(service.baseUrl)
  const theirs = await attacker.follow((await start(rp.config)).url.href)
  const sent = await attacker.follow(theirs.url, { csrf: csrfIn(theirs.page), email: eve.mail })
  const code = await newestCode(service, eve.mail)
  for (const csrf of ['', csrfIn(theirs.page), csrfIn(sent.page)]) {
    const forged = await victim.follow(asked.url, { csrf, code })
    t.match([forged.status, pageName(forged.page)], [403, 'error'])
  }
  t.notOk(victim.cookies.get('vs|/'), 'no session was planted')

  // The attacker's answer, opened in the victim's browser: state and nonce are not the application's own.
  const done = await attacker.follow(sent.url, { csrf: csrfIn(sent.page), code })
  const own = await start(rp.config)
  await t.rejects(client.authorizationCodeGrant(rp.config, new URL(done.url), own.checks))

  // Signing out and agreeing take the token of the browser's own page.
  await signIn(service, victim, (await start(rp.config)).url, ana.mail)
  const confirm = `${service.baseUrl}/${service.tenantId}/oauth2/v2.0/logout/confirm`
  const out = await victim.follow(confirm, { xsrf: 'x', logout: 'yes' })
  t.equal(out.status, 400)
  t.match((await victim.follow((await start(rp.config)).url.href)).url, /code=/, 'still signed in')
  const consent = await victim.follow((await start(rp.config, { scope: 'openid User.Read' })).url.href)
  t.equal(pageName(consent.page), 'consent')
  const forced = await victim.follow(consent.url, { csrf: csrfIn(theirs.page), choice: 'accept' })
  t.equal(forced.status, 403)
  t.equal((await service.rows('select id from permission_grants')).length, 0, 'nothing was agreed to')
})
