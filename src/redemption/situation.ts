import { parseEmailAddress } from '../kernel/email-address.js'
import { mayRedeem } from '../policies/index.js'
import { type Browser, handleHash, renewSession } from '../sign-in/index.js'
import type { Tenant } from '../tenants/index.js'
import type { Link } from './link.js'
import type { Needs } from './needs.js'
import { nextStep, type Situation, type Step } from './rules.js'
import { type InvitationView, readView } from './store.js'

/** All that is known about a link in one browser at one moment. */
export type Known = { tenant: Tenant; link: Link; browser: Browser; situation: Situation; step: Step }

/** A situation whose invitation exists. */
export type KnownInvitation = Known & { situation: Situation & { invitation: InvitationView } }

/** Looks up what a link leads to now. Writes nothing. Undefined for a link of an unknown organization. */
export async function lookUp(needs: Needs, link: Link, browser: Browser): Promise<Known | undefined> {
  const now = needs.clock()
  const tenant = await needs.tenants.find(link.tenantId)
  if (!tenant) return undefined
  await renewSession(needs, tenant.id, browser)
  const view = await readView(needs.database.sql, tenant.id, now, link.invitationId, hashesOf(needs, browser))
  const invitee = view.invitation && parseEmailAddress(view.invitation.address)
  const situation: Situation = {
    ...view,
    now,
    organizationEnabled: tenant.enabled,
    ticketVersion: link.ticketVersion,
    userId: link.userId,
    mayRedeem: invitee ? mayRedeem(await needs.policies.of(tenant), invitee) : { allowed: false, checks: [] },
  }
  return { tenant, link, browser, situation, step: nextStep(situation) }
}

/** The stored forms of this browser's handles. */
export function hashesOf(
  { keys }: Pick<Needs, 'keys'>,
  browser: Browser,
): { session: Buffer | null; browser: Buffer | null } {
  return {
    session: browser.session ? handleHash(keys, browser, 'session', browser.session) : null,
    browser: browser.handle ? handleHash(keys, browser, 'browser', browser.handle) : null,
  }
}

/** Whether the look-up found an invitation; without one there is only the error page. */
export function hasInvitation(known: Known | undefined): known is KnownInvitation {
  return known !== undefined && known.situation.invitation !== null && known.step.page !== 'unknown'
}
