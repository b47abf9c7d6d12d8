import { EMAIL_ADDRESS_RULE } from '../kernel/email-address.js'
import { Refusal } from '../kernel/refusal.js'

const bad = (code: string, target: string, message: string) => new Refusal('invalid', code, message, { target })

export const refusals = {
  userNotFound: (id: string) =>
    new Refusal(
      'notFound',
      'userNotFound',
      `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
    ),
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
  propertyNotReadable: () =>
    new Refusal('forbidden', 'propertyNotReadable', 'Insufficient privileges to complete the operation.'),
  roleMissing: () => new Refusal('forbidden', 'roleMissing', 'Insufficient privileges to complete the operation.'),
}
