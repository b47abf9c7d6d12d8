import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import type { PermissionSets } from '../../graph/access.js'
import { idempotencyOf } from '../../graph/idempotency.js'
import { type AnswerNeeds, baseOf, readIn } from '../../graph/odata/answer.js'
import { collectionContext, entityContext, resourceUrl } from '../../graph/odata/context.js'
import type { ReadContext } from '../../graph/odata/resource.js'
import { CollectionBody, EntityBody } from '../../graph/odata/schema.js'
import { answerChange, answerCreation } from '../../graph/preferences.js'
import { addOpenExtension, changeOpenExtension, type Owner, removeOpenExtension } from './change-open-extensions.js'
import { refusals } from './errors.js'
import { nameInPath, shownExtension } from './open-extension.js'
import { findOpenExtension, readOpenExtensions } from './open-extensions-store.js'

type Config = { permission: { application?: PermissionSets; delegated?: PermissionSets } }

/** Whose extensions a path is about. */
export type Extended = {
  path: '/users/:id' | '/me' | '/groups/:id'
  set: 'users' | 'groups'
  tags: string[]
  read: Config
  write: Config
  /** The id, in the transaction of a read. @throws Refusal: not there, or not this caller's to read */
  find(context: ReadContext, request: FastifyRequest): Promise<string>
  /** The object for a change. @throws Refusal: not there */
  owner(request: FastifyRequest): Promise<Owner>
}

const Params = Type.Object({ id: Type.Optional(Type.String()) })
const ExtensionParams = Type.Object({ id: Type.Optional(Type.String()), extension: Type.String() })
/** Graph: openTypeExtension, which has whatever properties its client gives it. */
const Extension = Type.Object(
  { extensionName: Type.Optional(Type.Union([Type.String({ maxLength: 256 }), Type.Null()])) },
  { additionalProperties: true },
)

/** `…/extensions`: what clients keep with a user or group without having declared it. */
export const openExtensionRoutes: FastifyPluginAsyncTypebox<{ needs: AnswerNeeds; of: Extended }> = async (
  app,
  { needs, of },
) => {
  const list = `${of.path}/extensions`
  const one = `${list}/:extension`
  const { tags } = of
  const contextOf = (id: string) => `${of.set}('${id}')/extensions`

  app.get(
    list,
    {
      config: of.read,
      schema: { tags, summary: 'List open extensions', params: Params, response: { 200: CollectionBody } },
    },
    (request) =>
      readIn(needs, request, async (context) => {
        const id = await of.find(context, request)
        const rows = await readOpenExtensions(context.scope, [id])
        return { '@odata.context': collectionContext(context.base, contextOf(id)), value: rows.map(shownExtension) }
      }),
  )

  app.post(
    list,
    {
      config: { ...of.write, takesIdempotencyKey: true },
      schema: {
        tags,
        summary: 'Add an open extension',
        params: Params,
        body: Extension,
        response: { 201: EntityBody },
      },
    },
    async (request, reply) => {
      const owner = await of.owner(request)
      const row = await addOpenExtension(needs, request.caller, owner, request.body, idempotencyOf(request))
      const base = baseOf(request)
      return answerCreation(request, reply, {
        location: resourceUrl(base, `/${of.set}/${owner.id}/extensions/${row.name}`),
        entity: { '@odata.context': entityContext(base, contextOf(owner.id)), ...shownExtension(row) },
      })
    },
  )

  const shown = (request: FastifyRequest, name: string) =>
    readIn(needs, request, async (context) => {
      const id = await of.find(context, request)
      const row = await findOpenExtension(context.scope, id, name)
      if (!row) throw refusals.extensionNotFound()
      return { '@odata.context': entityContext(context.base, contextOf(id)), ...shownExtension(row) }
    })

  app.get(
    one,
    {
      config: of.read,
      schema: { tags, summary: 'Read an open extension', params: ExtensionParams, response: { 200: EntityBody } },
    },
    (request) => shown(request, nameInPath(request.params.extension)),
  )

  app.patch(
    one,
    {
      config: of.write,
      schema: {
        tags,
        summary: 'Replace what an open extension holds',
        params: ExtensionParams,
        body: Extension,
        response: { 200: EntityBody, 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const name = nameInPath(request.params.extension)
      await changeOpenExtension(needs, request.caller, await of.owner(request), name, request.body)
      return answerChange(request, reply, () => shown(request, name))
    },
  )

  app.delete(
    one,
    {
      config: of.write,
      schema: { tags, summary: 'Delete an open extension', params: ExtensionParams, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const name = nameInPath(request.params.extension)
      await removeOpenExtension(needs, request.caller, await of.owner(request), name)
      return reply.code(204).send(null)
    },
  )
}
