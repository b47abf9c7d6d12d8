import { LRUCache } from 'lru-cache'
import type postgres from 'postgres'
import { createCoalescer } from '../platform/coalescer.js'
import { isAnswered } from '../platform/database.js'
import type { Statistics } from '../platform/statistics.js'

/** One invitation to be made, as the SQL function `invitations_create` reads it. What is undefined does not travel. */
export type InvitationRow = {
  id: string
  userId: string
  mailId: string
  /** Ids of the audit rows it may leave. */
  audit1: string
  audit2: string
  audit3: string
  audit4: string
  address: string
  folded: string
  /** Of the guest, if one is made. */
  displayName: string
  /** As the caller gave it. */
  givenDisplayName: string | undefined
  userType: 'Guest' | 'Member'
  upn: string
  nickname: string
  redirectUrl: string
  send: boolean
  language: string | undefined
  message: string | undefined
  ccName: string | undefined
  ccAddress: string | undefined
  contactUrl: string | undefined
  isReset: boolean
  conversion: boolean
  expiresAt: string | undefined
  inviterKind: 'application' | 'user'
  inviterId: string
  inviterName: string
  inviterMail: string | undefined
  recipientCap: number
  inviterCap: number | undefined
  sponsors: string[]
  sponsorsGiven: boolean
  /** The row is for `userId`, who exists, whatever their addresses. */
  knownUser?: true
  keyHash?: string
  requestHash?: string
}

export type CreateOutcome =
  | {
      outcome: 'created'
      invitationId: string
      userId: string
      state: 'PendingAcceptance' | 'Accepted'
      /** Of a user the request named: what they are stays, whatever was asked for. */
      userType?: 'Guest' | 'Member'
      suppressed: string | null
      mailed: boolean
    }
  | { outcome: 'replayed'; invitationId: string; requestHash: string }
  | { outcome: 'internal' | 'internalBlocked'; userId: string }
  | { outcome: 'gone' | 'stale' }

/** Creates one invitation; rows of one tenant that wait together share a statement. */
export type CreateRow = (tenantId: string, version: number, now: Date, row: InvitationRow) => Promise<CreateOutcome>

type Entry = { version: number; now: Date; row: InvitationRow }

/** The hot path: see design note 0001. One prepared statement for up to 64 invitations of a tenant. */
export function createRowWriter(sql: postgres.Sql, statistics: Pick<Statistics, 'wrote'>): CreateRow {
  const byTenant = new LRUCache<string, (entry: Entry) => Promise<CreateOutcome>>({ max: 500 })
  const writerOf = (tenantId: string) => {
    const known = byTenant.get(tenantId)
    if (known) return known
    const made = createCoalescer<Entry, CreateOutcome>({
      keys: ({ row }) => (row.keyHash ? [row.folded, row.keyHash] : [row.folded]),
      run: async (entries) => {
        const outcomes = await write(sql, tenantId, entries)
        statistics.wrote(entries.length)
        return outcomes
      },
      mayBeOneRow: isAnswered,
    })
    byTenant.set(tenantId, made)
    return made
  }
  return (tenantId, version, now, row) => writerOf(tenantId)({ version, now, row })
}

async function write(sql: postgres.Sql, tenantId: string, entries: Entry[]): Promise<CreateOutcome[]> {
  const [first] = entries
  if (!first) return []
  // A change of policy between two requests of a batch is rare: each version then gets a statement of its own.
  const together = entries.filter(({ version }) => version === first.version)
  const others = entries.filter(({ version }) => version !== first.version)
  const made = await runCreate(
    sql,
    tenantId,
    first.version,
    first.now,
    together.map(({ row }) => row),
  )
  if (others.length === 0) return made
  const rest = await write(sql, tenantId, others)
  const answered = [
    ...together.map((entry, index) => [entry, made[index]] as const),
    ...others.map((entry, index) => [entry, rest[index]] as const),
  ]
  const byEntry = new Map(answered)
  return entries.flatMap((entry) => byEntry.get(entry) ?? [])
}

async function runCreate(
  sql: postgres.Sql,
  tenantId: string,
  version: number,
  now: Date,
  rows: InvitationRow[],
): Promise<CreateOutcome[]> {
  // Sorted by address, so that two batches never wait for each other in a circle.
  const order = rows.map((_, index) => index).sort((a, b) => compare(rows[a]?.folded, rows[b]?.folded))
  const sorted = order.map((index) => ({ ord: index, ...rows[index] }))
  const [answer] = await sql<{ made: (CreateOutcome & { ord: number })[] }[]>`
    select invitations_create(${tenantId}, ${now.toISOString()}, ${version}, ${JSON.stringify(sorted)}::text::jsonb) as made`
  const byOrd = new Map(answer?.made.map((made) => [made.ord, made]))
  return rows.flatMap((_, index) => byOrd.get(index) ?? [])
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0
}
