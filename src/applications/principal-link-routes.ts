import type { FastifyPluginAsync } from 'fastify'
import { linkRoutes, linksAbove, membershipRoutes, objectsOwnedBy, ownedObjects } from '../directory/index.js'
import type { AnswerNeeds } from '../graph/odata/answer.js'
import type { ReadContext } from '../graph/odata/resource.js'
import { mustRead } from './application-routes.js'
import { refusals } from './errors.js'
import { readApplications } from './permissions.js'
import { principalIdOf } from './principal-routes.js'

const about = { tags: ['servicePrincipals'], config: { permission: readApplications } }

/**
 * What a client owns and what it is in, as the same lists of a person tell: `ownedObjects`, `memberOf`,
 * `transitiveMemberOf` and the questions about memberships. Groups hold people and groups here, so a client is in the
 * directory roles that it was given.
 */
export const principalLinkRoutes: FastifyPluginAsync<{ needs: AnswerNeeds }> = async (app, { needs }) => {
  await app.register(linkRoutes, {
    needs,
    list: {
      ...about,
      path: '/servicePrincipals/:id/ownedObjects',
      what: 'objects that a service principal owns',
      casts: ownedObjects(),
      neverHeld: ['appRoleAssignment', 'endpoint'],
      open: async (context, key) => objectsOwnedBy(context.scope.tenantId, await readable(context, key)),
    },
  })
  for (const list of linksAbove('/servicePrincipals/:id', 'a service principal', about, readable)) {
    await app.register(linkRoutes, { needs, list })
  }
  await app.register(membershipRoutes, { needs, subject: { ...about, path: '/servicePrincipals/:id', find: readable } })
}

/** @throws Refusal: none of this id or of this application, or a caller who reads nothing of them. */
async function readable(context: ReadContext, key: string): Promise<string> {
  await mustRead(context)
  const id = await principalIdOf(context, key)
  if (id === undefined) throw refusals.principalNotFound(key)
  return id
}
