import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Elsewhere } from './graph/http-errors.js'
import { ErrorPage } from './platform/pages/error-page.js'
import { frameFor } from './platform/pages/frame.js'
import { sendPage } from './platform/pages/send-page.js'

/** Errors outside the Graph dialect: a page for people, a line of text for everything else. */
export const pageErrors: Elsewhere = {
  notFound: (request, reply) => answer(request, reply, 404, 'missing'),
  error: (problem, request, reply) =>
    answer(request, reply, problem.status, problem.status >= 500 ? 'fault' : 'missing', problem.retryAfterSeconds),
}

function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  kind: 'missing' | 'fault',
  retryAfterSeconds?: number,
): FastifyReply {
  if (!(request.headers.accept ?? '*/*').includes('text/html')) {
    if (retryAfterSeconds !== undefined) reply.header('retry-after', String(Math.ceil(retryAfterSeconds)))
    return reply
      .code(status)
      .type('text/plain; charset=utf-8')
      .send(status >= 500 ? 'Not available\n' : 'Not found\n')
  }
  const frame = frameFor(request, { organization: undefined })
  const page = (
    <ErrorPage
      frame={frame}
      kind={kind}
      reference={String(request.id)}
      retryUrl={request.method === 'GET' ? request.url : undefined}
    />
  )
  return sendPage(reply, page, { status, nonce: frame.nonce, retryAfterSeconds })
}
