import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { DeltaAnswer } from '../directory/index.js'
import { answerDelta, deltaRules } from '../graph/delta.js'
import { idempotencyOf } from '../graph/idempotency.js'
import { type AnswerNeeds, answerCreated, answerEntity, readIn } from '../graph/odata/answer.js'
import { collectionRoutes } from '../graph/odata/collection-routes.js'
import { entityContext } from '../graph/odata/context.js'
import type { ReadContext } from '../graph/odata/resource.js'
import { EntityBody } from '../graph/odata/schema.js'
import { preconditionOf } from '../graph/preferences.js'
import { isGuid } from '../kernel/ids.js'
import { mustList, mustRead } from './application-routes.js'
import { isThereFor, principalToChange } from './application-to-change.js'
import { changePrincipal, createPrincipal, deletePrincipal } from './change-principal.js'
import { refusals } from './errors.js'
import { keyRoutes } from './key-routes.js'
import type { ChangeNeeds } from './needs.js'
import { passwordRoutes } from './password-routes.js'
import { readApplications, writeApplications } from './permissions.js'
import { principalResource } from './principal-resource.js'
import { principalsDelta } from './principals-delta.js'
import { findPrincipal, findPrincipalOfApp } from './principals-store.js'
import { principalCollection, principalRules } from './query.js'
import { NewPrincipalBody, PrincipalChanges } from './schema.js'

type Needs = ChangeNeeds & AnswerNeeds

const Id = Type.Object({ id: Type.String() })
const tags = ['servicePrincipals']
const read = { permission: readApplications }
const write = { permission: writeApplications }

/** The object id behind a path parameter: the id itself or `appId='…'`. Undefined when there is no such principal. */
export async function principalIdOf({ scope }: Pick<ReadContext, 'scope'>, key: string): Promise<string | undefined> {
  const appId = /^appId='(.*)'$/s.exec(key)?.[1]
  if (appId !== undefined) return isGuid(appId) ? (await findPrincipalOfApp(scope, appId.toLowerCase()))?.id : undefined
  return isGuid(key) ? (await findPrincipal(scope, key.toLowerCase()))?.id : undefined
}

/** The same for a change: undefined, too, for one that is not there for the caller. */
export async function principalIdToChange(
  { scope, caller }: Pick<ReadContext, 'scope' | 'caller'>,
  key: string,
): Promise<string | undefined> {
  const id = await principalIdOf({ scope }, key)
  const principal = id === undefined ? undefined : await findPrincipal(scope, id)
  return principal && (await isThereFor(scope, caller, principal.application)) ? id : undefined
}

/** `/servicePrincipals` of the Graph dialect. */
export const principalRoutes: FastifyPluginAsyncTypebox<{ needs: Needs }> = async (app, { needs }) => {
  const idOf = async ({ caller }: FastifyRequest, key: string) => {
    const id = await needs.database.withTenant(caller.tenantId, (scope) => principalIdToChange({ scope, caller }, key))
    if (id === undefined) throw refusals.principalNotFound(key)
    return id
  }
  /** The id of the application whose secrets change, for callers who may. @throws Refusal */
  const applicationOf = async (request: FastifyRequest, key: string) => {
    const id = await idOf(request, key)
    const { caller } = request
    return needs.database.withTenant(caller.tenantId, async (scope) => (await principalToChange(scope, caller, id)).id)
  }
  const readOne = (request: FastifyRequest, reply: FastifyReply, key: string) =>
    answerEntity(needs, request, reply, {
      resource: principalResource,
      rules: principalRules,
      find: async (context) => {
        await mustRead(context)
        return principalIdOf(context, key)
      },
      notFound: () => refusals.principalNotFound(key),
    })

  collectionRoutes(app, needs, {
    path: '/servicePrincipals',
    what: 'service principals',
    tags,
    config: read,
    collection: principalCollection,
    within: () => ({ path: '/servicePrincipals', open: mustList }),
  })

  app.get(
    '/servicePrincipals/delta',
    {
      config: { ...read, query: deltaRules(principalsDelta) },
      schema: { tags, summary: 'Follow changes of service principals', response: { 200: DeltaAnswer } },
    },
    async (request, reply) => {
      await mustList(request)
      return answerDelta(needs, request, reply, principalsDelta)
    },
  )

  app.post(
    '/servicePrincipals',
    {
      config: { ...write, takesIdempotencyKey: true },
      schema: {
        tags,
        summary: 'Give an application its service principal',
        body: NewPrincipalBody,
        response: { 201: EntityBody },
      },
    },
    async (request, reply) => {
      const { appId, ...wish } = request.body
      const id = await createPrincipal(needs, request.caller, appId.toLowerCase(), wish, idempotencyOf(request))
      const entity = await readIn(needs, request, async (context) => {
        if (!(await findPrincipal(context.scope, id))) throw refusals.principalNotFound(id)
        const shown = await principalResource.render(context, [id])
        return { '@odata.context': entityContext(context.base, 'servicePrincipals'), ...shown.get(id) }
      })
      return answerCreated(request, reply, `/servicePrincipals/${id}`, entity)
    },
  )

  app.get(
    '/servicePrincipals/:id',
    {
      config: { ...read, query: principalRules },
      schema: { tags, summary: 'Read a service principal', params: Id, response: { 200: EntityBody } },
    },
    (request, reply) => readOne(request, reply, request.params.id),
  )

  app.patch(
    '/servicePrincipals/:id',
    {
      config: write,
      schema: {
        tags,
        summary: 'Change a service principal',
        params: Id,
        body: PrincipalChanges,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const id = await idOf(request, request.params.id)
      await changePrincipal(needs, request.caller, id, request.body, preconditionOf(request))
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/servicePrincipals/:id',
    {
      config: write,
      schema: { tags, summary: 'Delete a service principal', params: Id, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const id = await idOf(request, request.params.id)
      await deletePrincipal(needs, request.caller, id, preconditionOf(request))
      return reply.code(204).send(null)
    },
  )

  await app.register(passwordRoutes, {
    needs,
    of: { path: '/servicePrincipals/:id', tags, isPrincipal: true, applicationOf },
  })
  await app.register(keyRoutes, {
    needs,
    of: {
      path: '/servicePrincipals/:id',
      tags,
      isOfPrincipal: true,
      find: principalIdOf,
      notFound: refusals.principalNotFound,
    },
  })
}
