import { shared } from './plugin.js'

/**
 * Reads JSON bodies. Differs from Fastify's own reader in one thing: nothing at all is no body, whatever the media type
 * says. Clients of Graph name JSON on each request, on a DELETE or a restoration too; whether a body is missing is for
 * the route's schema to say.
 */
export const jsonBodies = shared('graph-json-bodies', async (app) => {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined)
    else void parse(request, body, done)
  })
})
