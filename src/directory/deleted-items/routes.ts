import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import type { RoutePermission } from '../../graph/access.js'
import { idempotencyOf } from '../../graph/idempotency.js'
import { readIn } from '../../graph/odata/answer.js'
import { entityRules } from '../../graph/odata/collection.js'
import { collectionRoutes } from '../../graph/odata/collection-routes.js'
import { collectionContext, entityContext } from '../../graph/odata/context.js'
import { readQueryOptions } from '../../graph/odata/query-options.js'
import type { Entity, ReadContext, Resource } from '../../graph/odata/resource.js'
import { CollectionBody, EntityBody } from '../../graph/odata/schema.js'
import { actorOf } from '../change-user.js'
import { directoryObjectResource } from '../objects/directory-object.js'
import { GetByIds, wantedOf } from '../objects/get-by-ids.js'
import { type NeverHeld, nothingOf, oneOfNothing } from '../objects/query.js'
import { mustSeeOthers } from '../read-users.js'
import { refusals } from './errors.js'
import type { DeletedKind } from './kind.js'
import { type DeletedNeeds, deletedKinds, kindOfDeleted, mayHearOf, mustHearOf } from './kinds.js'
import { restore } from './restore.js'
import { holdsOneOf } from './rules.js'
import { RestoreWish } from './schema.js'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

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

  for (const type of NEVER_DELETED) noneRoutes(app, needs, type, some('mayRead'))

  readRoute(app, needs, `${path}/:id`, kinds)
  restoreRoute(app, needs, `${path}/:id`, kinds)
  restoreRoute(app, needs, '/directoryObjects/:id', kinds)
  for (const kind of kinds) {
    readRoute(app, needs, `${path}/:id/${kind.type}`, [kind])
    restoreRoute(app, needs, `/${kind.present.set}/:id`, [kind])
  }

  app.post(
    `${path}/getByIds`,
    {
      config: { permission: some('mayRead') },
      schema: { tags, summary: 'Read several that were deleted', body: GetByIds, response: { 200: CollectionBody } },
    },
    (request) =>
      readIn(needs, request, async (context) => ({
        '@odata.context': collectionContext(context.base, 'directoryObjects'),
        value: await severalDeleted(kinds, context, wantedOf(request.body)),
      })),
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

/** Graph has casts to them, and nothing of them is here. */
const NEVER_DELETED: readonly NeverHeld[] = ['administrativeUnit', 'device']

/** One of them, of one of these kinds: as anything, or cast to what it is. */
function readRoute(app: App, needs: DeletedNeeds, at: string, kinds: readonly DeletedKind[]): void {
  const all = kinds.map(({ resource }) => entityRules(resource, ['select']))
  const [rules] = all
  if (!rules) return
  const isCast = kinds.length === 1
  const properties = new Set(all.flatMap((one) => [...one.properties]))
  const query = isCast ? rules : { ...rules, type: directoryObjectResource.type, properties }
  app.get(
    at,
    {
      config: { permission: someOf(kinds, 'mayRead'), query },
      schema: { tags, summary: 'Read what was deleted', params: Id, response: { 200: EntityBody } },
    },
    (request) =>
      readIn(needs, request, async (context) => {
        const { id } = request.params as { id: string }
        const kind = await kindOfDeleted(kinds, context, id, 'mayRead')
        await mustHearOf(kind, context, id)
        const { select } = readQueryOptions(request, entityRules(kind.resource, ['select']))
        return shown(context, kind.resource, id, { select, isCast })
      }),
  )
}

/** Graph has the same action at each set, for objects of its type. */
function restoreRoute(app: App, needs: DeletedNeeds, at: string, kinds: readonly DeletedKind[]): void {
  app.post(
    `${at}/restore`,
    {
      config: { permission: someOf(kinds, 'mayChange'), takesIdempotencyKey: true },
      schema: { tags, summary: 'Restore it', params: Id, body: RestoreWish, response: { 200: EntityBody } },
    },
    (request) =>
      readIn(needs, request, async (context) => {
        const { id } = request.params as { id: string }
        const wish = (request.body as RestoreWish | undefined) ?? {}
        const kind = await restore(needs, kinds, context, id.toLowerCase(), wish, idempotencyOf(request))
        return shown({ ...context, isWritten: true }, kind.present, id)
      }),
  )
}

function noneRoutes(app: App, needs: DeletedNeeds, type: NeverHeld, permission: RoutePermission): void {
  const collection = nothingOf(type)
  const at = `${path}/microsoft.graph.${type}`
  collectionRoutes(app, needs, {
    path: at,
    what: 'what was deleted',
    tags,
    config: { permission },
    collection,
    within: () => ({ path: at, open: mustSeeOthers }),
  })
  const query = oneOfNothing(collection)
  app.get(
    `${path}/:id/microsoft.graph.${type}`,
    {
      config: { permission, query },
      schema: { tags, summary: 'Read what was deleted', params: Id, response: { 200: EntityBody } },
    },
    async (request) => {
      readQueryOptions(request, query)
      throw refusals.notFound((request.params as { id: string }).id.slice(0, 64))
    },
  )
}

/** Those of the ids that were deleted and that the caller hears of; the others are left out. */
async function severalDeleted(
  kinds: readonly DeletedKind[],
  context: ReadContext,
  { ids, types }: ReturnType<typeof wantedOf>,
): Promise<Entity[]> {
  const value: Entity[] = []
  for (const kind of kinds.filter(({ type }) => types === undefined || types.has(type.toLowerCase()))) {
    const mayRead = kind.mayRead[context.caller.kind === 'user' ? 'delegated' : 'application']
    if (!holdsOneOf(context.caller.permissions, mayRead) || !(await mayHearOf(kind, context))) continue
    for (const entity of (await kind.resource.render(context, ids)).values()) {
      value.push({ '@odata.type': `#${kind.resource.type}`, ...entity })
    }
  }
  return value
}

const idOf = ({ params }: FastifyRequest) => (params as { id: string }).id.toLowerCase()

async function shown(
  context: ReadContext,
  resource: Resource,
  id: string,
  { select, isCast = false }: { select?: readonly string[] | undefined; isCast?: boolean } = {},
): Promise<Entity> {
  const entity = (await resource.render(context, [id.toLowerCase()], select)).get(id.toLowerCase())
  if (!entity) throw refusals.notFound(id)
  return {
    '@odata.context': entityContext(context.base, isCast ? resource.set : 'directoryObjects', select),
    ...(!isCast && { '@odata.type': `#${resource.type}` }),
    ...entity,
  }
}
