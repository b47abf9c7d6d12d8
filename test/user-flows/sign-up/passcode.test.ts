import t from 'tap'
import { startConnector } from '../../support/connector.js'
import { startService } from '../../support/service.js'
import { makeAttribute, makeFlow, switchSignUp, usersOf, Visitor } from './flow.js'

const service = await startService(t)

t.test('a visitor becomes a guest by a code to their mailbox', async (t) => {
  const level = await makeAttribute(service, 'Level', 'int64')
  const path = await makeFlow(service, {
    questions: [
      { id: 'displayName' },
      { id: 'city', isOptional: true },
      { id: level, type: 'int64', validation: { minimum: 1, maximum: 9 } },
    ],
  })
  const visitor = new Visitor(service, path)
  const first = await visitor.open()
  t.match([first.status, first.name], [200, 'choose-provider'])
  t.equal((await usersOf(service, 'ana@partner.example')).length, 0)

  await visitor.send({ email: 'anna@partner.example' })
  const mistyped = await visitor.open()
  t.match([mistyped.name, mistyped.html.includes(`href="${path}?other=1"`)], ['code', true])
  t.equal((await visitor.open('?other=1')).name, 'choose-provider', 'a mistyped address is no trap')

  const form = await visitor.prove('ana@partner.example')
  t.match([form.status, form.name], [200, 'sign-up'])
  t.match(form.html, 'value="ana@partner.example"')
  const wrong = await visitor.answer({ displayName: 'Ana Silva', city: 'Porto', [level]: '40' })
  t.match([wrong.status, wrong.name], [422, 'sign-up'])
  t.match(wrong.html, /value="Ana Silva"[\s\S]*value="Porto"[\s\S]*Enter 9 or less[\s\S]*value="40"/)

  const done = await visitor.answer({ displayName: 'Ana Silva', city: 'Porto', [level]: '4' })
  t.match([done.status, done.location], [303, `/myapps?tenant=${service.tenantId}`])
  const [user] = await usersOf(service, 'ana@partner.example')
  t.match(user, {
    user_type: 'Guest',
    creation_type: 'SelfServiceSignUp',
    external_user_state: null,
    display_name: 'Ana Silva',
    city: 'Porto',
    user_principal_name: 'ana_partner.example#EXT#@contoso.example',
  })
  const shown = (await service.api('GET', `/users/${user?.['id']}?$select=id,identities,${level}`)).body
  t.match(shown, {
    [level]: 4,
    identities: [{ signInType: 'federated', issuer: 'mail', issuerAssignedId: 'ana@partner.example' }],
  })
  const found = await service.api('GET', `/users?$filter=${level} eq 4&$count=true`, undefined, {
    headers: { consistencylevel: 'eventual' },
  })
  t.equal(found.body.value[0]?.id, user?.['id'])
  const [audit] = await service.rows(`select * from audit_events where target_id = '${user?.['id']}'`)
  t.match(audit, { activity_display_name: 'Add user', additional_details: { creationType: 'SelfServiceSignUp' } })

  t.equal((await visitor.get(new URL(done.location ?? '', service.baseUrl).href)).name, 'my-apps')
  const back = await visitor.open()
  t.match([back.status, back.name], [200, 'sign-up'], 'the back button shows that they are a guest')
  t.match(back.html, 'data-step="done"')

  await t.test('and signs in the next time without being asked anything', async (t) => {
    service.advance(31_000)
    const again = new Visitor(service, path)
    const code = await again.askCode('ana@partner.example')
    const proved = await again.send({ code })
    t.match(proved.location, /arrived=1/)
    const led = await again.get(new URL(proved.location ?? '', service.baseUrl).href)
    t.equal(led.location, `/myapps?tenant=${service.tenantId}`)
    t.equal((await usersOf(service, 'ana@partner.example')).length, 1)
  })
})

t.test('connectors: prefill, overrides, correction, block and failure', async (t) => {
  const connector = await startConnector(t)
  const { body } = await service.api('POST', '/identity/apiConnectors', {
    displayName: 'Partners',
    targetUrl: connector.url,
    authenticationConfiguration: {
      '@odata.type': '#microsoft.graph.basicAuthentication',
      username: 'vestibule',
      password: 'open sesame',
    },
  })
  const path = await makeFlow(service, {
    questions: [{ id: 'displayName' }, { id: 'city' }, { id: 'jobTitle', isOptional: true }],
    first: body.id,
    second: body.id,
  })
  const answers = (first: object, second: object, status = 200) =>
    connector.answer((_request, response) => {
      const { step } = connector.asked.at(-1)?.body ?? {}
      const isFirst = step === 'PostFederationSignup'
      response
        .writeHead(isFirst ? 200 : status, { 'content-type': 'application/json' })
        .end(JSON.stringify({ version: '1.0.0', ...(isFirst ? first : second) }))
    })

  await t.test('what the first knows stands in the form, what the second says is stored', async (t) => {
    answers(
      {
        action: 'Continue',
        displayName: 'Bo Lund',
        city: 'Malmö',
        email: 'other@evil.example',
        department: 'not asked',
      },
      { action: 'Continue', jobTitle: 'Supplier', email: 'other@evil.example' },
    )
    const visitor = new Visitor(service, path)
    const form = await visitor.prove('bo@partner.example')
    t.match(form.html, /value="Bo Lund"[\s\S]*value="Malmö"/)
    const done = await visitor.answer({ displayName: 'Bo', city: 'Lund', jobTitle: 'King' })
    t.equal(done.status, 303)
    const [user] = await usersOf(service, 'bo@partner.example')
    t.match(user, {
      display_name: 'Bo',
      city: 'Lund',
      job_title: 'Supplier',
      mail: 'bo@partner.example',
      department: null,
    })
    const [first, second] = connector.asked.slice(-2)
    t.match(first?.body, {
      email: 'bo@partner.example',
      step: 'PostFederationSignup',
      identities: [{ signInType: 'federated', issuer: 'mail', issuerAssignedId: 'bo@partner.example' }],
    })
    t.match(second?.body, { email: 'bo@partner.example', displayName: 'Bo', city: 'Lund', jobTitle: 'King' })
  })

  await t.test('a correction keeps the form as typed', async (t) => {
    answers({ action: 'Continue' }, { action: 'ValidationError', status: 400, userMessage: 'No <b>Lund</b>.' }, 400)
    const visitor = new Visitor(service, path)
    await visitor.prove('cy@partner.example')
    const wrong = await visitor.answer({ displayName: 'Cy', city: 'Lund' })
    t.match([wrong.status, wrong.name], [422, 'sign-up'])
    t.match(wrong.html, /No &lt;b>Lund&lt;\/b>[\s\S]*value="Cy"[\s\S]*value="Lund"/)
    t.match((await visitor.open()).html, /No &lt;b>Lund/, 'a reload shows the same')
    answers({ action: 'Continue' }, { action: 'Continue' })
    t.equal((await visitor.answer({ displayName: 'Cy', city: 'Malmö' })).status, 303)
    t.match(await usersOf(service, 'cy@partner.example'), [{ city: 'Malmö' }])
  })

  await t.test('either may end it, in its own words', async (t) => {
    answers({ action: 'ShowBlockPage', userMessage: 'Your request is <i>being processed</i>.' }, {})
    const visitor = new Visitor(service, path)
    const blocked = await visitor.prove('di@partner.example')
    t.match([blocked.status, blocked.name], [403, 'blocked'])
    t.match(blocked.html, 'being processed')
    t.notMatch(blocked.html, '<i>being')
    t.equal((await visitor.open()).name, 'blocked')
    t.equal((await visitor.send({ action: 'restart' })).status, 303)
    answers({ action: 'Continue' }, { action: 'ShowBlockPage', userMessage: 'Wait for approval.' })
    await visitor.prove('ed@partner.example')
    t.match((await visitor.answer({ displayName: 'Ed', city: 'Ede' })).html, 'Wait for approval.')
    t.strictSame(await usersOf(service, 'ed@partner.example'), [])
  })

  await t.test('neither hears of whom the organization does not let in', async (t) => {
    answers({ action: 'Continue' }, { action: 'Continue' })
    const visitor = new Visitor(service, path)
    const code = await visitor.askCode('gus@blocked.example')
    const list = { mode: 'blockList', domains: ['blocked.example'] }
    t.equal((await service.api('PUT', '/policies/invitationDomainPolicy', list)).status, 200)
    const before = connector.asked.length
    t.equal((await visitor.send({ code })).status, 303)
    for (let turn = 0; turn < 3; turn++) {
      const page = await visitor.open()
      t.match([page.status, page.name], [403, 'blocked'])
    }
    t.equal(connector.asked.length, before)
    await service.api('PUT', '/policies/invitationDomainPolicy', { mode: 'any', domains: [] })
  })

  await t.test('one that fails ends in a page that goes on where it stopped', async (t) => {
    answers({ action: 'Continue' }, { action: 'Continue' }, 401)
    const visitor = new Visitor(service, path)
    await visitor.prove('flo@partner.example')
    const failed = await visitor.answer({ displayName: 'Flo', city: 'Foix' })
    t.match([failed.status, failed.name, failed.headers.has('retry-after')], [503, 'error', true])
    answers({ action: 'Continue' }, { action: 'Continue' })
    const keyOf = (index: number) => connector.asked.at(index)?.headers['idempotency-key']
    const before = keyOf(-1)
    t.equal((await visitor.send({ action: 'again' })).status, 303)
    t.equal(keyOf(-1), before, 'the same question has the same key')
    t.match(await usersOf(service, 'flo@partner.example'), [{ display_name: 'Flo', city: 'Foix' }])
  })
})

t.test('terms of use are agreed to before anything is made', async (t) => {
  const path = await makeFlow(service, { questions: [{ id: 'city' }], termsOfUseUrl: 'https://contoso.example/terms' })
  const visitor = new Visitor(service, path)
  await visitor.prove('gil@partner.example')
  const terms = await visitor.answer({ city: 'Gent' })
  t.match([terms.name, /data-step="terms"/.test(terms.html)], ['sign-up', true])
  t.strictSame(await usersOf(service, 'gil@partner.example'), [])
  t.equal((await visitor.send({ action: 'agree', terms: 'https://contoso.example/terms' })).status, 422)
  t.match((await visitor.open('?edit=1')).html, 'value="Gent"')
  await visitor.open()
  t.equal((await visitor.send({ action: 'agree', agree: 'yes', terms: 'https://contoso.example/terms' })).status, 303)
  t.match(await usersOf(service, 'gil@partner.example'), [{ city: 'Gent' }])
})

t.test('a flow that is changed while somebody is on the way', async (t) => {
  const wish = { displayName: 'Size', dataType: 'int64' }
  const size = (await service.api('POST', '/identity/userFlowAttributes', wish)).body.id
  const path = await makeFlow(service, { questions: [{ id: 'displayName' }, { id: size, type: 'int64' }] })
  const flow = `/identity/b2xUserFlows/${path.split('/').at(-1)}`
  const ask = `${flow}/userAttributeAssignments`
  const visitor = new Visitor(service, path)
  await visitor.prove('ivy@partner.example')

  await t.test('an attribute that was deleted is not asked any more, nor is its answer kept', async (t) => {
    t.equal((await service.api('DELETE', `${ask}/${size}`)).status, 204)
    t.equal((await service.api('DELETE', `/identity/userFlowAttributes/${size}`)).status, 204)
    await service.api('PATCH', flow, { termsOfUseUrl: 'https://contoso.example/one' })
    const terms = await visitor.answer({ displayName: 'Ivy', [size]: '43' })
    t.match(terms.html, 'data-step="terms"', 'terms that are new are asked for')
    t.notMatch(JSON.stringify(await service.rows('select answers from sign_up_runs')), '43')
  })
  await t.test('a question that came behind the answers is asked, with what was answered before', async (t) => {
    t.equal((await service.api('POST', ask, { userAttribute: { id: 'city' }, isOptional: false })).status, 201)
    const late = await visitor.send({ action: 'agree', agree: 'yes', terms: 'https://contoso.example/one' })
    t.match([late.status, late.name], [422, 'sign-up'])
    t.match(late.html, /value="Ivy"[\s\S]*name="city"/)
    t.strictSame(await usersOf(service, 'ivy@partner.example'), [])
  })
  await t.test('terms that were put elsewhere are other terms', async (t) => {
    await visitor.answer({ displayName: 'Ivy', city: 'Gent' })
    await service.api('PATCH', flow, { termsOfUseUrl: 'https://contoso.example/two' })
    t.equal((await visitor.send({ action: 'agree', agree: 'yes', terms: 'https://contoso.example/one' })).status, 303)
    t.strictSame(await usersOf(service, 'ivy@partner.example'), [], 'nobody agreed to those')
    t.match((await visitor.open()).html, 'https://contoso.example/two')
  })
  await t.test('approval that is wanted by now is waited for', async (t) => {
    await service.api('PATCH', flow, { requiresApproval: true })
    const held = await visitor.send({ action: 'agree', agree: 'yes', terms: 'https://contoso.example/two' })
    t.match([held.status, held.location], [303, `${path}/request`])
    t.equal((await visitor.get(service.baseUrl + held.location)).name, 'pending')
    t.strictSame(await usersOf(service, 'ivy@partner.example'), [])
    const [audit] = await service.rows(
      `select additional_details from audit_events where activity_display_name = 'Create sign-up request'`,
    )
    t.match(audit?.['additional_details'], { termsOfUse: 'https://contoso.example/two' })
  })
  await t.test('a flow that is deleted ends what waits, and tells', async (t) => {
    const other = new Visitor(service, path)
    await other.prove('jo@partner.example')
    const denied = new Visitor(service, path)
    await denied.prove('kit@partner.example')
    await denied.answer({ displayName: 'Kit', city: 'Lund' })
    await denied.send({ action: 'agree', agree: 'yes', terms: 'https://contoso.example/two' })
    const { value } = (await service.api('GET', `${flow}/signUpRequests?$filter=email eq 'kit@partner.example'`)).body
    t.equal((await service.api('POST', `${flow}/signUpRequests/${value[0].id}/deny`, {})).status, 200)

    t.equal((await service.api('DELETE', flow)).status, 204)
    t.match(
      await service.rows(`select state, email from sign_up_requests where flow_id = '${path.split('/').at(-1)}'`),
      [{ state: 'lapsed', email: 'ivy@partner.example' }],
      'no denial is kept of a flow that is not there',
    )
    t.equal((await service.rows(`select 1 from sign_up_runs where proof->>'address' = 'jo@partner.example'`)).length, 0)
    const late = await other.answer({ displayName: 'Jo', city: 'Oslo' })
    t.match([late.status, late.name], [404, 'error'])
    const ended = await visitor.get(`${service.baseUrl}${path}/request`)
    t.match([ended.status, ended.name], [200, 'lapsed'])
    t.match(ended.html, 'takes no sign-ups here any more')
    t.notMatch(ended.html, 'Sign up again')
    const mails = await service.waitForMails('ivy@partner.example', 2)
    t.match(mails[0], { subject: /has ended without an answer/, text: /take no sign-ups there any more/, links: [] })
    const [audit] = await service.rows(
      `select additional_details from audit_events where activity_display_name = 'Delete user flow'`,
    )
    t.match(audit?.['additional_details'], { requestsEnded: 1 })

    const id = path.split('/').at(-1)
    t.equal((await service.api('POST', '/identity/b2xUserFlows', { id })).status, 201)
    t.equal((await other.open()).name, 'choose-provider', 'a flow of the same id is another one')
    const another = await service.otherTenant('northwind.example')
    t.equal((await visitor.get(`${service.baseUrl}/${another.tenantId}/signup/${id}/request`)).status, 404)
  })
})

t.test('switched off, the page says so, and so does every step', async (t) => {
  const path = await makeFlow(service, {})
  const visitor = new Visitor(service, path)
  await visitor.prove('hal@partner.example')
  await switchSignUp(service, false)
  const off = await visitor.open()
  t.match([off.status, off.name, /data-step="off"/.test(off.html)], [403, 'blocked', true])
  t.equal((await visitor.answer({})).status, 403)
  t.strictSame(await usersOf(service, 'hal@partner.example'), [])
  await switchSignUp(service, true)
  t.equal((await visitor.open()).name, 'sign-up', 'what was proved is kept')
  t.equal((await new Visitor(service, `/${service.tenantId}/signup/B2X_1_None`).open()).status, 404)
  const { tenantId } = await service.otherTenant('fabrikam.example')
  t.equal((await new Visitor(service, path.replace(service.tenantId, tenantId)).open()).status, 404)
})
