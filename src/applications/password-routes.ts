import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { idempotencyOf } from '../graph/idempotency.js'
import { baseOf } from '../graph/odata/answer.js'
import { valueContext } from '../graph/odata/context.js'
import { EntityBody } from '../graph/odata/schema.js'
import { addPassword, removePassword } from './change-credentials.js'
import type { ChangeNeeds } from './needs.js'
import { writeApplications } from './permissions.js'
import { AddPassword, RemovePassword } from './schema.js'

/** Whose secrets a path is about: an application's, or those that its service principal lists as its own. */
export type PasswordHolder = {
  path: '/applications/:id' | '/servicePrincipals/:id'
  tags: string[]
  isPrincipal: boolean
  /** The id of the application behind a path, for callers who may change it. @throws Refusal */
  applicationOf(request: FastifyRequest, key: string): Promise<string>
}

const Id = Type.Object({ id: Type.String() })
const config = { permission: writeApplications, takesIdempotencyKey: true }

/** `…/addPassword` and `…/removePassword`. */
export const passwordRoutes: FastifyPluginAsyncTypebox<{ needs: ChangeNeeds; of: PasswordHolder }> = async (
  app,
  { needs, of: { path, tags, isPrincipal, applicationOf } },
) => {
  app.post(
    `${path}/addPassword`,
    {
      config,
      schema: {
        tags,
        summary: 'Add a client secret; it is told once',
        params: Id,
        body: Type.Optional(AddPassword),
        response: { 200: EntityBody },
      },
    },
    async (request) => {
      const id = await applicationOf(request, request.params.id)
      const secret = await addPassword(
        needs,
        request.caller,
        id,
        request.body?.passwordCredential,
        isPrincipal,
        idempotencyOf(request),
      )
      const context = valueContext(baseOf(request), 'microsoft.graph.passwordCredential')
      return { '@odata.context': context, ...shownSecret(secret) }
    },
  )

  app.post(
    `${path}/removePassword`,
    {
      config,
      schema: {
        tags,
        summary: 'Remove a client secret',
        params: Id,
        body: RemovePassword,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const id = await applicationOf(request, request.params.id)
      await removePassword(
        needs,
        request.caller,
        id,
        request.body.keyId.toLowerCase(),
        isPrincipal,
        idempotencyOf(request),
      )
      return reply.code(204).send(null)
    },
  )
}

/** A new secret in the only kind of answer that holds one. */
export function shownSecret(secret: Awaited<ReturnType<typeof addPassword>>) {
  return { customKeyIdentifier: null, ...secret }
}
