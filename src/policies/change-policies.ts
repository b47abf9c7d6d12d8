import { recordAudit } from '../audit/index.js'
import type { Caller } from '../graph/caller.js'
import { type Precondition, versionOfContent } from '../graph/preferences.js'
import { parseDomainName } from '../kernel/email-address.js'
import type { Database, TenantScope } from '../platform/database.js'
import { raiseVersion, type Tenants } from '../tenants/index.js'
import {
  type AuthenticationFlowsPolicy,
  type ExternalIdentitiesPolicy,
  type GuestAuthenticationPolicy,
  type InvitationDomainPolicy,
  type Policies,
  withDefaults,
} from './documents.js'
import { refusals } from './errors.js'
import { mayChangePolicies } from './rules.js'
import type { AuthorizationPolicyChanges } from './schema.js'
import {
  mergeAuthenticationFlowsPolicy,
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
  mustBe: Precondition,
): Promise<void> {
  return change(needs, caller, {
    activityDisplayName: 'Update authorization policy',
    document: 'authorization',
    mustBe,
    details: { changes },
    async write(scope) {
      const { defaultUserRolePermissions: permissions, ...rest } = changes
      await mergeAuthorizationPolicy(scope, {
        ...withoutUndefined(rest),
        ...(permissions && { defaultUserRolePermissions: withoutUndefined(permissions) }),
      })
    },
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
  mustBe: Precondition,
): Promise<void> {
  const domains = [...new Set((policy.domains ?? []).map(readEntry))]
  if (policy.mode === 'any' && domains.length > 0) throw refusals.listWithoutMode()
  if (domains.join(',').length > LIST_LIMIT) throw refusals.listTooLong(LIST_LIMIT)
  await change(needs, caller, {
    activityDisplayName: 'Update policy',
    document: 'invitationDomains',
    mustBe,
    details: { mode: policy.mode, domains },
    write: (scope) => replaceInvitationDomainPolicy(scope, { mode: policy.mode, domains }),
  })
}

/** Changes what is named and leaves the rest. In force for every sign-in that goes on after its commit. */
export function changeGuestAuthenticationPolicy(
  needs: Needs,
  caller: Caller,
  changes: { [Name in keyof GuestAuthenticationPolicy]?: boolean | undefined },
  mustBe: Precondition,
): Promise<void> {
  return change(needs, caller, {
    activityDisplayName: 'Update policy',
    document: 'guestAuthentication',
    mustBe,
    details: { changes },
    write: (scope) =>
      mergeGuestAuthenticationPolicy(scope, withoutUndefined(changes) as Partial<GuestAuthenticationPolicy>),
  })
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
  mustBe: Precondition,
): Promise<void> {
  if (!mayChangePolicies(caller)) throw refusals.policyNeedsAdministrator()
  const tenant = await needs.tenants.find(caller.tenantId)
  if (!tenant?.contactAddress && !tenant?.privacyStatementUrl) throw refusals.privacyInformationMissing()
  const changes = withoutUndefined({ allowExternalIdentitiesToLeave }) as Partial<ExternalIdentitiesPolicy>
  await change(needs, caller, {
    activityDisplayName: 'Update external identities policy',
    document: 'externalIdentities',
    mustBe,
    details: { changes },
    write: (scope) => mergeExternalIdentitiesPolicy(scope, changes),
  })
}

/** Lets people sign up by themselves, or no longer (Graph: authenticationflowspolicy-update). */
export function changeAuthenticationFlowsPolicy(
  needs: Needs,
  caller: Caller,
  { selfServiceSignUp }: { selfServiceSignUp?: AuthenticationFlowsPolicy['selfServiceSignUp'] | undefined },
  mustBe: Precondition,
): Promise<void> {
  const changes: Partial<AuthenticationFlowsPolicy> = selfServiceSignUp ? { selfServiceSignUp } : {}
  return change(needs, caller, {
    activityDisplayName: 'Update authentication flows policy',
    document: 'authenticationFlows',
    mustBe,
    details: { changes },
    write: (scope) => mergeAuthenticationFlowsPolicy(scope, changes),
  })
}

function readEntry(text: string): string {
  const isWildcard = text.startsWith('*.')
  const name = parseDomainName(isWildcard ? text.slice(2) : text)
  if (name === undefined) throw refusals.malformedDomain(text)
  return isWildcard ? `*.${name}` : name
}

type Change = {
  activityDisplayName: string
  document: Exclude<keyof Policies, 'version'>
  /** What `If-Match` says of the document. */
  mustBe: Precondition
  details: Record<string, unknown>
  write(scope: TenantScope): Promise<void>
}

async function change(
  needs: Needs,
  caller: Caller,
  { activityDisplayName, document, mustBe, details, write }: Change,
): Promise<void> {
  if (!mayChangePolicies(caller)) throw refusals.policyNeedsAdministrator()
  await needs.database.withTenant(caller.tenantId, async (scope) => {
    // First of all, since it locks: of two changes of one version, the second finds another.
    await raiseVersion(scope.orm, caller.tenantId)
    const before = await readPolicies(scope)
    mustBe(versionOfContent(withDefaults(before)[document]))
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
  })
  needs.tenants.forget(caller.tenantId)
}

function withoutUndefined<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as Value
}
