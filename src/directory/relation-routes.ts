import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { SQL } from 'drizzle-orm'
import type { FastifyRequest } from 'fastify'
import type { PermissionSets } from '../graph/access.js'
import type { Caller } from '../graph/caller.js'
import {
  answerCollection,
  answerCount,
  answerReferences,
  baseOf,
  countRules,
  readIn,
  type Within,
} from '../graph/odata/answer.js'
import type { Collection } from '../graph/odata/collection.js'
import { entityContext, resourceUrl, valueContext } from '../graph/odata/context.js'
import { readQueryOptions } from '../graph/odata/query-options.js'
import { ReferenceBody, referencedId, referenceOfQuery } from '../graph/odata/reference.js'
import { CollectionBody, CountBody, EntityBody } from '../graph/odata/schema.js'
import { isGuid } from '../kernel/ids.js'
import { addSponsor, deleteSponsor, removeManager, setManager } from './change-relations.js'
import { refusals } from './errors.js'
import type { DirectoryNeeds } from './needs.js'
import { mine, readUsers, revokeSessions, writeUsers } from './permissions.js'
import { reports, reportsOf, sponsored, sponsoredBy, sponsors, sponsorsOf, userRules } from './query.js'
import { findVisibleManager, readManager } from './read-relations.js'
import { resolveUserId, visibleUser } from './read-users.js'
import { revokeSignInSessions } from './revoke-sessions.js'

type Needs = DirectoryNeeds
type Permission = { application: PermissionSets; delegated: PermissionSets }
type App = Parameters<FastifyPluginAsyncTypebox>[0]
type IdOf = (request: FastifyRequest) => Promise<string>

/** A person by id or name in the path, or the one who is signed in: the same routes for both. */
type Whose = {
  prefix: '/users/:id' | '/me'
  tags: string[]
  permit(permission: Permission): { permission: Partial<Permission> }
  nameOf(request: FastifyRequest): string
}

const SOMEBODY: Whose = {
  prefix: '/users/:id',
  tags: ['users'],
  permit: (permission) => ({ permission }),
  nameOf: ({ params }) => (params as { id: string }).id,
}
const ME: Whose = { prefix: '/me', tags: ['users'], permit: mine, nameOf: ({ caller }) => caller.objectId }

const Id = Type.Object({ id: Type.Optional(Type.String()) })
const SponsorId = Type.Object({ id: Type.Optional(Type.String()), sponsorId: Type.String() })
const USER_CAST = 'microsoft.graph.user'

/** What hangs on a user: who is above and below them, who answers for them, where they are signed in. */
const routes: FastifyPluginAsyncTypebox<{ needs: Needs }> = async (app, { needs }) => {
  for (const whose of [SOMEBODY, ME]) {
    const idOf = (request: FastifyRequest) => resolveUserId(needs, request.caller, whose.nameOf(request))
    managerRoutes(app, needs, whose, idOf)
    listRoutes(app, needs, whose, {
      name: 'directReports',
      summary: 'List those who report to them',
      ...reports,
      of: reportsOf,
    })
    listRoutes(app, needs, whose, {
      name: 'sponsors',
      summary: 'List those who answer for them',
      ...sponsors,
      of: sponsorsOf,
    })
    sponsorRoutes(app, needs, whose, idOf)

    app.post(
      `${whose.prefix}/revokeSignInSessions`,
      {
        config: whose.permit(revokeSessions),
        schema: { tags: whose.tags, summary: 'Sign them out everywhere', params: Id, response: { 200: EntityBody } },
      },
      async (request) => {
        await revokeSignInSessions(needs, request.caller, await idOf(request))
        return { '@odata.context': valueContext(baseOf(request), 'Edm.Boolean'), value: true }
      },
    )
  }
  listRoutes(app, needs, SOMEBODY, {
    name: 'sponsorOf',
    summary: 'List those they answer for',
    ...sponsored,
    of: sponsoredBy,
  })
}
export default routes

function managerRoutes(app: App, needs: Needs, whose: Whose, idOf: IdOf): void {
  const path = `${whose.prefix}/manager`
  app.get(
    path,
    {
      config: { ...whose.permit(readUsers), query: userRules },
      schema: { tags: whose.tags, summary: 'Read their manager', params: Id, response: { 200: EntityBody } },
    },
    (request) => {
      const options = readQueryOptions(request, userRules)
      return readIn(needs, request, async (context) => ({
        '@odata.context': entityContext(context.base, 'directoryObjects', options.select),
        ...(await readManager(context, whose.nameOf(request), options)),
      }))
    },
  )
  app.get(
    `${path}/$ref`,
    {
      config: whose.permit(readUsers),
      schema: { tags: whose.tags, summary: 'Where their manager is', params: Id, response: { 200: EntityBody } },
    },
    (request) =>
      readIn(needs, request, async (context) => {
        const managerId = await findVisibleManager(context, whose.nameOf(request))
        return {
          '@odata.context': valueContext(context.base, '$ref'),
          '@odata.id': resourceUrl(context.base, `/directoryObjects/${managerId}`),
        }
      }),
  )
  app.put(
    `${path}/$ref`,
    {
      config: whose.permit(writeUsers),
      schema: {
        tags: whose.tags,
        summary: 'Set their manager',
        params: Id,
        body: ReferenceBody,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await setManager(needs, request.caller, await idOf(request), referencedId(request.body['@odata.id']))
      return reply.code(204).send(null)
    },
  )
  app.delete(
    `${path}/$ref`,
    {
      config: whose.permit(writeUsers),
      schema: { tags: whose.tags, summary: 'Take their manager away', params: Id, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      await removeManager(needs, request.caller, await idOf(request))
      return reply.code(204).send(null)
    },
  )
}

type List = {
  name: string
  summary: string
  objects: Collection
  users: Collection
  /** What limits it to one user's. */
  of(userId: string, caller: Caller): SQL | undefined
}

/** A list of people tied to a user, cast or not, and its `/$count`. */
function listRoutes(app: App, needs: Needs, whose: Whose, list: List): void {
  const { tags } = whose
  for (const cast of ['', `/${USER_CAST}`]) {
    const collection = cast === '' ? list.objects : list.users
    const within = (request: FastifyRequest): Within => ({
      path: `${whose.prefix.replace(':id', whose.nameOf(request).toLowerCase())}/${list.name}${cast}`,
      open: async (context) => {
        const userId = await visibleUser(context, whose.nameOf(request))
        return list.of(userId, context.caller)
      },
    })
    app.get(
      `${whose.prefix}/${list.name}${cast}`,
      {
        config: { ...whose.permit(readUsers), query: collection.rules },
        schema: { tags, summary: list.summary, params: Id, response: { 200: CollectionBody } },
      },
      (request) => answerCollection(needs, request, collection, within(request)),
    )
    app.get(
      `${whose.prefix}/${list.name}${cast}/$count`,
      {
        config: { ...whose.permit(readUsers), query: countRules(collection) },
        schema: { tags, summary: 'Count them', params: Id, response: { 200: CountBody } },
      },
      (request, reply) => answerCount(needs, request, reply, collection, within(request)),
    )
  }
}

function sponsorRoutes(app: App, needs: Needs, whose: Whose, idOf: IdOf): void {
  const { tags } = whose
  const path = `${whose.prefix}/sponsors`
  app.get(
    `${path}/$ref`,
    {
      config: { ...whose.permit(readUsers), query: sponsors.objects.rules },
      schema: { tags, summary: 'Where those who answer for them are', params: Id, response: { 200: CollectionBody } },
    },
    (request) =>
      answerReferences(needs, request, sponsors.objects, {
        path: `${whose.prefix.replace(':id', whose.nameOf(request).toLowerCase())}/sponsors/$ref`,
        open: async (context) => {
          const userId = await visibleUser(context, whose.nameOf(request))
          return sponsorsOf(userId, context.caller)
        },
      }),
  )
  app.post(
    `${path}/$ref`,
    {
      config: whose.permit(writeUsers),
      schema: { tags, summary: 'Add a sponsor', params: Id, body: ReferenceBody, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      await addSponsor(needs, request.caller, await idOf(request), referencedId(request.body['@odata.id']))
      return reply.code(204).send(null)
    },
  )
  app.delete(
    `${path}/$ref`,
    {
      config: whose.permit(writeUsers),
      schema: { tags, summary: 'Remove the sponsor that @id names', params: Id, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      await deleteSponsor(needs, request.caller, await idOf(request), referenceOfQuery(request.query))
      return reply.code(204).send(null)
    },
  )
  app.delete(
    `${path}/:sponsorId/$ref`,
    {
      config: whose.permit(writeUsers),
      schema: { tags, summary: 'Remove a sponsor', params: SponsorId, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const { sponsorId } = request.params
      if (!isGuid(sponsorId)) throw refusals.referenceNotFound(sponsorId.slice(0, 64))
      await deleteSponsor(needs, request.caller, await idOf(request), sponsorId.toLowerCase())
      return reply.code(204).send(null)
    },
  )
}
