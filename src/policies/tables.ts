import { jsonb, pgTable, uuid } from 'drizzle-orm/pg-core'
import type { AuthorizationPolicy, InvitationDomainPolicy } from './documents.js'

/** The policy documents of a tenant. Their version is the tenant's (`tenants.version`). */
export const tenantPolicies = pgTable('tenant_policies', {
  tenantId: uuid('tenant_id').primaryKey(),
  authorization: jsonb().$type<Partial<AuthorizationPolicy>>().notNull().default({}),
  invitationDomains: jsonb('invitation_domains').$type<Partial<InvitationDomainPolicy>>().notNull().default({}),
})
