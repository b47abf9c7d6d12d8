import { type Static, Type } from '@sinclair/typebox'
import { isGuid } from '../../kernel/ids.js'
import { refusals } from '../groups/errors.js'

/** Graph: directoryobject-getbyids. */
export const GetByIds = Type.Object({
  ids: Type.Array(Type.String({ maxLength: 64 }), { maxItems: 1_000, rule: 'a list of at most 1000 ids' }),
  types: Type.Optional(Type.Union([Type.Array(Type.String({ maxLength: 64 }), { maxItems: 100 }), Type.Null()])),
})
type GetByIds = Static<typeof GetByIds>

/**
 * Which objects are asked for: each id once, and the types in lower case, undefined for all of them. Graph takes names
 * of types in any case, with its namespace or without. @throws Refusal for what is no id.
 */
export function wantedOf({ ids, types }: GetByIds): { ids: string[]; types: Set<string> | undefined } {
  const wanted = ids.map((id) => {
    if (!isGuid(id)) throw refusals.invalidId(id)
    return id.toLowerCase()
  })
  const names = types ?? []
  const spelled = names.map((name) => `microsoft.graph.${name.toLowerCase().replace(/^microsoft\.graph\./, '')}`)
  return { ids: [...new Set(wanted)], types: names.length === 0 ? undefined : new Set(spelled) }
}
