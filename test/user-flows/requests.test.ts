import t from 'tap'
import { createGuest, decideRequest, lapseRequests } from '../../src/user-flows/index.js'
import { changeTenant } from '../attacks/scene.js'
import { SIGN_UP_REQUEST } from '../contract/property-sets.js'
import { Person } from '../my-apps/world.js'
import { lastingToken, person } from '../support/people.js'
import { type Answer, type MailJson, startService, type TestService } from '../support/service.js'
import { until } from '../support/until.js'
import { approvedFlow, hold, requestsOf, visitorOf, waiting } from './approval-scene.js'
import { makeAttribute } from './sign-up/flow.js'

const DAY_MS = 86_400_000
const service = await startService(t)
const ana = await person(service, 'ana')
const bo = await person(service, 'bo')
const group = (
  await service.api('POST', '/groups', {
    displayName: 'Purchasing',
    mailEnabled: false,
    mailNickname: 'purchasing',
    securityEnabled: true,
    'members@odata.bind': [`https://graph.microsoft.com/v1.0/directoryObjects/${bo}`],
  })
).body
const flow = await approvedFlow(service, 'B2X_1_Partner', [
  { id: ana, type: 'User' },
  { id: group.id, type: 'Group' },
])
const path = requestsOf(flow.id)
const guests = (address: string) =>
  service.api(
    'GET',
    `/users?$filter=mail eq '${address}'&$select=id,userType,creationType,externalUserState,city,identities`,
  )

/** Mails to an address whose subject says this. */
async function told(service: TestService, to: string, subject: RegExp, count = 1) {
  let mails: MailJson[] = []
  await until(async () => {
    mails = (await service.mails(to)).filter((mail) => subject.test(mail.subject))
    return mails.length >= count
  }, `${count} mails told ${to} of ${subject}`)
  return mails
}

t.test('a sign-up is held, its approvers are asked, and approving makes the guest', async (t) => {
  const visitor = visitorOf(flow, 'Gil@partner.example')
  const held = await hold(service, flow, visitor)
  t.equal(held.state, 'pending')
  t.strictSame(await hold(service, flow, visitor), held, 'asking again is no second request')
  const [toAna] = await told(service, 'ana@contoso.example', /Gil@partner.example asks/)
  const [toBo] = await told(service, 'bo@contoso.example', /Gil@partner.example asks/)
  t.match(toAna?.links[0], `/myaccess/sign-ups/${held.requestId}?tenant=${service.tenantId}`)
  t.ok(toBo, 'members of a group are asked, too')
  t.notMatch(toAna?.text, 'Gil Carvalho', 'a mail says nothing that was not proved')

  const one = await service.api('GET', `${path}/${held.requestId}`)
  t.match(one.body, {
    id: held.requestId,
    status: 'PendingApproval',
    email: 'Gil@partner.example',
    displayName: 'Gil Carvalho',
    identities: [{ signInType: 'federated', issuer: 'mail', issuerAssignedId: 'gil@partner.example' }],
    answers: [{ name: 'city', label: 'Town', value: 'Porto' }],
    decidedDateTime: null,
    decidedBy: null,
    user: null,
  })
  t.equal((await guests('gil@partner.example')).body.value.length, 0, 'nobody is a guest yet')

  const token = await service.userToken(bo, ['IdentityUserFlow.ReadWrite.All'])
  const approved = await service.api('POST', `${path}/${held.requestId}/approve`, undefined, { token })
  t.equal(approved.status, 200, approved.text)
  t.match(approved.body, { status: 'Approved', decidedBy: { user: { id: bo, displayName: 'bo' } } })
  t.match((await guests('gil@partner.example')).body.value, [
    {
      id: approved.body.user.id,
      userType: 'Guest',
      creationType: 'SelfServiceSignUp',
      externalUserState: null,
      city: 'Porto',
    },
  ])
  const [toGil] = await told(service, 'gil@partner.example', /You are a guest of/)
  t.match(toGil?.links[0], `/myapps?tenant=${service.tenantId}`)
  t.equal(toGil?.html.includes('List-Unsubscribe'), false)
  t.match(
    await service.rows(
      `select activity_display_name as what, initiated_by as by, target_id as target from audit_events
       where activity_display_name in ('Approve sign-up request', 'Create sign-up request', 'Add user')
         and (target_id = '${approved.body.user.id}' or additional_details->>'requestId' = '${held.requestId}')
       order by id`,
    ),
    [
      { what: 'Create sign-up request', by: { displayName: 'Gil@partner.example' } },
      { what: 'Add user', by: { id: bo }, target: approved.body.user.id },
      { what: 'Approve sign-up request', by: { id: bo }, target: approved.body.user.id },
    ],
  )
  const second = await service.api('POST', `${path}/${held.requestId}/deny`, {})
  t.equal(second.status, 409)
  t.match(second.body.error.message, 'approved by bo')
})

t.test('a denied visitor reads why, and may ask again once an administrator has deleted the request', async (t) => {
  const id = await waiting(service, flow, 'dora@partner.example')
  t.equal((await told(service, 'ana@contoso.example', /dora@partner.example asks/)).length, 1)
  const reason = 'No partner of ours <b>yet</b>.\nAsk http://evil.example'
  const denied = await service.api('POST', `${path}/${id}/deny`, { reason })
  t.match(denied.body, { status: 'Denied', reason })
  const [mail] = await told(service, 'dora@partner.example', /denied your request/)
  t.match(mail?.text, /^> No partner of ours <b>yet<\/b>\.$/m, 'quoted, line by line')
  t.match(mail?.html, '&lt;b>yet')
  t.strictSame(mail?.links, [], 'nothing that somebody wrote becomes a link')
  t.match(await hold(service, flow, visitorOf(flow, 'dora@partner.example')), { requestId: id, state: 'denied' })
  t.equal(
    (await service.rows(`select 1 from sign_up_mails where request_id = '${id}' and approver_id = '${ana}'`)).length,
    1,
  )

  const asAna = { token: await service.userToken(ana, ['IdentityUserFlow.ReadWrite.All']) }
  t.equal((await service.api('DELETE', `${path}/${id}`, undefined, asAna)).status, 403, 'not by an approver')
  t.equal((await service.api('DELETE', `${path}/${id}`)).status, 204)
  t.equal((await service.api('GET', `${path}/${id}`)).status, 404)
  const again = await hold(service, flow, visitorOf(flow, 'dora@partner.example'))
  t.equal(again.state, 'pending')
  t.not(again.requestId, id)
})

t.test('an answer to a question that is another one by now is no value of that', async (t) => {
  const attribute = (dataType: string) =>
    service.api('POST', '/identity/userFlowAttributes', { displayName: 'Level', dataType })
  const { id: level } = (await attribute('string')).body
  const claims = { displayName: 'Uma', [level]: 'gold' }
  const { requestId } = await hold(service, flow, visitorOf(flow, 'uma@partner.example', { claims }))
  const same = await hold(service, flow, visitorOf(flow, 'val@partner.example', { claims }))
  const kept = await service.api('POST', `${path}/${same.requestId}/approve`)
  t.match((await service.api('GET', `/users/${kept.body.user.id}?$select=${level}`)).body, { [level]: 'gold' })
  t.equal((await service.api('DELETE', `/identity/userFlowAttributes/${level}`)).status, 204)
  t.equal((await attribute('int64')).body.id, level)
  const approved = await service.api('POST', `${path}/${requestId}/approve`)
  t.equal(approved.status, 200)
  t.notOk(level in (await service.api('GET', `/users/${approved.body.user.id}?$select=${level}`)).body)
})

t.test('the list of domains is asked again when somebody approves', async (t) => {
  const id = await waiting(service, flow, 'eve@blocked.example')
  const policy = { mode: 'blockList', domains: ['blocked.example'] }
  t.equal((await service.api('PUT', '/policies/invitationDomainPolicy', policy)).status, 200)
  const refused = await service.api('POST', `${path}/${id}/approve`)
  t.equal(refused.status, 403)
  t.match(refused.body.error, { innerError: { code: /domain/i } })
  t.equal((await guests('eve@blocked.example')).body.value.length, 0)
  t.match((await service.api('GET', `${path}/${id}`)).body, { status: 'PendingApproval' }, 'it still waits')
})

t.test('who was invited while their request waited is that guest, and accepts with their next sign-in', async (t) => {
  const level = await makeAttribute(service, 'Level', 'int64')
  const gone = `extension_${'0'.repeat(32)}_Gone`
  const address = 'ivo@partner.example'
  const claims = { displayName: 'Ivo Prado', city: 'Porto', jobTitle: 'Buyer', [level]: 4, [gone]: 'x' }
  const { requestId } = await hold(service, flow, visitorOf(flow, address, { claims }))
  const { id, invitedUser } = await service.invite(address)
  await service.api('PATCH', `/users/${invitedUser.id}`, { jobTitle: 'Supplier' })
  const approved = await service.api('POST', `${path}/${requestId}/approve`)
  t.equal(approved.status, 200, approved.text)
  t.equal(approved.body.user.id, invitedUser.id)
  const about = `/users/${invitedUser.id}?$select=displayName,city,jobTitle,externalUserState,identities,${level}`
  t.match((await service.api('GET', about)).body, {
    displayName: 'Ivo Prado',
    city: 'Porto',
    jobTitle: 'Supplier',
    [level]: 4,
    externalUserState: 'PendingAcceptance',
  })
  for (const [filter, found] of [
    [`${level} eq 4`, true],
    ["jobTitle eq 'Supplier'", true],
    ["jobTitle eq 'Buyer'", false],
  ] as const) {
    const { body } = await service.api('GET', `/users?$filter=${filter}&$select=id&$count=true`, undefined, {
      headers: { consistencylevel: 'eventual' },
    })
    t.equal(body.value.length, found ? 1 : 0, filter)
  }
  t.match(
    await service.rows(`select additional_details->'properties' as properties from audit_events
      where target_id = '${invitedUser.id}' and additional_details->>'userFlow' = '${flow.id}'`),
    [{ properties: ['city', 'displayName', 'preferredLanguage', level] }],
  )
  const [news] = await told(service, address, /You are a guest of/)
  const ivo = await new Person(service).signIn(news?.links[0] ?? '', address)
  t.equal(ivo.name, 'consent', 'nobody accepts for them')
  await ivo.submit({ choice: 'accept' })
  t.match((await service.api('GET', `/invitations/${id}`)).body, { status: 'Completed' })

  await t.test('not where the invitation was withdrawn', async (t) => {
    const waits = await waiting(service, flow, 'ula@partner.example')
    const made = await service.invite('ula@partner.example')
    t.equal((await service.api('POST', `/invitations/${made.id}/revoke`)).status, 204)
    const refused = await service.api('POST', `${path}/${waits}/approve`)
    t.equal(refused.status, 409)
    t.equal(refused.body.error.innerError.code, 'addressTaken')
  })
})

t.test(
  'with a flow its requests end: whoever waits is told, and a flow of the same name has none of them',
  async (t) => {
    const going = await approvedFlow(service, 'B2X_1_Going', [{ id: ana, type: 'User' }])
    const waits = await waiting(service, going, 'wim@partner.example')
    const denied = await waiting(service, going, 'xia@partner.example')
    await service.api('POST', `${requestsOf(going.id)}/${denied}/deny`, {})
    await told(service, 'xia@partner.example', /denied your request/)
    t.equal((await service.api('DELETE', `/identity/b2xUserFlows/${going.id}`)).status, 204)
    const [mail] = await told(service, 'wim@partner.example', /ended without an answer/)
    t.match(mail?.text, 'no sign-ups there any more')
    t.strictSame(mail?.links, [], 'there is nothing to go back to')
    t.equal((await service.api('POST', `${requestsOf(going.id)}/${waits}/approve`)).status, 404)
    t.strictSame(
      [...(await service.rows(`select id, state from sign_up_requests where flow_id = '${going.id}'`))],
      [{ id: waits, state: 'lapsed' }],
    )
    const anew = await approvedFlow(service, 'B2X_1_Going', [])
    for (const address of ['wim@partner.example', 'xia@partner.example']) {
      t.match(await hold(service, anew, visitorOf(anew, address)), { state: 'pending' }, address)
    }
  },
)

t.test('a request lapses at its moment, the visitor is told, and asking again is a new one', async (t) => {
  await changeTenant(service, { settings: { signUpRequestLifetimeDays: 2 } })
  const id = await waiting(service, flow, 'late@partner.example')
  const swept = await waiting(service, flow, 'swept@partner.example')
  service.advance(2 * DAY_MS)
  const token = await lastingToken(service)
  t.match(
    (await service.api('GET', `${path}/${id}`, undefined, { token })).body,
    { status: 'Lapsed' },
    'before any sweep',
  )
  t.equal((await service.api('POST', `${path}/${id}/approve`, undefined, { token })).status, 409)
  const { body } = await service.api(
    'GET',
    `${path}?$filter=status eq 'Lapsed'&$orderby=email&$count=true`,
    undefined,
    {
      token,
      headers: { consistencylevel: 'eventual' },
    },
  )
  t.strictSame(
    body.value.map(({ email }: { email: string }) => email),
    ['late@partner.example', 'swept@partner.example'],
  )
  const next = await hold(service, flow, visitorOf(flow, 'late@partner.example'))
  t.not(next.requestId, id)
  const counts = await Promise.all([lapseRequests(service.services), lapseRequests(service.services)])
  t.equal(counts[0] + counts[1], 1, 'the one that nobody has touched since, once')
  const [mail] = await told(service, 'swept@partner.example', /ended without an answer/)
  t.match(mail?.links[0], `/${service.tenantId}/signup/B2X_1_Partner`)
  t.equal((await told(service, 'late@partner.example', /ended without an answer/)).length, 1)
  t.match(await service.rows(`select state from sign_up_requests where id = '${swept}'`), [{ state: 'lapsed' }])
  await service.rows(`update sign_up_requests set decided_date_time = now() - interval '91 days' where id = '${swept}'`)
  await lapseRequests(service.services)
  t.equal((await service.rows(`select 1 from sign_up_requests where id = '${swept}'`)).length, 0, 'kept for 90 days')
  service.advance(-2 * DAY_MS)
})

t.test('who may see and decide', async (t) => {
  const id = await waiting(service, flow, 'mia@partner.example')
  const stranger = await person(service, 'stranger')
  const asStranger = { token: await service.userToken(stranger, ['IdentityUserFlow.ReadWrite.All']) }
  for (const [method, at] of [
    ['GET', path],
    ['GET', `${path}/${id}`],
    ['POST', `${path}/${id}/approve`],
    ['POST', `${path}/${id}/deny`],
    ['DELETE', `${path}/${id}`],
  ] as const) {
    t.equal((await service.api(method, at, undefined, asStranger)).status, 403, `${method} ${at} by a stranger`)
  }
  const readOnly = { token: await service.appToken(['IdentityUserFlow.Read.All']) }
  t.equal((await service.api('GET', path, undefined, readOnly)).status, 200)
  t.equal((await service.api('POST', `${path}/${id}/approve`, undefined, readOnly)).status, 403)
  const other = await service.otherTenant('fabrikam.example')
  const elsewhere = { token: other.token }
  t.equal((await service.api('GET', path, undefined, elsewhere)).status, 404, 'another organization has no such flow')
  t.equal((await service.api('POST', `${path}/${id}/approve`, undefined, elsewhere)).status, 404)
  await approvedFlow(service, 'B2X_1_Partner', [], other.tenantId)
  t.strictSame((await service.api('GET', path, undefined, elsewhere)).body.value, [], 'nor its requests')
  t.equal((await service.api('GET', `${path}/${id}`, undefined, elsewhere)).status, 404)
  t.equal((await service.api('POST', `${path}/${id}/approve`, undefined, elsewhere)).status, 404)
  t.equal((await service.api('DELETE', `${path}/${id}`, undefined, elsewhere)).status, 404)
  const second = await approvedFlow(service, 'B2X_1_Other', [{ id: stranger, type: 'User' }])
  const there = `${requestsOf(second.id)}/${id}`
  t.equal((await service.api('GET', there, undefined, asStranger)).status, 404, 'a request is its own flow’s')
  t.equal((await service.api('POST', `${there}/approve`, undefined, asStranger)).status, 404)
})

t.test('who leaves the group decides no more, nor does whoever is barred', async (t) => {
  const id = await waiting(service, flow, 'zoe@partner.example')
  const asked = await told(service, 'bo@contoso.example', /zoe@partner.example asks/)
  t.equal(asked.length, 1, 'while they are a member')
  const asBo = { token: await service.userToken(bo, ['IdentityUserFlow.ReadWrite.All']) }
  t.equal((await service.api('GET', `${path}/${id}`, undefined, asBo)).status, 200)
  t.equal((await service.api('DELETE', `/groups/${group.id}/members/${bo}/$ref`)).status, 204)
  t.equal((await service.api('GET', `${path}/${id}`, undefined, asBo)).status, 403)
  t.equal((await service.api('POST', `${path}/${id}/approve`, undefined, asBo)).status, 403)
  const page = await new Person(service).signIn(
    `/myaccess/sign-ups/${id}?tenant=${service.tenantId}`,
    'bo@contoso.example',
  )
  t.match(page, { name: 'error', status: 404 })
  // A mail that was on its way when they left.
  const late = service.services.newId()
  const { tenantId } = service
  await service.rows(`insert into sign_up_mails (tenant_id, id, request_id, approver_id, created_date_time)
    values ('${tenantId}', '${late}', '${id}', '${bo}', now())`)
  await service.rows(`insert into outbox (id, tenant_id, topic, subject_id)
    values ('${late}', '${tenantId}', 'sign-up.mail', '${late}')`)
  service.services.signal.raise('sign-up.mail')
  await until(async () => (await service.rows(`select 1 from outbox where id = '${late}'`)).length === 0)
  t.equal((await told(service, 'bo@contoso.example', /zoe@partner.example asks/)).length, asked.length)
  await service.api('PATCH', `/users/${ana}`, { accountEnabled: false })
  const alone = await waiting(service, flow, 'zac@partner.example')
  await until(async () => (await service.rows(`select 1 from outbox where subject_id = '${alone}'`)).length === 0)
  t.strictSame([...(await service.rows(`select 1 from sign_up_mails where request_id = '${alone}'`))], [])
  await service.api('PATCH', `/users/${ana}`, { accountEnabled: true })
  t.match((await service.api('GET', `${path}/${id}`)).body, { status: 'PendingApproval' })
})

t.test('where a flow names nobody its administrators are asked and decide, until it names somebody', async (t) => {
  const unnamed = await approvedFlow(service, 'B2X_1_Unnamed', [])
  const id = await waiting(service, unnamed, 'uma@partner.example')
  const [mail] = await told(service, 'admin@contoso.example', /uma@partner.example asks/)
  t.match(mail?.links[0], `/myaccess/sign-ups/${id}`)
  const admin = await new Person(service).signIn(mail?.links[0] ?? '', 'admin@contoso.example')
  t.match(admin.page, 'May uma@partner.example', 'the link leads to the request')
  t.match((await admin.open(`/myaccess/sign-ups?tenant=${service.tenantId}`)).page, 'uma@partner.example')
  t.match((await admin.open(`/myapps?tenant=${service.tenantId}`)).page, '/myaccess/sign-ups')
  t.notMatch(
    (await admin.open(`/myaccess/sign-ups?tenant=${service.tenantId}`)).page,
    'zoe@partner.example',
    'only those',
  )
  const asAna = { token: await service.userToken(ana, ['IdentityUserFlow.ReadWrite.All']) }
  t.equal((await service.api('POST', `${requestsOf(unnamed.id)}/${id}/approve`, undefined, asAna)).status, 403)

  const named = { '@odata.id': `https://graph.microsoft.com/v1.0/users/${ana}` }
  t.equal((await service.api('POST', `/identity/b2xUserFlows/${unnamed.id}/approvers/$ref`, named)).status, 204)
  t.match(await admin.open(`/myaccess/sign-ups/${id}?tenant=${service.tenantId}`), { name: 'error', status: 404 })
  t.notMatch((await admin.open(`/myaccess/sign-ups?tenant=${service.tenantId}`)).page, 'uma@partner.example')
  t.equal((await service.api('POST', `${requestsOf(unnamed.id)}/${id}/approve`, undefined, asAna)).status, 200)
})

t.test('an approver is not mailed without end', async (t) => {
  const carl = await person(service, 'carl')
  const busy = await approvedFlow(service, 'B2X_1_Busy', [{ id: carl, type: 'User' }])
  for (let n = 1; n <= 23; n++) await waiting(service, busy, `guest${n}@partner.example`)
  t.equal((await told(service, 'carl@contoso.example', /asks to become/, 20)).length, 20)
  t.match(
    await service.rows(`select count(*)::int as n from sign_up_mails where approver_id = '${carl}'`),
    [{ n: 20 }],
    'twenty a day',
  )
  t.equal((await service.api('GET', `${requestsOf(busy.id)}?$top=50`)).body.value.length, 23, 'the list has all')
})

t.test('of many decisions at once one counts, and there is one guest for each yes', async (t) => {
  for (let round = 1; round <= 4; round++) {
    const address = `race${round}@partner.example`
    const id = await waiting(service, flow, address)
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        service.api('POST', `${path}/${id}/${n % 2 === 0 ? 'approve' : 'deny'}`, n % 2 === 0 ? undefined : {}),
      ),
    )
    const done = answers.filter(({ status }) => status === 200)
    t.equal(done.length, 1)
    t.equal(answers.filter(({ status }) => status === 409).length, 9)
    const { status } = (await service.api('GET', `${path}/${id}`)).body
    t.equal(status, done[0]?.body.status)
    const { value } = (await guests(address)).body
    t.equal(value.length, status === 'Approved' ? 1 : 0)
    const mails = await service.rows(`select 1 from sign_up_mails where request_id = '${id}' and approver_id is null`)
    t.equal(mails.length, 1, 'and the visitor is told once')
  }
})

t.test('a yes and the end of the time at once come to one of them', async (t) => {
  const outcomes = new Set<string>()
  for (let round = 1; round <= 6; round++) {
    const address = `edge${round}@partner.example`
    const id = await waiting(service, flow, address)
    const { services, tenantId } = service
    const ends = new Date(services.clock().getTime() + 40 * DAY_MS)
    const approving = decideRequest({ ...services, createGuest }, tenantId, {
      flowId: flow.id,
      requestId: id,
      verdict: { outcome: 'approve' },
      actor: { kind: 'user', id: ana, displayName: 'ana' },
      mustBeAllowed: async () => {},
    }).then(
      () => 'Approved',
      () => 'Lapsed',
    )
    const [outcome] = await Promise.all([approving, lapseRequests({ ...services, clock: () => ends })])
    const [row] = await service.rows(`select state from sign_up_requests where id = '${id}'`)
    t.equal(row?.['state'], outcome.toLowerCase())
    t.equal((await guests(address)).body.value.length, outcome === 'Approved' ? 1 : 0)
    outcomes.add(outcome)
  }
  t.comment([...outcomes].join(', '))
})

t.test('holds of one person at once are one request', async (t) => {
  const dan = await person(service, 'dan')
  const tabs = await approvedFlow(service, 'B2X_1_Tabs', [{ id: dan, type: 'User' }])
  const visitor = visitorOf(tabs, 'tabs@partner.example')
  const held = await Promise.all(Array.from({ length: 8 }, () => hold(service, tabs, visitor)))
  t.equal(new Set(held.map(({ requestId }) => requestId)).size, 1)
  t.equal((await told(service, 'dan@contoso.example', /tabs@partner.example asks/)).length, 1)
})

t.test('answers have the shapes of the dialect', async (t) => {
  const id = await waiting(service, flow, 'shape@partner.example')
  const { body } = await service.api('GET', `${path}?$filter=email eq 'SHAPE@partner.example'&$top=1`)
  t.match(body['@odata.context'], /\/\$metadata#signUpRequests$/)
  t.strictSame(['@odata.context', ...Object.keys(body.value[0])], SIGN_UP_REQUEST)
  const pages: string[] = []
  let next: string | undefined = `${path}?$top=3&$select=id&$orderby=createdDateTime`
  while (next) {
    const page: Answer = await service.api('GET', next)
    pages.push(...page.body.value.map((each: { id: string }) => each.id))
    next = page.body['@odata.nextLink']?.replace(`${service.baseUrl}/v1.0`, '')
  }
  t.equal(new Set(pages).size, pages.length)
  t.ok(pages.includes(id))
  const key = { headers: { 'idempotency-key': 'approve-once' } }
  const first = await service.api('POST', `${path}/${id}/approve`, undefined, key)
  const again = await service.api('POST', `${path}/${id}/approve`, undefined, key)
  t.strictSame([first.status, again.status], [200, 200])
  t.strictSame(again.body, first.body, 'the same key is the same decision')
  const long = await service.api('POST', `${path}/${id}/deny`, { reason: 'x'.repeat(501) })
  t.equal(long.status, 400)
  t.match((await service.api('GET', `${path}?$filter=reason eq 'x'`)).status, 400)
})
