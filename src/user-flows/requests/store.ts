import { and, desc, eq, inArray, isNotNull, lte, notInArray, type SQL, sql } from 'drizzle-orm'
import type postgres from 'postgres'
import type { AuditActor } from '../../audit/index.js'
import type { Instant } from '../../kernel/instant.js'
import type { TenantScope } from '../../platform/database.js'
import { outbox } from '../../platform/outbox/tables.js'
import { userFlowApprovers, userFlows } from '../flows/tables.js'
import type { State } from './rules.js'
import { type MailRow, type RequestRow, signUpMails, signUpRequests } from './tables.js'

/** Topic of the mails to approvers and visitors. */
export const TOPIC = 'sign-up.mail'

const own = (scope: TenantScope) => eq(signUpRequests.tenantId, scope.tenantId)
const withId = (scope: TenantScope, id: string) => and(own(scope), eq(signUpRequests.id, id))
const newest = desc(signUpRequests.id)
// In words and not as a parameter, so that indexes of what waits are found.
const waits = sql`state = 'pending'`

/** The id of a flow as Graph writes it, found in whatever case; undefined when the organization has none of this id. */
export async function findFlowId(scope: TenantScope, id: string): Promise<string | undefined> {
  const [row] = await scope.orm
    .select({ name: userFlows.name })
    .from(userFlows)
    .where(and(eq(userFlows.tenantId, scope.tenantId), eq(userFlows.nameFolded, id.toLowerCase())))
  return row?.name
}

/** The groups whose members decide about some flow: few, since a flow has ten approvers at most. */
export async function approvingGroups(scope: TenantScope): Promise<string[]> {
  const rows = await scope.orm
    .selectDistinct({ id: userFlowApprovers.approverId })
    .from(userFlowApprovers)
    .where(and(eq(userFlowApprovers.tenantId, scope.tenantId), eq(userFlowApprovers.approverType, 'Group')))
  return rows.map(({ id }) => id)
}

/** The flows that somebody decides about, named themselves or in one of these groups. */
export async function flowsDecidedBy(scope: TenantScope, approverIds: readonly string[]): Promise<string[]> {
  if (approverIds.length === 0) return []
  const rows = await scope.orm
    .selectDistinct({ name: userFlows.name })
    .from(userFlowApprovers)
    .innerJoin(userFlows, and(eq(userFlows.tenantId, scope.tenantId), eq(userFlows.id, userFlowApprovers.flowId)))
    .where(and(eq(userFlowApprovers.tenantId, scope.tenantId), inArray(userFlowApprovers.approverId, [...approverIds])))
  return rows.map(({ name }) => name)
}

/** The flows that want a yes and name nobody who says it. */
export async function flowsWithoutApprovers(scope: TenantScope): Promise<string[]> {
  const named = scope.orm
    .select({ flowId: userFlowApprovers.flowId })
    .from(userFlowApprovers)
    .where(eq(userFlowApprovers.tenantId, scope.tenantId))
  const rows = await scope.orm
    .select({ name: userFlows.name })
    .from(userFlows)
    .where(
      and(
        eq(userFlows.tenantId, scope.tenantId),
        eq(userFlows.requiresApproval, true),
        notInArray(userFlows.id, named),
      ),
    )
  return rows.map(({ name }) => name)
}

export async function findRequest(scope: TenantScope, id: string): Promise<RequestRow | undefined> {
  const [row] = await scope.orm.select().from(signUpRequests).where(withId(scope, id))
  return row
}

/** The same, locked until the transaction ends: one decision at a time. */
export async function lockRequest(scope: TenantScope, id: string): Promise<RequestRow | undefined> {
  const [row] = await scope.orm.select().from(signUpRequests).where(withId(scope, id)).for('update')
  return row
}

/** Whether somebody asked in a flow, by its id as it is written. */
export async function hasRequests(scope: TenantScope, flowId: string): Promise<boolean> {
  const [row] = await scope.orm
    .select({ id: signUpRequests.id })
    .from(signUpRequests)
    .where(and(own(scope), eq(signUpRequests.flowId, flowId)))
    .limit(1)
  return row !== undefined
}

/** The newest request of a flow that this browser made. */
export function findOfBrowser(
  scope: TenantScope,
  flowId: string,
  browserHash: Buffer,
): Promise<RequestRow | undefined> {
  return findNewest(scope, flowId, eq(signUpRequests.browserHash, browserHash))
}

/** The newest request of a flow whose visitor has this mailbox. */
export function findOfMailbox(scope: TenantScope, flowId: string, folded: string): Promise<RequestRow | undefined> {
  return findNewest(scope, flowId, eq(signUpRequests.emailFolded, folded))
}

async function findNewest(scope: TenantScope, flowId: string, whose: SQL): Promise<RequestRow | undefined> {
  const [row] = await scope.orm
    .select()
    .from(signUpRequests)
    .where(and(own(scope), eq(signUpRequests.flowId, flowId), whose))
    .orderBy(newest)
    .limit(1)
  return row
}

/** Requests by id, in any order. */
export function loadRequests(scope: TenantScope, ids: readonly string[]): Promise<RequestRow[]> {
  return scope.orm
    .select()
    .from(signUpRequests)
    .where(and(own(scope), inArray(signUpRequests.id, [...ids])))
}

/** What waits in these flows at `now`, the longest-waiting first. */
export function listWaiting(
  scope: TenantScope,
  flowIds: readonly string[],
  now: Instant,
  most: number,
): Promise<RequestRow[]> {
  return scope.orm
    .select()
    .from(signUpRequests)
    .where(
      and(
        own(scope),
        inArray(signUpRequests.flowId, [...flowIds]),
        waits,
        sql`expires_date_time > ${now.toISOString()}::timestamptz`,
      ),
    )
    .orderBy(signUpRequests.id)
    .limit(most)
}

export type Settling = {
  state: Exclude<State, 'pending'>
  now: Instant
  by?: AuditActor
  reason?: string | undefined
  userId?: string
}

/** Writes down what became of a request that the transaction holds, and has its visitor told. */
export async function settle(scope: TenantScope, id: string, mailId: string, settling: Settling): Promise<RequestRow> {
  const { state, now, by, reason, userId } = settling
  const [row] = await scope.orm
    .update(signUpRequests)
    .set({ state, decidedDateTime: now, decidedBy: by ?? null, reason: reason ?? null, userId: userId ?? null })
    .where(withId(scope, id))
    .returning()
  if (!row) throw new Error('a request that was locked is gone')
  await queueMails(scope, [{ id: mailId, requestId: id, approverId: null }], now)
  return row
}

/** Those whose time is over, locked; rows that somebody is deciding about are left for the next sweep. */
export function lockDue(scope: TenantScope, now: Instant, most: number): Promise<RequestRow[]> {
  return scope.orm
    .select()
    .from(signUpRequests)
    .where(and(own(scope), waits, lte(signUpRequests.expiresDateTime, now)))
    .orderBy(signUpRequests.expiresDateTime)
    .limit(most)
    .for('update', { skipLocked: true })
}

type NewMail = Pick<MailRow, 'id' | 'requestId' | 'approverId'>

/** Asks for mails, each once. */
export async function queueMails(scope: TenantScope, mails: readonly NewMail[], now: Instant): Promise<void> {
  if (mails.length === 0) return
  const { tenantId } = scope
  await scope.orm.insert(signUpMails).values(mails.map((mail) => ({ ...mail, tenantId, createdDateTime: now })))
  await scope.orm.insert(outbox).values(mails.map(({ id }) => ({ id, tenantId, topic: TOPIC, subjectId: id })))
}

/** Has transactions of the organization that ask approvers follow each other. */
export async function lockMailing({ orm, tenantId }: TenantScope): Promise<void> {
  await orm.execute(
    sql`select pg_advisory_xact_lock(hashtextextended(concat_ws(' ', 'vestibule sign-up mails', ${tenantId}::uuid), 0))`,
  )
}

/** Whether approvers of a request were mailed. */
export async function wereAsked(scope: TenantScope, requestId: string): Promise<boolean> {
  const [row] = await scope.orm
    .select({ id: signUpMails.id })
    .from(signUpMails)
    .where(
      and(
        eq(signUpMails.tenantId, scope.tenantId),
        eq(signUpMails.requestId, requestId),
        isNotNull(signUpMails.approverId),
      ),
    )
    .limit(1)
  return row !== undefined
}

export async function findMail(scope: TenantScope, id: string): Promise<MailRow | undefined> {
  const [row] = await scope.orm
    .select()
    .from(signUpMails)
    .where(and(eq(signUpMails.tenantId, scope.tenantId), eq(signUpMails.id, id)))
  return row
}

/** Which of these approvers have had `most` mails or more since then. */
export async function mailedEnough(
  scope: TenantScope,
  approverIds: readonly string[],
  since: Instant,
  most: number,
): Promise<Set<string>> {
  if (approverIds.length === 0) return new Set()
  const rows = await scope.orm
    .select({ id: signUpMails.approverId })
    .from(signUpMails)
    .where(
      and(
        eq(signUpMails.tenantId, scope.tenantId),
        inArray(signUpMails.approverId, [...approverIds]),
        sql`created_date_time > ${since.toISOString()}::timestamptz`,
      ),
    )
    .groupBy(signUpMails.approverId)
    .having(sql`count(*) >= ${most}`)
  return new Set(rows.flatMap(({ id }) => (id === null ? [] : [id])))
}

/** Deletes requests with everything about them. */
export async function deleteRequests(scope: TenantScope, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const gone = [...ids]
  await scope.orm
    .delete(signUpMails)
    .where(and(eq(signUpMails.tenantId, scope.tenantId), inArray(signUpMails.requestId, gone)))
  await scope.orm.delete(signUpRequests).where(and(own(scope), inArray(signUpRequests.id, gone)))
}

/** Approved and lapsed requests that were settled before then. */
export async function findSettled(scope: TenantScope, before: Instant, most: number): Promise<string[]> {
  const rows = await scope.orm
    .select({ id: signUpRequests.id })
    .from(signUpRequests)
    .where(and(own(scope), sql`state in ('approved', 'lapsed')`, lte(signUpRequests.decidedDateTime, before)))
    .limit(most)
  return rows.map(({ id }) => id)
}

/** Lets a browser that has proved who it is look at a request without a code. */
export async function tieBrowser(sql: postgres.Sql, tenantId: string, id: string, browserHash: Buffer): Promise<void> {
  await sql`select sign_up_request_tie(${tenantId}, ${id}, ${browserHash})`
}

/** Ends sign-ups under way and requests that wait, of a flow that is deleted; answers with how many waited. */
export async function endSignUps({ orm, tenantId }: TenantScope, flowId: string, now: Instant): Promise<number> {
  const [row] = await orm.execute<{ count: number }>(
    sql`select sign_up_requests_without_flow(${tenantId}, ${now.toISOString()}, ${flowId}) as count`,
  )
  return row?.count ?? 0
}
