import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { access } from '../../src/graph/access.js'
import type { Caller } from '../../src/graph/caller.js'
import { type Elsewhere, frameworkErrors, httpErrors } from '../../src/graph/http-errors.js'
import { jsonBodies } from '../../src/graph/json-bodies.js'
import { requestIds } from '../../src/graph/request-ids.js'
import { validatorCompiler } from '../../src/graph/validator.js'
import { Refusal } from '../../src/kernel/refusal.js'

const GUID = '01980000-0000-7000-8000-000000000001'

/** A caller with the given permissions; an application unless `over` says otherwise. */
export function callerWith(permissions: string[], over: Partial<Caller> = {}): Caller {
  return {
    tenantId: GUID,
    kind: 'application',
    clientId: GUID,
    objectId: GUID,
    displayName: 'Test',
    directoryRoles: new Set(),
    permissions: new Set(permissions),
    origin: 'http://localhost:3000',
    ...over,
  }
}

/**
 * The dialect's plugins as the service registers them, over the given routes. A token is `app` or `user` with the
 * permissions after a dash, `app-User.Invite.All`; `bad` is refused.
 */
export async function dialect(
  routes: (app: FastifyInstance) => void,
  options: { elsewhere?: Elsewhere; server?: FastifyServerOptions } = {},
): Promise<FastifyInstance> {
  const app: FastifyInstance = Fastify({ frameworkErrors, ...options.server })
  app.setValidatorCompiler(validatorCompiler)
  await app.register(jsonBodies)
  await app.register(requestIds)
  await app.register(httpErrors, options.elsewhere ? { elsewhere: options.elsewhere } : {})
  await app.register(access, { authenticate: async (request) => readToken(request.headers.authorization ?? '') })
  await app.register(async (scope) => routes(scope))
  await app.ready()
  return app
}

function readToken(header: string): Caller {
  const [kind, ...permissions] = header.replace(/^Bearer /i, '').split('-')
  if (kind === 'bad') {
    const message = 'Lifetime validation failed, the token is expired.'
    throw new Refusal('unauthenticated', 'tokenExpired', message)
  }
  return callerWith(permissions, { kind: kind === 'user' ? 'user' : 'application' })
}
