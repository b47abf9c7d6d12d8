import type { ReadContext } from '../../graph/odata/resource.js'
import { isGuid } from '../../kernel/ids.js'
import type { IdempotentRequest } from '../../platform/idempotency/request.js'
import { madeBefore } from '../../platform/idempotency/store.js'
import { refusals } from './errors.js'
import type { DeletedKind } from './kind.js'
import { type DeletedNeeds, kindOfDeleted, kindOfRestored } from './kinds.js'
import type { RestoreWish } from './schema.js'

/**
 * Makes a deleted object what it was (Graph: directory-deleteditems-restore) and returns its kind. With an idempotency
 * key that was used before, it is there already. `kinds`: those that it can be of.
 * @throws Refusal: nothing of that id is deleted, a conflict, a caller who may not.
 */
export async function restore(
  needs: DeletedNeeds,
  kinds: readonly DeletedKind[],
  context: ReadContext,
  id: string,
  wish: RestoreWish,
  idempotent: IdempotentRequest | undefined,
): Promise<DeletedKind> {
  if (!isGuid(id)) throw refusals.notFound(id.slice(0, 64))
  if (await madeBefore(context.scope, idempotent, id, context.now)) {
    return kindOfRestored(kinds, context, id)
  }
  const kind = await kindOfDeleted(kinds, context, id, 'mayChange')
  await kind.restore(needs, context.scope, context.caller, id, wish)
  return kind
}
