import type { FastifyInstance, FastifyReply } from 'fastify'
import type { VNode } from 'preact'
import { redeemUrl } from '../invitations/index.js'
import { type EmailAddress, parseEmailAddress } from '../kernel/email-address.js'
import { later } from '../kernel/instant.js'
import { clientNetwork } from '../platform/client-network.js'
import { answerError, answerLimited as answerTooMany } from '../platform/pages/answer-error.js'
import { fieldsOf, languageOf, queryOf, readForms, rememberLanguage } from '../platform/pages/frame.js'
import type { CodeError } from '../platform/pages/passcode-pages.js'
import { seeOther, sendPage } from '../platform/pages/send-page.js'
import {
  askForCode,
  askLocalAccount,
  askPasscode,
  askSecondStep,
  beginFlow,
  csrfOf,
  type Elsewhere,
  ensureHandle,
  flowLog,
  handleHash,
  isCsrfToken,
  newHandle,
  outcomeOf,
  type PasscodeFlow,
  passcodeHash,
  readCode,
  readPasscodeFlow,
  SESSION_MS,
  type SendOutcome,
  SIGN_IN,
  type StepTurn,
  setSession,
  type Trouble,
  takeLocalAccount,
  takeSecondStep,
  tellLimit,
  waysToSignIn,
} from '../sign-in/index.js'
import { organizationFrame } from '../tenants/index.js'
import { answerConsent, takeConsent } from './app-consent.js'
import { waysOf } from './browser-session.js'
import { localTurnOf } from './local-sign-in.js'
import { NoAccountPage, SignInPage } from './pages/app-pages.js'
import { proveMailbox, readOpenInvitation } from './sign-in-store.js'
import { finish, isSessionEnough, loggedFor, openTurn, type SignInNeeds, type Turn } from './sign-in-turn.js'
import { tellHomeTrouble } from './tell-home-trouble.js'

/** For pages whose POST can end at the application: Chromium holds each redirect after a submit against this. */
const LEADS_ON = { formAction: "'self' https: http:" } as const

/** `/signin/app/{uid}`: what somebody is asked between an application's request and its answer. */
export async function signInRoutes(app: FastifyInstance, { needs }: { needs: SignInNeeds }): Promise<void> {
  readForms(app)
  rememberLanguage(app, (request) => needs.originOf(request).startsWith('https:'))
  const options = { config: { permission: 'public' as const }, schema: { hide: true } }

  app.get('/signin/app/:uid', options, async (request, reply) => {
    const turn = await openTurn(needs, request, reply)
    return turn ? answer(turn) : answerError(request, reply, 'stale')
  })

  app.post('/signin/app/:uid', options, async (request, reply) => {
    const turn = await openTurn(needs, request, reply)
    if (!turn || !isCsrfToken(needs.keys, turn.browser, fieldsOf(request)['csrf']))
      return answerError(request, reply, 'stale')
    const fields = fieldsOf(request)
    if (turn.interaction.prompt.name === 'consent') return takeConsent(turn, fields['choice'])
    const step = await secondStepOf(turn)
    if (step) return takeSecondStep(step, fields)
    if (fields['email'] !== undefined) return sendCode(turn, fields['email'])
    if (fields['action'] === 'other') return answerSignIn(turn)
    const local = await localTurnOf(turn, fields['account'], noAccount(turn))
    if (local) return takeLocalAccount(local, fields)
    if (fields['code'] !== undefined) return tryCode(turn, fields['code'])
    const state = await stateOf(turn)
    if (fields['action'] === 'send' && state) return sendCode(turn, state.address)
    return again(turn)
  })
}

async function answer(turn: Turn): Promise<FastifyReply> {
  const { needs, tenant, session, interaction, now, reply } = turn
  if (interaction.prompt.name === 'consent') return answerConsent(turn)
  if (isSessionEnough(turn) && session) {
    const step = await secondStepOf(turn)
    if (step) return askSecondStep(step)
    if (session.state !== 'PendingAcceptance') {
      const ts = Math.floor(new Date(session.createdAt).getTime() / 1_000)
      return finish(turn, { login: { accountId: session.userId, ts, amr: waysOf(session) } })
    }
    const open = await readOpenInvitation(needs.database.sql, tenant.id, now, session.userId)
    if (!open) return answerNoAccount(turn, session.address)
    // The invitation is accepted on the way; its page knows where to come back to.
    const { invitationId, version, userId } = open
    const link = redeemUrl('', needs.keys, { tenantId: tenant.id, invitationId, version, userId })
    return seeOther(reply, `${link}&continue=${interaction.uid}`)
  }
  const { flow } = queryOf(turn.request)
  const outcome = flow && (await outcomeOf(needs, tenant.id, turn.browser, flow))
  if (outcome && outcome.kind === 'wrongAccount') return answerNoAccount(turn, outcome.address)
  if (outcome && outcome.kind === 'trouble') return answerHomeTrouble(turn, outcome.trouble, outcome.home)
  const local = await localTurnOf(turn, undefined, noAccount(turn))
  if (local) return askLocalAccount(local)
  const state = await stateOf(turn)
  return state?.live ? answerCode(turn, state.address, 200) : answerSignIn(turn)
}

/** Draws the page that says an address has no account that can sign in. */
function noAccount(turn: Turn): (address: string) => Promise<FastifyReply> {
  return (address) => answerNoAccount(turn, address)
}

/**
 * The second step that is due of whoever has signed in here; undefined when none is. Guests who have still to accept are
 * asked where they accept.
 */
async function secondStepOf(turn: Turn): Promise<StepTurn | undefined> {
  const { needs, request, reply, tenant, browser, session } = turn
  if (!session || !isSessionEnough(turn) || session.state === 'PendingAcceptance') return undefined
  if (await needs.provesEnough(tenant.id, session)) return undefined
  return {
    needs: { ...needs, origins: needs.pages },
    request,
    reply,
    tenant,
    browser,
    session,
    preferred: tenant.notificationLanguage,
    loggedFor: loggedFor(turn),
  }
}

function flowOf({ needs, browser, tenant, interaction, now }: Turn, handle: string): PasscodeFlow {
  const browserHash = handleHash(needs.keys, browser, 'browser', handle)
  return { tenantId: tenant.id, browser: browserHash, subject: `app ${interaction.uid}`, now }
}

async function stateOf(turn: Turn) {
  const { handle } = turn.browser
  return handle ? readPasscodeFlow(turn.needs, flowOf(turn, handle)) : null
}

function again({ request, reply }: Turn): FastifyReply {
  // Without what a sign-in at a home came to: they have gone another way since.
  return seeOther(reply, request.url.replace(/&flow=[^&]*/, ''))
}

async function sendCode(turn: Turn, email: string): Promise<FastifyReply> {
  const { needs, request, reply, browser, tenant } = turn
  const address = parseEmailAddress(email)
  if (!address) return answerSignIn(turn, { typed: email.slice(0, 320) })
  const [way] = await waysToSignIn(needs, tenant, address)
  if (!way) return answerNoAccount(turn, address.text)
  if (way.kind === 'local') {
    const local = await localTurnOf(turn, address.text, noAccount(turn))
    return local ? askLocalAccount(local) : answerSignIn(turn)
  }
  if (way.kind !== 'passcode') return goHome(turn, way, address)
  const outcome = await askPasscode(needs, flowOf(turn, ensureHandle(reply, browser)), {
    address: address.text,
    folded: address.folded,
    language: languageOf(request, tenant.notificationLanguage),
    client: clientNetwork(request.ip),
  })
  return outcome.outcome === 'sent' ? again(turn) : answerLimited(turn, address.text, outcome)
}

/** Sends somebody to their home, where one speaks for the address or they are known by it; they come back to this page. */
async function goHome(turn: Turn, home: Elsewhere, address: EmailAddress): Promise<FastifyReply> {
  const { needs, request, reply, browser, tenant, interaction } = turn
  const left = await beginFlow(needs, {
    tenant,
    browserHash: handleHash(needs.keys, browser, 'browser', ensureHandle(reply, browser)),
    origin: needs.originOf(request),
    purpose: {
      kind: SIGN_IN,
      path: `/signin/app/${interaction.uid}?tenant=${tenant.id}`,
      address: address.text,
      ...flowLog(loggedFor(turn)),
    },
    client: request.ip,
    home,
    address,
    chooseAccount: false,
  })
  if ('location' in left) return seeOther(reply, left.location)
  if ('retryAt' in left) return answerTooMany(request, reply, left.retryAt, turn.now)
  return answerHomeTrouble(turn, left.trouble, home.name)
}

async function tryCode(turn: Turn, typed: string): Promise<FastifyReply> {
  const { needs, browser, tenant, reply, now } = turn
  const address = (await stateOf(turn))?.address ?? ''
  const code = readCode(typed)
  if (code === undefined) return answerCode(turn, address, 422, { kind: 'malformed' }, typed)
  const { browser: browserHash, subject } = flowOf(turn, browser.handle ?? '')
  const session = newHandle()
  const tried = await proveMailbox(needs.database.sql, tenant.id, {
    now,
    browser: browserHash,
    subject,
    codeHash: passcodeHash(needs.keys, tenant.id, browserHash, subject, code),
    session: handleHash(needs.keys, browser, 'session', session),
    oldSession: browser.session ? handleHash(needs.keys, browser, 'session', browser.session) : null,
    ends: later(now, SESSION_MS),
    log: { ...loggedFor(turn), client: turn.request.ip, provider: 'mail', identifier: address },
  })
  switch (tried.outcome) {
    case 'ok':
      setSession(reply, browser, session)
      return again(turn)
    case 'noAccount':
      return answerNoAccount(turn, tried.address ?? address)
    case 'wrong':
      return answerCode(turn, address, 422, { kind: 'wrong', triesLeft: tried.triesLeft ?? 0 }, typed)
    case 'blocked':
      return answerCode(turn, address, 422, { kind: 'none' }, typed)
    default:
      return answerCode(turn, address, 422, { kind: tried.outcome }, typed)
  }
}

function send(turn: Turn, page: VNode, status: number, nonce: string, retryAfterSeconds?: number): FastifyReply {
  return sendPage(turn.reply, page, { status, nonce, retryAfterSeconds, ...LEADS_ON })
}

async function answerSignIn(turn: Turn, wrong?: { typed: string }): Promise<FastifyReply> {
  const frame = organizationFrame(turn)
  const createUrl = await createUrlOf(turn)
  const hint = turn.interaction.params['login_hint']
  const page = (
    <SignInPage
      frame={frame}
      csrf={csrfOf(turn)}
      application={turn.client.displayName}
      address={wrong?.typed ?? (typeof hint === 'string' ? hint.slice(0, 320) : undefined)}
      isMalformed={wrong !== undefined}
      createUrl={createUrl}
    />
  )
  return send(turn, page, wrong ? 422 : 200, frame.nonce)
}

function answerCode(turn: Turn, address: string, status: 200 | 422, error?: CodeError, typed?: string): FastifyReply {
  return askForCode(turn.reply, asked(turn, address), status, error, typed)
}

function asked(turn: Turn, address: string) {
  return { frame: organizationFrame(turn), csrf: csrfOf(turn), address, security: LEADS_ON }
}

async function answerLimited(
  turn: Turn,
  address: string,
  outcome: Extract<SendOutcome, { outcome: 'limited' }>,
): Promise<FastifyReply> {
  const codeIsLive = (await stateOf(turn))?.live ?? false
  return tellLimit(turn.reply, asked(turn, address), outcome, { now: turn.now, codeIsLive })
}

async function answerNoAccount(turn: Turn, address: string): Promise<FastifyReply> {
  const frame = organizationFrame(turn)
  const createUrl = await createUrlOf(turn)
  const page = <NoAccountPage frame={frame} csrf={csrfOf(turn)} address={address} createUrl={createUrl} />
  return send(turn, page, 403, frame.nonce)
}

/** Where people sign up who come to this application; its flow leads back to this sign-in. */
function createUrlOf({ needs, tenant, client, interaction }: Turn): Promise<string | undefined> {
  return needs.signUpAt(tenant.id, client.appId, interaction.uid)
}

function answerHomeTrouble(turn: Turn, trouble: Trouble, home: string): FastifyReply {
  const shown = { frame: organizationFrame(turn), csrf: csrfOf(turn), correlationId: loggedFor(turn).correlationId }
  return tellHomeTrouble(turn, shown, trouble, home)
}
