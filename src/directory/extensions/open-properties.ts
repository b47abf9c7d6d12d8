import type { SQLWrapper } from 'drizzle-orm'
import type { FilterProperty } from '../../graph/odata/filterable.js'
import { operators } from '../../graph/odata/operators.js'
import type { EdmType, OpenProperties, Property } from '../../graph/odata/resource.js'
import { searchedValue, searchedValues } from '../values-resource.js'
import { findExtensionProperties } from './store.js'
import type { DataType, ExtensionProperty, ExtensionTarget, ExtensionValues } from './tables.js'
import { EXTENSION_NAME } from './values.js'

type Row = { extensionValues: ExtensionValues | null }
type Owner = { id: SQLWrapper; tenantId: SQLWrapper }

/** Directory extensions of users or groups: whatever applications of the organization have defined for them. */
export function directoryExtensions(target: ExtensionTarget, owner: Owner): OpenProperties<Row> {
  return {
    names: new RegExp(EXTENSION_NAME),
    async find({ scope }, names) {
      const definitions = await findExtensionProperties(scope, target, names)
      const byName = new Map(definitions.map((definition) => [definition.nameFolded, definition]))
      return Object.fromEntries(
        names.flatMap((name) => {
          const definition = byName.get(name.toLowerCase())
          return definition ? [[name, propertyOf(definition, owner)]] : []
        }),
      )
    },
  }
}

function propertyOf({ id, dataType, isMultiValued }: ExtensionProperty, owner: Owner): Property<Row> {
  const permitted = FILTERS[dataType]
  const filter = permitted && (isMultiValued ? searchedValues : searchedValue)(owner, id, permitted)
  return {
    type: EDM_TYPES[dataType],
    isCollection: isMultiValued,
    isSparse: true,
    trackedAs: `extension_values/${id}`,
    read: ({ extensionValues }) => extensionValues?.[id] ?? (isMultiValued ? [] : null),
    ...(filter && { filter }),
  }
}

const EDM_TYPES: Record<DataType, EdmType> = {
  String: 'Edm.String',
  Boolean: 'Edm.Boolean',
  Integer: 'Edm.Int32',
  LargeInteger: 'Edm.Int64',
  DateTime: 'Edm.DateTimeOffset',
  Binary: 'Edm.String',
}

type Permitted = Pick<FilterProperty, 'type' | 'operators' | 'advanced'>

/** Graph: `eq`, `ne` and null (user-list), of which the directory has the latter two only in advanced queries. */
const FILTERS: Record<DataType, Permitted | undefined> = {
  String: { type: 'string', operators: operators('eq', 'in', 'startsWith'), advanced: operators('ne', 'not', 'null') },
  Boolean: { type: 'boolean', operators: operators('eq'), advanced: operators('ne', 'not', 'null') },
  Integer: { type: 'integer', operators: operators('eq', 'in'), advanced: operators('ne', 'not', 'null') },
  LargeInteger: { type: 'integer', operators: operators('eq', 'in'), advanced: operators('ne', 'not', 'null') },
  DateTime: {
    type: 'dateTime',
    operators: operators('eq', 'ge', 'le'),
    advanced: operators('ne', 'not', 'gt', 'lt', 'null'),
  },
  Binary: undefined,
}
