import t from 'tap'
import { least } from '../directory/groups/support.js'
import { type Exchange, play } from './exchange.js'
import { all, denied, GROUP, given, holding, ID, invalid, notFound } from './group-exchanges.js'
import { openWorld } from './world.js'

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

t.test('golden exchanges of changed groups and their members', async (t) => {
  const world = await openWorld(t)
  for (const [title, table] of Object.entries({ changing, membership })) {
    await t.test(title, async (t) => play(t, () => world, table))
  }
})
