import { sql } from 'drizzle-orm'
import {
  boolean,
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
import type { OrganizationProfile, TenantSettings } from './settings.js'

/** One organization. Outside row security: it is what a tenant is found by. */
export const tenants = pgTable('tenants', {
  id: uuid().primaryKey(),
  displayName: text('display_name').notNull(),
  /** The original default domain: part of every guest's user principal name, so it never changes. */
  initialDomain: text('initial_domain').notNull(),
  defaultDomain: text('default_domain').notNull(),
  enabled: boolean().notNull().default(true),
  /** Language of mails when neither the call nor the guest names one. */
  notificationLanguage: text('notification_language'),
  privacyStatementUrl: text('privacy_statement_url'),
  contactAddress: text('contact_address'),
  brandColour: text('brand_colour'),
  logo: jsonb().$type<{ mediaType: string; base64: string }>(),
  settings: jsonb().$type<Partial<TenantSettings>>().notNull().default({}),
  /** Graph: organization, what nothing here depends on. */
  profile: jsonb().$type<Partial<OrganizationProfile>>().notNull().default({}),
  /** Raised with every change of the tenant, its policies or its applications: what caches and hot writes compare. */
  version: integer().notNull().default(1),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
})

/** Domains of a tenant. Outside row security; a verified name belongs to one tenant of the whole deployment. */
export const domains = pgTable(
  'domains',
  {
    name: text().primaryKey(),
    tenantId: uuid('tenant_id')
      .notNull()
      .references(() => tenants.id),
    isVerified: boolean('is_verified').notNull(),
    /** Made a root of its own though it lies below another one (Graph: domain-promote). */
    isPromoted: boolean('is_promoted').notNull().default(false),
    supportedServices: text('supported_services').array().notNull().default(sql`'{}'`),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
  },
  (table) => [
    index('domains_of_tenant').on(table.tenantId),
    uniqueIndex('domains_folded').on(sql`lower(${table.name})`),
  ],
)

/**
 * Names that a tenant says are its own and has not proved yet. A claim keeps nobody else from claiming or proving the
 * same name, so it is not in `domains`.
 */
export const domainClaims = pgTable(
  'domain_claims',
  {
    tenantId: uuid('tenant_id').notNull(),
    name: text().notNull(),
    supportedServices: text('supported_services').array().notNull().default(sql`'{}'`),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.name] })],
)
