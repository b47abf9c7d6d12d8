import { EMAIL_ADDRESS_RULE } from '../kernel/email-address.js'
import { Refusal } from '../kernel/refusal.js'

const bad = (code: string, target: string, message: string) => new Refusal('invalid', code, message, { target })

/** Every "no" that invitations can say. Graph's own sentences are kept to the letter: scripts match on them. */
export const refusals = {
  addressMalformed: (target: string) =>
    bad('malformedAddress', target, `${target}: this is not an e-mail address. ${EMAIL_ADDRESS_RULE}`),
  urlMalformed: (target: string, schemes: string) =>
    bad(
      'malformedUrl',
      target,
      `${target}: give an absolute ${schemes} URL without user name or password, such as https://app.example/start.`,
    ),
  expiresInPast: () =>
    bad(
      'expiresInPast',
      'expiresDateTime',
      'expiresDateTime: give a moment in the future, or null for an invitation that never expires.',
    ),
  accessEndsInPast: () =>
    bad('accessEndsInPast', 'accessEndDateTime', 'accessEndDateTime: give a moment in the future, or leave it out.'),
  sponsorUnknown: (id: string) =>
    bad(
      'unknownSponsor',
      'invitedUserSponsors',
      `invitedUserSponsors: '${id}' is not the id of a user of this organization.`,
    ),
  tooManySponsors: () => bad('tooManySponsors', 'invitedUserSponsors', 'invitedUserSponsors: at most 5 sponsors.'),
  internalUser: (id: string) =>
    bad(
      'alreadyInDirectory',
      'invitedUserEmailAddress',
      `The invited user already exists in the directory as object ID: ${id}. They can use that account to sign in to shared apps and resources.`,
    ),
  internalUserBlocked: (id: string) =>
    bad(
      'alreadyInDirectory',
      'invitedUserEmailAddress',
      `The invited user already exists in the directory as object ID: ${id}, but the account is blocked from signing in. If the account is unblocked, they can use that account to sign in to shared apps and resources.`,
    ),
  resetNeedsUser: () =>
    bad('resetNeedsUser', 'invitedUser', 'resetRedemption: name the user to reset in invitedUser.id.'),
  resetOfInternalUser: () =>
    bad(
      'notExternal',
      'resetRedemption',
      'resetRedemption: only a guest who was invited can be reset. This user signs in with an account of this organization.',
    ),
  resetAddressUnknown: () =>
    bad(
      'addressNotOnUser',
      'invitedUserEmailAddress',
      "invitedUserEmailAddress: a new address must first be in the user's mail or otherMails. Add it there, then reset.",
    ),
  addressTaken: (id: string) =>
    bad(
      'addressTaken',
      'invitedUserEmailAddress',
      `invitedUserEmailAddress: this address belongs to another user of this organization, object ID: ${id}.`,
    ),
  conversionNeedsMail: () =>
    bad(
      'addressNotOnUser',
      'invitedUserEmailAddress',
      "invitedUserEmailAddress: set the user's mail to the external address first, then invite the user with invitedUser.id.",
    ),
  conversionNeedsAdministrator: () =>
    new Refusal(
      'forbidden',
      'conversionNeedsAdministrator',
      'Inviting an internal user needs the role Helpdesk Administrator, User Administrator or Global Administrator, or an application with User.ReadWrite.All or Directory.ReadWrite.All.',
      { target: 'invitedUser' },
    ),
  privilegedTarget: () =>
    new Refusal(
      'forbidden',
      'privilegedTarget',
      'This user holds a directory role, so only a Global Administrator may change how they sign in. Applications may not.',
      { target: 'invitedUser' },
    ),
  userNotFound: (id: string) =>
    new Refusal(
      'notFound',
      'userNotFound',
      `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
      { target: 'invitedUser', graphCode: 'Request_ResourceNotFound' },
    ),
  notFound: (id: string) =>
    new Refusal(
      'notFound',
      'invitationNotFound',
      `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
      { graphCode: 'Request_ResourceNotFound' },
    ),
  notYours: () =>
    new Refusal(
      'forbidden',
      'invitationOfAnother',
      'This invitation was made by somebody else. Resending and revoking it needs the role Guest Inviter, User Administrator or Global Administrator.',
    ),
  completed: (verb: 'resent' | 'revoked') =>
    new Refusal(
      'invalid',
      'invitationCompleted',
      `This invitation was accepted, so it cannot be ${verb}. To end the guest's access, delete or disable the user.`,
    ),
  ended: (how: string) =>
    new Refusal(
      'invalid',
      'invitationEnded',
      `This invitation is ${how} and cannot be resent. Invite the guest again.`,
    ),
  resentTooSoon: (retryAfterSeconds: number) =>
    new Refusal(
      'throttled',
      'resentTooSoon',
      `This invitation was just sent. Resend it in ${retryAfterSeconds} seconds.`,
      {
        retryAfterSeconds,
      },
    ),
  mailLimit: (reason: 'recipientLimit' | 'inviterLimit', limit: number, retryAfterSeconds: number) =>
    new Refusal(
      'throttled',
      reason,
      `${reason === 'recipientLimit' ? 'This address has' : 'You have'} reached ${limit} invitation mails in 24 hours. Try again later, or hand the link over yourself.`,
      { retryAfterSeconds },
    ),
  recipientBlocked: () =>
    new Refusal(
      'forbidden',
      'recipientBlocked',
      'The recipient has blocked invitation mails of this organization. Ask them to unblock it, or invite again without mail and hand the link over yourself.',
    ),
  tenantDisabled: () =>
    new Refusal('forbidden', 'organizationDisabled', 'This organization is disabled. Nobody can be invited to it.'),
  changedMeanwhile: () =>
    new Refusal(
      'unavailable',
      'changedMeanwhile',
      'The directory changed while this request ran. Nothing was written; send it again.',
      {
        retryAfterSeconds: 1,
      },
    ),
}
