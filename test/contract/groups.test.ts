import t, { type Test } from 'tap'
import { least, references } from '../directory/groups/support.js'
import { type Exchange, play } from './exchange.js'
import { openWorld, type World } from './world.js'

/** Graph's default property set of a group. */
const GROUP = [
  '@odata.context',
  'classification',
  'createdDateTime',
  'creationOptions',
  'deletedDateTime',
  'description',
  'displayName',
  'expirationDateTime',
  'groupTypes',
  'id',
  'isAssignableToRole',
  'mail',
  'mailEnabled',
  'mailNickname',
  'membershipRule',
  'membershipRuleProcessingState',
  'onPremisesDomainName',
  'onPremisesLastSyncDateTime',
  'onPremisesNetBiosName',
  'onPremisesProvisioningErrors',
  'onPremisesSamAccountName',
  'onPremisesSecurityIdentifier',
  'onPremisesSyncEnabled',
  'preferredDataLocation',
  'preferredLanguage',
  'proxyAddresses',
  'renewedDateTime',
  'resourceBehaviorOptions',
  'resourceProvisioningOptions',
  'securityEnabled',
  'securityIdentifier',
  'serviceProvisioningErrors',
  'theme',
  'uniqueName',
  'visibility',
]
const ID = { '@odata.id': 'https://graph.microsoft.com/v1.0/directoryObjects/{member}' }
const EVENTUAL = { consistencylevel: 'eventual' }
const missing = (id: string) =>
  `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`
const notFound = (id: string) => ({ code: 'Request_ResourceNotFound', message: missing(id), inner: 'objectNotFound' })
const denied = (inner: string) => ({
  code: 'Authorization_RequestDenied',
  message: 'Insufficient privileges to complete the operation.',
  inner,
})
const invalid = (property: string, why: string) => ({
  code: 'Request_BadRequest',
  message: `Invalid value specified for property '${property}' of resource 'Group'.`,
  inner: 'invalidGroup',
  target: property,
  details: [{ code: 'invalidGroup', message: why, target: property }],
})
const malformed = (what: string, position: number) => ({
  code: 'DynamicGroupQueryParseError',
  message: `Invalid membership rule: ${what} at position ${position}.`,
  inner: 'malformedRule',
  target: 'membershipRule',
  details: [{ code: 'position', message: `Position ${position}`, target: 'membershipRule' }],
})

/** Makes a group and calls it by a name in the facts. */
const given =
  (name: string, wish: Record<string, unknown> = {}) =>
  async ({ service, facts }: World) => {
    const { status, body, text } = await service.api('POST', '/groups', { ...least(name), ...wish })
    if (status !== 201) throw new Error(text)
    facts[name] = body.id
  }
const all =
  (...arrangements: ((world: World) => Promise<unknown>)[]) =>
  async (world: World) => {
    for (const arrange of arrangements) await arrange(world)
  }
const holding =
  (name: string, ...members: string[]) =>
  async (world: World) =>
    given(name, { 'members@odata.bind': references(...members.map((one) => world.facts[one] ?? '')) })(world)

const creating: Exchange[] = [
  {
    title: 'a security group',
    ask: 'POST /groups',
    body: least('first'),
    status: 201,
    names: GROUP,
    context: '$metadata#groups/$entity',
    answers: { location: /\/v1\.0\/groups\/[0-9a-f-]{36}$/ },
    is: {
      displayName: 'first',
      mailEnabled: false,
      mailNickname: 'first',
      securityEnabled: true,
      groupTypes: [],
      visibility: 'Private',
      mail: null,
      proxyAddresses: [],
      description: null,
      isAssignableToRole: null,
    },
  },
  {
    title: 'a Microsoft 365 group',
    ask: 'POST /groups',
    body: { ...least('team'), mailEnabled: true, securityEnabled: false, groupTypes: ['Unified'], description: 'd' },
    status: 201,
    names: GROUP,
    is: {
      groupTypes: ['Unified'],
      mail: 'team@contoso.example',
      proxyAddresses: ['SMTP:team@contoso.example'],
      visibility: 'Public',
      description: 'd',
    },
  },
  {
    title: 'a group with a rule',
    ask: 'POST /groups',
    body: { ...least('rule'), groupTypes: ['DynamicMembership'], membershipRule: 'user.city -eq "x"' },
    status: 201,
    names: GROUP,
    is: { groupTypes: ['DynamicMembership'], membershipRule: 'user.city -eq "x"', membershipRuleProcessingState: 'On' },
  },
  {
    title: 'a paused rule',
    ask: 'POST /groups',
    body: {
      ...least('rule2'),
      groupTypes: ['DynamicMembership'],
      membershipRule: 'user.city -eq "x"',
      membershipRuleProcessingState: 'Paused',
    },
    status: 201,
    is: { membershipRuleProcessingState: 'Paused' },
  },
  {
    title: 'a group for roles',
    ask: 'POST /groups',
    as: 'administrator',
    body: { ...least('roles'), isAssignableToRole: true },
    status: 201,
    is: { isAssignableToRole: true, visibility: 'Private' },
  },
  {
    title: 'by a client that may only create',
    ask: 'POST /groups',
    as: 'createGroupsApp',
    body: least('created'),
    status: 201,
    names: GROUP,
  },
  {
    title: 'by a member who may not',
    ask: 'POST /groups',
    as: 'member',
    body: least('no'),
    status: 403,
    error: denied('roleMissing'),
  },
  {
    title: 'by a client that only reads',
    ask: 'POST /groups',
    as: 'readGroupsApp',
    body: least('no'),
    status: 403,
    error: {
      ...denied('permissionMissing'),
      details: ['Group.Create', 'Group.ReadWrite.All', 'Directory.ReadWrite.All'].map((name) => ({
        code: 'permissionNeeded',
        message: `Enough for it: ${name}`,
      })),
    },
  },
  {
    title: 'without a name',
    ask: 'POST /groups',
    body: { ...least('no'), displayName: null },
    status: 400,
    error: {
      code: 'Request_BadRequest',
      message: "A value is required for property 'displayName'.",
      inner: 'missingProperty',
      target: 'displayName',
    },
  },
  {
    title: 'mail-enabled without being Unified',
    ask: 'POST /groups',
    body: { ...least('no'), mailEnabled: true },
    status: 400,
    error: invalid('mailEnabled', "Only groups of the type 'Unified' can be mail-enabled."),
  },
  {
    title: 'not security-enabled',
    ask: 'POST /groups',
    body: { ...least('no'), securityEnabled: false },
    status: 400,
    error: invalid('securityEnabled', "A group without the type 'Unified' is a security group."),
  },
  {
    title: 'Unified without mail',
    ask: 'POST /groups',
    body: { ...least('no'), groupTypes: ['Unified'] },
    status: 400,
    error: invalid('mailEnabled', 'A Microsoft 365 group is mail-enabled.'),
  },
  {
    title: 'a security group that hides its members',
    ask: 'POST /groups',
    body: { ...least('no'), visibility: 'HiddenMembership' },
    status: 400,
    error: invalid('visibility', "Only groups of the type 'Unified' can hide their members."),
  },
  {
    title: 'dynamic without a rule',
    ask: 'POST /groups',
    body: { ...least('no'), groupTypes: ['DynamicMembership'] },
    status: 400,
    error: invalid('membershipRule', 'A group with dynamic membership needs a rule.'),
  },
  {
    title: 'a rule without being dynamic',
    ask: 'POST /groups',
    body: { ...least('no'), membershipRule: 'user.city -eq "x"' },
    status: 400,
    error: invalid('membershipRule', "A rule needs 'DynamicMembership' among the groupTypes."),
  },
  {
    title: 'a rule that cannot be read',
    ask: 'POST /groups',
    body: { ...least('no'), groupTypes: ['DynamicMembership'], membershipRule: 'user.city -eq' },
    status: 400,
    error: malformed('the rule ends where a text in quotes was expected', 14),
  },
  {
    title: 'a rule about what users do not have',
    ask: 'POST /groups',
    body: { ...least('no'), groupTypes: ['DynamicMembership'], membershipRule: 'user.employeeType -eq "x"' },
    status: 400,
    error: { ...malformed('', 1), message: "Unsupported property 'employeeType'", inner: 'unsupportedRuleProperty' },
  },
  {
    title: 'an address another group has',
    given: given('dup', { mailEnabled: true, groupTypes: ['Unified'] }),
    ask: 'POST /groups',
    body: { ...least('DUP'), mailEnabled: true, groupTypes: ['Unified'] },
    status: 400,
    error: {
      code: 'Request_BadRequest',
      message: 'Another object with the same value for property mailNickname already exists.',
      inner: 'propertyTaken',
      target: 'mailNickname',
      details: [
        {
          code: 'ObjectConflict',
          message: 'Another object with the same value for property mailNickname already exists.',
          target: 'mailNickname',
        },
      ],
    },
  },
  {
    title: 'an owner who is not there',
    ask: 'POST /groups',
    body: { ...least('no'), 'owners@odata.bind': ['https://x/v1.0/users/{unknown}'] },
    status: 404,
    error: notFound('{unknown}'),
  },
]

const reading: Exchange[] = [
  {
    title: 'a group',
    given: given('one'),
    ask: 'GET /groups/{one}',
    status: 200,
    names: GROUP,
    context: '$metadata#groups/$entity',
    is: { id: '{one}' },
  },
  {
    title: 'two properties of it',
    ask: 'GET /groups/{one}?$select=id,displayName',
    status: 200,
    names: ['@odata.context', 'id', 'displayName'],
    context: '$metadata#groups(id,displayName)/$entity',
  },
  {
    title: 'what is only there when it is selected',
    ask: 'GET /groups/{one}?$select=assignedLabels,isArchived',
    status: 200,
    is: { assignedLabels: [], isArchived: null },
  },
  {
    title: 'by a unique name',
    given: given('named', { uniqueName: 'the-name' }),
    ask: "GET /groups(uniqueName='the-name')",
    status: 200,
    is: { id: '{named}', uniqueName: 'the-name' },
  },
  { title: 'unknown', ask: 'GET /groups/{unknown}', status: 404, error: notFound('{unknown}') },
  { title: 'no id', ask: 'GET /groups/x', status: 404, error: notFound('x') },
  {
    title: 'a list',
    ask: "GET /groups?$filter=displayName eq 'ONE'&$select=id",
    status: 200,
    context: '$metadata#groups(id)',
    is: { value: [{ id: '{one}' }] },
  },
  { title: 'a list by a restricted guest', ask: 'GET /groups', as: 'guest', status: 403, error: denied('roleMissing') },
  {
    title: 'a group by a restricted guest',
    ask: 'GET /groups/{one}',
    as: 'guest',
    status: 404,
    error: notFound('{one}'),
  },
  {
    title: 'a count without the header',
    ask: 'GET /groups/$count',
    status: 400,
    error: {
      code: 'Request_BadRequest',
      message: '$count is not currently supported.',
      inner: 'advancedQueryNeeded',
      target: '$count',
    },
  },
  {
    title: 'groups nobody owns',
    ask: "GET /groups?$filter=owners/$count eq 0 and displayName eq 'one'&$count=true&$select=id",
    headers: EVENTUAL,
    status: 200,
    is: { '@odata.count': 1, value: [{ id: '{one}' }] },
  },
  {
    title: 'a page that is too large',
    ask: 'GET /groups?$top=1000',
    status: 400,
    error: {
      code: 'Request_UnsupportedQuery',
      message: "Invalid page size specified: '1000'. Must be between 1 and 999 inclusive.",
      inner: 'invalidTop',
      target: '$top',
    },
  },
]

const changing: Exchange[] = [
  {
    title: 'its description',
    given: given('changed'),
    ask: 'PATCH /groups/{changed}',
    body: { description: 'new' },
    status: 204,
  },
  {
    title: 'and it is kept',
    ask: 'GET /groups/{changed}?$select=description',
    status: 200,
    is: { description: 'new' },
  },
  {
    title: 'into another type',
    ask: 'PATCH /groups/{changed}',
    body: { groupTypes: ['Unified'] },
    status: 400,
    error: invalid('groupTypes', "'Unified' is there from the beginning or never."),
  },
  {
    title: 'for roles, later',
    ask: 'PATCH /groups/{changed}',
    body: { isAssignableToRole: true },
    status: 400,
    error: invalid('isAssignableToRole', 'It can only be set when a group is created.'),
  },
  {
    title: 'one that is unknown',
    ask: 'PATCH /groups/{unknown}',
    body: { description: 'x' },
    status: 404,
    error: notFound('{unknown}'),
  },
  {
    title: 'one of others',
    ask: 'PATCH /groups/{changed}',
    as: 'member',
    body: { description: 'x' },
    status: 403,
    error: denied('roleMissing'),
  },
  {
    title: 'with permission for members only',
    ask: 'PATCH /groups/{changed}',
    as: 'membersApp',
    body: { description: 'x' },
    status: 403,
    error: denied('roleMissing'),
  },
  {
    title: 'a property that does not exist',
    ask: 'PATCH /groups/{changed}',
    body: { descripton: 'x' },
    status: 400,
    error: {
      code: 'Request_BadRequest',
      message: "The property 'descripton' does not exist on this resource. Did you mean 'description'?",
      inner: 'unknownProperty',
      target: 'descripton',
    },
  },
  {
    title: 'creating one if it is missing',
    ask: "PATCH /groups(uniqueName='up')",
    headers: { prefer: 'create-if-missing' },
    body: least('up'),
    status: 201,
    names: GROUP,
    is: { uniqueName: 'up' },
  },
  { title: 'changing it by its name', ask: "PATCH /groups(uniqueName='up')", body: { description: 'x' }, status: 204 },
  {
    title: 'one that is missing without preferring that',
    ask: "PATCH /groups(uniqueName='down')",
    body: { description: 'x' },
    status: 404,
    error: notFound('down'),
  },
  { title: 'deleting', given: given('gone'), ask: 'DELETE /groups/{gone}', status: 204 },
  { title: 'deleting again', ask: 'DELETE /groups/{gone}', status: 404, error: notFound('{gone}') },
  {
    title: 'deleting one of others',
    ask: 'DELETE /groups/{changed}',
    as: 'member',
    status: 403,
    error: denied('roleMissing'),
  },
  {
    title: 'restoring',
    ask: 'POST /directory/deletedItems/{gone}/restore',
    status: 200,
    context: '$metadata#directoryObjects/$entity',
    is: { '@odata.type': '#microsoft.graph.group', id: '{gone}', deletedDateTime: null },
  },
]

const membership: Exchange[] = [
  { title: 'adding', given: given('g'), ask: 'POST /groups/{g}/members/$ref', body: ID, status: 204 },
  {
    title: 'adding again',
    ask: 'POST /groups/{g}/members/$ref',
    body: ID,
    status: 400,
    error: {
      code: 'Request_BadRequest',
      message: "One or more added object references already exist for the following modified properties: 'members'.",
      inner: 'referenceExists',
      target: 'members',
    },
  },
  {
    title: 'adding nobody',
    ask: 'POST /groups/{g}/members/$ref',
    body: { '@odata.id': 'https://x/v1.0/directoryObjects/{unknown}' },
    status: 404,
    error: notFound('{unknown}'),
  },
  {
    title: 'adding to nothing',
    ask: 'POST /groups/{unknown}/members/$ref',
    body: ID,
    status: 404,
    error: notFound('{unknown}'),
  },
  {
    title: 'adding by somebody who may not',
    ask: 'POST /groups/{g}/members/$ref',
    as: 'member',
    body: ID,
    status: 403,
    error: denied('roleMissing'),
  },
  {
    title: 'adding twenty',
    ask: 'PATCH /groups/{g}',
    as: 'membersApp',
    body: { 'members@odata.bind': ['https://x/users/{guest}', 'https://x/users/{helpdesk}'] },
    status: 204,
  },
  {
    title: 'members',
    ask: 'GET /groups/{g}/members?$select=id',
    status: 200,
    context: '$metadata#directoryObjects(id)',
    check: (t, { body }) =>
      t.strictSame(
        body.value.map((item: Record<string, unknown>) => item['@odata.type']),
        Array(3).fill('#microsoft.graph.user'),
      ),
  },
  {
    title: 'members who are users',
    ask: 'GET /groups/{g}/members/microsoft.graph.user?$select=id',
    status: 200,
    context: '$metadata#users(id)',
    check: (t, { body }) => t.equal(body.value.length, 3),
  },
  {
    title: 'members who are groups',
    ask: 'GET /groups/{g}/members/microsoft.graph.group',
    status: 200,
    context: '$metadata#groups',
    is: { value: [] },
  },
  {
    title: 'members of another type',
    ask: 'GET /groups/{g}/members/microsoft.graph.contract',
    status: 400,
    error: {
      code: 'Request_UnsupportedQuery',
      message: "A cast to 'microsoft.graph.contract' is not supported here.",
      inner: 'unsupportedCast',
    },
  },
  { title: 'removing', ask: 'DELETE /groups/{g}/members/{member}/$ref', status: 204 },
  {
    title: 'removing again',
    ask: 'DELETE /groups/{g}/members/{member}/$ref',
    status: 404,
    error: notFound('{member}'),
  },
  {
    title: 'removing without $ref',
    ask: 'DELETE /groups/{g}/members/{guest}',
    status: 403,
    error: denied('memberWithoutRef'),
  },
  {
    title: 'removing by query',
    ask: 'DELETE /groups/{g}/members/$ref?@id=https://x/v1.0/directoryObjects/{guest}',
    status: 204,
  },
  {
    title: 'a circle',
    given: all(given('a'), holding('b', 'a')),
    ask: 'POST /groups/{a}/members/$ref',
    body: { '@odata.id': 'https://x/v1.0/groups/{b}' },
    status: 400,
    error: {
      code: 'Request_BadRequest',
      message: "The group '{b}' cannot be a member of a group that is inside it.",
      inner: 'membershipCircle',
      target: 'members',
    },
  },
  {
    title: 'adding to a group with a rule',
    given: given('dyn', { groupTypes: ['DynamicMembership'], membershipRule: 'user.city -eq "x"' }),
    ask: 'POST /groups/{dyn}/members/$ref',
    body: ID,
    status: 403,
    error: denied('dynamicMembership'),
  },
  { title: 'adding an owner', ask: 'POST /groups/{g}/owners/$ref', body: ID, status: 204 },
  {
    title: 'removing the last owner',
    ask: 'DELETE /groups/{g}/owners/{member}/$ref',
    status: 400,
    error: {
      code: 'Request_BadRequest',
      message: 'The group must have at least one owner, hence this owner cannot be removed.',
      inner: 'lastOwner',
      target: 'owners',
    },
  },
  {
    title: 'owners',
    ask: 'GET /groups/{g}/owners?$select=id',
    status: 200,
    context: '$metadata#directoryObjects(id)',
    is: { value: [{ '@odata.type': '#microsoft.graph.user', id: '{member}' }] },
  },
  { title: 'a change by an owner', ask: 'PATCH /groups/{g}', as: 'member', body: { description: 'ours' }, status: 204 },
  {
    title: 'what an owner owns',
    ask: 'GET /me/ownedObjects?$select=id',
    as: 'member',
    status: 200,
    is: { value: [{ '@odata.type': '#microsoft.graph.group', id: '{g}' }] },
  },
]

const questions: Exchange[] = [
  {
    title: 'groups of a user',
    given: all(holding('in', 'helpdesk'), holding('out', 'in')),
    X,
    status: 200,
    is: { value: [{ '@odata.type': '#microsoft.graph.group', id: '{in}' }] },
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
    check: (t, { body }) => t.equal(body.error.code, 'Request_UnsupportedQuery'),
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

t.test('golden exchanges of groups and directory objects', async (t) => {
  const opened = await openWorld(t)
  const world = () => opened
  for (const [title, table] of Object.entries({ creating, reading, changing, membership, questions })) {
    await t.test(title, async (t: Test) => play(t, world, table))
  }
})
