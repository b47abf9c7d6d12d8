import { randomUUID } from 'node:crypto'
import { importJWK, SignJWT } from 'jose'
import { findRelyingParty } from '../applications/index.js'
import type { Database } from '../platform/database.js'
import { type Egress, EgressFailed, EgressRefused } from '../platform/egress/egress.js'
import type { Logger } from '../platform/log.js'
import { endWork, postponeWork } from '../platform/outbox/store.js'
import type { Work } from '../platform/queue.js'
import { pairwiseSubject } from './account.js'
import { forgetLogout, type LogoutToTell, readLogout } from './logout-store.js'
import type { SigningKeys } from './signing-keys.js'

type Needs = {
  database: Pick<Database, 'sql'>
  egress: Egress
  signingKeys: SigningKeys
  clock: () => Date
  log: Logger
}

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
const TIMEOUT_MS = 5_000
/** OpenID Connect Back-Channel Logout section 2.4: two minutes at most. */
const LIFE_SECONDS = 120
const MOST_FAILURES = 10
/** Too slow or too much at the moment (RFC 9110 section 15.5.9, RFC 6585 section 4): neither refuses anything. */
const LATER = [408, 429]

/**
 * Tells an application that a sign-in has ended (OpenID Connect Back-Channel Logout). Safe to run twice. Tried again for
 * about a quarter of an hour while the other side cannot be reached or fails; what it refuses is not repeated.
 */
export async function tellLogout(needs: Needs, work: Work): Promise<void> {
  const { database, log } = needs
  const logout = await readLogout(database.sql, work.tenantId, work.subjectId)
  const party = logout && (await findRelyingParty(database.sql, work.tenantId, logout.clientId))
  if (!logout || !party?.backChannelLogoutUrl) return end(needs, work)
  const token = await logoutToken(needs, work.tenantId, logout)
  try {
    const { status } = await needs.egress.post(party.backChannelLogoutUrl, {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ logout_token: token }).toString(),
      timeoutMs: TIMEOUT_MS,
    })
    if (status < 500 && !LATER.includes(status)) {
      if (status >= 300) log.warn({ status, clientId: logout.clientId }, 'an application refused a logout token')
      return end(needs, work)
    }
  } catch (error) {
    if (error instanceof EgressRefused) return end(needs, work)
    if (!(error instanceof EgressFailed)) throw error
  }
  if (work.failures >= MOST_FAILURES) return end(needs, work)
  await postponeWork(database.sql, work.id, 1_000 * 2 ** Math.min(work.failures, 7))
}

async function end({ database }: Needs, work: Work): Promise<void> {
  await forgetLogout(database.sql, work.tenantId, work.subjectId)
  await endWork(database.sql, work.id)
}

async function logoutToken({ signingKeys, clock }: Needs, tenantId: string, logout: LogoutToTell): Promise<string> {
  const [jwk] = (await signingKeys.of(tenantId)).privateJwks
  const seconds = Math.floor(clock().getTime() / 1_000)
  return new SignJWT({ sid: logout.sid, events: { [EVENT]: {} } })
    .setProtectedHeader({ alg: 'RS256', typ: 'logout+jwt', ...(jwk.kid !== undefined && { kid: jwk.kid }) })
    .setIssuer(logout.issuer)
    .setAudience(logout.clientId)
    .setSubject(pairwiseSubject(tenantId, logout.clientId, logout.userId))
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + LIFE_SECONDS)
    .setJti(randomUUID())
    .sign(await importJWK(jwk, 'RS256'))
}
