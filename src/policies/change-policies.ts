import { recordAudit } from '../audit/index.js'
import type { Caller } from '../graph/caller.js'
import { parseDomainName } from '../kernel/email-address.js'
import type { Database, TenantScope } from '../platform/database.js'
import { raiseVersion, type Tenants } from '../tenants/index.js'
import type { GuestAuthenticationPolicy, InvitationDomainPolicy } from './documents.js'
import { refusals } from './errors.js'
import { mayChangePolicies } from './rules.js'
import type { AuthorizationPolicyChanges } from './schema.js'
import {
  mergeAuthorizationPolicy,
  mergeExternalIdentitiesPolicy,
  mergeGuestAuthenticationPolicy,
  readPolicies,
  replaceInvitationDomainPolicy,
} from './store.js'

type Needs = { database: Database; tenants: Tenants; clock: () => Date; newId: () => string }

/** Characters of the whole list (spec: 25 KB). */
const LIST_LIMIT = 25_000

/** Changes what is named and leaves the rest (Graph: authorizationpolicy-update). In force for every write from its commit on. */
export function changeAuthorizationPolicy(
  needs: Needs,
  caller: Caller,
  changes: AuthorizationPolicyChanges,
): Promise<void> {
  return change(needs, caller, 'Update authorization policy', { changes }, async (scope) => {
    const { defaultUserRolePermissions: permissions, ...rest } = changes
    await mergeAuthorizationPolicy(scope, {
      ...withoutUndefined(rest),
      ...(permissions && { defaultUserRolePermissions: withoutUndefined(permissions) }),
    })
  })
}

/**
 * Replaces the list of domains. Names are kept in lower-case A-labels; `*.name` covers every name below it.
 * @throws Refusal for an entry that is no domain, a list over 25,000 characters, a list without a mode that uses it.
 */
export async function replaceDomainPolicy(
  needs: Needs,
  caller: Caller,
  policy: { mode: InvitationDomainPolicy['mode']; domains?: string[] },
): Promise<void> {
  const domains = [...new Set((policy.domains ?? []).map(readEntry))]
  if (policy.mode === 'any' && domains.length > 0) throw refusals.listWithoutMode()
  if (domains.join(',').length > LIST_LIMIT) throw refusals.listTooLong(LIST_LIMIT)
  await change(needs, caller, 'Update policy', { mode: policy.mode, domains }, (scope) =>
    replaceInvitationDomainPolicy(scope, { mode: policy.mode, domains }),
  )
}

/** Changes what is named and leaves the rest. In force for every sign-in that goes on after its commit. */
export function changeGuestAuthenticationPolicy(
  needs: Needs,
  caller: Caller,
  changes: { [Name in keyof GuestAuthenticationPolicy]?: boolean | undefined },
): Promise<void> {
  return change(needs, caller, 'Update policy', { changes }, (scope) =>
    mergeGuestAuthenticationPolicy(scope, withoutUndefined(changes) as Partial<GuestAuthenticationPolicy>),
  )
}

/**
 * Says whether guests may leave by themselves (Graph beta: externalidentitiespolicy-update).
 * @throws Refusal while the organization says nowhere whom guests can write to about their data: with the answer "no"
 * that is whom they are told to ask (Entra: the setting needs privacy information).
 */
export async function changeExternalIdentitiesPolicy(
  needs: Needs,
  caller: Caller,
  { allowExternalIdentitiesToLeave }: { allowExternalIdentitiesToLeave?: boolean | undefined },
): Promise<void> {
  if (!mayChangePolicies(caller)) throw refusals.policyNeedsAdministrator()
  const tenant = await needs.tenants.find(caller.tenantId)
  if (!tenant?.contactAddress && !tenant?.privacyStatementUrl) throw refusals.privacyInformationMissing()
  if (allowExternalIdentitiesToLeave === undefined) return
  const changes = { allowExternalIdentitiesToLeave }
  await change(needs, caller, 'Update external identities policy', { changes }, (scope) =>
    mergeExternalIdentitiesPolicy(scope, changes),
  )
}

function readEntry(text: string): string {
  const isWildcard = text.startsWith('*.')
  const name = parseDomainName(isWildcard ? text.slice(2) : text)
  if (name === undefined) throw refusals.malformedDomain(text)
  return isWildcard ? `*.${name}` : name
}

async function change(
  needs: Needs,
  caller: Caller,
  activityDisplayName: string,
  details: Record<string, unknown>,
  write: (scope: TenantScope) => Promise<void>,
): Promise<void> {
  if (!mayChangePolicies(caller)) throw refusals.policyNeedsAdministrator()
  await needs.database.withTenant(caller.tenantId, async (scope) => {
    const before = await readPolicies(scope)
    await write(scope)
    await recordAudit(scope, {
      id: needs.newId(),
      activityDateTime: needs.clock(),
      activityDisplayName,
      category: 'Policy',
      loggedByService: 'Core Directory',
      initiatedBy: { kind: caller.kind, id: caller.objectId, displayName: caller.displayName },
      additionalDetails: { before, ...details },
    })
    await raiseVersion(scope.orm, caller.tenantId)
  })
  needs.tenants.forget(caller.tenantId)
}

function withoutUndefined<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as Value
}
