import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { valueContext } from '../graph/odata/context.js'
import { preconditionOf, versionOfContent, weakEtag } from '../graph/preferences.js'
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

type Needs = { database: Database; tenants: Tenants; policies: Policies; clock: () => Date; newId: () => string }

const anyOf = (...names: string[]) => ({ application: names, delegated: names })
const readers = anyOf('Policy.Read.All', 'Policy.ReadWrite.Authorization')
const write = anyOf('Policy.ReadWrite.Authorization')
const tags = ['policies']

/** `/policies` of the Graph dialect, as far as it decides who may invite whom and what guests must prove. */
const routes: FastifyPluginAsyncTypebox<{ needs: Needs }> = async (app, { needs }) => {
  const current = async (request: FastifyRequest) => {
    const tenant = await needs.tenants.find(request.caller.tenantId)
    if (!tenant) throw new Error('a caller without a tenant was let in')
    return needs.policies.of(tenant)
  }
  /** A document as it is now, with its `ETag` in the headers. */
  const read = async <Name extends Exclude<keyof PolicyDocuments, 'version'>>(
    request: FastifyRequest,
    reply: FastifyReply,
    name: Name,
  ): Promise<PolicyDocuments[Name]> => {
    const document = (await current(request))[name]
    reply.header('etag', weakEtag(versionOfContent(document)))
    return document
  }
  const base = (request: FastifyRequest) => ({ url: request.url, origin: request.caller.origin })

  app.get(
    '/policies/authorizationPolicy',
    {
      config: { permission: readers },
      schema: { tags, summary: 'Who may invite, what guests may read', response: { 200: AuthorizationPolicyResource } },
    },
    async (request, reply) => ({
      '@odata.context': valueContext(base(request), 'policies/authorizationPolicy/$entity'),
      id: 'authorizationPolicy',
      deletedDateTime: null,
      ...(await read(request, reply, 'authorization')),
    }),
  )

  app.patch(
    '/policies/authorizationPolicy',
    {
      config: { permission: write },
      schema: { tags, summary: 'Change it', body: AuthorizationPolicyChanges, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      await changeAuthorizationPolicy(needs, request.caller, request.body, preconditionOf(request))
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/policies/invitationDomainPolicy',
    {
      config: { permission: readers },
      schema: {
        tags,
        summary: 'Which domains guests may come from',
        response: { 200: InvitationDomainPolicyResource },
      },
    },
    async (request, reply) => ({
      '@odata.context': valueContext(base(request), 'policies/invitationDomainPolicy/$entity'),
      ...(await read(request, reply, 'invitationDomains')),
    }),
  )

  app.put(
    '/policies/invitationDomainPolicy',
    {
      config: { permission: write },
      schema: {
        tags,
        summary: 'Replace the list of domains',
        body: InvitationDomainPolicyBody,
        response: { 200: InvitationDomainPolicyResource },
      },
    },
    async (request, reply) => {
      await replaceDomainPolicy(needs, request.caller, request.body, preconditionOf(request))
      return {
        '@odata.context': valueContext(base(request), 'policies/invitationDomainPolicy/$entity'),
        ...(await read(request, reply, 'invitationDomains')),
      }
    },
  )

  const GUEST_AUTHENTICATION = '/policies/guestAuthenticationPolicy'
  app.get(
    GUEST_AUTHENTICATION,
    {
      config: { permission: readers },
      schema: { tags, summary: 'What guests must prove', response: { 200: GuestAuthenticationPolicyResource } },
    },
    async (request, reply) => ({
      '@odata.context': valueContext(base(request), 'policies/guestAuthenticationPolicy/$entity'),
      ...(await read(request, reply, 'guestAuthentication')),
    }),
  )

  app.patch(
    GUEST_AUTHENTICATION,
    {
      config: { permission: write },
      schema: { tags, summary: 'Change it', body: GuestAuthenticationPolicyChanges, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      await changeGuestAuthenticationPolicy(needs, request.caller, request.body, preconditionOf(request))
      return reply.code(204).send(null)
    },
  )

  const EXTERNAL_IDENTITIES = '/policies/externalIdentitiesPolicy'
  app.get(
    EXTERNAL_IDENTITIES,
    {
      config: { permission: anyOf('Policy.Read.All', 'Policy.ReadWrite.ExternalIdentities') },
      schema: { tags, summary: 'Whether guests may leave', response: { 200: ExternalIdentitiesPolicyResource } },
    },
    async (request, reply) => ({
      '@odata.context': valueContext(base(request), 'policies/externalIdentitiesPolicy/$entity'),
      id: 'externalIdentitiesPolicy',
      deletedDateTime: null,
      displayName: 'External Identities Policy',
      description: 'Policy for external identities to leave the organization.',
      allowDeletedIdentitiesDataRemoval: false,
      ...(await read(request, reply, 'externalIdentities')),
    }),
  )

  app.patch(
    EXTERNAL_IDENTITIES,
    {
      config: { permission: anyOf('Policy.ReadWrite.ExternalIdentities') },
      schema: { tags, summary: 'Change it', body: ExternalIdentitiesPolicyChanges, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      await changeExternalIdentitiesPolicy(needs, request.caller, request.body, preconditionOf(request))
      return reply.code(204).send(null)
    },
  )

  const AUTHENTICATION_FLOWS = '/policies/authenticationFlowsPolicy'
  app.get(
    AUTHENTICATION_FLOWS,
    {
      config: { permission: anyOf('Policy.Read.All', 'Policy.ReadWrite.AuthenticationFlows') },
      schema: {
        tags,
        summary: 'Whether people may sign up by themselves',
        response: { 200: AuthenticationFlowsPolicyResource },
      },
    },
    async (request, reply) => ({
      '@odata.context': valueContext(base(request), 'policies/authenticationFlowsPolicy/$entity'),
      id: 'authenticationFlowsPolicy',
      displayName: 'Authentication flows policy',
      description:
        'Authentication flows policy allows modification of settings related to authentication flows in AAD tenant, such as self-service sign up configuration.',
      ...(await read(request, reply, 'authenticationFlows')),
    }),
  )

  app.patch(
    AUTHENTICATION_FLOWS,
    {
      config: { permission: anyOf('Policy.ReadWrite.AuthenticationFlows') },
      schema: { tags, summary: 'Change it', body: AuthenticationFlowsPolicyChanges, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      await changeAuthenticationFlowsPolicy(needs, request.caller, request.body, preconditionOf(request))
      return reply.code(204).send(null)
    },
  )
}
export default routes
