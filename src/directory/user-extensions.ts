import type { FastifyRequest } from 'fastify'
import { recordAudit } from '../audit/index.js'
import type { Caller } from '../graph/caller.js'
import type { ReadContext } from '../graph/odata/resource.js'
import { actorOf } from './change-user.js'
import { refusals } from './errors.js'
import type { Owner } from './extensions/change-open-extensions.js'
import type { Extended } from './extensions/routes.js'
import type { DirectoryNeeds } from './needs.js'
import { changeUsers, mine, readUsers } from './permissions.js'
import { resolveUserId, seesAllOf, visibleUser } from './read-users.js'
import { mayAdministerUsers } from './rules.js'
import { lockUser } from './store.js'

type Needs = Pick<DirectoryNeeds, 'database' | 'clock' | 'newId'>

/** Open extensions of people: whoever reads or changes somebody reads or changes theirs (Graph: extensibility). */
export function extensionsOfUsers(needs: Needs): Extended[] {
  const of = (nameOf: (request: FastifyRequest) => string) => ({
    set: 'users' as const,
    tags: ['users'],
    find: (context: ReadContext, request: FastifyRequest) => readable(context, nameOf(request)),
    owner: async (request: FastifyRequest) =>
      ownerOf(needs, request.caller, await resolveUserId(needs, request.caller, nameOf(request))),
  })
  return [
    {
      path: '/users/:id',
      read: { permission: readUsers },
      write: { permission: changeUsers },
      ...of(({ params }) => (params as { id: string }).id),
    },
    { path: '/me', read: mine(readUsers), write: mine(changeUsers), ...of(({ caller }) => caller.objectId) },
  ]
}

async function readable(context: ReadContext, idOrName: string): Promise<string> {
  const id = await visibleUser(context, idOrName)
  if (!seesAllOf(context.caller, id)) throw refusals.roleMissing()
  return id
}

function ownerOf(needs: Needs, caller: Caller, id: string): Owner {
  return {
    id,
    async change(scope) {
      const mayWrite = caller.permissions.has('User.ReadWrite.All') || caller.permissions.has('Directory.ReadWrite.All')
      const isOwn = caller.kind === 'user' && caller.objectId === id && caller.permissions.has('User.ReadWrite')
      if (!isOwn && !(mayWrite && mayAdministerUsers(caller))) throw refusals.roleMissing()
      if (!(await lockUser(scope, id))) throw refusals.userNotFound(id)
      await recordAudit(scope, {
        id: needs.newId(),
        activityDateTime: needs.clock(),
        activityDisplayName: 'Update user',
        category: 'UserManagement',
        loggedByService: 'Core Directory',
        initiatedBy: actorOf(caller),
        targetId: id,
        additionalDetails: { properties: ['extensions'] },
      })
    },
  }
}
