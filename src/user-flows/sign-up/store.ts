import type postgres from 'postgres'
import type { SelfServiceRow } from '../../directory/index.js'
import type {
  LogContext,
  PasscodeRequest,
  PasscodeState,
  SendOutcome,
  SessionView,
  StartedFlow,
  TryOutcome,
} from '../../sign-in/index.js'
import { startedFlowRow } from '../../sign-in/index.js'
import type { Ending, Proof, Run } from './rules.js'

type Sql = postgres.Sql

/** A browser in a flow: the stored forms of its handles. */
export type Holder = { flowId: string; browser: Buffer; session: Buffer | null }

/** An invitation that somebody has still to accept. */
export type OpenInvitation = { invitationId: string; version: number; userId: string }

export type View = {
  run: Run | null
  session:
    | (SessionView & {
        createdAt: string
        state: string | null
        userType: 'Member' | 'Guest'
        invitation: OpenInvitation | null
      })
    | null
  passcode: PasscodeState | null
  /**
   * An earlier request of whoever was proved, where the flow holds its visitors; of a run that ended with one, that, while
   * there is something to see. `isTied`: this browser may see it.
   */
  request: { id: string; isTied: boolean } | null
}

/** What codes of a flow open: going on in it, in the browser that asked. */
export function subjectOf(flowId: string): string {
  return `signup ${flowId}`
}

/** All that the pages of a flow show in one browser; with `isHeld` also whether whoever was proved has asked before. */
export async function readView(sql: Sql, tenantId: string, now: Date, holder: Holder, isHeld: boolean): Promise<View> {
  const { flowId, browser, session } = holder
  const [row] = await sql<{ view: View }[]>`
    select sign_up_view(${tenantId}, ${now.toISOString()}, ${flowId}, ${browser}, ${session},
      ${subjectOf(flowId)}, ${isHeld}) as view`
  if (!row) throw new Error('looking at a sign-up answered nothing')
  return row.view
}

export type BeginOutcome =
  | SendOutcome
  | { outcome: 'begun' | 'proved' }
  | { outcome: 'signUpsLimited'; retryAt: string }

/** Begins a run, within the limits, and asks for a code where one is wanted. */
export async function begin(
  sql: Sql,
  tenantId: string,
  now: Date,
  holder: Holder,
  wish: {
    id: string
    client: string
    expires: Date
    mostOfClient: number
    mostOfFlow: number | null
    passcode: PasscodeRequest | undefined
    /** Of whoever is sent to their home, to be written with it. */
    leaving: StartedFlow | undefined
  },
): Promise<BeginOutcome> {
  const passcode = wish.passcode && {
    ...wish.passcode,
    browser: wish.passcode.browser.toString('hex'),
    codeHash: wish.passcode.codeHash.toString('hex'),
  }
  const [row] = await sql<{ answer: BeginOutcome }[]>`
    select sign_up_begin(${tenantId}, ${now.toISOString()}, ${wish.id}, ${holder.flowId}, ${holder.browser},
      ${holder.session}, ${wish.client}, ${wish.expires.toISOString()}, ${wish.mostOfClient}, ${wish.mostOfFlow},
      ${passcode ? jsonOf(passcode) : null}::text::jsonb,
      ${wish.leaving ? jsonOf(startedFlowRow(wish.leaving)) : null}::text::jsonb) as answer`
  if (!row) throw new Error('beginning a sign-up answered nothing')
  return row.answer
}

export type Known = { issuer: string; subject: string }

/** Whose proof it was. */
export type Who =
  | { who: 'new' | 'confirmed'; run: Run }
  | { who: 'known'; userId: string; state: string | null; invitation: OpenInvitation | null }
  | { who: 'taken'; identities: Known[] }
  | { who: 'barred' }

/** What a code came to. `notDue`: another step is. */
export type ProveOutcome =
  | ({ outcome: 'ok'; address: string } & Who)
  | (Omit<TryOutcome, 'outcome'> & { outcome: Exclude<TryOutcome['outcome'], 'ok'> | 'notDue' })

/** New handles, and what the sign-in log knows. */
export type Entry = { newSession: Buffer; ends: Date; log: LogContext }

export async function prove(
  sql: Sql,
  tenantId: string,
  now: Date,
  { flowId, browser, session }: Holder,
  { codeHash, newSession, ends, log }: Entry & { codeHash: Buffer },
): Promise<ProveOutcome> {
  const [row] = await sql<{ answer: ProveOutcome }[]>`
    select sign_up_prove(${tenantId}, ${now.toISOString()}, ${flowId}, ${browser}, ${subjectOf(flowId)}, ${codeHash},
      ${session}, ${newSession}, ${ends.toISOString()}, ${jsonOf(log)}::text::jsonb) as answer`
  if (!row) throw new Error('trying a code answered nothing')
  return row.answer
}

/** Takes somebody back from their home. `none`: no run of this browser waits for them. */
export async function arrive(
  sql: Sql,
  tenantId: string,
  now: Date,
  { flowId, browser, session }: Holder,
  { proof, newSession, ends, log }: Entry & { proof: Proof },
): Promise<Who | { who: 'none' }> {
  const [row] = await sql<{ answer: Who | { who: 'none' } }[]>`
    select sign_up_arrive(${tenantId}, ${now.toISOString()}, ${flowId}, ${browser},
      ${jsonOf(proof)}::text::jsonb, ${session}, ${newSession}, ${ends.toISOString()},
      ${jsonOf(log)}::text::jsonb) as answer`
  if (!row) throw new Error('arriving answered nothing')
  return row.answer
}

/** Keeps answers; undefined when they are not asked for now. */
export async function answer(
  sql: Sql,
  tenantId: string,
  now: Date,
  { flowId, browser, session }: Holder,
  { asks, answers }: { asks: boolean; answers: object },
): Promise<Run | undefined> {
  const [row] = await sql<{ run: Run | null }[]>`
    select sign_up_answer(${tenantId}, ${now.toISOString()}, ${flowId}, ${browser}, ${session}, ${asks},
      ${jsonOf(answers)}::text::jsonb) as run`
  return row?.run ?? undefined
}

export type Changes = {
  prefill?: object
  overrides?: object
  notice?: string
  ending?: Ending
}

/** Keeps what a step came to; undefined when the run has moved on since it was read. */
export async function keep(
  sql: Sql,
  tenantId: string,
  now: Date,
  session: Buffer,
  { id, revision }: Pick<Run, 'id' | 'revision'>,
  changes: Changes,
): Promise<Run | undefined> {
  const [row] = await sql<{ run: Run | null }[]>`
    select sign_up_keep(${tenantId}, ${now.toISOString()}, ${id}, ${session}, ${revision},
      ${jsonOf(changes)}::text::jsonb) as run`
  return row?.run ?? undefined
}

export type FinishOutcome =
  /** `known`: of somebody who has an account by now, another made no second one. */
  { outcome: 'done' | 'known'; userId: string } | { outcome: 'stale' | 'moved' | 'addressTaken' | 'barred' | 'lost' }

/** Makes the guest, once. */
export async function finish(
  sql: Sql,
  tenantId: string,
  now: Date,
  session: Buffer,
  { id, revision }: Pick<Run, 'id' | 'revision'>,
  with_: {
    version: number
    agreedTo: string | undefined
    initialDomain: string
    guest: SelfServiceRow
    ends: Date
    auditId: string
    log: LogContext
  },
): Promise<FinishOutcome> {
  const [row] = await sql<{ answer: FinishOutcome }[]>`
    select sign_up_finish(${tenantId}, ${now.toISOString()}, ${with_.version}, ${id}, ${session}, ${revision},
      ${with_.agreedTo ?? null}, ${with_.initialDomain}, ${jsonOf(with_.guest)}::text::jsonb,
      ${with_.ends.toISOString()}, ${with_.auditId}, ${jsonOf(with_.log)}::text::jsonb) as answer`
  if (!row) throw new Error('finishing a sign-up answered nothing')
  return row.answer
}

/** Forgets how far a browser has come in a flow. */
export async function restart(sql: Sql, tenantId: string, { flowId, browser }: Holder): Promise<void> {
  await sql`select sign_up_restart(${tenantId}, ${flowId}, ${browser})`
}

export type HoldOutcome = 'held' | 'moved' | 'known' | 'barred'

/** Ends a run and holds its visitor for approval, or signs them in to the account that they have by now. */
export async function hold(
  sql: Sql,
  tenantId: string,
  now: Date,
  { browser, session }: Holder,
  { id, revision }: Pick<Run, 'id' | 'revision'>,
  wish: { request: object; ends: Date; log: LogContext },
): Promise<HoldOutcome> {
  const [row] = await sql<{ answer: { outcome: HoldOutcome } }[]>`
    select sign_up_hold(${tenantId}, ${now.toISOString()}, ${id}, ${session}, ${revision},
      ${jsonOf(wish.request)}::text::jsonb, ${browser}, ${wish.ends.toISOString()},
      ${jsonOf(wish.log)}::text::jsonb) as answer`
  if (!row) throw new Error('holding a sign-up answered nothing')
  return row.answer.outcome
}

/** As PostgreSQL takes it: what people and other systems wrote may hold characters that no text there can have. */
function jsonOf(value: object): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'string' ? part.toWellFormed().replaceAll('\0', '') : part,
  )
}

/** Forgets runs whose time is over, at most `most`. */
export async function purgeRuns(sql: Sql, tenantId: string, now: Date, most: number): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select sign_up_purge(${tenantId}, ${now.toISOString()}, ${most}) as count`
  return row?.count ?? 0
}
