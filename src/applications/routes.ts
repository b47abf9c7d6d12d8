import type { FastifyPluginAsync } from 'fastify'
import type { AnswerNeeds } from '../graph/odata/answer.js'
import { applicationRoutes } from './application-routes.js'
import { assignmentRoutes } from './assignments/routes.js'
import { federatedRoutes } from './federated/routes.js'
import { logoRoutes } from './logo-routes.js'
import type { ChangeNeeds } from './needs.js'
import { ownerRoutes } from './owner-routes.js'
import { principalLinkRoutes } from './principal-link-routes.js'
import { principalRoutes } from './principal-routes.js'

/** Applications, service principals, who owns them and who has their roles. */
const routes: FastifyPluginAsync<{ needs: ChangeNeeds & AnswerNeeds }> = async (app, { needs }) => {
  await app.register(applicationRoutes, { needs })
  await app.register(principalRoutes, { needs })
  await app.register(ownerRoutes, { needs })
  await app.register(principalLinkRoutes, { needs })
  await app.register(assignmentRoutes, { needs })
  await app.register(federatedRoutes, { needs })
  await app.register(logoRoutes, { needs })
}
export default routes
