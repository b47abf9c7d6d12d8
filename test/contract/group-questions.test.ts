import t from 'tap'
import { type Exchange, play } from './exchange.js'
import { all, denied, EVENTUAL, given, holding, notFound } from './group-exchanges.js'
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

const advanced = (operator: string) =>
  `Operator '${operator}' is not supported because the required parameters might be missing. Try adding $count=true query parameter and ConsistencyLevel:eventual header. Refer to https://aka.ms/graph-docs/advanced-queries for more information`
const referenceFilter = {
  code: 'Request_UnsupportedQuery',
  message: 'The specified filter to the reference property query is currently not supported.',
  inner: 'advancedQueryNeeded',
  target: '$filter',
}
const unsupported = (property: string, inner: string) => ({
  code: 'Request_UnsupportedQuery',
  message: `Unsupported or invalid query filter clause specified for property '${property}' of resource 'DirectoryObject'.`,
  inner,
  target: '$filter',
})

/** What lists of several types are asked without a cast (Graph: group-list-members, user-list-memberof). */
const mixed: Exchange[] = [
  {
    title: 'members whose names start with a letter',
    given: all(
      given('nest', { displayName: 'Helping hands', description: 'hands that help' }),
      holding('crew', 'helpdesk', 'member', 'nest'),
    ),
    ask: "GET /groups/{crew}/members?$count=true&$filter=startswith(displayName,'help')&$select=displayName,id",
    headers: EVENTUAL,
    status: 200,
    names: ['@odata.context', '@odata.count', 'value'],
    context: '$metadata#directoryObjects(displayName,id)',
    is: {
      '@odata.count': 2,
      value: [
        { '@odata.type': '#microsoft.graph.user', displayName: 'helpdesk', id: '{helpdesk}' },
        { '@odata.type': '#microsoft.graph.group', displayName: 'Helping hands', id: '{nest}' },
      ],
    },
  },
  {
    title: 'the same without the header',
    ask: "GET /groups/{crew}/members?$count=true&$filter=startswith(displayName,'help')",
    status: 400,
    error: referenceFilter,
  },
  {
    title: 'the same without $count',
    ask: "GET /groups/{crew}/members?$filter=startswith(displayName,'help')",
    headers: EVENTUAL,
    status: 400,
    error: referenceFilter,
  },
  {
    title: 'whether somebody is among them, without either',
    ask: "GET /groups/{crew}/members?$filter=id eq '{member}'&$select=id",
    status: 200,
    context: '$metadata#directoryObjects(id)',
    is: { value: [{ '@odata.type': '#microsoft.graph.user', id: '{member}' }] },
  },
  {
    title: 'members by address',
    ask: "GET /groups/{crew}/members?$count=true&$filter=mail eq 'member@contoso.example'&$select=id",
    headers: EVENTUAL,
    status: 200,
    is: { '@odata.count': 1, value: [{ '@odata.type': '#microsoft.graph.user', id: '{member}' }] },
  },
  {
    title: 'members that are no guests, groups too',
    ask: "GET /groups/{crew}/members?$count=true&$filter=userType ne 'Member'&$select=id",
    headers: EVENTUAL,
    status: 200,
    is: { '@odata.count': 1, value: [{ '@odata.type': '#microsoft.graph.group', id: '{nest}' }] },
  },
  {
    title: 'members by name, backwards',
    ask: 'GET /groups/{crew}/members?$count=true&$orderby=displayName desc&$select=id&$top=2',
    headers: EVENTUAL,
    status: 200,
    names: ['@odata.context', '@odata.count', '@odata.nextLink', 'value'],
    is: {
      '@odata.count': 3,
      value: [
        { '@odata.type': '#microsoft.graph.user', id: '{member}' },
        { '@odata.type': '#microsoft.graph.group', id: '{nest}' },
      ],
    },
  },
  {
    title: 'members by name without the header',
    ask: 'GET /groups/{crew}/members?$count=true&$orderby=displayName',
    status: 400,
    error: {
      code: 'Request_UnsupportedQuery',
      message: advanced('orderby'),
      inner: 'advancedQueryNeeded',
      target: '$filter',
    },
  },
  {
    title: 'members by what not all of them are sorted by',
    ask: 'GET /groups/{crew}/members?$count=true&$orderby=userPrincipalName',
    headers: EVENTUAL,
    status: 400,
    error: {
      code: 'Request_UnsupportedQuery',
      message: "Unsupported sort property 'userPrincipalName' for 'DirectoryObject'.",
      inner: 'unsupportedSort',
      target: '$orderby',
    },
  },
  {
    title: 'a search for members',
    ask: 'GET /groups/{crew}/members?$search="description:hands"&$select=id',
    headers: EVENTUAL,
    status: 200,
    names: ['@odata.context', 'value'],
    is: { value: [{ '@odata.type': '#microsoft.graph.group', id: '{nest}' }] },
  },
  {
    title: 'a search without the header',
    ask: 'GET /groups/{crew}/members?$search="displayName:hands"',
    status: 400,
    error: {
      code: 'Request_UnsupportedQuery',
      message:
        "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
      inner: 'advancedQueryNeeded',
      target: '$search',
    },
  },
  {
    title: 'a search by what is not searched',
    ask: 'GET /groups/{crew}/members?$search="mail:member"',
    headers: EVENTUAL,
    status: 400,
    error: {
      code: 'Request_UnsupportedQuery',
      message: "Unsupported or invalid search clause specified for property 'mail' of resource 'DirectoryObject'.",
      inner: 'unsupportedSearch',
      target: '$search',
    },
  },
  {
    title: 'a filter by what some of them are not filtered by',
    ask: "GET /groups/{crew}/members?$count=true&$filter=preferredDataLocation eq 'EUR'",
    headers: EVENTUAL,
    status: 400,
    error: unsupported('preferredDataLocation', 'unknownFilterProperty'),
  },
  {
    title: 'a filter by a part of a name',
    ask: "GET /groups/{crew}/members?$count=true&$filter=contains(displayName,'elp')",
    headers: EVENTUAL,
    status: 400,
    error: unsupported('displayName', 'unsupportedFilterOperator'),
  },
  {
    title: 'their managers with them',
    ask: 'GET /groups/{crew}/members?$select=id&$expand=manager($select=id)&$top=1',
    status: 200,
    context: '$metadata#directoryObjects(id,manager(id))',
    check: (t, { body }) => t.equal(body.value.length, 1),
  },
  {
    title: 'a count of members that match',
    ask: "GET /groups/{crew}/members/$count?$filter=userType eq 'Member'",
    headers: EVENTUAL,
    status: 200,
    check: (t, { text }) => t.equal(text, '2'),
  },
  {
    title: 'one of the members, with what they are in',
    ask: 'GET /groups/{crew}/members/{member}?$select=id&$expand=memberOf($select=id)',
    status: 200,
    context: '$metadata#directoryObjects(id,memberOf(id))/$entity',
    is: { id: '{member}', memberOf: [{ '@odata.type': '#microsoft.graph.group', id: '{crew}' }] },
  },
  {
    title: 'members, for who may read groups and no people',
    ask: 'GET /groups/{crew}/members?$select=displayName,id,mail',
    as: 'readGroupsApp',
    status: 200,
    names: ['@odata.context', 'value'],
    context: '$metadata#directoryObjects(displayName,id,mail)',
    is: {
      value: [
        ...['helpdesk', 'member'].map((name) => ({
          '@odata.type': '#microsoft.graph.user',
          displayName: null,
          id: `{${name}}`,
          mail: null,
        })),
        { '@odata.type': '#microsoft.graph.group', displayName: 'Helping hands', id: '{nest}', mail: null },
      ],
    },
  },
  {
    title: 'and asked about by who may not read them',
    ask: "GET /groups/{crew}/members?$count=true&$filter=startswith(displayName,'help')",
    as: 'readGroupsApp',
    headers: EVENTUAL,
    status: 403,
    error: denied('propertyNotReadable'),
  },
  {
    title: 'transitive members by name',
    given: holding('around', 'crew'),
    ask: "GET /groups/{around}/transitiveMembers?$count=true&$orderby=displayName&$filter=startsWith(displayName,'he')&$select=id",
    headers: EVENTUAL,
    status: 200,
    is: {
      '@odata.count': 2,
      value: [
        { '@odata.type': '#microsoft.graph.user', id: '{helpdesk}' },
        { '@odata.type': '#microsoft.graph.group', id: '{nest}' },
      ],
    },
  },
]

const HELPDESK = '729827e3-9c14-49f7-bb1b-9608f156bbb8'
const role = {
  '@odata.type': '#microsoft.graph.directoryRole',
  id: HELPDESK,
  deletedDateTime: null,
  description: 'Can reset passwords for non-administrators and Helpdesk Administrators.',
  displayName: 'Helpdesk Administrator',
  roleTemplateId: HELPDESK,
}

const { '@odata.type': _type, ...bare } = role

/** Directory roles, which somebody is in as in a group (Graph: user-list-memberof, directoryobject-getmemberobjects). */
const roles: Exchange[] = [
  {
    title: 'a role among what somebody is in',
    ask: `GET /users/{helpdesk}/memberOf?$filter=id eq '${HELPDESK}'`,
    status: 200,
    context: '$metadata#directoryObjects',
    is: { value: [role] },
  },
  {
    title: 'roles alone',
    ask: 'GET /users/{helpdesk}/memberOf/microsoft.graph.directoryRole',
    status: 200,
    names: ['@odata.context', 'value'],
    context: '$metadata#directoryRoles',
    is: { value: [bare] },
  },
  {
    title: 'roles alone, selected',
    ask: "GET /users/{helpdesk}/memberOf/graph.directoryRole?$select=displayName&$filter=displayName eq 'helpdesk administrator'",
    status: 200,
    context: '$metadata#directoryRoles(displayName)',
    is: { value: [{ displayName: 'Helpdesk Administrator' }] },
  },
  {
    title: 'how many roles',
    ask: 'GET /users/{helpdesk}/memberOf/microsoft.graph.directoryRole/$count',
    headers: EVENTUAL,
    status: 200,
    check: (t, { text }) => t.equal(text, '1'),
  },
  {
    title: 'transitive roles without the header',
    ask: 'GET /users/{helpdesk}/transitiveMemberOf/microsoft.graph.directoryRole',
    status: 400,
    error: {
      code: 'Request_UnsupportedQuery',
      message: advanced('cast'),
      inner: 'advancedQueryNeeded',
      target: '$filter',
    },
  },
  {
    title: 'a role found by a word of its name',
    ask: 'GET /users/{helpdesk}/memberOf?$search="displayName:helpdesk"&$select=roleTemplateId',
    headers: EVENTUAL,
    status: 200,
    is: { value: [{ '@odata.type': '#microsoft.graph.directoryRole', roleTemplateId: HELPDESK }] },
  },
  {
    title: 'one role of theirs',
    ask: `GET /users/{helpdesk}/memberOf/${HELPDESK}?$select=displayName`,
    status: 200,
    context: '$metadata#directoryObjects(displayName)/$entity',
    is: { '@odata.type': '#microsoft.graph.directoryRole', displayName: 'Helpdesk Administrator' },
  },
  {
    title: 'a role that is not theirs',
    ask: `GET /users/{member}/memberOf/${HELPDESK}`,
    status: 404,
    error: notFound(HELPDESK),
  },
  {
    title: 'roles by id',
    ask: 'POST /directoryObjects/getByIds',
    body: { ids: [HELPDESK, '{unknown}'], types: ['directoryRole', 'user'] },
    status: 200,
    is: { value: [role] },
  },
  {
    title: 'objects somebody is in, roles too',
    ask: 'POST /users/{guestInviter}/getMemberObjects',
    body: { securityEnabledOnly: false },
    status: 200,
    is: { value: ['95e79109-95c0-4d8e-aee3-d01accf2d47b'] },
  },
  {
    title: 'security groups somebody is in, and no roles',
    ask: 'POST /users/{guestInviter}/getMemberObjects',
    body: { securityEnabledOnly: true },
    status: 200,
    is: { value: [] },
  },
  {
    title: 'groups somebody is in, and no roles',
    ask: 'POST /users/{guestInviter}/getMemberGroups',
    body: { securityEnabledOnly: false },
    status: 200,
    is: { value: [] },
  },
  {
    title: 'which of these objects, a role too',
    ask: 'POST /users/{helpdesk}/checkMemberObjects',
    body: { ids: [HELPDESK, '95e79109-95c0-4d8e-aee3-d01accf2d47b'] },
    status: 200,
    is: { value: [HELPDESK] },
  },
  {
    title: 'which of these groups, where a role is none',
    ask: 'POST /users/{helpdesk}/checkMemberGroups',
    body: { groupIds: [HELPDESK] },
    status: 200,
    is: { value: [] },
  },
  {
    title: 'deleting a role',
    ask: `DELETE /directoryObjects/${HELPDESK}`,
    status: 403,
    error: denied('roleMissing'),
  },
]

t.test('golden exchanges about memberships and directory objects', async (t) => {
  const world = await openWorld(t)
  for (const [title, table] of Object.entries({ questions, mixed, roles })) {
    await t.test(title, async (t) => play(t, () => world, table))
  }
})
