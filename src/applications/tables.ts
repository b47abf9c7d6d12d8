import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  customType,
  foreignKey,
  index,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { JWK } from 'jose'
import { trackedColumns } from '../platform/changes/tables.js'
import { foldedText } from '../platform/columns.js'
import type { Api, AppRole, RedirectUris, RequiredResourceAccess, Web } from './schema.js'

const instant = (name: string) => timestamp(name, { withTimezone: true })
const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })
const texts = (name: string) => text(name).array().notNull().default(sql`'{}'`)

/** Properties of an application that are kept for whoever wrote them and decide nothing here. */
export type ApplicationProfile = {
  defaultRedirectUri?: string
  description?: string
  info?: Record<string, string | null | undefined>
  isDeviceOnlyAuthSupported?: boolean
  notes?: string
  optionalClaims?: Record<string, unknown>
  serviceManagementReference?: string
}

/** The same of a service principal. */
export type PrincipalProfile = {
  alternativeNames?: string[]
  description?: string
  loginUrl?: string
  notes?: string
  notificationEmailAddresses?: string[]
  preferredSingleSignOnMode?: string
  preferredTokenSigningKeyThumbprint?: string
  tags?: string[]
}

/** Graph: application, together with its servicePrincipal in the same tenant while it has one. */
export const applications = pgTable(
  'applications',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid().notNull(),
    /** OAuth's `client_id`. */
    appId: uuid('app_id').notNull(),
    /** Null: nobody can sign in as it or to it, and nothing can be granted to it. */
    servicePrincipalId: uuid('service_principal_id'),
    displayName: text('display_name').notNull(),
    displayNameFolded: foldedText('display_name_folded').notNull().generatedAlwaysAs(sql`lower(display_name)`),
    accountEnabled: boolean('account_enabled').notNull().default(true),
    /** Graph's names of the application permissions that are granted: what its assignments to Graph's roles say. */
    permissions: texts('permissions'),
    /** Tokens minted before this instant are refused. Only ever raised. */
    tokensValidFrom: instant('tokens_valid_from'),
    uniqueName: text('unique_name'),
    signInAudience: text('sign_in_audience').notNull().default('AzureADMyOrg'),
    identifierUris: texts('identifier_uris'),
    tags: texts('tags'),
    appRoles: jsonb('app_roles').$type<AppRole[]>().notNull().default([]),
    api: jsonb().$type<Api>().notNull().default({}),
    web: jsonb().$type<Web>().notNull().default({}),
    spa: jsonb().$type<RedirectUris>().notNull().default({}),
    publicClient: jsonb('public_client').$type<RedirectUris>().notNull().default({}),
    requiredResourceAccess: jsonb('required_resource_access').$type<RequiredResourceAccess[]>().notNull().default([]),
    groupMembershipClaims: text('group_membership_claims'),
    /** Entra: "allow public client flows". Opens the device code flow. */
    isFallbackPublicClient: boolean('is_fallback_public_client'),
    appRoleAssignmentRequired: boolean('app_role_assignment_required').notNull().default(false),
    profile: jsonb().$type<ApplicationProfile>().notNull().default({}),
    principalProfile: jsonb('principal_profile').$type<PrincipalProfile>().notNull().default({}),
    logo: bytea(),
    logoMediaType: text('logo_media_type'),
    createdByAppId: uuid('created_by_app_id'),
    createdDateTime: instant('created_date_time').notNull(),
    /** Since when it is gone but can be restored; its service principal is too then, or it had none. */
    deletedDateTime: instant('deleted_date_time'),
    /** The service principal that was deleted last, with its application or alone, while it can be restored. */
    deletedPrincipalId: uuid('deleted_principal_id'),
    principalDeletedDateTime: instant('principal_deleted_date_time'),
    ...trackedColumns,
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    uniqueIndex('applications_app_id').on(table.tenantId, table.appId),
    uniqueIndex('applications_service_principal').on(table.tenantId, table.servicePrincipalId),
    uniqueIndex('applications_unique_name').on(table.tenantId, table.uniqueName).where(sql`deleted_date_time is null`),
    uniqueIndex('applications_deleted_principal').on(table.tenantId, table.deletedPrincipalId),
    index('applications_deleted').on(table.tenantId, table.deletedDateTime).where(sql`deleted_date_time is not null`),
    index('applications_principal_deleted')
      .on(table.tenantId, table.principalDeletedDateTime)
      .where(sql`principal_deleted_date_time is not null`),
    index('applications_display_name').on(table.tenantId, table.displayNameFolded, table.id),
    index('applications_changed').on(table.tenantId, table.changedXid, table.id),
    check('applications_deleted', sql`deleted_date_time is null or service_principal_id is null`),
    check(
      'applications_deleted_principal',
      sql`(deleted_principal_id is null) = (principal_deleted_date_time is null)
        and (deleted_principal_id is null or service_principal_id is null)`,
    ),
    check('applications_logo', sql`(logo is null) = (logo_media_type is null)`),
  ],
)

/** Graph: passwordCredential and keyCredential. Of a secret only its HMAC and first three characters are kept. */
export const applicationCredentials = pgTable(
  'application_credentials',
  {
    tenantId: uuid('tenant_id').notNull(),
    applicationId: uuid('application_id').notNull(),
    keyId: uuid('key_id').notNull(),
    kind: text({ enum: ['secret', 'key'] }).notNull(),
    /** Whether it was added to the service principal: listed there, like every other. */
    isOfPrincipal: boolean('is_of_principal').notNull().default(false),
    secretHmac: bytea('secret_hmac'),
    hint: text(),
    publicJwk: jsonb('public_jwk').$type<JWK>(),
    /** Graph: customKeyIdentifier, of a certificate its SHA-1 thumbprint. */
    customKeyIdentifier: bytea('custom_key_identifier'),
    /** The certificate that the key came in. */
    certificate: bytea(),
    displayName: text('display_name'),
    startDateTime: instant('start_date_time').notNull(),
    endDateTime: instant('end_date_time'),
    createdDateTime: instant('created_date_time').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.applicationId, table.keyId] }),
    foreignKey({
      name: 'application_credentials_application',
      columns: [table.tenantId, table.applicationId],
      foreignColumns: [applications.tenantId, applications.id],
    }).onDelete('cascade'),
    check('application_credentials_kind', sql`kind in ('secret', 'key')`),
    check('application_credentials_secret', sql`(kind = 'secret') = (secret_hmac is not null and hint is not null)`),
    check('application_credentials_key', sql`(kind = 'key') = (public_jwk is not null)`),
    check('application_credentials_period', sql`end_date_time > start_date_time`),
  ],
)

/** Graph: owners, of an application or of a service principal; each has its own. */
export const applicationOwners = pgTable(
  'application_owners',
  {
    tenantId: uuid('tenant_id').notNull(),
    /** Id of the application or of the service principal. */
    objectId: uuid('object_id').notNull(),
    ownerId: uuid('owner_id').notNull(),
    ownerType: text('owner_type').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.objectId, table.ownerId] }),
    index('application_owners_of_owner').on(table.tenantId, table.ownerId, table.objectId),
    check('application_owners_type', sql`owner_type in ('user', 'servicePrincipal')`),
  ],
)

/** Graph: appRoleAssignment. A deleted user or group keeps its rows, so that restoring gives them back. */
export const appRoleAssignments = pgTable(
  'app_role_assignments',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid().notNull(),
    /** Service principal whose role it is. */
    resourceId: uuid('resource_id').notNull(),
    principalId: uuid('principal_id').notNull(),
    principalType: text('principal_type', { enum: ['User', 'Group', 'ServicePrincipal'] }).notNull(),
    appRoleId: uuid('app_role_id').notNull(),
    createdDateTime: instant('created_date_time').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    uniqueIndex('app_role_assignments_once').on(table.tenantId, table.principalId, table.resourceId, table.appRoleId),
    index('app_role_assignments_of_resource').on(table.tenantId, table.resourceId, table.id),
    index('app_role_assignments_of_principal').on(table.tenantId, table.principalId, table.id),
    check('app_role_assignments_type', sql`principal_type in ('User', 'Group', 'ServicePrincipal')`),
  ],
)

/** Graph: federatedIdentityCredential. Whom else's tokens prove an application. */
export const federatedCredentials = pgTable(
  'federated_identity_credentials',
  {
    tenantId: uuid('tenant_id').notNull(),
    applicationId: uuid('application_id').notNull(),
    id: uuid().notNull(),
    name: text().notNull(),
    issuer: text().notNull(),
    subject: text().notNull(),
    audiences: text().array().notNull(),
    description: text(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.applicationId, table.id] }),
    foreignKey({
      name: 'federated_identity_credentials_application',
      columns: [table.tenantId, table.applicationId],
      foreignColumns: [applications.tenantId, applications.id],
    }).onDelete('cascade'),
    uniqueIndex('federated_identity_credentials_name').on(table.tenantId, table.applicationId, table.name),
    uniqueIndex('federated_identity_credentials_whose').on(
      table.tenantId,
      table.applicationId,
      table.issuer,
      table.subject,
    ),
  ],
)

export type Application = typeof applications.$inferSelect
export type NewApplicationRow = Omit<typeof applications.$inferInsert, 'tenantId'>
export type Credential = typeof applicationCredentials.$inferSelect
export type Assignment = typeof appRoleAssignments.$inferSelect
export type PrincipalType = Assignment['principalType']
