import { and, desc, eq, gt, gte, inArray, isNull, max, or, type SQL, sql } from 'drizzle-orm'
import type { TenantScope } from '../platform/database.js'
import {
  type CreateAnswer,
  type CreateOutcome,
  createCall,
  type InvitationRow,
  type Inviter,
  type KnownUser,
  outcomesOf,
} from './create-store.js'
import { type HistoryEntry, invitationMails, invitations, mailBlocks } from './tables.js'

export type InvitationRecord = typeof invitations.$inferSelect

const own = (scope: TenantScope) => eq(invitations.tenantId, scope.tenantId)

export async function findInvitation(scope: TenantScope, id: string): Promise<InvitationRecord | undefined> {
  const [row] = await scope.orm
    .select()
    .from(invitations)
    .where(and(own(scope), eq(invitations.id, id)))
  return row
}

/** The same, locked until the transaction ends. Lock the guest first: redemption does so too. */
export async function lockInvitation(scope: TenantScope, id: string): Promise<InvitationRecord | undefined> {
  const [row] = await scope.orm
    .select()
    .from(invitations)
    .where(and(own(scope), eq(invitations.id, id)))
    .for('no key update')
  return row
}

/** The invitations of a condition, in any order. */
export function loadInvitations(scope: TenantScope, where: SQL): Promise<InvitationRecord[]> {
  return scope.orm
    .select()
    .from(invitations)
    .where(and(own(scope), where))
}

/** The hot path's function inside a transaction that has already changed the user (reset, conversion). */
export async function createWithin(
  scope: TenantScope,
  version: number,
  now: Date,
  inviter: Inviter,
  row: InvitationRow,
  known?: KnownUser,
): Promise<CreateOutcome | undefined> {
  const { tenantId } = scope
  const rows = [row]
  const [answer] = await scope.orm.execute<CreateAnswer>(
    createCall(sql, { tenantId, version, now, inviter, rows, known }),
  )
  return outcomesOf(rows, answer)[0]
}

type Ending = { status: 'revoked'; event: 'revoked' | 'reset'; now: Date; actor: HistoryEntry['actor'] }

/** A history is for people: what comes after its 200th line is only counted. */
const append = (event: string, now: Date, actor: HistoryEntry['actor']) =>
  sql`case when jsonb_array_length(${invitations.history}) >= 200 then ${invitations.history}
    else ${invitations.history} || ${JSON.stringify({ event, dateTime: now.toISOString(), actor })}::text::jsonb end`

/**
 * Ends every pending invitation of a guest, who is locked; returns how many there were. One that has lapsed stays
 * lapsed, whether or not the job has written that down yet.
 */
export async function endPending(scope: TenantScope, userId: string, ending: Ending): Promise<number> {
  const pending = and(own(scope), eq(invitations.userId, userId), eq(invitations.status, 'pending'))
  await lockInOrder(scope, pending)
  const isLive = or(isNull(invitations.expiresDateTime), gt(invitations.expiresDateTime, ending.now))
  const ended = await scope.orm
    .update(invitations)
    .set({ status: ending.status, endedDateTime: ending.now, history: append(ending.event, ending.now, ending.actor) })
    .where(and(pending, isLive))
    .returning({ id: invitations.id })
  return ended.length
}

/** Whether a user has accepted an invitation ever, or was invited at `since` or later. */
export async function isStillInvited(scope: TenantScope, userId: string, since: Date): Promise<boolean> {
  const counts = or(eq(invitations.status, 'completed'), gte(invitations.createdDateTime, since))
  const [row] = await scope.orm
    .select({ id: invitations.id })
    .from(invitations)
    .where(and(own(scope), eq(invitations.userId, userId), counts))
    .limit(1)
  return row !== undefined
}

/** Whether a guest has an invitation that they can still accept. */
export async function hasOpenInvitation({ orm, tenantId }: TenantScope, userId: string, now: Date): Promise<boolean> {
  const [row] = await orm.execute<{ open: boolean }>(
    sql`select invitations_open_of(${tenantId}, ${now.toISOString()}, ${userId}) is not null as open`,
  )
  return row?.open ?? false
}

/** Kills every link made so far for any invitation of a guest. */
export async function raiseTicketVersions(scope: TenantScope, userId: string): Promise<void> {
  const all = and(own(scope), eq(invitations.userId, userId))
  await lockInOrder(scope, all)
  await scope.orm
    .update(invitations)
    .set({ ticketVersion: sql`${invitations.ticketVersion} + 1` })
    .where(all)
}

/** An UPDATE locks in whatever order it finds rows; two that meet on several need the same one. */
async function lockInOrder(scope: TenantScope, where: SQL | undefined): Promise<void> {
  await scope.orm
    .select({ id: invitations.id })
    .from(invitations)
    .where(where)
    .orderBy(invitations.id)
    .for('no key update')
}

/** When the newest mail of an invitation was asked for. */
export async function lastMailOf(scope: TenantScope, invitation: InvitationRecord): Promise<Date | undefined> {
  const [row] = await scope.orm
    .select({ at: max(invitationMails.createdDateTime) })
    .from(invitationMails)
    .where(
      and(
        eq(invitationMails.tenantId, scope.tenantId),
        eq(invitationMails.recipientFolded, invitation.addressFolded),
        eq(invitationMails.invitationId, invitation.id),
      ),
    )
  return row?.at ?? undefined
}

/** Times of the newest mails to an address, or caused by an inviter, within 24 hours; newest first, at most `most`. */
export async function recentMails(
  scope: TenantScope,
  by: { recipient: string } | { inviterId: string },
  since: Date,
  most: number,
): Promise<Date[]> {
  const whose =
    'recipient' in by ? eq(invitationMails.recipientFolded, by.recipient) : eq(invitationMails.inviterId, by.inviterId)
  const rows = await scope.orm
    .select({ at: invitationMails.createdDateTime })
    .from(invitationMails)
    .where(
      and(
        eq(invitationMails.tenantId, scope.tenantId),
        whose,
        sql`${invitationMails.createdDateTime} > ${since.toISOString()}`,
      ),
    )
    .orderBy(desc(invitationMails.createdDateTime))
    .limit(most)
  return rows.map(({ at }) => at)
}

/** One inviter at a time from here to the end of the transaction, so that caps count exactly. */
export async function lockInviter(scope: TenantScope, inviterId: string): Promise<void> {
  await scope.orm.execute(
    sql`select pg_advisory_xact_lock(hashtextextended('vestibule mail cap ' || ${inviterId}::text, 0))`,
  )
}

/** Queues another mail of an invitation: mail row, outbox row and the invitation's new delivery, together. */
export async function queueMail(
  scope: TenantScope,
  invitation: InvitationRecord,
  mail: { id: string; now: Date; actor: HistoryEntry['actor']; inviterId: string; inviterKind: string },
): Promise<void> {
  await scope.orm.insert(invitationMails).values({
    tenantId: scope.tenantId,
    id: mail.id,
    invitationId: invitation.id,
    recipientFolded: invitation.addressFolded,
    inviterId: mail.inviterId,
    inviterKind: mail.inviterKind,
    state: 'queued',
    stateDateTime: mail.now,
    createdDateTime: mail.now,
  })
  await scope.orm.execute(
    sql`select outbox_add(${scope.tenantId}::uuid, 'invitation.mail', array[${mail.id}]::uuid[], array[${invitation.id}]::uuid[])`,
  )
  await scope.orm
    .update(invitations)
    .set({
      deliveryState: 'queued',
      deliveryReason: null,
      deliveryDateTime: mail.now,
      history: append('resent', mail.now, mail.actor),
    })
    .where(and(own(scope), eq(invitations.id, invitation.id)))
}

/** Since when an address wants no mail; undefined when it does. */
export async function blockedSince(scope: TenantScope, addressFolded: string): Promise<Date | undefined> {
  const [row] = await scope.orm
    .select({ at: mailBlocks.createdDateTime })
    .from(mailBlocks)
    .where(and(eq(mailBlocks.tenantId, scope.tenantId), eq(mailBlocks.addressFolded, addressFolded)))
  return row?.at
}

/** True when the address was not blocked before. */
export async function insertBlock(scope: TenantScope, addressFolded: string, now: Date): Promise<boolean> {
  const rows = await scope.orm
    .insert(mailBlocks)
    .values({ tenantId: scope.tenantId, addressFolded, createdDateTime: now })
    .onConflictDoNothing()
    .returning({ address: mailBlocks.addressFolded })
  return rows.length > 0
}

/** True when the address was blocked before. */
export async function deleteBlock(scope: TenantScope, addressFolded: string): Promise<boolean> {
  const rows = await scope.orm
    .delete(mailBlocks)
    .where(and(eq(mailBlocks.tenantId, scope.tenantId), eq(mailBlocks.addressFolded, addressFolded)))
    .returning({ address: mailBlocks.addressFolded })
  return rows.length > 0
}

export type MailRecord = typeof invitationMails.$inferSelect

export async function findMail(scope: TenantScope, id: string): Promise<MailRecord | undefined> {
  const [row] = await scope.orm
    .select()
    .from(invitationMails)
    .where(and(eq(invitationMails.tenantId, scope.tenantId), eq(invitationMails.id, id)))
    .for('no key update')
  return row
}

/** What a delivery event says of one mail; the invitation shows it when it is about its newest mail. */
export async function recordDelivery(
  scope: TenantScope,
  mail: MailRecord,
  event: { state: string; reason: string | undefined; at: Date },
): Promise<void> {
  await scope.orm
    .update(invitationMails)
    .set({ state: event.state, stateDateTime: event.at })
    .where(and(eq(invitationMails.tenantId, scope.tenantId), eq(invitationMails.id, mail.id)))
  const newest = scope.orm
    .select({ id: max(sql`${invitationMails.id}::text`) })
    .from(invitationMails)
    .where(
      and(
        eq(invitationMails.tenantId, scope.tenantId),
        eq(invitationMails.recipientFolded, mail.recipientFolded),
        eq(invitationMails.invitationId, mail.invitationId),
      ),
    )
  await scope.orm
    .update(invitations)
    .set({
      deliveryState: event.state,
      deliveryReason: event.reason ?? null,
      deliveryDateTime: event.at,
      history: append(event.state, event.at, { kind: 'service' }),
    })
    .where(and(own(scope), eq(invitations.id, mail.invitationId), inArray(sql`${mail.id}::text`, newest)))
}
