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
import { applicationResource } from './application-resource.js'
import { isThereFor } from './application-to-change.js'
import { applicationsDelta } from './applications-delta.js'
import { changeApplication, deleteApplication, registerApplication } from './change-application.js'
import { refusals } from './errors.js'
import { keyRoutes } from './key-routes.js'
import type { ChangeNeeds } from './needs.js'
import { passwordRoutes, shownSecret } from './password-routes.js'
import { readApplications, writeApplications } from './permissions.js'
import { applicationCollection, applicationRules } from './query.js'
import { mayListApplications, mayReadApplications } from './rules.js'
import { ApplicationChanges, NewApplicationBody } from './schema.js'
import { findApplicationId, findApplications } from './store.js'

type Needs = ChangeNeeds & AnswerNeeds

const Id = Type.Object({ id: Type.String() })
const tags = ['applications']
const read = { permission: readApplications }
const write = { permission: writeApplications }

/**
 * The object id behind a path parameter: the id itself, or an alternate key (`appId='…'`, `uniqueName='…'`). Undefined
 * when there is no such application.
 */
export async function applicationIdOf(context: Pick<ReadContext, 'scope'>, key: string): Promise<string | undefined> {
  const { scope } = context
  const [, name, value = ''] = /^(appId|uniqueName)='(.*)'$/s.exec(key) ?? []
  if (name === 'uniqueName') return findApplicationId(scope, { uniqueName: value })
  if (name === 'appId') return isGuid(value) ? findApplicationId(scope, { appId: value.toLowerCase() }) : undefined
  if (!isGuid(key)) return undefined
  const [found] = await findApplications(scope, [key.toLowerCase()])
  return found?.id
}

/** The same for a change: undefined, too, for one that is not there for the caller. */
export async function applicationIdToChange({ scope, caller }: Reading, key: string): Promise<string | undefined> {
  const id = await applicationIdOf({ scope }, key)
  const [application] = id === undefined ? [] : await findApplications(scope, [id])
  return application && (await isThereFor(scope, caller, application)) ? id : undefined
}

type Reading = Pick<ReadContext, 'scope' | 'caller'>

/** @throws Refusal for people who read nothing of applications. */
export async function mustRead({ caller }: Pick<ReadContext, 'caller'>): Promise<undefined> {
  if (!mayReadApplications(caller)) throw refusals.roleMissing()
}

/** The same for lists and changes of all there are. @throws Refusal */
export async function mustList({ caller }: Pick<ReadContext, 'caller'>): Promise<undefined> {
  if (!mayListApplications(caller)) throw refusals.roleMissing()
}

/** `/applications` of the Graph dialect. */
export const applicationRoutes: FastifyPluginAsyncTypebox<{ needs: Needs }> = async (app, { needs }) => {
  /** The object id behind a path, for a change. @throws Refusal */
  const idOf = async ({ caller }: FastifyRequest, key: string) => {
    const id = await needs.database.withTenant(caller.tenantId, (scope) =>
      applicationIdToChange({ scope, caller }, key),
    )
    if (id === undefined) throw refusals.notFound(key)
    return id
  }
  const readOne = (request: FastifyRequest, reply: FastifyReply, key: string) =>
    answerEntity(needs, request, reply, {
      resource: applicationResource,
      rules: applicationRules,
      find: async (context) => {
        await mustRead(context)
        return applicationIdOf(context, key)
      },
      notFound: () => refusals.notFound(key),
    })

  collectionRoutes(app, needs, {
    path: '/applications',
    what: 'applications',
    tags,
    config: read,
    collection: applicationCollection,
    within: () => ({ path: '/applications', open: mustList }),
  })

  app.get(
    '/applications/delta',
    {
      config: { ...read, query: deltaRules(applicationsDelta) },
      schema: { tags, summary: 'Follow changes of applications', response: { 200: DeltaAnswer } },
    },
    async (request, reply) => {
      await mustList(request)
      return answerDelta(needs, request, reply, applicationsDelta)
    },
  )

  app.post(
    '/applications',
    {
      config: { ...write, takesIdempotencyKey: true },
      schema: { tags, summary: 'Register an application', body: NewApplicationBody, response: { 201: EntityBody } },
    },
    async (request, reply) => {
      const { id, secrets } = await registerApplication(needs, request.caller, request.body, idempotencyOf(request))
      const entity = await readIn(needs, request, async (context) => {
        const [shown] = await applicationResource.show(context, await findApplications(context.scope, [id]))
        return { '@odata.context': entityContext(context.base, 'applications'), ...shown }
      })
      const told = secrets.length > 0 ? { passwordCredentials: secrets.map(shownSecret) } : {}
      return answerCreated(request, reply, `/applications/${id}`, { ...entity, ...told })
    },
  )

  app.get(
    '/applications/:id',
    {
      config: { ...read, query: applicationRules },
      schema: { tags, summary: 'Read an application', params: Id, response: { 200: EntityBody } },
    },
    (request, reply) => readOne(request, reply, request.params.id),
  )

  app.patch(
    '/applications/:id',
    {
      config: write,
      schema: {
        tags,
        summary: 'Change an application',
        params: Id,
        body: ApplicationChanges,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const id = await idOf(request, request.params.id)
      await changeApplication(needs, request.caller, id, request.body, preconditionOf(request))
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/applications/:id',
    {
      config: write,
      schema: { tags, summary: 'Delete an application', params: Id, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const id = await idOf(request, request.params.id)
      await deleteApplication(needs, request.caller, id, preconditionOf(request))
      return reply.code(204).send(null)
    },
  )

  await app.register(passwordRoutes, {
    needs,
    of: { path: '/applications/:id', tags, isPrincipal: false, applicationOf: idOf },
  })
  await app.register(keyRoutes, {
    needs,
    of: { path: '/applications/:id', tags, isOfPrincipal: false, find: applicationIdOf, notFound: refusals.notFound },
  })
}
