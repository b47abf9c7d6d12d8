import { READ_APPLICATIONS } from '../directory/index.js'
import type { PermissionSets } from '../graph/access.js'

const both = (...names: string[]) => ({ application: names, delegated: names })
const withOwned = (...names: string[]) => ({
  application: [...names, 'Application.ReadWrite.OwnedBy'] as PermissionSets,
  delegated: names as PermissionSets,
})

/** Graph's names, from the contract's table of permissions. What people may do is looked at again by the use cases. */
export const readApplications = withOwned(...READ_APPLICATIONS)
export const writeApplications = withOwned('Application.ReadWrite.All', 'Directory.ReadWrite.All')
export const readFederated = withOwned('Application.Read.All', 'Application.ReadWrite.All')

const WRITE = 'AppRoleAssignment.ReadWrite.All'
/** Of people and groups. */
export const readAssignments = both(WRITE, 'Directory.Read.All', 'Directory.ReadWrite.All')
export const writeAssignments = both(WRITE)
/** Of service principals, and at them. */
export const readPrincipalAssignments = withOwned(...READ_APPLICATIONS, WRITE)
