import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isGuid } from '../../kernel/ids.js'
import type { Egress } from '../../platform/egress/egress.js'
import { fieldsOf, queryOf } from '../../platform/pages/frame.js'
import { seeOther } from '../../platform/pages/send-page.js'
import { refreshFederation } from '../identity-providers/refresh-federations.js'
import { finishFlow, type Return } from './finish-flow.js'
import type { Assertion, FlowSecrets } from './flow.js'
import { type FlowRow, useAssertion } from './flow-store.js'
import { HomeTrouble } from './openid-connect.js'
import { answerLost, type FederationNeeds, keepPosted, returnOf } from './routes.js'
import { isSignatureTrouble, readSamlAnswer, samlMetadata } from './saml.js'
import { serviceProviderOf } from './service-provider.js'

type Needs = FederationNeeds & { egress: Egress; newId: () => string }
type SamlRequest = FastifyRequest<{ Params: { tenant: string } }>

/** Bytes of a posted response: an assertion with a few certificates and a hundred groups. */
const MOST_BYTES = 262_144

/**
 * `/signin/saml/{tenant}`: metadata of the organization as a service provider, and where partners post assertions. Those
 * come from another site, without our cookies: they are stored, and the browser is asked to come for them by itself.
 */
export default async function routes(app: FastifyInstance, { needs }: { needs: Needs }): Promise<void> {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: MOST_BYTES },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  )
  const options = { config: { permission: 'public' as const }, schema: { hide: true }, bodyLimit: MOST_BYTES }

  app.get('/signin/saml/:tenant/metadata', options, async (request: SamlRequest, reply) => {
    const { tenant: id } = request.params
    const tenant = isGuid(id) ? await needs.tenants.find(id) : undefined
    if (!tenant?.enabled) return reply.code(404).type('text/plain').send('Not found\n')
    const sp = await serviceProviderOf(needs, tenant, needs.origins.of(request))
    return reply.header('cache-control', 'no-cache').type('application/samlmetadata+xml').send(samlMetadata(sp))
  })

  app.post('/signin/saml/:tenant/acs', options, async (request: SamlRequest, reply) => {
    const { SAMLResponse: answer, RelayState: state } = fieldsOf(request)
    const back = answer && (await returnOf(needs, request, reply, state))
    if (!back) return answerLost(request, reply)
    return keepPosted(back, answer, `/signin/saml/${back.tenant.id}/continue?flow=${back.state}`)
  })

  app.get('/signin/saml/:tenant/continue', options, async (request: SamlRequest, reply) => {
    const back = await returnOf(needs, request, reply, queryOf(request)['flow'])
    const path = back && (await finishFlow(back, 'answered', (flow, secrets) => read(back, flow, secrets)))
    return path === undefined ? answerLost(request, reply) : seeOther(reply, path)
  })

  async function read(back: Return, flow: FlowRow, secrets: FlowSecrets): Promise<Assertion> {
    const { home, answer } = flow
    const { tenant, request } = back
    if (home.kind !== 'provider' || answer === null) throw new HomeTrouble('refused', 'no answer of a partner waits')
    const find = async () => {
      const { providers } = await needs.identityProviders.of((await needs.tenants.find(tenant.id)) ?? tenant)
      const provider = providers.find(({ id, kind }) => id === home.providerId && kind === 'saml')
      if (!provider) throw new HomeTrouble('misconfigured', 'the federation is gone')
      return provider
    }
    const sp = await serviceProviderOf(needs, tenant, needs.origins.of(request))
    const provider = await find()
    const posted = { answer, requestId: secrets.requestId }
    const found = await readSamlAnswer(provider, sp, posted).catch(async (error: unknown) => {
      // The partner may have changed keys since its metadata was read.
      const isNews = isSignatureTrouble(error) && (await refreshFederation(needs, tenant.id, provider))
      if (!isNews) throw error
      return readSamlAnswer(await find(), sp, posted)
    })
    const { assertion, assertionId, expires } = found
    const used = { issuer: assertion.issuer, assertionId, expiresDateTime: expires }
    const isFresh = await needs.database.withTenant(tenant.id, (scope) => useAssertion(scope, used))
    if (!isFresh) throw new HomeTrouble('refused', 'the assertion was used before')
    return assertion
  }
}
