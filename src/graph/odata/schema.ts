import { type TObject, Type } from '@sinclair/typebox'

/** One object as it is answered: which properties it has, its resource definition and `$select` decide. */
export const EntityBody = Type.Object(
  { '@odata.context': Type.Optional(Type.String()) },
  { additionalProperties: true },
)

/** A page of objects as it is answered. */
export const collectionBody = <Item extends TObject>(item: Item) =>
  Type.Object({
    '@odata.context': Type.String(),
    '@odata.count': Type.Optional(Type.Integer()),
    '@odata.nextLink': Type.Optional(Type.String()),
    value: Type.Array(item),
  })

/** A page of objects of which the document says no more. */
export const CollectionBody = collectionBody(EntityBody)

/** A number alone, as `/$count` is answered. */
export const CountBody = Type.String({ description: 'The number, as plain text.' })
