import type { GraphType, Link, ReadContext, Relation } from '../graph/odata/resource.js'
import { refusals } from './errors.js'
import { openExtensionsRelation } from './extensions/open-extensions-relation.js'
import { findVisibleGroups } from './groups/read-groups.js'
import { directoryObjects } from './objects/kinds.js'
import { seesAllOf } from './read-users.js'
import { readManagers, readReports, readSponsorsOf } from './relations-store.js'
import { permittedView, readingOf, userView } from './rules.js'

const USER = 'microsoft.graph.user'
const GROUP = 'microsoft.graph.group'
const DIRECTORY_OBJECT = 'microsoft.graph.directoryObject'

/** Relations of a user. Whoever sees one user sees who they report to (Entra: guest access levels), or nobody at all. */
export const userRelations: Record<string, Relation> = {
  manager: {
    type: DIRECTORY_OBJECT,
    isCollection: false,
    takesLevels: true,
    targets: directoryObjects,
    async load(context, ids) {
      mustReadTies(context, ids)
      const managers = await readManagers(context.scope, ids)
      return grouped(
        context,
        ids,
        [...managers].map(([from, to]) => ({ from, to })),
      )
    },
  },
  directReports: {
    type: DIRECTORY_OBJECT,
    isCollection: true,
    targets: directoryObjects,
    async load(context, ids, most) {
      mustReadTies(context, ids)
      const reports = await readReports(context.scope, ids, most)
      return grouped(
        context,
        ids,
        reports.map(({ managerId, userId }) => ({ from: managerId, to: userId })),
      )
    },
  },
  extensions: openExtensionsRelation(({ caller }, ids) => ids.filter((id) => seesAllOf(caller, id))),
  sponsors: {
    type: DIRECTORY_OBJECT,
    isCollection: true,
    targets: directoryObjects,
    async load(context, ids) {
      mustReadTies(context, ids)
      const sponsors = await readSponsorsOf(context.scope, ids)
      return grouped(
        context,
        ids,
        sponsors.map(({ userId, sponsorId, type }) => ({
          from: userId,
          to: sponsorId,
          type: `microsoft.graph.${type}` as const,
        })),
      )
    },
  },
}

/**
 * Whom people report to and who answers for them is for clients that may read those people: others come by them in a
 * group or as owners, and are told that they are there and no more. @throws Refusal
 */
function mustReadTies({ caller }: ReadContext, ids: readonly string[]): void {
  if (ids.some((id) => permittedView(caller, id) === 'nothing')) throw refusals.permissionForOthers()
}

/** Links by the object they come from, without targets that the caller may not see at all. */
async function grouped(
  context: ReadContext,
  ids: readonly string[],
  pairs: readonly { from: string; to: string; type?: GraphType }[],
): Promise<Map<string, Link[]>> {
  const { caller } = context
  const policy = readingOf(caller)
  const groupIds = pairs.flatMap(({ to, type }) => (type === GROUP ? [to] : []))
  const groups = caller.kind === 'user' && groupIds.length > 0 ? await findVisibleGroups(context, groupIds) : undefined
  const links = new Map<string, Link[]>(ids.map((id) => [id, []]))
  for (const { from, to, type = USER } of pairs) {
    if (userView(caller, policy, { userId: to, way: 'related' }) === 'nothing') continue
    if (type === GROUP && groups && !groups.has(to)) continue
    links.get(from)?.push({ id: to, type })
  }
  return links
}
