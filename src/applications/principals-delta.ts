import { columnNames, directoryDelta } from '../directory/index.js'
import { presentPrincipals, principalChangeRows, principalChanges } from './principal-changes-store.js'
import { principalResource } from './principal-resource.js'
import { applications } from './tables.js'

/** Properties that are made from other columns than one of their own name. */
const MADE_FROM: Record<string, readonly string[]> = {
  id: [],
  deletedDateTime: [],
  alternativeNames: ['principal_profile'],
  appDescription: ['profile'],
  appDisplayName: ['display_name'],
  description: ['principal_profile'],
  homepage: ['web'],
  info: ['profile', 'logo'],
  loginUrl: ['principal_profile'],
  logoutUrl: ['web'],
  notes: ['principal_profile'],
  notificationEmailAddresses: ['principal_profile'],
  oauth2PermissionScopes: ['api'],
  preferredSingleSignOnMode: ['principal_profile'],
  preferredTokenSigningKeyThumbprint: ['principal_profile'],
  replyUrls: ['web', 'spa', 'public_client'],
  servicePrincipalNames: ['app_id', 'identifier_uris'],
  tags: ['principal_profile'],
  // What the trigger on credentials writes down.
  keyCredentials: ['credentials'],
  passwordCredentials: ['credentials'],
}

/** `/servicePrincipals/delta`: service principals that came, changed, or went, whatever became of their applications. */
export const principalsDelta = directoryDelta({
  path: '/servicePrincipals/delta',
  resource: principalResource,
  table: principalChanges,
  rows: principalChangeRows,
  present: presentPrincipals,
  presence: ['service_principal_id'],
  kind: 'servicePrincipal',
  columnsOf: (property) => MADE_FROM[property] ?? columnNames(applications, property),
  defaultRelations: [],
})
