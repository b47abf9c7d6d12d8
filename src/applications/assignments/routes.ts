import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { findVisibleObjects, mine, userIdOf } from '../../directory/index.js'
import type { RoutePermission } from '../../graph/access.js'
import { idempotencyOf } from '../../graph/idempotency.js'
import { type AnswerNeeds, answerCreated, baseOf, readIn } from '../../graph/odata/answer.js'
import { entityRules } from '../../graph/odata/collection.js'
import { collectionRoutes } from '../../graph/odata/collection-routes.js'
import { entityContext } from '../../graph/odata/context.js'
import { readQueryOptions } from '../../graph/odata/query-options.js'
import type { ReadContext } from '../../graph/odata/resource.js'
import { EntityBody } from '../../graph/odata/schema.js'
import { isGuid } from '../../kernel/ids.js'
import type { Refusal } from '../../kernel/refusal.js'
import { mustRead } from '../application-routes.js'
import { refusals } from '../errors.js'
import type { ChangeNeeds } from '../needs.js'
import { readAssignments, readPrincipalAssignments, writeAssignments } from '../permissions.js'
import { principalIdOf } from '../principal-routes.js'
import {
  assignmentCollection,
  assignmentResource,
  atResource,
  mustReadWhatItAsks,
  ofPrincipal,
} from './assignment-resource.js'
import { assignmentOf, assignRole, type Side, unassignRole } from './change-assignments.js'

type Needs = ChangeNeeds & AnswerNeeds
type Config = { permission: RoutePermission; otherwise?: (request: FastifyRequest) => Refusal | undefined }

/** A list of assignments and where it hangs. */
type Place = {
  prefix: string
  name: 'appRoleAssignments' | 'appRoleAssignedTo'
  tags: string[]
  read: Config
  write: Config
  /** The side that the path names, after refusing whom it must. */
  side(context: ReadContext, key: string): Promise<Side>
}

const Id = Type.Object({ id: Type.Optional(Type.String()) })
const ItemId = Type.Object({ id: Type.Optional(Type.String()), assignmentId: Type.String() })
const readOnly = () => Type.Optional(Type.Unknown({ readOnly: true }))
const guid = () => Type.String({ format: 'uuid' })
const NewAssignment = Type.Object({
  principalId: guid(),
  resourceId: guid(),
  appRoleId: guid(),
  id: readOnly(),
  createdDateTime: readOnly(),
  deletedDateTime: readOnly(),
  principalDisplayName: readOnly(),
  principalType: readOnly(),
  resourceDisplayName: readOnly(),
})
const rules = entityRules(assignmentResource, ['select'])

/** What lets people read their own; of others, `ofUser` looks again. */
const readOwn = [...readAssignments.delegated, 'User.Read', 'User.ReadWrite', 'User.Read.All']

const PLACES: Place[] = [
  {
    prefix: '/users/:id',
    name: 'appRoleAssignments',
    tags: ['users'],
    read: { permission: { ...readAssignments, delegated: readOwn } },
    write: { permission: writeAssignments },
    side: ofUser,
  },
  {
    prefix: '/me',
    name: 'appRoleAssignments',
    tags: ['users'],
    read: mine({ delegated: readOwn }),
    write: mine(writeAssignments),
    side: async ({ caller }) => ({ end: 'principal', type: 'User', id: caller.objectId }),
  },
  {
    prefix: '/groups/:id',
    name: 'appRoleAssignments',
    tags: ['groups'],
    read: { permission: readAssignments },
    write: { permission: writeAssignments },
    async side(context, key) {
      const [found] = isGuid(key) ? await findVisibleObjects(context, [key.toLowerCase()]) : []
      if (found?.type !== 'microsoft.graph.group') throw refusals.referenceNotFound(key)
      return { end: 'principal', type: 'Group', id: found.id }
    },
  },
  {
    prefix: '/servicePrincipals/:id',
    name: 'appRoleAssignments',
    tags: ['servicePrincipals'],
    read: { permission: readPrincipalAssignments },
    write: { permission: writeAssignments },
    side: async (context, key) => ({ end: 'principal', type: 'ServicePrincipal', id: await principal(context, key) }),
  },
  {
    prefix: '/servicePrincipals/:id',
    name: 'appRoleAssignedTo',
    tags: ['servicePrincipals'],
    read: { permission: readPrincipalAssignments },
    write: { permission: writeAssignments },
    side: async (context, key) => ({ end: 'resource', id: await principal(context, key) }),
  },
]

/** Roles of applications: who has them, and which somebody has. */
export const assignmentRoutes: FastifyPluginAsyncTypebox<{ needs: Needs }> = async (app, { needs }) => {
  for (const place of PLACES) {
    listAt(app, needs, place)
    assignAt(app, needs, place)
    itemAt(app, needs, place)
  }
}

type App = Parameters<typeof assignmentRoutes>[0]

const pathOf = ({ prefix, name }: Place) => `${prefix}/${name}`
const keyOf = (request: FastifyRequest) => (request.params as { id?: string }).id ?? request.caller.objectId

function listAt(app: App, needs: Needs, place: Place): void {
  const path = pathOf(place)
  collectionRoutes(app, needs, {
    path,
    what: 'assignments of roles',
    tags: place.tags,
    params: Id,
    config: place.read,
    collection: assignmentCollection,
    within: (request) => ({
      path: path.replace(':id', keyOf(request).toLowerCase()),
      open: async (context) => {
        const side = await place.side(context, keyOf(request))
        return side.end === 'resource' ? atResource(side.id) : ofPrincipal(side.type, side.id)
      },
    }),
    mustBeAllowed: ({ caller }, options) => mustReadWhatItAsks(caller, options),
  })
}

function assignAt(app: App, needs: Needs, place: Place): void {
  const path = pathOf(place)
  app.post(
    path,
    {
      config: { ...place.write, takesIdempotencyKey: true },
      schema: {
        tags: place.tags,
        summary: 'Assign a role',
        params: Id,
        body: NewAssignment,
        response: { 201: EntityBody },
      },
    },
    async (request, reply) => {
      const { principalId, resourceId, appRoleId } = request.body
      const side = await readIn(needs, request, async (context) => {
        const named = await place.side(context, keyOf(request))
        // At an application it is the body that names to whom.
        if (named.end === 'resource') await mustSee(context, principalId)
        return named
      })
      const wish = {
        principalId: principalId.toLowerCase(),
        resourceId: resourceId.toLowerCase(),
        appRoleId: appRoleId.toLowerCase(),
      }
      const made = await assignRole(needs, request.caller, side, wish, idempotencyOf(request))
      const context = entityContext(baseOf(request), 'appRoleAssignments')
      const entity = await readIn(needs, request, async (read) => {
        const [shown] = await assignmentResource.show(read, [made])
        return { '@odata.context': context, ...shown }
      })
      const location = `${path.replace(':id', side.id).replace('/me', `/users/${side.id}`)}/${made.id}`
      return answerCreated(request, reply, location, entity)
    },
  )
}

/** One assignment, read or taken back. */
function itemAt(app: App, needs: Needs, place: Place): void {
  const path = `${pathOf(place)}/:assignmentId`
  const { tags } = place
  app.get(
    path,
    {
      config: { ...place.read, query: rules },
      schema: { tags, summary: 'Read an assignment', params: ItemId, response: { 200: EntityBody } },
    },
    (request) => {
      const { select } = readQueryOptions(request, rules)
      return readIn(needs, request, async (context) => {
        const side = await place.side(context, keyOf(request))
        const found = await assignmentOf(context.scope, side, existing(request.params.assignmentId))
        const [shown] = await assignmentResource.show(context, [found], select)
        return { '@odata.context': entityContext(context.base, 'appRoleAssignments', select), ...shown }
      })
    },
  )

  app.delete(
    path,
    {
      config: place.write,
      schema: { tags, summary: 'Take an assignment back', params: ItemId, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const side = await readIn(needs, request, (context) => place.side(context, keyOf(request)))
      await unassignRole(needs, request.caller, side, existing(request.params.assignmentId))
      return reply.code(204).send(null)
    },
  )
}

function existing(id: string): string {
  if (!isGuid(id)) throw refusals.assignmentNotFound(id)
  return id.toLowerCase()
}

/** A person by id or user principal name, as far as the caller sees them. */
async function ofUser(context: ReadContext, key: string): Promise<Side> {
  const id = await userIdOf(context.scope, key)
  const { caller } = context
  const isTheirs = caller.kind === 'user' && id === caller.objectId
  // Before anybody is looked for: a permission that is about oneself tells of nobody else whether they are there.
  if (!isTheirs && !readAssignments.delegated.some((name) => caller.permissions.has(name))) throw refusals.roleMissing()
  const [found] = id === undefined ? [] : await findVisibleObjects(context, [id])
  if (found?.type !== 'microsoft.graph.user') throw refusals.referenceNotFound(key)
  return { end: 'principal', type: 'User', id: found.id }
}

/** @throws Refusal for somebody or something that is not there for the caller. */
async function mustSee(context: ReadContext, id: string): Promise<void> {
  const [found] = await findVisibleObjects(context, [id.toLowerCase()])
  if (!found) throw refusals.referenceNotFound(id)
}

async function principal(context: ReadContext, key: string): Promise<string> {
  await mustRead(context)
  const id = await principalIdOf(context, key)
  if (id === undefined) throw refusals.principalNotFound(key)
  return id
}
