import type { Keys } from '../../platform/crypto.js'
import type { Database } from '../../platform/database.js'
import { handleHash, newHandle, SESSION_MS } from '../browser.js'
import { arriveByIdentity } from '../store.js'
import { arrivalLog, type Destination } from './destination.js'
import { federatedMethodOf, homeClaimsOf } from './flow.js'

/** Purpose of a flow that leads to a page of ours, an application's sign-in say: `{ kind: SIGN_IN, path }`. */
export const SIGN_IN = 'signIn'

/**
 * Takes people back who went home from a sign-in page. They are signed in when they are known by what the home calls them,
 * or as the guest who has still to accept and whose address the home vouches for; nobody is made known by this.
 */
export function createSignInDestination(needs: { database: Database; keys: Keys; clock: () => Date }): Destination {
  return {
    async arrive(arrival, assertion) {
      const { tenant, browser, home } = arrival
      const session = newHandle()
      const now = needs.clock()
      const isKnown = await arriveByIdentity(needs.database.sql, tenant.id, now, {
        issuer: assertion.issuer,
        subject: assertion.subject,
        folded: assertion.vouchedAddress?.folded ?? null,
        homeClaims: homeClaimsOf(assertion),
        method: federatedMethodOf(assertion),
        session: handleHash(needs.keys, browser, 'session', session),
        oldSession: browser.session ? handleHash(needs.keys, browser, 'session', browser.session) : null,
        ends: new Date(now.getTime() + SESSION_MS),
        log: arrivalLog(arrival, assertion),
      })
      if (isKnown) return { outcome: { kind: 'signedIn' }, session }
      const address = assertion.vouchedAddress?.text ?? assertion.toldAddress ?? assertion.name ?? ''
      return { outcome: { kind: 'wrongAccount', address, home } }
    },
    path(_tenantId, { path }, flow) {
      // Stored by us, and still no road to another site.
      if (typeof path !== 'string' || !/^\/(?![/\\])/.test(path)) throw new Error('a sign-in leads to no page of ours')
      if (flow === undefined) return path
      return `${path}${path.includes('?') ? '&' : '?'}flow=${flow}`
    },
  }
}
