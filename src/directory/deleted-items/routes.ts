import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { idempotencyOf } from '../../graph/idempotency.js'
import { readIn } from '../../graph/odata/answer.js'
import { entityRules } from '../../graph/odata/collection.js'
import { collectionRoutes } from '../../graph/odata/collection-routes.js'
import { entityContext } from '../../graph/odata/context.js'
import { readQueryOptions } from '../../graph/odata/query-options.js'
import type { Entity, ReadContext, Resource } from '../../graph/odata/resource.js'
import { EntityBody } from '../../graph/odata/schema.js'
import { actorOf } from '../change-user.js'
import { refusals } from './errors.js'
import type { DeletedKind } from './kind.js'
import { type DeletedNeeds, deletedKinds, kindOfDeleted, mustHearOf } from './kinds.js'
import { restore } from './restore.js'
import { RestoreWish } from './schema.js'

const Id = Type.Object({ id: Type.String() })
const tags = ['deletedItems']
const path = '/directory/deletedItems'

const someOf = (kinds: readonly DeletedKind[], purpose: 'mayRead' | 'mayChange') => ({
  application: [...new Set(kinds.flatMap((kind) => kind[purpose].application))],
  delegated: [...new Set(kinds.flatMap((kind) => kind[purpose].delegated))],
})

/** `/directory/deletedItems`: what can still be restored. */
const routes: FastifyPluginAsyncTypebox<{ needs: DeletedNeeds }> = async (app, { needs }) => {
  const kinds = deletedKinds(needs)
  const some = (purpose: 'mayRead' | 'mayChange') => someOf(kinds, purpose)
  for (const kind of kinds) {
    collectionRoutes(app, needs, {
      path: `${path}/${kind.type}`,
      what: 'what was deleted',
      tags,
      config: { permission: kind.mayRead },
      collection: kind.collection,
      within: () => ({ path: `${path}/${kind.type}`, open: kind.mustList }),
    })
  }

  app.get(
    `${path}/:id`,
    {
      config: { permission: some('mayRead') },
      schema: { tags, summary: 'Read what was deleted', params: Id, response: { 200: EntityBody } },
    },
    (request) =>
      readIn(needs, request, async (context) => {
        const kind = await kindOfDeleted(kinds, context, request.params.id, 'mayRead')
        await mustHearOf(kind, context, request.params.id)
        const { select } = readQueryOptions(request, entityRules(kind.resource, ['select']))
        return shown(context, kind.resource, request.params.id, select)
      }),
  )

  app.post(
    `${path}/:id/restore`,
    {
      config: { permission: some('mayChange'), takesIdempotencyKey: true },
      schema: { tags, summary: 'Restore it', params: Id, body: RestoreWish, response: { 200: EntityBody } },
    },
    (request) =>
      readIn(needs, request, async (context) => {
        const kind = await restore(needs, context, idOf(request), request.body ?? {}, idempotencyOf(request))
        return shown({ ...context, isWritten: true }, kind.present, request.params.id)
      }),
  )

  app.delete(
    `${path}/:id`,
    {
      config: { permission: some('mayChange') },
      schema: { tags, summary: 'Remove it for good', params: Id, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      await readIn(needs, request, async (context) => {
        const kind = await kindOfDeleted(kinds, context, request.params.id, 'mayChange')
        await kind.mustPurge(context.scope, request.caller, idOf(request))
        await kind.purge(needs, context.scope, [idOf(request)], actorOf(request.caller))
      })
      return reply.code(204).send(null)
    },
  )
}
export default routes

const idOf = ({ params }: FastifyRequest) => (params as { id: string }).id.toLowerCase()

async function shown(
  context: ReadContext,
  resource: Resource,
  id: string,
  select?: readonly string[],
): Promise<Entity> {
  const entity = (await resource.render(context, [id.toLowerCase()], select)).get(id.toLowerCase())
  if (!entity) throw refusals.notFound(id)
  return {
    '@odata.context': entityContext(context.base, 'directoryObjects', select),
    '@odata.type': `#${resource.type}`,
    ...entity,
  }
}
