import t from 'tap'
import { invited, rowsOf, signedIn } from '../../attacks/scene.js'
import { askForSecondStep, setUpApp, stepOf } from '../../support/authenticator.js'
import { lastingToken, lastingUserToken, person } from '../../support/people.js'
import { startService } from '../../support/service.js'
import { NO_TEXTS, stepCode } from '../../support/text-messages.js'

const MOBILE = '3179e48a-750b-4051-897c-87b9720928f7'
const AUTHENTICATION_ADMINISTRATOR = 'c4e39bd9-1100-46d3-8c65-fb160da0071f'
const ALL = ['UserAuthenticationMethod.ReadWrite.All']
const NUMBER = '+442079460958'

const service = await startService(t, { workers: false, env: NO_TEXTS })
await askForSecondStep(service)
const token = await lastingToken(service)
const as = (bearer: string) => (method: string, path: string, body?: unknown) =>
  service.api(method, path, body, { token: bearer })
const api = as(token)
const ana = await invited(service, 'ana@partner.example')
const path = `/users/${ana.userId}/authentication/phoneMethods`
const wish = (change: Record<string, unknown> = {}) => ({
  phoneNumber: '+44 2079460958',
  phoneType: 'mobile',
  ...change,
})

t.test('a phone of somebody, made by an administrator in the shapes of Graph', async (t) => {
  for (const [change, target] of [
    [{ phoneNumber: '02079460958' }, 'phoneNumber'],
    [{ phoneNumber: '+44 2079460958x12' }, 'phoneNumber'],
    [{ phoneType: 'office' }, 'phoneType'],
  ] as const) {
    const bad = await api('POST', path, wish(change))
    t.match(bad, { status: 400, body: { error: { target } } })
  }
  t.equal((await api('POST', path, { ...wish(), smsSignInState: 'ready' })).status, 400, 'an unknown property')

  const made = await api('POST', path, wish())
  t.equal(made.status, 201, made.text)
  t.match(made.body, { id: MOBILE, phoneNumber: NUMBER, phoneType: 'mobile', smsSignInState: 'notAllowedByPolicy' })
  t.equal(made.headers.get('location'), `${service.baseUrl}/v1.0${path}/${MOBILE}`)
  t.match((await api('GET', `${path}/${MOBILE}`)).body, { id: MOBILE, phoneNumber: NUMBER })
  t.match((await api('GET', `/users/${ana.userId}/authentication/methods`)).body.value, [
    { '@odata.type': '#microsoft.graph.emailAuthenticationMethod' },
    { '@odata.type': '#microsoft.graph.phoneAuthenticationMethod', id: MOBILE },
  ])
  t.match(await api('POST', path, wish()), { status: 400, body: { error: { innerError: { code: 'phoneExists' } } } })
  t.match(
    await rowsOf(service, "select target_id from audit_events where activity_display_name like 'Admin registered%'"),
    [{ target_id: ana.userId }],
  )
})

t.test('is what the next sign-in asks for, whatever the browser would rather set up', async (t) => {
  const guest = await signedIn(service, ana)
  t.equal(stepOf(await guest.get(`${ana.link}&with=softwareOath`)), 'mfa challenge')
  await guest.post(ana.link, { action: 'send' })
  await guest.get(ana.link)
  const code = await stepCode(service, NUMBER)

  await t.test('and a code to a number that was changed meanwhile opens nothing', async (t) => {
    await service.rows(`update authentication_methods set phone_number = '+33199001234'`)
    t.equal((await guest.post(ana.link, { code })).status, 422)
    t.strictSame(await rowsOf(service, "select 1 from sessions where 'mfa' = any (amr)"), [])
    await service.rows(`update authentication_methods set phone_number = '${NUMBER}'`)
  })
  service.advance(31_000)
  await guest.get(ana.link)
  await guest.post(ana.link, { action: 'send' })
  await guest.get(ana.link)
  t.equal((await guest.post(ana.link, { code: await stepCode(service, NUMBER) })).status, 303)
  t.equal((await guest.get(ana.link)).name, 'consent', 'there are no recovery codes to keep')
})

t.test('between an app and a phone the person chooses', async (t) => {
  const bo = await invited(service, 'bo@partner.example')
  await setUpApp(service, await signedIn(service, bo), bo.link)
  t.equal((await api('POST', `/users/${bo.userId}/authentication/phoneMethods`, wish())).status, 201)
  service.advance(31_000)
  const guest = await signedIn(service, bo)
  const first = await guest.get(bo.link)
  t.match(first.html, 'Open your authenticator app')
  t.match(first.html, 'Get a code by text message')
  const second = await guest.get(`${bo.link}&with=phone`)
  t.match(second.html, 'Send code to')
  t.match(second.html, 'Use an authenticator app')
})

t.test('who gives others a phone', async (t) => {
  const cy = await invited(service, 'cy@partner.example')
  const target = `/users/${cy.userId}/authentication/phoneMethods`
  t.equal((await as(await service.appToken(['UserAuthenticationMethod.Read.All']))('POST', target, wish())).status, 403)
  const nobody = await person(service, 'nobody')
  const admin = await person(service, 'methods', { role: AUTHENTICATION_ADMINISTRATOR })
  const call = async (id: string) => as(await lastingUserToken(service, id, ALL))
  t.equal((await (await call(nobody))('POST', target, wish())).status, 403)
  t.equal(
    (await (await call(admin))('POST', `/users/${admin}/authentication/phoneMethods`, wish())).status,
    403,
    'themselves',
  )
  t.equal((await (await call(cy.userId))('POST', target, wish())).status, 403, 'themselves')
  const ofAdmin = `/users/${service.adminId}/authentication/phoneMethods`
  t.equal((await api('POST', ofAdmin, wish())).status, 403, 'applications give administrators nothing')
  t.equal((await (await call(admin))('POST', target, wish())).status, 201)
  t.equal((await api('POST', `/users/${service.services.newId()}/authentication/phoneMethods`, wish())).status, 404)
})

t.test('is nothing for another organization, and goes when it is taken away', async (t) => {
  const other = as((await service.otherTenant('fabrikam.example')).token)
  t.equal((await other('POST', path, wish())).status, 404)
  t.equal((await other('GET', path)).status, 404)
  t.equal((await other('DELETE', `${path}/${MOBILE}`)).status, 404)
  t.equal((await api('DELETE', `${path}/${MOBILE}`)).status, 204)
  t.equal((await api('DELETE', `${path}/${MOBILE}`)).status, 404)
  t.strictSame((await api('GET', path)).body.value, [])
})
