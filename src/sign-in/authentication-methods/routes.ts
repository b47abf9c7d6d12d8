import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { mine, resolveUserId } from '../../directory/index.js'
import type { PermissionSets } from '../../graph/access.js'
import { idempotencyOf } from '../../graph/idempotency.js'
import { answerCreated, baseOf } from '../../graph/odata/answer.js'
import { collectionContext, entityContext } from '../../graph/odata/context.js'
import { CollectionBody, EntityBody } from '../../graph/odata/schema.js'
import type { Database } from '../../platform/database.js'
import type { TextSender } from '../../platform/text-messages/text-message.js'
import { addPhone } from './add-phone.js'
import { refusals } from './errors.js'
import { METHOD_TYPES, type MethodType, type ShownMethod } from './method-shapes.js'
import { deleteMethodOf, readMethods } from './reset-methods.js'

type Needs = { database: Database; clock: () => Date; newId: () => string; texts: TextSender | undefined }
type App = Parameters<FastifyPluginAsyncTypebox>[0]
type Permission = { application: PermissionSets; delegated: PermissionSets }

/** A person by id or name in the path, or the one who is signed in: the same routes for both. */
type Whose = {
  prefix: '/users/:id' | '/me'
  permit(permission: Permission): { permission: Partial<Permission> }
  nameOf(request: FastifyRequest): string
}

const WRITE_ALL = 'UserAuthenticationMethod.ReadWrite.All'
const READ_ALL = 'UserAuthenticationMethod.Read.All'
const OWN_WRITE = 'UserAuthenticationMethod.ReadWrite'
const read: Permission = {
  application: [READ_ALL, WRITE_ALL],
  delegated: ['UserAuthenticationMethod.Read', OWN_WRITE, READ_ALL, WRITE_ALL],
}
const write: Permission = { application: [WRITE_ALL], delegated: [OWN_WRITE, WRITE_ALL] }

const SOMEBODY: Whose = {
  prefix: '/users/:id',
  permit: (permission) => ({ permission }),
  nameOf: ({ params }) => (params as { id: string }).id,
}
const ME: Whose = { prefix: '/me', permit: mine, nameOf: ({ caller }) => caller.objectId }

/** Giving others a method, which nobody does for themselves. */
const add: Permission = { application: [WRITE_ALL], delegated: [WRITE_ALL] }

const tags = ['users']
/** Graph: phoneAuthenticationMethod, what is read of it. */
const NewPhone = Type.Object(
  { phoneNumber: Type.String({ maxLength: 64 }), phoneType: Type.String({ maxLength: 64 }) },
  { additionalProperties: false },
)
const Person = Type.Object({ id: Type.Optional(Type.String()) })
const Method = Type.Object({ id: Type.Optional(Type.String()), methodId: Type.String() })

/** `/users/{id}/authentication` and `/me/authentication` of the Graph dialect: looking at methods, resetting them, adding phones. */
const routes: FastifyPluginAsyncTypebox<{ needs: Needs }> = async (app, { needs }) => {
  phoneRoute(app, needs)
  for (const whose of [SOMEBODY, ME]) {
    listRoutes(app, needs, whose, 'methods', undefined)
    for (const type of METHOD_TYPES) {
      listRoutes(app, needs, whose, type.segment, type)
      app.delete(
        `${whose.prefix}/authentication/${type.segment}/:methodId`,
        {
          config: whose.permit(write),
          schema: { tags, summary: 'Take a sign-in method away', params: Method, response: { 204: Type.Null() } },
        },
        async (request, reply) => {
          const userId = await resolveUserId(needs, request.caller, whose.nameOf(request))
          await deleteMethodOf(needs, request.caller, userId, type, request.params.methodId.toLowerCase())
          return reply.code(204).send(null)
        },
      )
    }
  }
}
export default routes

/** An administrator gives somebody a phone. */
function phoneRoute(app: App, needs: Needs): void {
  const path = '/users/:id/authentication/phoneMethods'
  app.post(
    path,
    {
      config: { permission: add, takesIdempotencyKey: true },
      schema: {
        tags,
        summary: 'Give somebody a phone for codes',
        params: Type.Object({ id: Type.String() }),
        body: NewPhone,
        response: { 201: EntityBody },
      },
    },
    async (request, reply) => {
      const userId = await resolveUserId(needs, request.caller, request.params.id)
      const made = await addPhone(needs, request.caller, userId, request.body, idempotencyOf(request))
      const set = `users('${userId}')/authentication/phoneMethods`
      const base = baseOf(request)
      return answerCreated(request, reply, `/users/${userId}/authentication/phoneMethods/${made.id}`, {
        '@odata.context': entityContext(base, set),
        ...entity(made, METHOD_TYPES[2]),
      })
    },
  )
}

/** All methods, or those of one type, and one of them. */
function listRoutes(app: App, needs: Needs, whose: Whose, segment: string, type: MethodType | undefined): void {
  const path = `${whose.prefix}/authentication/${segment}`
  const ofType = async (request: FastifyRequest) => {
    const userId = await resolveUserId(needs, request.caller, whose.nameOf(request))
    const methods = await readMethods(needs, request.caller, userId)
    const set = `users('${userId}')/authentication/${segment}`
    return { set, methods: methods.filter(({ kind }) => type === undefined || kind === type.kind) }
  }
  app.get(
    path,
    {
      config: whose.permit(read),
      schema: { tags, summary: 'List sign-in methods', params: Person, response: { 200: CollectionBody } },
    },
    async (request) => {
      const { set, methods } = await ofType(request)
      return {
        '@odata.context': collectionContext(baseOf(request), set),
        value: methods.map((method) => entity(method, type)),
      }
    },
  )
  app.get(
    `${path}/:methodId`,
    {
      config: whose.permit(read),
      schema: { tags, summary: 'Read a sign-in method', params: Method, response: { 200: EntityBody } },
    },
    async (request) => {
      const { set, methods } = await ofType(request)
      const id = request.params.methodId
      const found = methods.find((method) => method.id === id.toLowerCase())
      if (!found) throw refusals.notFound(id)
      return { '@odata.context': entityContext(baseOf(request), set), ...entity(found, type) }
    },
  )
}

/** Of mixed types each says which it is (OData 4.01 section 4.5.3). */
function entity({ kind, id, properties }: ShownMethod, type: MethodType | undefined): Record<string, unknown> {
  const name = METHOD_TYPES.find((known) => known.kind === kind)?.type
  return { ...(type === undefined && { '@odata.type': `#microsoft.graph.${name}` }), id, ...properties }
}
