import type { FastifyPluginAsync } from 'fastify'
import type { AnswerNeeds } from '../../graph/odata/answer.js'
import type { ReadContext } from '../../graph/odata/resource.js'
import { isGuid } from '../../kernel/ids.js'
import { type LinkList, linkRoutes } from '../link-routes.js'
import type { NeverHeld } from '../objects/query.js'
import { mine } from '../permissions.js'
import { maySeeRoles, readingOf } from '../rules.js'
import { refusals } from './errors.js'
import { ownedBy } from './held/owned-store.js'
import { both, heldBy, holding, owned, showingMembersTo } from './held/query.js'
import { groupsWithin } from './member-store.js'
import { type MembershipSubject, membershipRoutes } from './membership-routes.js'
import { readGroups, readMemberships } from './permissions.js'
import { inGroup, members, owners, ownersOf, withinGroups } from './query.js'
import { mustSeeMembers, seesHiddenMembers } from './read-groups.js'
import { groupInQuestion, userInQuestion } from './visible-members.js'

type Find = (context: ReadContext, id: string) => Promise<string>

/** What is in a group, and what a group or user is in: lists and questions, read only. */
export const relationRoutes: FastifyPluginAsync<{ needs: AnswerNeeds }> = async (app, { needs }) => {
  const ownedLists = [owns('/users/:id', ofUsers), owns('/me', ofMe)]
  for (const list of [...insideGroups, ...aboveGroups, ...aboveUsers, ...aboveMe, ...ownedLists]) {
    await app.register(linkRoutes, { needs, list })
  }
  for (const subject of subjects) await app.register(membershipRoutes, { needs, subject })
}

const ofGroups = { tags: ['groups'], config: { permission: readGroups } }
const ofUsers = { tags: ['users'], config: { permission: readMemberships } }
const ofMe = { tags: ['users'], config: mine(readMemberships) }

/** Users and groups are what groups are made of here. */
const NO_MEMBERS: readonly NeverHeld[] = ['application', 'device', 'orgContact', 'servicePrincipal']

const insideGroups: LinkList[] = [
  {
    ...ofGroups,
    path: '/groups/:id/members',
    what: 'members of a group',
    casts: members,
    neverHeld: NO_MEMBERS,
    open: async (context, id) => inGroup(await withVisibleMembers(context, id)),
  },
  {
    ...ofGroups,
    path: '/groups/:id/transitiveMembers',
    what: 'members of a group and of the groups inside it',
    casts: members,
    neverHeld: NO_MEMBERS,
    castsAreAdvanced: true,
    open: async (context, id) => {
      const group = await withVisibleMembers(context, id)
      return withinGroups(context.scope.tenantId, await groupsWithin(context.scope, group))
    },
  },
  {
    ...ofGroups,
    path: '/groups/:id/owners',
    what: 'owners of a group',
    casts: owners,
    neverHeld: [...NO_MEMBERS, 'group'],
    open: async (context, id) => ownersOf(await withVisibleMembers(context, id)),
  },
]

const aboveGroups = linksAbove('/groups/:id', 'a group', ofGroups, groupInQuestion)
const aboveUsers = linksAbove('/users/:id', 'a user', ofUsers, userInQuestion)
const aboveMe = linksAbove('/me', 'the signed-in person', ofMe, userInQuestion)

const subjects: MembershipSubject[] = [
  { ...ofGroups, path: '/groups/:id', find: groupInQuestion },
  { ...ofUsers, path: '/users/:id', find: userInQuestion },
  { ...ofMe, path: '/me', find: userInQuestion },
]

/** `memberOf` and `transitiveMemberOf` of one kind of object; `find` refuses whom it must. */
export function linksAbove(path: string, of: string, about: Pick<LinkList, 'tags' | 'config'>, find: Find): LinkList[] {
  const open = (way: 'direct' | 'transitive') => async (context: ReadContext, id: string) => {
    const memberId = await find(context, id)
    const { scope, caller } = context
    const withRoles = maySeeRoles(caller, readingOf(caller), memberId)
    return both(holding(scope.tenantId, memberId, { way, withRoles }), hiddenFrom(context, memberId))
  }
  return [
    {
      ...about,
      path: `${path}/memberOf`,
      what: `groups and directory roles that ${of} is in`,
      casts: heldBy,
      neverHeld: ['administrativeUnit'],
      open: open('direct'),
    },
    {
      ...about,
      path: `${path}/transitiveMemberOf`,
      what: `groups and directory roles that ${of} is in, by way of others too`,
      casts: heldBy,
      neverHeld: ['administrativeUnit'],
      castsAreAdvanced: true,
      open: open('transitive'),
    },
  ]
}

/** `ownedObjects` of a person. */
function owns(path: string, about: Pick<LinkList, 'tags' | 'config'>): LinkList {
  return {
    ...about,
    path: `${path}/ownedObjects`,
    what: 'objects that a user owns',
    casts: owned(),
    async open(context, id) {
      const ownerId = await userInQuestion(context, id)
      return both(ownedBy(context.scope.tenantId, ownerId), hiddenFrom(context, ownerId))
    },
  }
}

/** Of others, readers do not hear about groups that hide who is in them. */
function hiddenFrom({ scope, caller }: ReadContext, memberId: string) {
  const seesAll = memberId === caller.objectId || seesHiddenMembers(caller)
  return seesAll ? undefined : showingMembersTo(scope.tenantId, caller.objectId)
}

async function withVisibleMembers(context: ReadContext, id: string): Promise<string> {
  if (!isGuid(id)) throw refusals.notFound(id)
  await mustSeeMembers(context, id.toLowerCase())
  return id.toLowerCase()
}
