import { findUser } from '../../directory/index.js'
import type { TenantScope } from '../../platform/database.js'
import type { Work } from '../../platform/queue.js'
import { type Recipient, type Sender, sendTenantMail, type TenantMailNeeds } from '../../tenants/index.js'
import { canBeAsked, isApprover } from './approvers.js'
import { askApprovers } from './ask-approvers.js'
import { requestMail } from './mail/request-mails.js'
import { approvalPath, signUpPath } from './paths.js'
import { stateAt } from './rules.js'
import { findMail, findRequest } from './store.js'
import type { RequestRow } from './tables.js'

/** `isAsked`: it goes to an approver, else to the visitor. */
type Facts = Recipient & { request: RequestRow; isAsked: boolean }

/** Does the work of one outbox row: has approvers asked, or sends a mail if what it says is still so. Safe to run twice. */
export async function sendRequestMail(
  needs: TenantMailNeeds<'sign-up'> & { newId: () => string },
  work: Work,
): Promise<void> {
  if (await askApprovers(needs, work)) return
  await sendTenantMail(needs, work, { kind: 'sign-up', idOf: ({ subjectId }) => subjectId, read: wanted, write })
}

async function wanted(scope: TenantScope, id: string, now: Date): Promise<Facts | undefined> {
  const mail = await findMail(scope, id)
  const request = mail && (await findRequest(scope, mail.requestId))
  if (!request) return undefined
  if (mail.approverId === null)
    return { request, isAsked: false, address: request.email, language: request.visitor.language }
  // Decided since, or by somebody else than them from now on.
  if (stateAt(request, now) !== 'pending') return undefined
  const approver = await findUser(scope, mail.approverId)
  if (!canBeAsked(approver, now) || !(await isApprover(scope, request.flowId, approver.id))) return undefined
  return { request, isAsked: true, address: approver.mail, language: approver.preferredLanguage }
}

function write({ request, isAsked, address }: Facts, { tenant, texts, organization, publicUrl }: Sender) {
  return requestMail({
    texts,
    organization,
    visitor: request.email,
    address,
    contact: isAsked ? undefined : tenant.contactAddress,
    ...newsOf(publicUrl, request, isAsked),
  })
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
