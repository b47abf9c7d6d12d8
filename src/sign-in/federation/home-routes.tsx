import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { maskEmailAddress, parseEmailAddress } from '../../kernel/email-address.js'
import { isGuid } from '../../kernel/ids.js'
import { clientNetwork } from '../../platform/client-network.js'
import type { WorkSignal } from '../../platform/outbox/relay.js'
import { ErrorPage } from '../../platform/pages/error-page.js'
import { fieldsOf, frameFor, languageOf, queryOf, readForms, rememberLanguage } from '../../platform/pages/frame.js'
import type { CodeError } from '../../platform/pages/passcode-pages.js'
import { sendPage } from '../../platform/pages/send-page.js'
import { pageOrganization, type Tenant } from '../../tenants/index.js'
import { identityNames } from '../authority/rules.js'
import { csrfToken, ensureHandle, handleHash, isCsrfToken, readBrowser } from '../browser.js'
import type { HomeRealms } from '../home-realm/home-realms.js'
import { takesLocal, takesPasscode } from '../home-realm/rules.js'
import { correlationOf } from '../log/log-context.js'
import { askForCode, tellLimit } from '../pages/ask-for-code.js'
import { HomeSignInPage } from '../pages/home-sign-in.js'
import { readCode } from '../passcode.js'
import { askPasscode, checkPasscode, type PasscodeFlow, readPasscodeFlow } from '../prove-address.js'
import { type PasscodeWriter, readLiveSession } from '../store.js'
import { flowId } from './begin-flow.js'
import { findOpenFlow, finishFlow, type Return } from './finish-flow.js'
import type { FlowHome } from './flow.js'
import { assertMember } from './member-proof.js'
import { HomeTrouble } from './openid-connect.js'
import { answerLost, type FederationNeeds, leadOn } from './routes.js'

type Needs = FederationNeeds & {
  newId: () => string
  signal: WorkSignal
  passcodes: PasscodeWriter
  homeRealms: HomeRealms
  /** Where somebody signs in to an organization's own pages, to come back to `path`. */
  signInPath: (tenantId: string, request: FastifyRequest, path: string) => string
}

/** A person on the way from `back.tenant` to `home`, their own organization. */
type Visit = {
  needs: Needs
  back: Return
  home: Tenant
  at: Extract<FlowHome, { kind: 'tenant' }>
  handle: string
  /** How the home lets its members in: by a code, by an account there, or not at all. The same for all of them. */
  way: 'passcode' | 'local' | undefined
}

/** `/signin/home`: a member of one organization of this deployment signs in there for another one. */
export default async function routes(app: FastifyInstance, { needs }: { needs: Needs }): Promise<void> {
  readForms(app)
  rememberLanguage(app, needs.origins.isSecure)
  const options = { config: { permission: 'public' as const }, schema: { hide: true } }

  app.get('/signin/home', options, async (request, reply) => {
    const visit = await visitOf(needs, request, reply)
    return visit ? show(visit) : answerLost(request, reply)
  })

  app.post('/signin/home', options, async (request, reply) => {
    const visit = await visitOf(needs, request, reply)
    if (!visit) return answerLost(request, reply)
    const fields = fieldsOf(request)
    if (!isCsrfToken(needs.keys, visit.back.browser, fields['csrf'])) return answerStale(request, reply)
    const { action, code } = fields
    if (action === 'send' && visit.way === 'passcode') return sendCode(visit)
    if (action === 'send' && visit.way === 'local')
      return leadOn(reply, needs.signInPath(visit.home.id, request, request.url))
    if (code !== undefined && visit.way === 'passcode') return tryCode(visit, code)
    const session = action === 'continue' ? await sessionAtHome(visit) : undefined
    return session ? goOn(visit, session.amr) : show(visit)
  })
}

/** Only the browser that was sent here, while its flow is open. */
async function visitOf(needs: Needs, request: FastifyRequest, reply: FastifyReply): Promise<Visit | undefined> {
  const { tenant: homeId = '', from = '', flow: state = '' } = queryOf(request)
  if (!isGuid(homeId) || !isGuid(from) || !/^[A-Za-z0-9_-]{43}$/.test(state)) return undefined
  const [home, tenant] = await Promise.all([needs.tenants.find(homeId), needs.tenants.find(from)])
  const browser = readBrowser(request, needs.origins.isSecure(request))
  if (!home || !tenant?.enabled || !browser.handle) return undefined
  const back = { needs, request, reply, browser, tenant, state }
  const flow = await findOpenFlow(back)
  if (flow?.home.kind !== 'tenant' || flow.home.tenantId !== home.id) return undefined
  const { folded } = parseEmailAddress(flow.home.address) ?? {}
  const ways =
    folded === undefined ? [] : await needs.homeRealms.bound(home, [{ issuer: identityNames.mail, subject: folded }])
  const way = takesPasscode(ways) ? 'passcode' : takesLocal(ways) ? 'local' : undefined
  return { needs, back, home, at: flow.home, handle: browser.handle, way }
}

function frameOf({ back, home }: Visit) {
  return frameFor(back.request, {
    organization: pageOrganization(home),
    privacyUrl: home.privacyStatementUrl,
    preferred: home.notificationLanguage,
  })
}

function csrfOf({ needs, back }: Visit): string {
  return csrfToken(needs.keys, ensureHandle(back.reply, back.browser), back.browser.session)
}

/** A code of this flow opens nothing else, and none that was asked for elsewhere opens it. */
function codeFlow({ needs, back, home, handle }: Visit): PasscodeFlow {
  const name = flowId(needs.keys, back.tenant.id, back.state).toString('hex')
  return {
    tenantId: home.id,
    browser: handleHash(needs.keys, back.browser, 'browser', handle),
    subject: `home ${name}`,
    now: needs.clock(),
  }
}

/** The session of this address at home, if this browser has one. */
async function sessionAtHome({ needs, back, home, at }: Visit): Promise<{ amr: string[] } | undefined> {
  const { browser } = back
  if (browser.session === undefined) return undefined
  const hash = handleHash(needs.keys, browser, 'session', browser.session)
  const session = await needs.database.withTenant(home.id, (scope) => readLiveSession(scope, needs.clock(), hash))
  return session?.folded === parseEmailAddress(at.address)?.folded ? session : undefined
}

async function show(visit: Visit): Promise<FastifyReply> {
  const { needs, back, at, way } = visit
  if (way === 'passcode' && (await readPasscodeFlow(needs, codeFlow(visit)))?.live) return answerCode(visit, 200)
  const session = await sessionAtHome(visit)
  if (!session && way === undefined) return turnBack(visit)
  const frame = frameOf(visit)
  const page = (
    <HomeSignInPage
      frame={frame}
      csrf={csrfOf(visit)}
      asking={back.tenant.displayName}
      maskedAddress={maskEmailAddress(at.address)}
      signedInAs={session ? at.address : undefined}
      way={way}
    />
  )
  return sendPage(back.reply, page, { status: 200, nonce: frame.nonce, formAction: "'self' https: http:" })
}

function answerCode(visit: Visit, status: 200 | 422, error?: CodeError, typed?: string): FastifyReply {
  return askForCode(visit.back.reply, asked(visit), status, error, typed)
}

function asked(visit: Visit) {
  return { frame: frameOf(visit), csrf: csrfOf(visit), address: visit.at.address }
}

async function sendCode(visit: Visit): Promise<FastifyReply> {
  const { needs, back, home, at } = visit
  const { request, reply } = back
  const address = parseEmailAddress(at.address)
  if (!address) return answerLost(request, reply)
  const flow = codeFlow(visit)
  const outcome = await askPasscode(needs, flow, {
    address: address.text,
    folded: address.folded,
    language: languageOf(request, home.notificationLanguage),
    client: clientNetwork(request.ip),
  })
  if (outcome.outcome === 'sent') return leadOn(reply, request.url)
  const codeIsLive = (await readPasscodeFlow(needs, flow))?.live ?? false
  return tellLimit(reply, asked(visit), outcome, { now: flow.now, codeIsLive })
}

async function tryCode(visit: Visit, typed: string): Promise<FastifyReply> {
  const code = readCode(typed)
  if (code === undefined) return answerCode(visit, 422, { kind: 'malformed' }, typed)
  const flow = codeFlow(visit)
  // A line in the log of the home, whose member this is; the organization that asks has one of its own.
  const tried = await checkPasscode(visit.needs, flow, code, {
    correlationId: correlationOf(flow.subject),
    client: visit.back.request.ip,
    provider: 'mail',
    identifier: visit.at.address,
  })
  if (tried.outcome === 'ok') return goOn(visit)
  const kind = tried.outcome === 'blocked' ? 'none' : tried.outcome
  const error: CodeError = kind === 'wrong' ? { kind, triesLeft: tried.triesLeft ?? 0 } : { kind }
  return answerCode(visit, 422, error, typed)
}

/** Back to the organization that asked, with what the home says. `amr`: how it was proved there. */
async function goOn({ needs, back, home, at }: Visit, amr?: readonly string[]): Promise<FastifyReply> {
  const path = await finishFlow(back, 'started', () => assertMember(needs, home, at.address, amr))
  return path === undefined ? answerLost(back.request, back.reply) : leadOn(back.reply, path)
}

/** Back to the organization that asked, whose page says what to do: nobody signs in at a home that has no way. */
async function turnBack({ back }: Visit): Promise<FastifyReply> {
  const path = await finishFlow(back, 'started', async () => {
    throw new HomeTrouble('misconfigured', 'that organization lets its members in by no way')
  })
  return path === undefined ? answerLost(back.request, back.reply) : leadOn(back.reply, path)
}

function answerStale(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const frame = frameFor(request, { organization: undefined })
  const page = <ErrorPage frame={frame} kind="stale" retryUrl={request.url} />
  return sendPage(reply, page, { status: 403, nonce: frame.nonce })
}
