import { parseEmailAddress } from '../kernel/email-address.js'
import type { Instant } from '../kernel/instant.js'
import { mayRedeem, type Policies, provesEnough, type SecondStepDemand, secondStepDemand } from '../policies/index.js'
import { type Browser, type Home, handleHash, renewSession, takesPasscode } from '../sign-in/index.js'
import type { Tenant } from '../tenants/index.js'
import type { Link } from './link.js'
import type { Needs } from './needs.js'
import { isNew, nextStep, type Situation, type Step } from './rules.js'
import type { InvitationFacts, InvitationView, View } from './store.js'

/** All that is known about a link in one browser at one moment. */
export type Known = {
  tenant: Tenant
  link: Link
  browser: Browser
  hashes: Hashes
  demand: SecondStepDemand
  /** Whether guests may end it by themselves later. */
  mayLeave: boolean
  situation: Situation
  step: Step
}

/** A situation whose invitation exists. */
export type KnownInvitation = Known & { situation: Situation & { invitation: InvitationView } }

/** The stored forms of a browser's handles. */
export type Hashes = { session: Buffer | null; browser: Buffer | null }

/** What a step works on, whether it was found due by looking or is only presumed to be: its statement looks itself. */
export type Due = {
  tenant: Tenant
  demand: SecondStepDemand
  link: Link
  browser: Browser
  hashes: Hashes
  now: Instant
  invitation: InvitationFacts
  /** Where the guest may prove who they are. */
  homes: readonly Home[]
}

/**
 * Presumes, without a look-up, that the step somebody takes is due: true for whoever was shown its page a moment ago.
 * Undefined when this process has not seen the invitation, or when what it knows already says no.
 */
export async function presume(needs: Needs, link: Link, browser: Browser): Promise<Due | undefined> {
  const invitation = needs.redemptions.remembered(link.tenantId, link.invitationId)
  if (!invitation || invitation.userId !== link.userId) return undefined
  const tenant = await needs.tenants.find(link.tenantId)
  const invitee = parseEmailAddress(invitation.address)
  if (!tenant?.enabled || !invitee) return undefined
  const policies = await needs.policies.of(tenant)
  if (!mayRedeem(policies, invitee).allowed) return undefined
  const homes = await needs.homeRealms.of(tenant, invitee.domain)
  // Everything else is worth a look: who is known already, for one, has other ways.
  if (!takesPasscode(homes)) return undefined
  const demand = demandOn(policies)
  await renewSession(needs, tenant.id, browser)
  return { tenant, demand, link, browser, hashes: hashesOf(needs, browser), now: needs.clock(), invitation, homes }
}

/** What a step works on after a look-up. */
export function dueOf({ tenant, demand, link, browser, hashes, situation }: KnownInvitation): Due {
  const { now, invitation, homes } = situation
  return { tenant, demand, link, browser, hashes, now, invitation, homes }
}

/** Looks up what a link leads to now. Writes nothing. Undefined for a link of an unknown organization. */
export async function lookUp(needs: Needs, link: Link, browser: Browser): Promise<Known | undefined> {
  const now = needs.clock()
  const tenant = await needs.tenants.find(link.tenantId)
  if (!tenant) return undefined
  await renewSession(needs, tenant.id, browser)
  const hashes = hashesOf(needs, browser)
  const view = await needs.redemptions.view(tenant.id, { now, invitation: link.invitationId, ...hashes })
  const invitee = view.invitation && parseEmailAddress(view.invitation.address)
  const policies = await needs.policies.of(tenant)
  const demand = demandOn(policies)
  const situation: Situation = {
    ...view,
    now,
    organizationEnabled: tenant.enabled,
    ticketVersion: link.ticketVersion,
    userId: link.userId,
    homes: await homesOf(needs, tenant, view),
    mayRedeem: invitee ? mayRedeem(policies, invitee) : { allowed: false, checks: [] },
    provesEnough:
      view.session !== null && view.session.codesToKeep === null && provesEnough(demand, view.session).allowed,
  }
  const mayLeave = policies.externalIdentities.allowExternalIdentitiesToLeave
  return { tenant, link, browser, hashes, demand, mayLeave, situation, step: nextStep(situation) }
}

/** Whoever redeems has their identity elsewhere, whatever their type. */
function demandOn({ guestAuthentication }: Awaited<ReturnType<Policies['of']>>): SecondStepDemand {
  return secondStepDemand(guestAuthentication, { userType: 'Guest', isExternal: true })
}

/** Whom the organization does not know yet has the ways of the address, everybody else those of their identities. */
async function homesOf(
  { homeRealms }: Pick<Needs, 'homeRealms'>,
  tenant: Tenant,
  { invitation }: Pick<View, 'invitation'>,
): Promise<Home[]> {
  if (!invitation?.guest) return []
  const { guest, folded } = invitation
  if (isNew(guest)) return homeRealms.of(tenant, folded.slice(folded.lastIndexOf('@') + 1))
  // A code goes to the invited mailbox, and an account here is of one address: neither proves who is known by another.
  const isOfAddress = (issuer: string) => issuer === 'mail' || tenant.domains.includes(issuer)
  const provable = guest.identities.filter(({ issuer, subject }) => !isOfAddress(issuer) || subject === folded)
  return homeRealms.bound(tenant, provable)
}

function hashesOf({ keys }: Pick<Needs, 'keys'>, browser: Browser): Hashes {
  return {
    session: browser.session ? handleHash(keys, browser, 'session', browser.session) : null,
    browser: browser.handle ? handleHash(keys, browser, 'browser', browser.handle) : null,
  }
}

/** Whether the look-up found an invitation; without one there is only the error page. */
export function hasInvitation(known: Known | undefined): known is KnownInvitation {
  return known !== undefined && known.situation.invitation !== null && known.step.page !== 'unknown'
}
