import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { applications } from '../../applications/tables.js'
import type { ChoiceValue, Validation } from './rules.js'

/** Graph: b2xIdentityUserFlow. */
export const userFlows = pgTable(
  'user_flows',
  {
    tenantId: uuid('tenant_id').notNull(),
    /** What rows refer to; nobody outside sees it. */
    id: uuid().notNull(),
    /** Graph's `id`: `B2X_1_Partner`. Never changes. */
    name: text().notNull(),
    nameFolded: text('name_folded').notNull(),
    isEnabled: boolean('is_enabled').notNull().default(true),
    requiresApproval: boolean('requires_approval').notNull().default(false),
    /** Days that a request waits for its approvers; null: as the organization says. */
    requestLifetimeDays: integer('request_lifetime_days'),
    termsOfUseUrl: text('terms_of_use_url'),
    defaultLanguage: text('default_language').notNull(),
    /** Ids of API connectors, by the slot that asks them. */
    postFederationSignup: uuid('post_federation_signup'),
    postAttributeCollection: uuid('post_attribute_collection'),
    createdDateTime: timestamp('created_date_time', { withTimezone: true }).notNull(),
    /** Raised with every change of the flow or of what hangs on it. */
    version: integer().notNull().default(1),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    uniqueIndex('user_flows_name').on(table.tenantId, table.nameFolded),
    index('user_flows_of_first_connector').on(table.tenantId, table.postFederationSignup),
    index('user_flows_of_second_connector').on(table.tenantId, table.postAttributeCollection),
  ],
)

/** Identity providers that a flow offers, in their order. Built-in ones have no row of their own to refer to. */
export const userFlowProviders = pgTable(
  'user_flow_providers',
  {
    tenantId: uuid('tenant_id').notNull(),
    flowId: uuid('flow_id').notNull(),
    providerId: text('provider_id').notNull(),
    position: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.flowId, table.providerId] }),
    index('user_flow_providers_of').on(table.tenantId, table.providerId),
    foreignKey({
      name: 'user_flow_providers_flow',
      columns: [table.tenantId, table.flowId],
      foreignColumns: [userFlows.tenantId, userFlows.id],
    }).onDelete('cascade'),
  ],
)

/** Graph: identityUserFlowAttributeAssignment, a question of a flow. */
export const userFlowAssignments = pgTable(
  'user_flow_assignments',
  {
    tenantId: uuid('tenant_id').notNull(),
    flowId: uuid('flow_id').notNull(),
    /** `city`, `extension_<app id>_<Name>`: Graph's `id` of the assignment too. */
    attributeId: text('attribute_id').notNull(),
    /** For lists, which need an id that sorts. */
    id: uuid().notNull(),
    position: integer().notNull(),
    displayName: text('display_name'),
    isOptional: boolean('is_optional').notNull(),
    requiresVerification: boolean('requires_verification').notNull(),
    userInputType: text('user_input_type').notNull(),
    userAttributeValues: jsonb('user_attribute_values').$type<ChoiceValue[]>().notNull().default([]),
    defaultValue: text('default_value'),
    validation: jsonb().$type<Validation>(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.flowId, table.attributeId] }),
    uniqueIndex('user_flow_assignments_id').on(table.tenantId, table.id),
    index('user_flow_assignments_of').on(table.tenantId, table.attributeId),
    foreignKey({
      name: 'user_flow_assignments_flow',
      columns: [table.tenantId, table.flowId],
      foreignColumns: [userFlows.tenantId, userFlows.id],
    }).onDelete('cascade'),
  ],
)

/** Applications that sign up by a flow: one flow an application. */
export const userFlowApplications = pgTable(
  'user_flow_applications',
  {
    tenantId: uuid('tenant_id').notNull(),
    applicationId: uuid('application_id').notNull(),
    /** OAuth's `client_id` of it, by which the flow is looked up. */
    appId: uuid('app_id').notNull(),
    flowId: uuid('flow_id').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.applicationId] }),
    uniqueIndex('user_flow_applications_client').on(table.tenantId, table.appId),
    index('user_flow_applications_of').on(table.tenantId, table.flowId),
    foreignKey({
      name: 'user_flow_applications_flow',
      columns: [table.tenantId, table.flowId],
      foreignColumns: [userFlows.tenantId, userFlows.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'user_flow_applications_application',
      columns: [table.tenantId, table.applicationId],
      foreignColumns: [applications.tenantId, applications.id],
    }).onDelete('cascade'),
  ],
)

/** Who decides about the requests of a flow. */
export const userFlowApprovers = pgTable(
  'user_flow_approvers',
  {
    tenantId: uuid('tenant_id').notNull(),
    flowId: uuid('flow_id').notNull(),
    approverId: uuid('approver_id').notNull(),
    approverType: text('approver_type', { enum: ['User', 'Group'] }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.flowId, table.approverId] }),
    check('user_flow_approvers_type', sql`approver_type in ('User', 'Group')`),
    foreignKey({
      name: 'user_flow_approvers_flow',
      columns: [table.tenantId, table.flowId],
      foreignColumns: [userFlows.tenantId, userFlows.id],
    }).onDelete('cascade'),
  ],
)

export type UserFlowRow = typeof userFlows.$inferSelect
export type AssignmentRow = typeof userFlowAssignments.$inferSelect
export type Approver = Pick<typeof userFlowApprovers.$inferSelect, 'approverId' | 'approverType'>
