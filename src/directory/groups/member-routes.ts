import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { idempotencyOf } from '../../graph/idempotency.js'
import { ReferenceBody, referencedId, referenceOfQuery } from '../../graph/odata/reference.js'
import { isGuid } from '../../kernel/ids.js'
import { addGroupMembers, addGroupOwner, removeGroupMember, removeGroupOwner } from './change-members.js'
import { refusals } from './errors.js'
import type { GroupNeeds } from './needs.js'
import { writeGroups, writeMembers } from './permissions.js'

const Id = Type.Object({ id: Type.String() })
const Item = Type.Object({ id: Type.String(), item: Type.String() })
const tags = ['groups']
const response = { 204: Type.Null() }

/** Adding and removing members and owners, by both of Graph's forms. */
export const memberRoutes: FastifyPluginAsyncTypebox<{ needs: GroupNeeds }> = async (app, { needs }) => {
  const lists = [
    {
      name: 'members',
      what: 'member',
      permission: writeMembers,
      add: (...[caller, group, member, idempotent]: Addition) =>
        addGroupMembers(needs, caller, group, [member], idempotent),
      remove: (...[caller, group, member]: Change) => removeGroupMember(needs, caller, group, member),
    },
    {
      name: 'owners',
      what: 'owner',
      permission: writeGroups,
      add: (...[caller, group, owner, idempotent]: Addition) => addGroupOwner(needs, caller, group, owner, idempotent),
      remove: (...[caller, group, owner]: Change) => removeGroupOwner(needs, caller, group, owner),
    },
  ]
  for (const { name, what, permission, add, remove } of lists) {
    app.post(
      `/groups/:id/${name}/$ref`,
      {
        config: { permission, takesIdempotencyKey: true },
        schema: { tags, summary: `Add a ${what} to a group`, params: Id, body: ReferenceBody, response },
      },
      async (request, reply) => {
        const added = referencedId(request.body['@odata.id'])
        await add(request.caller, existing(request.params.id), added, idempotencyOf(request))
        return reply.code(204).send(null)
      },
    )

    app.delete(
      `/groups/:id/${name}/$ref`,
      {
        config: { permission },
        schema: { tags, summary: `Remove the ${what} that @id names from a group`, params: Id, response },
      },
      async (request, reply) => {
        await remove(request.caller, existing(request.params.id), referenceOfQuery(request.query))
        return reply.code(204).send(null)
      },
    )

    app.delete(
      `/groups/:id/${name}/:item/$ref`,
      {
        config: { permission },
        schema: { tags, summary: `Remove a ${what} from a group`, params: Item, response },
      },
      async (request, reply) => {
        await remove(request.caller, existing(request.params.id), existing(request.params.item))
        return reply.code(204).send(null)
      },
    )

    // Without `/$ref` Graph deletes the object itself, which nobody who removes a member means.
    app.delete(
      `/groups/:id/${name}/:item`,
      {
        config: { permission },
        schema: { tags, summary: `Refused: a ${what} is removed at …/$ref`, params: Item, response },
      },
      async () => {
        throw refusals.memberWithoutRef()
      },
    )
  }
}

type Change = [caller: Parameters<typeof addGroupMembers>[1], group: string, object: string]
type Addition = [...Change, idempotent: ReturnType<typeof idempotencyOf>]

/** @throws Refusal: what is no id belongs to nothing. */
function existing(id: string): string {
  if (!isGuid(id)) throw refusals.notFound(id)
  return id.toLowerCase()
}
