import t from 'tap'
import { collectionContext, entityContext, nextLink, resourceUrl, valueContext } from '../../src/graph/odata/context.js'
import { type QueryRules, readQueryOptions } from '../../src/graph/odata/query-options.js'
import { defineResource, type Relation } from '../../src/graph/odata/resource.js'
import { Refusal } from '../../src/kernel/refusal.js'
import { dialect } from './support.js'

const manager: Relation = {
  type: 'microsoft.graph.directoryObject',
  isCollection: false,
  takesLevels: true,
  targets: () => [person],
  load: async () => new Map(),
}
const person = defineResource<{ id: string; mail: string }>({
  type: 'microsoft.graph.user',
  set: 'users',
  name: 'User',
  properties: { id: { type: 'Edm.String' }, mail: { type: 'Edm.String' } },
  relations: { manager },
  load: async () => [],
})

const users: QueryRules = {
  type: 'microsoft.graph.user',
  resource: 'User',
  options: new Set(['select', 'filter', 'orderby', 'top', 'skiptoken', 'count', 'search', 'expand']),
  properties: new Set(['id', 'displayName', 'mail', 'createdDateTime', 'otherMails']),
  orderBy: { displayName: 'default', createdDateTime: 'advanced' },
  orderWithFilterIsAdvanced: true,
  filterable: new Set(['mail', 'displayName', 'identities', 'identities/issuer', 'employeeOrgData/division']),
  searchable: new Set(['displayName']),
  relations: { manager },
}
const eventual = { consistencylevel: 'Eventual' }
const read = (query: Record<string, unknown>, headers = {}) => readQueryOptions({ query, headers }, users)

t.test('options are read with or without the dollar sign, in any case', async (t) => {
  const plain = { count: false, isEventual: false, isAdvanced: false }
  t.strictSame(read({}), plain)
  t.strictSame(read({ $top: '999', select: 'id, mail,id', $SkipToken: 'x' }), {
    ...plain,
    top: 999,
    select: ['id', 'mail'],
    skipToken: 'x',
  })
  t.strictSame(read({ $select: '*' }), plain)
  t.strictSame(read({ $select: '' }), plain)
  t.strictSame(read({ other: 'x', $format: 'json' }), plain, 'what is no option is left alone')
  t.match(read({ filter: "mail eq 'x'" }), { filter: { kind: 'compare' }, filterText: "mail eq 'x'" })
  t.match(read({ $orderby: 'displayName desc' }), { orderBy: [{ property: 'displayName', direction: 'desc' }] })
  t.match(read({ $expand: 'manager($levels=max;$select=id,mail)' }), {
    expand: [{ relation: 'manager', levels: 1_000, select: ['id', 'mail'] }],
  })
})

t.test('names of properties are read in any case, as Graph does, and come out in their own', async (t) => {
  t.match(read({ $select: 'ID,DisplayName,displayname' }), { select: ['id', 'displayName'] })
  t.match(read({ $orderby: 'DISPLAYNAME desc' }), { orderBy: [{ property: 'displayName', direction: 'desc' }] })
  t.match(read({ $search: '"displayname:ana"' }, eventual), { search: [[{ property: 'displayName' }]] })
  t.match(read({ $expand: 'Manager($select=ID)' }), { expand: [{ relation: 'manager', select: ['id'] }] })
  const names = (text: string) => JSON.stringify(read({ $filter: text }).filter).match(/"steps":\[[^\]]*\]/g)
  t.strictSame(names("Mail eq 'X' or not(startsWith(DISPLAYNAME,'x')) or Mail in ('y')"), [
    '"steps":["mail"]',
    '"steps":["displayName"]',
    '"steps":["mail"]',
  ])
  t.strictSame(names("Identities/any(I:I/ISSUER eq 'Y') and EmployeeOrgData/division eq 'x'"), [
    '"steps":["identities"]',
    '"steps":["issuer"]',
    '"steps":["employeeOrgData","division"]',
  ])
  t.strictSame(
    names("identities/$count eq 0 and Extension_1_X eq 'x'"),
    ['"steps":["identities"]', '"steps":["Extension_1_X"]'],
    'what nobody knows stays as it was written',
  )
})

t.test('an advanced query is the header and $count=true together', async (t) => {
  t.match(read({ $count: 'true' }), { count: true, isEventual: false, isAdvanced: false })
  t.match(read({}, eventual), { count: false, isEventual: true, isAdvanced: false })
  t.match(read({ $count: 'TRUE' }, eventual), { count: true, isEventual: true, isAdvanced: true })
  t.match(read({ $count: 'false' }, eventual), { count: false, isAdvanced: false })
  t.match(read({ $count: 'true', $orderby: 'createdDateTime', $filter: "mail eq 'x'" }, eventual), { isAdvanced: true })
  t.match(read({ $search: '"displayName:a"' }, eventual), {
    search: [[{ property: 'displayName', text: 'a', position: 0 }]],
    searchText: '"displayName:a"',
  })
})

const refused: [query: Record<string, unknown>, graphCode: string | undefined, message: RegExp | string][] = [
  [
    { $top: '1000' },
    'Request_UnsupportedQuery',
    "Invalid page size specified: '1000'. Must be between 1 and 999 inclusive.",
  ],
  [{ $top: '0' }, 'Request_UnsupportedQuery', "Invalid page size specified: '0'. Must be between 1 and 999 inclusive."],
  [{ $top: '-1' }, 'BadRequest', /^Invalid value '-1' for \$top/],
  [{ $top: 'ten' }, 'BadRequest', /^Invalid value 'ten' for \$top/],
  [{ $top: '1.5' }, 'BadRequest', /^Invalid value/],
  [{ $top: '' }, 'BadRequest', /^Invalid value/],
  [{ $top: ['1', '2'] }, 'BadRequest', /specified more than once/],
  [{ $top: '1', top: '2' }, 'BadRequest', /'\$top' was specified more than once/],
  [{ $skip: '5' }, 'BadRequest', /'\$skip' is not supported/],
  [{ $fliter: 'x' }, 'BadRequest', /Did you mean '\$filter'\?$/],
  [{ $: 'x' }, 'BadRequest', /not supported/],
  [{ $format: 'xml' }, 'BadRequest', /'xml' is not supported/],
  [{ $count: 'yes' }, 'BadRequest', /Invalid value 'yes' for \$count/],
  [
    { $select: 'id,nothing' },
    'BadRequest',
    "Could not find a property named 'nothing' on type 'microsoft.graph.user'.",
  ],
  [{ $orderby: 'nothing' }, 'BadRequest', /Could not find a property named 'nothing'/],
  [{ $orderby: 'mail' }, 'Request_UnsupportedQuery', "Unsupported sort property 'mail' for 'User'."],
  [{ $orderby: 'displayName up' }, 'BadRequest', /Invalid \$orderby/],
  [{ $orderby: '' }, 'BadRequest', /names no property/],
  [{ $orderby: 'createdDateTime' }, 'Request_UnsupportedQuery', /^Operator 'orderby' is not supported/],
  [{ $orderby: 'displayName', $filter: "mail eq 'x'" }, 'Request_UnsupportedQuery', /^Operator 'orderby'/],
  [{ $search: '"mail:x"' }, 'Request_UnsupportedQuery', /special request header: 'ConsistencyLevel: eventual'$/],
  [{ $expand: 'members' }, 'BadRequest', /Could not find a property named 'members'/],
  [{ $expand: 'manager(' }, 'BadRequest', /Invalid \$expand/],
  [{ $filter: 'mail' }, undefined, /^Invalid filter clause/],
  [{ $filter: "mail eq 'a\0'" }, 'BadRequest', /not text/],
  [{ $skiptoken: '\ud800' }, 'BadRequest', /not text/],
]
for (const [query, graphCode, message] of refused) {
  t.test(`refuses ${JSON.stringify(query)}`, async (t) => {
    const refusal = refusalOf(() => read(query))
    t.equal(refusal?.details.graphCode, graphCode)
    if (typeof message === 'string') t.equal(refusal?.message, message)
    else t.match(refusal?.message, message)
  })
}

t.test('a route without an option refuses it with the dollar sign and ignores the bare word', async (t) => {
  const rules = { ...users, options: new Set(['select'] as const) }
  t.equal(refusalOf(() => readQueryOptions({ query: { $search: 'x' }, headers: {} }, rules))?.code, 'unsupportedOption')
  t.ok(readQueryOptions({ query: { search: 'x' }, headers: {} }, rules))
})

t.test('options arrive decoded through HTTP', async (t) => {
  const app = await dialect((app) => {
    app.get('/v1.0/users', { config: { permission: 'public' } }, async (request) => readQueryOptions(request, users))
  })
  t.teardown(() => app.close())
  const answer = await app.inject("/v1.0/users?%24filter=displayName+eq+'O''Neil%20%26%20Co'&%24select=id&$top=5")
  t.match(answer.json(), { filterText: "displayName eq 'O''Neil & Co'", select: ['id'], top: 5 })
  const twice = await app.inject('/v1.0/users?$top=5&%24top=6')
  t.equal(twice.statusCode, 400)
  t.equal(twice.json().error.innerError.code, 'duplicateOption')
})

t.test('contexts and links start at the origin of the listener, whatever the request says', async (t) => {
  const base = { url: '/v1.0/users?$top=2', origin: 'https://localhost:3443' }
  t.equal(collectionContext(base, 'users'), 'https://localhost:3443/v1.0/$metadata#users')
  t.equal(
    collectionContext(base, 'users', ['id', 'displayName']),
    'https://localhost:3443/v1.0/$metadata#users(id,displayName)',
  )
  t.equal(entityContext(base, 'invitations'), 'https://localhost:3443/v1.0/$metadata#invitations/$entity')
  t.equal(entityContext(base, 'users', ['mail']), 'https://localhost:3443/v1.0/$metadata#users(mail)/$entity')
  t.equal(valueContext(base, 'Collection(Edm.String)'), 'https://localhost:3443/v1.0/$metadata#Collection(Edm.String)')
  t.equal(resourceUrl({ ...base, url: '/beta/users' }, '/users/5'), 'https://localhost:3443/beta/users/5')
  t.equal(
    collectionContext({ ...base, url: 'http://evil.example/beta/users' }, 'users'),
    'https://localhost:3443/beta/$metadata#users',
  )
})

t.test('a next link keeps every parameter and replaces only the token', async (t) => {
  const origin = 'http://localhost:3000'
  const links: [url: string, link: string][] = [
    ['/v1.0/users', '/v1.0/users?$skiptoken=T'],
    [
      '/v1.0/users?$top=2&%24filter=mail%20eq%20%27a%26b%27&x=1',
      '/v1.0/users?$top=2&%24filter=mail%20eq%20%27a%26b%27&x=1&$skiptoken=T',
    ],
    ['/v1.0/users?$skiptoken=old&$top=2', '/v1.0/users?$top=2&$skiptoken=T'],
    ['/beta/users?%24SkipToken=old&skiptoken=old2', '/beta/users?$skiptoken=T'],
    ['http://evil.example/v1.0/users?$top=1', '/v1.0/users?$top=1&$skiptoken=T'],
  ]
  for (const [url, link] of links) t.equal(nextLink({ url, origin }, 'T'), `${origin}${link}`)
})

function refusalOf(run: () => unknown): Refusal | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}
