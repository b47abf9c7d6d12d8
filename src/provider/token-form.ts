import { delegatedScopes, GRAPH } from './rules.js'

/** What was made of the form of a token request before the library reads it. */
export type TokenForm = { form: URLSearchParams; resource?: string | undefined }

/**
 * A token request, `form` itself, in the words the library knows: scopes of people without the resource in front, and, at
 * endpoints that take it, `resource` as the scope it means.
 */
export function plainTokenForm(form: URLSearchParams, origins: readonly string[], takesResource: boolean): TokenForm {
  const isClientAlone = form.get('grant_type') === 'client_credentials'
  const named = form.get('resource') ?? undefined
  if (takesResource) {
    form.delete('resource')
    if (isClientAlone && !form.has('scope')) form.set('scope', `${(named ?? GRAPH).replace(/\/$/, '')}/.default`)
  }
  const scope = form.get('scope')
  if (!isClientAlone && scope !== null && form.getAll('scope').length === 1) {
    const plain = delegatedScopes(scope, origins, [])
    if (plain === '') form.delete('scope')
    else form.set('scope', plain)
  }
  return { form, resource: named ?? (takesResource ? GRAPH : undefined) }
}
