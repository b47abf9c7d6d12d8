import {
  type Arrival,
  type Assertion,
  arrivalLog,
  type Destination,
  type FlowOutcome,
  type FlowPurpose,
  federatedMethodOf,
  handleHash,
  homeClaimsOf,
  newHandle,
  SESSION_MS,
} from '../sign-in/index.js'
import { type Link, pathOf } from './link.js'
import type { Needs } from './needs.js'
import { isNew } from './rules.js'
import { hasInvitation, lookUp } from './situation.js'
import { arrive } from './store.js'

/**
 * Takes guests back who were sent to their home from a link. They are signed in when the home vouches for the invited
 * address, or when they are known by what the home calls them (design section 8.3); else a page names what differs.
 */
export function createRedemptionDestination(needs: Needs): Destination {
  return {
    arrive: (arrival, assertion) => arriveAtLink(needs, arrival, assertion),
    path(tenantId, purpose, flow) {
      const { goingOn } = purpose
      const link = pathOf(needs.keys, linkOf(tenantId, purpose))
      const url = typeof goingOn === 'string' ? `${link}&continue=${goingOn}` : link
      return flow === undefined ? url : `${url}&flow=${flow}`
    },
  }
}

async function arriveAtLink(
  needs: Needs,
  arrival: Arrival,
  assertion: Assertion,
): Promise<{ outcome: FlowOutcome; session?: string }> {
  const { tenant, browser, purpose, home } = arrival
  const link = linkOf(tenant.id, purpose)
  const known = await lookUp(needs, link, browser)
  // The page of the link says what is due instead.
  if (!hasInvitation(known)) return { outcome: { kind: 'signedIn' } }
  const { invitation } = known.situation
  const vouched = assertion.vouchedAddress
  const told = vouched?.text ?? assertion.toldAddress
  if (invitation.guest && isNew(invitation.guest) && !vouched) {
    return { outcome: { kind: 'trouble', trouble: 'unverified', home } }
  }
  const session = newHandle()
  const outcome = await arrive(needs.database.sql, tenant.id, needs.clock(), {
    invitationId: link.invitationId,
    userId: link.userId,
    ticketVersion: link.ticketVersion,
    issuer: assertion.issuer,
    subject: assertion.subject,
    folded: vouched?.folded ?? null,
    homeClaims: homeClaimsOf(assertion),
    method: federatedMethodOf(assertion),
    session: handleHash(needs.keys, browser, 'session', session),
    oldSession: known.hashes.session,
    ends: new Date(needs.clock().getTime() + SESSION_MS),
    log: arrivalLog(arrival, assertion),
  })
  if (outcome === 'ok') return { outcome: { kind: 'signedIn' }, session }
  if (outcome === 'notDue') return { outcome: { kind: 'signedIn' } }
  return { outcome: { kind: 'wrongAccount', address: told ?? assertion.name ?? '', home } }
}

function linkOf(tenantId: string, { invitationId, userId, ticketVersion }: FlowPurpose): Link {
  if (typeof invitationId !== 'string' || typeof userId !== 'string' || typeof ticketVersion !== 'number') {
    throw new Error('a flow from a link was stored without it')
  }
  return { tenantId, userId, invitationId, ticketVersion }
}
