import type { FastifyInstance } from 'fastify'
import { type AnswerNeeds, readIn } from '../graph/odata/answer.js'
import { isGuid } from '../kernel/ids.js'
import type { Database } from '../platform/database.js'
import { applicationIdOf, applicationIdToChange, mustRead } from './application-routes.js'
import { changeLogo, logoTypeOf } from './change-logo.js'
import { refusals } from './errors.js'
import { logoPathOf } from './logo-path.js'
import type { ChangeNeeds } from './needs.js'
import { readApplications, writeApplications } from './permissions.js'
import { findApplicationId, findApplications } from './store.js'

/** Graph: 100 kB. */
const MOST_LOGO_BYTES = 100 * 1_024

/** `/applications/{id}/logo`: the image itself, by `PUT` and `GET`. */
export async function logoRoutes(app: FastifyInstance, { needs }: { needs: ChangeNeeds & AnswerNeeds }): Promise<void> {
  app.addContentTypeParser(
    ['image/png', 'image/jpeg', 'image/gif', 'image/*', 'application/octet-stream'],
    { parseAs: 'buffer', bodyLimit: MOST_LOGO_BYTES },
    (_request, body, done) => done(null, body),
  )

  app.put<{ Params: { id: string } }>(
    '/applications/:id/logo',
    {
      bodyLimit: MOST_LOGO_BYTES,
      config: { permission: writeApplications },
      schema: { tags: ['applications'], summary: 'Set the logo: PNG, JPEG or GIF of at most 100 kB' },
    },
    async (request, reply) => {
      const logo = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const mediaType = logoTypeOf(logo)
      if (mediaType === undefined) throw refusals.logoUnreadable()
      const id = await readIn(needs, request, (context) => applicationIdToChange(context, request.params.id))
      if (id === undefined) throw refusals.notFound(request.params.id)
      await changeLogo(needs, request.caller, id, { logo, mediaType })
      return reply.code(204).send(null)
    },
  )

  app.get<{ Params: { id: string } }>(
    '/applications/:id/logo',
    {
      config: { permission: readApplications },
      schema: { tags: ['applications'], summary: 'The logo' },
    },
    async (request, reply) => {
      const application = await readIn(needs, request, async (context) => {
        await mustRead(context)
        const id = await applicationIdOf(context, request.params.id)
        return id === undefined ? undefined : (await findApplications(context.scope, [id]))[0]
      })
      if (!application?.logo || application.logoMediaType === null) throw refusals.notFound(request.params.id)
      return reply.type(application.logoMediaType).send(application.logo)
    },
  )
}

/** `/assets/app-logos/…`: logos from our own origin, so that pages need no other. */
export async function logoAssetRoutes(app: FastifyInstance, { database }: { database: Database }): Promise<void> {
  app.get<{ Params: { tenant: string; appId: string; version: string } }>(
    '/assets/app-logos/:tenant/:appId/:version',
    { config: { permission: 'public' }, schema: { hide: true } },
    async (request, reply) => {
      const { tenant, appId } = request.params
      const application = isGuid(tenant) && isGuid(appId) ? await findLogo(database, tenant, appId) : undefined
      // By the whole path: an address names one image for ever.
      if (!application?.logo || logoPathOf(application) !== request.url.split('?')[0]) {
        return reply.code(404).type('text/plain').send('Not found\n')
      }
      return reply
        .header('cache-control', 'public, max-age=31536000, immutable')
        .header('x-content-type-options', 'nosniff')
        .header('content-security-policy', "default-src 'none'; sandbox")
        .header('cross-origin-resource-policy', 'cross-origin')
        .type(application.logoMediaType ?? 'application/octet-stream')
        .send(application.logo)
    },
  )
}

function findLogo(database: Database, tenantId: string, appId: string) {
  return database.withTenant(tenantId, async (scope) => {
    const id = await findApplicationId(scope, { appId: appId.toLowerCase() })
    return id === undefined ? undefined : (await findApplications(scope, [id]))[0]
  })
}
