import { type Static, Type } from '@sinclair/typebox'
import { isGuid } from '../../kernel/ids.js'
import { Refusal } from '../../kernel/refusal.js'

/** Body of `POST` and `PUT` of a `$ref`. */
export const ReferenceBody = Type.Object({
  '@odata.id': Type.String({ maxLength: 1_024, description: 'URL of the object: …/directoryObjects/{id}.' }),
})
export type ReferenceBody = Static<typeof ReferenceBody>

const SETS = 'directoryObjects|users|groups|servicePrincipals|applications'
const REFERENCE = new RegExp(`(?:^|/)(?:${SETS})(?:/|\\(')([^/?#()']+)(?:'\\))?$`, 'i')

/**
 * The id in a reference such as `https://graph.microsoft.com/v1.0/directoryObjects/{id}`. Only the end of it counts:
 * scripts name Graph's host, proxies name others, and an id leads to nobody outside the caller's tenant.
 * @throws Refusal for anything that names no object.
 */
export function referencedId(reference: string): string {
  const id = REFERENCE.exec(reference.trim())?.[1]
  if (id !== undefined && isGuid(id)) return id.toLowerCase()
  const message = `Invalid reference '${reference.slice(0, 128).toWellFormed()}': it must end with directoryObjects and an object id.`
  throw new Refusal('invalid', 'invalidReference', message, { target: '@odata.id' })
}

/** The id that `DELETE …/$ref?@id={url}` names. @throws Refusal when it is missing. */
export function referenceOfQuery(query: unknown): string {
  const given: unknown = typeof query === 'object' && query !== null ? Object.entries(query).find(isId)?.[1] : undefined
  if (typeof given === 'string') return referencedId(given)
  throw new Refusal('invalid', 'referenceMissing', "The query parameter '@id' must name the object to remove.", {
    target: '@id',
  })
}

function isId([name]: [string, unknown]): boolean {
  return /^(?:@|\$)id$/i.test(name)
}
