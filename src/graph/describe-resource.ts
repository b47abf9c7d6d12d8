import { type TSchema, Type } from '@sinclair/typebox'
import type { ComplexTypes, EdmType, PropertyFacts, Resource } from './odata/resource.js'

/** What an answer holds of an entity type, for the OpenAPI document: all that `$select` can name. Nothing is checked by it. */
export function describeResource({ type, properties, complexTypes, defaults, open }: Resource): TSchema {
  const described = Object.entries(properties).map(([name, property]) => [
    name,
    Type.Optional(describeProperty(name, property, complexTypes, defaults.includes(name))),
  ])
  return Type.Object(Object.fromEntries(described), {
    $id: type,
    additionalProperties: true,
    ...(open && { patternProperties: { [open.names.source]: {} } }),
  })
}

function describeProperty(
  name: string,
  { type, isCollection, isSingleOnly }: PropertyFacts,
  complexTypes: ComplexTypes,
  isDefault: boolean,
): TSchema {
  const hint = isDefault ? {} : { description: isSingleOnly ? ONE_SELECTED : SELECTED }
  const one = schemaOf(type, complexTypes)
  if (isCollection) return Type.Array(one, hint)
  return name === 'id' ? Type.Unsafe({ ...one, ...hint }) : Type.Unsafe({ anyOf: [one, { type: 'null' }], ...hint })
}

const SELECTED = 'Only when it is selected.'
const ONE_SELECTED = 'Only when it is selected, and of one object alone.'

function schemaOf(type: EdmType, complexTypes: ComplexTypes): TSchema {
  switch (type) {
    case 'Edm.Boolean':
      return Type.Boolean()
    case 'Edm.DateTimeOffset':
      return Type.String({ format: 'date-time' })
    case 'Edm.Date':
      return Type.String({ format: 'date' })
    case 'Edm.Guid':
      return Type.String({ format: 'uuid' })
    case 'Edm.Int32':
    case 'Edm.Int64':
      return Type.Integer()
    case 'Edm.String':
      return Type.String()
    default:
      return partsOf(type, complexTypes)
  }
}

/** A structured value, with its parts where the resource says them. */
function partsOf(type: Exclude<EdmType, `Edm.${string}`>, complexTypes: ComplexTypes): TSchema {
  const parts = Object.entries(complexTypes[type] ?? {}).map(([name, part]) => [
    name,
    Type.Optional(describeProperty(name, part, complexTypes, true)),
  ])
  return Type.Object(Object.fromEntries(parts), { additionalProperties: true })
}
