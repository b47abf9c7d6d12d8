import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { maskEmailAddress, parseEmailAddress } from '../../kernel/email-address.js'
import { isGuid } from '../../kernel/ids.js'
import type { WorkSignal } from '../../platform/outbox/relay.js'
import { answerError } from '../../platform/pages/answer-error.js'
import { fieldsOf, queryOf, readForms, rememberLanguage } from '../../platform/pages/frame.js'
import { seeOther, sendPage } from '../../platform/pages/send-page.js'
import { organizationFrame, type Tenant } from '../../tenants/index.js'
import { identityNames } from '../authority/rules.js'
import { csrfOf, handleHash, isCsrfToken, readBrowser } from '../browser.js'
import type { HomeRealms } from '../home-realm/home-realms.js'
import { takesLocal, takesPasscode } from '../home-realm/rules.js'
import { correlationOf } from '../log/log-context.js'
import { askCode, type ProofTurn, readProof, sendCode, tryCode } from '../mailbox-proof.js'
import { HomeSignInPage } from '../pages/home-sign-in.js'
import { type PasscodeWriter, readLiveSession } from '../store.js'
import { flowId } from './begin-flow.js'
import { findOpenFlow, finishFlow, type Return } from './finish-flow.js'
import type { FlowHome } from './flow.js'
import { assertMember } from './member-proof.js'
import { HomeTrouble } from './openid-connect.js'
import { answerLost, type FederationNeeds } from './routes.js'

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
  /** At the home's page. A code of this flow opens nothing else, and none that was asked for elsewhere opens it. */
  turn: ProofTurn
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
    if (!isCsrfToken(needs.keys, visit.back.browser, fields['csrf']))
      return answerError(request, reply, 'stale', request.url)
    const { action, code } = fields
    if (action === 'send' && visit.way === 'passcode') return sendHomeCode(visit)
    if (action === 'send' && visit.way === 'local')
      return seeOther(reply, needs.signInPath(visit.home.id, request, request.url))
    if (code !== undefined && visit.way === 'passcode') return tryHomeCode(visit, code)
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
  const subject = `home ${flowId(needs.keys, tenant.id, state).toString('hex')}`
  return { needs, back, home, at: flow.home, turn: { needs, request, reply, browser, tenant: home, subject }, way }
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
  const { back, at, turn, way } = visit
  if (way === 'passcode' && (await readProof(turn))?.live) return askCode(turn, at.address)
  const session = await sessionAtHome(visit)
  if (!session && way === undefined) return turnBack(visit)
  const frame = organizationFrame(turn)
  const page = (
    <HomeSignInPage
      frame={frame}
      csrf={csrfOf(turn)}
      asking={back.tenant.displayName}
      maskedAddress={maskEmailAddress(at.address)}
      signedInAs={session ? at.address : undefined}
      way={way}
    />
  )
  return sendPage(back.reply, page, { status: 200, nonce: frame.nonce, formAction: "'self' https: http:" })
}

async function sendHomeCode({ back, at, turn }: Visit): Promise<FastifyReply> {
  const address = parseEmailAddress(at.address)
  return address ? sendCode(turn, address) : answerLost(back.request, back.reply)
}

function tryHomeCode(visit: Visit, typed: string): Promise<FastifyReply> {
  const { back, at, turn } = visit
  // A line in the log of the home, whose member this is; the organization that asks has one of its own.
  return tryCode(turn, at.address, typed, () => goOn(visit), {
    correlationId: correlationOf(turn.subject),
    client: back.request.ip,
    provider: 'mail',
    identifier: at.address,
  })
}

/** Back to the organization that asked, with what the home says. `amr`: how it was proved there. */
async function goOn({ needs, back, home, at }: Visit, amr?: readonly string[]): Promise<FastifyReply> {
  const path = await finishFlow(back, 'started', () => assertMember(needs, home, at.address, amr))
  return path === undefined ? answerLost(back.request, back.reply) : seeOther(back.reply, path)
}

/** Back to the organization that asked, whose page says what to do: nobody signs in at a home that has no way. */
async function turnBack({ back }: Visit): Promise<FastifyReply> {
  const path = await finishFlow(back, 'started', async () => {
    throw new HomeTrouble('misconfigured', 'that organization lets its members in by no way')
  })
  return path === undefined ? answerLost(back.request, back.reply) : seeOther(back.reply, path)
}
