import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  customType,
  index,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { trackedColumns } from '../platform/changes/tables.js'
import { foldedText } from '../platform/columns.js'
import type { ExtensionValues } from './extensions/tables.js'

const instant = (name: string) => timestamp(name, { withTimezone: true })
const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

/** Graph: user, the properties that exist only on a single user. */
export type UserProfile = {
  aboutMe?: string
  birthday?: string
  hireDate?: string
  mySite?: string
  preferredName?: string
  interests?: string[]
  pastProjects?: string[]
  responsibilities?: string[]
  schools?: string[]
  skills?: string[]
}

/** Graph: user. `null` in `other_mails` means "the invited address only", so that inviting writes no array. */
export const users = pgTable(
  'users',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid().notNull(),
    userPrincipalName: text('user_principal_name').notNull(),
    // Row security keeps `lower(...)` out of index conditions (it is not leakproof), equality of text it lets in.
    userPrincipalNameFolded: foldedText('user_principal_name_folded')
      .notNull()
      .generatedAlwaysAs(sql`lower(user_principal_name)`),
    displayName: text('display_name').notNull(),
    displayNameFolded: foldedText('display_name_folded').notNull().generatedAlwaysAs(sql`lower(display_name)`),
    mail: text(),
    mailFolded: foldedText('mail_folded'),
    mailNickname: text('mail_nickname'),
    mailNicknameFolded: foldedText('mail_nickname_folded').generatedAlwaysAs(sql`lower(mail_nickname)`),
    // What ends with a text starts with it backwards.
    mailBackwards: foldedText('mail_backwards').generatedAlwaysAs(sql`reverse(mail_folded)`),
    userPrincipalNameBackwards: foldedText('user_principal_name_backwards')
      .notNull()
      .generatedAlwaysAs(sql`reverse(lower(user_principal_name))`),
    otherMails: text('other_mails').array(),
    userType: text('user_type').notNull(),
    creationType: text('creation_type'),
    externalUserState: text('external_user_state'),
    externalUserStateChangeDateTime: instant('external_user_state_change_date_time'),
    accountEnabled: boolean('account_enabled').notNull().default(true),
    givenName: text('given_name'),
    surname: text(),
    jobTitle: text('job_title'),
    mobilePhone: text('mobile_phone'),
    businessPhones: text('business_phones').array().notNull().default(sql`'{}'`),
    officeLocation: text('office_location'),
    preferredLanguage: text('preferred_language'),
    companyName: text('company_name'),
    department: text(),
    employeeId: text('employee_id'),
    city: text(),
    state: text(),
    country: text(),
    postalCode: text('postal_code'),
    streetAddress: text('street_address'),
    usageLocation: text('usage_location'),
    faxNumber: text('fax_number'),
    employeeType: text('employee_type'),
    employeeHireDate: instant('employee_hire_date'),
    employeeLeaveDateTime: instant('employee_leave_date_time'),
    employeeCostCenter: text('employee_cost_center'),
    employeeDivision: text('employee_division'),
    ageGroup: text('age_group'),
    consentProvidedForMinor: text('consent_provided_for_minor'),
    showInAddressList: boolean('show_in_address_list'),
    passwordPolicies: text('password_policies'),
    preferredDataLocation: text('preferred_data_location'),
    onPremisesImmutableId: text('on_premises_immutable_id'),
    /** Graph: onPremisesExtensionAttributes, of which only those that are set are kept. */
    extensionAttributes: jsonb('extension_attributes').$type<Record<string, string>>(),
    /** What Graph keeps in a user's profile and answers only for one user at a time (aboutMe, skills, ...). */
    profile: jsonb().$type<UserProfile>(),
    /** What applications have added (`extensions/`), by the id of the definition. */
    extensionValues: jsonb('extension_values').$type<ExtensionValues>(),
    /** Who this user reports to; a deleted manager stays written down, and is none for readers. */
    managerId: uuid('manager_id'),
    givenNameFolded: foldedText('given_name_folded').generatedAlwaysAs(sql`lower(given_name)`),
    surnameFolded: foldedText('surname_folded').generatedAlwaysAs(sql`lower(surname)`),
    departmentFolded: foldedText('department_folded').generatedAlwaysAs(sql`lower(department)`),
    cityFolded: foldedText('city_folded').generatedAlwaysAs(sql`lower(city)`),
    stateFolded: foldedText('state_folded').generatedAlwaysAs(sql`lower(state)`),
    countryFolded: foldedText('country_folded').generatedAlwaysAs(sql`lower(country)`),
    usageLocationFolded: foldedText('usage_location_folded').generatedAlwaysAs(sql`lower(usage_location)`),
    employeeIdFolded: foldedText('employee_id_folded').generatedAlwaysAs(sql`lower(employee_id)`),
    createdDateTime: instant('created_date_time').notNull(),
    deletedDateTime: instant('deleted_date_time'),
    signInSessionsValidFromDateTime: instant('sign_in_sessions_valid_from_date_time'),
    /** Addition: when a guest's access ends. */
    accessEndDateTime: instant('access_end_date_time'),
    ...trackedColumns,
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    uniqueIndex('users_mail').on(table.tenantId, table.mailFolded).where(sql`deleted_date_time is null`),
    uniqueIndex('users_user_principal_name').on(table.tenantId, table.userPrincipalNameFolded),
    // Of present users only, so that counting a range of names reads no rows.
    index('users_display_name')
      .on(table.tenantId, table.displayNameFolded, table.id)
      .where(sql`deleted_date_time is null`),
    // Inviting writes at its end.
    index('users_created').on(table.tenantId, table.createdDateTime, table.id).where(sql`deleted_date_time is null`),
    index('users_mail_backwards')
      .on(table.tenantId, table.mailBackwards, table.id)
      .where(sql`deleted_date_time is null`),
    index('users_name_backwards')
      .on(table.tenantId, table.userPrincipalNameBackwards, table.id)
      .where(sql`deleted_date_time is null`),
    index('users_mail_nickname')
      .on(table.tenantId, table.mailNicknameFolded, table.id)
      .where(sql`deleted_date_time is null`),
    // Of invited guests it is the moment they were, until they answer: this holds the others.
    index('users_state_changed')
      .on(table.tenantId, table.externalUserStateChangeDateTime, table.id)
      .where(sql`external_user_state_change_date_time <> created_date_time and deleted_date_time is null`),
    // Among guests who were invited these are few, and inviting writes neither.
    index('users_members').on(table.tenantId, table.id).where(sql`user_type = 'Member' and deleted_date_time is null`),
    index('users_accepted')
      .on(table.tenantId, table.id)
      .where(sql`external_user_state = 'Accepted' and deleted_date_time is null`),
    // Mostly null, so that inviting writes none of them.
    index('users_given_name')
      .on(table.tenantId, table.givenNameFolded, table.id)
      .where(sql`given_name_folded is not null`),
    index('users_surname').on(table.tenantId, table.surnameFolded, table.id).where(sql`surname_folded is not null`),
    index('users_department')
      .on(table.tenantId, table.departmentFolded, table.id)
      .where(sql`department_folded is not null`),
    index('users_city').on(table.tenantId, table.cityFolded, table.id).where(sql`city_folded is not null`),
    index('users_state').on(table.tenantId, table.stateFolded, table.id).where(sql`state_folded is not null`),
    index('users_country').on(table.tenantId, table.countryFolded, table.id).where(sql`country_folded is not null`),
    index('users_usage_location')
      .on(table.tenantId, table.usageLocationFolded, table.id)
      .where(sql`usage_location_folded is not null`),
    index('users_employee_id')
      .on(table.tenantId, table.employeeIdFolded, table.id)
      .where(sql`employee_id_folded is not null`),
    index('users_never_redeemed')
      .on(table.tenantId, table.createdDateTime)
      .where(sql`external_user_state = 'PendingAcceptance' and deleted_date_time is null`),
    // Null for whoever is invited without an end, so that inviting writes none of them.
    index('users_access_ends')
      .on(table.tenantId, table.accessEndDateTime, table.id)
      .where(sql`access_end_date_time is not null and deleted_date_time is null`),
    index('users_changed').on(table.tenantId, table.changedXid, table.id),
    index('users_reports').on(table.tenantId, table.managerId, table.id).where(sql`manager_id is not null`),
    index('users_deleted')
      .on(table.tenantId, table.deletedDateTime, table.id)
      .where(sql`deleted_date_time is not null`),
    check('users_user_type', sql`user_type in ('Guest', 'Member')`),
    check('users_state', sql`external_user_state in ('PendingAcceptance', 'Accepted')`),
    check('users_mail_is_folded', sql`(mail is null) = (mail_folded is null)`),
  ],
)

/** Addresses of `otherMails` in the form in which they are compared; rows only where an administrator set some. */
export const userOtherMails = pgTable(
  'user_other_mails',
  {
    tenantId: uuid('tenant_id').notNull(),
    addressFolded: foldedText('address_folded').notNull(),
    addressBackwards: foldedText('address_backwards').notNull().generatedAlwaysAs(sql`reverse(address_folded)`),
    userId: uuid('user_id').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.addressFolded, table.userId] }),
    index('user_other_mails_backwards').on(table.tenantId, table.addressBackwards, table.userId),
    index('user_other_mails_of_user').on(table.tenantId, table.userId),
  ],
)

/**
 * Values of properties that few users have and `$filter` may ask for, one row each, as `searchable` writes them. What
 * an invitation sets has columns and indexes of its own; whoever is invited with nothing more has no row here.
 */
export const directoryValues = pgTable(
  'directory_values',
  {
    tenantId: uuid('tenant_id').notNull(),
    /** Graph's name, or the id of an extension property. */
    property: text().notNull(),
    value: foldedText('value').notNull(),
    /** A user or a group. */
    objectId: uuid('object_id').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.property, table.value, table.objectId] }),
    index('directory_values_of_object').on(table.tenantId, table.objectId, table.property),
  ],
)

/** Graph: objectIdentity of an accepted guest. The identity by user principal name is derived, not stored. */
export const userIdentities = pgTable(
  'user_identities',
  {
    tenantId: uuid('tenant_id').notNull(),
    issuer: text().notNull(),
    issuerAssignedId: text('issuer_assigned_id').notNull(),
    userId: uuid('user_id').notNull(),
    signInType: text('sign_in_type').notNull(),
    /** The address of the person that this home vouched for last while it was their mail, folded; null where none was. */
    vouchedAddress: text('vouched_address'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.issuer, table.issuerAssignedId] }),
    index('user_identities_of_user').on(table.tenantId, table.userId),
  ],
)

/**
 * Who is known by a proof that this deployment itself takes (a mailbox, a member of one of its organizations), as a hash,
 * for all organizations: outside row security, since it tells which of them know one person. Kept by a trigger.
 */
export const knownIdentities = pgTable(
  'known_identities',
  {
    tenantId: uuid('tenant_id').notNull(),
    identityHash: bytea('identity_hash').notNull(),
    userId: uuid('user_id').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.identityHash] }),
    index('known_identities_anywhere').on(table.identityHash, table.tenantId),
  ],
)

/** Graph: user.sponsors, users or groups, at most five. */
export const userSponsors = pgTable(
  'user_sponsors',
  {
    tenantId: uuid('tenant_id').notNull(),
    userId: uuid('user_id').notNull(),
    sponsorId: uuid('sponsor_id').notNull(),
    ordinal: smallint().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.userId, table.sponsorId] }),
    index('user_sponsors_of').on(table.tenantId, table.sponsorId, table.userId),
  ],
)

/** Which directory roles a user or service principal holds, by Graph's role template ids. */
export const directoryRoleAssignments = pgTable(
  'directory_role_assignments',
  {
    tenantId: uuid('tenant_id').notNull(),
    principalId: uuid('principal_id').notNull(),
    roleTemplateId: uuid('role_template_id').notNull(),
    createdDateTime: instant('created_date_time').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.principalId, table.roleTemplateId] })],
)

export type UserRow = typeof users.$inferSelect
/** Graph: objectIdentity. `issuerAssignedId` is null where Graph does not tell it. */
export type Identity = { signInType: string; issuer: string; issuerAssignedId: string }
export type ShownIdentity = Omit<Identity, 'issuerAssignedId'> & { issuerAssignedId: string | null }
