import type { ReadContext } from '../../graph/odata/resource.js'
import { isGuid } from '../../kernel/ids.js'
import type { IdempotentRequest } from '../../platform/idempotency/request.js'
import { madeBefore } from '../../platform/idempotency/store.js'
import { refusals } from './errors.js'
import type { DeletedKind } from './kind.js'
import { type DeletedNeeds, deletedKinds, kindOfDeleted, kindOfRestored } from './kinds.js'
import type { RestoreWish } from './schema.js'

/**
 * Makes a deleted object what it was (Graph: directory-deleteditems-restore) and returns its kind. With an idempotency
 * key that was used before, it is there already.
 * @throws Refusal: nothing of that id is deleted, a conflict, a caller who may not.
 */
export async function restore(
  needs: DeletedNeeds,
  context: ReadContext,
  id: string,
  wish: RestoreWish,
  idempotent: IdempotentRequest | undefined,
): Promise<DeletedKind> {
  if (!isGuid(id)) throw refusals.notFound(id.slice(0, 64))
  if (await madeBefore(context.scope, idempotent, id, context.now)) {
    return kindOfRestored(deletedKinds(needs), context, id)
  }
  const kind = await kindOfDeleted(deletedKinds(needs), context, id, 'mayChange')
  await kind.restore(needs, context.scope, context.caller, id, wish)
  return kind
}
