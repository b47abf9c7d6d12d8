import type { FastifyRequest } from 'fastify'
import type { Keys } from '../platform/crypto.js'
import type { Database } from '../platform/database.js'
import type { Origins } from '../platform/origins.js'
import { type Browser, outdatedHashes, readBrowser } from './browser.js'
import { codeOf, passcodeHash } from './passcode.js'
import { readPasscodesOf, renewSession as renew, renewPasscode } from './store.js'

type RenewNeeds = { keys: Keys; database: Pick<Database, 'sql'> }

/** The browser of a request to an organization's page, its session renewed. */
export async function openBrowser(
  needs: RenewNeeds & { origins: Origins },
  request: FastifyRequest,
  tenantId: string,
): Promise<Browser> {
  const browser = readBrowser(request, needs.origins.isSecure(request))
  await renewSession(needs, tenantId, browser)
  return browser
}

/**
 * Lets a session, and passcodes on their way to this browser, outlive a change of `VESTIBULE_SECRET`. Does nothing while
 * no earlier secret is configured.
 */
export async function renewSession(
  { keys, database: { sql } }: RenewNeeds,
  tenantId: string,
  browser: Browser,
): Promise<void> {
  const session = outdatedHashes(keys, browser, 'session')
  for (const old of session?.old ?? []) if (session) await renew(sql, tenantId, old, session.current)
  for (const handle of [session, outdatedHashes(keys, browser, 'browser')]) {
    if (!handle) continue
    for (const passcode of await readPasscodesOf(sql, tenantId, handle.old)) {
      // The code stays what was sent; only what is kept of it changes.
      const code = codeOf(keys, tenantId, passcode)
      if (code === undefined) continue
      const codeHash = passcodeHash(keys, tenantId, handle.current, passcode.subject, code)
      await renewPasscode(sql, tenantId, passcode, { browser: handle.current, codeHash })
    }
  }
}
