import { Refusal } from '../kernel/refusal.js'

const invalid = (code: string, target: string, message: string, graphCode = 'InvalidRequest') =>
  new Refusal('invalid', code, message, { target, graphCode })

/** Graph's sentences where they are known (errors.md has none; clients quote them). */
export const refusals = {
  notFound: () =>
    new Refusal('notFound', 'subscriptionNotFound', 'The object was not found.', { graphCode: 'ResourceNotFound' }),
  watchedNotFound: (id: string) =>
    new Refusal(
      'notFound',
      'watchedObjectNotFound',
      `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
      { target: 'resource' },
    ),
  mayNotFollow: () => new Refusal('forbidden', 'mayNotFollow', 'Insufficient privileges to complete the operation.'),
  permissionMissing: (needed: readonly string[]) =>
    new Refusal('forbidden', 'permissionMissing', 'Insufficient privileges to complete the operation.', {
      items: needed.map((name) => ({ code: 'permissionNeeded', message: `Enough for it: ${name}` })),
    }),
  unknownResource: () =>
    invalid(
      'unknownResource',
      'resource',
      "resource: give 'users', 'users/<id>', 'groups', 'groups/<id>', 'groups/<id>/members' or 'invitations'.",
    ),
  changeTypeUnknown: (allowed: readonly string[]) =>
    invalid('invalidChangeType', 'changeType', `changeType: give ${allowed.join(', ')}, several with commas.`),
  createdIsUpdated: () =>
    invalid(
      'invalidChangeType',
      'changeType',
      "changeType: users and groups that are created are told as 'updated'. Give 'updated', 'deleted' or both.",
    ),
  expiresTooLate: (minutes: number) =>
    invalid(
      'expirationTooLate',
      'expirationDateTime',
      `Subscription expiration can only be ${minutes} minutes in the future.`,
      'ExtensionError',
    ),
  changeOverTooLong: (days: number) =>
    invalid(
      'changeOverTooLong',
      'previousSecretExpirationDateTime',
      `previousSecretExpirationDateTime: give a moment within ${days} days, or one that is over to end the old secret now.`,
    ),
  resourceDataUnsupported: () =>
    invalid(
      'resourceDataUnsupported',
      'includeResourceData',
      'includeResourceData: notifications of this resource hold ids only. Read the object when you are told of it.',
    ),
  urlRefused: (target: string, why: string) => invalid('notificationUrlRefused', target, `${target}: ${why}`),
  validationTimedOut: (target: string) =>
    invalid('validationTimedOut', target, 'Subscription validation request timed out.', 'ValidationError'),
  validationNotOk: (target: string) =>
    invalid(
      'validationFailed',
      target,
      'Subscription validation request failed. Notification endpoint must respond with 200 OK to validation request.',
      'ValidationError',
    ),
  validationMismatch: (target: string) =>
    invalid(
      'validationMismatch',
      target,
      'Subscription validation request failed. Response must exactly match validationToken query parameter.',
      'ValidationError',
    ),
  tooMany: (most: number) =>
    new Refusal(
      'forbidden',
      'subscriptionQuota',
      `This application has ${most} subscriptions in this organization, and cannot have more. Delete some first.`,
      { graphCode: 'Forbidden' },
    ),
}
