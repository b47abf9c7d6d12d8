import { type Static, Type } from '@sinclair/typebox'

const readOnly = () => Type.Optional(Type.Unknown({ readOnly: true }))
const displayName = Type.String({ minLength: 1, maxLength: 64 })
const description = Type.Optional(Type.Union([Type.Null(), Type.String({ maxLength: 256 })]))
const type = Type.Optional(Type.String({ maxLength: 128 }))

export const DATA_TYPES = ['string', 'boolean', 'int64', 'stringCollection', 'dateTime'] as const

/** Graph: identityuserflowattribute-post. */
export const NewAttribute = Type.Object({
  '@odata.type': type,
  id: readOnly(),
  userFlowAttributeType: readOnly(),
  displayName,
  description,
  dataType: Type.String({ pattern: `^(?:${DATA_TYPES.join('|')})$`, rule: `one of ${DATA_TYPES.join(', ')}` }),
})
export type NewAttribute = Static<typeof NewAttribute>

/** Graph: identityuserflowattribute-update. What was answered in the old type cannot be changed to another. */
export const AttributeChanges = Type.Object({
  '@odata.type': type,
  id: readOnly(),
  userFlowAttributeType: readOnly(),
  dataType: readOnly(),
  displayName: Type.Optional(displayName),
  description,
})
export type AttributeChanges = Static<typeof AttributeChanges>
