import { Refusal } from '../../kernel/refusal.js'

const bad = (code: string, message: string, target?: string) =>
  new Refusal('invalid', code, message, target === undefined ? {} : { target })

export const refusals = {
  notFound: (id: string) =>
    new Refusal(
      'notFound',
      'identityProviderNotFound',
      `Resource '${id.slice(0, 128)}' does not exist or one of its queried reference-property objects are not present.`,
    ),
  roleMissing: () =>
    new Refusal('forbidden', 'roleMissing', 'Insufficient privileges to complete the operation.', {
      items: [{ code: 'roleNeeded', message: 'Global Administrator or External Identity Provider Administrator' }],
    }),
  unknownType: (type: string) =>
    bad(
      'unknownType',
      `'${type.slice(0, 96)}' cannot be created here. Use #microsoft.graph.socialIdentityProvider, #microsoft.graph.builtInIdentityProvider or #microsoft.graph.oidcIdentityProvider.`,
      '@odata.type',
    ),
  unknownProvider: (given: string, known: readonly string[]) =>
    bad(
      'unknownIdentityProviderType',
      `Property identityProviderType is invalid: '${given.slice(0, 64)}'. Possible values: ${known.join(', ')}.`,
      'identityProviderType',
    ),
  missing: (name: string) => bad('missingProperty', `Property ${name} is required.`, name),
  notForThisType: (name: string) =>
    bad('propertyNotAllowed', `Property ${name} means nothing for this type of identity provider.`, name),
  exists: () =>
    bad(
      'identityProviderExists',
      'A conflicting object with one or more of the specified property values is present in the directory.',
      'id',
    ),
  issuerTaken: () =>
    bad(
      'issuerTaken',
      'Another identity provider of this organization has the same issuer. Identities are issuer and subject, so an issuer stands for one provider only.',
    ),
  notAnAddress: (name: string, why: string) => bad('malformedUrl', `Property ${name} is invalid. ${why}`, name),
  notAnIssuer: (name: string) =>
    bad(
      'malformedIssuer',
      `Property ${name} is invalid. Give the issuer as a URI such as https://login.partner.example/.`,
      name,
    ),
  onlyCode: () =>
    bad(
      'responseType',
      "Property responseType is invalid: sign-in uses the authorization code flow, so it is 'code'.",
      'responseType',
    ),
  onlySecret: () =>
    bad(
      'clientAuthentication',
      'Property clientAuthentication is invalid. Give #microsoft.graph.oidcClientSecretAuthentication with its clientSecret.',
      'clientAuthentication',
    ),
  needsTenantPlace: () =>
    bad(
      'wellKnownEndpoint',
      "Property wellKnownEndpoint is invalid. Of Microsoft it holds '{tenant}', where the domain of the guest is filled in.",
      'wellKnownEndpoint',
    ),
  malformedDomain: (entry: string) =>
    bad('malformedDomain', `domains: '${entry.slice(0, 64)}' is not a domain name. Write partner.example.`, 'domains'),
  ownDomain: (name: string) =>
    bad(
      'verifiedDomain',
      `domains: ${name} is a verified domain of this organization. Its own people sign in here.`,
      'domains',
    ),
  domainTaken: (name: string) =>
    bad('domainFederated', `domains: ${name} belongs to another identity provider of this organization.`, 'domains'),
  domainNotProved: (name: string, record: string) =>
    bad(
      'domainNotProved',
      `domains: the sign-in address is not within ${name}, so its owner must agree. Publish the TXT record ${record} on ${name}. New records can take some time to be seen.`,
      'domains',
    ),
  dnsUnavailable: (name: string, cause: unknown) =>
    new Refusal('unavailable', 'dnsUnavailable', `The name servers of ${name} did not answer. Please try again.`, {
      retryAfterSeconds: 10,
      cause,
    }),
  onlySaml: () =>
    new Refusal(
      'notImplemented',
      'protocolNotSupported',
      "preferredAuthenticationProtocol: only 'saml' is supported. No maintained library carries WS-Federation, and this service writes no protocol by itself.",
      { target: 'preferredAuthenticationProtocol' },
    ),
  notACertificate: () =>
    bad(
      'malformedCertificate',
      'Property signingCertificate is invalid. Give the certificate in Base64 (DER) or PEM.',
      'signingCertificate',
    ),
  metadataUnreadable: (why: string) => bad('metadataUnreadable', `metadataExchangeUri: ${why}`, 'metadataExchangeUri'),
  lastDomain: () => bad('domainsPresent', 'Remove all domains but one before deleting the federation.', 'domains'),
  builtIn: () =>
    bad('builtInIdentityProvider', 'A built-in identity provider has nothing to change. Create or delete it.'),
  fallbackMissing: (fallback: string) =>
    bad(
      'fallbackUnavailable',
      `fallbackIdentityProvider: ${fallback} is not configured, and one fallback must remain. Create that identity provider first, or choose another fallback.`,
      'fallbackIdentityProvider',
    ),
  isFallback: () =>
    bad(
      'isFallback',
      'This identity provider is the fallback of invitationRedemptionIdentityProviderConfiguration. Choose another fallback first.',
    ),
  unknownOrder: (name: string, known: readonly string[]) =>
    bad('unknownValue', `${name}: possible values are ${known.join(', ')}, each once.`, name),
}
