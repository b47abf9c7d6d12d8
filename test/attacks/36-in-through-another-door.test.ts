import t from 'tap'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'
import { changesNothing, invited, newestCode, rowsOf, seen, send } from './scene.js'

const STRANGER = 'stranger@evil.example'

t.test('proving an address that nobody invited makes no account and signs nobody in', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const blocks = `${service.baseUrl}/signin/blocks?tenant=${service.tenantId}`
  const browser = new Guest()
  await changesNothing(
    t,
    service,
    async () => {
      await browser.get(blocks)
      await browser.post(blocks, { email: STRANGER })
      await browser.get(blocks)
      t.equal((await browser.post(blocks, { code: await newestCode(service, STRANGER) })).status, 303)
      t.notOk(browser.cookies.has('vs'), 'no session')
      t.equal(seen(await browser.get(ana.link)), '200 start')
    },
    ['passcodes', 'outbox'],
  )
  t.strictSame(await rowsOf(service, `select id from users where mail_folded = '${STRANGER}'`), [])
})

t.test('the token endpoint has no grant that lets a person in', async (t) => {
  const service = await startService(t, { workers: false })
  const grants: Record<string, string>[] = [
    { grant_type: 'password', username: 'ana@partner.example', password: 'x' },
    { grant_type: 'authorization_code', code: 'x', redirect_uri: 'https://app.example/' },
    { grant_type: 'refresh_token', refresh_token: 'x' },
    { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: 'x' },
    { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: 'x' },
    { grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange', subject_token: 'x' },
  ]
  await changesNothing(t, service, async () => {
    for (const grant of grants) {
      const form = new URLSearchParams({
        ...grant,
        client_id: service.clientId,
        client_secret: service.clientSecret,
        scope: 'openid',
      })
      const answer = await send(`${service.baseUrl}/${service.tenantId}/oauth2/v2.0/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: form.toString(),
      })
      t.equal(answer.status, 400, grant['grant_type'] ?? '')
      t.notOk(answer.body.access_token)
    }
    const authorize = await send(
      `${service.baseUrl}/${service.tenantId}/oauth2/v2.0/authorize?client_id=${service.clientId}&response_type=code`,
    )
    t.equal(authorize.status, 400, 'an application without a registered address signs nobody in')
    t.notOk(authorize.headers['location'])
  })
})
