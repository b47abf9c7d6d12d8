import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { idempotencyOf } from '../graph/idempotency.js'
import { baseOf } from '../graph/odata/answer.js'
import { valueContext } from '../graph/odata/context.js'
import { EntityBody } from '../graph/odata/schema.js'
import type { TenantScope } from '../platform/database.js'
import { keyCredential } from './credentials-of.js'
import type { ChangeNeeds } from './needs.js'
import { writeApplications } from './permissions.js'
import { addKey, isOwnHolder, type KeyHolder, removeKey } from './roll-keys.js'
import { AddKey, RemoveKey } from './schema.js'

/** Whose certificates a path is about. */
export type KeyPlace = {
  path: '/applications/:id' | '/servicePrincipals/:id'
  tags: string[]
  isOfPrincipal: boolean
  find(context: { scope: TenantScope }, key: string): Promise<string | undefined>
  notFound(key: string): Error
}

const Id = Type.Object({ id: Type.String() })

/** `…/addKey` and `…/removeKey`: a client rolls its certificates, with a proof signed by one that it has. */
export const keyRoutes: FastifyPluginAsyncTypebox<{ needs: ChangeNeeds; of: KeyPlace }> = async (
  app,
  { needs, of },
) => {
  const { path, tags, isOfPrincipal } = of
  const found = ({ caller, params }: FastifyRequest) =>
    needs.database.withTenant(caller.tenantId, (scope) => of.find({ scope }, (params as { id: string }).id))
  const holderOf = async (request: FastifyRequest): Promise<KeyHolder> => {
    const id = await found(request)
    if (id === undefined) throw of.notFound((request.params as { id: string }).id)
    return { id, isOfPrincipal }
  }
  const config = {
    permission: writeApplications,
    takesIdempotencyKey: true,
    // Graph: an application does not need any permission to roll its own keys.
    async admits(request: FastifyRequest) {
      const { caller } = request
      const id = caller.kind === 'application' ? await found(request) : undefined
      if (id === undefined) return false
      return needs.database.withTenant(caller.tenantId, (scope) => isOwnHolder(scope, caller, { id, isOfPrincipal }))
    },
  }

  app.post(
    `${path}/addKey`,
    {
      config,
      schema: {
        tags,
        summary: 'Add a certificate, proving to have one',
        params: Id,
        body: AddKey,
        response: { 200: EntityBody },
      },
    },
    async (request) => {
      const { proof, keyCredential: wish } = request.body
      const holder = await holderOf(request)
      const made = await addKey(needs, request.caller, holder, { proof, wish }, idempotencyOf(request))
      const context = valueContext(baseOf(request), 'microsoft.graph.keyCredential')
      return { '@odata.context': context, ...keyCredential(made, false) }
    },
  )

  app.post(
    `${path}/removeKey`,
    {
      config,
      schema: {
        tags,
        summary: 'Remove a certificate, proving to have one',
        params: Id,
        body: RemoveKey,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { proof, keyId } = request.body
      const wish = { proof, keyId: keyId.toLowerCase() }
      await removeKey(needs, request.caller, await holderOf(request), wish, idempotencyOf(request))
      return reply.code(204).send(null)
    },
  )
}
