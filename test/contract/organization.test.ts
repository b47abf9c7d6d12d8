import t from 'tap'
import { holdAgainst } from '../support/contract.js'
import { type Exchange, type GoldenError, lacksRole, noResource, play } from './exchange.js'
import { ORGANIZATION } from './property-sets.js'
import { openWorld, type World } from './world.js'

let world: World
t.before(async () => {
  world = await openWorld(t)
  const { service, facts, tokens } = world
  tokens.set('reader', await service.appToken(['Organization.Read.All']))
  for (const who of ['member', 'guest', 'administrator', 'userAdministrator']) {
    tokens.set(`${who}Reads`, await service.userToken(facts[who] ?? '', ['User.Read']))
    tokens.set(`${who}Writes`, await service.userToken(facts[who] ?? '', ['Organization.ReadWrite.All']))
  }
  tokens.set('elsewhere', (await service.otherTenant('fabrikam.example')).token)
})

const isOrganization: Exchange['check'] = (t, { body }) => holdAgainst(t, 'microsoft.graph.organization', body)
const VERIFIED = [{ capabilities: 'Email', isDefault: true, isInitial: true, name: 'contoso.example', type: 'Managed' }]
const roleMissing = lacksRole('Global Administrator')
const notThere = noResource('{unknown}', 'organizationNotFound')
const bad = (target: string, rule: string): GoldenError => ({
  code: 'Request_BadRequest',
  message: `Invalid value specified for property '${target}': it must be ${rule}.`,
  inner: 'invalidValue',
  target,
})

t.test('the organization', async (t) => {
  play(t, () => world, [
    {
      title: 'is a list of one',
      ask: 'GET /organization',
      as: 'reader',
      status: 200,
      names: ['@odata.context', 'value'],
      context: '$metadata#organization',
      check: (t, { body }, { facts }) => {
        t.equal(body.value.length, 1)
        t.equal(body.value[0].id, facts['tenantId'])
        holdAgainst(t, 'microsoft.graph.organization', body.value[0])
      },
    },
    {
      title: 'is read by its id, with all that Graph tells',
      ask: 'GET /organization/{tenantId}',
      as: 'reader',
      status: 200,
      names: ['@odata.context', ...ORGANIZATION],
      context: '$metadata#organization/$entity',
      is: {
        id: '{tenantId}',
        displayName: 'Contoso',
        tenantType: 'AAD',
        privacyProfile: null,
        technicalNotificationMails: [],
        onPremisesSyncEnabled: null,
        verifiedDomains: VERIFIED,
      },
      check: isOrganization,
    },
    {
      title: 'shows what is selected',
      ask: 'GET /organization?$select=displayName,verifiedDomains',
      as: 'reader',
      status: 200,
      context: '$metadata#organization(displayName,verifiedDomains)',
      check: (t, { body }) => t.strictSame(body.value, [{ displayName: 'Contoso', verifiedDomains: VERIFIED }]),
    },
    {
      title: 'refuses to select what it has not',
      ask: 'GET /organization?$select=shoeSize',
      as: 'reader',
      status: 400,
      error: {
        code: 'BadRequest',
        message: "Could not find a property named 'shoeSize' on type 'microsoft.graph.organization'.",
        inner: 'unknownProperty',
        target: '$select',
      },
    },
    {
      title: 'is changed with 204: whom to write to, and what guests read about privacy',
      ask: 'PATCH /organization/{tenantId}',
      as: 'administratorWrites',
      body: {
        technicalNotificationMails: ['ops@contoso.example'],
        marketingNotificationEmails: ['news@contoso.example'],
        securityComplianceNotificationPhones: ['+1 555'],
        privacyProfile: { contactEmail: 'privacy@contoso.example', statementUrl: 'https://contoso.example/privacy' },
        displayName: 'Ignored',
      },
      status: 204,
      check: async (t, _answer, { service, facts }) => {
        const { body } = await service.api('GET', `/organization/${facts['tenantId']}`)
        holdAgainst(t, 'microsoft.graph.organization', body)
        t.match(body, {
          displayName: 'Contoso',
          technicalNotificationMails: ['ops@contoso.example'],
          marketingNotificationEmails: ['news@contoso.example'],
          securityComplianceNotificationMails: [],
          securityComplianceNotificationPhones: ['+1 555'],
          privacyProfile: { contactEmail: 'privacy@contoso.example', statementUrl: 'https://contoso.example/privacy' },
        })
      },
    },
    {
      title: 'keeps what a change does not name',
      ask: 'PATCH /organization/{tenantId}',
      body: { technicalNotificationMails: [], privacyProfile: { contactEmail: null } },
      status: 204,
      check: async (t, _answer, { service, facts }) => {
        const { body } = await service.api('GET', `/organization/${facts['tenantId']}`)
        t.match(body, {
          technicalNotificationMails: [],
          marketingNotificationEmails: ['news@contoso.example'],
          privacyProfile: { contactEmail: null, statementUrl: 'https://contoso.example/privacy' },
        })
      },
    },
    ...['memberReads', 'guestReads'].map(
      (as): Exchange => ({
        title: `shows its name and domains, and no more, to a person whose client has User.Read (${as})`,
        ask: 'GET /organization/{tenantId}',
        as,
        status: 200,
        names: ['@odata.context', ...ORGANIZATION],
        is: {
          id: '{tenantId}',
          displayName: 'Contoso',
          verifiedDomains: VERIFIED,
          marketingNotificationEmails: [],
          privacyProfile: null,
          tenantType: null,
          mobileDeviceManagementAuthority: 'unknown',
          createdDateTime: null,
        },
      }),
    ),
    {
      title: 'has no other address than its id',
      ask: 'GET /organization/{unknown}',
      as: 'reader',
      status: 404,
      error: notThere,
    },
    {
      title: 'is changed at no other either',
      ask: 'PATCH /organization/{unknown}',
      body: {},
      status: 404,
      error: notThere,
    },
    {
      title: 'is not there for another organization',
      ask: 'GET /organization/{tenantId}',
      as: 'elsewhere',
      status: 404,
      error: { ...notThere, message: notThere.message.replace('unknown', 'tenantId') },
    },
    {
      title: 'is not changed by another organization',
      ask: 'PATCH /organization/{tenantId}',
      as: 'elsewhere',
      body: { technicalNotificationMails: ['x@fabrikam.example'] },
      status: 404,
      error: { ...notThere, message: notThere.message.replace('unknown', 'tenantId') },
    },
    {
      title: 'is changed by Global Administrators only',
      ask: 'PATCH /organization/{tenantId}',
      as: 'userAdministratorWrites',
      body: { technicalNotificationMails: [] },
      status: 403,
      error: roleMissing,
    },
    {
      title: 'takes addresses that are some',
      ask: 'PATCH /organization/{tenantId}',
      body: { technicalNotificationMails: ['ops'] },
      status: 400,
      error: bad('technicalNotificationMails[0]', 'an e-mail address such as ana@partner.example'),
    },
    {
      title: 'takes a privacy statement on the web',
      ask: 'PATCH /organization/{tenantId}',
      body: { privacyProfile: { statementUrl: 'javascript:alert(1)' } },
      status: 400,
      error: bad('privacyProfile.statementUrl', 'an absolute http or https URL'),
    },
    {
      title: 'is not changed with permission to read it',
      ask: 'PATCH /organization/{tenantId}',
      as: 'reader',
      body: {},
      status: 403,
      error: {
        code: 'Authorization_RequestDenied',
        message: 'Insufficient privileges to complete the operation.',
        inner: 'permissionMissing',
        details: [{ code: 'permissionNeeded', message: 'Enough for it: Organization.ReadWrite.All' }],
      },
    },
  ])
})
