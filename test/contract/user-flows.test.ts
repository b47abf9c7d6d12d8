import t from 'tap'
import { holdAgainst } from '../support/contract.js'
import { type Exchange, type GoldenError, lacksRole, noResource, play } from './exchange.js'
import { ASSIGNMENT, FLOW_ATTRIBUTE, USER_FLOW } from './property-sets.js'
import { openWorld, type World } from './world.js'

let world: World
t.before(async () => {
  world = await openWorld(t, { workers: false })
  const { service, facts, tokens } = world
  tokens.set('flows', await service.appToken(['IdentityUserFlow.ReadWrite.All']))
  tokens.set('both', await service.appToken(['IdentityUserFlow.ReadWrite.All', 'APIConnectors.ReadWrite.All']))
  tokens.set('reader', await service.appToken(['IdentityUserFlow.Read.All']))
  tokens.set('switcher', await service.appToken(['Policy.ReadWrite.AuthenticationFlows']))
  for (const who of ['administrator', 'userAdministrator', 'guest']) {
    tokens.set(`${who}Flows`, await service.userToken(facts[who] ?? '', ['IdentityUserFlow.ReadWrite.All']))
  }
  const { token } = await service.otherTenant('fabrikam.example')
  tokens.set('elsewhere', token)
  await service.api('POST', '/identity/b2xUserFlows', { id: 'Strangers' }, { token })
})

const FLOWS = '/identity/b2xUserFlows'
const FLOW = `${FLOWS}/B2X_1_Partner`
const PART = "$metadata#identity/b2xUserFlows('B2X_1_Partner')"
const one = (names: readonly string[]) => ['@odata.context', ...names]
const LIST = ['@odata.context', 'value']

const bad = (inner: string, message: string | RegExp, target?: string): GoldenError<string | RegExp> => ({
  code: 'Request_BadRequest',
  message,
  inner,
  ...(target !== undefined && { target }),
})
const notThere = (name: string) => noResource(name, 'userFlowObjectNotFound')
const roleMissing = (role: string) => lacksRole(`Global Administrator or ${role}`)
const flowRole = roleMissing('External ID User Flow Administrator')
const permissionMissing = (...names: string[]): GoldenError => ({
  code: 'Authorization_RequestDenied',
  message: 'Insufficient privileges to complete the operation.',
  inner: 'permissionMissing',
  details: names.map((name) => ({ code: 'permissionNeeded', message: `Enough for it: ${name}` })),
})
const remember =
  (name: string, from = 'id'): NonNullable<Exchange['check']> =>
  (_t, { body }, { facts }) => {
    facts[name] = body[from]
  }

t.test('user flows', async (t) => {
  play(t, () => world, [
    {
      title: 'one is created with 201, and its prefix',
      ask: `POST ${FLOWS}`,
      as: 'flows',
      body: { id: 'Partner', userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 1 },
      status: 201,
      answers: { location: /\/v1\.0\/identity\/b2xUserFlows\/B2X_1_Partner$/ },
      names: one(USER_FLOW),
      context: '$metadata#identity/b2xUserFlows/$entity',
      is: {
        id: 'B2X_1_Partner',
        userFlowType: 'signUpOrSignIn',
        userFlowTypeVersion: 1,
        apiConnectorConfiguration: {},
        isEnabled: true,
        requiresApproval: false,
        requestLifetimeDays: null,
        termsOfUseUrl: null,
        defaultLanguage: 'en',
      },
    },
    {
      title: 'another of the id is refused',
      ask: `POST ${FLOWS}`,
      as: 'flows',
      body: { id: 'B2X_1_PARTNER' },
      status: 400,
      error: bad(
        'userFlowExists',
        "A user flow with the id 'B2X_1_PARTNER' exists already. Ids differ in more than case.",
        'id',
      ),
    },
    {
      title: 'of another kind there are none',
      ask: `POST ${FLOWS}`,
      as: 'flows',
      body: { id: 'Other', userFlowType: 'passwordReset' },
      status: 400,
      error: bad('flowKind', 'Property userFlowType is invalid: it is always signUpOrSignIn.', 'userFlowType'),
    },
    {
      title: 'nor without an id',
      ask: `POST ${FLOWS}`,
      as: 'flows',
      body: { userFlowType: 'signUpOrSignIn' },
      status: 400,
      error: bad('missingProperty', "A value is required for property 'id'.", 'id'),
    },
    {
      title: 'nor with an id that no URL would like',
      ask: `POST ${FLOWS}`,
      as: 'flows',
      body: { id: 'a/b' },
      status: 400,
      error: bad('malformedFlowId', /^Property id is invalid: /, 'id'),
    },
    {
      title: 'a connector that is not there stops it',
      ask: `POST ${FLOWS}`,
      as: 'flows',
      body: {
        id: 'Asking',
        apiConnectorConfiguration: {
          postFederationSignup: { '@odata.id': 'https://graph.microsoft.com/v1.0/identity/apiConnectors/{unknown}' },
        },
      },
      status: 404,
      error: notThere('{unknown}'),
    },
    {
      title: 'an administrator of users is none of flows',
      ask: `POST ${FLOWS}`,
      as: 'userAdministratorFlows',
      body: { id: 'Other' },
      status: 403,
      error: flowRole,
    },
    {
      title: 'nor does a reader write',
      ask: `POST ${FLOWS}`,
      as: 'reader',
      body: { id: 'Other' },
      status: 403,
      error: permissionMissing('IdentityUserFlow.ReadWrite.All'),
    },
    {
      title: 'all are listed',
      ask: `GET ${FLOWS}`,
      as: 'reader',
      status: 200,
      names: LIST,
      context: '$metadata#identity/b2xUserFlows',
      check: (t, { body }) =>
        t.strictSame(
          body.value.map(({ id }: { id: string }) => id),
          ['B2X_1_Partner'],
        ),
    },
    {
      title: 'an administrator may list them',
      ask: `GET ${FLOWS}?$select=id`,
      as: 'administratorFlows',
      status: 200,
      names: LIST,
      context: '$metadata#identity/b2xUserFlows(id)',
    },
    { title: 'a guest may not', ask: `GET ${FLOWS}`, as: 'guestFlows', status: 403, error: flowRole },
    {
      title: 'one is read in whatever case, with a version',
      ask: `GET ${FLOWS}/b2x_1_partner`,
      as: 'reader',
      status: 200,
      answers: { etag: /^W\/".+"$/ },
      names: one(USER_FLOW),
      context: '$metadata#identity/b2xUserFlows/$entity',
      is: { id: 'B2X_1_Partner' },
    },
    {
      title: 'of another organization none is read',
      ask: `GET ${FLOW}`,
      as: 'elsewhere',
      status: 404,
      error: notThere('B2X_1_Partner'),
    },
    {
      title: 'nor can it be changed from there',
      ask: `PATCH ${FLOW}`,
      as: 'elsewhere',
      body: { isEnabled: false },
      status: 404,
      error: notThere('B2X_1_Partner'),
    },
    {
      title: 'terms are on the web',
      ask: `PATCH ${FLOW}`,
      as: 'flows',
      body: { termsOfUseUrl: 'javascript:alert(1)' },
      status: 400,
      error: bad(
        'malformedUrl',
        'Property termsOfUseUrl is invalid: give an http or https address of at most 2048 characters.',
        'termsOfUseUrl',
      ),
    },
    {
      title: 'additions are changed with 204',
      ask: `PATCH ${FLOW}`,
      as: 'flows',
      body: { requiresApproval: true, termsOfUseUrl: 'https://contoso.example/terms', id: 'ignored' },
      status: 204,
    },
    {
      title: 'what is unknown is named',
      ask: `PATCH ${FLOW}`,
      as: 'flows',
      body: { requireApproval: true },
      status: 400,
      error: bad(
        'unknownProperty',
        "The property 'requireApproval' does not exist on this resource. Did you mean 'requiresApproval'?",
        'requireApproval',
      ),
    },
    {
      title: 'its identity providers begin with Entra ID',
      ask: `GET ${FLOW}/userFlowIdentityProviders`,
      as: 'reader',
      status: 200,
      names: LIST,
      context: `${PART}/userFlowIdentityProviders`,
      check: (t, { body }) => {
        for (const item of body.value) holdAgainst(t, item['@odata.type'].slice(1), item)
        t.strictSame(body.value, [
          {
            '@odata.type': '#microsoft.graph.builtInIdentityProvider',
            id: 'AADSignup-OAUTH',
            displayName: 'Microsoft Entra ID',
            identityProviderType: 'AADSignup',
          },
        ])
      },
    },
    {
      title: 'which stays',
      ask: `DELETE ${FLOW}/userFlowIdentityProviders/AADSignup-OAUTH/$ref`,
      as: 'flows',
      status: 400,
      error: bad(
        'alwaysOn',
        'Microsoft Entra ID is an identity provider of every user flow and cannot be taken out.',
        '@odata.id',
      ),
    },
    {
      title: 'one is added by its reference',
      ask: `POST ${FLOW}/userFlowIdentityProviders/$ref`,
      as: 'flows',
      body: { '@odata.id': 'https://graph.microsoft.com/v1.0/identityProviders/EmailOtpSignup-OAUTH' },
      status: 204,
    },
    {
      title: 'the older list has them too',
      ask: `GET ${FLOW}/identityProviders`,
      as: 'reader',
      status: 200,
      names: LIST,
      context: `${PART}/identityProviders`,
      check: (t, { body }) =>
        t.match(body.value, [{ type: 'AADSignup' }, { type: 'EmailOTP', name: 'Email One Time Passcode' }]),
    },
    {
      title: 'languages are the built-in ones',
      ask: `GET ${FLOW}/languages`,
      as: 'reader',
      status: 200,
      names: LIST,
      context: `${PART}/languages`,
      check: (t, { body }) => t.equal(body.value.length, 6),
    },
    {
      title: 'one of them is read',
      ask: `GET ${FLOW}/languages/ja`,
      as: 'reader',
      status: 200,
      names: one(['id', 'displayName', 'isEnabled']),
      context: `${PART}/languages/$entity`,
      is: { id: 'ja', displayName: 'Japanese', isEnabled: true },
    },
    {
      title: 'another is not there',
      ask: `GET ${FLOW}/languages/nl`,
      as: 'reader',
      status: 404,
      error: notThere('nl'),
    },
    {
      title: 'one that is there is not added',
      ask: `POST ${FLOW}/languages`,
      as: 'flows',
      body: { id: 'ja', isEnabled: true },
      status: 400,
      error: bad('languageExists', "The user flow is offered in the language 'ja' already.", 'id'),
    },
    {
      title: 'nor one that pages are not written in',
      ask: `POST ${FLOW}/languages`,
      as: 'flows',
      body: { id: 'nl', isEnabled: true },
      status: 400,
      error: bad('unknownLanguage', 'Property id is invalid: the languages are en, de, fr, es, ja, ar.', 'id'),
    },
    {
      title: 'one is put as B2C has it',
      ask: `PUT ${FLOW}/languages/ja`,
      as: 'flows',
      body: { id: 'ja', isEnabled: true },
      status: 200,
      names: one(['id', 'displayName', 'isEnabled']),
      context: `${PART}/languages/$entity`,
      is: { id: 'ja', displayName: 'Japanese', isEnabled: true },
    },
    {
      title: 'nor put by whoever reads',
      ask: `PUT ${FLOW}/languages/ja`,
      as: 'reader',
      body: { isEnabled: true },
      status: 403,
      error: permissionMissing('IdentityUserFlow.ReadWrite.All'),
    },
    {
      title: 'each has one page',
      ask: `GET ${FLOW}/languages/ja/defaultPages`,
      as: 'reader',
      status: 200,
      names: LIST,
      context: `${PART}/languages('ja')/defaultPages`,
      check: (t, { body }) => t.strictSame(body.value, [{ id: 'selfasserted1_1' }]),
    },
    {
      title: 'an override of a text that is nowhere is refused',
      ask: `PUT ${FLOW}/languages/ja/overridesPages/selfasserted1_1/$value`,
      as: 'flows',
      body: { LocalizedStrings: [{ ElementType: 'UxElement', StringId: 'alert_message', Override: true, Value: 'x' }] },
      status: 400,
      error: bad(
        'unknownText',
        /^LocalizedStrings\[0\] is of no text that can be changed here\. Download defaultPages\//,
        'LocalizedStrings[0]',
      ),
    },
    {
      title: 'nobody is asked in a slot at first',
      ask: `GET ${FLOW}/apiConnectorConfiguration/postFederationSignup`,
      as: 'reader',
      status: 404,
      error: notThere('postFederationSignup'),
    },
    {
      title: 'which is told of both',
      ask: `GET ${FLOW}/apiConnectorConfiguration?$expand=postFederationSignup,postAttributeCollection`,
      as: 'reader',
      status: 200,
      names: one(['postFederationSignup', 'postAttributeCollection']),
      context: `${PART}/apiConnectorConfiguration`,
      is: { postFederationSignup: null, postAttributeCollection: null },
    },
    {
      title: 'so there is no connector to change there',
      ask: `PATCH ${FLOW}/apiConnectorConfiguration/postFederationSignup`,
      as: 'both',
      body: { displayName: 'x' },
      status: 404,
      error: notThere('postFederationSignup'),
    },
    {
      title: 'nor to delete',
      ask: `DELETE ${FLOW}/apiConnectorConfiguration/postFederationSignup`,
      as: 'both',
      status: 404,
      error: notThere('postFederationSignup'),
    },
    {
      title: 'whoever writes flows alone deletes no connector',
      ask: `DELETE ${FLOW}/apiConnectorConfiguration/postFederationSignup`,
      as: 'flows',
      status: 403,
      error: {
        ...permissionMissing(),
        details: [
          {
            code: 'permissionNeeded',
            message: 'Enough for it: APIConnectors.ReadWrite.All together with IdentityUserFlow.ReadWrite.All',
          },
        ],
      },
    },
    {
      title: 'an approver that is not there is refused',
      ask: `POST ${FLOW}/approvers/$ref`,
      as: 'flows',
      body: { '@odata.id': 'https://graph.microsoft.com/v1.0/directoryObjects/{unknown}' },
      status: 404,
      error: notThere('{unknown}'),
    },
  ])
})

t.test('attributes and how they are asked', async (t) => {
  const ATTRIBUTES = '/identity/userFlowAttributes'
  const ASSIGNMENTS = `${FLOW}/userAttributeAssignments`
  play(t, () => world, [
    {
      title: 'a custom attribute is created with 201',
      ask: `POST ${ATTRIBUTES}`,
      as: 'flows',
      body: { displayName: 'Hobby', description: 'Your hobby', dataType: 'string' },
      status: 201,
      answers: { location: /\/v1\.0\/identity\/userFlowAttributes\/extension_[0-9a-f]{32}_Hobby$/ },
      names: one(FLOW_ATTRIBUTE),
      context: '$metadata#identity/userFlowAttributes/$entity',
      is: { displayName: 'Hobby', description: 'Your hobby', userFlowAttributeType: 'custom', dataType: 'string' },
      check: remember('hobby'),
    },
    {
      title: 'one of a name',
      ask: `POST ${ATTRIBUTES}`,
      as: 'flows',
      body: { displayName: 'Hobby', dataType: 'int64' },
      status: 400,
      error: bad('extensionPropertyExists', 'An extension property exists with the name {hobby}.', 'name'),
    },
    {
      title: 'of a type that there is',
      ask: `POST ${ATTRIBUTES}`,
      as: 'flows',
      body: { displayName: 'Other', dataType: 'float' },
      status: 400,
      error: bad(
        'invalidValue',
        "Invalid value specified for property 'dataType': it must be one of string, boolean, int64, stringCollection, dateTime.",
        'dataType',
      ),
    },
    {
      title: 'whose name has letters',
      ask: `POST ${ATTRIBUTES}`,
      as: 'flows',
      body: { displayName: '?', dataType: 'string' },
      status: 400,
      error: bad('malformedAttributeName', /^Property displayName is invalid: begin with a letter/, 'displayName'),
    },
    {
      title: 'people need a role of their own for it',
      ask: `POST ${ATTRIBUTES}`,
      as: 'userAdministratorFlows',
      body: { displayName: 'Other', dataType: 'string' },
      status: 403,
      error: roleMissing('External ID User Flow Attribute Administrator'),
    },
    {
      title: 'all are listed, the built-in ones first',
      ask: `GET ${ATTRIBUTES}`,
      as: 'reader',
      status: 200,
      names: LIST,
      context: '$metadata#identity/userFlowAttributes',
      check: (t, { body }) => {
        t.equal(body.value.length, 10)
        t.match(body.value.at(0), { id: 'city', displayName: 'City', userFlowAttributeType: 'builtIn' })
        t.match(body.value.at(-1), { displayName: 'Hobby', userFlowAttributeType: 'custom' })
      },
    },
    {
      title: 'they are found by their name',
      ask: `GET ${ATTRIBUTES}?$filter=displayName eq 'Hobby'&$select=id`,
      as: 'reader',
      status: 200,
      names: LIST,
      context: '$metadata#identity/userFlowAttributes(id)',
      check: (t, { body }, { facts }) => t.strictSame(body.value, [{ id: facts['hobby'] }]),
    },
    {
      title: 'a built-in one is read',
      ask: `GET ${ATTRIBUTES}/City`,
      as: 'reader',
      status: 200,
      names: one(FLOW_ATTRIBUTE),
      context: '$metadata#identity/userFlowAttributes/$entity',
      is: { id: 'city', dataType: 'string' },
    },
    {
      title: 'and never changed',
      ask: `PATCH ${ATTRIBUTES}/city`,
      as: 'flows',
      body: { displayName: 'Town' },
      status: 400,
      error: bad('builtInAttribute', /^A built-in attribute cannot be changed or deleted\./, 'id'),
    },
    {
      title: 'a custom one is',
      ask: `PATCH ${ATTRIBUTES}/{hobby}`,
      as: 'flows',
      body: { description: 'What you like', dataType: 'int64' },
      status: 204,
    },
    {
      title: 'of another organization none is found',
      ask: `GET ${ATTRIBUTES}/{hobby}`,
      as: 'elsewhere',
      status: 404,
      error: notThere('{hobby}'),
    },
    {
      title: 'nor asked there',
      ask: `POST ${FLOWS}/B2X_1_Strangers/userAttributeAssignments`,
      as: 'elsewhere',
      body: { userAttribute: { id: '{hobby}' } },
      status: 400,
      error: bad('attributeUnknown', "There is no user flow attribute '{hobby}'.", 'userAttribute'),
    },
    {
      title: 'a flow asks it with 201',
      ask: `POST ${ASSIGNMENTS}`,
      as: 'flows',
      body: {
        isOptional: false,
        requiresVerification: false,
        userInputType: 'radioSingleSelect',
        displayName: 'What do you like?',
        userAttributeValues: [
          { name: 'Chess', value: 'chess', isDefault: 'True' },
          { name: 'Go', value: 'go', isDefault: 'False' },
        ],
        userAttribute: { id: '{hobby}' },
      },
      status: 201,
      answers: { location: /\/userAttributeAssignments\/extension_[0-9a-f]{32}_Hobby$/ },
      names: one(ASSIGNMENT),
      context: `${PART}/userAttributeAssignments/$entity`,
      is: {
        displayName: 'What do you like?',
        isOptional: false,
        userInputType: 'radioSingleSelect',
        userAttributeValues: [
          { name: 'Chess', value: 'chess', isDefault: true },
          { name: 'Go', value: 'go', isDefault: false },
        ],
        defaultValue: null,
        validation: null,
      },
    },
    {
      title: 'once',
      ask: `POST ${ASSIGNMENTS}`,
      as: 'flows',
      body: { userAttribute: { id: '{hobby}' } },
      status: 400,
      error: bad('attributeAssigned', "The user flow asks the attribute '{hobby}' already.", 'userAttribute'),
    },
    {
      title: 'with an input that fits',
      ask: `PATCH ${ASSIGNMENTS}/{hobby}`,
      as: 'flows',
      body: { userInputType: 'dateTimeDropdown' },
      status: 400,
      error: bad(
        'invalidValue',
        /^Invalid value specified for property 'userInputType': it must be textBox, emailBox, /,
        'userInputType',
      ),
    },
    {
      title: 'and with choices',
      ask: `PATCH ${ASSIGNMENTS}/{hobby}`,
      as: 'flows',
      body: { userAttributeValues: [] },
      status: 400,
      error: bad('invalidValue', /'userAttributeValues': it must be at least one item/, 'userAttributeValues'),
    },
    {
      title: 'questions are listed with their attributes',
      ask: `GET ${ASSIGNMENTS}?$expand=userAttribute`,
      as: 'reader',
      status: 200,
      names: LIST,
      context: `${PART}/userAttributeAssignments(userAttribute())`,
      check: (t, { body }) => t.match(body.value, [{ userAttribute: { description: 'What you like' } }]),
    },
    {
      title: 'the order is told',
      ask: `GET ${ASSIGNMENTS}/getOrder()`,
      as: 'reader',
      status: 200,
      names: one(['order']),
      context: '$metadata#microsoft.graph.assignmentOrder',
    },
    {
      title: 'and changed as a whole',
      ask: `POST ${ASSIGNMENTS}/setOrder`,
      as: 'flows',
      body: { newAssignmentOrder: { order: ['{hobby}', 'city'] } },
      status: 400,
      error: bad(
        'orderIncomplete',
        'newAssignmentOrder.order must name each attribute of the user flow once.',
        'newAssignmentOrder',
      ),
    },
    {
      title: 'what is asked cannot be deleted',
      ask: `DELETE ${ATTRIBUTES}/{hobby}`,
      as: 'flows',
      status: 400,
      error: bad(
        'attributeInUse',
        "The attribute '{hobby}' cannot be deleted because it is used by: B2X_1_Partner. Take it out of the user flow first.",
        'id',
      ),
    },
    { title: 'a question is taken out with 204', ask: `DELETE ${ASSIGNMENTS}/{hobby}`, as: 'flows', status: 204 },
    { title: 'then the attribute goes', ask: `DELETE ${ATTRIBUTES}/{hobby}`, as: 'flows', status: 204 },
    {
      title: 'a flow is deleted with 204',
      ask: `DELETE ${FLOW}`,
      as: 'flows',
      headers: { 'if-match': '*' },
      status: 204,
    },
    {
      title: 'and is gone',
      ask: `DELETE ${FLOW}`,
      as: 'flows',
      status: 404,
      error: notThere('B2X_1_Partner'),
    },
  ])
})

t.test('the switch of the organization', async (t) => {
  const POLICY = '/policies/authenticationFlowsPolicy'
  const names = one(['id', 'displayName', 'description', 'selfServiceSignUp'])
  const context = '$metadata#policies/authenticationFlowsPolicy/$entity'
  const said = {
    id: 'authenticationFlowsPolicy',
    displayName: 'Authentication flows policy',
    description:
      'Authentication flows policy allows modification of settings related to authentication flows in AAD tenant, such as self-service sign up configuration.',
  }
  play(t, () => world, [
    {
      title: 'is off',
      ask: `GET ${POLICY}`,
      as: 'readPolicyApp',
      status: 200,
      answers: { etag: /^W\/".+"$/ },
      names,
      context,
      is: { ...said, selfServiceSignUp: { isEnabled: false } },
    },
    {
      title: 'is turned with 204',
      ask: `PATCH ${POLICY}`,
      as: 'switcher',
      body: { selfServiceSignUp: { isEnabled: true } },
      status: 204,
    },
    {
      title: 'is on',
      ask: `GET ${POLICY}`,
      as: 'switcher',
      status: 200,
      names,
      context,
      is: { ...said, selfServiceSignUp: { isEnabled: true } },
    },
    {
      title: 'is not turned by readers',
      ask: `PATCH ${POLICY}`,
      as: 'readPolicyApp',
      body: { selfServiceSignUp: { isEnabled: false } },
      status: 403,
      error: permissionMissing('Policy.ReadWrite.AuthenticationFlows'),
    },
    {
      title: 'is on or off',
      ask: `PATCH ${POLICY}`,
      as: 'switcher',
      body: { selfServiceSignUp: { isEnabled: 'yes' } },
      status: 400,
      error: bad(
        'invalidValue',
        "Invalid value specified for property 'selfServiceSignUp.isEnabled': it must be true or false.",
        'selfServiceSignUp.isEnabled',
      ),
    },
  ])
})
