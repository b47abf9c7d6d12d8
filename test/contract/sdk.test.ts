import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { plainEnvironment, startAsUsersDo } from '../support/as-users-do.js'
import { holdAgainst, holdListAgainst } from '../support/contract.js'
import { programOf } from '../support/program.js'
import { until } from '../support/until.js'
import { INVITATION } from './exchange.js'
import { ASSIGNMENT_ADDITIONS, CONNECTOR_ADDITIONS, FLOW_ADDITIONS, SIGN_UP_REQUEST } from './property-sets.js'

const root = new URL('../..', import.meta.url)

/** What a script that uses Microsoft's client against this service prints. */
async function run(script: string, file: string, facts: Record<string, string>): Promise<any> {
  const env = { ...plainEnvironment(), NODE_EXTRA_CA_CERTS: facts['caFile'] }
  const options = { cwd: root, env, maxBuffer: 64 * 1024 * 1024 }
  const { stdout } = await promisify(execFile)(process.execPath, [...programOf(script), file], options)
  return JSON.parse(stdout)
}

t.test("Microsoft's Graph client works against a running service with base URL and CA file alone", async (t) => {
  const { file, facts } = await startAsUsersDo(t)
  const tls = facts['tlsBaseUrl'] ?? ''
  t.match(tls, /^https:\/\/localhost:\d+$/)

  const seen = await run('test/contract/sdk-client.ts', file, facts)

  await t.test('it invites', async (t) => {
    t.equal(seen.created.length, 7)
    for (const invitation of seen.created) {
      holdAgainst(t, 'microsoft.graph.invitation', invitation)
      t.strictSame(Object.keys(invitation).sort(), [...INVITATION].sort())
      t.equal(invitation['@odata.context'], `${tls}/v1.0/$metadata#invitations/$entity`)
      t.ok(invitation.inviteRedeemUrl.startsWith(`${tls}/redeem?tenant=${facts['tenantId']}&user=`))
    }
  })

  await t.test('it changes, reads and finds users', async (t) => {
    const [first, , , fourth] = seen.created
    t.strictSame(seen.user, {
      '@odata.context': `${tls}/v1.0/$metadata#users(id,jobTitle,externalUserState)/$entity`,
      id: first.invitedUser.id,
      jobTitle: 'Auditor',
      externalUserState: 'PendingAcceptance',
    })
    t.strictSame(seen.found, {
      '@odata.context': `${tls}/v1.0/$metadata#users(id,mail)`,
      value: [{ id: fourth.invitedUser.id, mail: 'guest3@partner.example' }],
    })
  })

  await t.test('it pages through lists by the links it is given', async (t) => {
    const guests = seen.created.map(({ invitedUser }: any) => invitedUser.id)
    t.equal(seen.users.ids.length, 8, 'seven guests and the administrator')
    t.strictSame(new Set([...guests, ...seen.users.ids]), new Set(seen.users.ids))
    t.ok(seen.users.nextLink.startsWith(`${tls}/v1.0/users?$top=3&$select=id&$skiptoken=`), seen.users.nextLink)

    const newestFirst = seen.created.map(({ id }: any) => id).reverse()
    t.strictSame(seen.invitations.ids, newestFirst)
    t.ok(seen.invitations.nextLink.startsWith(`${tls}/v1.0/invitations?$top=2&$skiptoken=`), seen.invitations.nextLink)
  })

  await t.test('it sets self-service sign-up up', async (t) => {
    const { signUp, hobby } = seen
    holdAgainst(t, 'microsoft.graph.identityUserFlowAttribute', hobby)
    holdAgainst(t, 'microsoft.graph.b2xIdentityUserFlow', signUp.flow, { additions: FLOW_ADDITIONS })
    t.equal(signUp.providers.value.length, 2)
    for (const one of signUp.providers.value) holdAgainst(t, one['@odata.type'].slice(1), one)
    const asked = { additions: ASSIGNMENT_ADDITIONS }
    holdListAgainst(t, 'microsoft.graph.identityUserFlowAttributeAssignment', signUp.assignments, asked)
    holdListAgainst(t, 'microsoft.graph.userFlowLanguageConfiguration', signUp.languages)
    t.strictSame(signUp.order.order, [hobby.id, 'city'])
    const changed = signUp.words.LocalizedStrings.filter(({ Override }: any) => Override)
    t.match(changed, [{ ElementId: hobby.id, Value: 'Loisir' }, { ElementId: hobby.id }])
    t.strictSame(signUp.policy.selfServiceSignUp, { isEnabled: true })
    t.match(signUp.inUse, { statusCode: 400, code: 'Request_BadRequest', message: /B2X_1_Partner/ })
  })

  await t.test('it sets up a connector, which a flow asks', async (t) => {
    const { made, listed, inSlot, inUse } = seen.connector
    const ours = { additions: CONNECTOR_ADDITIONS }
    for (const one of [made, inSlot]) holdAgainst(t, 'microsoft.graph.identityApiConnector', one, ours)
    holdListAgainst(t, 'microsoft.graph.identityApiConnector', listed, ours)
    t.match(made.authenticationConfiguration, { username: 'MyUsername', password: '******' })
    t.match(listed.value, [{ id: made.id, displayName: 'New Test API' }])
    t.equal(inSlot.id, made.id)
    t.match(inUse, { statusCode: 400, message: /is used by B2X_1_Partner/ })
    const { bySlot, gone, german } = seen.signUp
    t.match(bySlot, { id: made.id, displayName: 'By its slot' })
    t.match(gone, { statusCode: 404 })
    holdAgainst(t, 'microsoft.graph.userFlowLanguageConfiguration', german)
    t.match(german, { id: 'de', isEnabled: true })
  })

  await t.test('it lists, approves and denies those who want in', async (t) => {
    const { pages, waiting, one, approved, denied, again, guest, paged } = seen.approval
    t.strictSame(pages, ['pending', 'pending'])
    t.match(
      waiting.value.map(({ email }: any) => email),
      ['dora@visitor.example', 'gil@visitor.example'],
    )
    for (const each of [one, approved, denied]) t.strictSame(Object.keys(each).sort(), [...SIGN_UP_REQUEST].sort())
    for (const each of [one, approved, denied]) {
      t.equal(each['@odata.context'], `${tls}/v1.0/$metadata#signUpRequests/$entity`)
    }
    t.match(one, {
      status: 'PendingApproval',
      answers: [{ value: 'Chess' }, { value: 'Porto' }],
    })
    t.match(approved, { id: one.id, status: 'Approved', user: { id: guest.value[0].id } })
    t.match(denied, { status: 'Denied', reason: 'No partner of ours.' })
    t.match(again, { statusCode: 409, message: /was approved by/ })
    t.match(guest.value, [{ city: 'Porto', [seen.hobby.id]: 'Chess' }])
    t.strictSame(new Set(paged.ids), new Set(waiting.value.map(({ id }: any) => id)))
  })

  await t.test('it understands our errors', async (t) => {
    t.match(seen.error, { statusCode: 400, code: 'BadRequest', message: /^inviteRedirectUrl: / })
    t.match(seen.notFound, { statusCode: 404, code: 'Request_ResourceNotFound' })
    for (const error of [seen.error, seen.notFound]) {
      t.match(error.requestId, /^[0-9a-f-]{36}$/)
      holdAgainst(t, 'microsoft.graph.ODataErrors.ODataError', { error: JSON.parse(error.body) })
    }
  })

  await t.test('the mail it asked for is in the mailbox, with a link to the first listener', async (t) => {
    let mails: any[] = []
    await until(async () => {
      mails = await (await fetch(`${facts['mailboxUrl']}/messages?to=GUEST0@partner.example`)).json()
      return mails.length > 0
    }, 'it has arrived')
    const [mail] = mails
    t.ok(mail?.links.some((link: string) => link.startsWith(`${facts['baseUrl']}/redeem?`)))
    const took = Date.parse(mail?.createdDateTime) - Date.parse(seen.asked)
    t.ok(took < 5_000, `${took} ms after it was asked for`)
  })

  await t.test('the directory', async (t) =>
    directory(t, await run('test/contract/sdk-directory.ts', file, facts), tls),
  )
})

async function directory(t: Test, seen: any, tls: string): Promise<void> {
  const idsOf = (items: { id: string }[]) => items.map(({ id }) => id).sort()
  const everybody = [...seen.ids].sort()

  await t.test('batches of twenty are answered item by item', async (t) => {
    t.equal(seen.created.length, 120)
    for (const { status, body } of seen.created) {
      t.equal(status, 201)
      holdAgainst(t, 'microsoft.graph.user', body)
    }
    t.equal(new Set(seen.ids).size, 120)
  })

  await t.test('what depends on another comes after it, or fails with it', async (t) => {
    t.equal(seen.sequence[0].status, 204)
    t.match(seen.sequence[1], { status: 200, body: { id: seen.ids[0], jobTitle: 'Auditor' } })
    t.equal(seen.broken[0].status, 404)
    t.match(seen.broken[1], { status: 424, body: { error: { code: /./ } } })
    t.ok(
      seen.users.items.some(({ id }: { id: string }) => id === seen.bo),
      'whom a failed batch would have deleted',
    )
  })

  await t.test('its page iterator reads members and users to the end, each once', async (t) => {
    t.ok(seen.members.nextLink.startsWith(`${tls}/v1.0/groups/`), seen.members.nextLink)
    t.strictSame(idsOf(seen.members.items), [...seen.ids.slice(0, 100)].sort())
    for (const item of seen.members.items) t.equal(item['@odata.type'], '#microsoft.graph.user')
    const users = idsOf(seen.users.items)
    t.equal(users.length, 127, 'one of 120 was deleted; seven guests and the administrator')
    t.equal(new Set(users).size, users.length)
    t.ok(seen.users.isComplete)
    t.equal(seen.large, 127, 'in one page of 999')
    t.equal(seen.count, '127', 'text, as Graph answers a count')
  })

  await t.test('members come and go by $ref', async (t) => t.strictSame(seen.membership, [false, true, false]))

  await t.test('changes are followed page by page, and from where it left off', async (t) => {
    t.ok(seen.first.nextLink.startsWith(`${tls}/v1.0/users/delta?`), seen.first.nextLink)
    const known = new Set(seen.first.ids)
    t.strictSame(
      everybody.filter((id) => !known.has(id)),
      [],
    )
    t.strictSame(
      new Map(seen.next.items.map(({ id, ...item }: { id: string }) => [id, item])),
      new Map<string, unknown>([
        [seen.bo, { jobTitle: 'Editor' }],
        [seen.last, { '@removed': { reason: 'changed' } }],
      ]),
    )
    t.ok(seen.next.deltaLink.startsWith(`${tls}/v1.0/users/delta?`), seen.next.deltaLink)
  })

  await t.test('searches by word, with the header kept from page to page', async (t) => {
    t.strictSame(seen.found.value, [{ id: seen.ids[7], displayName: 'Person 7 needle' }])
    t.strictSame(
      idsOf(seen.paged.items),
      everybody.filter((id) => id !== seen.last),
    )
    t.ok(seen.paged.nextLink, 'in more than one page')
  })
}
