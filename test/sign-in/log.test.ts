import t from 'tap'
import { purgeSignIns } from '../../src/sign-in/index.js'
import { accepted, askCode, invited, newestCode, signedIn } from '../attacks/scene.js'
import { holdAgainst } from '../support/contract.js'
import { Guest } from '../support/guest.js'
import { startService, type TestService } from '../support/service.js'

/** Beside Graph's v1.0: methods as the beta has them, and who vouched for whom. */
const additions = [
  'signInEventTypes',
  'authenticationMethodsUsed',
  'authenticationDetails',
  'identityProvider',
  'signInIdentifier',
]

const list = (service: TestService, query = '', options = {}) =>
  service.api('GET', `/auditLogs/signIns${query}`, undefined, options)

t.test('the sign-in log', async (t) => {
  const service = await startService(t, { workers: false })
  const other = await service.otherTenant('fabrikam.example')
  const ana = await invited(service, 'ana@partner.example')
  const browser = new Guest()
  const code = await askCode(service, ana, browser)
  await browser.post(ana.link, { code: code === '00000000' ? '00000001' : '00000000' })
  await browser.get(ana.link)
  await browser.post(ana.link, { code })

  await t.test('has a line for each code that was tried, newest first, and none for looking', async (t) => {
    await browser.get(ana.link)
    const { status, body, text } = await list(service)
    t.equal(status, 200, text)
    t.match(body['@odata.context'], /\$metadata#auditLogs\/signIns$/)
    t.match(body.value, [
      {
        userId: ana.userId,
        userDisplayName: 'ana',
        userPrincipalName: 'ana_partner.example#EXT#@contoso.example',
        correlationId: ana.id,
        ipAddress: /127\.0\.0\.1|::1/,
        status: { errorCode: 0 },
        isInteractive: true,
        clientAppUsed: 'Browser',
        authenticationMethodsUsed: ['Email OTP'],
        identityProvider: 'mail',
        signInIdentifier: ana.address,
        riskDetail: 'none',
      },
      { userId: ana.userId, status: { errorCode: 50126, failureReason: 'The code was wrong.' } },
    ])
    t.equal(body.value.length, 2)
    for (const line of body.value) holdAgainst(t, 'microsoft.graph.signIn', line, { additions })
    const one = await service.api('GET', `/auditLogs/signIns/${body.value[0].id}`)
    t.equal(one.body.id, body.value[0].id)
    t.match(one.body['@odata.context'], /#auditLogs\/signIns\/\$entity$/)
  })

  await t.test('says why somebody is not let in', async (t) => {
    const bo = await invited(service, 'bo@partner.example')
    const guest = new Guest()
    await guest.get(bo.link)
    await guest.post(bo.link, { action: 'send' })
    await guest.get(bo.link)
    const past = new Date(service.services.clock().getTime() - 1_000).toISOString()
    await service.api('PATCH', `/users/${bo.userId}`, { accessEndDateTime: past })
    await guest.post(bo.link, { code: await newestCode(service, bo.address) })
    await service.api('PATCH', `/users/${bo.userId}`, { accountEnabled: false })
    await guest.get(bo.link)
    await guest.post(bo.link, { code: await newestCode(service, bo.address) })
    const { body } = await list(service, `?$filter=userId eq '${bo.userId}'`)
    t.match(body.value, [{ status: { errorCode: 50057 } }, { status: { errorCode: 50055 } }])
    t.equal(body.value.length, 2)
  })

  await t.test('has no more lines of one code than it takes tries, however often somebody goes on', async (t) => {
    const cy = await invited(service, 'cy@partner.example')
    const guest = new Guest()
    await guest.get(cy.link)
    await guest.post(cy.link, { action: 'send' })
    await guest.get(cy.link)
    const code = await newestCode(service, cy.address)
    for (let index = 0; index < 12; index++) {
      await guest.post(cy.link, { code: code === '00000000' ? '00000001' : '00000000' })
    }
    const lines = async () => (await list(service, `?$filter=userId eq '${cy.userId}'`)).body.value.length
    t.equal(await lines(), 5)
    await service.api('PATCH', `/users/${cy.userId}`, { accountEnabled: false })
    for (let index = 0; index < 3; index++) await guest.post(cy.link, { code })
    t.equal(await lines(), 5, 'nor when they may not sign in')
  })

  await t.test('is filtered by person and time, and paged', async (t) => {
    const of = `userId eq '${ana.userId}'`
    t.equal((await list(service, `?$filter=${of}`)).body.value.length, 2)
    const now = service.services.clock()
    const hour = 3_600_000
    const after = new Date(now.getTime() + hour).toISOString()
    t.equal((await list(service, `?$filter=createdDateTime ge ${after}`)).body.value.length, 0)
    t.equal((await list(service, `?$filter=${of} and createdDateTime le ${after}`)).body.value.length, 2)
    const first = (await list(service, '?$top=1')).body
    t.equal(first.value.length, 1)
    const next = await service.api('GET', new URL(first['@odata.nextLink']).href.split('/v1.0')[1] ?? '')
    t.not(next.body.value[0].id, first.value[0].id)
    const oldest = (await list(service, '?$orderby=createdDateTime asc&$top=1')).body.value[0]
    t.equal(oldest.status.errorCode, 50126)
  })

  await t.test('is read with AuditLog.Read.All, and only in its organization', async (t) => {
    const token = await service.appToken(['User.Read.All', 'Directory.Read.All'])
    t.equal((await list(service, '', { token })).status, 403)
    t.strictSame((await list(service, '', other)).body.value, [])
    const id = (await list(service)).body.value[0].id
    t.equal((await service.api('GET', `/auditLogs/signIns/${id}`, undefined, other)).status, 404)
    t.equal((await service.api('GET', '/auditLogs/signIns/none')).status, 404)
  })

  await t.test('is kept for the days the organization wants', async (t) => {
    const { services } = service
    const tenant = await services.tenants.find(service.tenantId)
    if (!tenant) throw new Error('no tenant')
    const before = (await list(service)).body.value.length
    t.equal(await purgeSignIns(services, tenant), 0)
    service.advance(31 * 86_400_000)
    t.equal(
      await purgeSignIns(services, { id: tenant.id, settings: { ...tenant.settings, signInRetentionDays: null } }),
      0,
    )
    t.equal(await purgeSignIns(services, tenant), before)
  })
})

t.test('accepting signs nobody in anew', async (t) => {
  const service = await startService(t, { workers: false })
  await accepted(service, await invited(service, 'ana@partner.example'))
  t.equal((await list(service)).body.value.length, 1)
  service.advance(40_000)
  await signedIn(service, await invited(service, 'bo@partner.example'))
  t.equal((await list(service)).body.value.length, 2)
})
