import { Refusal } from '../../kernel/refusal.js'

const bad = (code: string, message: string, target = 'id') => new Refusal('invalid', code, message, { target })

export const refusals = {
  notFound: (name: string) =>
    new Refusal(
      'notFound',
      'domainNotFound',
      `Resource '${name}' does not exist or one of its queried reference-property objects are not present.`,
    ),
  malformed: () => bad('malformedDomain', 'Property id is invalid. Give a domain name such as contoso.example.'),
  exists: () =>
    bad(
      'domainExists',
      'A conflicting object with one or more of the specified property values is present in the directory.',
    ),
  taken: (name: string) =>
    bad('domainTaken', `Domain ${name} is verified by another organization. It must be removed there first.`),
  notProved: (name: string, text: string) =>
    bad(
      'domainNotProved',
      `Domain verification failed: no TXT record of ${name} says ${text}. New records can take some time to be seen.`,
    ),
  dnsUnavailable: (name: string, cause: unknown) =>
    new Refusal('unavailable', 'dnsUnavailable', `The name servers of ${name} did not answer. Please try again.`, {
      retryAfterSeconds: 10,
      cause,
    }),
  notVerified: () => bad('domainNotVerified', 'Only a verified domain can be the default one.', 'isDefault'),
  mustHaveDefault: () =>
    bad('mustHaveDefault', 'An organization has one default domain: make another one the default.', 'isDefault'),
  alreadyRoot: () => bad('alreadyRoot', 'The domain is a root domain already.'),
  notVerifiedYet: () => bad('domainNotVerified', 'Only a verified domain can be promoted.'),
  /** Of a domain that is not verified, in the words for a relation that leads nowhere. */
  noRoot: () =>
    new Refusal(
      'notFound',
      'rootNotFound',
      "Resource 'rootDomain' does not exist or one of its queried reference-property objects are not present.",
    ),
  recordNotFound: (id: string) =>
    new Refusal(
      'notFound',
      'recordNotFound',
      `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
    ),
  initial: () =>
    bad('initialDomain', 'The initial domain cannot be removed: user principal names of guests end with it.'),
  isDefault: () => bad('defaultDomain', 'The default domain cannot be removed: make another one the default first.'),
  inUse: () => bad('domainInUse', 'The domain cannot be removed as long as names or addresses of people end with it.'),
  roleMissing: () =>
    new Refusal('forbidden', 'roleMissing', 'Insufficient privileges to complete the operation.', {
      items: [{ code: 'roleNeeded', message: 'Global Administrator or Domain Name Administrator' }],
    }),
}
