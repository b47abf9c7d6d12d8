import type { FastifyRequest } from 'fastify'
import { Refusal } from '../kernel/refusal.js'
import { inheritedCaller } from './batch/inherited-caller.js'
import { tokenOfHeader } from './bearer.js'
import type { Caller } from './caller.js'
import type { QueryRules } from './odata/query-options.js'
import { applicationPermissions, delegatedPermissions } from './permissions.js'
import { shared } from './plugin.js'

/** Any one of these is enough; a list inside the list means all of its names together. */
export type PermissionSets = readonly (string | readonly string[])[]

/**
 * Who may call a route. A kind of caller that is not named may not call it at all. A delegated permission says what
 * the client may do for people; what the signed-in person may do is judged by the capability. `authenticated` asks for
 * a token and no permission: for routes that only pass on to others.
 */
export type RoutePermission = 'public' | 'authenticated' | { application?: PermissionSets; delegated?: PermissionSets }

/** Reads and checks the access token. Throws an `unauthenticated` refusal that says what is wrong with it. */
export type Authenticate = (request: FastifyRequest) => Promise<Caller>

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call the route; a route without it stops the start. */
    permission?: RoutePermission
    /** The system query options the route takes, for the document; the handler reads them. */
    query?: QueryRules
    /** Entity type that answers show, for the document, where `query` does not say it. */
    shows?: string
    /** Whether `Idempotency-Key` means something, for the document too. */
    takesIdempotencyKey?: boolean
    /** Lets in somebody without the permission whom Graph lets in without: a client to its own keys. */
    admits?: (request: FastifyRequest) => Promise<boolean>
    /** Another answer than the 403 to callers the route does not let in, if there is one. */
    otherwise?: (request: FastifyRequest) => Refusal | undefined
    /** The sentence of the 403, where Graph's own differs from route to route. */
    denied?: (request: FastifyRequest) => string
    /** Whose error codes the route answers with: Graph's invitations have a back end of their own. */
    backEnd?: 'invitations' | 'directory'
  }
  interface FastifyRequest {
    /** Set on every route that is not public. */
    caller: Caller
  }
}

type Needs = Record<Caller['kind'], readonly (readonly string[])[]>

const known: Record<Caller['kind'], ReadonlySet<string>> = {
  application: new Set(applicationPermissions),
  user: new Set(delegatedPermissions),
}

/**
 * Every route names the permission it needs; one that forgets, or names a permission that does not exist, stops the
 * process at start. Holds for routes registered after this plugin. 401 without a token, 403 without the permission.
 */
export const access = shared<{ authenticate: Authenticate }>('access', async (app, { authenticate }) => {
  const needs = new WeakMap<object, Needs>()
  app.decorateRequest('caller')

  app.addHook('onRoute', ({ method, url, config }) => {
    const permission = config?.permission
    if (permission === undefined)
      throw new Error(`${method} ${url} names no permission; write 'public' if that is meant`)
    if (typeof permission === 'object') needs.set(permission, compile(permission, `${method} ${url}`))
  })

  const authenticated = (request: FastifyRequest) => {
    if (bearerToken(request) === undefined) throw tokenMissing()
    return authenticate(request)
  }

  app.addHook('onRequest', async (request) => {
    if (request.is404) return
    const { permission } = request.routeOptions.config
    if (permission === 'public') return
    const needed = typeof permission === 'object' ? needs.get(permission) : undefined
    if (!needed && permission !== 'authenticated')
      throw new Error(`${request.method} ${request.routeOptions.url} was registered without a permission`)
    request.caller = inheritedCaller() ?? (await authenticated(request))
    if (!needed || isGranted(needed, request.caller)) return
    if (await request.routeOptions.config.admits?.(request)) return
    throw request.routeOptions.config.otherwise?.(request) ?? denied(needed, request)
  })
})

/** The token of an `Authorization: Bearer` header (RFC 6750 section 2.1), or undefined when there is none. */
export function bearerToken(request: FastifyRequest): string | undefined {
  return tokenOfHeader(request.headers.authorization ?? '')
}

function compile(permission: Extract<RoutePermission, object>, route: string): Needs {
  const needs = { application: sets(permission.application), user: sets(permission.delegated) }
  if (needs.application.length + needs.user.length === 0) throw new Error(`${route} lets nobody in`)
  for (const kind of ['application', 'user'] as const) {
    const stranger = needs[kind].flat().find((name) => !known[kind].has(name))
    if (stranger !== undefined) throw new Error(`${route}: '${stranger}' is no permission of kind ${kind}`)
    if (needs[kind].some((all) => all.length === 0)) throw new Error(`${route} has an empty set of permissions`)
  }
  return needs
}

function sets(anyOf: PermissionSets = []): readonly (readonly string[])[] {
  return anyOf.map((entry) => (typeof entry === 'string' ? [entry] : entry))
}

function isGranted(needs: Needs, caller: Caller): boolean {
  return needs[caller.kind].some((all) => all.every((name) => caller.permissions.has(name)))
}

function tokenMissing(): Refusal {
  return new Refusal('unauthenticated', 'tokenMissing', 'Access token is empty.')
}

/** Graph's sentence stays as it is; which permission would do is told beside it. */
function denied(needs: Needs, request: FastifyRequest): Refusal {
  const { caller } = request
  const message = request.routeOptions.config.denied?.(request) ?? 'Insufficient privileges to complete the operation.'
  const items = needs[caller.kind].map((all) => ({
    code: 'permissionNeeded',
    message: `Enough for it: ${all.join(' together with ')}`,
  }))
  return new Refusal('forbidden', 'permissionMissing', message, {
    graphCode: 'Authorization_RequestDenied',
    items: items.length > 0 ? items : [{ code: 'callerKind', message: `Not open to callers of kind ${caller.kind}` }],
  })
}
