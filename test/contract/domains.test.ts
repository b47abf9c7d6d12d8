import t from 'tap'
import { holdAgainst } from '../support/contract.js'
import { type Exchange, type GoldenError, lacksRole, noResource, play } from './exchange.js'
import { DOMAIN } from './property-sets.js'
import { openWorld, type World } from './world.js'

const records = new Map<string, string[]>()
let dnsIsDown = false
let world: World
t.before(async () => {
  const resolveTxt = async (name: string) => {
    if (dnsIsDown) throw new Error('no answer')
    return records.get(name) ?? []
  }
  world = await openWorld(t, { workers: false, resolveTxt })
  const { service, facts, tokens } = world
  tokens.set('domains', await service.appToken(['Domain.ReadWrite.All']))
  tokens.set('reader', await service.appToken(['Domain.Read.All']))
  for (const who of ['administrator', 'userAdministrator', 'guest']) {
    tokens.set(`${who}Domains`, await service.userToken(facts[who] ?? '', ['Domain.ReadWrite.All']))
  }
  const other = await service.otherTenant('fabrikam.example')
  tokens.set('elsewhere', other.token)
})

const isDomain: Exchange['check'] = (t, { body }) => holdAgainst(t, 'microsoft.graph.domain', body)
const bad = (inner: string, message: string, target = 'id'): GoldenError => ({
  code: 'Request_BadRequest',
  message,
  inner,
  target,
})
const notThere = (name: string) => noResource(name, 'domainNotFound')
const roleMissing = lacksRole('Global Administrator or Domain Name Administrator')
const NOT_VERIFIED =
  'The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.'
const publish =
  (name: string): NonNullable<Exchange['given']> =>
  async ({ service, tokens }) => {
    const { body } = await service.api('GET', `/domains/${name}/verificationDnsRecords`, undefined, {
      token: tokens.get('domains') ?? null,
    })
    records.set(name, ['v=spf1 -all', body.value[0].text])
  }

t.test('domains', async (t) => {
  play(t, () => world, [
    {
      title: 'the initial domain is verified, the default, and a root',
      ask: 'GET /domains/contoso.example',
      as: 'reader',
      status: 200,
      names: ['@odata.context', ...DOMAIN],
      context: '$metadata#domains/$entity',
      is: {
        id: 'contoso.example',
        isDefault: true,
        isInitial: true,
        isRoot: true,
        isVerified: true,
        authenticationType: 'Managed',
      },
      check: isDomain,
    },
    {
      title: 'all of them are listed',
      ask: 'GET /domains',
      as: 'reader',
      status: 200,
      names: ['@odata.context', 'value'],
      context: '$metadata#domains',
      check: (t, { body }) => {
        t.equal(body.value.length, 1)
        for (const item of body.value) holdAgainst(t, 'microsoft.graph.domain', item)
      },
    },
    {
      title: 'with $select only what is asked for',
      ask: 'GET /domains/CONTOSO.example?$select=id,isVerified',
      as: 'reader',
      status: 200,
      names: ['@odata.context', 'id', 'isVerified'],
      context: '$metadata#domains(id,isVerified)/$entity',
    },
    {
      title: 'one is claimed with 201, unverified',
      ask: 'POST /domains',
      as: 'domains',
      body: { id: 'Tailspin.Example' },
      status: 201,
      answers: { location: /\/v1\.0\/domains\/tailspin\.example$/ },
      names: ['@odata.context', ...DOMAIN],
      context: '$metadata#domains/$entity',
      is: {
        id: 'tailspin.example',
        isVerified: false,
        isDefault: false,
        isInitial: false,
        isRoot: false,
        supportedServices: [],
      },
      check: isDomain,
    },
    {
      title: 'what must be published is told',
      ask: 'GET /domains/tailspin.example/verificationDnsRecords',
      as: 'reader',
      status: 200,
      names: ['@odata.context', 'value'],
      context: "$metadata#domains('tailspin.example')/verificationDnsRecords",
      check: (t, { body }) => {
        const [record] = body.value
        t.match(record, { label: 'tailspin.example', recordType: 'Txt', ttl: 3600, isOptional: false })
        t.match(record.text, /^vestibule-domain-verification=[0-9a-f]{32}$/)
        holdAgainst(t, 'microsoft.graph.domainDnsTxtRecord', record)
      },
    },
    {
      title: 'without the record nothing is verified',
      ask: 'POST /domains/tailspin.example/verify',
      as: 'domains',
      status: 400,
      error: {
        code: 'Request_BadRequest',
        message:
          /^Domain verification failed: no TXT record of tailspin\.example says vestibule-domain-verification=[0-9a-f]{32}\. New records can take some time to be seen\.$/,
        inner: 'domainNotProved',
        target: 'id',
      },
    },
    {
      title: 'an unverified one cannot be the default',
      ask: 'PATCH /domains/tailspin.example',
      as: 'domains',
      body: { isDefault: true },
      status: 400,
      error: bad('domainNotVerified', 'Only a verified domain can be the default one.', 'isDefault'),
    },
    {
      title: 'nobody gets a name on an unverified one',
      ask: 'POST /users',
      body: { accountEnabled: true, displayName: 'x', mailNickname: 'x', userPrincipalName: 'x@tailspin.example' },
      status: 400,
      error: {
        ...bad('unverifiedDomain', NOT_VERIFIED, 'userPrincipalName'),
        details: [{ code: 'InvalidValue', message: NOT_VERIFIED, target: 'userPrincipalName' }],
      },
    },
    {
      title: 'silent name servers are told from a missing record',
      given: async () => {
        dnsIsDown = true
      },
      ask: 'POST /domains/tailspin.example/verify',
      as: 'domains',
      status: 503,
      answers: { 'retry-after': '10' },
      error: {
        code: 'ServiceUnavailable',
        message: 'The name servers of tailspin.example did not answer. Please try again.',
        inner: 'dnsUnavailable',
      },
      check: () => {
        dnsIsDown = false
      },
    },
    {
      title: 'with the record it is the organization’s',
      given: publish('tailspin.example'),
      ask: 'POST /domains/tailspin.example/verify',
      as: 'domains',
      status: 200,
      names: ['@odata.context', ...DOMAIN],
      context: '$metadata#domains/$entity',
      is: { id: 'tailspin.example', isVerified: true, isRoot: true, isDefault: false },
      check: isDomain,
    },
    {
      title: 'verifying once more is no error',
      ask: 'POST /domains/tailspin.example/verify',
      as: 'domains',
      status: 200,
      is: { isVerified: true },
    },
    {
      title: 'a name below it is verified with it, and no root',
      ask: 'POST /domains',
      as: 'domains',
      body: { id: 'sales.tailspin.example', supportedServices: ['Email'] },
      status: 201,
      is: { id: 'sales.tailspin.example', isVerified: true, isRoot: false, supportedServices: ['Email'] },
    },
    {
      title: 'people get names on it at once',
      ask: 'POST /users',
      body: { accountEnabled: true, displayName: 'x', mailNickname: 'x', userPrincipalName: 'x@Tailspin.example' },
      status: 201,
      is: { userPrincipalName: 'x@tailspin.example' },
    },
    {
      title: 'its addresses are not invited any more',
      ask: 'POST /invitations',
      body: { invitedUserEmailAddress: 'new@tailspin.example', inviteRedirectUrl: 'https://app.example' },
      status: 400,
      error: {
        code: 'BadRequest',
        message:
          "This user cannot be invited because the domain of the user's email address is a verified domain of this directory.",
        inner: 'verifiedDomain',
        target: 'invitedUserEmailAddress',
      },
    },
    {
      title: 'it becomes the default with 204, and the one before is none',
      ask: 'PATCH /domains/tailspin.example',
      as: 'domains',
      body: { isDefault: true, isVerified: false },
      status: 204,
      check: async (t, _answer, { service }) => {
        const { body } = await service.api('GET', '/domains?$select=id,isDefault,isInitial')
        t.strictSame(body.value, [
          { id: 'contoso.example', isDefault: false, isInitial: true },
          { id: 'sales.tailspin.example', isDefault: false, isInitial: false },
          { id: 'tailspin.example', isDefault: true, isInitial: false },
        ])
      },
    },
    {
      title: 'guests’ names still end with the initial domain',
      ask: 'POST /invitations',
      body: { invitedUserEmailAddress: 'zoe@partner.example', inviteRedirectUrl: 'https://app.example' },
      status: 201,
      check: async (t, { body }, { service }) => {
        const user = await service.api('GET', `/users/${body.invitedUser.id}`)
        t.equal(user.body.userPrincipalName, 'zoe_partner.example#EXT#@contoso.example')
      },
    },
    {
      title: 'an organization has one default domain',
      ask: 'PATCH /domains/tailspin.example',
      as: 'domains',
      body: { isDefault: false },
      status: 400,
      error: bad(
        'mustHaveDefault',
        'An organization has one default domain: make another one the default.',
        'isDefault',
      ),
    },
    {
      title: 'the initial domain stays',
      ask: 'DELETE /domains/contoso.example',
      as: 'domains',
      status: 400,
      error: bad('initialDomain', 'The initial domain cannot be removed: user principal names of guests end with it.'),
    },
    {
      title: 'so does the default one',
      ask: 'DELETE /domains/tailspin.example',
      as: 'domains',
      status: 400,
      error: bad('defaultDomain', 'The default domain cannot be removed: make another one the default first.'),
    },
    {
      title: 'and one that names of people end with',
      given: async ({ service }) => service.api('PATCH', '/domains/contoso.example', { isDefault: true }),
      ask: 'DELETE /domains/tailspin.example',
      as: 'domains',
      status: 400,
      error: bad('domainInUse', 'The domain cannot be removed as long as names or addresses of people end with it.'),
    },
    {
      title: 'one that nobody uses is given up with 204, and free for others',
      ask: 'DELETE /domains/sales.tailspin.example',
      as: 'domains',
      status: 204,
      check: async (t, _answer, { service }) =>
        t.equal((await service.api('GET', '/domains/sales.tailspin.example')).status, 404),
    },
    {
      title: 'one that is there is not claimed again',
      ask: 'POST /domains',
      as: 'domains',
      body: { id: 'tailspin.example' },
      status: 400,
      error: bad(
        'domainExists',
        'A conflicting object with one or more of the specified property values is present in the directory.',
      ),
    },
    {
      title: 'one that another organization has verified is refused',
      ask: 'POST /domains',
      as: 'domains',
      body: { id: 'fabrikam.example' },
      status: 400,
      error: bad(
        'domainTaken',
        'Domain fabrikam.example is verified by another organization. It must be removed there first.',
      ),
    },
    {
      title: 'a name that is none is refused',
      ask: 'POST /domains',
      as: 'domains',
      body: { id: 'not a domain' },
      status: 400,
      error: bad('malformedDomain', 'Property id is invalid. Give a domain name such as contoso.example.'),
    },
    {
      title: 'a claim keeps nobody from proving the same name',
      given: async ({ service, tokens }) => {
        await service.api('POST', '/domains', { id: 'wide.example' })
        const theirs = { token: tokens.get('elsewhere') ?? null }
        await service.api('POST', '/domains', { id: 'wide.example' }, theirs)
        const { body } = await service.api('GET', '/domains/wide.example/verificationDnsRecords', undefined, theirs)
        records.set('wide.example', [body.value[0].text])
      },
      ask: 'POST /domains/wide.example/verify',
      as: 'elsewhere',
      status: 200,
      is: { isVerified: true },
    },
    {
      title: 'and the record of one organization proves nothing for another',
      ask: 'POST /domains/wide.example/verify',
      as: 'domains',
      status: 400,
      error: {
        code: 'Request_BadRequest',
        message:
          /^Domain verification failed: no TXT record of wide\.example says vestibule-domain-verification=[0-9a-f]{32}\. New records can take some time to be seen\.$/,
        inner: 'domainNotProved',
        target: 'id',
      },
    },
    {
      title: 'who is faster has it',
      given: publish('wide.example'),
      ask: 'POST /domains/wide.example/verify',
      as: 'domains',
      status: 400,
      error: bad(
        'domainTaken',
        'Domain wide.example is verified by another organization. It must be removed there first.',
      ),
    },
    ...[
      'GET /domains/fabrikam.example',
      'GET /domains/fabrikam.example/verificationDnsRecords',
      'POST /domains/fabrikam.example/verify',
      'DELETE /domains/fabrikam.example',
    ].map(
      (ask): Exchange => ({
        title: `another organization’s is not there: ${ask}`,
        ask,
        status: 404,
        error: notThere('fabrikam.example'),
      }),
    ),
    {
      title: 'another organization’s is not changed',
      ask: 'PATCH /domains/fabrikam.example',
      body: { isDefault: true },
      status: 404,
      error: notThere('fabrikam.example'),
    },
    {
      title: 'reading is not enough to claim',
      ask: 'POST /domains',
      as: 'reader',
      body: { id: 'x.example' },
      status: 403,
      error: {
        code: 'Authorization_RequestDenied',
        message: 'Insufficient privileges to complete the operation.',
        inner: 'permissionMissing',
        details: [{ code: 'permissionNeeded', message: 'Enough for it: Domain.ReadWrite.All' }],
      },
    },
    {
      title: 'people need a role for it',
      ask: 'POST /domains',
      as: 'userAdministratorDomains',
      body: { id: 'x.example' },
      status: 403,
      error: roleMissing,
    },
    {
      title: 'a restricted guest does not read them',
      ask: 'GET /domains',
      as: 'guestDomains',
      status: 403,
      error: roleMissing,
    },
    {
      title: 'a Global Administrator claims',
      ask: 'POST /domains',
      as: 'administratorDomains',
      body: { id: 'x.example' },
      status: 201,
      is: { isVerified: false },
    },
    { title: 'and gives up a claim', ask: 'DELETE /domains/x.example', as: 'administratorDomains', status: 204 },
  ])
})
