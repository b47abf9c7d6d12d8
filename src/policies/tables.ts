import { jsonb, pgTable, uuid } from 'drizzle-orm/pg-core'
import type {
  AuthenticationFlowsPolicy,
  AuthorizationPolicyChange,
  ExternalIdentitiesPolicy,
  GuestAuthenticationPolicy,
  InvitationDomainPolicy,
} from './documents.js'

/** The policy documents of a tenant. Their version is the tenant's (`tenants.version`). */
export const tenantPolicies = pgTable('tenant_policies', {
  tenantId: uuid('tenant_id').primaryKey(),
  authorization: jsonb().$type<AuthorizationPolicyChange>().notNull().default({}),
  invitationDomains: jsonb('invitation_domains').$type<Partial<InvitationDomainPolicy>>().notNull().default({}),
  guestAuthentication: jsonb('guest_authentication').$type<Partial<GuestAuthenticationPolicy>>().notNull().default({}),
  authenticationFlows: jsonb('authentication_flows').$type<Partial<AuthenticationFlowsPolicy>>().notNull().default({}),
  externalIdentities: jsonb('external_identities').$type<Partial<ExternalIdentitiesPolicy>>().notNull().default({}),
})
