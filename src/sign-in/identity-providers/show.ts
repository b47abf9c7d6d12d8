import { defineWholeList } from '../../graph/odata/whole-list.js'
import { BUILT_IN, SOCIAL } from './rules.js'
import type { Provider, ProviderSet } from './store.js'

const TYPE = '#microsoft.graph.'

/** What they are to `$filter` and its like: also what only some kinds of them have. */
export const identityProviderList = defineWholeList({
  type: 'microsoft.graph.identityProviderBase',
  set: 'identity/identityProviders',
  name: 'IdentityProviderBase',
  properties: {
    id: 'Edm.String',
    displayName: 'Edm.String',
    identityProviderType: 'Edm.String',
    clientId: 'Edm.String',
    issuer: 'Edm.String',
    wellKnownEndpoint: 'Edm.String',
    scope: 'Edm.String',
    responseType: 'Edm.String',
  },
  further: ['clientSecret', 'clientAuthentication', 'inboundClaimMapping', 'domains'],
})

/** Providers as Graph lists them: the built-in ones first. Secrets are written and never read back. */
export function showProviders({ providers, order }: ProviderSet): Record<string, unknown>[] {
  const isOn = { AADSignup: true, EmailOTP: order.passcodeEnabled, EmailPassword: order.localEnabled }
  const builtIn = Object.entries(BUILT_IN).filter(([name]) => isOn[name as keyof typeof BUILT_IN])
  return [
    ...builtIn.map(([identityProviderType, { id, displayName }]) => ({
      '@odata.type': `${TYPE}builtInIdentityProvider`,
      id,
      displayName,
      identityProviderType,
    })),
    ...providers.filter(({ kind }) => kind !== 'saml').map(showProvider),
  ]
}

function showProvider(provider: Provider): Record<string, unknown> {
  return provider.kind === 'oidc' ? showOpenIdConnect(provider) : showSocial(provider)
}

function showSocial({ id, kind, displayName, clientId, wellKnownEndpoint, domains }: Provider) {
  const [identityProviderType] = Object.entries(SOCIAL).find(([, social]) => social.kind === kind) ?? []
  return {
    '@odata.type': `${TYPE}socialIdentityProvider`,
    id,
    displayName,
    identityProviderType,
    clientId,
    clientSecret: '******',
    wellKnownEndpoint,
    domains,
  }
}

function showOpenIdConnect(provider: Provider) {
  const { id, displayName, clientId, issuer, wellKnownEndpoint, scope, domains } = provider
  const { emailClaim, emailVerifiedClaim } = provider
  return {
    '@odata.type': `${TYPE}oidcIdentityProvider`,
    id,
    displayName,
    clientId,
    issuer,
    wellKnownEndpoint,
    responseType: 'code',
    scope,
    clientAuthentication: { '@odata.type': `${TYPE}oidcClientSecretAuthentication`, clientSecret: '******' },
    inboundClaimMapping: {
      sub: 'sub',
      email: emailClaim ?? 'email',
      email_verified: emailVerifiedClaim ?? 'email_verified',
    },
    domains,
  }
}

/** Where guests sign in: the part of the default cross-tenant policy that decides it. */
export function showOrder({ order }: ProviderSet): Record<string, unknown> {
  return {
    invitationRedemptionIdentityProviderConfiguration: {
      '@odata.type': `${TYPE}defaultInvitationRedemptionIdentityProviderConfiguration`,
      primaryIdentityProviderPrecedenceOrder: order.precedence,
      fallbackIdentityProvider: order.fallback,
      passcodeDomains: order.passcodeDomains,
    },
  }
}

/** A federation as Graph shows it, its domains with it. */
export function showFederation(federation: Provider): Record<string, unknown> {
  return {
    '@odata.type': `${TYPE}samlOrWsFedExternalDomainFederation`,
    id: federation.id,
    displayName: federation.displayName,
    issuerUri: federation.issuer,
    metadataExchangeUri: federation.metadataExchangeUri,
    passiveSignInUri: federation.passiveSignInUri,
    preferredAuthenticationProtocol: 'saml',
    signingCertificate: federation.signingCertificates?.[0] ?? null,
    domains: federation.domains.map(showDomain),
  }
}

/** Graph: externalDomainName, whose id is the domain. */
export function showDomain(id: string): Record<string, unknown> {
  return { '@odata.type': `${TYPE}externalDomainName`, id }
}
