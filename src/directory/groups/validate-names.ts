import type { ReadContext } from '../../graph/odata/resource.js'
import type { Tenants } from '../../tenants/index.js'
import { findVisibleObjects } from '../objects/read-objects.js'
import { refusals } from './errors.js'
import { mustListGroups } from './read-groups.js'
import { findGroupByMail } from './store.js'

/** Names that a Microsoft 365 group is to have. */
export type GroupNames = {
  displayName?: string | null | undefined
  mailNickname?: string | null | undefined
  /** Whose rights the answer is about. Nobody here has names of their own, so they need only be there. */
  onBehalfOfUserId?: string | null | undefined
}

/**
 * Whether a Microsoft 365 group could have these names (Graph: validateProperties). Organizations have no naming policy
 * here; what is left is that the nickname is nobody's else. `groupId`: the group that is to be called so, if it is there.
 * @throws Refusal: 422 with each name that cannot be, 400 without any name, 403 to whoever may not know which there are.
 */
export async function validateNames(
  context: ReadContext,
  tenants: Tenants,
  { displayName, mailNickname, onBehalfOfUserId }: GroupNames,
  groupId?: string,
): Promise<void> {
  await mustListGroups(context)
  if (!displayName && !mailNickname) throw refusals.noNames()
  if (onBehalfOfUserId) {
    const [found] = await findVisibleObjects(context, [onBehalfOfUserId.toLowerCase()])
    if (found?.type !== 'microsoft.graph.user') throw refusals.notFound(onBehalfOfUserId)
  }
  if (!mailNickname) return
  const tenant = await tenants.find(context.scope.tenantId)
  const holder = await findGroupByMail(context.scope, `${mailNickname}@${tenant?.initialDomain}`)
  if (holder && holder.id !== groupId) throw refusals.namesNotPossible('mailNickname')
}
