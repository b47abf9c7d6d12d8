import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  index,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { changedXid, trackedColumns } from '../../platform/changes/tables.js'
import { foldedText } from '../../platform/columns.js'
import type { ExtensionValues } from '../extensions/tables.js'
import type { RuleNode } from './dynamic/rule-tree.js'

const instant = (name: string) => timestamp(name, { withTimezone: true })

/** Graph: group. `groupTypes` is kept as the two flags it can hold. */
export const groups = pgTable(
  'groups',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid().notNull(),
    displayName: text('display_name').notNull(),
    displayNameFolded: foldedText('display_name_folded').notNull().generatedAlwaysAs(sql`lower(display_name)`),
    description: text(),
    /** `groupTypes` contains `Unified`: a Microsoft 365 group. */
    isUnified: boolean('is_unified').notNull().default(false),
    /** `groupTypes` contains `DynamicMembership`. */
    isDynamic: boolean('is_dynamic').notNull().default(false),
    mail: text(),
    mailFolded: foldedText('mail_folded').generatedAlwaysAs(sql`lower(mail)`),
    mailEnabled: boolean('mail_enabled').notNull(),
    mailNickname: text('mail_nickname').notNull(),
    mailNicknameFolded: foldedText('mail_nickname_folded').notNull().generatedAlwaysAs(sql`lower(mail_nickname)`),
    securityEnabled: boolean('security_enabled').notNull(),
    visibility: text(),
    isAssignableToRole: boolean('is_assignable_to_role'),
    uniqueName: text('unique_name'),
    classification: text(),
    preferredLanguage: text('preferred_language'),
    preferredDataLocation: text('preferred_data_location'),
    theme: text(),
    membershipRule: text('membership_rule'),
    membershipRuleProcessingState: text('membership_rule_processing_state'),
    /** The rule as it is compiled, while it is processed; null when there is none or it is paused. */
    activeRule: jsonb('active_rule').$type<RuleNode>(),
    /** While a rule is being applied to everybody in the background: the last user who was looked at. */
    ruleAppliedUpTo: uuid('rule_applied_up_to'),
    /** What applications have added (`extensions/`), by the id of the definition. */
    extensionValues: jsonb('extension_values').$type<ExtensionValues>(),
    createdDateTime: instant('created_date_time').notNull(),
    renewedDateTime: instant('renewed_date_time').notNull(),
    deletedDateTime: instant('deleted_date_time'),
    ...trackedColumns,
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    uniqueIndex('groups_mail').on(table.tenantId, table.mailFolded).where(sql`deleted_date_time is null`),
    uniqueIndex('groups_unique_name').on(table.tenantId, table.uniqueName).where(sql`deleted_date_time is null`),
    index('groups_display_name')
      .on(table.tenantId, table.displayNameFolded, table.id)
      .where(sql`deleted_date_time is null`),
    index('groups_mail_nickname')
      .on(table.tenantId, table.mailNicknameFolded, table.id)
      .where(sql`deleted_date_time is null`),
    index('groups_mail_order')
      .on(table.tenantId, table.mailFolded, table.id)
      .where(sql`deleted_date_time is null and mail is not null`),
    // Asked whenever a user changes: without a dynamic group there is nothing in it.
    index('groups_with_rule')
      .on(table.tenantId, table.id)
      .where(sql`active_rule is not null and deleted_date_time is null`),
    index('groups_deleted').on(table.tenantId, table.deletedDateTime).where(sql`deleted_date_time is not null`),
    index('groups_changed').on(table.tenantId, table.changedXid, table.id),
    check('groups_visibility', sql`visibility in ('Private', 'Public', 'HiddenMembership')`),
    check('groups_processing_state', sql`membership_rule_processing_state in ('On', 'Paused')`),
    check('groups_rule_is_dynamic', sql`is_dynamic or (membership_rule is null and active_rule is null)`),
    check('groups_are_of_some_use', sql`mail_enabled or security_enabled`),
    check('groups_unified_has_mail', sql`not is_unified or mail is not null`),
  ],
)

/** Graph: group.members. A deleted user or group keeps its rows, so that restoring gives them back; reads skip it. */
export const groupMembers = pgTable(
  'group_members',
  {
    tenantId: uuid('tenant_id').notNull(),
    groupId: uuid('group_id').notNull(),
    memberType: text('member_type').notNull(),
    memberId: uuid('member_id').notNull(),
    changedXid: changedXid(),
    /** The member's name as it is compared: what lists of a group are sorted by. Triggers keep it (functions.sql). */
    memberNameFolded: foldedText('member_name_folded').notNull().default(''),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.groupId, table.memberId] }),
    index('group_members_changed').on(table.tenantId, table.changedXid, table.groupId),
    index('group_members_name').on(table.tenantId, table.groupId, table.memberNameFolded, table.memberId),
    index('group_members_of_member').on(table.tenantId, table.memberId, table.groupId),
    // Groups in a group are few among many: the way down, and the cast to groups, read only them.
    index('group_members_nested').on(table.tenantId, table.groupId, table.memberId).where(sql`member_type = 'group'`),
    check('group_members_type', sql`member_type in ('group', 'user')`),
    check('group_members_is_another', sql`group_id <> member_id`),
  ],
)

/** Graph: group.owners, at most a hundred. */
export const groupOwners = pgTable(
  'group_owners',
  {
    tenantId: uuid('tenant_id').notNull(),
    groupId: uuid('group_id').notNull(),
    ownerId: uuid('owner_id').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.groupId, table.ownerId] }),
    index('group_owners_of_owner').on(table.tenantId, table.ownerId, table.groupId),
  ],
)

export type GroupRow = typeof groups.$inferSelect
export type NewGroup = typeof groups.$inferInsert
