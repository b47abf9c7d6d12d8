import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { SQL } from 'drizzle-orm'
import type { FastifyRequest } from 'fastify'
import type { PermissionSets } from '../graph/access.js'
import type { Caller } from '../graph/caller.js'
import { idempotencyOf } from '../graph/idempotency.js'
import { baseOf, readIn } from '../graph/odata/answer.js'
import { entityContext, resourceUrl, valueContext } from '../graph/odata/context.js'
import { readQueryOptions } from '../graph/odata/query-options.js'
import { ReferenceBody, referencedId, referenceOfQuery } from '../graph/odata/reference.js'
import { EntityBody } from '../graph/odata/schema.js'
import { isGuid } from '../kernel/ids.js'
import { addSponsor, deleteSponsor, removeManager, setManager } from './change-relations.js'
import { refusals } from './errors.js'
import { type Casts, type LinkList, linkRoutes } from './link-routes.js'
import type { DirectoryNeeds } from './needs.js'
import type { NeverHeld } from './objects/query.js'
import { mine, readUsers, revokeSessions, writeUsers } from './permissions.js'
import { reports, sponsored, sponsors, userRules } from './query.js'
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

/** What hangs on a user: who is above and below them, who answers for them, where they are signed in. */
const routes: FastifyPluginAsyncTypebox<{ needs: Needs }> = async (app, { needs }) => {
  for (const whose of [SOMEBODY, ME]) {
    const idOf = (request: FastifyRequest) => resolveUserId(needs, request.caller, whose.nameOf(request))
    managerRoutes(app, needs, whose, idOf)
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
  for (const list of [...lists(SOMEBODY), ...lists(ME)]) await app.register(linkRoutes, { needs, list })
}
export default routes

/** People tied to a user. */
function lists(whose: Whose): LinkList[] {
  const list = (
    name: string,
    what: string,
    { casts, of }: { casts: Casts; of(userId: string, caller: Caller): SQL | undefined },
    neverHeld: readonly NeverHeld[] = [],
  ): LinkList => ({
    path: `${whose.prefix}/${name}`,
    tags: whose.tags,
    what,
    config: whose.permit(readUsers),
    casts,
    neverHeld,
    open: async (context, idOrName) => of(await visibleUser(context, idOrName), context.caller),
  })
  return [
    list('directReports', 'those who report to them', reports, ['orgContact']),
    list('sponsors', 'those who answer for them', sponsors),
    ...(whose === SOMEBODY ? [list('sponsorOf', 'those they answer for', sponsored)] : []),
  ]
}

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

function sponsorRoutes(app: App, needs: Needs, whose: Whose, idOf: IdOf): void {
  const { tags } = whose
  const path = `${whose.prefix}/sponsors`
  app.post(
    `${path}/$ref`,
    {
      config: { ...whose.permit(writeUsers), takesIdempotencyKey: true },
      schema: { tags, summary: 'Add a sponsor', params: Id, body: ReferenceBody, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const sponsorId = referencedId(request.body['@odata.id'])
      await addSponsor(needs, request.caller, await idOf(request), sponsorId, idempotencyOf(request))
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
