import type { Keys } from '../platform/crypto.js'
import type { Database } from '../platform/database.js'
import type { Logger } from '../platform/log.js'
import { nextTryAfter } from '../platform/mail/retry.js'
import { endWork, postponeWork } from '../platform/outbox/store.js'
import type { Work } from '../platform/queue.js'
import type { Tenant, Tenants } from '../tenants/index.js'
import { codeOf } from './passcode.js'
import { loadPasscodeMail, type PasscodeMailFacts } from './store.js'

export type DeliverNeeds = {
  database: Pick<Database, 'sql'>
  tenants: Tenants
  keys: Keys
  clock: () => Date
  log: Logger
}

/** What became of one try. */
export type Delivery = 'sent' | 'deferred' | 'failed' | 'suppressed'

/** What an error of a transport says of another try. */
export type NotAccepted = { permanent: boolean; retryAfterSeconds: number | undefined }

/** Until a code that this process cannot write is offered again. */
const OTHER_PROCESS_MS = 2_000

/**
 * Delivers the code of one outbox row with `send`, unless it is used, expired or replaced; tries again while the code
 * is good. Safe to run twice. Answers with what became of it, undefined when there was nothing to do.
 */
export async function deliverPasscode(
  needs: DeliverNeeds,
  work: Work,
  send: (tenant: Tenant, facts: PasscodeMailFacts, code: string) => Promise<unknown>,
  refusalIn: (error: unknown) => NotAccepted | undefined,
): Promise<Delivery | undefined> {
  const { sql } = needs.database
  const now = needs.clock()
  const [tenant, facts] = await Promise.all([
    needs.tenants.find(work.tenantId),
    loadPasscodeMail(sql, work.tenantId, now, work.subjectId),
  ])
  if (!tenant || !facts?.wanted) {
    await endWork(sql, work.id)
    return facts ? 'suppressed' : undefined
  }
  const code = codeOf(needs.keys, tenant.id, {
    id: work.subjectId,
    browser: Buffer.from(facts.browser, 'hex'),
    subject: facts.subject,
    codeHash: Buffer.from(facts.codeHash, 'hex'),
    digits: facts.digits,
  })
  if (code === undefined) {
    // Made with a secret that this process was not given; while secrets change, another one was.
    needs.log.warn({ work: work.id }, 'no secret of this process made the code of a message')
    await postponeWork(sql, work.id, OTHER_PROCESS_MS)
    return undefined
  }
  try {
    await send(tenant, facts, code)
    await endWork(sql, work.id)
    return 'sent'
  } catch (error) {
    needs.log.warn({ work: work.id, err: error }, 'message with a code not accepted')
    const { failures } = work
    const inMs = nextTryAfter(refusalIn(error), { failures, createdAt: facts.createdAt }, now)
    // A code that arrives after its time is only confusing.
    const again = inMs !== undefined && now.getTime() + inMs < new Date(facts.expiresAt).getTime()
    await (again ? postponeWork(sql, work.id, inMs) : endWork(sql, work.id))
    return again ? 'deferred' : 'failed'
  }
}
