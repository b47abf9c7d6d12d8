import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Static, type TSchema, Type } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { RoutePermission } from '../graph/access.js'
import type { Caller } from '../graph/caller.js'
import { valueContext } from '../graph/odata/context.js'
import { type Precondition, preconditionOf, versionOfContent, weakEtag } from '../graph/preferences.js'
import type { Database } from '../platform/database.js'
import type { Tenants } from '../tenants/index.js'
import {
  changeAuthenticationFlowsPolicy,
  changeAuthorizationPolicy,
  changeExternalIdentitiesPolicy,
  changeGuestAuthenticationPolicy,
  replaceDomainPolicy,
} from './change-policies.js'
import type { Policies as PolicyDocuments } from './documents.js'
import { mustReadPolicies } from './must-read.js'
import type { Policies } from './policies.js'
import {
  AuthenticationFlowsPolicyChanges,
  AuthenticationFlowsPolicyResource,
  AuthorizationPolicyChanges,
  AuthorizationPolicyResource,
  ExternalIdentitiesPolicyChanges,
  ExternalIdentitiesPolicyResource,
  GuestAuthenticationPolicyChanges,
  GuestAuthenticationPolicyResource,
  InvitationDomainPolicyBody,
  InvitationDomainPolicyResource,
} from './schema.js'

type App = Parameters<FastifyPluginAsyncTypebox>[0]
type Needs = { database: Database; tenants: Tenants; policies: Policies; clock: () => Date; newId: () => string }

const anyOf = (...names: string[]) => ({ application: names, delegated: names })
const readers = anyOf('Policy.Read.All', 'Policy.ReadWrite.Authorization')
const writers = anyOf('Policy.ReadWrite.Authorization')
const tags = ['policies']

type Name = Exclude<keyof PolicyDocuments, 'version'>

/** A policy and the last segment of its path. */
type Served<Changes extends TSchema> = {
  name: Name
  segment: string
  summary: string
  readers: RoutePermission
  writers: RoutePermission
  resource: TSchema
  /** What Graph shows beside what is decided. */
  beside?: Record<string, unknown>
  changes: Changes
  change(needs: Needs, caller: Caller, changes: Static<Changes>, mustBe: Precondition): Promise<void>
}

/** `/policies` of the Graph dialect, as far as it decides who may invite whom and what guests must prove. */
const routes: FastifyPluginAsyncTypebox<{ needs: Needs }> = async (app, { needs }) => {
  policyRoutes(app, needs, {
    name: 'authorization',
    segment: 'authorizationPolicy',
    summary: 'Who may invite, what guests may read',
    readers,
    writers,
    resource: AuthorizationPolicyResource,
    beside: { id: 'authorizationPolicy', deletedDateTime: null },
    changes: AuthorizationPolicyChanges,
    change: changeAuthorizationPolicy,
  })
  domainPolicyRoutes(app, needs)
  policyRoutes(app, needs, {
    name: 'guestAuthentication',
    segment: 'guestAuthenticationPolicy',
    summary: 'What guests must prove',
    readers,
    writers,
    resource: GuestAuthenticationPolicyResource,
    changes: GuestAuthenticationPolicyChanges,
    change: changeGuestAuthenticationPolicy,
  })
  policyRoutes(app, needs, {
    name: 'externalIdentities',
    segment: 'externalIdentitiesPolicy',
    summary: 'Whether guests may leave',
    readers: anyOf('Policy.Read.All', 'Policy.ReadWrite.ExternalIdentities'),
    writers: anyOf('Policy.ReadWrite.ExternalIdentities'),
    resource: ExternalIdentitiesPolicyResource,
    beside: {
      id: 'externalIdentitiesPolicy',
      deletedDateTime: null,
      displayName: 'External Identities Policy',
      description: 'Policy for external identities to leave the organization.',
      allowDeletedIdentitiesDataRemoval: false,
    },
    changes: ExternalIdentitiesPolicyChanges,
    change: changeExternalIdentitiesPolicy,
  })
  policyRoutes(app, needs, {
    name: 'authenticationFlows',
    segment: 'authenticationFlowsPolicy',
    summary: 'Whether people may sign up by themselves',
    readers: anyOf('Policy.Read.All', 'Policy.ReadWrite.AuthenticationFlows'),
    writers: anyOf('Policy.ReadWrite.AuthenticationFlows'),
    resource: AuthenticationFlowsPolicyResource,
    beside: {
      id: 'authenticationFlowsPolicy',
      displayName: 'Authentication flows policy',
      description:
        'Authentication flows policy allows modification of settings related to authentication flows in AAD tenant, such as self-service sign up configuration.',
    },
    changes: AuthenticationFlowsPolicyChanges,
    change: changeAuthenticationFlowsPolicy,
  })
}
export default routes

function policyRoutes<Changes extends TSchema>(app: App, needs: Needs, served: Served<Changes>): void {
  const path = `/policies/${served.segment}`
  app.get(
    path,
    {
      config: { permission: served.readers },
      schema: { tags, summary: served.summary, response: { 200: served.resource } },
    },
    (request, reply) => read(needs, request, reply, served),
  )
  app.patch<{ Body: Static<Changes> }>(
    path,
    {
      config: { permission: served.writers },
      schema: { tags, summary: 'Change it', body: served.changes, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      await served.change(needs, request.caller, request.body, preconditionOf(request))
      return reply.code(204).send(null)
    },
  )
}

/** An addition: the list is replaced as a whole. */
function domainPolicyRoutes(app: App, needs: Needs): void {
  const served = { name: 'invitationDomains', segment: 'invitationDomainPolicy' } as const
  const path = `/policies/${served.segment}`
  const response = { 200: InvitationDomainPolicyResource }
  app.get(
    path,
    { config: { permission: readers }, schema: { tags, summary: 'Which domains guests may come from', response } },
    (request, reply) => read(needs, request, reply, served),
  )
  app.put(
    path,
    {
      config: { permission: writers },
      schema: { tags, summary: 'Replace the list of domains', body: InvitationDomainPolicyBody, response },
    },
    async (request, reply) => {
      await replaceDomainPolicy(needs, request.caller, request.body, preconditionOf(request))
      return show(needs, request, reply, served)
    },
  )
}

/** The same to whoever may read policies. @throws Refusal */
async function read<Which extends Name>(
  needs: Needs,
  request: FastifyRequest,
  reply: FastifyReply,
  served: Shown<Which>,
) {
  mustReadPolicies(request.caller)
  return show(needs, request, reply, served)
}

type Shown<Which extends Name> = { name: Which; segment: string; beside?: Record<string, unknown> }

/** A policy as it is now, with its `ETag` in the headers. */
async function show<Which extends Name>(
  needs: Needs,
  request: FastifyRequest,
  reply: FastifyReply,
  { name, segment, beside }: Shown<Which>,
) {
  const tenant = await needs.tenants.find(request.caller.tenantId)
  if (!tenant) throw new Error('a caller without a tenant was let in')
  const document: PolicyDocuments[Which] = (await needs.policies.of(tenant))[name]
  reply.header('etag', weakEtag(versionOfContent(document)))
  const base = { url: request.url, origin: request.caller.origin }
  return { '@odata.context': valueContext(base, `policies/${segment}/$entity`), ...beside, ...document }
}
