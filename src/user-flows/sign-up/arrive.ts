import { later } from '../../kernel/instant.js'
import {
  type Arrival,
  type Assertion,
  arrivalLog,
  type Destination,
  federatedMethodOf,
  handleHash,
  homeClaimsOf,
  newHandle,
  SESSION_MS,
} from '../../sign-in/index.js'
import type { Claims } from '../words.js'
import { MOST_CHARACTERS } from './attribute-values.js'
import type { Needs } from './needs.js'
import type { Proof } from './rules.js'
import { arrive } from './store.js'
import { signUpPath } from './visit.js'

/** Purpose of a flow to a home that somebody signs up by. */
export const SIGN_UP = 'signUp'

/**
 * Takes people back who went to a home to sign up. Whoever is known by what the home calls them is signed in; of whoever
 * is nobody here yet the run keeps what the home said. Nobody is made by this.
 */
export function createSignUpDestination(needs: Pick<Needs, 'database' | 'keys' | 'clock'>): Destination {
  return {
    async arrive(arrival, assertion) {
      const { tenant, browser, purpose, home } = arrival
      const { flowId } = purpose
      if (typeof flowId !== 'string') throw new Error('a sign-up left for a home without its flow')
      const lost = { outcome: { kind: 'trouble', trouble: 'lost', home } } as const
      if (browser.handle === undefined) return lost
      const session = newHandle()
      const now = needs.clock()
      const hash = (handle: string) => handleHash(needs.keys, browser, 'session', handle)
      const holder = {
        flowId,
        browser: handleHash(needs.keys, browser, 'browser', browser.handle),
        session: browser.session === undefined ? null : hash(browser.session),
      }
      const found = await arrive(needs.database.sql, tenant.id, now, holder, {
        proof: proofOf(arrival, assertion),
        newSession: hash(session),
        ends: later(now, SESSION_MS),
        log: arrivalLog(arrival, assertion),
      })
      if (found.who === 'new' || found.who === 'known') return { outcome: { kind: 'signedIn' }, session }
      if (found.who === 'none') return lost
      const address = assertion.vouchedAddress?.text ?? assertion.toldAddress ?? assertion.name ?? ''
      return { outcome: { kind: 'wrongAccount', address, home } }
    },
    path(tenantId, { flowId, goingOn, clientId }, flow) {
      const query = new URLSearchParams({
        ...(typeof goingOn === 'string' && { continue: goingOn }),
        ...(typeof clientId === 'string' && { app: clientId }),
        // Whoever has an account already is not asked anything more.
        ...(flow === undefined ? { arrived: '1' } : { flow }),
      })
      return `${signUpPath(tenantId, String(flowId))}?${query}`
    },
  }
}

function proofOf({ provider }: Arrival, assertion: Assertion): Proof {
  const { issuer, subject, vouchedAddress, toldAddress } = assertion
  return {
    identity: { signInType: 'federated', issuer, issuerAssignedId: subject },
    address: vouchedAddress?.text ?? null,
    folded: vouchedAddress?.folded ?? null,
    toldAddress: vouchedAddress?.text ?? toldAddress ?? null,
    method: federatedMethodOf(assertion),
    homeClaims: homeClaimsOf(assertion),
    provider,
    claims: claimsOf(assertion),
  }
}

const SAML = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/'

/** What homes call properties of users: OpenID Connect Core section 5.1, and the names that SAML partners use. */
const NAMES: Record<string, readonly string[]> = {
  displayName: ['name', `${SAML}name`, 'displayName'],
  givenName: ['given_name', `${SAML}givenname`, 'givenName', 'urn:oid:2.5.4.42'],
  surname: ['family_name', `${SAML}surname`, 'sn', 'urn:oid:2.5.4.4'],
}

/** What a home tells of somebody, as claims. It is its word; whoever signs up may put something else in its place. */
function claimsOf({ told = {}, name }: Assertion): Claims {
  const claims: Record<string, string> = {}
  for (const [claim, names] of Object.entries(NAMES)) {
    const value = names.map((each) => told[each]).find((each) => typeof each === 'string' && each.trim() !== '')
    if (typeof value === 'string') claims[claim] = value.trim().slice(0, MOST_CHARACTERS)
  }
  if (name !== undefined && name.trim() !== '') claims['displayName'] ??= name.trim().slice(0, MOST_CHARACTERS)
  return claims
}
