import { EMAIL_ADDRESS_RULE } from '../kernel/email-address.js'
import { Refusal } from '../kernel/refusal.js'

/** Graph repeats its sentence in `details`, with a code that says which kind of wrong it is. */
const badProperty = (code: string, target: string, message: string, detail: string) =>
  new Refusal('invalid', code, message, { target, items: [{ code: detail, message, target }] })

const bad = (code: string, target: string, message: string) => new Refusal('invalid', code, message, { target })

export const refusals = {
  userNotFound: (id: string) =>
    new Refusal(
      'notFound',
      'userNotFound',
      `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
    ),
  /** Of an object without a relation of that name to show, in the same words as for an object that is not there. */
  relationEmpty: (relation: string) =>
    new Refusal(
      'notFound',
      'relationEmpty',
      `Resource '${relation}' does not exist or one of its queried reference-property objects are not present.`,
    ),
  referenceNotFound: (id: string) =>
    new Refusal(
      'notFound',
      'referenceNotFound',
      `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
    ),
  referenceExists: (relation: string) =>
    bad(
      'referenceExists',
      relation,
      `One or more added object references already exist for the following modified properties: '${relation}'.`,
    ),
  tooManyReferences: (relation: string, count: number, most: number) =>
    new Refusal(
      'forbidden',
      'tooManyReferences',
      `Unable to perform operation as '${count}' would exceed the maximum quota count '${most}' for forward-link '${relation}'.`,
      { target: relation, graphCode: 'Directory_QuotaExceeded' },
    ),
  accessEndOfMember: () =>
    bad(
      'notExternal',
      'accessEndDateTime',
      'accessEndDateTime: only the access of guests ends by itself. Disable or delete an account of the organization.',
    ),
  ownManager: () => bad('ownManager', 'manager', 'manager: nobody is their own manager.'),
  valueRequired: (property: string) =>
    bad('missingProperty', property, `A value is required for property '${property}' of resource 'User'.`),
  principalNameMalformed: () =>
    badProperty(
      'malformedPrincipalName',
      'userPrincipalName',
      'Property userPrincipalName is invalid.',
      'InvalidValue',
    ),
  principalNameDomain: () =>
    badProperty(
      'unverifiedDomain',
      'userPrincipalName',
      'The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.',
      'InvalidValue',
    ),
  nicknameMalformed: () =>
    badProperty('malformedNickname', 'mailNickname', 'Property mailNickname is invalid.', 'InvalidValue'),
  valueTaken: (property: string) =>
    badProperty(
      'valueTaken',
      property,
      `Another object with the same value for property ${property} already exists.`,
      'ObjectConflict',
    ),
  identityMalformed: (message: string) => bad('malformedIdentity', 'identities', `identities: ${message}`),
  permissionForOthers: () =>
    new Refusal('forbidden', 'permissionMissing', 'Insufficient privileges to complete the operation.', {
      items: [{ code: 'permissionNeeded', message: 'User.Read and User.ReadWrite are about oneself' }],
    }),
  onlyAccountEnabled: () =>
    new Refusal('forbidden', 'permissionMissing', 'Insufficient privileges to complete the operation.', {
      items: [{ code: 'permissionNeeded', message: 'User.EnableDisableAccount.All changes accountEnabled only' }],
    }),
  notInProfile: (property: string) =>
    new Refusal('forbidden', 'notInProfile', 'Insufficient privileges to complete the operation.', {
      target: property,
      items: [{ code: 'notInProfile', message: `People do not change their own ${property}`, target: property }],
    }),
  meNeedsPerson: () =>
    new Refusal('invalid', 'meNeedsPerson', '/me request is only valid with delegated authentication flow.', {
      graphCode: 'BadRequest',
    }),
  addressMalformed: (target: string) =>
    bad('malformedAddress', target, `${target}: this is not an e-mail address. ${EMAIL_ADDRESS_RULE}`),
  addressTaken: (target: string) =>
    bad(
      'addressTaken',
      target,
      'A conflicting object with one or more of the specified property values is present in the directory.',
    ),
  ownDomain: (domain: string) =>
    bad(
      'verifiedDomain',
      'mail',
      `mail: ${domain} is a domain of this organization. A guest keeps an address of their own.`,
    ),
  privilegedTarget: (target: string) =>
    new Refusal(
      'forbidden',
      'privilegedTarget',
      `${target}: this user holds a directory role, so only a Global Administrator may change this. Applications may not.`,
      { target },
    ),
  domainTooLarge: (most: number) =>
    bad('domainTooLarge', 'id', `The domain cannot be removed: more than ${most} users have names or addresses of it.`),
  signInActivityNotReadable: () =>
    new Refusal(
      'forbidden',
      'signInActivityNotReadable',
      'Calling principal does not have required MSGraph permissions AuditLog.Read.All',
      { target: 'signInActivity', graphCode: 'Authentication_MSGraphPermissionMissing' },
    ),
  propertyNotReadable: () =>
    new Refusal('forbidden', 'propertyNotReadable', 'Insufficient privileges to complete the operation.'),
  daysMalformed: () => bad('malformedDays', 'days', 'days: give a whole number of days from 1 to 3650.'),
  roleMissing: () => new Refusal('forbidden', 'roleMissing', 'Insufficient privileges to complete the operation.'),
}
