import type { Caller } from '../../graph/caller.js'
import { isGuid } from '../../kernel/ids.js'
import { later } from '../../kernel/instant.js'
import { type Keys, randomToken } from '../../platform/crypto.js'
import type { Database } from '../../platform/database.js'
import type { Arrival, Destination } from '../federation/destination.js'
import { refusals } from '../identity-providers/errors.js'
import type { Provider } from '../identity-providers/store.js'
import { failureOf, resultOf, type TestResult } from './rules.js'
import { type ConnectionTestRow, findKnown, findTest, insertTest, noteResult, openTest } from './store.js'

/** Purpose of a flow that signs nobody in: `{ kind: CONNECTION_TEST, testId }`. */
export const CONNECTION_TEST = 'connectionTest'

type Needs = { database: Database; keys: Keys; clock: () => Date }

/** How long the link of a test waits to be opened. Milliseconds. */
const LINK_MS = 10 * 60_000

/** A sign-in for an administrator to try: whoever opens the link signs in at the home, and is signed in nowhere else. */
export async function offerSignIn(
  needs: Needs & { newId: () => string },
  caller: Caller,
  provider: Pick<Provider, 'id'>,
): Promise<{ testId: string; signInUrl: string; expiresDateTime: string }> {
  const [testId, link, now] = [needs.newId(), randomToken(32).toString('base64url'), needs.clock()]
  const expires = later(now, LINK_MS)
  await needs.database.withTenant(caller.tenantId, (scope) =>
    insertTest(scope, {
      id: testId,
      providerId: provider.id,
      linkHash: linkHash(needs.keys, caller.tenantId, link),
      createdDateTime: now,
      expiresDateTime: expires,
    }),
  )
  const signInUrl = `${caller.origin}/signin/test/${caller.tenantId}?test=${link}`
  return { testId, signInUrl, expiresDateTime: expires.toISOString() }
}

/** The test that a link is of; undefined when it was opened before, is too old, or another organization's. */
export function takeLink(needs: Needs, tenantId: string, link: string): Promise<ConnectionTestRow | undefined> {
  return needs.database.withTenant(tenantId, (scope) =>
    openTest(scope, linkHash(needs.keys, tenantId, link), needs.clock()),
  )
}

export type ConnectionTestView = {
  id: string
  status: 'waiting' | 'opened' | 'finished'
  createdDateTime: string
  expiresDateTime: string
  result: TestResult | null
}

/** A test of one provider, with everything the home said. @throws Refusal when there is none, or no more. */
export async function readTest(
  needs: Needs,
  tenantId: string,
  providerId: string,
  testId: string,
): Promise<ConnectionTestView> {
  const row = isGuid(testId)
    ? await needs.database.withTenant(tenantId, (scope) => findTest(scope, testId, needs.clock()))
    : undefined
  if (row?.providerId !== providerId) throw refusals.notFound(testId)
  return {
    id: row.id,
    status: row.resultSealed ? 'finished' : row.openedDateTime ? 'opened' : 'waiting',
    createdDateTime: row.createdDateTime.toISOString(),
    expiresDateTime: row.expiresDateTime.toISOString(),
    result: openResult(needs.keys, row),
  }
}

/** What came of a test; null while nothing has. */
export function openResult(keys: Keys, { resultSealed }: Pick<ConnectionTestRow, 'resultSealed'>): TestResult | null {
  return resultSealed && JSON.parse(keys.open('connection-test', resultSealed).toString())
}

/** Keeps what came of a test. */
export async function keepResult(needs: Needs, tenantId: string, testId: string, result: TestResult): Promise<void> {
  const sealed = needs.keys.seal('connection-test', Buffer.from(JSON.stringify(result)))
  await needs.database.withTenant(tenantId, (scope) => noteResult(scope, testId, sealed))
}

/** Takes back whoever went home for a test. No session, no identity, no acceptance: what would have been is written down. */
export function createConnectionTestDestination(needs: Needs): Destination {
  return {
    async arrive(arrival, assertion) {
      const { issuer, subject, vouchedAddress } = assertion
      const found = await needs.database.withTenant(arrival.tenant.id, (scope) =>
        findKnown(scope, { issuer, subject, folded: vouchedAddress?.folded ?? null }),
      )
      await keepResult(needs, arrival.tenant.id, testOf(arrival), resultOf(assertion, found))
      return { outcome: { kind: 'tested' } }
    },
    fail: (arrival, trouble, message) =>
      keepResult(needs, arrival.tenant.id, testOf(arrival), failureOf(trouble, message)),
    path: (tenantId, _purpose, flow) => `/signin/test/${tenantId}/result?flow=${flow}`,
  }
}

function testOf({ purpose }: Pick<Arrival, 'purpose'>): string {
  return String(purpose['testId'])
}

function linkHash(keys: Keys, tenantId: string, link: string): Buffer {
  return keys.mac('connection-test', tenantId, link)
}
