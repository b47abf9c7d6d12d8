import type { FastifyPluginAsync } from 'fastify'
import { linkRoutes, objectsOwnedBy, ownedObjects } from '../directory/index.js'
import type { AnswerNeeds } from '../graph/odata/answer.js'
import { mustRead } from './application-routes.js'
import { refusals } from './errors.js'
import { readApplications } from './permissions.js'
import { principalIdOf } from './principal-routes.js'

/** `/servicePrincipals/{id}/ownedObjects`: what a client owns, as the same list of a person tells. */
export const ownedObjectRoutes: FastifyPluginAsync<{ needs: AnswerNeeds }> = async (app, { needs }) => {
  await app.register(linkRoutes, {
    needs,
    list: {
      path: '/servicePrincipals/:id/ownedObjects',
      tags: ['servicePrincipals'],
      what: 'objects that a service principal owns',
      config: { permission: readApplications },
      casts: ownedObjects(),
      neverHeld: ['appRoleAssignment', 'endpoint'],
      async open(context, key) {
        await mustRead(context)
        const id = await principalIdOf(context, key)
        if (id === undefined) throw refusals.principalNotFound(key)
        return objectsOwnedBy(context.scope.tenantId, id)
      },
    },
  })
}
