import { isVisible, type Snapshot } from '../../platform/changes/snapshot.js'

/** What a row of a tracked table says of its changes. */
export type RowTracking = { changedXid: string; propertyXids: Record<string, number> | null }

/** From which columns a property is made; a property without columns of its own never changes by itself. */
export type ColumnsOf = (property: string) => readonly string[]

/** A round, as far as properties care: what the client knows, and whether it wants only what changed since. */
export type Knowledge = {
  since: Snapshot | undefined
  isMinimal: boolean
  /** The columns whose changes make an object come, go, or come back. */
  presence: readonly string[]
}

/**
 * Which properties of a present object a round tells: all that were selected, or with `Prefer: return=minimal` those
 * that changed. What was never set is left out (Graph: delta-query-overview); what was set and cleared is told as null.
 */
export function toldProperties(
  resource: Record<string, unknown>,
  row: RowTracking,
  round: Knowledge,
  columnsOf: ColumnsOf,
): Record<string, unknown> {
  const told: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(resource)) {
    const wasSet = columnsOf(name).some((column) => row.propertyXids?.[column] !== undefined)
    if (isEmpty(value) && !wasSet) continue
    if (isTold(row, round, columnsOf(name))) told[name] = value
  }
  return told
}

/** Whether what is made of these columns is told: always, unless only changes are wanted and the client has the rest. */
export function isTold(
  row: RowTracking,
  { since, isMinimal, presence }: Knowledge,
  columns: readonly string[],
): boolean {
  if (!isMinimal || cameSince(row, since, presence)) return true
  return columns.some((column) => isNew(row.propertyXids?.[column], since))
}

/** Created or restored since: the client knows nothing of it. */
function cameSince(
  { changedXid, propertyXids }: RowTracking,
  since: Snapshot | undefined,
  presence: readonly string[],
): boolean {
  const created = propertyXids?.[''] ?? Number(changedXid)
  return isNew(created, since) || presence.some((column) => isNew(propertyXids?.[column], since))
}

function isNew(xid: number | undefined, since: Snapshot | undefined): boolean {
  return xid !== undefined && (since === undefined || !isVisible(xid, since))
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0)
}
