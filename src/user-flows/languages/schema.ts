import { type Static, Type } from '@sinclair/typebox'

const readOnly = () => Type.Optional(Type.Unknown({ readOnly: true }))
const type = Type.Optional(Type.String({ maxLength: 128 }))
const name = Type.String({ maxLength: 256 })
const nameOrNull = Type.Optional(Type.Union([Type.Null(), name]))
const words = Type.String({ maxLength: 1_024 })

/** Graph: userFlowLanguageConfiguration, as it is changed. */
export const LanguageChanges = Type.Object({
  '@odata.type': type,
  id: readOnly(),
  displayName: readOnly(),
  isEnabled: Type.Optional(Type.Boolean()),
})
export type LanguageChanges = Static<typeof LanguageChanges>

/** Graph: userFlowLanguageConfiguration, as one is added to a flow. */
export const NewLanguage = Type.Object({ ...LanguageChanges.properties, id: Type.String({ maxLength: 35 }) })
export type NewLanguage = Static<typeof NewLanguage>

/** Graph: what the `$value` of a userFlowLanguagePage holds. */
export const PageBody = Type.Object({
  LocalizedStrings: Type.Optional(
    Type.Array(
      Type.Object({
        ElementType: name,
        ElementId: nameOrNull,
        StringId: nameOrNull,
        Override: Type.Optional(Type.Boolean()),
        Value: words,
      }),
      { maxItems: 500 },
    ),
  ),
  LocalizedCollections: Type.Optional(
    Type.Array(
      Type.Object({
        ElementType: name,
        ElementId: name,
        TargetCollection: name,
        Override: Type.Optional(Type.Boolean()),
        Items: Type.Array(Type.Object({ Name: words, Value: name }), { maxItems: 300 }),
      }),
      { maxItems: 100 },
    ),
  ),
})
export type PageBody = Static<typeof PageBody>
