import t from 'tap'
import { holdAgainst } from '../support/contract.js'
import { type Exchange, type GoldenError, lacksRole, noResource, play } from './exchange.js'
import { DOMAIN } from './property-sets.js'
import { openWorld, type World } from './world.js'

const records = new Map<string, string[]>()
let world: World
t.before(async () => {
  world = await openWorld(t, { workers: false, resolveTxt: async (name) => records.get(name) ?? [] })
  const { service, facts, tokens } = world
  tokens.set('reader', await service.appToken(['Domain.Read.All']))
  tokens.set(
    'userAdministratorDomains',
    await service.userToken(facts['userAdministrator'] ?? '', ['Domain.ReadWrite.All']),
  )
  tokens.set('elsewhere', (await service.otherTenant('fabrikam.example')).token)
  for (const id of ['tailspin.example', 'unproved.example']) await service.api('POST', '/domains', { id })
  const published = await service.api('GET', '/domains/tailspin.example/verificationDnsRecords')
  facts['record'] = published.body.value[0].id
  records.set('tailspin.example', [published.body.value[0].text])
  await service.api('POST', '/domains/tailspin.example/verify')
  for (const id of ['sales.tailspin.example', 'eu.sales.tailspin.example'])
    await service.api('POST', '/domains', { id })
  for (const name of ['tia', 'admin']) {
    const { body } = await service.api('POST', '/users', {
      accountEnabled: true,
      displayName: name,
      mailNickname: name,
      userPrincipalName: `${name}@tailspin.example`,
      ...(name === 'tia' && { mail: 'tia@tailspin.example' }),
    })
    facts[`${name}There`] = body.id
  }
})

const notThere = (name: string, inner = 'domainNotFound') => noResource(name, inner)
const bad = (inner: string, message: string, target = 'id'): GoldenError => ({
  code: 'Request_BadRequest',
  message,
  inner,
  target,
})
const roleMissing = lacksRole('Global Administrator or Domain Name Administrator')
const isDomain: Exchange['check'] = (t, { body }) => holdAgainst(t, 'microsoft.graph.domain', body)
const root = (of: string, id: string): Exchange => ({
  title: `the root of ${of}`,
  ask: `GET /domains/${of}/rootDomain`,
  as: 'reader',
  status: 200,
  names: ['@odata.context', ...DOMAIN],
  context: '$metadata#domains/$entity',
  is: { id, isRoot: true, isVerified: true },
  check: isDomain,
})

t.test('what belongs to a domain', async (t) => {
  play(t, () => world, [
    root('eu.sales.tailspin.example', 'tailspin.example'),
    root('tailspin.example', 'tailspin.example'),
    {
      title: 'the root with less of it',
      ask: 'GET /domains/sales.tailspin.example/rootDomain?$select=id',
      status: 200,
      names: ['@odata.context', 'id'],
      context: '$metadata#domains(id)/$entity',
    },
    {
      title: 'no root of a claim',
      ask: 'GET /domains/unproved.example/rootDomain',
      status: 404,
      error: notThere('rootDomain', 'rootNotFound'),
    },
    {
      title: 'how many there are',
      ask: 'GET /domains/$count',
      as: 'reader',
      status: 200,
      answers: { 'content-type': /^text\/plain/ },
      check: (t, { text }) => t.equal(text, '5'),
    },
    {
      title: 'a record to publish',
      ask: 'GET /domains/tailspin.example/verificationDnsRecords/{record}',
      as: 'reader',
      status: 200,
      context: "$metadata#domains('tailspin.example')/verificationDnsRecords/$entity",
      is: { '@odata.type': '#microsoft.graph.domainDnsTxtRecord', recordType: 'Txt', label: 'tailspin.example' },
      check: (t, { body }) => holdAgainst(t, 'microsoft.graph.domainDnsTxtRecord', body),
    },
    {
      title: 'no other record',
      ask: 'GET /domains/tailspin.example/verificationDnsRecords/{unknown}',
      status: 404,
      error: notThere('{unknown}', 'recordNotFound'),
    },
    {
      title: 'one record',
      ask: 'GET /domains/tailspin.example/verificationDnsRecords/$count',
      status: 200,
      answers: { 'content-type': /^text\/plain/ },
      check: (t, { text }) => t.equal(text, '1'),
    },
    {
      title: 'services want nothing in DNS',
      ask: 'GET /domains/tailspin.example/serviceConfigurationRecords',
      as: 'reader',
      status: 200,
      context: "$metadata#domains('tailspin.example')/serviceConfigurationRecords",
      is: { value: [] },
    },
    {
      title: 'none of it',
      ask: 'GET /domains/tailspin.example/serviceConfigurationRecords/$count',
      status: 200,
      answers: { 'content-type': /^text\/plain/ },
      check: (t, { text }) => t.equal(text, '0'),
    },
    {
      title: 'whom a domain is needed for',
      ask: 'GET /domains/TAILSPIN.example/domainNameReferences',
      as: 'reader',
      status: 200,
      context: '$metadata#directoryObjects',
      check: (t, { body }, { facts }) => {
        for (const item of body.value) holdAgainst(t, item['@odata.type'].slice(1), item)
        const found = body.value.map((item: Record<string, string>) => [item['id'], item['@odata.type']])
        const wanted = [facts['tiaThere'], facts['adminThere']].map((id) => [id, '#microsoft.graph.user'])
        t.strictSame(found.sort(), wanted.sort())
      },
    },
    {
      title: 'how many these are',
      ask: 'GET /domains/tailspin.example/domainNameReferences/$count',
      headers: { consistencylevel: 'eventual' },
      status: 200,
      answers: { 'content-type': /^text\/plain/ },
      check: (t, { text }) => t.equal(text, '2'),
    },
    {
      title: 'groups with an address count among them',
      given: async ({ service }) => {
        const group = { displayName: 'All', mailEnabled: true, mailNickname: 'all', securityEnabled: false }
        await service.api('POST', '/groups', { ...group, groupTypes: ['Unified'] })
      },
      ask: 'GET /domains/contoso.example/domainNameReferences?$top=999',
      status: 200,
      check: (t, { body }) => {
        const types = new Set(body.value.map((item: Record<string, string>) => item['@odata.type']))
        t.strictSame([...types].sort(), ['#microsoft.graph.group', '#microsoft.graph.user'])
      },
    },
    ...[
      'GET /domains/fabrikam.example/rootDomain',
      'GET /domains/fabrikam.example/domainNameReferences',
      'GET /domains/fabrikam.example/serviceConfigurationRecords',
      'POST /domains/fabrikam.example/promote',
      'POST /domains/fabrikam.example/forceDelete',
    ].map(
      (ask): Exchange => ({
        title: `another organization’s is not there: ${ask}`,
        ask,
        status: 404,
        error: notThere('fabrikam.example'),
      }),
    ),
  ])
})

t.test('a domain below another', async (t) => {
  play(t, () => world, [
    {
      title: 'is promoted',
      ask: 'POST /domains/sales.tailspin.example/promote',
      status: 200,
      context: '$metadata#Edm.Boolean',
      is: { value: true },
    },
    root('eu.sales.tailspin.example', 'sales.tailspin.example'),
    {
      title: 'is not promoted twice',
      ask: 'POST /domains/sales.tailspin.example/promote',
      status: 400,
      error: bad('alreadyRoot', 'The domain is a root domain already.'),
    },
    {
      title: 'nor before it is proved',
      ask: 'POST /domains/unproved.example/promote',
      status: 400,
      error: bad('domainNotVerified', 'Only a verified domain can be promoted.'),
    },
    {
      title: 'nor without a role',
      ask: 'POST /domains/eu.sales.tailspin.example/promote',
      as: 'userAdministratorDomains',
      status: 403,
      error: roleMissing,
    },
  ])
})

t.test('giving a domain up by force', async (t) => {
  play(t, () => world, [
    {
      title: 'not the initial one',
      ask: 'POST /domains/contoso.example/forceDelete',
      body: { disableUserAccounts: true },
      status: 400,
      error: bad('initialDomain', 'The initial domain cannot be removed: user principal names of guests end with it.'),
    },
    {
      title: 'not without a role',
      ask: 'POST /domains/tailspin.example/forceDelete',
      as: 'userAdministratorDomains',
      status: 403,
      error: roleMissing,
    },
    {
      title: 'not over somebody with a role, whom an application does not change',
      given: async ({ service }) => {
        await service.rows(`insert into directory_role_assignments select tenant_id, id,
          '62e90394-69f5-4237-9190-012177145e10', now() from users where user_principal_name = 'tia@tailspin.example'
          returning 1`)
      },
      ask: 'POST /domains/tailspin.example/forceDelete',
      status: 403,
      error: {
        code: 'Authorization_RequestDenied',
        message:
          'id: this user holds a directory role, so only a Global Administrator may change this. Applications may not.',
        inner: 'privilegedTarget',
        target: 'id',
      },
    },
    {
      title: 'moves people to the initial domain, and blocks them',
      given: async ({ service, facts }) => {
        await service.rows(
          `delete from directory_role_assignments where principal_id = '${facts['tiaThere']}' returning 1`,
        )
        facts['guestThere'] = (await service.invite('gil@later.example')).invitedUser.id
        facts['deletedThere'] = facts['adminThere'] ?? ''
        await service.rows(`update users set user_principal_name = 'admin@contoso.example'
          where id = '${facts['adminId']}' returning 1`)
      },
      ask: 'POST /domains/tailspin.example/forceDelete',
      body: { disableUserAccounts: true },
      status: 204,
      check: async (t, _answer, { service, facts }) => {
        const select = '$select=userPrincipalName,mail,accountEnabled'
        const tia = (await service.api('GET', `/users/${facts['tiaThere']}?${select}`)).body
        t.match(tia, {
          userPrincipalName: 'tia@contoso.example',
          mail: 'tia@contoso.example',
          accountEnabled: false,
        })
        const admin = (await service.api('GET', `/users/${facts['adminThere']}?${select}`)).body
        const end = facts['adminThere']?.slice(-12)
        t.match(admin, { userPrincipalName: `admin.${end}@contoso.example`, accountEnabled: false })
        const chief = (await service.api('GET', `/users/${facts['adminId']}?${select}`)).body
        t.match(chief, { userPrincipalName: 'admin@contoso.example', accountEnabled: true })
        t.equal((await service.api('GET', '/domains/tailspin.example')).status, 404)
      },
    },
    {
      title: 'leaves addresses of guests alone',
      given: async ({ service, facts }) => {
        await service.api('POST', '/domains', { id: 'later.example' })
        const { body } = await service.api('GET', '/domains/later.example/verificationDnsRecords')
        records.set('later.example', [body.value[0].text])
        const verified = await service.api('POST', '/domains/later.example/verify')
        if (verified.status !== 200) throw new Error(verified.text)
        facts['gil'] = facts['guestThere'] ?? ''
      },
      ask: 'POST /domains/later.example/forceDelete',
      status: 204,
      check: async (t, _answer, { service, facts }) => {
        const { body } = await service.api('GET', `/users/${facts['gil']}`)
        t.match(body, { mail: 'gil@later.example', userPrincipalName: 'gil_later.example#EXT#@contoso.example' })
      },
    },
    { title: 'takes a claim too', ask: 'POST /domains/unproved.example/forceDelete', status: 204 },
  ])
})
