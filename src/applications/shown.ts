import type { Api, AppRole, RedirectUris, Web } from './schema.js'
import type { ApplicationProfile } from './tables.js'

// Structured properties as Graph answers them: whole, with null for what nobody said.

export function shownApi(api: Api) {
  return {
    acceptMappedClaims: api.acceptMappedClaims ?? null,
    knownClientApplications: api.knownClientApplications ?? [],
    requestedAccessTokenVersion: api.requestedAccessTokenVersion ?? null,
    oauth2PermissionScopes: shownScopes(api),
    preAuthorizedApplications: (api.preAuthorizedApplications ?? []).map(({ appId, delegatedPermissionIds = [] }) => ({
      appId,
      delegatedPermissionIds,
    })),
  }
}

export function shownScopes(api: Api) {
  return (api.oauth2PermissionScopes ?? []).map((scope) => ({
    adminConsentDescription: scope.adminConsentDescription ?? null,
    adminConsentDisplayName: scope.adminConsentDisplayName ?? null,
    id: scope.id,
    isEnabled: scope.isEnabled ?? true,
    type: scope.type ?? 'User',
    userConsentDescription: scope.userConsentDescription ?? null,
    userConsentDisplayName: scope.userConsentDisplayName ?? null,
    value: scope.value,
  }))
}

export function shownRoles(roles: readonly AppRole[], origin: 'Application' | 'ServicePrincipal') {
  return roles.map((role) => ({
    allowedMemberTypes: role.allowedMemberTypes,
    description: role.description ?? null,
    displayName: role.displayName,
    id: role.id,
    isEnabled: role.isEnabled ?? true,
    origin,
    value: role.value ?? null,
  }))
}

export function shownWeb(web: Web) {
  return {
    homePageUrl: web.homePageUrl ?? null,
    logoutUrl: web.logoutUrl ?? null,
    backChannelLogoutUrl: web.backChannelLogoutUrl ?? null,
    redirectUris: web.redirectUris ?? [],
    implicitGrantSettings: {
      enableAccessTokenIssuance: web.implicitGrantSettings?.enableAccessTokenIssuance ?? false,
      enableIdTokenIssuance: web.implicitGrantSettings?.enableIdTokenIssuance ?? false,
    },
    redirectUriSettings: web.redirectUriSettings ?? (web.redirectUris ?? []).map((uri) => ({ uri, index: null })),
  }
}

export function shownRedirectUris(client: RedirectUris) {
  return { redirectUris: client.redirectUris ?? [] }
}

export function shownInfo(info: ApplicationProfile['info'], logoUrl: string | null) {
  return {
    logoUrl,
    marketingUrl: info?.['marketingUrl'] ?? null,
    privacyStatementUrl: info?.['privacyStatementUrl'] ?? null,
    supportUrl: info?.['supportUrl'] ?? null,
    termsOfServiceUrl: info?.['termsOfServiceUrl'] ?? null,
  }
}
