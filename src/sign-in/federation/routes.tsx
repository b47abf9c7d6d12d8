import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isGuid } from '../../kernel/ids.js'
import { clientNetwork } from '../../platform/client-network.js'
import type { Origins } from '../../platform/origins.js'
import { answerError, answerLimited } from '../../platform/pages/answer-error.js'
import { fieldsOf, queryOf, readForms } from '../../platform/pages/frame.js'
import { seeOther } from '../../platform/pages/send-page.js'
import type { Tenants } from '../../tenants/index.js'
import { readBrowser } from '../browser.js'
import type { IdentityProviders } from '../identity-providers/providers.js'
import { flowId, redirectUri } from './begin-flow.js'
import { type FinishNeeds, finishFlow, type Return } from './finish-flow.js'
import { type FlowRow, parkAnswer } from './flow-store.js'
import { HomeTrouble, type OpenIdConnect } from './openid-connect.js'

export type FederationNeeds = FinishNeeds & {
  tenants: Tenants
  origins: Origins
  identityProviders: IdentityProviders
  openIdConnect: OpenIdConnect
}

/** `/signin/oidc/{tenant}/{provider}`: where OpenID providers send browsers back to. */
export default async function routes(app: FastifyInstance, { needs }: { needs: FederationNeeds }): Promise<void> {
  readForms(app)
  type Home = { Params: { tenant: string; provider: string } }
  const options = { config: { permission: 'public' as const }, schema: { hide: true } }

  app.get<Home>('/signin/oidc/:tenant/:provider', options, async (request, reply) => {
    const back = await returnOf(needs, request, reply, queryOf(request)['state'])
    const { provider } = request.params
    const answer = new URL(request.url, needs.origins.of(request)).searchParams
    const path =
      back && (await finishFlow(back, 'started', (flow, secrets) => finishAt(back, flow, provider, secrets, answer)))
    return path === undefined ? answerLost(request, reply) : seeOther(reply, path)
  })

  // A form that the home has the browser post comes from another site, without our cookies: nothing is decided here. What
  // it says waits for the browser, which is sent on to come for it by itself, as with SAML.
  app.post<Home>('/signin/oidc/:tenant/:provider', options, async (request, reply) => {
    const fields = fieldsOf(request)
    const back = await returnOf(needs, request, reply, fields['state'])
    if (!back) return answerLost(request, reply)
    const { tenant, state } = back
    const answer = JSON.stringify(ANSWER.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]])))
    const callback = new URL(redirectUri(needs.origins.of(request), tenant.id, request.params.provider)).pathname
    return keepPosted(back, answer, `${callback}/continue?flow=${state}`)
  })

  app.get<Home>('/signin/oidc/:tenant/:provider/continue', options, async (request, reply) => {
    const back = await returnOf(needs, request, reply, queryOf(request)['flow'])
    const { provider } = request.params
    const path =
      back &&
      (await finishFlow(back, 'answered', (flow, secrets) =>
        finishAt(back, flow, provider, secrets, new URLSearchParams(JSON.parse(flow.answer ?? '[]'))),
      ))
    return path === undefined ? answerLost(request, reply) : seeOther(reply, path)
  })

  async function finishAt(
    back: Return,
    { home }: FlowRow,
    providerId: string,
    secrets: Parameters<OpenIdConnect['finish']>[2]['secrets'],
    answer: URLSearchParams,
  ) {
    if (home.kind !== 'provider' || home.providerId !== providerId || !home.authority) {
      throw new HomeTrouble('refused', 'the answer came from another home than the browser was sent to')
    }
    const { providers } = await needs.identityProviders.of(back.tenant)
    const provider = providers.find(({ id }) => id === providerId)
    if (!provider) throw new HomeTrouble('misconfigured', 'the provider is gone')
    const currentUrl = new URL(redirectUri(needs.origins.of(back.request), back.tenant.id, providerId))
    currentUrl.search = answer.toString()
    const { assertion } = await needs.openIdConnect.finish(provider, home.authority, {
      currentUrl,
      state: back.state,
      secrets,
    })
    return assertion
  }
}

/** What a home says by a form; whatever else it posts is not kept. */
const ANSWER = ['code', 'state', 'iss', 'error', 'error_description']

/** The organization and flow that a browser names when it comes back; undefined when neither can be. */
export async function returnOf(
  needs: FinishNeeds & { tenants: Tenants; origins: Origins },
  request: FastifyRequest<{ Params: { tenant: string } }>,
  reply: FastifyReply,
  state: string | undefined,
): Promise<Return | undefined> {
  const { tenant: id } = request.params
  const tenant = isGuid(id) ? await needs.tenants.find(id) : undefined
  if (!tenant?.enabled || state === undefined || !/^[A-Za-z0-9_-]{43}$/.test(state)) return undefined
  const browser = readBrowser(request, needs.origins.isSecure(request))
  return { needs, request, reply, browser, tenant, state }
}

/** Keeps what another site had a browser post, and sends that on to come for it at `path` by itself. */
export async function keepPosted(back: Return, answer: string, path: string): Promise<FastifyReply> {
  const { needs, request, reply, tenant, state } = back
  const id = flowId(needs.keys, tenant.id, state)
  const network = clientNetwork(request.ip)
  const now = needs.clock()
  const kept = await needs.database.withTenant(tenant.id, (scope) => parkAnswer(scope, now, { id, answer, network }))
  switch (kept.outcome) {
    case 'parked':
      return seeOther(reply, path)
    case 'lost':
      return answerLost(request, reply)
    case 'limited':
      return answerLimited(request, reply, new Date(kept.retryAt), now)
  }
}

/** An answer that no sign-in of this browser waits for: unsolicited, planted by somebody else, or hours late. */
export function answerLost(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return answerError(request, reply, 'lost')
}
