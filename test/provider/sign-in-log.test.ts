import { and, sql } from 'drizzle-orm'
import * as client from 'openid-client'
import t, { type Test } from 'tap'
import { filterOf } from '../../src/graph/odata/collection.js'
import { readQueryOptions } from '../../src/graph/odata/query-options.js'
import { askedLines, signInCollection } from '../../src/sign-in/log/sign-in-resource.js'
import { newestCode as madeCode } from '../attacks/scene.js'
import { ANA, follow, forgetAtHome, partnerHome, viaHome } from '../sign-in/home.js'
import { appFrom, askForSecondStep, stepOf } from '../support/authenticator.js'
import { holdAgainst } from '../support/contract.js'
import { Guest } from '../support/guest.js'
import { startService, type TestService } from '../support/service.js'
import { acceptedGuest, Browser, CALLBACK, csrfIn, newestCode, relyingParty, signIn, start } from './relying-party.js'

const records = new Map<string, string[]>()
const serviceOf = (t: Test) => startService(t, { resolveTxt: async (name) => records.get(name) ?? [] })
const NOBODY = '00000000-0000-0000-0000-000000000000'
const additions = [
  'signInEventTypes',
  'authenticationMethodsUsed',
  'authenticationDetails',
  'identityProvider',
  'signInIdentifier',
]

const list = (service: TestService, query = '', options = {}) =>
  service.api('GET', `/auditLogs/signIns${query}`, undefined, options)
const newest = async (service: TestService, count = 1) => (await list(service)).body.value.slice(0, count)

t.test('a sign-in at a home is a line, whatever it comes to', async (t) => {
  const service = await serviceOf(t)
  const home = await partnerHome(t, service, records)
  home.signsInAs = ANA
  const { id, inviteRedeemUrl: link, invitedUser } = await service.invite(ANA.email)
  const line = { userId: invitedUser.id, correlationId: id, identityProvider: home.id, appId: null }
  const guest = new Guest()

  home.signsInAs = undefined
  await viaHome(service, guest, link)
  t.match(await newest(service), [
    { ...line, status: { errorCode: 65004 }, signInIdentifier: ANA.email, authenticationMethodsUsed: ['Federated'] },
  ])
  home.signsInAs = { ...ANA, sub: 'bo', email: 'bo@partner.example' }
  forgetAtHome(guest)
  await viaHome(service, guest, link)
  t.match(await newest(service), [{ ...line, status: { errorCode: 50020 }, signInIdentifier: 'bo@partner.example' }])
  home.signsInAs = ANA
  forgetAtHome(guest)
  await viaHome(service, guest, link)
  const [passed] = await newest(service)
  t.match(passed, {
    ...line,
    status: { errorCode: 0 },
    authenticationDetails: [{ authenticationMethod: 'Federated', succeeded: true }],
  })
  holdAgainst(t, 'microsoft.graph.signIn', passed, { additions })
  t.equal((await list(service)).body.value.length, 3, 'and looking is none')

  await t.test('also one that could not begin', async (t) => {
    const gone = await partnerHome(t, service, records, 'gone.example')
    const invited = await service.invite('cy@gone.example')
    gone.before = (_request, response) => {
      response.writeHead(503).end()
      return true
    }
    const other = new Guest()
    await other.get(invited.inviteRedeemUrl)
    await other.post(invited.inviteRedeemUrl, { action: 'continue' })
    t.match(await newest(service), [
      { userId: invited.invitedUser.id, identityProvider: gone.id, status: { errorCode: 90033 } },
    ])
  })

  await t.test('but nobody fills the log with answers that say no', async (t) => {
    const { inviteRedeemUrl, invitedUser } = await service.invite('dot@partner.example')
    const troubles = async () =>
      (await list(service, `?$filter=userId eq '${invitedUser.id}' and status/errorCode ne 0&$top=100`)).body.value
        .length
    const said = async (stranger: Guest) => {
      await stranger.get(inviteRedeemUrl)
      const left = await stranger.post(inviteRedeemUrl, { action: 'continue' })
      const asked = new URL(left.location ?? '')
      const back = new URL(asked.searchParams.get('redirect_uri') ?? '')
      const answer = { error: 'access_denied', state: asked.searchParams.get('state') ?? '', iss: home.issuer }
      back.search = new URLSearchParams(answer).toString()
      return stranger.get(back.href)
    }
    const stranger = new Guest()
    for (let count = 0; count < 33; count++) await said(stranger)
    const most = await troubles()
    t.ok(most > 20 && most <= 30, `${most} lines, with those from before 30 an hour`)
    await said(stranger)
    t.equal(await troubles(), most)
    await service.rows("update password_tries set created_date_time = created_date_time - interval '61 minutes'")
    await said(stranger)
    t.equal(await troubles(), most + 1, 'an hour later it is told again')
  })

  await t.test('and one of a guest whose access has ended', async (t) => {
    await guest.post(link, { choice: 'accept' })
    const past = new Date(service.services.clock().getTime() - 1_000).toISOString()
    const returning = new Guest()
    const there = await returning.get(link)
    t.equal(there.name, 'start')
    const left = await returning.post(link, { action: 'continue' })
    await service.api('PATCH', `/users/${invitedUser.id}`, { accessEndDateTime: past })
    await follow(returning, left)
    t.match(await newest(service), [{ userId: invitedUser.id, status: { errorCode: 50055 } }])
  })
})

t.test('sign-ins to applications', async (t) => {
  const service = await serviceOf(t)
  const other = await service.otherTenant('fabrikam.example')
  const bo = await acceptedGuest(t, service, 'bo')
  const rp = await relyingParty(service)
  const [application] = (await service.api('GET', '/applications?$top=100')).body.value.filter(
    ({ appId }: { appId: string }) => appId === rp.config.clientMetadata().client_id,
  )
  const line = { appId: application.appId, appDisplayName: application.displayName }
  const browser = new Browser(service.baseUrl)

  await t.test('have a line for the code, one for the application, and one correlation', async (t) => {
    t.ok((await signIn(service, browser, (await start(rp.config)).url, bo.mail)).url.startsWith(CALLBACK))
    const [last, first] = await newest(service, 2)
    const common = { ...line, userId: bo.id, status: { errorCode: 0 }, resourceDisplayName: line.appDisplayName }
    t.match(last, { ...common, resourceId: line.appId, isInteractive: true })
    t.match(first, { ...common, identityProvider: 'mail', authenticationMethodsUsed: ['Email OTP'] })
    t.equal(last.correlationId, first.correlationId)
    holdAgainst(t, 'microsoft.graph.signIn', last, { additions })
    await browser.follow((await start(rp.config)).url.href)
    const [silent] = await newest(service)
    t.match(silent, common)
    t.not(silent.correlationId, last.correlationId, 'another request is another')
  })

  await t.test('and refreshes are lines for who asks for them, one in five minutes from one address', async (t) => {
    const begun = await start(rp.config)
    const { url } = await browser.follow(begun.url.href)
    const first = (await client.authorizationCodeGrant(rp.config, new URL(url), begun.checks)).refresh_token ?? ''
    let latest = first
    const before = (await list(service)).body.value
    const refresh = async () => {
      latest = (await client.refreshTokenGrant(rp.config, latest)).refresh_token ?? ''
    }
    for (let count = 0; count < 3; count++) await refresh()
    t.strictSame((await list(service)).body.value, before, 'not among those that somebody was there for')
    const unasked = "signInEventTypes/any(t: t eq 'nonInteractiveUser')"
    const refreshes = async (more = '') => (await list(service, `?$filter=${unasked}${more}`)).body.value
    const [refreshed, ...more] = await refreshes()
    t.strictSame(more, [])
    t.match(refreshed, {
      ...line,
      userId: bo.id,
      isInteractive: false,
      signInEventTypes: ['nonInteractiveUser'],
      identityProvider: 'mail',
      signInIdentifier: bo.mail,
      ipAddress: /127\.0\.0\.1|::1/,
      clientAppUsed: 'Mobile Apps and Desktop clients',
      authenticationMethodsUsed: ['Previously satisfied'],
      status: { errorCode: 0 },
    })
    holdAgainst(t, 'microsoft.graph.signIn', refreshed, { additions })
    t.match((await service.api('GET', `/auditLogs/signIns/${refreshed.id}`)).body, { id: refreshed.id })
    const either = "signInEventTypes/any(t: t eq 'nonInteractiveUser' or t eq 'interactiveUser')"
    t.equal((await list(service, `?$filter=${either}&$top=200`)).body.value.length, before.length + 1)
    const asked = (await list(service, "?$filter=signInEventTypes/any(t: t eq 'interactiveUser')")).body.value
    t.strictSame(asked, before)
    t.strictSame((await list(service, `?$filter=signInEventTypes/any(t: t eq 'servicePrincipal')`)).body.value, [])
    t.equal((await list(service, `?$filter=signInEventTypes/any(t: t eq 'anybody')`)).status, 400)
    t.strictSame((await list(service, `?$filter=${unasked}`, other)).body.value, [])

    service.advance(301_000)
    await refresh()
    t.equal((await refreshes(` and userId eq '${bo.id}'`)).length, 2, 'one more after a while')
    const activity = async (id: string) =>
      (await service.api('GET', `/users/${id}?$select=signInActivity`)).body.signInActivity
    const [second] = await refreshes()
    const inSeconds = (text: string) => `${text.slice(0, 19)}Z`
    const whole = {
      lastNonInteractiveSignInDateTime: inSeconds(second.createdDateTime),
      lastNonInteractiveSignInRequestId: second.id,
      lastSuccessfulSignInDateTime: inSeconds(second.createdDateTime),
      lastSuccessfulSignInRequestId: second.id,
    }
    const told = await activity(bo.id)
    t.match(told, whole)
    const proved = (await service.api('GET', `/auditLogs/signIns/${told.lastSignInRequestId}`)).body
    t.match(proved, { userId: bo.id, isInteractive: true, status: { errorCode: 0 } })
    t.equal(inSeconds(proved.createdDateTime), told.lastSignInDateTime)

    service.advance(301_000)
    const form = { grant_type: 'refresh_token', client_id: line.appId, client_secret: rp.secretText }
    const show = (more: Record<string, string>) =>
      fetch(`${service.baseUrl}/${service.tenantId}/oauth2/v2.0/token`, {
        method: 'POST',
        body: new URLSearchParams({ ...form, ...more }),
      })
    t.equal((await show({ refresh_token: 'made-up' })).status, 400)
    t.equal((await show({ refresh_token: first, client_secret: 'wrong' })).status, 401)
    t.equal((await refreshes()).length, 2, 'none for a token that is none, or a client that is another')
    const again = await Promise.all([1, 2, 3].map(() => show({ refresh_token: first })))
    t.strictSame(
      again.map(({ status }) => status),
      [400, 400, 400],
    )
    t.equal((await show({ refresh_token: latest })).status, 400, 'all of it has ended')
    const [reused, ...others] = await refreshes()
    t.equal(others.length, 2, 'one of what was used before, however often it is shown')
    t.match(reused, {
      ...line,
      userId: bo.id,
      isInteractive: false,
      ipAddress: /127\.0\.0\.1|::1/,
      signInIdentifier: bo.mail,
      status: { errorCode: 70000, failureReason: /refresh token.*used before/ },
    })
    holdAgainst(t, 'microsoft.graph.signIn', reused, { additions })
    const failed = await list(service, `?$filter=${unasked} and status/errorCode ne 0`)
    t.strictSame(failed.body.value, [reused])
    t.match(await activity(bo.id), {
      ...whole,
      lastNonInteractiveSignInDateTime: inSeconds(reused.createdDateTime),
      lastNonInteractiveSignInRequestId: reused.id,
    })
  })

  await t.test('and a code that is redeemed twice is one, thirty an hour from a network', async (t) => {
    const failures = async () =>
      (await list(service, `?$filter=signInEventTypes/any(t: t eq 'nonInteractiveUser') and status/errorCode eq 54005`))
        .body.value
    const twice = async () => {
      const begun = await start(rp.config)
      const { url } = await browser.follow(begun.url.href)
      const granted = await client.authorizationCodeGrant(rp.config, new URL(url), begun.checks)
      await t.rejects(client.authorizationCodeGrant(rp.config, new URL(url), begun.checks))
      await t.rejects(client.refreshTokenGrant(rp.config, String(granted.refresh_token)))
    }
    await twice()
    t.match(await failures(), [{ ...line, userId: bo.id, status: { failureReason: /^A code/ } }])
    const { length: count } = await service.rows("select 1 from password_tries where client_address like 'reuse %'")
    await service.rows(`insert into password_tries (tenant_id, id, address_folded, client_address, created_date_time)
      select tenant_id, gen_random_uuid(), '', client_address, created_date_time from password_tries,
        generate_series(1, ${30 - count}) where client_address like 'reuse %' and id = (
          select id from password_tries where client_address like 'reuse %' limit 1) returning 1`)
    await twice()
    t.equal((await failures()).length, 1, 'the grant ends all the same')
    await service.rows("update password_tries set created_date_time = created_date_time - interval '61 minutes'")
    await twice()
    t.equal((await failures()).length, 2)
  })

  await t.test('say who was refused for want of an assignment', async (t) => {
    const { body } = await service.api('GET', `/servicePrincipals?$filter=appId eq '${line.appId}'`)
    const [principal] = body.value
    await service.api('PATCH', `/servicePrincipals/${principal.id}`, { appRoleAssignmentRequired: true })
    const { url } = await browser.follow((await start(rp.config)).url.href)
    t.match(url, /error=access_denied/)
    t.match(await newest(service), [{ ...line, userId: bo.id, status: { errorCode: 50105 } }])
    await service.api('PATCH', `/servicePrincipals/${principal.id}`, { appRoleAssignmentRequired: false })
  })

  const tryAs = async (address: string) => {
    // Codes to one address are half a minute apart.
    service.advance(31_000)
    const visitor = new Browser(service.baseUrl)
    const asked = await visitor.follow((await start(rp.config)).url.href)
    const sent = await visitor.follow(asked.url, { csrf: csrfIn(asked.page), email: address })
    // The mailbox still has the one before.
    const code = await madeCode(service, address)
    return visitor.follow(sent.url, { csrf: csrfIn(sent.page), code })
  }

  await t.test('or because nobody has that mailbox', async (t) => {
    t.equal((await tryAs('stranger@elsewhere.example')).status, 403)
    t.match(await newest(service), [
      {
        ...line,
        userId: NOBODY,
        userDisplayName: null,
        status: { errorCode: 50034 },
        signInIdentifier: 'stranger@elsewhere.example',
      },
    ])
  })

  await t.test('or is disabled, or has had their time', async (t) => {
    const past = new Date(service.services.clock().getTime() - 1_000).toISOString()
    await service.api('PATCH', `/users/${bo.id}`, { accessEndDateTime: past })
    t.equal((await tryAs(bo.mail)).status, 403)
    t.match(await newest(service), [{ ...line, userId: bo.id, status: { errorCode: 50055 } }])
    await service.api('PATCH', `/users/${bo.id}`, { accountEnabled: false })
    t.equal((await tryAs(bo.mail)).status, 403)
    t.match(await newest(service), [{ ...line, userId: bo.id, status: { errorCode: 50057 } }])
  })

  await t.test('are found by application, person, status and time, page by page', async (t) => {
    const count = async (filter: string) => (await list(service, `?$filter=${filter}`)).body.value?.length
    const all = (await list(service)).body.value
    const of = (pick: (each: any) => boolean) => all.filter(pick).length
    t.equal(
      await count(`appId eq '${line.appId}'`),
      of(({ appId }) => appId === line.appId),
    )
    t.equal(await count(`appId eq '${service.services.newId()}'`), 0)
    t.equal(
      await count('status/errorCode eq 0'),
      of(({ status }) => status.errorCode === 0),
    )
    t.equal(
      await count('status/errorCode ne 0'),
      of(({ status }) => status.errorCode !== 0),
    )
    t.equal(await count('status/errorCode eq 50105'), 1)
    t.equal(await count(`appId eq '${line.appId}' and userId eq '${bo.id}' and status/errorCode eq 50057`), 1)
    t.equal((await list(service, '?$filter=status/failureReason eq 1')).status, 400)
    const ids: string[] = []
    let path: string | undefined = `/auditLogs/signIns?$filter=appId eq '${line.appId}'&$top=2`
    while (path !== undefined) {
      const { body }: { body: any } = await service.api('GET', path)
      t.ok(body.value.length <= 2)
      ids.push(...body.value.map(({ id }: { id: string }) => id))
      path = body['@odata.nextLink']?.split('/v1.0')[1]
    }
    t.strictSame(
      ids,
      all.filter(({ appId }: any) => appId === line.appId).map(({ id }: any) => id),
    )
  })

  await t.test('which are ranges of indexes, however long the log is', async (t) => {
    await service.rows(`
      insert into sign_ins (tenant_id, id, created_date_time, user_id, identifier, provider, method, outcome, application_id)
      select '${service.tenantId}', gen_random_uuid(), now(), gen_random_uuid(), 'x', 'mail', 'federated',
        case when n % 500 = 0 then 'notAssigned' else 'ok' end, case when n % 500 = 0 then gen_random_uuid() end
      from generate_series(1, 20000) n`)
    await service.rows('analyze sign_ins').catch(() => undefined)
    const planOf = async (condition: string) => {
      const plan = await service.rows(`explain select id from sign_ins
        where tenant_id = '${service.tenantId}' and ${condition} order by id desc limit 100`)
      return plan.map((row) => row['QUERY PLAN']).join('\n')
    }
    t.match(await planOf(`application_id = '${line.appId}'`), 'sign_ins_of_application')
    t.match(await planOf(`user_id = '${bo.id}'`), 'sign_ins_of_user')
    t.match(await planOf('error_code = 50057'), 'sign_ins_by_error')

    const { services, tenantId } = service
    const planOfList = ($filter?: string) =>
      services.database.withTenant(tenantId, async ({ orm }) => {
        const options = readQueryOptions(
          { query: { ...($filter && { $filter }) }, headers: {} },
          signInCollection.rules,
        )
        const filter = filterOf(signInCollection, options, { now: services.clock(), tenantId })
        const where = and(signInCollection.where(tenantId), askedLines(options.filter), filter)
        const plan = await orm.execute<{ 'QUERY PLAN': string }>(
          sql`explain (costs off) select id from sign_ins where ${where} order by id desc limit 100`,
        )
        return plan.map((row) => row['QUERY PLAN']).join('\n')
      })
    const isRange = async (filter?: string) => {
      const plan = await planOfList(filter)
      t.match(plan, /using sign_ins_of_kind/, filter ?? 'what people were there for')
      t.notMatch(plan, /^ *Filter:|Sort/m, 'no line is read that is not shown')
    }
    await isRange("signInEventTypes/any(t: t eq 'nonInteractiveUser')")
    await service.rows("update sign_ins set method = 'refreshToken' where identifier = 'x'")
    await service.rows('analyze sign_ins').catch(() => undefined)
    await isRange()
    await service.rows("delete from sign_ins where identifier = 'x'")
  })

  await t.test('and nothing for another organization', async (t) => {
    t.strictSame((await list(service, '', other)).body.value, [])
    t.strictSame((await list(service, `?$filter=appId eq '${line.appId}'`, other)).body.value, [])
  })
})

t.test('second steps are lines of their own, with what they were for', async (t) => {
  const service = await serviceOf(t)
  await askForSecondStep(service)
  const { id, inviteRedeemUrl: link, invitedUser } = await service.invite('dee@elsewhere.example')
  const guest = new Guest()
  await guest.get(link)
  await guest.post(link, { action: 'send' })
  await guest.get(link)
  await guest.post(link, { code: await newestCode(service, 'dee@elsewhere.example') })
  const page = await guest.get(link)
  t.equal(stepOf(page), 'mfa enrol')
  const app = appFrom(page.html)
  const now = service.services.clock()
  await guest.post(link, { code: app.codeAt(new Date(now.getTime() + 3_600_000)) })
  await guest.post(link, { code: app.codeAt(now) })
  const lines = await newest(service, 3)
  const common = { userId: invitedUser.id, correlationId: id, signInIdentifier: 'dee@elsewhere.example' }
  const step = (succeeded: boolean) => [
    {
      authenticationMethod: 'OATH verification code',
      succeeded,
      authenticationStepRequirement: 'Multifactor authentication',
    },
  ]
  t.match(lines, [
    { ...common, status: { errorCode: 0 }, identityProvider: 'vestibule', authenticationDetails: step(true) },
    { ...common, status: { errorCode: 500121 }, authenticationDetails: step(false) },
    { ...common, status: { errorCode: 0 }, identityProvider: 'mail' },
  ])
})
