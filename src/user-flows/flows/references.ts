import { refusals } from '../errors.js'

/**
 * The last part of a reference such as `https://graph.microsoft.com/v1.0/identity/apiConnectors/{id}`. Only the end of it
 * counts: scripts name Graph's host, and an id leads to nobody outside the caller's organization.
 * @throws Refusal for anything that does not end with one of the sets and an id.
 */
export function idInReference(reference: string, sets: readonly string[]): string {
  const form = new RegExp(`(?:^|/)(?:${sets.join('|')})(?:/|\\(')([^/?#()']+)(?:'\\))?$`, 'i')
  const id = form.exec(reference.trim())?.[1]
  if (id === undefined) throw refusals.notAReference(sets[0] ?? '')
  try {
    return decodeURIComponent(id)
  } catch {
    throw refusals.notAReference(sets[0] ?? '')
  }
}

/** The reference that `DELETE …/$ref?@id={url}` names. @throws Refusal when it is missing. */
export function referenceIn(query: unknown): string {
  const entries = typeof query === 'object' && query !== null ? Object.entries(query) : []
  const given: unknown = entries.find(([name]) => /^(?:@|\$)id$/i.test(name))?.[1]
  if (typeof given !== 'string') throw refusals.referenceMissing()
  return given
}
