import type { PagePosition } from '../../graph/odata/page-token.js'
import { isGuid } from '../../kernel/ids.js'
import { Refusal } from '../../kernel/refusal.js'

/** The last object told in a first round: its id. */
export function presentPosition(after: PagePosition | undefined): string | undefined {
  if (after === undefined) return undefined
  const [id] = after
  if (typeof id !== 'string' || !isGuid(id)) throw positionUnknown()
  return id
}

/** The last change told in a later round: its transaction, and the object. */
export function changedPosition(after: PagePosition | undefined): { xid: string; id: string } | undefined {
  if (after === undefined) return undefined
  const [xid, id] = after
  if (typeof xid !== 'string' || !/^\d{1,19}$/.test(xid) || typeof id !== 'string' || !isGuid(id)) {
    throw positionUnknown()
  }
  return { xid, id }
}

/** A token that an earlier version of the service signed with other sort keys. */
function positionUnknown(): Refusal {
  return new Refusal('invalid', 'deltaTokenMalformed', 'Badly formed token.', { target: '$skiptoken' })
}
