import { type SQL, sql } from 'drizzle-orm'
import { findVisibleObjects, seesEverybody } from '../../directory/index.js'
import type { Caller } from '../../graph/caller.js'
import { defineCollection } from '../../graph/odata/collection.js'
import { propertiesOf } from '../../graph/odata/filter-tree.js'
import type { FilterProperty } from '../../graph/odata/filterable.js'
import { EQUALITY, NEGATION, operators } from '../../graph/odata/operators.js'
import type { QueryOptions } from '../../graph/odata/query-options.js'
import { defineResource, type Property, type ReadContext } from '../../graph/odata/resource.js'
import { refusals } from '../errors.js'
import { appRoleAssignments, type PrincipalType } from '../tables.js'
import { findAssignments, type NamedAssignment, presentPrincipal, presentResource } from './store.js'

type AssignmentProperty = Property<NamedAssignment>

const id = (
  read: (row: NamedAssignment) => string,
  column: FilterProperty['sql'],
  type: 'Edm.Guid' | 'Edm.String' = 'Edm.Guid',
): AssignmentProperty => ({
  type,
  isDefault: true,
  read,
  filter: { sql: column, type: 'guid', operators: EQUALITY, advanced: NEGATION },
})
const name = (read: (row: NamedAssignment) => string): AssignmentProperty => ({
  type: 'Edm.String',
  isDefault: true,
  read,
})

/** Graph: appRoleAssignment. */
export const assignmentResource = defineResource<NamedAssignment>({
  type: 'microsoft.graph.appRoleAssignment',
  baseType: 'microsoft.graph.directoryObject',
  set: 'appRoleAssignments',
  name: 'AppRoleAssignment',
  properties: {
    id: id((row) => row.id, appRoleAssignments.id, 'Edm.String'),
    deletedDateTime: { type: 'Edm.DateTimeOffset', isDefault: true, read: () => null },
    appRoleId: id((row) => row.appRoleId, appRoleAssignments.appRoleId),
    createdDateTime: { type: 'Edm.DateTimeOffset', isDefault: true, read: (row) => row.createdDateTime },
    principalDisplayName: {
      type: 'Edm.String',
      isDefault: true,
      load: loadPrincipalNames,
      filter: { sql: sql`principal.display_name`, type: 'string', operators: operators('eq', 'startsWith') },
    },
    principalId: id((row) => row.principalId, appRoleAssignments.principalId),
    principalType: {
      ...name((row) => row.principalType),
      filter: { sql: appRoleAssignments.principalType, type: 'string', operators: EQUALITY },
    },
    resourceDisplayName: name((row) => row.resourceDisplayName),
    resourceId: id((row) => row.resourceId, appRoleAssignments.resourceId),
  },
  load: ({ scope }, ids) => findAssignments(scope, ids),
})

/** Names of principals, null for a reader who may not see whose they are: the rules of people and groups hold here too. */
async function loadPrincipalNames(
  rows: readonly NamedAssignment[],
  context: ReadContext,
): Promise<(row: NamedAssignment) => string | null> {
  if (seesEverybody(context.caller)) return (row) => row.principalDisplayName
  const ids = [...new Set(rows.map(({ principalId }) => principalId))]
  const seen = new Set((await findVisibleObjects(context, ids)).map(({ id }) => id))
  return (row) => (seen.has(row.principalId) ? row.principalDisplayName : null)
}

/** A filter finds out what it asks about. @throws Refusal (Graph's 403) for one by names that the reader may not see. */
export function mustReadWhatItAsks(caller: Caller, { filter }: Pick<QueryOptions, 'filter'>): void {
  if (!filter || seesEverybody(caller)) return
  if (propertiesOf(filter).has('principalDisplayName')) throw refusals.propertyNotReadable()
}

/** A list of assignments, to be narrowed to those of one principal or at one resource. */
export const assignmentCollection = defineCollection({
  resource: assignmentResource,
  from: sql`${appRoleAssignments} cross join ${presentPrincipal} cross join ${presentResource}`,
  id: appRoleAssignments.id,
  where: (tenantId) => sql`${appRoleAssignments.tenantId} = ${tenantId}`,
})

/** Those of one principal; of its type, so that a list of people's holds no other. */
export function ofPrincipal(principalType: PrincipalType, principalId: string): SQL {
  return sql`${appRoleAssignments.principalId} = ${principalId} and ${appRoleAssignments.principalType} = ${principalType}`
}

/** Those at one application. */
export function atResource(resourceId: string): SQL {
  return sql`${appRoleAssignments.resourceId} = ${resourceId}`
}
