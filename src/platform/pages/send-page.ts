import type { FastifyReply } from 'fastify'
import type { VNode } from 'preact'
import { type PageSecurity, securityHeaders } from './headers.js'
import { renderPage } from './page.js'

export type PageResponse = PageSecurity & {
  status: number
  /** The nonce of the frame the page was drawn in. */
  nonce: string
  /** Seconds until trying again makes sense. */
  retryAfterSeconds?: number | undefined
}

/** Answers with a page and the headers every page carries. */
export function sendPage(reply: FastifyReply, page: VNode, response: PageResponse): FastifyReply {
  reply.code(response.status).headers(securityHeaders(response.nonce, response)).type('text/html; charset=utf-8')
  if (response.retryAfterSeconds !== undefined) reply.header('retry-after', Math.ceil(response.retryAfterSeconds))
  return reply.send(renderPage(page))
}

/** Sends the browser on to `location`, with GET. Neither this answer nor where it came from is kept or told. */
export function seeOther(reply: FastifyReply, location: string): FastifyReply {
  return reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer').redirect(location, 303)
}
