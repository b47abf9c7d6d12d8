import { sql } from 'drizzle-orm'
import { bigint, customType, index, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { changedXid } from '../platform/changes/tables.js'
import type { Collection } from './rules.js'

const instant = (name: string) => timestamp(name, { withTimezone: true })
const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

/** Changes of the resource go to one URL, news of the subscription itself to another: each is delivered in its order. */
export type Channel = 'changes' | 'lifecycle'

/** Graph: subscription. */
export const subscriptions = pgTable(
  'subscriptions',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid().notNull(),
    /** As the client wrote it; `collection`, `objectId` and `watched` are what it means. */
    resource: text().notNull(),
    collection: text().$type<Collection>().notNull(),
    objectId: uuid('object_id'),
    watched: text().$type<'objects' | 'members'>().notNull(),
    changeType: text('change_type').notNull(),
    notificationUrl: text('notification_url').notNull(),
    lifecycleNotificationUrl: text('lifecycle_notification_url'),
    clientState: text('client_state'),
    latestSupportedTlsVersion: text('latest_supported_tls_version'),
    expirationDateTime: instant('expiration_date_time').notNull(),
    applicationId: uuid('application_id').notNull(),
    creatorKind: text('creator_kind').$type<'application' | 'user'>().notNull(),
    creatorId: uuid('creator_id').notNull(),
    /** What the creator's token allowed. People's permissions are in their tokens only; applications are asked anew. */
    permissions: text().array().notNull(),
    /** Of the signature of what is sent; sealed with the subscription's id. */
    secretSealed: bytea('secret_sealed').notNull(),
    /** The secret before it, which signs as well until its time is over: receivers have that long to change over. */
    previousSecretSealed: bytea('previous_secret_sealed'),
    previousSecretExpirationDateTime: instant('previous_secret_expiration_date_time'),
    /** The look at the database from which on changes are this subscription's. */
    sinceSnapshot: text('since_snapshot').notNull(),
    createdDateTime: instant('created_date_time').notNull(),
    renewedDateTime: instant('renewed_date_time').notNull(),
    /** When the client was told that the subscription ends soon; null again after a renewal. */
    warnedDateTime: instant('warned_date_time'),
    /** Over: kept until its last lifecycle notification is delivered, and seen by nobody. */
    removedDateTime: instant('removed_date_time'),
    /** The outbox row that delivers what is pending in a channel; null while nothing is. */
    changesWorkId: uuid('changes_work_id'),
    lifecycleWorkId: uuid('lifecycle_work_id'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    index('subscriptions_watching').on(table.tenantId, table.collection).where(sql`removed_date_time is null`),
  ],
)

/** What is to be told to a subscription, and what could not be. Ids and event names only. */
export const notifications = pgTable(
  'notifications',
  {
    tenantId: uuid('tenant_id').notNull(),
    subscriptionId: uuid('subscription_id').notNull(),
    channel: text().$type<Channel>().notNull(),
    sequence: bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    id: uuid().notNull(),
    content: jsonb().$type<Record<string, unknown>>().notNull(),
    createdDateTime: instant('created_date_time').notNull(),
    /** Since when it waits to be delivered: since it was made, or since its client wanted it once more. */
    queuedDateTime: instant('queued_date_time').notNull().defaultNow(),
    /** Given up, with the reason: a dead letter. */
    deadDateTime: instant('dead_date_time'),
    reason: text(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.subscriptionId, table.channel, table.sequence] }),
    index('notifications_dead').on(table.tenantId, table.deadDateTime).where(sql`dead_date_time is not null`),
  ],
)

/** Events of invitations that nobody has been told of yet. Rows only while a subscription wants them. */
export const notificationEvents = pgTable(
  'notification_events',
  {
    tenantId: uuid('tenant_id').notNull(),
    /** Taken while the row that changed is locked, so in the order of its changes whoever commits first. */
    sequence: bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    objectId: uuid('object_id').notNull(),
    event: text().notNull(),
    eventDateTime: instant('event_date_time').notNull(),
    changedXid: changedXid(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.sequence] })],
)

/**
 * How far the changes of a collection have been told, for organizations with subscriptions. Outside row security: the
 * scan serves every tenant. No more in it than a tenant's id and places in its history.
 */
export const notificationFeeds = pgTable(
  'notification_feeds',
  {
    tenantId: uuid('tenant_id').notNull(),
    collection: text().$type<Collection>().notNull(),
    sinceSnapshot: text('since_snapshot').notNull(),
    /** Of which database the snapshots are. */
    cluster: text().notNull(),
    /** When that was: what was removed since is still known only for some days. */
    lookedDateTime: instant('looked_date_time').notNull().defaultNow(),
    /** Only in the middle of a round that takes several transactions. */
    round: jsonb().$type<{ until: string; after: { xid: string; id: string; targetId: string } }>(),
    /** Not before this; while somebody is looking, the end of their lease. */
    nextLookAt: instant('next_look_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.collection] }),
    index('notification_feeds_due').on(table.nextLookAt),
  ],
)

export type Subscription = typeof subscriptions.$inferSelect
export type NotificationRow = typeof notifications.$inferSelect
export type Feed = typeof notificationFeeds.$inferSelect
