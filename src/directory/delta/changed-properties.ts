import type { DeltaRound } from '../../graph/delta.js'
import { isVisible } from '../../platform/changes/snapshot.js'

/** What a row of a tracked table says of its changes. */
export type Tracking = { changedXid: string; propertyXids: Record<string, number> | null }

/** From which columns a property is made; a property without columns of its own never changes by itself. */
export type ColumnsOf = (property: string) => readonly string[]

/**
 * Which properties of a present object a round tells: all that were selected, or with `Prefer: return=minimal` those
 * that changed. What was never set is left out (Graph: delta-query-overview); what was set and cleared is told as null.
 */
export function toldProperties(
  resource: Record<string, unknown>,
  row: Tracking,
  round: Pick<DeltaRound, 'since' | 'isMinimal'>,
  columnsOf: ColumnsOf,
): Record<string, unknown> {
  const tellAll = !round.isMinimal || cameSince(row, round.since)
  const told: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(resource)) {
    const xids = columnsOf(name).map((column) => row.propertyXids?.[column])
    if (isEmpty(value) && xids.every((xid) => xid === undefined)) continue
    if (tellAll || xids.some((xid) => isNew(xid, round.since))) told[name] = value
  }
  return told
}

/** Created or restored since: the client knows nothing of it. */
function cameSince({ changedXid, propertyXids }: Tracking, since: DeltaRound['since']): boolean {
  const created = propertyXids?.[''] ?? Number(changedXid)
  return isNew(created, since) || isNew(propertyXids?.['deleted_date_time'], since)
}

function isNew(xid: number | undefined, since: DeltaRound['since']): boolean {
  return xid !== undefined && (since === undefined || !isVisible(xid, since))
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0)
}
