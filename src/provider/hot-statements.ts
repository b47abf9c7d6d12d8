import type postgres from 'postgres'
import { type Client, findClients, type RelyingParty } from '../applications/index.js'
import type { Instant } from '../kernel/instant.js'
import { asJson, createTenantBatch } from '../platform/tenant-batch.js'
import type { SignInLine } from './sign-in-line.js'
import type { AccountFacts, SessionFacts } from './sign-in-store.js'
import type { State } from './store.js'

type Application = { client: Client | null; party: RelyingParty | null }
type Known = Application & { account: AccountFacts | null }
/** As the statements answer: applications by `appId`, and what differs from row to row. */
type Found<T> = { known: Record<string, Application>; rows: (T & { account: AccountFacts | null })[] }
/** A session before it is told whose it is. */
type SeenSession = Omit<SessionFacts, 'userType' | 'state'>
type AuthorizingRow = { now: Date; client: string; handle: Buffer | null; family: string | null }
type ExchangingRow = { client: string; model: string; id: string }

/**
 * What a request leaves behind: what it used up, at which second since 1970, what it gave, and the line of the sign-in log
 * that says so where there is one.
 */
export type Kept = {
  used: { model: string; id: string; seconds: number } | null
  given: State[]
  now: Instant
  line?: SignInLine
}

/** One at a time waits for nobody here, takes more with it and costs less. */
const ALONE = { inFlight: 1 }

/** The statements of a sign-in. Requests of one tenant that come at the same time share them. */
export type HotStatements = {
  /** The client of this id, which must be a GUID. */
  client(tenantId: string, clientId: string): Promise<Client | null>
  /** All that a request to sign in asks for. Ids must be GUIDs. */
  authorizing(tenantId: string, row: AuthorizingRow): Promise<Known & { session: SessionFacts | null }>
  /** All that an exchange of a code or a refresh token asks for. */
  exchanging(tenantId: string, row: ExchangingRow): Promise<Known & { shown: Record<string, unknown> | null }>
  /**
   * Keeps a code by which somebody is let in to an application, and the line of the sign-in log. Nobody has lost anything
   * by it if this machine goes down in the next second: a code is asked for anew.
   */
  keepCode(tenantId: string, code: State, line: SignInLine): Promise<boolean>
  /** Writes all of it, or nothing and says false when it was used up before. What is given must be new. */
  keep(tenantId: string, row: Kept): Promise<boolean>
}

export function createHotStatements(sql: postgres.Sql, clock: () => Instant): HotStatements {
  let reads = 0
  // Reading waits for nobody, so any two may travel together; those of one application follow each other.
  const lockOfRead = ({ client }: { client: string }) => `${client} ${reads++}`
  const keep = async (tenantId: string, rows: Kept[], isLight: boolean) => {
    const [row] = await sql<{ kept: boolean[] }[]>`
      select to_jsonb(provider_keep(${tenantId}, ${asJson(rows)}::text::jsonb, ${isLight})) as kept`
    return row?.kept ?? []
  }
  const keepCodes = createTenantBatch<Kept, boolean>({
    ...ALONE,
    lock: ({ given: [code] }) => code?.id ?? '',
    run: (tenantId, rows) => keep(tenantId, rows, true),
  })
  return {
    client: createTenantBatch<string, Client | null>({
      lock: (client) => lockOfRead({ client }),
      ...ALONE,
      run: (tenantId, ids) => findClients(sql, tenantId, ids),
    }),
    authorizing: createTenantBatch({
      lock: lockOfRead,
      ...ALONE,
      async run(tenantId, rows) {
        const [row] = await sql<{ found: Found<{ session: SeenSession | null }> }[]>`
          select provider_authorizing(${tenantId}, ${asJson(rows)}::text::jsonb) as found`
        return answers(rows, row?.found).map((known) => ({ ...known, session: sessionFacts(known) }))
      },
    }),
    exchanging: createTenantBatch({
      lock: lockOfRead,
      ...ALONE,
      async run(tenantId, rows) {
        const [row] = await sql<{ found: Found<{ shown: Record<string, unknown> | null }> }[]>`
          select provider_exchanging(${tenantId}, ${asJson(rows)}::text::jsonb) as found`
        return answers(rows, row?.found)
      },
    }),
    keepCode: (tenantId, code, line) => keepCodes(tenantId, { used: null, given: [code], now: clock(), line }),
    keep: createTenantBatch<Kept, boolean>({
      ...ALONE,
      lock: ({ used, given }) => used?.id ?? given[0]?.id ?? '',
      run: (tenantId, rows) => keep(tenantId, rows, false),
    }),
  }
}

function sessionFacts({ session, account }: { session: SeenSession | null; account: AccountFacts | null }) {
  // Whose account is nobody's has no session either: both are read at the same moment.
  return session && account && { ...session, userType: account.userType, state: account.state }
}

/** Rows of one application share what is told of it. */
function answers<T>(rows: readonly { client: string }[], found: Found<T> | undefined): (Known & T)[] {
  return (found?.rows ?? []).map((row, index) => {
    const application = found?.known[rows[index]?.client ?? '']
    return { client: application?.client ?? null, party: application?.party ?? null, ...row }
  })
}
