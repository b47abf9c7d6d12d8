import type { Snapshot } from '../../platform/changes/snapshot.js'
import type { TenantScope } from '../../platform/database.js'
import { groups } from '../groups/tables.js'
import { users } from '../tables.js'
import { listChanged, memberLinks, type Position, type Tracked } from './delta-store.js'

/** An object that changed between two looks. `members` came or left; `isGone`: for good. */
export type ObjectChange = {
  id: string
  xid: string
  isGone: boolean
  /** Whether the object itself changed, and not only who is in it. */
  isItself: boolean
  members: { id: string; isGone: boolean }[]
}

const TRACKED: Record<'users' | 'groups', Tracked> = {
  users: { table: users, kind: 'user' },
  groups: { table: groups, kind: 'group', links: memberLinks },
}

/**
 * What changed in a collection between two looks, in the order of the transactions, for those who pass it on. Whoever
 * is in a group with hidden membership is left out.
 */
export async function pageOfChanges(
  scope: TenantScope,
  collection: 'users' | 'groups',
  query: { since: Snapshot; until: Snapshot; after: Position | undefined; most: number },
): Promise<{ changes: ObjectChange[]; next: Position | undefined }> {
  const { most, ...rest } = query
  const limits = { ...rest, most: most + 1, ids: undefined, columns: undefined, seesHidden: false }
  const entries = await listChanged(scope, TRACKED[collection], limits)
  const shown = entries.slice(0, most)
  const changes = new Map<string, ObjectChange>()
  for (const { id, xid, targetType, targetId, isGone } of shown) {
    const change = changes.get(id) ?? { id, xid, isGone: false, isItself: false, members: [] }
    changes.set(id, change)
    // Subscriptions compare with the last transaction: whoever was there before it has not heard of the change.
    change.xid = xid
    if (targetType !== '') change.members.push({ id: targetId, isGone })
    else Object.assign(change, { isItself: true, isGone })
  }
  const last = entries.length > most ? shown.at(-1) : undefined
  return { changes: [...changes.values()], next: last && { xid: last.xid, id: last.id, targetId: last.targetId } }
}
