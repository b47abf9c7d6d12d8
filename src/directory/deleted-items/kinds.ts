import type { ReadContext, Resource } from '../../graph/odata/resource.js'
import { isGuid } from '../../kernel/ids.js'
import { directoryObjects } from '../objects/kinds.js'
import { refusals } from './errors.js'
import { deletedGroupKind } from './groups.js'
import type { DeletedKind } from './kind.js'
import { holdsOneOf } from './rules.js'
import { deletedUserKind } from './users.js'

/** Every kind of object that can be restored, in the order in which an id is looked for. */
export const deletedKinds: readonly DeletedKind[] = [deletedUserKind, deletedGroupKind]

/**
 * What kind of deleted object an id belongs to. @throws Refusal when none, or when the permissions of the caller's
 * client are about other kinds.
 */
export function kindOfDeleted(
  context: ReadContext,
  id: string,
  purpose: 'mayRead' | 'mayChange',
): Promise<DeletedKind> {
  return kindOf(context, id, purpose, ({ resource }) => resource)
}

/** What kind of object it is that was restored. @throws Refusal as above. */
export function kindOfRestored(context: ReadContext, id: string): Promise<DeletedKind> {
  return kindOf(context, id, 'mayChange', presentResource)
}

/** Shows objects of a kind that are not deleted. */
export function presentResource({ type }: DeletedKind): Resource {
  const present = directoryObjects().find((resource) => resource.type === type)
  if (!present) throw new Error(`${type} is no directory object`)
  return present
}

async function kindOf(
  context: ReadContext,
  id: string,
  purpose: 'mayRead' | 'mayChange',
  resourceOf: (kind: DeletedKind) => Resource,
): Promise<DeletedKind> {
  if (!isGuid(id)) throw refusals.notFound(id.slice(0, 64))
  for (const kind of deletedKinds) {
    const found = await resourceOf(kind).render(context, [id.toLowerCase()], ['id'])
    if (found.size === 0) continue
    if (!holdsOneOf(context.caller.permissions, kind[purpose])) throw refusals.permissionMissing(kind.type)
    return kind
  }
  throw refusals.notFound(id)
}
