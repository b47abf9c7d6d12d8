import type { Keys } from '../platform/crypto.js'
import type { Database } from '../platform/database.js'
import { type Language, matchLanguage, textsIn } from '../platform/i18n/index.js'
import type { Logger } from '../platform/log.js'
import { type Mail, type Mailbox, MailNotAccepted, type MailTransport } from '../platform/mail/mail.js'
import { nextTry } from '../platform/mail/retry.js'
import { endWork, postponeWork } from '../platform/outbox/store.js'
import type { Work } from '../platform/queue.js'
import { mailOrganization, type Tenant, type Tenants } from '../tenants/index.js'
import { passcodeMail } from './mail/passcode-mail.js'
import { codeOf } from './passcode.js'
import { loadPasscodeMail, type PasscodeMailFacts } from './store.js'

type Needs = {
  database: Pick<Database, 'sql'>
  tenants: Tenants
  keys: Keys
  clock: () => Date
  log: Logger
  transport: MailTransport
  publicUrl: () => string
  mailFrom: Mailbox
  counted: (kind: 'passcode', outcome: 'sent' | 'deferred' | 'failed' | 'suppressed') => void
}

/** Until a mail that this process cannot write is offered again. */
const OTHER_PROCESS_MS = 2_000

/** Sends the code of one outbox row unless it is used, expired or replaced. Safe to run twice. */
export async function sendPasscodeMail(needs: Needs, work: Work): Promise<void> {
  const { sql } = needs.database
  const now = needs.clock()
  const [tenant, facts] = await Promise.all([
    needs.tenants.find(work.tenantId),
    loadPasscodeMail(sql, work.tenantId, now, work.subjectId),
  ])
  if (!tenant || !facts?.wanted) {
    if (facts) needs.counted('passcode', 'suppressed')
    return endWork(sql, work.id)
  }
  const code = codeOf(needs.keys, tenant.id, {
    id: work.subjectId,
    browser: Buffer.from(facts.browser, 'hex'),
    subject: facts.subject,
    codeHash: Buffer.from(facts.codeHash, 'hex'),
  })
  if (code === undefined) {
    // Made with a secret that this process was not given; while secrets change, another one was.
    needs.log.warn({ mail: work.id }, 'no secret of this process made the code of a passcode mail')
    return postponeWork(sql, work.id, OTHER_PROCESS_MS)
  }
  try {
    await needs.transport.send(render(needs, tenant, facts, work, code))
    await endWork(sql, work.id)
    needs.counted('passcode', 'sent')
  } catch (error) {
    needs.log.warn({ mail: work.id, err: error }, 'passcode mail not accepted')
    const refusal = error instanceof MailNotAccepted ? error : undefined
    const createdAt = new Date(facts.createdAt)
    const retryAfterSeconds = refusal?.retryAfterSeconds
    const inMs = nextTry({ failures: work.failures, createdAt, now, retryAfterSeconds, random: Math.random() })
    // A code that arrives after its time is only confusing.
    const inTime = inMs !== undefined && now.getTime() + inMs < new Date(facts.expiresAt).getTime()
    const again = !refusal?.permanent && inTime
    await (again ? postponeWork(sql, work.id, inMs) : endWork(sql, work.id))
    needs.counted('passcode', again ? 'deferred' : 'failed')
  }
}

function render(needs: Needs, tenant: Tenant, facts: PasscodeMailFacts, work: Work, code: string): Mail {
  const language: Language = matchLanguage(facts.language) ?? 'en'
  const texts = textsIn(language)
  return {
    id: work.id,
    tenantId: tenant.id,
    kind: 'passcode',
    from: { ...needs.mailFrom, name: texts.say('mail.from', { organization: tenant.displayName }) },
    to: { address: facts.address },
    cc: [],
    ...passcodeMail({
      texts,
      organization: mailOrganization(tenant, needs.publicUrl()),
      code,
      expiresAt: new Date(facts.expiresAt),
      askedAt: new Date(facts.createdAt),
      address: facts.address,
    }),
    headers: {},
  }
}
