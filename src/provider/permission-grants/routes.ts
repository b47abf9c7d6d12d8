import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Static, Type } from '@sinclair/typebox'
import { mayReadApplications } from '../../applications/index.js'
import { findVisibleObjects, userIdOf } from '../../directory/index.js'
import { idempotencyOf } from '../../graph/idempotency.js'
import { type AnswerNeeds, answerCreated, answerEntity, readIn } from '../../graph/odata/answer.js'
import { collectionRoutes } from '../../graph/odata/collection-routes.js'
import { entityContext } from '../../graph/odata/context.js'
import type { ReadContext } from '../../graph/odata/resource.js'
import { EntityBody } from '../../graph/odata/schema.js'
import { isGuid } from '../../kernel/ids.js'
import { findPermissionGrants, type PermissionGrant } from '../consent-store.js'
import { changeGrant, createGrant, removeGrant } from './change-grants.js'
import { refusals } from './errors.js'
import {
  grantsOfClient,
  grantsOfPerson,
  permissionGrantCollection,
  permissionGrantResource,
  permissionGrantRules,
} from './grant-resource.js'

type Needs = AnswerNeeds & { newId: () => string }

const guid = () => Type.String({ format: 'uuid' })
const readOnly = () => Type.Optional(Type.Unknown({ readOnly: true }))
const NewGrant = Type.Object({
  id: readOnly(),
  clientId: guid(),
  consentType: Type.Union([Type.Literal('AllPrincipals'), Type.Literal('Principal')]),
  principalId: Type.Optional(Type.Union([guid(), Type.Null()])),
  resourceId: guid(),
  scope: Type.String({ maxLength: 3_850 }),
  startTime: readOnly(),
  expiryTime: readOnly(),
})
type NewGrant = Static<typeof NewGrant>
const GrantChanges = Type.Object({ scope: Type.String({ maxLength: 3_850 }) })

const both = (...names: string[]) => ({ application: names, delegated: names })
const WRITE = 'DelegatedPermissionGrant.ReadWrite.All'
const read = { permission: both(WRITE, 'Directory.Read.All', 'Directory.ReadWrite.All') }
const write = { permission: both(WRITE, 'Directory.ReadWrite.All') }
const Id = Type.Object({ id: Type.String() })
const GrantId = Type.Object({ id: Type.String(), grantId: Type.String() })
const tags = ['oauth2PermissionGrants']

/** What applications may do at Microsoft Graph in people's names: consent, as administrators read and write it. */
export const permissionGrantRoutes: FastifyPluginAsyncTypebox<{ needs: Needs }> = async (app, { needs }) => {
  const mustRead = async ({ caller }: ReadContext) => {
    if (!mayReadApplications(caller)) throw refusals.roleMissing()
    return undefined
  }
  const lists = [
    { path: '/oauth2PermissionGrants', of: undefined },
    {
      path: '/servicePrincipals/:id/oauth2PermissionGrants',
      of: async (_context: ReadContext, id: string) => grantsOfClient(existing(id)),
    },
    {
      path: '/users/:id/oauth2PermissionGrants',
      of: async (context: ReadContext, idOrName: string) => grantsOfPerson(await visiblePerson(context, idOrName)),
    },
  ]
  const items = [
    {
      path: '/servicePrincipals/:id/oauth2PermissionGrants/:grantId',
      async isOf(_context: ReadContext, id: string) {
        const wanted = existing(id)
        return ({ clientId }: PermissionGrant) => clientId === wanted
      },
    },
    {
      path: '/users/:id/oauth2PermissionGrants/:grantId',
      async isOf(context: ReadContext, idOrName: string) {
        const wanted = await visiblePerson(context, idOrName)
        return ({ principalId }: PermissionGrant) => principalId === wanted
      },
    },
  ]
  for (const { path, isOf } of items) {
    app.get(
      path,
      {
        config: { ...read, query: permissionGrantRules },
        schema: { tags, summary: 'Read one of the grants', params: GrantId, response: { 200: EntityBody } },
      },
      (request, reply) =>
        answerEntity(needs, request, reply, {
          resource: permissionGrantResource,
          rules: permissionGrantRules,
          async find(context) {
            await mustRead(context)
            const { id, grantId } = request.params
            const isOne = await isOf(context, id)
            const [grant] = await findPermissionGrants(context.scope, [existing(grantId)])
            return grant && isOne(grant) ? grant.id : undefined
          },
          notFound: () => refusals.notFound(request.params.grantId),
        }),
    )
  }
  for (const { path, of } of lists) {
    collectionRoutes(app, needs, {
      path,
      what: 'grants of delegated permissions',
      tags,
      params: of && Id,
      config: read,
      collection: permissionGrantCollection,
      within: (_request, id) => ({
        path: path.replace(':id', id.toLowerCase()),
        open: async (context) => {
          await mustRead(context)
          return of?.(context, id)
        },
      }),
    })
  }

  app.post(
    '/oauth2PermissionGrants',
    {
      config: { ...write, takesIdempotencyKey: true },
      schema: { tags, summary: 'Grant delegated permissions', body: NewGrant, response: { 201: EntityBody } },
    },
    async (request, reply) => {
      const entity = await readIn(needs, request, async (context) => {
        const grant = await createGrant(needs, context, lowered(request.body), idempotencyOf(request))
        const [shown] = await permissionGrantResource.show(context, [grant])
        return { '@odata.context': entityContext(context.base, 'oauth2PermissionGrants'), ...shown, id: grant.id }
      })
      return answerCreated(request, reply, `/oauth2PermissionGrants/${entity.id}`, entity)
    },
  )

  app.get(
    '/oauth2PermissionGrants/:id',
    {
      config: { ...read, query: permissionGrantRules },
      schema: { tags, summary: 'Read a grant', params: Id, response: { 200: EntityBody } },
    },
    (request, reply) =>
      answerEntity(needs, request, reply, {
        resource: permissionGrantResource,
        rules: permissionGrantRules,
        find: async (context) => {
          await mustRead(context)
          return existing(request.params.id)
        },
        notFound: () => refusals.notFound(request.params.id),
      }),
  )

  app.patch(
    '/oauth2PermissionGrants/:id',
    {
      config: write,
      schema: {
        tags,
        summary: 'Replace what is granted',
        params: Id,
        body: GrantChanges,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await changeGrant(needs, request.caller, existing(request.params.id), request.body.scope)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/oauth2PermissionGrants/:id',
    {
      config: write,
      schema: { tags, summary: 'Take a grant back', params: Id, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      await removeGrant(needs, request.caller, existing(request.params.id))
      return reply.code(204).send(null)
    },
  )
}

function existing(id: string): string {
  if (!isGuid(id)) throw refusals.notFound(id)
  return id.toLowerCase()
}

/** The id of a person whom the caller may know of, by id or user principal name. @throws Refusal */
async function visiblePerson(context: ReadContext, idOrName: string): Promise<string> {
  const id = await userIdOf(context.scope, idOrName)
  const [found] = id === undefined ? [] : await findVisibleObjects(context, [id])
  if (!found) throw refusals.notFound(idOrName)
  return found.id
}

function lowered(wish: NewGrant) {
  return {
    ...wish,
    clientId: wish.clientId.toLowerCase(),
    resourceId: wish.resourceId.toLowerCase(),
    principalId: wish.principalId?.toLowerCase(),
  }
}
