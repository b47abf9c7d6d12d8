import type { Instant } from '../kernel/instant.js'
import type { Exchange } from './exchange.js'
import type { HotStatements, Kept } from './hot-statements.js'

/** The models of tokens that are given; what else the library keeps is written when it says so. */
const GIVEN = /^(?:AccessToken|RefreshToken)$/

export function isGiven(model: string): boolean {
  return GIVEN.test(model)
}

/** What a request to the token endpoint is to leave behind, collected until the library is done. */
export function nothingYet(now: Instant): Kept {
  return { used: null, given: [], now }
}

/**
 * Writes what was collected, all of it or nothing, before the answer leaves: using up and giving are one statement. False
 * when somebody else was faster to use it up, so that this answer must not leave.
 */
export async function writeLast(statements: Pick<HotStatements, 'keep'>, exchange: Exchange): Promise<boolean> {
  const { pending, tenant } = exchange
  if (!pending || (pending.used === null && pending.given.length === 0)) return true
  exchange.pending = undefined
  return statements.keep(tenant.id, pending)
}
