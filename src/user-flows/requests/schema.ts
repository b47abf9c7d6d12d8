import { type Static, Type } from '@sinclair/typebox'
import { MOST_REASON } from './rules.js'

/** Body of `deny`. */
export const Denial = Type.Object({
  reason: Type.Optional(
    Type.Union([Type.String({ maxLength: MOST_REASON }), Type.Null()], {
      description: 'What the visitor reads in the mail, as a quotation.',
    }),
  ),
})
export type Denial = Static<typeof Denial>
