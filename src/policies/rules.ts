import type { Check, Decision } from '../kernel/decision.js'
import type { EmailAddress } from '../kernel/email-address.js'
import type { Refusal } from '../kernel/refusal.js'
import type { AuthorizationPolicy, GuestAuthenticationPolicy, InvitationDomainPolicy, Policies } from './documents.js'
import { refusals } from './errors.js'

/** Directory roles by Graph's role template ids. */
export const ROLES = {
  globalAdministrator: '62e90394-69f5-4237-9190-012177145e10',
  userAdministrator: 'fe930be7-5e62-47db-91af-98c3a49a38b1',
  guestInviter: '95e79109-95c0-4d8e-aee3-d01accf2d47b',
  helpdeskAdministrator: '729827e3-9c14-49f7-bb1b-9608f156bbb8',
} as const

/** Who invites, as far as rules look at it. */
export type Inviter = {
  kind: 'application' | 'user'
  userType?: 'Member' | 'Guest' | undefined
  directoryRoles: ReadonlySet<string>
  permissions: ReadonlySet<string>
}

/** Who reads invitations, and what the organization lets members read of each other. */
type Reader = Omit<Inviter, 'permissions'> & {
  reading?: { guests: 'sameAsMembers' | 'limited' | 'restricted'; membersReadOthers: boolean } | undefined
}

export type InvitationQuestion = {
  inviter: Inviter
  invitee: EmailAddress
  invitedUserType: 'Guest' | 'Member'
  resetRedemption: boolean
}

/**
 * Whether an invitation may be made, rule by rule in the order in which they are asked; the first that says no gives
 * the refusal, and the others are still answered, so that `evaluate` shows all of them.
 */
export function mayInvite(policies: Policies, ownDomains: string[], question: InvitationQuestion): Decision {
  const { inviter, invitee } = question
  return decide([
    answer('allowInvitesFrom', inviterIsEntitled(policies.authorization, inviter)),
    answer('invitedUserType', memberIsEntitled(question)),
    answer('resetRedemption', resetIsEntitled(question)),
    answer(
      'verifiedDomain',
      ownDomains.includes(invitee.domain)
        ? refusals.ownDomain(invitee.domain)
        : `${invitee.domain} is not a domain of this organization.`,
    ),
    answer('invitationDomainPolicy', domainIsAllowed(policies.invitationDomains, invitee.domain)),
  ])
}

/**
 * Whether a pending guest may still accept: the domain list is asked again at redemption, and only then, so guests who
 * accepted keep their access (spec: external collaboration settings).
 */
export function mayRedeem(policies: Pick<Policies, 'invitationDomains'>, invitee: EmailAddress): Decision {
  return decide([answer('invitationDomainPolicy', domainIsAllowed(policies.invitationDomains, invitee.domain))])
}

/** Whether somebody may decide anew how another person signs in: by a reset, or by making an internal user external. */
export function mayChangeSignIn(inviter: Inviter): boolean {
  return administersUsers(inviter, ROLES.globalAdministrator, ROLES.userAdministrator, ROLES.helpdeskAdministrator)
}

/**
 * Who sees invitations that others made: everybody but guests without a role, who read nobody else (Graph: Restricted),
 * and members where the organization lets them read nobody else (authorizationPolicy: allowedToReadOtherUsers).
 */
export function mayReadInvitationsOfOthers(caller: Reader): boolean {
  if (caller.kind === 'application' || caller.directoryRoles.size > 0) return true
  return caller.userType !== 'Guest' && caller.reading?.membersReadOthers === true
}

/** Who resends and withdraws invitations that others made: applications by their permission, people by their role. */
export function mayManageInvitationsOfOthers(caller: Omit<Inviter, 'permissions'>): boolean {
  if (caller.kind === 'application') return true
  return holdsAny(caller, ROLES.globalAdministrator, ROLES.userAdministrator, ROLES.guestInviter)
}

/**
 * Who reads policies, and where guests may sign in: everybody whose client may, but guests only at the level of members
 * (Entra: guest access levels, nothing on policies below that).
 */
export function mayReadPolicies(caller: Omit<Reader, 'permissions'>): boolean {
  if (caller.kind === 'application' || caller.directoryRoles.size > 0 || caller.userType !== 'Guest') return true
  return caller.reading?.guests === 'sameAsMembers'
}

/** People change policies as Global Administrators; applications by the permission that the route asks for. */
export function mayChangePolicies(caller: Pick<Inviter, 'kind' | 'directoryRoles'>): boolean {
  return caller.kind === 'application' || caller.directoryRoles.has(ROLES.globalAdministrator)
}

/** Who signs in, as far as these rules look at it. `isExternal`: their identity lives elsewhere, whatever their type. */
export type Subject = { userType: 'Member' | 'Guest'; isExternal: boolean }

/** What somebody proved: to us (RFC 8176 names), and to their home provider by its word (`amr` and `acr` values as given). */
export type Proof = { amr: readonly string[]; homeClaims: readonly string[] }

/** What a proof must hold beyond the first step. One of `homeClaims`, said by the home provider, is enough. */
export type SecondStepDemand = { isDemanded: boolean; homeClaims: readonly string[] }

/** How providers say that somebody passed more than one factor: OpenID Connect, Entra, SAML, REFEDS. */
const HOME_MFA_CLAIMS: readonly string[] = [
  'mfa',
  'http://schemas.microsoft.com/claims/multipleauthn',
  'http://schemas.openid.net/pape/policies/2007/06/multi-factor',
  'https://refeds.org/profile/mfa',
]

/** Whether a home provider's `amr` or `acr` value says that more than one factor was passed. */
export function isMfaClaim(value: string): boolean {
  return HOME_MFA_CLAIMS.includes(value)
}

/** What this person must pass, whatever they have passed already. Members whose identity lives here are not asked. */
export function secondStepDemand(policy: GuestAuthenticationPolicy, subject: Subject): SecondStepDemand {
  const isDemanded = policy.isMfaRequired && (subject.isExternal || subject.userType === 'Guest')
  return { isDemanded, homeClaims: isDemanded && policy.isMfaAccepted ? HOME_MFA_CLAIMS : [] }
}

/**
 * Whether a sign-in proves enough, or a second step is due (spec: where MFA happens). Only `mfa` that we ourselves put
 * into `amr` counts; what the home provider says counts only when the policy accepts it.
 */
export function provesEnough({ isDemanded, homeClaims }: SecondStepDemand, proof: Proof): Decision {
  const says = () => {
    if (!isDemanded) return 'No second step is asked of this person.'
    if (proof.amr.includes('mfa')) return 'A second step was passed here.'
    if (proof.homeClaims.some((claim) => homeClaims.includes(claim))) return 'A second step was passed at home.'
    return refusals.secondStepMissing()
  }
  return decide([answer('guestAuthenticationPolicy', says())])
}

/** Exact names, or `*.name` for every name below it. Both sides are lower-case A-labels. */
export function domainIsListed(list: readonly string[], domain: string): boolean {
  return list.some((entry) => (entry.startsWith('*.') ? domain.endsWith(entry.slice(1)) : entry === domain))
}

type Answer = { name: string; says: Refusal | string | undefined }

function answer(name: string, says: Answer['says']): Answer {
  return { name, says }
}

function decide(answers: Answer[]): Decision {
  const checks = answers.map(({ name, says }): Check => {
    if (says === undefined) return { name, outcome: 'notApplicable', message: 'This rule does not apply here.' }
    if (typeof says === 'string') return { name, outcome: 'passed', message: says }
    return { name, outcome: 'failed', message: inFull(says) }
  })
  const refusal = answers.map(({ says }) => says).find((says) => typeof says === 'object')
  return refusal ? { allowed: false, checks, refusal } : { allowed: true, checks }
}

/** A check has no place for details, and whoever asks "which rule said no?" wants them. */
function inFull({ message, details }: Refusal): string {
  return details.items ? `${message} (${details.items.map((item) => item.message).join(', ')})` : message
}

/** Graph: authorizationPolicy.allowInvitesFrom; app-only calls fail when invitations are off or for administrators only. */
function inviterIsEntitled({ allowInvitesFrom }: AuthorizationPolicy, inviter: Inviter): Refusal | string {
  // Made only when it is said: an error carries a stack, and this runs for every invitation.
  const no = () => refusals.invitationsOff(allowInvitesFrom)
  const administers = holdsAny(inviter, ROLES.globalAdministrator, ROLES.userAdministrator, ROLES.guestInviter)
  switch (allowInvitesFrom) {
    case 'none':
      return no()
    case 'adminsAndGuestInviters':
      return inviter.kind === 'user' && administers ? 'The inviter holds a role that may invite.' : no()
    case 'adminsGuestInvitersAndAllMembers':
      return inviter.kind === 'application' || administers || inviter.userType === 'Member'
        ? 'Members, applications and holders of an inviting role may invite.'
        : no()
    case 'everyone':
      return 'Everyone may invite.'
  }
}

function memberIsEntitled(question: InvitationQuestion): Refusal | string | undefined {
  if (question.invitedUserType !== 'Member') return undefined
  const entitled = administersUsers(question.inviter, ROLES.globalAdministrator, ROLES.userAdministrator)
  return entitled ? 'The inviter may add members.' : refusals.memberNeedsAdministrator()
}

function resetIsEntitled(question: InvitationQuestion): Refusal | string | undefined {
  if (!question.resetRedemption) return undefined
  return mayChangeSignIn(question.inviter) ? 'The inviter may reset redemptions.' : refusals.resetNeedsAdministrator()
}

/** People need a role; applications, which hold none here, a permission that goes beyond inviting. */
function administersUsers(inviter: Inviter, ...roles: string[]): boolean {
  if (inviter.kind === 'user') return holdsAny(inviter, ...roles)
  return inviter.permissions.has('User.ReadWrite.All') || inviter.permissions.has('Directory.ReadWrite.All')
}

function holdsAny(inviter: Pick<Inviter, 'directoryRoles'>, ...roles: string[]): boolean {
  return roles.some((role) => inviter.directoryRoles.has(role))
}

function domainIsAllowed(policy: InvitationDomainPolicy, domain: string): Refusal | string {
  const listed = domainIsListed(policy.domains, domain)
  switch (policy.mode) {
    case 'any':
      return 'Guests may come from any domain.'
    case 'allowList':
      return listed ? `${domain} is on the list of allowed domains.` : refusals.domainNotAllowed(domain)
    case 'blockList':
      return listed ? refusals.domainBlocked(domain) : `${domain} is not on the list of blocked domains.`
  }
}
