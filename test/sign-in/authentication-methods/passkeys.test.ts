import t from 'tap'
import { canUsePasskeys } from '../../../src/sign-in/authentication-methods/passkey-ceremonies.js'
import { invited, rowsOf, signedIn } from '../../attacks/scene.js'
import { askForSecondStep, recoveryCodesIn, stepOf, toldOfChanges } from '../../support/authenticator.js'
import { Passkey } from '../../support/passkey.js'
import { startService } from '../../support/service.js'

t.test('a passkey is set up at first need and asked for at the next sign-in', async (t) => {
  const service = await startService(t)
  await askForSecondStep(service)
  const ana = await invited(service, 'ana@partner.example')
  const guest = await signedIn(service, ana)
  const link = `${ana.link}&with=fido2`
  const offered = await guest.get(link)
  t.equal(stepOf(offered), 'mfa enrol')
  t.match(offered.headers.get('content-security-policy'), /script-src 'self';/)
  t.notMatch(offered.html, /<script(?![^>]* src="\/assets\/passkey-)/, 'no script but our own file')
  t.match(offered.html, /data-when="unsupported"/, 'without a script the page says so')
  t.match(offered.html, /with=softwareOath/, 'and names another way')
  const script = await fetch(
    service.baseUrl + (/src="([^"]+)"/.exec(offered.html.split('<script')[1] ?? '')?.[1] ?? ''),
  )
  t.match([script.status, script.headers.get('content-type')], [200, /javascript/])
  t.match(script.headers.get('cache-control'), 'immutable')

  const passkey = new Passkey()
  const passed = await guest.post(link, { credential: passkey.create(offered.html, service.baseUrl) })
  t.equal(passed.status, 303)
  const keep = await guest.get(ana.link)
  t.equal(recoveryCodesIn(keep.html).length, 10)
  await guest.post(ana.link, { action: 'kept' })
  t.equal((await guest.get(ana.link)).name, 'consent')
  t.strictSame(await rowsOf(service, 'select amr from sessions'), [{ amr: ['otp', 'fido', 'mfa'] }])
  const listed = await service.api('GET', `/users/${ana.userId}/authentication/fido2Methods`)
  t.match(listed.body.value, [{ displayName: 'Passkey', aaGuid: '00000000-0000-0000-0000-000000000000' }])
  t.notMatch(listed.text, /publicKey|credential/)

  service.advance(31_000)
  const later = await signedIn(service, ana)
  const asked = await later.get(ana.link)
  t.equal(stepOf(asked), 'mfa challenge')
  t.equal((await later.post(ana.link, { credential: passkey.get(asked.html, service.baseUrl) })).status, 303)
  t.equal((await later.get(ana.link)).name, 'consent')

  const { id } = listed.body.value[0]
  const removed = await service.api('DELETE', `/users/${ana.userId}/authentication/fido2Methods/${id}`)
  t.equal(removed.status, 204)
  t.strictSame(
    await toldOfChanges(service, 'ana@partner.example', 2),
    ['A passkey was added', 'A passkey was removed, by another'],
    'the guest is told by mail of either',
  )
})

t.test('passkeys are offered where browsers have them', async (t) => {
  const origins: [origin: string, can: boolean][] = [
    ['https://guests.contoso.com', true],
    ['https://guests.contoso.com:8443', true],
    ['http://localhost:3000', true],
    ['http://guests.contoso.com', false],
    ['https://10.0.0.7', false],
    ['https://[::1]:3443', false],
  ]
  for (const [origin, can] of origins) t.equal(canUsePasskeys(origin), can, origin)
})
