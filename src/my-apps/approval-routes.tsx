import type { FastifyInstance, FastifyReply } from 'fastify'
import { isGuid } from '../kernel/ids.js'
import { Refusal } from '../kernel/refusal.js'
import { fieldsOf } from '../platform/pages/frame.js'
import { seeOther, sendPage } from '../platform/pages/send-page.js'
import { csrfOf } from '../sign-in/index.js'
import {
  decideRequest,
  findForApprover,
  listForApprover,
  MOST_REASON,
  mustApprove,
  type RequestView,
  readReason,
} from '../user-flows/index.js'
import { answerStale, answerWhich, visitOfForm } from './answers.js'
import { barOf } from './bar-of.js'
import type { Needs } from './needs.js'
import { ApprovalPage, ApprovalsPage, type ApprovalTrouble } from './pages/approvals.js'
import { ClosedAppPage } from './pages/small.js'
import { frameOf, openTurn, openVisit, pathOf, signInFirst, type Visit } from './visit.js'

/** Requests of one page; the API lists all. */
const MOST_SHOWN = 100
const PATH = '/myaccess/sign-ups'

/**
 * `/myaccess/sign-ups`: an approver decides who becomes a guest. The link in a mail finds a request and proves nobody, a
 * GET changes nothing, and whoever does not decide about a request's flow is told that there is none.
 */
export async function approvalRoutes(app: FastifyInstance, { needs }: { needs: Needs }): Promise<void> {
  const options = { config: { permission: 'public' as const }, schema: { hide: true } }
  type One = { Params: { id: string } }

  app.get(PATH, options, async (request, reply) => {
    const turn = await openTurn(needs, request, reply)
    if (!turn) return answerWhich(request, reply)
    const visit = await openVisit(turn)
    return visit ? answerList(visit) : signInFirst(turn)
  })

  app.get<One>(`${PATH}/:id`, options, async (request, reply) => {
    const turn = await openTurn(needs, request, reply)
    if (!turn) return answerWhich(request, reply)
    const visit = await openVisit(turn)
    if (!visit) return signInFirst(turn)
    const found = await find(visit, request.params.id)
    return found ? answerOne(visit, found, 200) : answerNone(visit)
  })

  app.post<One>(`${PATH}/:id`, options, async (request, reply) => {
    const visit = await visitOfForm(needs, request, reply)
    if (!visit) return answerStale(request, reply)
    const found = await find(visit, request.params.id)
    if (!found) return answerNone(visit)
    const { choice, reason } = fieldsOf(request)
    if (choice !== 'approve' && choice !== 'deny') return again(visit, found)
    return decide(visit, found, choice, readReason(reason))
  })
}

async function find({ needs, tenant, view }: Visit, id: string): Promise<RequestView | undefined> {
  return isGuid(id) ? findForApprover(needs, tenant.id, view.person.id, id.toLowerCase()) : undefined
}

async function decide(
  visit: Visit,
  found: RequestView,
  choice: 'approve' | 'deny',
  reason: string | undefined,
): Promise<FastifyReply> {
  const { needs, tenant, view } = visit
  const { id, displayName } = view.person
  if (choice === 'deny' && reason !== undefined && reason.length > MOST_REASON) {
    return answerOne(visit, found, 422, { kind: 'reasonTooLong', typed: reason.slice(0, 2 * MOST_REASON) })
  }
  try {
    await decideRequest(needs, tenant.id, {
      flowId: found.flowId,
      requestId: found.id,
      verdict: choice === 'approve' ? { outcome: 'approve' } : { outcome: 'deny', reason },
      actor: { kind: 'user', id, displayName },
      mustBeAllowed: (scope) => mustApprove(scope, found.flowId, id, found.id),
    })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return answerRefusal(visit, found, error)
  }
  needs.changed(tenant.id)
  return again(visit, found)
}

/** Somebody was faster, or the guest cannot be made. */
async function answerRefusal(visit: Visit, { id }: RequestView, refusal: Refusal): Promise<FastifyReply> {
  const found = await find(visit, id)
  if (!found) return answerNone(visit)
  if (found.state !== 'pending') return answerOne(visit, found, 409, { kind: 'late' })
  if (refusal.kind !== 'forbidden' && refusal.kind !== 'conflict' && refusal.kind !== 'invalid') throw refusal
  const isDomain = refusal.code === 'domainNotAllowed' || refusal.code === 'domainBlocked'
  return answerOne(visit, found, 422, { kind: isDomain ? 'domain' : 'account' })
}

/** The same page again, now with GET: it says what was decided. */
function again({ reply, tenant }: Visit, { id }: RequestView): FastifyReply {
  return seeOther(reply, pathOf(tenant, `${PATH}/${id}`))
}

async function answerList(visit: Visit): Promise<FastifyReply> {
  const { needs, reply, tenant, view } = visit
  const requests = await listForApprover(needs, tenant.id, view.person.id, MOST_SHOWN)
  const bar = barOf(visit)
  const page = <ApprovalsPage {...bar} requests={requests} isCut={requests.length === MOST_SHOWN} />
  return sendPage(reply, page, { status: 200, nonce: bar.frame.nonce })
}

function answerOne(
  visit: Visit,
  request: RequestView,
  status: 200 | 409 | 422,
  trouble?: ApprovalTrouble,
): FastifyReply {
  const frame = frameOf(visit)
  const page = (
    <ApprovalPage
      frame={frame}
      csrf={csrfOf(visit)}
      request={request}
      trouble={trouble}
      mostReason={MOST_REASON}
      listUrl={pathOf(visit.tenant, PATH)}
    />
  )
  return sendPage(visit.reply, page, { status, nonce: frame.nonce })
}

function answerNone(visit: Visit): FastifyReply {
  const frame = frameOf(visit)
  const page = <ClosedAppPage frame={frame} backUrl={pathOf(visit.tenant, PATH)} kind="request" />
  return sendPage(visit.reply, page, { status: 404, nonce: frame.nonce })
}
