import t from 'tap'
import { least } from '../directory/groups/support.js'
import { type Exchange, play } from './exchange.js'
import { denied, EVENTUAL, GROUP, given, invalid, malformed, notFound } from './group-exchanges.js'
import { openWorld } from './world.js'

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

t.test('golden exchanges of groups', async (t) => {
  const world = await openWorld(t)
  for (const [title, table] of Object.entries({ creating, reading })) {
    await t.test(title, async (t) => play(t, () => world, table))
  }
})
