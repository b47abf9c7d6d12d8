import { sql } from 'drizzle-orm'
import { defineCollection, entityRules } from '../../graph/odata/collection.js'
import { operators } from '../../graph/odata/operators.js'
import { defineResource } from '../../graph/odata/resource.js'
import { type Attribute, BUILT_IN } from './rules.js'
import { loadAttributes } from './store.js'
import { customAttributes } from './tables.js'

type Row = Attribute & { id: string }

/** Graph: `eq` and `ne`, without more. */
const COMPARED = { operators: operators('eq', 'ne', 'in') }

/** Graph: identityUserFlowAttribute. Rows are told apart by their key; people see their name. */
export const attributeResource = defineResource<{ id: string; attribute: Row }>({
  type: 'microsoft.graph.identityUserFlowAttribute',
  baseType: 'microsoft.graph.entity',
  set: 'identity/userFlowAttributes',
  name: 'IdentityUserFlowAttribute',
  hasNoSet: true,
  hasNoRelations: true,
  properties: {
    id: {
      type: 'Edm.String',
      isDefault: true,
      read: ({ attribute }) => attribute.id,
      filter: { sql: sql`attribute.name`, type: 'string', ...COMPARED },
      orderBy: { sql: sql`lower(attribute.name)`, type: 'text' },
      search: { kind: 'text', sql: sql`attribute.name` },
    },
    displayName: {
      type: 'Edm.String',
      isDefault: true,
      read: ({ attribute }) => attribute.displayName,
      filter: { sql: sql`attribute.display_name`, type: 'string', ...COMPARED },
      orderBy: { sql: sql`lower(attribute.display_name)`, type: 'text' },
      search: { kind: 'text', sql: sql`attribute.display_name` },
    },
    description: { type: 'Edm.String', isDefault: true, read: ({ attribute }) => attribute.description },
    userFlowAttributeType: {
      type: 'microsoft.graph.identityUserFlowAttributeType',
      isDefault: true,
      read: ({ attribute }) => attribute.userFlowAttributeType,
      filter: { sql: sql`attribute.kind`, type: 'enum', ...COMPARED, values: { builtIn: 'builtIn', custom: 'custom' } },
    },
    dataType: {
      type: 'microsoft.graph.identityUserFlowAttributeDataType',
      isDefault: true,
      read: ({ attribute }) => attribute.dataType,
      filter: {
        sql: sql`attribute.data_type`,
        type: 'enum',
        ...COMPARED,
        values: Object.fromEntries(
          ['string', 'boolean', 'int64', 'stringCollection', 'dateTime'].map((name) => [name, name]),
        ),
      },
    },
  },
  load: async ({ scope }, keys) =>
    (await loadAttributes(scope, keys)).map((attribute) => ({ id: attribute.key, attribute })),
})

const builtIn = sql.join(
  BUILT_IN.map(
    ({ key, id, displayName, dataType }) =>
      sql`(null::uuid, ${key}::uuid, ${id}::text, ${displayName}::text, 'builtIn', ${dataType}::text)`,
  ),
  sql`, `,
)

/** Every attribute that flows can ask: the built-in ones first, then those of the organization as they were made. */
export const attributeCollection = defineCollection({
  resource: attributeResource,
  isFew: true,
  from: sql`(
    values ${builtIn}
    union all
    select ${customAttributes.tenantId}, ${customAttributes.id}, ${customAttributes.name}, ${customAttributes.displayName},
      'custom', ${customAttributes.dataType}
    from ${customAttributes}) as attribute (tenant_id, key, name, display_name, kind, data_type)`,
  id: sql`attribute.key`,
  where: (tenantId) => sql`(attribute.tenant_id is null or attribute.tenant_id = ${tenantId})`,
})
export const attributeRules = entityRules(attributeResource)
