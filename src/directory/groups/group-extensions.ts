import type { FastifyRequest } from 'fastify'
import type { Caller } from '../../graph/caller.js'
import type { ReadContext } from '../../graph/odata/resource.js'
import { isGuid } from '../../kernel/ids.js'
import type { Owner } from '../extensions/change-open-extensions.js'
import type { Extended } from '../extensions/routes.js'
import { mustChange } from './change-members.js'
import { refusals } from './errors.js'
import type { GroupNeeds } from './needs.js'
import { readGroups, writeGroups } from './permissions.js'
import { findVisibleGroup } from './read-groups.js'
import { actorOf, recordChanges } from './record-changes.js'
import { lockGroup } from './store.js'

type Needs = Pick<GroupNeeds, 'clock' | 'newId'>

/** Open extensions of groups: whoever reads or changes a group reads or changes its own (Graph: extensibility). */
export function extensionsOfGroups(needs: Needs): Extended {
  return {
    path: '/groups/:id',
    set: 'groups',
    tags: ['groups'],
    read: { permission: readGroups },
    write: { permission: writeGroups },
    async find(context: ReadContext, request: FastifyRequest) {
      const id = groupIn(request)
      if (!(await findVisibleGroup(context, id))) throw refusals.notFound(id)
      return id
    },
    owner: async (request) => ownerOf(needs, request.caller, groupIn(request)),
  }
}

function groupIn({ params }: FastifyRequest): string {
  const { id } = params as { id: string }
  if (!isGuid(id)) throw refusals.notFound(id)
  return id.toLowerCase()
}

function ownerOf(needs: Needs, caller: Caller, id: string): Owner {
  return {
    id,
    async change(scope) {
      const group = await lockGroup(scope, id)
      if (!group) throw refusals.notFound(id)
      await mustChange(scope, caller, group, 'properties')
      const details = { properties: ['extensions'] }
      await recordChanges(needs, scope, actorOf(caller), id, [{ activity: 'Update group', details }])
    },
  }
}
