import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { ProviderNeeds } from './needs.js'
import { PATHS } from './openid-provider.js'

/** What fits into the address that the browser comes again with, beside its other headers. */
const MOST_BYTES = 6 * 1024
const TENANT_NAME = /^[A-Za-z0-9.-]{1,253}$/

/**
 * Requests to sign in and out that an application has the browser post (OpenID Connect Core section 3.1.2.1, RP-Initiated
 * Logout section 2). They come from another site, without the session: the browser is asked to come again with a GET, which
 * takes the session along and changes nothing by itself.
 */
export const registerPosted: FastifyPluginAsync<Pick<ProviderNeeds, 'originOf'>> = async (app, needs) => {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: MOST_BYTES },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  )
  const options = {
    config: { permission: 'public' as const },
    schema: { hide: true },
    bodyLimit: MOST_BYTES,
  }
  for (const path of [PATHS.authorization, PATHS.end_session]) {
    app.post(`/:tenant${path}`, options, async (request: FastifyRequest<{ Params: { tenant: string } }>, reply) => {
      const { tenant } = request.params
      reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer')
      if (!TENANT_NAME.test(tenant) || !(request.body instanceof URLSearchParams)) {
        return reply.code(400).type('text/plain').send('Bad Request\n')
      }
      return reply.redirect(`${needs.originOf(request)}/${tenant}${path}?${request.body}`, 303)
    })
  }
}
