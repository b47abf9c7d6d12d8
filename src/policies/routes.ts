import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { valueContext } from '../graph/odata/context.js'
import type { Database } from '../platform/database.js'
import type { Tenants } from '../tenants/index.js'
import { changeAuthorizationPolicy, replaceDomainPolicy } from './change-policies.js'
import type { Policies } from './policies.js'
import {
  AuthorizationPolicyChanges,
  AuthorizationPolicyResource,
  InvitationDomainPolicyBody,
  InvitationDomainPolicyResource,
} from './schema.js'

type Needs = { database: Database; tenants: Tenants; policies: Policies; clock: () => Date; newId: () => string }

const anyOf = (...names: string[]) => ({ application: names, delegated: names })
const read = anyOf('Policy.Read.All', 'Policy.ReadWrite.Authorization')
const write = anyOf('Policy.ReadWrite.Authorization')
const tags = ['policies']

/** `/policies` of the Graph dialect, as far as it decides who may invite whom. */
const routes: FastifyPluginAsyncTypebox<{ needs: Needs }> = async (app, { needs }) => {
  const current = async (request: FastifyRequest) => {
    const tenant = await needs.tenants.find(request.caller.tenantId)
    if (!tenant) throw new Error('a caller without a tenant was let in')
    return needs.policies.of(tenant)
  }
  const base = (request: FastifyRequest) => ({ url: request.url, origin: request.caller.origin })

  app.get(
    '/policies/authorizationPolicy',
    {
      config: { permission: read },
      schema: { tags, summary: 'Who may invite, what guests may read', response: { 200: AuthorizationPolicyResource } },
    },
    async (request) => ({
      '@odata.context': valueContext(base(request), 'policies/authorizationPolicy/$entity'),
      id: 'authorizationPolicy',
      deletedDateTime: null,
      ...(await current(request)).authorization,
    }),
  )

  app.patch(
    '/policies/authorizationPolicy',
    {
      config: { permission: write },
      schema: { tags, summary: 'Change it', body: AuthorizationPolicyChanges, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      await changeAuthorizationPolicy(needs, request.caller, request.body)
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/policies/invitationDomainPolicy',
    {
      config: { permission: read },
      schema: {
        tags,
        summary: 'Which domains guests may come from',
        response: { 200: InvitationDomainPolicyResource },
      },
    },
    async (request) => ({
      '@odata.context': valueContext(base(request), 'policies/invitationDomainPolicy/$entity'),
      ...(await current(request)).invitationDomains,
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
    async (request) => {
      await replaceDomainPolicy(needs, request.caller, request.body)
      return {
        '@odata.context': valueContext(base(request), 'policies/invitationDomainPolicy/$entity'),
        ...(await current(request)).invitationDomains,
      }
    },
  )
}
export default routes
