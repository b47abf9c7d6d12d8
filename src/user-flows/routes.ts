import type { FastifyPluginAsync } from 'fastify'
import type { AnswerNeeds } from '../graph/odata/answer.js'
import { attributeRoutes } from './attributes/routes.js'
import type { ConnectorNeeds } from './connectors/index.js'
import { assignmentRoutes } from './flows/assignment-routes.js'
import { connectorSlotRoutes } from './flows/connector-routes.js'
import { memberRoutes } from './flows/member-routes.js'
import { providerRoutes } from './flows/provider-routes.js'
import { flowRoutes } from './flows/routes.js'
import { languageRoutes } from './languages/routes.js'
import type { FlowNeeds } from './needs.js'

type Needs = FlowNeeds & AnswerNeeds & Pick<ConnectorNeeds, 'egress' | 'flowsAsking'>

/** How administrators set sign-up up: flows with all their parts, and the attributes they ask. */
const routes: FastifyPluginAsync<{ needs: Needs }> = async (app, { needs }) => {
  await app.register(flowRoutes, { needs })
  await app.register(providerRoutes, { needs })
  await app.register(assignmentRoutes, { needs })
  await app.register(languageRoutes, { needs })
  await app.register(connectorSlotRoutes, { needs })
  await app.register(memberRoutes, { needs })
  await app.register(attributeRoutes, { needs })
}
export default routes
