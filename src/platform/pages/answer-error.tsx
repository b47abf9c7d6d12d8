import type { FastifyReply, FastifyRequest } from 'fastify'
import { ErrorPage, LimitedErrorPage } from './error-page.js'
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

/** Says that this network has to wait until `retryAt` (429 with `Retry-After`). */
export function answerLimited(request: FastifyRequest, reply: FastifyReply, retryAt: Date, now: Date): FastifyReply {
  const frame = frameFor(request, { organization: undefined })
  const retryAfterSeconds = Math.max(1, (retryAt.getTime() - now.getTime()) / 1_000)
  const page = <LimitedErrorPage frame={frame} retryAt={retryAt} />
  return sendPage(reply, page, { status: 429, nonce: frame.nonce, retryAfterSeconds })
}
