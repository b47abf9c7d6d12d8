import type { Exchange, GoldenError } from './exchange.js'
import { all } from './group-exchanges.js'
import { USER } from './property-sets.js'
import type { World } from './world.js'

const missing = (id: string) =>
  `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`
export const notFound = (id: string, inner = 'userNotFound'): GoldenError => ({
  code: 'Request_ResourceNotFound',
  message: missing(id),
  inner,
})
export const denied = (inner: string, more: Partial<GoldenError> = {}): GoldenError => ({
  code: 'Authorization_RequestDenied',
  message: 'Insufficient privileges to complete the operation.',
  inner,
  ...more,
})
export const needs = (...names: string[]) =>
  denied('permissionMissing', {
    details: names.map((name) => ({ code: 'permissionNeeded', message: `Enough for it: ${name}` })),
  })
export const bad = (inner: string, target: string, message: string, detail?: string): GoldenError => ({
  code: 'Request_BadRequest',
  message,
  inner,
  target,
  ...(detail && { details: [{ code: detail, message, target }] }),
})
export const privileged = (target: string) =>
  denied('privilegedTarget', {
    message: `${target}: this user holds a directory role, so only a Global Administrator may change this. Applications may not.`,
    target,
  })
const NOT_VERIFIED =
  'The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.'
const CONFLICT = 'A conflicting object with one or more of the specified property values is present in the directory.'
export const reference = (name: string) => ({
  '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/{${name}}`,
})
export const ENTITY = ['@odata.context', ...USER]
export const OBJECT = ['@odata.type', ...ENTITY]

const least = (name: string, more: object = {}) => ({
  accountEnabled: true,
  displayName: name,
  mailNickname: name,
  userPrincipalName: `${name}@contoso.example`,
  passwordProfile: { password: 'never kept', forceChangePasswordNextSignIn: true },
  ...more,
})
/** Makes a user and calls them by a name in the facts. */
export const made =
  (name: string, more: object = {}) =>
  async ({ service, facts }: World) => {
    const { status, body, text } = await service.api('POST', '/users', least(name, more))
    if (status !== 201) throw new Error(text)
    facts[name] = body.id
    facts[`${name}Bare`] = body.id.replaceAll('-', '')
  }
export const gone = (name: string, more: object = {}) =>
  all(made(name, more), ({ service, facts }) => service.api('DELETE', `/users/${facts[name]}`))

export const creating: Exchange[] = [
  {
    title: 'a member',
    ask: 'POST /users',
    body: least('ed'),
    status: 201,
    names: ENTITY,
    context: '$metadata#users/$entity',
    is: { displayName: 'ed', userPrincipalName: 'ed@contoso.example', mail: null, businessPhones: [], jobTitle: null },
  },
  {
    title: 'a guest who was not invited',
    ask: 'POST /users',
    body: least('flo', { userType: 'Guest', mail: 'flo@partner.example', jobTitle: 'Auditor' }),
    status: 201,
    names: ENTITY,
    is: { mail: 'flo@partner.example', jobTitle: 'Auditor' },
  },
  {
    title: 'an account of an address elsewhere',
    ask: 'POST /users',
    body: {
      accountEnabled: true,
      displayName: 'Gil',
      identities: [{ signInType: 'emailAddress', issuer: 'contoso.example', issuerAssignedId: 'gil@partner.example' }],
    },
    status: 201,
    names: ENTITY,
    is: { displayName: 'Gil', mail: 'gil@partner.example' },
  },
  ...['accountEnabled', 'displayName', 'mailNickname', 'userPrincipalName'].map(
    (name): Exchange => ({
      title: `not without ${name}`,
      ask: 'POST /users',
      body: { ...least('no'), [name]: undefined },
      status: 400,
      error: bad('missingProperty', name, `A value is required for property '${name}' of resource 'User'.`),
    }),
  ),
  {
    title: 'a name that somebody has',
    ask: 'POST /users',
    body: least('no', { userPrincipalName: 'ED@contoso.example' }),
    status: 400,
    error: bad(
      'valueTaken',
      'userPrincipalName',
      'Another object with the same value for property userPrincipalName already exists.',
      'ObjectConflict',
    ),
  },
  {
    title: 'an address that somebody has',
    ask: 'POST /users',
    body: least('no', { mail: 'FLO@partner.example' }),
    status: 400,
    error: bad('addressTaken', 'mail', CONFLICT),
  },
  {
    title: 'a name on a domain of others',
    ask: 'POST /users',
    body: least('no', { userPrincipalName: 'no@fabrikam.example' }),
    status: 400,
    error: bad('unverifiedDomain', 'userPrincipalName', NOT_VERIFIED, 'InvalidValue'),
  },
  {
    title: 'a name that is none',
    ask: 'POST /users',
    body: least('no', { userPrincipalName: 'n o@contoso.example' }),
    status: 400,
    error: bad('malformedPrincipalName', 'userPrincipalName', 'Property userPrincipalName is invalid.', 'InvalidValue'),
  },
  {
    title: 'a nickname that is none',
    ask: 'POST /users',
    body: least('no', { mailNickname: 'n@o' }),
    status: 400,
    error: bad('malformedNickname', 'mailNickname', 'Property mailNickname is invalid.', 'InvalidValue'),
  },
  {
    title: 'with a manager who is not there',
    ask: 'POST /users',
    body: least('no', { 'manager@odata.bind': 'https://x/v1.0/users/{unknown}' }),
    status: 404,
    error: notFound('{unknown}', 'referenceNotFound'),
  },
  {
    title: 'by a client that only reads',
    ask: 'POST /users',
    as: 'readUsersApp',
    body: least('no'),
    status: 403,
    error: needs('User.ReadWrite.All', 'Directory.ReadWrite.All'),
  },
  {
    title: 'by a person without a role',
    ask: 'POST /users',
    as: 'member',
    body: least('no'),
    status: 403,
    error: denied('roleMissing'),
  },
]

export const changing: Exchange[] = [
  {
    title: 'words about a person',
    given: made('hal'),
    ask: 'PATCH /users/{hal}',
    body: { department: 'Audit', companyName: 'Partner' },
    status: 204,
  },
  {
    title: 'and they are kept',
    ask: 'GET /users/{hal}?$select=department,companyName',
    status: 200,
    names: ['@odata.context', 'department', 'companyName'],
    context: '$metadata#users(department,companyName)/$entity',
    is: { department: 'Audit', companyName: 'Partner' },
  },
  {
    title: 'and answered to who prefers that',
    ask: 'PATCH /users/{hal}',
    headers: { prefer: 'return=representation' },
    body: { jobTitle: 'Auditor' },
    status: 200,
    answers: { 'preference-applied': 'return=representation' },
    names: ENTITY,
    context: '$metadata#users/$entity',
    is: { id: '{hal}', jobTitle: 'Auditor' },
  },
  {
    title: 'by a user administrator',
    ask: 'PATCH /users/{hal}',
    as: 'userAdministrator',
    body: { jobTitle: null },
    status: 204,
  },
  {
    title: 'an address that is none',
    ask: 'PATCH /users/{hal}',
    body: { otherMails: ['hal'] },
    status: 400,
    error: bad(
      'malformedAddress',
      'otherMails',
      "otherMails: this is not an e-mail address. Give one mailbox such as ana@partner.example: letters, digits and .!#$%&'*+/=?^_`{|}~- before the @, a full domain name after it, 254 characters at most.",
    ),
  },
  {
    title: 'a language that is none',
    ask: 'PATCH /users/{hal}',
    body: { preferredLanguage: 'Franglais!' },
    status: 400,
    error: bad(
      'invalidValue',
      'preferredLanguage',
      "Invalid value specified for property 'preferredLanguage': it must be a language tag such as en-US or de.",
    ),
  },
  {
    title: 'a guest’s address to one of our own',
    given: async ({ service, facts }) => {
      facts['ivy'] = (await service.invite('ivy@partner.example')).invitedUser.id
    },
    ask: 'PATCH /users/{ivy}',
    body: { mail: 'ivy@contoso.example' },
    status: 400,
    error: bad(
      'verifiedDomain',
      'mail',
      'mail: contoso.example is a domain of this organization. A guest keeps an address of their own.',
    ),
  },
  {
    title: 'whether an administrator may sign in',
    ask: 'PATCH /users/{helpdesk}',
    as: 'userAdministrator',
    body: { accountEnabled: false },
    status: 403,
    error: privileged('accountEnabled'),
  },
  {
    title: 'by a person, of another',
    ask: 'PATCH /users/{hal}',
    as: 'member',
    body: { jobTitle: 'x' },
    status: 403,
    error: denied('roleMissing'),
  },
  {
    title: 'by a person, of themselves, what is not theirs to say',
    ask: 'PATCH /users/{member}',
    as: 'member',
    body: { displayName: 'Boss' },
    status: 403,
    error: denied('notInProfile', {
      target: 'displayName',
      details: [{ code: 'notInProfile', message: 'People do not change their own displayName', target: 'displayName' }],
    }),
  },
  {
    title: 'signing somebody out everywhere',
    ask: 'POST /users/{hal}/revokeSignInSessions',
    status: 200,
    names: ['@odata.context', 'value'],
    context: '$metadata#Edm.Boolean',
    is: { value: true },
  },
  {
    title: 'signing nobody out',
    ask: 'POST /users/{unknown}/revokeSignInSessions',
    status: 404,
    error: notFound('{unknown}'),
  },
]
