import t from 'tap'
import {
  acceptedGuest,
  Browser,
  CALLBACK,
  csrfIn,
  newestCode,
  pageName,
  relyingParty,
  signIn,
  start,
} from '../provider/relying-party.js'
import { startService } from '../support/service.js'

const sessionOf = (browser: Browser) => browser.cookies.get('vs|/')?.value

t.test('a sign-in under way in one browser is finished in no other, and signing in changes the handle', async (t) => {
  const service = await startService(t)
  const ana = await acceptedGuest(t, service, 'ana')
  const eve = await acceptedGuest(t, service, 'eve')
  const rp = await relyingParty(service)

  // The attacker begins, and has the victim go on.
  const attacker = new Browser(service.baseUrl)
  const asked = await attacker.follow((await start(rp.config)).url.href)
  t.equal(pageName(asked.page), 'sign-in')
  const victim = new Browser(service.baseUrl)
  const opened = await victim.follow(asked.url)
  t.match([opened.status, pageName(opened.page)], [403, 'error'], 'the page is that browser’s alone')
  const posted = await victim.follow(asked.url, { csrf: csrfIn(asked.page), email: ana.mail })
  t.equal(posted.status, 403)
  t.equal((await service.mails(ana.mail)).filter(({ text }) => /\b\d{8}\b/.test(text)).length, 0, 'no code was sent')

  // A session that the attacker planted is not the one the victim ends up with.
  await signIn(service, attacker, (await start(rp.config)).url, eve.mail)
  const planted = sessionOf(attacker)
  t.ok(planted)
  victim.cookies.set('vs|/', { value: String(planted), path: '/' })
  const again = await victim.follow((await start(rp.config, { prompt: 'login' })).url.href)
  const sent = await victim.follow(again.url, { csrf: csrfIn(again.page), email: ana.mail })
  const done = await victim.follow(sent.url, { csrf: csrfIn(sent.page), code: await newestCode(service, ana.mail) })
  t.ok(done.url.startsWith(CALLBACK), done.url)
  t.not(sessionOf(victim), planted)
  const rows = await service.rows('select count(*)::int as n from sessions')
  t.equal(rows[0]?.['n'], 1, 'the planted one is over')
  t.equal(pageName((await attacker.follow((await start(rp.config)).url.href)).page), 'sign-in')

  // A made-up handle is nobody's.
  const guesser = new Browser(service.baseUrl)
  guesser.cookies.set('vs|/', { value: 'A'.repeat(43), path: '/' })
  t.equal(pageName((await guesser.follow((await start(rp.config)).url.href)).page), 'sign-in')
})
