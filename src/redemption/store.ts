import type postgres from 'postgres'
import type { PasscodeState, TryOutcome } from '../sign-in/index.js'

/** An invitation and its guest, as the pages need them. Times are ISO strings: PostgreSQL writes the JSON. */
export type InvitationView = {
  id: string
  userId: string
  address: string
  folded: string
  redirectUrl: string
  status: 'pending' | 'completed' | 'expired' | 'revoked' | 'error'
  ticketVersion: number
  createdAt: string
  expiresAt: string | null
  redeemedAt: string | null
  endedAt: string | null
  inviterKind: 'user' | 'application'
  inviterName: string
  inviterMail: string | null
  contactUrl: string | null
  language: string | null
  mailed: boolean
  lastEvent: string | null
  /** Null: deleted. */
  guest: {
    accountEnabled: boolean
    addresses: string[]
    mailIdentities: string[]
    state: string | null
    preferredLanguage: string | null
  } | null
}

export type SessionView = { userId: string; address: string; folded: string; expiresAt: string }

export type View = {
  invitation: InvitationView | null
  session: SessionView | null
  passcode: PasscodeState | null
}

type Hashes = { session: Buffer | null; browser: Buffer | null }

/** Everything a page can show, in one round trip. Writes nothing. */
export async function readView(
  sql: postgres.Sql,
  tenantId: string,
  now: Date,
  invitationId: string,
  hashes: Hashes,
): Promise<View> {
  const [row] = await sql<{ view: View }[]>`
    select redemption_view(${tenantId}, ${now.toISOString()}, ${invitationId}, ${hashes.session}, ${hashes.browser}) as view`
  if (!row) throw new Error('reading a redemption answered nothing')
  return row.view
}

/** Checks a code and signs the browser in, in one round trip. */
export async function prove(
  sql: postgres.Sql,
  tenantId: string,
  now: Date,
  proof: {
    invitationId: string
    userId: string
    browser: Buffer
    codeHash: Buffer
    session: Buffer
    oldSession: Buffer | null
    sessionEnds: Date
  },
): Promise<TryOutcome> {
  const [row] = await sql<{ answer: TryOutcome }[]>`
    select redemption_prove(${tenantId}, ${now.toISOString()}, ${proof.invitationId}, ${proof.userId}, ${proof.browser},
      ${proof.codeHash}, ${proof.session}, ${proof.oldSession}, ${proof.sessionEnds.toISOString()}) as answer`
  if (!row) throw new Error('proving an address answered nothing')
  return row.answer
}

export type AcceptOutcome = {
  outcome:
    | 'accepted'
    | 'completed'
    | 'expired'
    | 'revoked'
    | 'error'
    | 'blocked'
    | 'signedOut'
    | 'wrongAccount'
    | 'stale'
  redirectUrl?: string
}

/** Accepts, unless somebody was faster: the outcome says who. */
export async function accept(
  sql: postgres.Sql,
  tenantId: string,
  now: Date,
  acceptance: {
    version: number
    invitationId: string
    ticketVersion: number
    session: Buffer
    newSession: Buffer
    sessionEnds: Date
    auditIds: string[]
  },
): Promise<AcceptOutcome> {
  const [row] = await sql<{ answer: AcceptOutcome }[]>`
    select redemption_accept(${tenantId}, ${now.toISOString()}, ${acceptance.version}, ${acceptance.invitationId},
      ${acceptance.ticketVersion}, ${acceptance.session}, ${acceptance.newSession},
      ${acceptance.sessionEnds.toISOString()}, ${acceptance.auditIds}::uuid[]) as answer`
  if (!row) throw new Error('accepting answered nothing')
  return row.answer
}

export type DeclineOutcome = Pick<AcceptOutcome, 'redirectUrl'> & {
  outcome: AcceptOutcome['outcome'] | 'declined' | 'pending'
}

/** Leaves a trace of a "no"; invitation and guest stay as they are. */
export async function decline(
  sql: postgres.Sql,
  tenantId: string,
  now: Date,
  refusal: { invitationId: string; session: Buffer; auditId: string },
): Promise<DeclineOutcome> {
  const [row] = await sql<{ answer: DeclineOutcome }[]>`
    select redemption_decline(${tenantId}, ${now.toISOString()}, ${refusal.invitationId}, ${refusal.session},
      ${refusal.auditId}) as answer`
  if (!row) throw new Error('declining answered nothing')
  return row.answer
}
