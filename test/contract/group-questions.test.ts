import t from 'tap'
import { type Exchange, play } from './exchange.js'
import { all, EVENTUAL, given, holding, notFound } from './group-exchanges.js'
import { openWorld } from './world.js'

const questions: Exchange[] = [
  {
    title: 'groups of a user',
    given: all(
      holding('in', 'helpdesk'),
      holding('out', 'in'),
      given('dyn', { groupTypes: ['DynamicMembership'], membershipRule: 'user.city -eq "x"' }),
    ),
    ask: "GET /users/{helpdesk}/memberOf/microsoft.graph.group?$select=id&$filter=id eq '{in}'",
    status: 200,
    context: '$metadata#groups(id)',
    is: { value: [{ id: '{in}' }] },
  },
  {
    title: 'and those around them',
    ask: 'GET /users/{helpdesk}/transitiveMemberOf/{out}?$select=id',
    status: 200,
    context: '$metadata#directoryObjects(id)/$entity',
    is: { '@odata.type': '#microsoft.graph.group', id: '{out}' },
  },
  { title: 'one they are not in', ask: 'GET /users/{helpdesk}/memberOf/{out}', status: 404, error: notFound('{out}') },
  {
    title: 'which of these',
    ask: 'POST /users/{helpdesk}/checkMemberGroups',
    body: { groupIds: ['{out}', '{dyn}', '{unknown}'] },
    status: 200,
    names: ['@odata.context', 'value'],
    context: '$metadata#Collection(Edm.String)',
    is: { value: ['{out}'] },
  },
  {
    title: 'which of twenty-one',
    ask: 'POST /users/{helpdesk}/checkMemberGroups',
    body: { groupIds: Array(21).fill('{out}') },
    status: 400,
    error: {
      code: 'Request_BadRequest',
      message: "Invalid value specified for property 'groupIds': it must be a list of at most 20 ids.",
      inner: 'invalidValue',
      target: 'groupIds',
    },
  },
  {
    title: 'which of what is no id',
    ask: 'POST /groups/{in}/checkMemberObjects',
    body: { ids: ['x'] },
    status: 400,
    error: { code: 'Request_BadRequest', message: "Invalid object identifier 'x'.", inner: 'invalidId', target: 'ids' },
  },
  {
    title: 'all of a group',
    ask: 'POST /groups/{in}/getMemberGroups',
    body: { securityEnabledOnly: true },
    status: 200,
    context: '$metadata#Collection(Edm.String)',
    is: { value: ['{out}'] },
  },
  {
    title: 'all of an object',
    ask: 'POST /directoryObjects/{in}/getMemberObjects',
    body: { securityEnabledOnly: false },
    status: 200,
    is: { value: ['{out}'] },
  },
  {
    title: 'of oneself, for an application',
    ask: 'POST /me/getMemberGroups',
    body: {},
    status: 400,
    error: {
      code: 'BadRequest',
      message: '/me request is only valid with delegated authentication flow.',
      inner: 'meNeedsPerson',
    },
  },
  {
    title: 'a cast of what is transitive without the header',
    ask: 'GET /groups/{out}/transitiveMembers/microsoft.graph.user',
    status: 400,
    error: {
      code: 'Request_UnsupportedQuery',
      message:
        "Operator 'cast' is not supported because the required parameters might be missing. Try adding $count=true query parameter and ConsistencyLevel:eventual header. Refer to https://aka.ms/graph-docs/advanced-queries for more information",
      inner: 'advancedQueryNeeded',
      target: '$filter',
    },
  },
  {
    title: 'and with it',
    ask: 'GET /groups/{out}/transitiveMembers/microsoft.graph.user?$count=true&$select=id',
    headers: EVENTUAL,
    status: 200,
    is: { '@odata.count': 1, value: [{ id: '{helpdesk}' }] },
  },
  {
    title: 'an object',
    ask: 'GET /directoryObjects/{in}?$select=id',
    status: 200,
    context: '$metadata#directoryObjects(id)/$entity',
    is: { '@odata.type': '#microsoft.graph.group', id: '{in}' },
  },
  {
    title: 'an object that is not there',
    ask: 'GET /directoryObjects/{unknown}',
    status: 404,
    error: notFound('{unknown}'),
  },
  {
    title: 'objects by ids',
    ask: 'POST /directoryObjects/getByIds',
    body: { ids: ['{in}', '{unknown}'], types: ['Group'] },
    status: 200,
    names: ['@odata.context', 'value'],
    context: '$metadata#directoryObjects',
    check: (t, { body }) => t.equal(body.value.length, 1),
  },
  { title: 'deleting an object', ask: 'DELETE /directoryObjects/{out}', status: 204 },
]

t.test('golden exchanges about memberships and directory objects', async (t) => {
  const world = await openWorld(t)
  for (const [title, table] of Object.entries({ questions })) {
    await t.test(title, async (t) => play(t, () => world, table))
  }
})
