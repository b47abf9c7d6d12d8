import { findUser } from '../../directory/index.js'
import type { Database } from '../../platform/database.js'
import { matchLanguage, textsIn } from '../../platform/i18n/index.js'
import type { Logger } from '../../platform/log.js'
import { type Mail, type Mailbox, MailNotAccepted, type MailTransport } from '../../platform/mail/mail.js'
import { nextTry } from '../../platform/mail/retry.js'
import { endWork, postponeWork } from '../../platform/outbox/store.js'
import type { Work } from '../../platform/queue.js'
import { mailOrganization, type Tenant, type Tenants } from '../../tenants/index.js'
import { type Approver, canBeAsked, isApprover } from './approvers.js'
import { askApprovers } from './ask-approvers.js'
import { requestMail } from './mail/request-mails.js'
import { approvalPath, signUpPath } from './paths.js'
import { stateAt } from './rules.js'
import { findMail, findRequest } from './store.js'
import type { RequestRow } from './tables.js'

type Needs = {
  database: Database
  tenants: Tenants
  clock: () => Date
  newId: () => string
  log: Logger
  transport: MailTransport
  publicUrl: () => string
  mailFrom: Mailbox
  counted: (kind: 'sign-up', outcome: 'sent' | 'deferred' | 'failed' | 'suppressed') => void
}

/** `approver` is unset in mails to the visitor. */
type Facts = { id: string; request: RequestRow; approver?: Approver }

/** Sends the mail of one outbox row, if what it says is still so. Safe to run twice. */
export async function sendRequestMail(needs: Needs, work: Work): Promise<void> {
  if (await askApprovers(needs, work)) return
  const { sql } = needs.database
  const now = needs.clock()
  const tenant = await needs.tenants.find(work.tenantId)
  const facts = tenant?.enabled ? await wanted(needs, work, now) : undefined
  if (!tenant || !facts) {
    needs.counted('sign-up', 'suppressed')
    return endWork(sql, work.id)
  }
  try {
    await needs.transport.send(render(needs, tenant, facts))
    await endWork(sql, work.id)
    needs.counted('sign-up', 'sent')
  } catch (error) {
    needs.log.warn({ mail: work.id, err: error }, 'mail about a sign-up request not accepted')
    const refusal = error instanceof MailNotAccepted ? error : undefined
    const retryAfterSeconds = refusal?.retryAfterSeconds
    const createdAt = new Date(work.createdAt)
    const inMs = nextTry({ failures: work.failures, createdAt, now, retryAfterSeconds, random: Math.random() })
    const again = !refusal?.permanent && inMs !== undefined
    await (again ? postponeWork(sql, work.id, inMs) : endWork(sql, work.id))
    needs.counted('sign-up', again ? 'deferred' : 'failed')
  }
}

function wanted({ database }: Needs, work: Work, now: Date): Promise<Facts | undefined> {
  return database.withTenant(work.tenantId, async (scope) => {
    const mail = await findMail(scope, work.subjectId)
    const request = mail && (await findRequest(scope, mail.requestId))
    if (!request) return undefined
    if (mail.approverId === null) return { id: mail.id, request }
    // Decided since, or by somebody else than them from now on.
    if (stateAt(request, now) !== 'pending') return undefined
    const approver = await findUser(scope, mail.approverId)
    if (!canBeAsked(approver, now) || !(await isApprover(scope, request.flowId, approver.id))) return undefined
    return { id: mail.id, request, approver }
  })
}

function render(needs: Needs, tenant: Tenant, { id, request, approver }: Facts): Mail {
  const publicUrl = needs.publicUrl()
  const language = approver ? approver.preferredLanguage : request.visitor.language
  const texts = textsIn(matchLanguage(language ?? tenant.notificationLanguage ?? 'en') ?? 'en')
  const address = approver?.mail ?? request.email
  const shared = {
    texts,
    organization: mailOrganization(tenant, publicUrl),
    visitor: request.email,
    address,
    contact: approver ? undefined : tenant.contactAddress,
  }
  return {
    id,
    tenantId: tenant.id,
    kind: 'sign-up',
    from: { ...needs.mailFrom, name: texts.say('mail.from', { organization: tenant.displayName }) },
    to: { address },
    cc: [],
    ...requestMail({ ...shared, ...newsOf(publicUrl, request, approver !== undefined) }),
    headers: {},
  }
}

function newsOf(publicUrl: string, request: RequestRow, isAsked: boolean) {
  const { tenantId, id, flowId, state, expiresDateTime: until, decidedDateTime } = request
  if (isAsked) return { kind: 'ask' as const, until, url: publicUrl + approvalPath(tenantId, id) }
  switch (state) {
    case 'approved':
      return { kind: state, url: `${publicUrl}/myapps?tenant=${tenantId}` }
    case 'denied':
      return { kind: state, reason: request.reason ?? undefined }
    default: {
      // Before its time it lapses with its flow only.
      const isOver = decidedDateTime === null || decidedDateTime >= until
      return { kind: 'lapsed' as const, until, ...(isOver && { url: publicUrl + signUpPath(tenantId, flowId) }) }
    }
  }
}
