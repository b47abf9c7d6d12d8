import type postgres from 'postgres'
import type { ToldGroups } from '../applications/index.js'
import type { LogContext, SessionView, TryOutcome } from '../sign-in/index.js'

/** Everything a token says of somebody at one application. Instants are texts. */
export type AccountFacts = {
  id: string
  displayName: string
  mail: string | null
  userType: 'Guest' | 'Member'
  accountEnabled: boolean
  /** When the access of a guest ends. */
  accessEndsAt: string | null
  state: 'PendingAcceptance' | 'Accepted' | null
  preferredLanguage: string | null
  userPrincipalName: string
  tokensValidFrom: string | null
  /** Addresses that this person has proved, or a home that speaks for them. Folded. */
  provedAddresses: string[]
  directoryRoles: string[]
  givenName: string | null
  surname: string | null
  issuers: string[]
  roleIds: string[]
  groups: string[]
  /** Delegated permissions of Graph that were consented to. */
  consented: string[]
}

/** A person at an application, undefined when there is no such person. */
export async function readAccount(
  sql: postgres.Sql,
  tenantId: string,
  userId: string,
  principalId: string,
  groups: ToldGroups,
): Promise<AccountFacts | undefined> {
  const [row] = await sql<{ account: AccountFacts | null }[]>`
    select provider_account(${tenantId}, ${userId}, ${principalId}, ${groups}) as account`
  return row?.account ?? undefined
}

/** A live session of a browser. */
export type SessionFacts = SessionView & {
  createdAt: string
  userType: 'Member' | 'Guest'
  state: AccountFacts['state']
}

/** A session that is read is used: when, and by which kind of browser, is noted. */
export async function readSession(
  sql: postgres.Sql,
  tenantId: string,
  now: Date,
  handle: Buffer,
  family: string | null,
): Promise<SessionFacts | undefined> {
  const [row] = await sql<{ session: SessionFacts | null }[]>`
    select provider_session(${tenantId}, ${now.toISOString()}, ${handle}, ${family}) as session`
  return row?.session ?? undefined
}

/** Tries a code of somebody on their way to an application; `noAccount` when the proved mailbox is nobody's here. */
export async function proveMailbox(
  sql: postgres.Sql,
  tenantId: string,
  attempt: {
    now: Date
    browser: Buffer
    subject: string
    codeHash: Buffer
    session: Buffer
    oldSession: Buffer | null
    ends: Date
    log: LogContext
  },
): Promise<Omit<TryOutcome, 'outcome'> & { outcome: TryOutcome['outcome'] | 'noAccount' }> {
  const { now, browser, subject, codeHash, session, oldSession, ends, log } = attempt
  const [row] = await sql`
    select provider_prove(${tenantId}, ${now.toISOString()}, ${browser}, ${subject}, ${codeHash}, ${session},
      ${oldSession}, ${ends.toISOString()}, ${JSON.stringify(log)}::text::jsonb) as answer`
  if (!row) throw new Error('trying a passcode answered nothing')
  return row['answer']
}

export type OpenInvitation = { invitationId: string; version: number; userId: string }

/** The invitation that somebody has still to accept. */
export async function readOpenInvitation(
  sql: postgres.Sql,
  tenantId: string,
  now: Date,
  userId: string,
): Promise<OpenInvitation | undefined> {
  const [row] = await sql<{ invitation: OpenInvitation | null }[]>`
    select provider_open_invitation(${tenantId}, ${now.toISOString()}, ${userId}) as invitation`
  return row?.invitation ?? undefined
}

/** A line of the sign-in log for somebody who is not let in to an application, or whose device is. */
export async function logAnswer(
  sql: postgres.Sql,
  tenantId: string,
  now: Date,
  { userId, method, outcome, log }: { userId: string; method: string; outcome: string; log: LogContext },
): Promise<void> {
  await sql`select provider_log(${tenantId}, ${now.toISOString()}, ${userId}, ${method}, ${outcome},
    ${JSON.stringify(log)}::text::jsonb)`
}
