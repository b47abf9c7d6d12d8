import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { renderReference } from './pages/reference.js'

/** Head of the OpenAPI document; everything else comes from the routes. */
export const openApi: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Vestibule',
      version: '0.1.0',
      description:
        'Self-hosted guest collaboration. Paths, bodies, errors and permission names are those of Microsoft Graph v1.0; what is added is marked as an addition.',
      license: { name: 'Apache-2.0' },
    },
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
    security: [{ bearer: [] }],
  },
  hideUntagged: true,
  refResolver: { buildLocalReference: ({ $id }, _base, _fragment, index) => String($id ?? `schema-${index}`) },
}

/** `/openapi.json` and `/docs`: the reference, from the schemas that the routes themselves use. */
export async function documentation(app: FastifyInstance): Promise<void> {
  const options = { config: { permission: 'public' as const }, schema: { hide: true } }
  app.get('/openapi.json', options, async (_request, reply) =>
    reply.header('access-control-allow-origin', '*').send(app.swagger()),
  )
  app.get('/docs', options, async (request, reply) => renderReference(app.swagger(), request, reply))
}
