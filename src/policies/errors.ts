import { Refusal } from '../kernel/refusal.js'

/** Why a policy says no. Where Graph has a sentence for it, that sentence comes first. */
export const refusals = {
  invitationsOff: (allowInvitesFrom: string) =>
    new Refusal(
      'forbidden',
      'invitationsNotAllowed',
      'Guest invitations not allowed for your company. Contact your company administrator for more details.',
      // Scripts match on Graph's sentence to the letter, so the rule stands beside it.
      { items: [{ code: 'allowInvitesFrom', message: `allowInvitesFrom is ${allowInvitesFrom}` }] },
    ),
  ownDomain: (domain: string) =>
    new Refusal(
      'invalid',
      'verifiedDomain',
      "This user cannot be invited because the domain of the user's email address is a verified domain of this directory.",
      { target: 'invitedUserEmailAddress', internal: domain },
    ),
  domainBlocked: (domain: string) =>
    new Refusal(
      'forbidden',
      'domainBlocked',
      `Guests from ${domain} cannot be invited: invitationDomainPolicy blocks this domain. Use an address of another domain, or ask an administrator to take ${domain} off the list.`,
      { target: 'invitedUserEmailAddress' },
    ),
  domainNotAllowed: (domain: string) =>
    new Refusal(
      'forbidden',
      'domainNotAllowed',
      `Guests from ${domain} cannot be invited: invitationDomainPolicy allows only listed domains. Use an address of a listed domain, or ask an administrator to add ${domain}.`,
      { target: 'invitedUserEmailAddress' },
    ),
  memberNeedsAdministrator: () =>
    new Refusal(
      'forbidden',
      'memberNeedsAdministrator',
      "invitedUserType 'Member' needs an administrator: Global Administrator or User Administrator, or an application with User.ReadWrite.All or Directory.ReadWrite.All. Leave invitedUserType out to invite a guest.",
      { target: 'invitedUserType' },
    ),
  resetNeedsAdministrator: () =>
    new Refusal(
      'forbidden',
      'resetNeedsAdministrator',
      'Resetting a redemption needs the role Helpdesk Administrator, User Administrator or Global Administrator, or an application with User.ReadWrite.All or Directory.ReadWrite.All. Permission to invite is not enough.',
      { target: 'resetRedemption' },
    ),
  privacyInformationMissing: () =>
    new Refusal(
      'invalid',
      'privacyInformationMissing',
      'Whether guests may leave can be set once the organization has privacy information. Set privacyProfile.contactEmail or privacyProfile.statementUrl with PATCH /organization/{id} first.',
      { target: 'allowExternalIdentitiesToLeave' },
    ),
  malformedDomain: (entry: string) =>
    new Refusal(
      'invalid',
      'malformedDomain',
      `domains: '${entry.slice(0, 64)}' is not a domain name. Write partner.example, or *.partner.example for every name below it.`,
      { target: 'domains' },
    ),
  listWithoutMode: () =>
    new Refusal(
      'invalid',
      'listWithoutMode',
      "domains: mode 'any' takes no list. Choose allowList or blockList, or leave domains empty.",
      {
        target: 'domains',
      },
    ),
  listTooLong: (limit: number) =>
    new Refusal(
      'invalid',
      'listTooLong',
      `domains: the list may hold ${limit} characters at most. Use *.name to cover many names with one entry.`,
      {
        target: 'domains',
      },
    ),
  secondStepMissing: () =>
    new Refusal(
      'forbidden',
      'secondStepMissing',
      'guestAuthenticationPolicy asks guests for a second step, and this sign-in had none. Sign in again.',
    ),
  roleMissing: () => new Refusal('forbidden', 'roleMissing', 'Insufficient privileges to complete the operation.'),
  policyNeedsAdministrator: () =>
    new Refusal('forbidden', 'policyNeedsAdministrator', 'Changing this policy needs the role Global Administrator.'),
}
