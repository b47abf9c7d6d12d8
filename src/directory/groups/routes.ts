import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { compileBody } from '../../graph/body.js'
import { idempotencyOf } from '../../graph/idempotency.js'
import {
  type AnswerNeeds,
  answerCreated,
  answerEntity,
  baseOf,
  readIn,
  showOne,
  type Within,
} from '../../graph/odata/answer.js'
import { collectionRoutes } from '../../graph/odata/collection-routes.js'
import { entityContext, resourceUrl } from '../../graph/odata/context.js'
import { propertiesOf } from '../../graph/odata/filter-tree.js'
import { type QueryRules, readQueryOptions } from '../../graph/odata/query-options.js'
import { referencedId } from '../../graph/odata/reference.js'
import type { ReadContext } from '../../graph/odata/resource.js'
import { EntityBody } from '../../graph/odata/schema.js'
import { answerChange, answerCreation, preconditionOf, readPreferences } from '../../graph/preferences.js'
import { isGuid } from '../../kernel/ids.js'
import { openExtensionRoutes } from '../extensions/routes.js'
import { actionRoutes } from './action-routes.js'
import { changeGroup } from './change-group.js'
import { createGroup } from './create-group.js'
import { deleteGroup, deleteGroupNamed } from './delete-group.js'
import { refusals } from './errors.js'
import { extensionsOfGroups } from './group-extensions.js'
import { groupResource } from './group-resource.js'
import { groupsShowingMembersTo } from './held/query.js'
import { memberRoutes } from './member-routes.js'
import type { GroupNeeds } from './needs.js'
import { createGroups, readGroups, writeGroups, writeMembers } from './permissions.js'
import { groupCollection, groupRules } from './query.js'
import { findVisibleGroup, findVisibleGroupNamed, mustListGroups, seesHiddenMembers } from './read-groups.js'
import { relationRoutes } from './relation-routes.js'
import { GroupChanges, GroupUpsert, NewGroup } from './schema.js'
import { upsertGroup } from './upsert-group.js'

type Needs = GroupNeeds & AnswerNeeds

const Id = Type.Object({ id: Type.String() })
const UniqueName = Type.Object({ uniqueName: Type.String() })
const tags = ['groups']
const Changed = { 204: Type.Null(), 200: EntityBody }
/** Graph's alternate key. The router takes what follows a parameter for its name, unless that says what it matches. */
const BY_UNIQUE_NAME = "/groups(uniqueName=':uniqueName(^.+)')"
const readNewGroup = compileBody(NewGroup)

/** `/groups` of the Graph dialect, and what users and groups are in. */
const routes: FastifyPluginAsyncTypebox<{ needs: Needs }> = async (app, { needs }) => {
  const path = '/groups'
  const all: Within = { path, open: mustListGroups }
  // A filter by owners would tell who owns those that hide it.
  const showingOwners: Within = {
    path,
    async open(context) {
      await mustListGroups(context)
      const { scope, caller } = context
      return seesHiddenMembers(caller) ? undefined : groupsShowingMembersTo(scope.tenantId, caller.objectId)
    },
  }
  const asksForOwners = (request: FastifyRequest, rules: QueryRules) => {
    const { filter } = readQueryOptions(request, rules)
    return filter !== undefined && propertiesOf(filter).has('owners')
  }

  collectionRoutes(app, needs, {
    path,
    what: 'groups',
    tags,
    config: { permission: readGroups },
    collection: groupCollection,
    within: (request) => (asksForOwners(request, groupCollection.rules) ? showingOwners : all),
  })

  app.post(
    '/groups',
    {
      config: { permission: createGroups, takesIdempotencyKey: true, shows: groupResource.type },
      schema: { tags, summary: 'Create a group', body: NewGroup, response: { 201: EntityBody, 204: Type.Null() } },
    },
    async (request, reply) => {
      const row = await createGroup(needs, request.caller, wishOf(request.body), idempotencyOf(request))
      const location = resourceUrl(baseOf(request), `/groups/${row.id}`)
      return answerCreation(request, reply, { location, entity: await showOne(needs, request, groupResource, row) })
    },
  )

  app.get(
    '/groups/:id',
    {
      config: { permission: readGroups, query: groupRules },
      schema: { tags, summary: 'Read a group', params: Id, response: { 200: EntityBody } },
    },
    (request, reply) => {
      const { id } = request.params
      return readOne(needs, request, reply, id, async (context) =>
        isGuid(id) ? findVisibleGroup(context, id.toLowerCase()) : undefined,
      )
    },
  )

  app.patch(
    '/groups/:id',
    {
      config: { permission: writeMembers, shows: groupResource.type },
      schema: { tags, summary: 'Change a group', params: Id, body: GroupChanges, response: Changed },
    },
    async (request, reply) => {
      const { changes, memberIds } = changesOf(request.body)
      const id = groupId(request.params.id)
      await changeGroup(needs, request.caller, id, changes, memberIds, preconditionOf(request))
      return answerChange(request, reply, () => shownById(needs, request, id))
    },
  )

  app.delete(
    '/groups/:id',
    {
      config: { permission: writeGroups },
      schema: { tags, summary: 'Delete a group; can be restored', params: Id, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      await deleteGroup(needs, request.caller, groupId(request.params.id), preconditionOf(request))
      return reply.code(204).send(null)
    },
  )

  app.get(
    BY_UNIQUE_NAME,
    {
      config: { permission: readGroups, query: groupRules },
      schema: { tags, summary: 'Read a group by its unique name', params: UniqueName, response: { 200: EntityBody } },
    },
    (request, reply) =>
      readOne(needs, request, reply, request.params.uniqueName, (context) =>
        findVisibleGroupNamed(context, unquoted(request.params.uniqueName)),
      ),
  )

  app.patch(
    BY_UNIQUE_NAME,
    {
      config: { permission: writeMembers, shows: groupResource.type },
      schema: {
        tags,
        summary: 'Change the group of a unique name, or create it (Prefer: create-if-missing)',
        params: UniqueName,
        body: GroupUpsert,
        response: { 201: EntityBody, 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { createIfMissing } = readPreferences(request)
      const wish = {
        create: createIfMissing ? () => wishOf(readNewGroup(request.body)) : undefined,
        ...changesOf(request.body),
      }
      const name = unquoted(request.params.uniqueName)
      const made = await upsertGroup(needs, request.caller, name, wish, preconditionOf(request))
      if (!made) return reply.code(204).send(null)
      return answerCreated(request, reply, `/groups/${made.id}`, await showOne(needs, request, groupResource, made))
    },
  )

  app.delete(
    BY_UNIQUE_NAME,
    {
      config: { permission: writeGroups },
      schema: {
        tags,
        summary: 'Delete the group of a unique name; can be restored',
        params: UniqueName,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const name = unquoted(request.params.uniqueName)
      await deleteGroupNamed(needs, request.caller, name, preconditionOf(request))
      return reply.code(204).send(null)
    },
  )

  await app.register(actionRoutes, { needs })
  await app.register(memberRoutes, { needs })
  await app.register(relationRoutes, { needs })
  await app.register(openExtensionRoutes, { needs, of: extensionsOfGroups(needs) })
}
export default routes

/** An id that can belong to a group. @throws Refusal: everything else is not found. */
function groupId(text: string): string {
  if (!isGuid(text)) throw refusals.notFound(text)
  return text.toLowerCase()
}

function readOne(
  needs: Needs,
  request: FastifyRequest,
  reply: FastifyReply,
  key: string,
  find: (context: ReadContext) => Promise<string | undefined>,
) {
  return answerEntity(needs, request, reply, {
    resource: groupResource,
    rules: groupRules,
    find,
    notFound: () => refusals.notFound(key),
  })
}

function wishOf(body: NewGroup) {
  const { 'members@odata.bind': members = [], 'owners@odata.bind': owners = [], ...wish } = body
  return { ...wish, memberIds: members.map(referencedId), ownerIds: owners.map(referencedId) }
}

function changesOf(body: GroupUpsert) {
  const { 'members@odata.bind': members = [], 'owners@odata.bind': _owners, ...changes } = body
  return { changes, memberIds: members.map(referencedId) }
}

/** A key in quotes doubles those inside (OData URL conventions). */
function unquoted(key: string): string {
  return key.replaceAll("''", "'")
}

function shownById(needs: Needs, request: FastifyRequest, id: string) {
  return readIn(needs, request, async (context) => {
    const found = await groupResource.readOne(context, id)
    if (!found) throw refusals.notFound(id)
    return { '@odata.context': entityContext(context.base, 'groups'), ...found.entity }
  })
}
