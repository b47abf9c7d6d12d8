import { columnNames, directoryDelta } from '../directory/index.js'
import { applicationResource } from './application-resource.js'
import { applications } from './tables.js'

/** Properties that are made from other columns than one of their own name. */
const MADE_FROM: Record<string, readonly string[]> = {
  defaultRedirectUri: ['profile'],
  description: ['profile'],
  info: ['profile', 'logo'],
  isDeviceOnlyAuthSupported: ['profile'],
  notes: ['profile'],
  optionalClaims: ['profile'],
  serviceManagementReference: ['profile'],
  // What the trigger on credentials writes down.
  keyCredentials: ['credentials'],
  passwordCredentials: ['credentials'],
}

/** `/applications/delta`: applications that came, changed, or went. */
export const applicationsDelta = directoryDelta({
  path: '/applications/delta',
  resource: applicationResource,
  table: applications,
  kind: 'application',
  columnsOf: (property) => MADE_FROM[property] ?? columnNames(applications, property),
  defaultRelations: [],
})
