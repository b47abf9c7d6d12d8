import t from 'tap'
import { invited, rowsOf, signedIn } from '../../attacks/scene.js'
import { askForSecondStep, setUpApp, stepOf } from '../../support/authenticator.js'
import { lastingToken, lastingUserToken, person } from '../../support/people.js'
import { startService } from '../../support/service.js'

const AUTHENTICATION_ADMINISTRATOR = 'c4e39bd9-1100-46d3-8c65-fb160da0071f'
const PRIVILEGED = '7be44c8a-adaf-4e2a-84d6-ab2649e08a13'
const USER_ADMINISTRATOR = 'fe930be7-5e62-47db-91af-98c3a49a38b1'
const GLOBAL_READER = 'f2ef992c-3afb-46b9-b7cf-a126ee74c451'
const MAILBOX = '3ddfcfc8-9383-446f-83cc-3ab9be4be18f'
const ALL = ['UserAuthenticationMethod.ReadWrite.All']

const service = await startService(t, { workers: false })
await askForSecondStep(service)
const token = await lastingToken(service)
const as = (bearer: string) => (method: string, path: string) => service.api(method, path, undefined, { token: bearer })
const api = as(token)
const ana = await invited(service, 'ana@partner.example')
await setUpApp(service, await signedIn(service, ana), ana.link)
const base = `/users/${ana.userId}/authentication`

t.test('methods in the shapes of Graph', async (t) => {
  const { status, body } = await api('GET', `${base}/methods`)
  t.equal(status, 200)
  t.equal(body['@odata.context'], `${service.baseUrl}/v1.0/$metadata#users('${ana.userId}')/authentication/methods`)
  t.match(body.value, [
    { '@odata.type': '#microsoft.graph.emailAuthenticationMethod', id: MAILBOX, emailAddress: 'ana@partner.example' },
    { '@odata.type': '#microsoft.graph.softwareOathAuthenticationMethod', secretKey: null },
  ])
  const { id } = body.value[1]
  const one = await api('GET', `${base}/methods/${id}`)
  t.match(one.body, { '@odata.type': '#microsoft.graph.softwareOathAuthenticationMethod', id, secretKey: null })
  const typed = await api('GET', `${base}/softwareOathMethods/${id}`)
  t.match(typed.body, { id, secretKey: null })
  t.notOk('@odata.type' in typed.body)
  for (const segment of ['phoneMethods', 'fido2Methods']) {
    t.strictSame((await api('GET', `${base}/${segment}`)).body.value, [], segment)
    t.equal((await api('GET', `${base}/${segment}/${id}`)).status, 404, 'of another type')
    t.equal((await api('DELETE', `${base}/${segment}/${id}`)).status, 404)
  }
  const named = await api(
    'GET',
    `/users/${encodeURIComponent('ana_partner.example#EXT#@contoso.example')}/authentication/methods`,
  )
  t.equal(named.body.value.length, 2, 'by user principal name')
  const [kept] = await rowsOf(service, 'select secret from authentication_methods')
  t.notMatch(one.text + typed.text, kept?.['secret'].toString('base64'))
  t.equal((await api('GET', `/users/${service.services.newId()}/authentication/methods`)).status, 404)
  t.equal((await api('DELETE', `${base}/emailMethods/${MAILBOX}`)).status, 400, 'a mailbox is part of the profile')
})

t.test('who may look, and who may reset', async (t) => {
  const client = async (...permissions: string[]) => as(await service.appToken(permissions))
  t.equal((await (await client('UserAuthenticationMethod.Read.All'))('GET', `${base}/methods`)).status, 200)
  t.equal((await (await client('User.ReadWrite.All'))('GET', `${base}/methods`)).status, 403)
  t.equal((await (await client('UserAuthenticationMethod.Read.All'))('DELETE', `${base}/emailMethods/x`)).status, 403)

  const roles: [name: string, role: string | undefined, reads: number, deletes: number][] = [
    ['nobody', undefined, 403, 403],
    ['users', USER_ADMINISTRATOR, 403, 403],
    ['reader', GLOBAL_READER, 200, 403],
    ['methods', AUTHENTICATION_ADMINISTRATOR, 200, 404],
    ['privileged', PRIVILEGED, 200, 404],
  ]
  for (const [name, role, reads, deletes] of roles) {
    const id = await person(service, name, role ? { role } : {})
    const call = as(await lastingUserToken(service, id, ALL))
    t.equal((await call('GET', `${base}/methods`)).status, reads, name)
    t.equal((await call('DELETE', `${base}/softwareOathMethods/${id}`)).status, deletes, name)
    const self = as(await lastingUserToken(service, id, ['UserAuthenticationMethod.Read']))
    t.equal((await self('GET', `${base}/methods`)).status, 403, `${name}, with a client for oneself only`)
    const own = await self('GET', '/me/authentication/methods')
    t.match(own.body.value, [{ emailAddress: `${name}@contoso.example` }], 'everybody sees their own')
  }
  const admin = `/users/${service.adminId}/authentication/softwareOathMethods/${service.adminId}`
  t.equal((await api('DELETE', admin)).status, 403, 'applications take nothing from administrators')
  const lesser = await person(service, 'lesser', { role: AUTHENTICATION_ADMINISTRATOR })
  t.equal((await as(await lastingUserToken(service, lesser, ALL))('DELETE', admin)).status, 403)
  const greater = await person(service, 'greater', { role: PRIVILEGED })
  t.equal((await as(await lastingUserToken(service, greater, ALL))('DELETE', admin)).status, 404)
  t.equal((await api('GET', '/me/authentication/methods')).status, 400, '/me is for people')
})

t.test('people take their own away', async (t) => {
  const ben = await invited(service, 'ben@partner.example')
  await setUpApp(service, await signedIn(service, ben), ben.link)
  const own = as(await lastingUserToken(service, ben.userId, ['UserAuthenticationMethod.ReadWrite']))
  const [method] = (await own('GET', '/me/authentication/softwareOathMethods')).body.value
  t.equal((await own('DELETE', `${base}/softwareOathMethods/${method.id}`)).status, 403, 'not those of others')
  t.equal((await own('DELETE', `/me/authentication/softwareOathMethods/${method.id}`)).status, 204)
  t.strictSame((await own('GET', '/me/authentication/softwareOathMethods')).body.value, [])
})

t.test('a reset is written down, takes the recovery codes along, and the next sign-in sets up anew', async (t) => {
  const [method] = (await api('GET', `${base}/softwareOathMethods`)).body.value
  const path = `${base}/softwareOathMethods/${method.id}`
  const other = await service.otherTenant('other.example')
  t.equal((await as(other.token)('DELETE', path)).status, 404, 'not for another organization')
  t.equal((await as(other.token)('GET', `${base}/methods`)).status, 404)
  t.equal((await api('DELETE', path)).status, 204)
  t.equal((await api('DELETE', path)).status, 404)
  t.strictSame(await rowsOf(service, `select * from recovery_codes where user_id = '${ana.userId}'`), [])
  t.match(
    await rowsOf(
      service,
      `select initiated_by, additional_details from audit_events
       where activity_display_name = 'Admin deleted security info' and target_id = '${ana.userId}'`,
    ),
    [{ initiated_by: { kind: 'application' }, additional_details: { type: 'softwareOathAuthenticationMethod' } }],
  )
  t.match(
    await rowsOf(
      service,
      `select a.target_id from outbox o join audit_events a on a.id = o.subject_id
       where o.topic = 'security.mail' and a.activity_display_name = 'Admin deleted security info'`,
    ),
    [{ target_id: ana.userId }],
    'and is told by mail to whoever it was taken from',
  )
  service.advance(31_000)
  const guest = await signedIn(service, ana)
  t.equal(stepOf(await guest.get(ana.link)), 'mfa enrol')
})
