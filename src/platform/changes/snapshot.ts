/**
 * A PostgreSQL snapshot in its text form, `xmin:xmax:in progress,…`: which transactions one look at the database could
 * see. Between two looks exactly those changes are new whose transaction the first could not see; sequences and times
 * cannot say that, since whoever commits late has an early number.
 */
export type Snapshot = string

/** More transactions in progress than this are not listed in tokens, which travel in URLs. */
const MOST_LISTED = 150

/** Whether a look with this snapshot saw what transaction `xid` wrote, if it committed (pg_visible_in_snapshot). */
export function isVisible(xid: number, snapshot: Snapshot): boolean {
  const [xmin = '0', xmax = '0', listed = ''] = snapshot.split(':')
  if (xid < Number(xmin)) return true
  return xid < Number(xmax) && !listed.split(',').includes(String(xid))
}

/** The oldest transaction that this snapshot may not have seen. */
export function oldestUnseen(snapshot: Snapshot): string {
  return snapshot.split(':')[0] ?? '0'
}

/**
 * A snapshot short enough to travel. One with very many transactions in progress becomes one that saw none of what
 * began since the oldest of them: some changes are then told twice, and none is left out.
 */
export function shortened(snapshot: Snapshot): Snapshot {
  const [xmin = '0', , listed = ''] = snapshot.split(':')
  return listed.split(',').length > MOST_LISTED ? `${xmin}:${xmin}:` : snapshot
}

/** Whether a text has the form of a snapshot, so that PostgreSQL can read it. */
export function isSnapshot(text: unknown): text is Snapshot {
  return typeof text === 'string' && /^\d{1,19}:\d{1,19}:(?:\d{1,19}(?:,\d{1,19})*)?$/.test(text)
}
