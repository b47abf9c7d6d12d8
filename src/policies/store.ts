import { eq, sql } from 'drizzle-orm'
import type { TenantScope } from '../platform/database.js'
import type {
  AuthenticationFlowsPolicy,
  AuthorizationPolicyChange,
  ExternalIdentitiesPolicy,
  GuestAuthenticationPolicy,
  InvitationDomainPolicy,
  StoredPolicies,
} from './documents.js'
import { tenantPolicies } from './tables.js'

/** What an administrator changed; defaults are filled in by the caller. */
export async function readPolicies(scope: TenantScope): Promise<StoredPolicies> {
  const [row] = await scope.orm.select().from(tenantPolicies).where(eq(tenantPolicies.tenantId, scope.tenantId))
  return {
    authorization: row?.authorization ?? {},
    invitationDomains: row?.invitationDomains ?? {},
    guestAuthentication: row?.guestAuthentication ?? {},
    externalIdentities: row?.externalIdentities ?? {},
    authenticationFlows: row?.authenticationFlows ?? {},
  }
}

/** Merges `changes` into the authorization policy, its one nested object too: of two changes at once both hold. */
export async function mergeAuthorizationPolicy(scope: TenantScope, changes: AuthorizationPolicyChange): Promise<void> {
  const { authorization } = tenantPolicies
  await scope.orm
    .insert(tenantPolicies)
    .values({ tenantId: scope.tenantId, authorization: changes })
    .onConflictDoUpdate({
      target: tenantPolicies.tenantId,
      set: {
        authorization: sql`${authorization} || excluded.authorization || jsonb_build_object('defaultUserRolePermissions',
          coalesce(${authorization}->'defaultUserRolePermissions', '{}') ||
          coalesce(excluded.authorization->'defaultUserRolePermissions', '{}'))`,
      },
    })
}

export async function replaceInvitationDomainPolicy(scope: TenantScope, policy: InvitationDomainPolicy): Promise<void> {
  await scope.orm
    .insert(tenantPolicies)
    .values({ tenantId: scope.tenantId, invitationDomains: policy })
    .onConflictDoUpdate({ target: tenantPolicies.tenantId, set: { invitationDomains: policy } })
}

/** Merges `changes` into the policy: of two changes at once both hold. */
export async function mergeGuestAuthenticationPolicy(
  scope: TenantScope,
  changes: Partial<GuestAuthenticationPolicy>,
): Promise<void> {
  const { guestAuthentication } = tenantPolicies
  await scope.orm
    .insert(tenantPolicies)
    .values({ tenantId: scope.tenantId, guestAuthentication: changes })
    .onConflictDoUpdate({
      target: tenantPolicies.tenantId,
      set: { guestAuthentication: sql`${guestAuthentication} || excluded.guest_authentication` },
    })
}

/** The same of the policy for external identities. */
export async function mergeExternalIdentitiesPolicy(
  scope: TenantScope,
  changes: Partial<ExternalIdentitiesPolicy>,
): Promise<void> {
  const { externalIdentities } = tenantPolicies
  await scope.orm
    .insert(tenantPolicies)
    .values({ tenantId: scope.tenantId, externalIdentities: changes })
    .onConflictDoUpdate({
      target: tenantPolicies.tenantId,
      set: { externalIdentities: sql`${externalIdentities} || excluded.external_identities` },
    })
}

/** The same of the policy for authentication flows. */
export async function mergeAuthenticationFlowsPolicy(
  scope: TenantScope,
  changes: Partial<AuthenticationFlowsPolicy>,
): Promise<void> {
  const { authenticationFlows } = tenantPolicies
  await scope.orm
    .insert(tenantPolicies)
    .values({ tenantId: scope.tenantId, authenticationFlows: changes })
    .onConflictDoUpdate({
      target: tenantPolicies.tenantId,
      set: { authenticationFlows: sql`${authenticationFlows} || excluded.authentication_flows` },
    })
}
