import { LRUCache } from 'lru-cache'
import type postgres from 'postgres'
import { arrayLiteral } from '../platform/array-literal.js'
import { asJson, createTenantBatch } from '../platform/tenant-batch.js'
import type { SecondStepDemand } from '../policies/index.js'
import type {
  FederatedMethod,
  LogContext,
  PasscodeRequest,
  PasscodeState,
  SendOutcome,
  SessionView,
  TryOutcome,
} from '../sign-in/index.js'

/** Invitations whose facts a process remembers between a page and its answer; a few hundred bytes each. */
const FACTS = 5_000

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
    accessEndsAt: string | null
    addresses: string[]
    /** What they accepted with. */
    identities: { issuer: string; subject: string }[]
    state: string | null
    preferredLanguage: string | null
  } | null
}

export type View = {
  invitation: InvitationView | null
  session: SessionView | null
  passcode: PasscodeState | null
}

export type ViewRow = { now: Date; invitation: string; session: Buffer | null; browser: Buffer | null }

/** What of an invitation never changes. */
export type InvitationFacts = Pick<InvitationView, 'id' | 'userId' | 'address' | 'folded' | 'redirectUrl' | 'language'>

export type SendRow = PasscodeRequest & { user: string; ticketVersion: number }

/** `notDue`: the invitation takes no code, or not by this link. */
type NotDue = { outcome: 'notDue' }

export type ProofRow = {
  now: Date
  invitation: string
  user: string
  ticketVersion: number
  browser: Buffer
  codeHash: Buffer
  session: Buffer
  oldSession: Buffer | null
  ends: Date
  /** Address of the client, for the sign-in log. */
  client: string
}

export type AcceptRow = {
  now: Date
  version: number
  invitation: string
  /** The guest: locked first. */
  user: string
  ticketVersion: number
  session: Buffer
  newSession: Buffer
  auditIds: string[]
  /** What the session must prove beyond its first step. */
  demand: SecondStepDemand
  /** Whether a passcode is enough for somebody whom the organization has not seen yet. */
  takesPasscode: boolean
  /** Whether an account at the organization itself is. */
  takesLocal: boolean
}

export type AcceptOutcome =
  | 'accepted'
  | 'completed'
  | 'expired'
  | 'revoked'
  | 'error'
  | 'blocked'
  | 'identityTaken'
  | 'signedOut'
  | 'wrongAccount'
  | 'secondStepDue'
  | 'stale'
  /** The session was got by a passcode or an account here, and a home speaks for the domain now. */
  | 'otherProof'

/** The hot statements of the redemption. Those of one tenant that wait together travel together. */
export type RedemptionStore = {
  /** Everything a page can show. Writes nothing. */
  view(tenantId: string, row: ViewRow): Promise<View>
  /** What an earlier view of this process told, if it is remembered. */
  remembered(tenantId: string, invitationId: string): InvitationFacts | undefined
  /** Asks for a passcode mail. */
  send(tenantId: string, row: SendRow): Promise<SendOutcome | NotDue>
  /** Checks a code and signs the browser in. */
  prove(tenantId: string, row: ProofRow): Promise<TryOutcome | NotDue>
  /** Accepts, unless somebody was faster: the outcome says who. */
  accept(tenantId: string, row: AcceptRow): Promise<AcceptOutcome>
}

/** For statements that wait for nobody: one at a time takes more rows with it and costs less. */
const ALONE = { inFlight: 1 }

export function createRedemptionStore(sql: postgres.Sql): RedemptionStore {
  const facts = new LRUCache<string, InvitationFacts>({ max: FACTS })
  const nameOf = (tenantId: string, invitationId: string) => `${tenantId} ${invitationId}`
  let views = 0
  return {
    remembered: (tenantId, invitationId) => facts.get(nameOf(tenantId, invitationId)),
    view: createTenantBatch<ViewRow, View>({
      // Reading locks nothing, so no two rows keep each other from travelling together.
      lock: () => String(views++),
      ...ALONE,
      async run(tenantId, rows) {
        const found = await sql<{ view: View }[]>`
          select redemption_views(${tenantId}, ${asJson(rows)}::text::jsonb) as view`
        for (const { view } of found) {
          if (view.invitation) facts.set(nameOf(tenantId, view.invitation.id), factsOf(view.invitation))
        }
        return found.map(({ view }) => view)
      },
    }),
    send: createTenantBatch<SendRow, SendOutcome | NotDue>({
      lock: ({ folded }) => folded,
      async run(tenantId, rows) {
        const [row] = await sql<{ outcomes: (SendOutcome | NotDue)[] }[]>`
          select redemption_send(${tenantId}, ${asJson(rows)}::text::jsonb) as outcomes`
        return row?.outcomes ?? []
      },
    }),
    prove: createTenantBatch<ProofRow, TryOutcome | NotDue>({
      lock: ({ browser }) => browser.toString('hex'),
      ...ALONE,
      async run(tenantId, rows) {
        const [row] = await sql<{ outcomes: (TryOutcome | NotDue)[] }[]>`
          select redemption_prove(${tenantId}, ${asJson(rows)}::text::jsonb) as outcomes`
        return row?.outcomes ?? []
      },
    }),
    accept: createTenantBatch<AcceptRow, AcceptOutcome>({
      lock: ({ user }) => user,
      async run(tenantId, rows) {
        const [row] = await sql<{ outcomes: AcceptOutcome[] }[]>`
          select redemption_accept(${tenantId}, ${asJson(rows)}::text::jsonb) as outcomes`
        return row?.outcomes ?? []
      },
    }),
  }
}

export type ArriveRow = {
  invitationId: string
  userId: string
  ticketVersion: number
  issuer: string
  subject: string
  /** The address that the home vouches for. */
  folded: string | null
  /** What the home says of how it was proved: `amr` and `acr`. */
  homeClaims: readonly string[]
  method: FederatedMethod
  session: Buffer
  oldSession: Buffer | null
  ends: Date
  log: LogContext
}

/** Signs a browser in whom a home has vouched for. */
export async function arrive(
  sql: postgres.Sql,
  tenantId: string,
  now: Date,
  row: ArriveRow,
): Promise<'ok' | 'notDue' | 'wrongAccount'> {
  const [answer] = await sql<{ outcome: 'ok' | 'notDue' | 'wrongAccount' }[]>`
    select redemption_arrive(${tenantId}, ${now.toISOString()}, ${row.invitationId}, ${row.userId},
      ${row.ticketVersion}, ${row.issuer}, ${row.subject}, ${row.folded}, ${row.method},
      ${arrayLiteral(row.homeClaims) ?? '{}'}::text::text[], ${row.session},
      ${row.oldSession}, ${row.ends.toISOString()}, ${JSON.stringify(row.log)}::text::jsonb) as outcome`
  if (!answer) throw new Error('arriving answered nothing')
  return answer.outcome
}

function factsOf({ id, userId, address, folded, redirectUrl, language }: InvitationView): InvitationFacts {
  return { id, userId, address, folded, redirectUrl, language }
}

export type DeclineOutcome = AcceptOutcome | 'declined' | 'pending'

/** Leaves a trace of a "no"; invitation and guest stay as they are. */
export async function decline(
  sql: postgres.Sql,
  tenantId: string,
  now: Date,
  refusal: { invitationId: string; session: Buffer; auditId: string },
): Promise<DeclineOutcome> {
  const [row] = await sql<{ outcome: DeclineOutcome }[]>`
    select redemption_decline(${tenantId}, ${now.toISOString()}, ${refusal.invitationId}, ${refusal.session},
      ${refusal.auditId}) as outcome`
  if (!row) throw new Error('declining answered nothing')
  return row.outcome
}
