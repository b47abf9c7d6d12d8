import type { ReadContext } from '../../graph/odata/resource.js'
import { isGuid } from '../../kernel/ids.js'
import { refusals } from './errors.js'
import type { DeletedKind } from './kind.js'
import { holdsOneOf } from './rules.js'
import { deletedUserKind } from './users.js'

/** Every kind of object that can be restored, in the order in which an id is looked for. */
export const deletedKinds: readonly DeletedKind[] = [deletedUserKind]

/**
 * What kind of deleted object an id belongs to. @throws Refusal when none, or when the permissions of the caller's
 * client are about other kinds.
 */
export async function kindOfDeleted(
  context: ReadContext,
  id: string,
  purpose: 'mayRead' | 'mayChange',
): Promise<DeletedKind> {
  if (!isGuid(id)) throw refusals.notFound(id.slice(0, 64))
  for (const kind of deletedKinds) {
    const found = await kind.resource.render(context, [id.toLowerCase()], ['id'])
    if (found.size === 0) continue
    if (!holdsOneOf(context.caller.permissions, kind[purpose])) throw refusals.permissionMissing(kind.type)
    return kind
  }
  throw refusals.notFound(id)
}
