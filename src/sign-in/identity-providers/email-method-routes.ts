import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { baseOf } from '../../graph/odata/answer.js'
import { entityContext } from '../../graph/odata/context.js'
import { EntityBody } from '../../graph/odata/schema.js'
import { mustBeEntitled, type ProviderNeeds } from './change.js'
import { switchBuiltIn } from './change-providers.js'
import { readSet, setFor } from './read-providers.js'

const PATH = '/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/email'
const TYPE = '#microsoft.graph.emailAuthenticationMethodConfiguration'
const tags = ['policies']
const both = (...names: string[]) => ({ application: names, delegated: names })
const write = ['Policy.ReadWrite.AuthenticationMethod']

const Changes = Type.Object({
  '@odata.type': Type.Optional(Type.String({ maxLength: 128 })),
  id: Type.Optional(Type.Unknown({ readOnly: true })),
  allowExternalIdToUseEmailOtp: Type.Optional(
    Type.Union([Type.Literal('default'), Type.Literal('enabled'), Type.Literal('disabled')]),
  ),
})

/**
 * Whether guests may sign in by a code (Graph: emailAuthenticationMethodConfiguration): the same switch as the built-in
 * identity provider EmailOTP. `default` means on.
 */
const routes: FastifyPluginAsyncTypebox<{ needs: ProviderNeeds }> = async (app, { needs }) => {
  app.get(
    PATH,
    {
      config: { permission: both('Policy.Read.All', 'Policy.Read.AuthenticationMethod', ...write) },
      schema: { tags, summary: 'Whether guests may sign in by a code', response: { 200: EntityBody } },
    },
    async (request) => {
      const { order } = await setFor(needs, request.caller)
      const set = 'policies/authenticationMethodsPolicy/authenticationMethodConfigurations'
      return {
        '@odata.context': entityContext(baseOf(request), set),
        '@odata.type': TYPE,
        id: 'Email',
        state: 'enabled',
        excludeTargets: [],
        includeTargets: [{ targetType: 'group', id: 'all_users', isRegistrationRequired: false }],
        allowExternalIdToUseEmailOtp: order.passcodeEnabled ? 'enabled' : 'disabled',
      }
    },
  )

  app.patch(
    PATH,
    {
      config: { permission: both(...write) },
      schema: { tags, summary: 'Change it', body: Changes, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const { allowExternalIdToUseEmailOtp: wish } = request.body
      const isOn = wish !== 'disabled'
      const { order } = await readSet(needs, request.caller.tenantId)
      if (wish !== undefined && isOn !== order.passcodeEnabled) {
        await switchBuiltIn(needs, request.caller, 'EmailOTP', isOn)
      } else mustBeEntitled(request.caller)
      return reply.code(204).send(null)
    },
  )
}
export default routes
