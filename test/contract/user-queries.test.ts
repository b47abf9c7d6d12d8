import t from 'tap'
import { holdListAgainst } from '../support/contract.js'
import { type Exchange, play } from './exchange.js'
import { openWorld, type World } from './world.js'

let world: World
t.before(async () => {
  world = await openWorld(t)
  const { service, facts } = world
  for (const name of ['ana', 'bo', 'cy']) {
    facts[name] = (await service.invite(`${name}@partner.example`)).invitedUser.id
  }
})

const areUsers: Exchange['check'] = (t, { body }) => holdListAgainst(t, 'microsoft.graph.user', body)
/** The list holds just these, by name of a fact. */
const just =
  (...names: string[]): Exchange['check'] =>
  (t, { body }, { facts }) => {
    holdListAgainst(t, 'microsoft.graph.user', body)
    t.strictSame(body.value.map(({ id }: { id: string }) => id).sort(), names.map((name) => facts[name]).sort())
  }

t.test('a list of users', async (t) => {
  const list = (title: string, query: string, check: Exchange['check'], more: Partial<Exchange> = {}): Exchange => ({
    title,
    ask: `GET /users${query}`,
    status: 200,
    ...more,
    ...(check && { check }),
  })
  play(t, () => world, [
    list('holds the same eleven', '', areUsers, { names: ['@odata.context', 'value'], context: '$metadata#users' }),
    list(
      'names what was selected in its context',
      '?$select=userPrincipalName,id',
      (t, { body }) => {
        for (const item of body.value) t.strictSame(Object.keys(item).sort(), ['id', 'userPrincipalName'])
      },
      { context: '$metadata#users(userPrincipalName,id)' },
    ),
    list('finds a mail in any case', "?$filter=mail eq 'ANA@partner.example'", just('ana')),
    list(
      'reads names of properties in any case, and answers with their own',
      "?$select=ID,displayname&$filter=MAIL eq 'ana@partner.example' and UserType eq 'Guest'",
      (t, { body }, { facts }) => t.strictSame(body.value, [{ id: facts['ana'], displayName: 'ana' }]),
      { context: '$metadata#users(id,displayName)' },
    ),
    list('reads a plus as a space', "?$filter=mail+eq+'ana@partner.example'", just('ana')),
    list('finds several', "?$filter=mail in ('ana@partner.example','cy@partner.example')", just('ana', 'cy')),
    list('may be empty', "?$filter=mail eq 'nobody@partner.example'", just(), { is: { value: [] } }),
    list(
      'finds guests by state',
      "?$filter=userType eq 'Guest' and externalUserState eq 'PendingAcceptance'",
      just('ana', 'bo', 'cy'),
    ),
    list('finds guests by the other state', "?$filter=externalUserState eq 'Accepted'", just('guest', 'invitingGuest')),
    list('ignores $count without the header', '?$count=true&$top=1', (t, { body }) => {
      t.notOk('@odata.count' in body)
    }),
    list('pages on, each user once, every parameter kept', '?$top=2&$select=id&x=y', async (t, { body }, world) => {
      const { service } = world
      const seen: string[] = []
      let page = body
      for (;;) {
        t.equal(page['@odata.context'], `${service.baseUrl}/v1.0/$metadata#users(id)`)
        seen.push(...page.value.map(({ id }: { id: string }) => id))
        const next: string | undefined = page['@odata.nextLink']
        if (next === undefined) break
        t.ok(next.startsWith(`${service.baseUrl}/v1.0/users?$top=2&$select=id&x=y&$skiptoken=`), next)
        page = (await service.api('GET', next.slice(`${service.baseUrl}/v1.0`.length))).body
      }
      const [row] = await service.rows('select count(*)::int as n from users where deleted_date_time is null')
      t.equal(seen.length, row?.['n'])
      t.equal(new Set(seen).size, seen.length)
    }),
    list('takes 999 at once', '?$top=999', (t, { body }) => t.notOk('@odata.nextLink' in body)),
  ])
})

t.test('a query that cannot be answered', async (t) => {
  const refused = (query: string, code: string, message: string, inner: string, target: string): Exchange => ({
    title: query,
    ask: `GET /users?${query}`,
    status: 400,
    error: { code, message, inner, target },
  })
  const pageSize = (size: number) =>
    refused(
      `$top=${size}`,
      'Request_UnsupportedQuery',
      `Invalid page size specified: '${size}'. Must be between 1 and 999 inclusive.`,
      'invalidTop',
      '$top',
    )
  const advanced = (operator: string) =>
    `Operator '${operator}' is not supported because the required parameters might be missing. Try adding $count=true query parameter and ConsistencyLevel:eventual header. Refer to https://aka.ms/graph-docs/advanced-queries for more information`
  play(t, () => world, [
    pageSize(0),
    pageSize(1_000),
    refused(
      "$filter=aboutMe eq 'x'",
      'Request_UnsupportedQuery',
      "Unsupported or invalid query filter clause specified for property 'aboutMe' of resource 'User'.",
      'unknownFilterProperty',
      '$filter',
    ),
    refused("$filter=companyName eq 'x'", 'Request_UnsupportedQuery', advanced('eq'), 'advancedQueryNeeded', '$filter'),
    refused(
      "$filter=extension_0a1b2c3d4e5f4a6b8c7d9e0f1a2b3c4d_x eq 'x'",
      'Request_UnsupportedQuery',
      "Property 'extension_0a1b2c3d4e5f4a6b8c7d9e0f1a2b3c4d_x' does not exist as a declared property or extension property.",
      'undeclaredProperty',
      '$filter',
    ),
    refused(
      '$select=id,extension_0a1b2c3d4e5f4a6b8c7d9e0f1a2b3c4d_x',
      'BadRequest',
      "Could not find a property named 'extension_0a1b2c3d4e5f4a6b8c7d9e0f1a2b3c4d_x' on type 'microsoft.graph.user'.",
      'unknownProperty',
      '$select',
    ),
    refused(
      "$filter=userType ne 'Guest'",
      'Request_UnsupportedQuery',
      advanced('ne'),
      'advancedQueryNeeded',
      '$filter',
    ),
    refused(
      "$filter=mail eq 'x",
      'Request_BadRequest',
      'Invalid filter clause: a string is not closed at position 8.',
      'filterSyntax',
      '$filter',
    ),
    refused(
      '$skiptoken=RFNwdAIAAQAAAA',
      'Directory_ExpiredPageToken',
      'The specified page token value has expired and can no longer be included in your request.',
      'pageTokenExpired',
      '$skiptoken',
    ),
    refused(
      '$select=shoeSize',
      'BadRequest',
      "Could not find a property named 'shoeSize' on type 'microsoft.graph.user'.",
      'unknownProperty',
      '$select',
    ),
    refused(
      '$selct=id',
      'BadRequest',
      "The query parameter '$selct' is not supported. Did you mean '$select'?",
      'unknownOption',
      '$selct',
    ),
    refused(
      '$top=1&$top=2',
      'BadRequest',
      "Query option '$top' was specified more than once, but it must be specified at most once.",
      'duplicateOption',
      '$top',
    ),
  ])
})
