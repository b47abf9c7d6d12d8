import t from 'tap'
import { invited, newestCode, rowsOf, signedIn } from '../../attacks/scene.js'
import { appFrom, askForSecondStep, recoveryCodesIn, setUpApp, stepOf } from '../../support/authenticator.js'
import { Guest } from '../../support/guest.js'
import { startService } from '../../support/service.js'

t.test('a guest sets an app up between proof and consent, keeps the recovery codes and goes on', async (t) => {
  const service = await startService(t, { workers: false })
  await askForSecondStep(service)
  const ana = await invited(service, 'ana@partner.example')
  const guest = await signedIn(service, ana)
  const offered = await guest.get(ana.link)
  t.equal(stepOf(offered), 'mfa enrol')
  t.match(offered.html, /<svg viewBox="0 0 \d+ \d+" role="img"/)
  t.match(offered.headers.get('content-security-policy'), "default-src 'none'", 'without a script')
  t.equal(appFrom((await guest.get(ana.link)).html).codeAt(new Date(0)), appFrom(offered.html).codeAt(new Date(0)))
  t.strictSame(await rowsOf(service, 'select * from authentication_methods'), [], 'looking stores nothing')

  const app = appFrom(offered.html)
  const before = guest.cookies.get('vs')
  const now = service.services.clock()
  const wrong = await guest.post(ana.link, { code: app.codeAt(new Date(now.getTime() + 3_600_000)) })
  t.equal(`${wrong.status} ${stepOf(wrong)}`, '422 mfa enrol')
  t.match(wrong.html, '4 tries left')
  t.equal((await guest.post(ana.link, { code: '12ab' })).status, 422)

  const code = app.codeAt(service.services.clock())
  const typed = `${code.slice(0, 3)} ${code.slice(3)}`
  t.equal((await guest.post(ana.link, { code: typed })).status, 303, 'spaces are read past')
  t.not(guest.cookies.get('vs'), before, 'the session has a new handle')
  const keep = await guest.get(ana.link)
  t.equal(stepOf(keep), 'mfa recovery-codes')
  const codes = recoveryCodesIn(keep.html)
  t.equal(new Set(codes).size, 10)
  t.strictSame(recoveryCodesIn((await guest.get(ana.link)).html), codes, 'they stay until they are kept')
  t.equal(stepOf(await guest.post(ana.link, { choice: 'accept' })), 'mfa recovery-codes', 'which comes first')
  t.equal((await guest.post(ana.link, { action: 'kept' })).status, 303)
  t.equal((await guest.get(ana.link)).name, 'consent')
  const accepted = await guest.post(ana.link, { choice: 'accept' })
  t.equal(`${accepted.status} ${accepted.location}`, '303 https://app.example/welcome')

  t.strictSame(await rowsOf(service, 'select amr, codes_to_keep from sessions'), [
    { amr: ['otp', 'mfa'], codes_to_keep: null },
  ])
  t.match(
    await rowsOf(
      service,
      "select target_id, additional_details from audit_events where activity_display_name = 'User registered security info'",
    ),
    [{ target_id: ana.userId, additional_details: { method: 'Authenticator app' } }],
  )
  const [method] = await rowsOf(service, 'select kind, secret from authentication_methods')
  t.equal(method?.['kind'], 'softwareOath')
  t.equal(
    service.services.keys.open('authentication-method', method?.['secret']).length,
    20,
    'the key is sealed, with 160 bits',
  )
})

t.test('the next sign-in asks for a code of the app, once a code', async (t) => {
  const service = await startService(t, { workers: false })
  await askForSecondStep(service)
  const ana = await invited(service, 'ana@partner.example')
  const first = await signedIn(service, ana)
  const { app } = await setUpApp(service, first, ana.link)
  await first.post(ana.link, { choice: 'accept' })

  service.advance(60_000)
  const second = await signedIn(service, ana)
  const asked = await second.get(ana.link)
  t.equal(stepOf(asked), 'mfa challenge')
  t.notMatch(asked.html, /otpauth:|<svg viewBox/, 'the key is not shown again')
  const code = app.codeAt(service.services.clock())
  t.equal((await second.post(ana.link, { code })).status, 303)
  const onward = await second.get(ana.link)
  t.equal(`${onward.status} ${onward.location}`, '303 https://app.example/welcome')

  await t.test('a code one step early or late is taken, two steps are not', async (t) => {
    service.stopClock(t)
    for (const [seconds, status] of [
      [-30, 303],
      [30, 303],
      [-60, 422],
      [60, 422],
    ] as const) {
      // Far enough from the steps used before.
      service.advance(600_000)
      const guest = await signedIn(service, ana)
      await guest.get(ana.link)
      const at = new Date(service.services.clock().getTime() + seconds * 1_000)
      t.equal((await guest.post(ana.link, { code: app.codeAt(at) })).status, status, `${seconds} s`)
    }
  })
})

t.test('recovery codes', async (t) => {
  const service = await startService(t, { workers: false })
  await askForSecondStep(service)
  const ana = await invited(service, 'ana@partner.example')
  const first = await signedIn(service, ana)
  const { recoveryCodes } = await setUpApp(service, first, ana.link)
  const withCode = `${ana.link}&with=recoveryCode`
  const sign = async () => {
    service.advance(31_000)
    return signedIn(service, ana, new Guest())
  }

  await t.test('open once, however they are written', async (t) => {
    const guest = await sign()
    t.match((await guest.get(ana.link)).html, 'with=recoveryCode', 'the page has a link to them')
    t.equal(stepOf(await guest.get(withCode)), 'mfa challenge')
    const [code = ''] = recoveryCodes
    const passed = await guest.post(withCode, { code: ` ${code.toLowerCase().replace('-', ' ')} ` })
    t.equal(passed.status, 303)
    t.notMatch(passed.location, 'with=', 'the way is forgotten')
    t.equal((await guest.get(ana.link)).name, 'consent')
  })

  await t.test('the last one brings new ones', async (t) => {
    let fresh: string[] = []
    for (const code of recoveryCodes.slice(1)) {
      // Twenty passcodes a day.
      service.advance(2 * 3_600_000)
      const guest = await sign()
      await guest.get(withCode)
      t.equal((await guest.post(withCode, { code })).status, 303)
      const next = await guest.get(ana.link)
      fresh = recoveryCodesIn(next.html)
      if (code !== recoveryCodes[9]) t.equal(next.name, 'consent')
    }
    t.equal(fresh.length, 10)
    t.notOk(fresh.some((code) => recoveryCodes.includes(code)))
  })
})

t.test('while the switch is off nobody is asked, not even who has an app', async (t) => {
  const service = await startService(t, { workers: false })
  await askForSecondStep(service)
  const ana = await invited(service, 'ana@partner.example')
  await setUpApp(service, await signedIn(service, ana), ana.link)
  await service.api('PATCH', '/policies/guestAuthenticationPolicy', { isMfaRequired: false })
  service.advance(31_000)
  const guest = new Guest()
  await guest.get(ana.link)
  await guest.post(ana.link, { action: 'send' })
  await guest.get(ana.link)
  await guest.post(ana.link, { code: await newestCode(service, ana.address) })
  t.equal((await guest.get(ana.link)).name, 'consent')
})

t.test('a key that an earlier secret sealed still works, and is sealed anew', async (t) => {
  const service = await startService(t, { workers: false })
  await askForSecondStep(service)
  const ana = await invited(service, 'ana@partner.example')
  const { app } = await setUpApp(service, await signedIn(service, ana), ana.link)
  const { keys } = service.services
  const [before] = await rowsOf(service, 'select secret from authentication_methods')
  const { isOutdated } = keys
  keys.isOutdated = (purpose, sealed) => purpose === 'authentication-method' || isOutdated(purpose, sealed)
  service.advance(60_000)
  const guest = await signedIn(service, ana)
  await guest.get(ana.link)
  t.equal((await guest.post(ana.link, { code: app.codeAt(service.services.clock()) })).status, 303)
  const [after] = await rowsOf(service, 'select secret from authentication_methods')
  t.not(after?.['secret'].toString('hex'), before?.['secret'].toString('hex'))
})
