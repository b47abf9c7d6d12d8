import { Refusal } from '../../kernel/refusal.js'

const bad = (code: string, target: string, message: string) => new Refusal('invalid', code, message, { target })
const denied = (code: string) => new Refusal('forbidden', code, 'Insufficient privileges to complete the operation.')

/** Texts of the directory are Graph's to the letter where they are known: scripts match on them. */
export const refusals = {
  notFound: (id: string) =>
    new Refusal(
      'notFound',
      'objectNotFound',
      `Resource '${id.slice(0, 128).toWellFormed()}' does not exist or one of its queried reference-property objects are not present.`,
    ),
  roleMissing: () => denied('roleMissing'),
  /** Of a type that another part of the service keeps. */
  deletedElsewhere: (path: string) =>
    new Refusal('forbidden', 'deletedElsewhere', `This object is deleted at ${path}.`, { target: path }),
  /** Graph refuses members of a dynamic group in the words of a missing permission. */
  dynamicMembership: () => denied('dynamicMembership'),
  /** The reference is removed at `…/members/{id}/$ref`; without it Graph would delete the member itself. */
  memberWithoutRef: () => denied('memberWithoutRef'),
  referenceExists: (property: 'members' | 'owners') =>
    bad(
      'referenceExists',
      property,
      `One or more added object references already exist for the following modified properties: '${property}'.`,
    ),
  lastOwner: () =>
    bad('lastOwner', 'owners', 'The group must have at least one owner, hence this owner cannot be removed.'),
  tooManyOwners: (count: number, most: number) =>
    new Refusal(
      'forbidden',
      'tooManyOwners',
      `Unable to perform operation as '${count}' would exceed the maximum quota count '${most}' for forward-link 'owners'.`,
      { target: 'owners', graphCode: 'Directory_QuotaExceeded' },
    ),
  tooManyDynamicGroups: (most: number) =>
    new Refusal(
      'forbidden',
      'tooManyDynamicGroups',
      `An organization has at most ${most} groups with a membership rule.`,
      {
        target: 'membershipRule',
        graphCode: 'Directory_QuotaExceeded',
      },
    ),
  notNestable: (id: string) =>
    bad(
      'notNestable',
      'members',
      `The group '${id}' cannot be a member here: only security groups nest, and not in groups that can hold a role.`,
    ),
  circle: (id: string) =>
    bad('membershipCircle', 'members', `The group '${id}' cannot be a member of a group that is inside it.`),
  taken: (property: string) =>
    new Refusal(
      'invalid',
      'propertyTaken',
      `Another object with the same value for property ${property} already exists.`,
      {
        target: property,
        items: [
          {
            code: 'ObjectConflict',
            message: `Another object with the same value for property ${property} already exists.`,
            target: property,
          },
        ],
      },
    ),
  /** Graph: validateProperties, whose only question here is whether another group has the name. */
  namesNotPossible: (target: 'mailNickname') =>
    new Refusal('unprocessable', 'namesNotPossible', 'The values provided contain one or more validation errors.', {
      graphCode: 'Request_UnprocessableEntity',
      items: [
        {
          code: 'PropertyConflict',
          message: `Another object with the same value for property ${target} already exists.`,
          target,
        },
      ],
    }),
  noNames: () => bad('noNames', 'displayName', 'displayName: give this or mailNickname, or both.'),
  /** Graph: the combination, or the change, is not possible; `why` says more than Graph does. */
  invalidProperty: (property: string, why: string) =>
    new Refusal('invalid', 'invalidGroup', `Invalid value specified for property '${property}' of resource 'Group'.`, {
      target: property,
      items: [{ code: 'invalidGroup', message: why, target: property }],
    }),
  invalidId: (id: string) => bad('invalidId', 'ids', `Invalid object identifier '${id.slice(0, 64).toWellFormed()}'.`),
  tooManyMemberships: (most: number) =>
    new Refusal(
      'invalid',
      'tooManyMemberships',
      `The object is a member of more than ${most} groups, which is more than this request can return.`,
      { graphCode: 'DirectoryResultSizeLimitExceeded' },
    ),
}
