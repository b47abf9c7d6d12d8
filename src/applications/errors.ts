import { Refusal } from '../kernel/refusal.js'

const bad = (code: string, target: string, message: string) => new Refusal('invalid', code, message, { target })
const absent = (code: string, id: string) =>
  new Refusal(
    'notFound',
    code,
    `Resource '${id.slice(0, 128)}' does not exist or one of its queried reference-property objects are not present.`,
  )

/** Every "no" of this capability. */
export const refusals = {
  notFound: (id: string) => absent('applicationNotFound', id),
  principalNotFound: (id: string) => absent('servicePrincipalNotFound', id),
  assignmentNotFound: (id: string) => absent('assignmentNotFound', id),
  /** As the routes of what was deleted say it of everything that was not. */
  deletedNotFound: (id: string) => absent('deletedItemNotFound', id),
  credentialNotFound: (id: string) => absent('credentialNotFound', id),
  referenceNotFound: (id: string) => absent('referenceNotFound', id),
  displayName: () =>
    new Refusal('invalid', 'invalidDisplayName', 'displayName: give 1 to 256 characters.', { target: 'displayName' }),
  unknownPermission: (name: string) =>
    new Refusal('invalid', 'unknownPermission', `'${name}' is not an application permission of this service.`, {
      target: 'permissions',
    }),
  endsBeforeItStarts: () =>
    new Refusal('invalid', 'endsBeforeItStarts', 'endDateTime: give a moment in the future, or none.', {
      target: 'endDateTime',
    }),
  tooManyCredentials: (most: number) =>
    new Refusal('invalid', 'tooManyCredentials', `An application holds ${most} credentials at most. Remove one first.`),
  unusableKey: (cause?: unknown) =>
    new Refusal(
      'invalid',
      'unusableKey',
      'key: give the public JWK of an RSA key of 2048 bits or more, or of an EC key on P-256.',
      { target: 'key', cause },
    ),
  unusableCertificate: (target: string, cause?: unknown) =>
    new Refusal(
      'invalid',
      'unusableCertificate',
      `Invalid value specified for property '${target}': it must be an X.509 certificate in base64, of an RSA key of 2048 bits or more or of an EC key on P-256, with type AsymmetricX509Cert and usage Verify.`,
      { target, cause },
    ),
  /** Graph's words for a proof that no key of the object has signed, or that is not for this. */
  proofInvalid: () =>
    new Refusal('unauthenticated', 'proofInvalid', 'Access Token missing or malformed.', {
      graphCode: 'Authentication_MissingOrMalformed',
      target: 'proof',
    }),
  propertyNotReadable: () =>
    new Refusal('forbidden', 'propertyNotReadable', 'Insufficient privileges to complete the operation.'),
  roleMissing: () =>
    new Refusal('forbidden', 'roleMissing', 'Insufficient privileges to complete the operation.', {
      items: [
        {
          code: 'roleNeeded',
          message: 'Application Administrator, Global Administrator, or an owner of the application',
        },
      ],
    }),
  invalidProperty: (target: string, message: string) => bad('invalidValue', target, message),
  /** Of what must be the only one of its kind. */
  taken: (target: string) =>
    bad('valueTaken', target, `Another object with the same value for property ${target} already exists.`),
  enabledRole: (target: string) =>
    new Refusal(
      'invalid',
      'enabledRole',
      'Permission (scope or role) cannot be deleted or updated unless disabled first.',
      { target, graphCode: 'CannotDeleteOrUpdateEnabledEntitlement' },
    ),
  graphIsFixed: () =>
    new Refusal(
      'forbidden',
      'builtInPrincipal',
      'The service principal of Microsoft Graph is built in: it cannot be changed or deleted.',
    ),
  noApplication: (appId: string) =>
    new Refusal(
      'invalid',
      'noBackingApplication',
      `The appId '${appId}' of the service principal does not reference a valid application object.`,
      { target: 'appId', graphCode: 'NoBackingApplicationObject' },
    ),
  principalExists: (appId: string) =>
    new Refusal(
      'conflict',
      'servicePrincipalExists',
      `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`,
      { target: 'appId', graphCode: 'Request_MultipleObjectsWithSameKeyValue' },
    ),
  referenceExists: (relation: string) =>
    bad(
      'referenceExists',
      relation,
      `One or more added object references already exist for the following modified properties: '${relation}'.`,
    ),
  tooManyOwners: (count: number, most: number) =>
    new Refusal(
      'forbidden',
      'tooManyReferences',
      `Unable to perform operation as '${count}' would exceed the maximum quota count '${most}' for forward-link 'owners'.`,
      { target: 'owners', graphCode: 'Directory_QuotaExceeded' },
    ),
  ownerKind: () =>
    bad('invalidOwner', 'owners', 'owners: users and service principals can own an application, nothing else can.'),
  assignmentExists: () =>
    bad('assignmentExists', 'appRoleId', 'Permission being assigned already exists on the object'),
  principalMismatch: (principalId: string) =>
    bad('principalMismatch', 'principalId', `principalId: '${principalId}' is not the object of the request.`),
  resourceMismatch: (resourceId: string) =>
    bad('resourceMismatch', 'resourceId', `resourceId: '${resourceId}' is not the object of the request.`),
  roleUnknown: (appId: string) =>
    bad('appRoleNotFound', 'appRoleId', `Permission being assigned was not found on application '${appId}'.`),
  roleForOthers: (kind: 'User' | 'Application') =>
    bad('appRoleMemberType', 'appRoleId', `appRoleId: the role's allowedMemberTypes do not hold '${kind}'.`),
  logoUnreadable: () => bad('invalidLogo', 'logo', 'The logo must be a PNG, JPEG or GIF image of at most 100 kB.'),
  tooManyFederated: (most: number) =>
    bad(
      'tooManyCredentials',
      'federatedIdentityCredentials',
      `An application has ${most} federated credentials at most.`,
    ),
}
