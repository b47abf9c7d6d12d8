import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { type AnswerNeeds, readIn } from '../../graph/odata/answer.js'
import { showItems } from '../../graph/odata/collection.js'
import { collectionContext } from '../../graph/odata/context.js'
import type { ReadContext } from '../../graph/odata/resource.js'
import { CollectionBody, EntityBody } from '../../graph/odata/schema.js'
import { preconditionOf } from '../../graph/preferences.js'
import { isGuid } from '../../kernel/ids.js'
import { deleteUser } from '../change-user.js'
import { availableExtensions } from '../extensions/available-extensions.js'
import { deleteGroup } from '../groups/delete-group.js'
import { refusals } from '../groups/errors.js'
import { membershipRoutes } from '../groups/membership-routes.js'
import type { GroupNeeds } from '../groups/needs.js'
import { deleteObjects, readMembershipsOfObjects, readObjects } from '../groups/permissions.js'
import type { DirectoryNeeds } from '../needs.js'
import { answerObject, oneObjectRules } from './answer-object.js'
import { directoryObjectResource } from './directory-object.js'
import { GetByIds, wantedOf } from './get-by-ids.js'
import { directoryObjects, objectsElsewhere } from './kinds.js'
import { findVisibleObjects } from './read-objects.js'

type Needs = AnswerNeeds & GroupNeeds & DirectoryNeeds

const Id = Type.Object({ id: Type.String() })
const tags = ['directoryObjects']

const AvailableExtensions = Type.Object({
  isSyncedFromOnPremises: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
})

/** `/directoryObjects` of the Graph dialect: users, groups and whatever is to come, by id alone. */
const routes: FastifyPluginAsyncTypebox<{ needs: Needs }> = async (app, { needs }) => {
  app.get(
    '/directoryObjects/:id',
    {
      config: { permission: readObjects, query: oneObjectRules() },
      schema: { tags, summary: 'Read a directory object', params: Id, response: { 200: EntityBody } },
    },
    (request) => {
      const { id } = request.params
      return answerObject(
        needs,
        request,
        (context) => findOne(context, id),
        () => refusals.notFound(id),
      )
    },
  )

  app.delete(
    '/directoryObjects/:id',
    {
      config: { permission: deleteObjects },
      schema: {
        tags,
        summary: 'Delete a directory object; can be restored',
        params: Id,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { caller } = request
      const { id } = request.params
      const found = await readIn(needs, request, (context) => findOne(context, id))
      if (!found) throw refusals.notFound(id)
      // Roles are built in.
      if (found.type === 'microsoft.graph.directoryRole') throw refusals.roleMissing()
      const kept = objectsElsewhere().get(found.type)
      if (kept) throw refusals.deletedElsewhere(`${kept.path}/${found.id}`)
      const isGroup = found.type === 'microsoft.graph.group'
      const enough = isGroup
        ? ['Group.ReadWrite.All', 'Directory.ReadWrite.All']
        : ['User.ReadWrite.All', 'User.DeleteRestore.All', 'Directory.ReadWrite.All']
      if (!enough.some((name) => caller.permissions.has(name))) throw refusals.roleMissing()
      const mustBe = preconditionOf(request)
      await (isGroup ? deleteGroup(needs, caller, found.id, mustBe) : deleteUser(needs, caller, found.id, mustBe))
      return reply.code(204).send(null)
    },
  )

  // Graph has the same action at each set, and it finds objects of any type.
  for (const set of ['directoryObjects', 'groups', 'users', 'applications', 'servicePrincipals', 'organization']) {
    app.post(
      `/${set}/getByIds`,
      {
        config: { permission: readObjects },
        schema: { tags, summary: 'Read several directory objects', body: GetByIds, response: { 200: CollectionBody } },
      },
      (request) => {
        const { ids, types } = wantedOf(request.body)
        return readIn(needs, request, async (context) => {
          const found = await findVisibleObjects(context, ids)
          const items = found.filter(({ type }) => types === undefined || types.has(type.toLowerCase()))
          const kinds = { resource: directoryObjectResource, variants: directoryObjects() }
          const shown = await showItems(kinds, context, items, undefined)
          return {
            '@odata.context': collectionContext(context.base, 'directoryObjects'),
            value: shown.map(({ entity }) => entity),
          }
        })
      },
    )
  }

  for (const path of ['/directoryObjects', '/groups', '/users', '/directory/deletedItems']) {
    app.post(
      `${path}/getAvailableExtensionProperties`,
      {
        config: { permission: readObjects },
        schema: {
          tags,
          summary: 'List directory extensions that objects can have',
          body: Type.Optional(AvailableExtensions),
          response: { 200: CollectionBody },
        },
      },
      (request) =>
        readIn(needs, request, async (context) => ({
          '@odata.context': collectionContext(context.base, 'extensionProperties'),
          value: await availableExtensions(context, request.body?.isSyncedFromOnPremises ?? undefined),
        })),
    )
  }

  await app.register(membershipRoutes, {
    needs,
    subject: {
      path: '/directoryObjects/:id',
      tags,
      config: { permission: readMembershipsOfObjects },
      async find(context, id) {
        const found = await findOne(context, id)
        if (!found) throw refusals.notFound(id)
        return found.id
      },
    },
  })
}
export default routes

async function findOne(context: ReadContext, id: string) {
  if (!isGuid(id)) return undefined
  const [found] = await findVisibleObjects(context, [id.toLowerCase()])
  return found
}
