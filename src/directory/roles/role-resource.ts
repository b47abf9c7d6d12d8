import { sql } from 'drizzle-orm'
import { EQUALITY, NEGATION, TEXT } from '../../graph/odata/operators.js'
import { defineResource } from '../../graph/odata/resource.js'
import { concealed } from '../objects/concealed.js'
import { directoryObject } from '../objects/kinds.js'
import { BUILT_IN_ROLES, type BuiltInRole } from './built-in-roles.js'

const column = (name: string) => sql.raw(`directory_roles.${name}`)

/** The built-in roles as a table of a `from` clause, under the name `directory_roles`. */
export const directoryRoles = sql`(values ${sql.join(
  BUILT_IN_ROLES.map(
    ({ id, displayName, description }) =>
      sql`(${id}::uuid, ${displayName}::text, ${displayName.toLowerCase()}::text collate "C", ${description}::text)`,
  ),
  sql`, `,
)}) as directory_roles (id, display_name, display_name_folded, description)`

export const directoryRoleId = column('id')

/** Graph: directoryRole. */
export const roleResource = directoryObject(
  defineResource<BuiltInRole>({
    type: 'microsoft.graph.directoryRole',
    baseType: 'microsoft.graph.directoryObject',
    set: 'directoryRoles',
    hasNoSet: true,
    name: 'DirectoryRole',
    properties: {
      id: {
        type: 'Edm.String',
        isDefault: true,
        read: ({ id }) => id,
        filter: { sql: column('id'), type: 'guid', operators: EQUALITY, advanced: NEGATION },
      },
      deletedDateTime: { type: 'Edm.DateTimeOffset', isDefault: true, read: () => null },
      description: {
        type: 'Edm.String',
        isDefault: true,
        read: ({ description }) => description,
        filter: { sql: column('description'), type: 'string', ...TEXT },
        search: { kind: 'text', sql: column('description') },
      },
      displayName: {
        type: 'Edm.String',
        isDefault: true,
        read: ({ displayName }) => displayName,
        filter: { sql: column('display_name_folded'), type: 'string', fold: 'stored', ...TEXT },
        orderBy: { sql: column('display_name_folded'), type: 'text' },
        search: { kind: 'text', sql: column('display_name') },
      },
      roleTemplateId: {
        type: 'Edm.String',
        isDefault: true,
        read: ({ id }) => id,
        filter: { sql: column('id'), type: 'guid', operators: EQUALITY, advanced: NEGATION },
      },
    },
    isConcealed: concealed(() => ({ type: 'microsoft.graph.directoryRole' })),
    load: async (_context, ids) => BUILT_IN_ROLES.filter(({ id }) => ids.includes(id)),
  }),
)
