import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isGuid } from '../../kernel/ids.js'
import { answerLimited } from '../../platform/pages/answer-error.js'
import { frameFor, queryOf, rememberLanguage } from '../../platform/pages/frame.js'
import { seeOther, sendPage } from '../../platform/pages/send-page.js'
import { pageOrganization } from '../../tenants/index.js'
import { ensureHandle, handleHash, readBrowser } from '../browser.js'
import { type BeginNeeds, beginFlow } from '../federation/begin-flow.js'
import { flowOf } from '../federation/finish-flow.js'
import { answerLost, type FederationNeeds, returnOf } from '../federation/routes.js'
import type { Home } from '../home-realm/rules.js'
import { ConnectionTestPage } from './page.js'
import { failureOf } from './rules.js'
import { findTest } from './store.js'
import { CONNECTION_TEST, keepResult, openResult, takeLink } from './try-sign-in.js'

type Needs = FederationNeeds & BeginNeeds
type TestRequest = FastifyRequest<{ Params: { tenant: string } }>

/** `/signin/test/{tenant}`: the sign-in that an administrator tries at a provider, and the page it ends on. */
export default async function routes(app: FastifyInstance, { needs }: { needs: Needs }): Promise<void> {
  rememberLanguage(app, needs.origins.isSecure)
  const options = { config: { permission: 'public' as const }, schema: { hide: true } }

  app.get('/signin/test/:tenant', options, async (request: TestRequest, reply) => {
    const { tenant: id } = request.params
    const { test: link = '' } = queryOf(request)
    const tenant = isGuid(id) ? await needs.tenants.find(id) : undefined
    const test = tenant?.enabled && /^[A-Za-z0-9_-]{43}$/.test(link) && (await takeLink(needs, tenant.id, link))
    if (!tenant || !test) return answerLost(request, reply)
    const { providers } = await needs.identityProviders.of(tenant)
    const provider = providers.find((one) => one.id === test.providerId)
    if (!provider) return answerLost(request, reply)
    const { kind, displayName: name } = provider
    const home: Home = { kind: 'provider', key: provider.id, providerId: provider.id, name, provider: kind }
    const browser = readBrowser(request, needs.origins.isSecure(request))
    const begun = await beginFlow(needs, {
      tenant,
      browserHash: handleHash(needs.keys, browser, 'browser', ensureHandle(reply, browser)),
      origin: needs.origins.of(request),
      purpose: { kind: CONNECTION_TEST, testId: test.id },
      client: request.ip,
      home,
      address: undefined,
      chooseAccount: true,
    })
    if ('location' in begun) return seeOther(reply, begun.location)
    if ('retryAt' in begun) return answerLimited(request, reply, begun.retryAt, needs.clock())
    const { trouble } = begun
    await keepResult(needs, tenant.id, test.id, failureOf(trouble, 'The sign-in could not begin: see the checks.'))
    const frame = frameFor(request, { organization: pageOrganization(tenant) })
    const page = <ConnectionTestPage frame={frame} home={name} verdict="failed" claims={[]} />
    return sendPage(reply, page, { status: 200, nonce: frame.nonce })
  })

  app.get('/signin/test/:tenant/result', options, async (request: TestRequest, reply) => {
    const back = await returnOf(needs, request, reply, queryOf(request)['flow'])
    const flow = back && (await flowOf(back))
    if (!back || flow?.purpose.kind !== CONNECTION_TEST) return answerLost(request, reply)
    const { tenant } = back
    const test = await needs.database.withTenant(tenant.id, (scope) =>
      findTest(scope, String(flow.purpose['testId']), needs.clock()),
    )
    const result = test && openResult(needs.keys, test)
    if (!result) return answerLost(request, reply)
    const frame = frameFor(request, { organization: pageOrganization(tenant) })
    const { verdict, claims } = result
    const page = (
      <ConnectionTestPage frame={frame} home={flow.home.name} verdict={verdict} claims={Object.keys(claims)} />
    )
    return sendPage(reply, page, { status: 200, nonce: frame.nonce })
  })
}
