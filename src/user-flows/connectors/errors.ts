import { Refusal } from '../../kernel/refusal.js'

const bad = (code: string, message: string, target?: string) =>
  new Refusal('invalid', code, message, target === undefined ? {} : { target })
const AUTHENTICATION = 'authenticationConfiguration'

export const refusals = {
  notFound: (id: string) =>
    new Refusal(
      'notFound',
      'apiConnectorNotFound',
      `Resource '${id.slice(0, 128)}' does not exist or one of its queried reference-property objects are not present.`,
    ),
  roleMissing: () =>
    new Refusal('forbidden', 'roleMissing', 'Insufficient privileges to complete the operation.', {
      items: [{ code: 'roleNeeded', message: 'Global Administrator or External ID User Flow Administrator' }],
    }),
  inUse: (flows: readonly string[]) =>
    bad(
      'apiConnectorInUse',
      `The API connector is used by ${flows.length === 0 ? 'a user flow' : flows.join(', ')}. Take it out there first.`,
    ),
  urlRefused: (name: string, why: string) => bad('malformedUrl', `Property ${name} is invalid. ${why}`, name),
  missing: (name: string, target = `${AUTHENTICATION}/${name}`) =>
    bad('missingProperty', `Property ${name} is required.`, target),
  authenticationMissing: () =>
    bad(
      'missingProperty',
      'Property authenticationConfiguration is required: a key in the address alone does not say who calls.',
      AUTHENTICATION,
    ),
  unknownType: (given: string, known: readonly string[]) =>
    bad(
      'unknownType',
      `authenticationConfiguration: '${given.slice(0, 96)}' is none of ${known.join(', ')}.`,
      `${AUTHENTICATION}/@odata.type`,
    ),
  notForThisType: (name: string) =>
    bad(
      'propertyNotAllowed',
      `Property ${name} means nothing for this type of authentication.`,
      `${AUTHENTICATION}/${name}`,
    ),
  notASecret: () =>
    bad(
      'malformedSecret',
      "Property secret is invalid. Give 'whsec_' and 24 to 64 bytes in Base64, as Standard Webhooks has it.",
      `${AUTHENTICATION}/secret`,
    ),
  usernameHasColon: () =>
    bad(
      'malformedUsername',
      'Property username is invalid: a user name of HTTP Basic holds no colon.',
      `${AUTHENTICATION}/username`,
    ),
  secretNeededAgain: (target: string) =>
    bad(
      'secretNeededAgain',
      `Property ${target} is of another origin: give authenticationConfiguration with its secret again, which was meant for the address before.`,
      AUTHENTICATION,
    ),
  certificateUnreadable: (why: string) =>
    bad('malformedCertificate', `Property pkcs12Value is invalid. ${why}`, 'pkcs12Value'),
  noCertificates: () =>
    bad(
      'notACertificateConnector',
      'The API connector does not authenticate with certificates. Change authenticationConfiguration to #microsoft.graph.pkcs12Certificate first.',
    ),
  tooManyCertificates: (most: number) =>
    bad('tooManyCertificates', `The API connector has ${most} certificates, and no more can be added.`, 'pkcs12Value'),
  busy: () =>
    new Refusal('throttled', 'connectorBusy', 'Too many sign-ups wait for this connector. Please try again.', {
      retryAfterSeconds: 30,
    }),
  sameCertificate: () => bad('certificateExists', 'The API connector has this certificate already.', 'pkcs12Value'),
}
