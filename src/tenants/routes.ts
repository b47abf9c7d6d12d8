import type { FastifyInstance } from 'fastify'
import { isGuid } from '../kernel/ids.js'
import type { Tenants } from './tenant.js'

/** `/assets/logos/...`: logos from our own origin, so that pages need no other. */
export default async function routes(app: FastifyInstance, { tenants }: { tenants: Tenants }): Promise<void> {
  app.get<{ Params: { id: string } }>(
    '/assets/logos/:id/:version',
    { config: { permission: 'public' }, schema: { hide: true } },
    async (request, reply) => {
      const { id } = request.params
      const logo = isGuid(id) ? (await tenants.find(id))?.logo : undefined
      if (!logo) return reply.code(404).type('text/plain').send('Not found\n')
      return (
        reply
          .header('cache-control', 'public, max-age=31536000, immutable')
          .header('x-content-type-options', 'nosniff')
          .header('content-security-policy', "default-src 'none'; sandbox")
          // Mails show it from other origins, our sandboxed preview of them included.
          .header('cross-origin-resource-policy', 'cross-origin')
          .type(logo.mediaType)
          .send(Buffer.from(logo.base64, 'base64'))
      )
    },
  )
}
