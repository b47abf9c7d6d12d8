import type { FastifyReply, FastifyRequest } from 'fastify'
import { ErrorPage } from './error-page.js'
import { frameFor } from './frame.js'
import { sendPage } from './send-page.js'

const STATUS = { link: 404, missing: 404, stale: 403, lost: 400 } as const

/** Says what went wrong, in no organization's name. `retryUrl`: where whoever sent a stale form starts again. */
export function answerError(
  request: FastifyRequest,
  reply: FastifyReply,
  kind: keyof typeof STATUS,
  retryUrl?: string,
): FastifyReply {
  const frame = frameFor(request, { organization: undefined })
  const page = <ErrorPage frame={frame} kind={kind} retryUrl={retryUrl} />
  return sendPage(reply, page, { status: STATUS[kind], nonce: frame.nonce })
}
