import t from 'tap'
import { holdAgainst, holdListAgainst } from '../support/contract.js'
import { type Receiver, startReceiver } from '../support/receiver.js'
import { type Exchange, type GoldenError, play } from './exchange.js'
import { SUBSCRIPTION } from './property-sets.js'
import { openWorld, type World } from './world.js'

let world: World
let receiver: Receiver
t.before(async () => {
  world = await openWorld(t)
  receiver = await startReceiver(t)
  const { service, facts, tokens } = world
  const time = (minutes: number) => new Date(service.services.clock().getTime() + minutes * 60_000).toISOString()
  facts['endpoint'] = receiver.origin
  facts['ana'] = (await service.invite('ana@partner.example')).invitedUser.id
  facts['soon'] = time(60)
  facts['latest'] = time(41_760)
  facts['tooLate'] = time(41_770)
  facts['past'] = time(-10)
  tokens.set('groupsApp', await service.appToken(['Group.Read.All'], 'groupsApp'))
})

const least = {
  changeType: 'updated,deleted',
  notificationUrl: '{endpoint}/changes?for=us',
  resource: 'users',
  expirationDateTime: '{soon}',
}
const isSubscription: Exchange['check'] = (t, { body }) => {
  const { notificationSecret: _secret, ...rest } = body
  holdAgainst(t, 'microsoft.graph.subscription', rest)
}
const made =
  (name: string, wish = {}) =>
  async ({ service, facts }: World) => {
    const body = { ...least, notificationUrl: `${receiver.origin}/changes`, expirationDateTime: facts['soon'], ...wish }
    const answer = await service.api('POST', '/subscriptions', body)
    if (answer.status !== 201) throw new Error(answer.text)
    facts[name] = answer.body.id
  }
const create = (title: string, wish: Record<string, unknown>, more: Partial<Exchange>): Exchange => ({
  title,
  ask: 'POST /subscriptions',
  body: { ...least, ...wish },
  status: 201,
  ...more,
})
const refused = (title: string, wish: Record<string, unknown>, error: GoldenError, more: Partial<Exchange> = {}) =>
  create(title, wish, { status: error.code === 'Authorization_RequestDenied' ? 403 : 400, error, ...more })

t.test('subscribing', async (t) => {
  play(t, () => world, [
    create(
      'answers every property, and the secret this once',
      { clientState: 'mine' },
      {
        names: ['@odata.context', ...SUBSCRIPTION, 'notificationSecret'],
        context: '$metadata#subscriptions/$entity',
        answers: { location: /\/v1\.0\/subscriptions\/[0-9a-f-]{36}$/ },
        is: {
          resource: 'users',
          changeType: 'updated,deleted',
          clientState: 'mine',
          notificationUrl: '{endpoint}/changes?for=us',
          lifecycleNotificationUrl: null,
          expirationDateTime: '{soon}',
          applicationId: '{clientId}',
          includeResourceData: null,
        },
        check: (t, answer, world) => {
          isSubscription?.(t, answer, world)
          t.match(answer.body.notificationSecret, /^whsec_[A-Za-z0-9+/]{43}=$/)
          t.match(receiver.validations.at(-1), { path: '/changes', text: '' })
        },
      },
    ),
    create(
      'asks the lifecycle endpoint, too',
      { lifecycleNotificationUrl: '{endpoint}/lifecycle' },
      {
        is: { lifecycleNotificationUrl: '{endpoint}/lifecycle' },
        check: (t) => {
          t.strictSame(
            receiver.validations.slice(-2).map(({ path }) => path),
            ['/changes', '/lifecycle'],
          )
        },
      },
    ),
    create(
      'takes one user, with a slash before it',
      { resource: '/users/{ana}' },
      { is: { resource: '/users/{ana}' } },
    ),
    create('takes groups', { resource: 'groups' }, { as: 'groupsApp', is: { resource: 'groups' } }),
    create(
      'takes invitations, our addition',
      { resource: 'invitations', changeType: 'created,updated' },
      {
        check: isSubscription,
      },
    ),
    create(
      'keeps change types once each',
      { changeType: 'updated, deleted,updated' },
      {
        is: { changeType: 'updated,deleted' },
      },
    ),
    create(
      'lives for 41,760 minutes at most',
      { expirationDateTime: '{latest}' },
      {
        is: { expirationDateTime: '{latest}' },
      },
    ),
    create(
      'moves an expiration that is over to 45 minutes from now',
      { expirationDateTime: '{past}' },
      {
        check: (t, { body }) => {
          const minutes = (Date.parse(body.expirationDateTime) - Date.now()) / 60_000
          t.ok(minutes > 44 && minutes < 46, `${minutes} minutes`)
        },
      },
    ),
    create(
      'takes what other clients send and mean nothing by',
      {
        clientState: null,
        includeResourceData: false,
        latestSupportedTlsVersion: 'v1_2',
        id: 'ignored',
        '@odata.type': '#microsoft.graph.subscription',
      },
      { is: { clientState: null, latestSupportedTlsVersion: 'v1_2' } },
    ),
    refused(
      'is limited in time',
      { expirationDateTime: '{tooLate}' },
      {
        code: 'ExtensionError',
        message: 'Subscription expiration can only be 41760 minutes in the future.',
        inner: 'expirationTooLate',
        target: 'expirationDateTime',
      },
    ),
    ...['users/{ana}/manager', 'users/members', 'groups/{ana}/owners', 'me', 'users/not-a-guid', 'teams'].map(
      (resource) =>
        refused(
          `is for known resources only: ${resource}`,
          { resource },
          {
            code: 'InvalidRequest',
            message:
              "resource: give 'users', 'users/<id>', 'groups', 'groups/<id>', 'groups/<id>/members' or 'invitations'.",
            inner: 'unknownResource',
            target: 'resource',
          },
        ),
    ),
    refused(
      'needs an object that is there',
      { resource: 'users/{unknown}' },
      {
        code: 'Request_ResourceNotFound',
        message:
          "Resource '{unknown}' does not exist or one of its queried reference-property objects are not present.",
        inner: 'watchedObjectNotFound',
        target: 'resource',
      },
      { status: 404 },
    ),
    refused(
      'knows three change types',
      { changeType: 'updated,moved' },
      {
        code: 'InvalidRequest',
        message: 'changeType: give created, updated, deleted, several with commas.',
        inner: 'invalidChangeType',
        target: 'changeType',
      },
    ),
    refused(
      'of created users alone would never be told anything',
      { changeType: 'created' },
      {
        code: 'InvalidRequest',
        message:
          "changeType: users and groups that are created are told as 'updated'. Give 'updated', 'deleted' or both.",
        inner: 'invalidChangeType',
        target: 'changeType',
      },
    ),
    refused(
      'holds no resource data',
      { includeResourceData: true },
      {
        code: 'InvalidRequest',
        message:
          'includeResourceData: notifications of this resource hold ids only. Read the object when you are told of it.',
        inner: 'resourceDataUnsupported',
        target: 'includeResourceData',
      },
    ),
    refused(
      'keeps a client state of 128 characters',
      { clientState: 'x'.repeat(129) },
      {
        code: 'Request_BadRequest',
        message: "Invalid value specified for property 'clientState': it must be a string of at most 128 characters.",
        inner: 'invalidValue',
        target: 'clientState',
      },
    ),
    {
      title: 'wants an endpoint',
      ask: 'POST /subscriptions',
      body: { changeType: 'updated', resource: 'users', expirationDateTime: '{soon}' },
      status: 400,
      error: {
        code: 'Request_BadRequest',
        message: "A value is required for property 'notificationUrl'.",
        inner: 'missingProperty',
        target: 'notificationUrl',
      },
    },
    refused(
      'needs the permission to read what is watched',
      { resource: 'groups' },
      {
        code: 'Authorization_RequestDenied',
        message: 'Insufficient privileges to complete the operation.',
        inner: 'permissionMissing',
        details: [
          'GroupMember.Read.All',
          'GroupMember.ReadWrite.All',
          'Group.Read.All',
          'Group.ReadWrite.All',
          'Directory.Read.All',
          'Directory.ReadWrite.All',
        ].map((name) => ({ code: 'permissionNeeded', message: `Enough for it: ${name}` })),
      },
      { as: 'readUsersApp' },
    ),
    refused(
      'is not for guests',
      {},
      {
        code: 'Authorization_RequestDenied',
        message: 'Insufficient privileges to complete the operation.',
        inner: 'mayNotFollow',
      },
      { as: 'guest' },
    ),
    create('is for guests who hold a directory role', {}, { as: 'invitingGuest' }),
    create('is for members', {}, { as: 'member', is: { creatorId: '{member}', applicationId: '{clientId}' } }),
    {
      title: 'is for callers with a token',
      ask: 'POST /subscriptions',
      as: 'nobody',
      body: least,
      status: 401,
      error: { code: 'InvalidAuthenticationToken', message: 'Access token is empty.', inner: 'tokenMissing' },
    },
  ])
})

t.test('the validation of an endpoint', async (t) => {
  const failed = (target: string): GoldenError => ({
    code: 'ValidationError',
    message:
      'Subscription validation request failed. Notification endpoint must respond with 200 OK to validation request.',
    inner: 'validationFailed',
    target,
  })
  const mismatch = (target: string): GoldenError => ({
    code: 'ValidationError',
    message: 'Subscription validation request failed. Response must exactly match validationToken query parameter.',
    inner: 'validationMismatch',
    target,
  })
  const answering = (validate: Receiver['validate']) => async () => {
    receiver.validate = validate
  }
  t.afterEach(() => {
    receiver.validate = (body) => ({ body })
  })
  play(t, () => world, [
    refused('fails with another status', {}, failed('notificationUrl'), {
      given: answering((body) => ({ status: 202, body })),
    }),
    refused('fails with a redirect', {}, failed('notificationUrl'), {
      given: answering((body) => ({ status: 302, body })),
    }),
    refused('fails with the token as it was in the URL', {}, mismatch('notificationUrl'), {
      given: answering((token) => ({ body: encodeURIComponent(token) })),
    }),
    refused('fails with more than the token', {}, mismatch('notificationUrl'), {
      given: answering((token) => ({ body: `${token}\n` })),
    }),
    refused('fails with a page', {}, mismatch('notificationUrl'), {
      given: answering((body) => ({ type: 'text/html', body })),
    }),
    refused('fails when nobody is there', { notificationUrl: 'http://127.0.0.1:1/' }, failed('notificationUrl')),
    refused(
      'fails for the lifecycle endpoint as well',
      { lifecycleNotificationUrl: '{endpoint}/lifecycle' },
      failed('lifecycleNotificationUrl'),
      {
        given: answering((body) =>
          receiver.validations.at(-1)?.path === '/lifecycle' ? { status: 500, body } : { body },
        ),
      },
    ),
    refused(
      'is never sent into the network',
      { notificationUrl: 'https://10.0.0.1/' },
      {
        code: 'InvalidRequest',
        message: 'notificationUrl: The host is not on the public internet.',
        inner: 'notificationUrlRefused',
        target: 'notificationUrl',
      },
    ),
    refused(
      'wants https',
      { notificationUrl: 'http://hooks.example/' },
      {
        code: 'InvalidRequest',
        message: 'notificationUrl: The URL must use https.',
        inner: 'notificationUrlRefused',
        target: 'notificationUrl',
      },
    ),
    refused(
      'wants a URL',
      { notificationUrl: 'hooks' },
      {
        code: 'InvalidRequest',
        message: 'notificationUrl: The URL cannot be read.',
        inner: 'notificationUrlRefused',
        target: 'notificationUrl',
      },
    ),
  ])
})

const notFound: GoldenError = {
  code: 'ResourceNotFound',
  message: 'The object was not found.',
  inner: 'subscriptionNotFound',
}

t.test('a subscription', async (t) => {
  play(t, () => world, [
    {
      title: 'is read without its secret',
      given: made('one', { clientState: 'mine' }),
      ask: 'GET /subscriptions/{one}',
      status: 200,
      names: ['@odata.context', ...SUBSCRIPTION],
      context: '$metadata#subscriptions/$entity',
      is: { id: '{one}', clientState: 'mine' },
      check: isSubscription,
    },
    {
      title: 'is renewed',
      ask: 'PATCH /subscriptions/{one}',
      body: { expirationDateTime: '{latest}' },
      status: 200,
      names: ['@odata.context', ...SUBSCRIPTION],
      is: { id: '{one}', expirationDateTime: '{latest}', clientState: 'mine' },
      check: isSubscription,
    },
    {
      title: 'is not renewed for longer',
      ask: 'PATCH /subscriptions/{one}',
      body: { expirationDateTime: '{tooLate}' },
      status: 400,
      error: {
        code: 'ExtensionError',
        message: 'Subscription expiration can only be 41760 minutes in the future.',
        inner: 'expirationTooLate',
        target: 'expirationDateTime',
      },
    },
    {
      title: 'moves to another endpoint once that has said yes',
      ask: 'PATCH /subscriptions/{one}',
      body: { notificationUrl: '{endpoint}/moved' },
      status: 200,
      is: { notificationUrl: '{endpoint}/moved' },
      check: (t) => t.match(receiver.validations.at(-1), { path: '/moved' }),
    },
    {
      title: 'watches what it watches, for good',
      ask: 'PATCH /subscriptions/{one}',
      body: { resource: 'groups' },
      status: 400,
      error: {
        code: 'Request_BadRequest',
        message: "The property 'resource' does not exist on this resource.",
        inner: 'unknownProperty',
        target: 'resource',
      },
    },
    { title: 'is confirmed', ask: 'POST /subscriptions/{one}/reauthorize', status: 204 },
    {
      title: 'has no dead letters at first',
      ask: 'GET /subscriptions/{one}/deadLetters',
      status: 200,
      names: ['@odata.context', 'value'],
      is: { value: [] },
    },
    { title: "is nobody else's", ask: 'GET /subscriptions/{one}', as: 'readUsersApp', status: 404, error: notFound },
    {
      title: 'cannot be renewed by somebody else',
      ask: 'PATCH /subscriptions/{one}',
      as: 'readUsersApp',
      body: { expirationDateTime: '{soon}' },
      status: 404,
      error: notFound,
    },
    {
      title: 'cannot be ended by somebody else',
      ask: 'DELETE /subscriptions/{one}',
      as: 'readUsersApp',
      status: 404,
      error: notFound,
    },
    {
      title: 'of an application is not shown to people who use it',
      ask: 'GET /subscriptions/{one}',
      as: 'administrator',
      status: 404,
      error: notFound,
    },
    { title: 'is ended', ask: 'DELETE /subscriptions/{one}', status: 204 },
    { title: 'is ended once', ask: 'DELETE /subscriptions/{one}', status: 404, error: notFound },
    { title: 'is gone then', ask: 'GET /subscriptions/{one}', status: 404, error: notFound },
    { title: 'has an id', ask: 'GET /subscriptions/x', status: 404, error: notFound },
    {
      title: 'that is unknown is not confirmed',
      ask: 'POST /subscriptions/{unknown}/reauthorize',
      status: 404,
      error: notFound,
    },
    {
      title: 'that is unknown has no dead letters',
      ask: 'GET /subscriptions/{unknown}/deadLetters',
      status: 404,
      error: notFound,
    },
  ])
})

t.test('the list of subscriptions', async (t) => {
  play(t, () => world, [
    {
      title: "has the application's own, page by page",
      ask: 'GET /subscriptions?$top=1',
      status: 200,
      names: ['@odata.context', '@odata.nextLink', 'value'],
      context: '$metadata#subscriptions',
      check: async (t, { body }, { service }) => {
        holdListAgainst(t, 'microsoft.graph.subscription', body)
        t.equal(body.value.length, 1)
        const next = await service.api('GET', body['@odata.nextLink'].replace(/^.*\/v1\.0/, ''))
        t.not(next.body.value[0].id, body.value[0].id)
      },
    },
    {
      title: 'is empty for an application without any',
      ask: 'GET /subscriptions',
      as: 'readUsersApp',
      status: 200,
      is: { value: [] },
    },
    {
      title: 'is not filtered',
      ask: "GET /subscriptions?$filter=resource eq 'users'",
      status: 400,
      error: {
        code: 'BadRequest',
        message: "The query option '$filter' is not supported here.",
        inner: 'unsupportedOption',
        target: '$filter',
      },
    },
  ])
})
