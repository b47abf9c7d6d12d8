import type { FastifyReply, FastifyRequest } from 'fastify'
import { answerError } from '../platform/pages/answer-error.js'
import { fieldsOf, frameFor, queryOf } from '../platform/pages/frame.js'
import { sendPage } from '../platform/pages/send-page.js'
import { isCsrfToken } from '../sign-in/index.js'
import type { Needs } from './needs.js'
import { WhichOrganizationPage } from './pages/small.js'
import { openTurn, openVisit, type Turn, type Visit } from './visit.js'

/** The turn of a form that was drawn for this browser and session; undefined for every other. */
export async function turnOfForm(
  needs: Needs,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Turn | undefined> {
  const turn = await openTurn(needs, request, reply)
  return turn && isCsrfToken(needs.keys, turn.browser, fieldsOf(request)['csrf']) ? turn : undefined
}

/** The same of somebody who is signed in. */
export async function visitOfForm(
  needs: Needs,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Visit | undefined> {
  const turn = await turnOfForm(needs, request, reply)
  return turn && openVisit(turn)
}

/** Asks whose apps are meant; 404 when what was said is nobody's. */
export function answerWhich(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const frame = frameFor(request, { organization: undefined })
  const unknown = queryOf(request)['tenant']?.slice(0, 253)
  const path = startOf(request)
  const page = <WhichOrganizationPage frame={frame} path={path} unknown={unknown} />
  return sendPage(reply, page, { status: unknown === undefined ? 200 : 404, nonce: frame.nonce })
}

export function answerStale(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return answerError(request, reply, 'stale', startOf(request))
}

/** Where the pages begin that a request is about. */
function startOf({ url }: FastifyRequest): string {
  if (url.startsWith('/myaccess')) return '/myaccess/sign-ups'
  return url.startsWith('/myaccount') ? '/myaccount' : '/myapps'
}
