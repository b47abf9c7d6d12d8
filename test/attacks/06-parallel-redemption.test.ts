import t from 'tap'
import { startService } from '../support/service.js'
import { countOf, invited, rowsOf, signedIn, statusOf } from './scene.js'

t.test('twenty acceptances at once are one', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const browser = await signedIn(service, ana)
  const pages = await Promise.all(Array.from({ length: 20 }, () => browser.post(ana.link, { choice: 'accept' })))

  t.ok(pages.some(({ location }) => location === 'https://app.example/welcome'))
  t.ok(pages.every(({ status }) => status < 500))
  t.equal(await statusOf(service, ana), 'Completed')
  t.equal(await countOf(service, ana, 'redeemed'), 1)
  const redeemed = `select count(*)::int as n from audit_events where activity_display_name = 'Redeem external user invite'`
  t.strictSame(await rowsOf(service, redeemed), [{ n: 1 }])
  t.strictSame(await rowsOf(service, 'select count(*)::int as n from user_identities'), [{ n: 1 }])
  t.strictSame(
    await rowsOf(service, 'select count(*)::int as n from sessions'),
    [{ n: 1 }],
    'and one session came of it',
  )
})
