import t from 'tap'
import { holdAgainst } from '../support/contract.js'
import { type Exchange, type GoldenError, play } from './exchange.js'
import { openWorld, type World } from './world.js'

let world: World
t.before(async () => {
  world = await openWorld(t)
  const { service, facts, tokens } = world
  for (const name of ['ana', 'bo', 'cy']) {
    facts[name] = (await service.invite(`${name}@partner.example`)).invitedUser.id
  }
  const [red] = await service.rows(`insert into groups (tenant_id, id, display_name, mail_enabled, mail_nickname,
    security_enabled, created_date_time, renewed_date_time)
    values ('${service.tenantId}', gen_random_uuid(), 'red', false, 'red', true, now(), now()) returning id`)
  facts['red'] = red?.['id']
  await service.rows(`insert into group_members (tenant_id, group_id, member_type, member_id)
    values ('${service.tenantId}', '${facts['red']}', 'user', '${facts['ana']}')`)
  tokens.set('groupsApp', await service.appToken(['GroupMember.Read.All'], 'groupsApp'))
})

type Check = NonNullable<Exchange['check']>

const DELTA_LINK = '@odata.deltaLink'
const local = (link: string) => link.replace(/^.*\/v1\.0/, '')

/** Items are users, or ids with a reason, and so are the members inside. */
const areItems =
  (type: 'user' | 'group'): Check =>
  (t, { body }) => {
    for (const item of body.value) {
      t.type(item.id, 'string')
      holdAgainst(t, `microsoft.graph.${type}`, item)
    }
  }
/** Remembers the link of the answer under a name, without its version. */
const keep =
  (name: string, also?: Check): Check =>
  async (t, answer, world) => {
    world.facts[name] = local(answer.body[DELTA_LINK] ?? answer.body['@odata.nextLink'])
    await also?.(t, answer, world)
  }
const idsOf = (body: any) => body.value.map(({ id }: { id: string }) => id).sort()

const malformed: GoldenError = {
  code: 'Request_BadRequest',
  message: 'Badly formed token.',
  inner: 'deltaTokenMalformed',
  target: '$deltatoken',
}
const unsupported = (option: string): Exchange => ({
  title: `takes no $${option}`,
  ask: `GET /users/delta?$${option}=1`,
  status: 400,
  error: {
    code: 'BadRequest',
    message: `The query option '$${option}' is not supported here.`,
    inner: 'unsupportedOption',
    target: `$${option}`,
  },
})
const denied = (as: string, ask: string, error: GoldenError, status = 403): Exchange => ({
  title: `${ask.replace('GET ', '')} is not for ${as}`,
  ask,
  as,
  status,
  error,
})

t.test('delta of users', async (t) => {
  play(t, () => world, [
    {
      title: 'begins with everybody and ends with a link',
      ask: 'GET /users/delta',
      status: 200,
      names: ['@odata.context', DELTA_LINK, 'value'],
      context: '$metadata#users',
      check: keep('first', areItems('user')),
    },
    {
      title: 'tells nothing new at first',
      ask: 'GET {first}',
      status: 200,
      names: ['@odata.context', DELTA_LINK, 'value'],
      is: { value: [] },
    },
    {
      title: 'tells the changed',
      given: ({ service, facts }) => service.api('PATCH', `/users/${facts['ana']}`, { jobTitle: 'Auditor' }),
      ask: 'GET {first}',
      status: 200,
      is: {
        value: [
          {
            displayName: 'ana',
            jobTitle: 'Auditor',
            mail: 'ana@partner.example',
            userPrincipalName: 'ana_partner.example#EXT#@contoso.example',
            id: '{ana}',
          },
        ],
      },
      check: areItems('user'),
    },
    {
      title: 'tells just what changed when asked for the minimum',
      ask: 'GET {first}',
      headers: { prefer: 'return=minimal' },
      status: 200,
      answers: { 'preference-applied': 'return=minimal' },
      is: { value: [{ jobTitle: 'Auditor', id: '{ana}' }] },
    },
    {
      title: 'tells the deleted with a reason',
      given: ({ service, facts }) => service.api('DELETE', `/users/${facts['cy']}`),
      ask: 'GET {first}',
      status: 200,
      check: (t, { body }, { facts }) => {
        t.strictSame(body.value.at(-1), { id: facts['cy'], '@removed': { reason: 'changed' } })
        for (const item of body.value) holdAgainst(t, 'microsoft.graph.user', item)
      },
    },
    {
      title: 'goes on page by page when pages are small',
      ask: 'GET /users/delta',
      headers: { prefer: 'odata.maxpagesize=1' },
      status: 200,
      names: ['@odata.context', '@odata.nextLink', 'value'],
      check: keep('second', (t, { body }) => {
        t.equal(body.value.length, 1)
        t.match(body['@odata.nextLink'], /\/v1\.0\/users\/delta\?\$skiptoken=/)
      }),
    },
    {
      title: 'goes on from there',
      ask: 'GET {second}',
      status: 200,
      check: (t, { body }) => t.ok(body.value.length > 1 && body[DELTA_LINK]),
    },
    {
      title: 'shows what is selected, and the id',
      ask: 'GET /users/delta?$select=userType',
      status: 200,
      context: '$metadata#users(userType)',
      check: keep('selected', (t, { body }) => {
        for (const item of body.value) t.strictSame(Object.keys(item), ['id', 'userType'])
      }),
    },
    {
      title: 'remembers what was selected',
      given: ({ service, facts }) => service.api('PATCH', `/users/${facts['bo']}`, { jobTitle: 'Baker' }),
      ask: 'GET {selected}',
      status: 200,
      context: '$metadata#users(userType)',
      is: { value: [] },
    },
    {
      title: 'begins now, with what comes, when asked for the latest token',
      ask: 'GET /users/delta?$deltatoken=latest',
      status: 200,
      names: ['@odata.context', DELTA_LINK, 'value'],
      is: { value: [] },
    },
    {
      title: 'knows the token by any spelling',
      ask: 'GET /users/delta?$deltaToken=LATEST&$select=displayName',
      status: 200,
      context: '$metadata#users(displayName)',
      is: { value: [] },
    },
    {
      title: 'follows the objects of a filter',
      ask: "GET /users/delta?$filter=id eq '{ana}' or id eq '{bo}'",
      status: 200,
      check: (t, { body }, { facts }) => t.strictSame(idsOf(body), [facts['ana'], facts['bo']].sort()),
    },
    {
      title: 'follows the objects of a list',
      ask: "GET /users/delta?$filter=id in ('{ana}')",
      status: 200,
      check: (t, { body }, { facts }) => t.strictSame(idsOf(body), [facts['ana']]),
    },
    {
      title: 'filters by ids only',
      ask: "GET /users/delta?$filter=displayName eq 'ana'",
      status: 400,
      error: {
        code: 'Request_UnsupportedQuery',
        message: "Unsupported or invalid query filter clause specified for property 'displayName' of resource 'User'.",
        inner: 'unsupportedFilter',
        target: '$filter',
      },
    },
    {
      title: 'filters by fifty ids at most',
      ask: `GET /users/delta?$filter=id in (${Array.from({ length: 51 }, (_, n) => `'00000000-0000-0000-0000-0000000000${String(n).padStart(2, '0')}'`).join(',')})`,
      status: 400,
      error: {
        code: 'Request_UnsupportedQuery',
        message: 'A delta query can be limited to 50 objects at most.',
        inner: 'tooManyIds',
        target: '$filter',
      },
    },
    {
      title: 'selects what there is',
      ask: 'GET /users/delta?$select=shoeSize',
      status: 400,
      error: {
        code: 'BadRequest',
        message: "Could not find a property named 'shoeSize' on type 'microsoft.graph.user'.",
        inner: 'unknownProperty',
        target: '$select',
      },
    },
    ...['top', 'orderby', 'expand', 'search', 'count'].map(unsupported),
    { title: 'refuses a forged token', ask: 'GET /users/delta?$deltatoken=abc', status: 400, error: malformed },
    {
      title: 'refuses a token of another collection',
      given: async ({ service, facts }) => {
        const { body } = await service.api('GET', '/groups/delta?$deltatoken=latest')
        facts['foreign'] = local(body[DELTA_LINK]).replace('/groups/', '/users/')
      },
      ask: 'GET {foreign}',
      status: 400,
      error: malformed,
    },
    ...['delta()', 'microsoft.graph.delta', 'microsoft.graph.delta()'].map(
      (spelling): Exchange => ({
        title: `answers /users/${spelling}, and links to it`,
        ask: `GET /users/${spelling}?$deltatoken=latest`,
        status: 200,
        is: { value: [] },
        check: (t, { body }) =>
          t.ok(body[DELTA_LINK].includes(`/v1.0/users/${spelling}?$deltatoken=`), body[DELTA_LINK]),
      }),
    ),
    denied('groupsApp', 'GET /users/delta', {
      code: 'Authorization_RequestDenied',
      message: 'Insufficient privileges to complete the operation.',
      inner: 'permissionMissing',
      details: ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'].map((name) => ({
        code: 'permissionNeeded',
        message: `Enough for it: ${name}`,
      })),
    }),
    denied('guest', 'GET /users/delta', {
      code: 'Authorization_RequestDenied',
      message: 'Insufficient privileges to complete the operation.',
      inner: 'roleMissing',
    }),
    denied(
      'nobody',
      'GET /users/delta',
      { code: 'InvalidAuthenticationToken', message: 'Access token is empty.', inner: 'tokenMissing' },
      401,
    ),
  ])
})

t.test('delta of groups', async (t) => {
  play(t, () => world, [
    {
      title: 'begins with every group and who is in it',
      ask: 'GET /groups/delta',
      as: 'groupsApp',
      status: 200,
      names: ['@odata.context', DELTA_LINK, 'value'],
      context: '$metadata#groups',
      check: keep('groups', (t, { body }, { facts }) => {
        for (const item of body.value) holdAgainst(t, 'microsoft.graph.group', item)
        t.match(body.value, [
          {
            id: facts['red'],
            displayName: 'red',
            securityEnabled: true,
            'members@delta': [{ '@odata.type': '#microsoft.graph.user', id: facts['ana'] }],
          },
        ])
        t.notOk('description' in body.value[0], 'never set')
      }),
    },
    {
      title: 'tells who left',
      given: ({ service, facts }) => service.rows(`delete from group_members where member_id = '${facts['ana']}'`),
      ask: 'GET {groups}',
      headers: { prefer: 'return=minimal' },
      status: 200,
      is: {
        value: [
          {
            id: '{red}',
            'members@delta': [
              { '@odata.type': '#microsoft.graph.user', id: '{ana}', '@removed': { reason: 'deleted' } },
            ],
          },
        ],
      },
    },
    {
      title: 'shows members when they are selected',
      ask: 'GET /groups/delta?$select=displayName,members',
      status: 200,
      context: '$metadata#groups(displayName,members)',
      is: { value: [{ displayName: 'red', id: '{red}' }] },
    },
    denied('guest', 'GET /groups/delta', {
      code: 'Authorization_RequestDenied',
      message: 'Insufficient privileges to complete the operation.',
      inner: 'roleMissing',
    }),
  ])
})
