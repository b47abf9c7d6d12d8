import swagger from '@fastify/swagger'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from 'fastify'
import { extensionRoutes } from './access-end/index.js'
import { countWrites, forgetNamedHost, logRequests, tellOfChanges, trusted } from './app-hooks.js'
import {
  applicationResource,
  applicationRoutes,
  assignmentResource,
  assignRolesTo,
  deletedApplicationKinds,
  federatedResource,
  logoAssetRoutes,
  principalResource,
} from './applications/index.js'
import {
  addUserToGroups,
  changeUserWithin,
  deletedItemRoutes,
  deltaRoutes,
  directoryObjectRoutes,
  domainReferenceRoutes,
  forgetMemberships,
  groupResource,
  groupRoutes,
  isDomainInUse,
  leaveDomain,
  limitAccess,
  roleResource,
  staleGuestResource,
  staleGuestRoutes,
  userRelationRoutes,
  userResource,
  userRoutes,
} from './directory/index.js'
import { access } from './graph/access.js'
import batchRoutes from './graph/batch/routes.js'
import { describeResource } from './graph/describe-resource.js'
import { describeRoutes, graphError, withParentheses } from './graph/describe-route.js'
import { frameworkErrors, httpErrors } from './graph/http-errors.js'
import { jsonBodies } from './graph/json-bodies.js'
import { metadataRoutes } from './graph/odata/metadata.js'
import type { Resource } from './graph/odata/resource.js'
import { requestIds } from './graph/request-ids.js'
import { RouteTree } from './graph/route-tree.js'
import { createSerializerCompiler } from './graph/serializer.js'
import { spelled } from './graph/spelling.js'
import { validatorCompiler } from './graph/validator.js'
import {
  type GuestChanges,
  invitationResource,
  invitationRoutes,
  isStillInvited,
  revokeInvitationsOf,
  webhookRoutes,
} from './invitations/index.js'
import { mailboxRoutes } from './mailbox/index.js'
import { myAppsRoutes } from './my-apps/index.js'
import { subscriptionRoutes } from './notifications/index.js'
import { pageErrors } from './page-errors.js'
import { documentation, openApi } from './platform/documentation.js'
import { HTTP_LIMITS, limitConnections } from './platform/http-limits.js'
import { countRequests, operations } from './platform/operations.js'
import { policyRoutes } from './policies/index.js'
import {
  createInstances,
  logOutOf,
  logOutOfAll,
  myAppsSignInPath,
  permissionGrantResource,
  permissionGrantRoutes,
  registerPosted,
  registerProvider,
  registerTools,
  signInRoutes,
} from './provider/index.js'
import { createRedemptionDestination, redemptionRoutes } from './redemption/index.js'
import type { Services } from './services.js'
import {
  authenticationMethodRoutes,
  blockRoutes,
  CONNECTION_TEST,
  connectionTestPages,
  connectionTestRoutes,
  createConnectionTestDestination,
  createSignInDestination,
  type Destinations,
  emailMethodRoutes,
  endSessionsOf,
  federationConfigurationRoutes,
  federationRoutes,
  forgetMethods,
  forgetMethodsOf,
  forgetPasswordOf,
  forgetPasswords,
  forgetSignInsOf,
  homeRoutes,
  identityProviderRoutes,
  type SessionProof,
  SIGN_IN,
  samlRoutes,
  sessionProvesEnough,
  signInLogRoutes,
  signInResource,
} from './sign-in/index.js'
import { domainResource, domainRoutes, logoRoutes, organizationResource, organizationRoutes } from './tenants/index.js'
import {
  attributeResource,
  connectorResource,
  connectorRoutes,
  createGuest,
  createNeighbours,
  createSignUpAt,
  createSignUpDestination,
  flowAssignmentResource,
  flowResource,
  flowsAsking,
  requestPages,
  requestResource,
  requestRoutes,
  SIGN_UP,
  signUpRoutes,
  userFlowRoutes,
} from './user-flows/index.js'

/** Bytes of a request body. */
const BODY_LIMIT = 65_536

/** Builds the HTTP side without listening, so that main, tests and the OpenAPI generator share it. */
export async function buildApp(services: Services, isReady: () => boolean = () => true): Promise<FastifyInstance> {
  const { config, origins } = services
  const acting = { ...services, ...reactions }
  const routes = new RouteTree()
  const app = Fastify({
    loggerInstance: services.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    rewriteUrl: ({ url = '/' }) => spelled(url, routes),
    frameworkErrors,
    bodyLimit: BODY_LIMIT,
    http: {
      headersTimeout: HTTP_LIMITS.headersTimeout,
      connectionsCheckingInterval: HTTP_LIMITS.connectionsCheckingInterval,
    },
    requestTimeout: HTTP_LIMITS.requestTimeout,
    connectionTimeout: HTTP_LIMITS.timeout,
    keepAliveTimeout: HTTP_LIMITS.keepAliveTimeout,
    routerOptions: { maxParamLength: 1_024 },
    trustProxy: trusted(config.trustedProxies),
    return503OnClosing: true,
  })
  limitConnections(app.server)
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(createSerializerCompiler())
  forgetNamedHost(app)
  countRequests(app, services.metrics)
  if (services.log.isLevelEnabled('debug')) logRequests(app)
  app.addSchema(graphError)
  for (const resource of resources) app.addSchema(describeResource(resource))
  const types = new Set<string>(resources.map(({ type }) => type))
  await app.register(swagger, { ...openApi, transform: describeRoutes(types), transformObject: withParentheses })
  await app.register(jsonBodies)
  await app.register(requestIds)
  await app.register(httpErrors, { elsewhere: pageErrors, routes })
  await app.register(access, {
    authenticate: (request: FastifyRequest) =>
      services.authenticate(request.headers.authorization, origins.of(request)),
  })

  tellOfChanges(app, services)
  countWrites(app, services)

  await app.register(operations, { needs: { ...services, isReady } })
  await app.register(documentation)
  const providerNeeds = {
    ...services,
    origins: origins.all,
    originOf: origins.of,
    provesEnough: (tenantId: string, session: SessionProof) => sessionProvesEnough(services, tenantId, session),
  }
  const instances = createInstances(providerNeeds)
  await app.register(registerProvider, { ...providerNeeds, instances })
  await app.register(registerTools, { originOf: origins.of })
  await app.register(registerPosted, { originOf: origins.of })
  const signUpAt = createSignUpAt(services)
  await app.register(signInRoutes, { needs: { ...providerNeeds, ...reactions, instances, pages: origins, signUpAt } })
  for (const prefix of ['/v1.0', '/beta']) {
    await app.register(metadataRoutes, { prefix, resources })
    await app.register(batchRoutes, { prefix, origins: origins.all })
    await app.register(invitationRoutes, { prefix, needs: { ...acting, guestChanges: guestChanges(services) } })
    await app.register(userRoutes, { prefix, needs: acting })
    await app.register(groupRoutes, { prefix, needs: services })
    await app.register(directoryObjectRoutes, { prefix, needs: acting })
    await app.register(deltaRoutes, { prefix, needs: services })
    await app.register(subscriptionRoutes, { prefix, needs: services })
    await app.register(deletedItemRoutes, { prefix, needs: acting })
    await app.register(userRelationRoutes, { prefix, needs: acting })
    await app.register(authenticationMethodRoutes, { prefix, needs: services })
    await app.register(applicationRoutes, { prefix, needs: services })
    await app.register(permissionGrantRoutes, { prefix, needs: services })
    await app.register(organizationRoutes, { prefix, needs: services })
    await app.register(domainRoutes, { prefix, needs: { ...services, isDomainInUse, leaveDomain: leaving(services) } })
    await app.register(domainReferenceRoutes, { prefix, needs: services })
    await app.register(policyRoutes, { prefix, needs: services })
    await app.register(identityProviderRoutes, { prefix, needs: acting })
    await app.register(emailMethodRoutes, { prefix, needs: acting })
    await app.register(federationConfigurationRoutes, { prefix, needs: acting })
    await app.register(connectionTestRoutes, { prefix, needs: services })
    await app.register(signInLogRoutes, { prefix, needs: services })
    await app.register(staleGuestRoutes, { prefix, needs: services })
    await app.register(userFlowRoutes, { prefix, needs: { ...services, flowsAsking } })
    await app.register(connectorRoutes, { prefix, needs: { ...services, flowsAsking } })
    await app.register(requestRoutes, { prefix, needs: { ...services, createGuest } })
  }
  await app.register(redemptionRoutes, { needs: acting })
  await app.register(blockRoutes, { needs: services })
  await app.register(extensionRoutes, { needs: services })
  const federation = { ...services, destinations: destinations(services) }
  await app.register(federationRoutes, { needs: federation })
  await app.register(homeRoutes, {
    needs: { ...federation, signInPath: (id, request, path) => myAppsSignInPath(id, origins.of(request), path) },
  })
  await app.register(connectionTestPages, { needs: federation })
  await app.register(samlRoutes, { needs: federation })
  await app.register(signUpRoutes, { needs: { ...services, neighbours: createNeighbours(services) } })
  await app.register(requestPages, { needs: services })
  await app.register(myAppsRoutes, { needs: { ...acting, createGuest } })
  await app.register(logoRoutes, { tenants: services.tenants })
  await app.register(logoAssetRoutes, { database: services.database })
  await app.register(webhookRoutes, { needs: services, publicKey: config.mail.sendgrid?.webhookPublicKey })
  if (config.mail.transport === 'mailbox') {
    await app.register(mailboxRoutes, {
      needs: { sql: services.database.sql, clock: services.clock, origins: origins.all },
    })
  }
  return app
}

/** Every entity type the service knows: what `$metadata` tells of, and whose texts are searched. */
export const resources: readonly Resource[] = [
  userResource,
  groupResource,
  roleResource,
  applicationResource,
  principalResource,
  assignmentResource,
  federatedResource,
  permissionGrantResource,
  invitationResource,
  organizationResource,
  domainResource,
  signInResource,
  staleGuestResource,
  flowResource,
  flowAssignmentResource,
  attributeResource,
  connectorResource,
  requestResource,
]

/** What the directory does for an invitation that says more of its guest. */
function guestChanges(services: Services): GuestChanges {
  const needs = { ...services, ...reactions }
  return {
    setAccessEnd: (scope, caller, userId, at, isNew) =>
      isNew
        ? at === null
          ? Promise.resolve()
          : limitAccess(needs, scope, caller, userId, at)
        : changeUserWithin(needs, scope, caller, userId, { accessEndDateTime: at?.toISOString() ?? null }),
    setProperties: (scope, caller, userId, properties) => changeUserWithin(needs, scope, caller, userId, properties),
    addMembers: (scope, groupIds, userId, caller) => addUserToGroups(services, scope, groupIds, userId, caller),
    assignRoles: (scope, assignments, userId, caller) => assignRolesTo(services, scope, assignments, userId, caller),
  }
}

/** What the directory does for an organization that gives a domain up. */
function leaving(services: Services): Parameters<typeof domainRoutes>[1]['needs']['leaveDomain'] {
  return (scope, caller, wish) => leaveDomain({ ...services, ...reactions }, scope, caller, wish)
}

/** Who takes browsers back from their homes, by what they left for. */
function destinations(services: Services): Destinations {
  return {
    redemption: createRedemptionDestination({ ...services, ...reactions }),
    [SIGN_IN]: createSignInDestination(services),
    [CONNECTION_TEST]: createConnectionTestDestination(services),
    [SIGN_UP]: createSignUpDestination(services),
  }
}

/** What other capabilities do when the directory deletes or disables somebody, and what they know of it before. */
export const reactions = {
  isStillInvited,
  onUserDeleted: [revokeInvitationsOf, endSessionsOf, logOutOf, forgetPasswordOf],
  onUserDisabled: [endSessionsOf, logOutOf],
  onSessionsRevoked: [endSessionsOf, logOutOf],
  onSignInsEnded: [logOutOfAll],
  onRedemptionReset: [forgetMethodsOf, forgetPasswordOf],
  deletedElsewhere: deletedApplicationKinds,
  onUsersPurged: [forgetMemberships, forgetMethods, forgetPasswords, forgetSignInsOf],
}
