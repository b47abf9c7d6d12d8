import { LRUCache } from 'lru-cache'
import type postgres from 'postgres'
import { arrayLiteral } from '../platform/array-literal.js'
import { createCoalescer } from '../platform/coalescer.js'
import { isAnswered } from '../platform/database.js'

/** Who invites, and what holds for every invitation of theirs. */
export type Inviter = {
  kind: 'application' | 'user'
  id: string
  name: string
  mail: string | undefined
  /** Mails to one recipient, and of this inviter, in 24 hours. */
  recipientCap: number
  inviterCap: number | undefined
  /** Ends the user principal names of new guests. */
  initialDomain: string
}

/** One invitation to be made. */
export type InvitationRow = {
  id: string
  userId: string
  mailId: string
  addAuditId: string
  inviteAuditId: string
  sponsorAuditId: string | undefined
  address: string
  folded: string
  /** Of the guest, if one is made. */
  displayName: string
  /** As the caller gave it. */
  givenDisplayName: string | undefined
  userType: 'Guest' | 'Member'
  nickname: string
  redirectUrl: string
  send: boolean
  language: string | undefined
  message: string | undefined
  ccName: string | undefined
  ccAddress: string | undefined
  contactUrl: string | undefined
  expiresAt: string | undefined
  sponsors: string[]
  sponsorsGiven: boolean
  keyHash: string | undefined
  requestHash: string | undefined
}

/** What is special about an invitation of a user who exists and was named. */
export type KnownUser = { isReset: boolean; isConversion: boolean }

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

/** Creates one invitation; rows of one inviter that wait together share a statement. */
export type CreateRow = (
  tenantId: string,
  version: number,
  now: Date,
  inviter: Inviter,
  row: InvitationRow,
) => Promise<CreateOutcome>

type Entry = { version: number; now: Date; inviter: Inviter; row: InvitationRow }

/**
 * The hot path: see design note 0001. One prepared statement for up to 64 invitations of an inviter. All requests of this
 * process share the writer, so that their rows can travel together.
 */
export function createRowWriter(sql: postgres.Sql): CreateRow {
  const byInviter = new LRUCache<string, (entry: Entry) => Promise<CreateOutcome>>({ max: 2_000 })
  const writerOf = (tenantId: string, inviterId: string) => {
    const key = tenantId + inviterId
    const known = byInviter.get(key)
    if (known) return known
    const made = createCoalescer<Entry, CreateOutcome>({
      keys: ({ row }) => (row.keyHash ? [row.folded, row.keyHash] : [row.folded]),
      run: (entries) => write(sql, tenantId, entries),
      mayBeOneRow: isAnswered,
    })
    byInviter.set(key, made)
    return made
  }
  return (tenantId, version, now, inviter, row) => writerOf(tenantId, inviter.id)({ version, now, inviter, row })
}

/** Entries that were decided alike share a statement; a change between two requests of a batch is rare. */
async function write(sql: postgres.Sql, tenantId: string, entries: Entry[]): Promise<CreateOutcome[]> {
  const [first] = entries
  if (!first) return []
  const isLikeFirst = ({ version, inviter }: Entry) =>
    version === first.version && inviter.name === first.inviter.name && inviter.mail === first.inviter.mail
  const outcomes = new Map<Entry, CreateOutcome>()
  // Sorted by address, so that two batches never wait for each other in a circle.
  const together = entries.filter(isLikeFirst).sort((a, b) => compare(a.row.folded, b.row.folded))
  const rows = together.map(({ row }) => row)
  const { version, now, inviter } = first
  const [answer] = await createCall<PromiseLike<CreateAnswer[]>>(sql, { tenantId, version, now, inviter, rows })
  const made = outcomesOf(rows, answer)
  together.forEach((entry, index) => {
    const outcome = made[index]
    if (outcome) outcomes.set(entry, outcome)
  })
  const others = entries.filter((entry) => !isLikeFirst(entry))
  const rest = await write(sql, tenantId, others)
  others.forEach((entry, index) => {
    const outcome = rest[index]
    if (outcome) outcomes.set(entry, outcome)
  })
  return entries.flatMap((entry) => outcomes.get(entry) ?? [])
}

/** What the SQL function `invitations_create` answers; rows count from 1. Null: nothing out of the ordinary. */
export type CreateAnswer = {
  stale: boolean
  replayed: { row: number; invitationId: string; requestHash: string }[] | null
  guests:
    | {
        row: number
        outcome: 'new' | 'existing' | 'internal' | 'internalBlocked' | 'gone'
        userId: string
        state: 'PendingAcceptance' | 'Accepted' | null
      }[]
    | null
  suppressed: (string | null)[] | null
}

type Batch = {
  tenantId: string
  version: number
  now: Date
  inviter: Inviter
  rows: InvitationRow[]
  known?: KnownUser | undefined
}

/**
 * The call of `invitations_create`, for whoever runs it: postgres.js on the hot path, Drizzle inside a transaction.
 * Columns travel as the text of arrays.
 */
export function createCall<Call>(
  tag: (strings: TemplateStringsArray, ...values: (string | number | boolean | null)[]) => Call,
  { tenantId, version, now, inviter, rows, known }: Batch,
): Call {
  const column = (value: (row: InvitationRow) => string | null | undefined) => arrayLiteral(rows.map(value))
  const hasSponsors = rows.some(({ sponsors }) => sponsors.length > 0)
  return tag`
    select * from invitations_create(${tenantId}, ${now.toISOString()}, ${version}, ${activityOf(known)},
      ${known !== undefined}, ${known?.isReset ?? false},
      ${inviter.kind}, ${inviter.id}, ${inviter.name}, ${inviter.mail ?? null},
      ${inviter.recipientCap}, ${inviter.inviterCap ?? null}, ${inviter.initialDomain},
      ${column((row) => row.id)}, ${column((row) => row.userId)}, ${column((row) => (row.send ? row.mailId : null))},
      ${column((row) => row.addAuditId)}, ${column((row) => row.inviteAuditId)}, ${column((row) => row.sponsorAuditId)},
      ${column((row) => row.address)}, ${column((row) => row.folded)}, ${column((row) => row.displayName)},
      ${column((row) => row.givenDisplayName)}, ${column((row) => row.userType)}, ${column((row) => row.nickname)},
      ${column((row) => row.redirectUrl)}, ${column((row) => row.language)}, ${column((row) => row.message)},
      ${column((row) => row.ccName)}, ${column((row) => row.ccAddress)}, ${column((row) => row.contactUrl)},
      ${column((row) => row.expiresAt)},
      ${hasSponsors ? JSON.stringify(rows.map(({ sponsors }) => sponsors)) : null}::text::jsonb,
      ${hasSponsors ? column((row) => String(row.sponsorsGiven)) : null},
      ${column((row) => row.keyHash)}, ${column((row) => row.requestHash)})`
}

/** Graph: directoryAudit.activityDisplayName. */
function activityOf(known: KnownUser | undefined): string {
  if (known?.isReset) return 'Invite external user with reset invitation status'
  return known?.isConversion ? 'Invite internal user to B2B collaboration' : 'Invite external user'
}

/** What became of each row, in the order of the call. */
export function outcomesOf(rows: InvitationRow[], answer: CreateAnswer | undefined): CreateOutcome[] {
  if (!answer) return []
  const replayed = new Map(answer.replayed?.map((first) => [first.row, first]))
  const met = new Map(answer.guests?.map((guest) => [guest.row, guest]))
  return rows.map((row, index): CreateOutcome => {
    if (answer.stale) return { outcome: 'stale' }
    const first = replayed.get(index + 1)
    if (first) return { outcome: 'replayed', invitationId: first.invitationId, requestHash: first.requestHash }
    const guest = met.get(index + 1)
    switch (guest?.outcome) {
      case 'internal':
      case 'internalBlocked':
        return { outcome: guest.outcome, userId: guest.userId }
      case 'gone':
        return { outcome: 'gone' }
    }
    const suppressed = answer.suppressed?.[index] ?? null
    return {
      outcome: 'created',
      invitationId: row.id,
      userId: guest?.userId ?? row.userId,
      state: guest?.state ?? 'PendingAcceptance',
      suppressed,
      mailed: row.send && suppressed === null,
    }
  })
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
