import { Refusal } from '../../kernel/refusal.js'

export const refusals = {
  /** In the same words for somebody unknown, for a method unknown, and for one of another type. */
  notFound: (id: string) =>
    new Refusal(
      'notFound',
      'authenticationMethodNotFound',
      `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
    ),
  roleMissing: () =>
    new Refusal('forbidden', 'roleMissing', 'Insufficient privileges to complete the operation.', {
      items: [
        {
          code: 'roleNeeded',
          message:
            'Sign-in methods of others need Authentication Administrator, Privileged Authentication Administrator or Global Administrator; those of administrators one of the last two',
        },
      ],
    }),
  mailboxIsProfile: () =>
    new Refusal(
      'invalid',
      'mailboxIsProfile',
      'The e-mail method is the mailbox of the account and cannot be deleted here. Change mail of the user instead.',
      { target: 'emailMethods' },
    ),
  onlyMobile: () =>
    new Refusal('invalid', 'onlyMobile', 'Codes go to mobile phones by text message: phoneType must be mobile.', {
      target: 'phoneType',
    }),
  notPhoneNumber: () =>
    new Refusal(
      'invalid',
      'notPhoneNumber',
      'Give the number with its country code and nothing else, such as +44 2079460958 (E.164).',
      { target: 'phoneNumber' },
    ),
  countryNotReached: () =>
    new Refusal('invalid', 'countryNotReached', 'Text messages are sent to no number of that country.', {
      target: 'phoneNumber',
    }),
  phoneExists: () =>
    new Refusal('invalid', 'phoneExists', 'The account has a mobile phone already. Delete that one first.', {
      target: 'phoneType',
    }),
}
