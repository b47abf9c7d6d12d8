import type { ReadContext, Resource } from '../../graph/odata/resource.js'
import { isGuid } from '../../kernel/ids.js'
import { Refusal } from '../../kernel/refusal.js'
import type { DirectoryNeeds } from '../needs.js'
import { refusals } from './errors.js'
import { deletedGroupKind } from './groups.js'
import type { DeletedKind } from './kind.js'
import { holdsOneOf } from './rules.js'
import { deletedUserKind } from './users.js'

/** With the kinds of other capabilities. */
export type DeletedNeeds = DirectoryNeeds & { deletedElsewhere: readonly DeletedKind[] }

/** Every kind of object that can be restored, in the order in which an id is looked for. */
export function deletedKinds({ deletedElsewhere }: Pick<DeletedNeeds, 'deletedElsewhere'>): readonly DeletedKind[] {
  return [deletedUserKind, deletedGroupKind, ...deletedElsewhere]
}

/**
 * What kind of deleted object an id belongs to. @throws Refusal when none, or when the permissions of the caller's
 * client are about other kinds.
 */
export function kindOfDeleted(
  kinds: readonly DeletedKind[],
  context: ReadContext,
  id: string,
  purpose: 'mayRead' | 'mayChange',
): Promise<DeletedKind> {
  return kindOf(kinds, context, id, purpose, ({ resource }) => resource)
}

/** What kind of object it is that was restored. @throws Refusal as above. */
export function kindOfRestored(kinds: readonly DeletedKind[], context: ReadContext, id: string): Promise<DeletedKind> {
  return kindOf(kinds, context, id, 'mayChange', ({ present }) => present)
}

/** @throws Refusal: to whoever sees no list of them, as of something that was not deleted. */
export async function mustHearOf(kind: DeletedKind, context: ReadContext, id: string): Promise<void> {
  if (!(await mayHearOf(kind, context))) throw refusals.notFound(id)
}

/** Whether a caller sees the list of what was deleted of a kind. */
export function mayHearOf(kind: DeletedKind, context: ReadContext): Promise<boolean> {
  return kind.mustList(context).then(
    () => true,
    (error: unknown) => {
      if (error instanceof Refusal) return false
      throw error
    },
  )
}

async function kindOf(
  kinds: readonly DeletedKind[],
  context: ReadContext,
  id: string,
  purpose: 'mayRead' | 'mayChange',
  resourceOf: (kind: DeletedKind) => Resource,
): Promise<DeletedKind> {
  if (!isGuid(id)) throw refusals.notFound(id.slice(0, 64))
  for (const kind of kinds) {
    const found = await resourceOf(kind).render(context, [id.toLowerCase()], ['id'])
    if (found.size === 0) continue
    const wanted = kind[purpose][context.caller.kind === 'user' ? 'delegated' : 'application']
    if (holdsOneOf(context.caller.permissions, wanted)) return kind
    await mustHearOf(kind, context, id)
    throw refusals.permissionMissing(kind.type)
  }
  throw refusals.notFound(id)
}
