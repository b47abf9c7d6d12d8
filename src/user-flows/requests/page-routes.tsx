import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { VNode } from 'preact'
import { parseEmailAddress } from '../../kernel/email-address.js'
import { clientNetwork } from '../../platform/client-network.js'
import type { Keys } from '../../platform/crypto.js'
import type { Database } from '../../platform/database.js'
import type { Origins } from '../../platform/origins.js'
import type { WorkSignal } from '../../platform/outbox/relay.js'
import { ErrorPage } from '../../platform/pages/error-page.js'
import { fieldsOf, frameFor, languageOf, readForms, rememberLanguage } from '../../platform/pages/frame.js'
import type { CodeError } from '../../platform/pages/passcode-pages.js'
import { sendPage } from '../../platform/pages/send-page.js'
import {
  askForCode,
  askPasscode,
  type Browser,
  checkPasscode,
  csrfToken,
  ensureHandle,
  handleHash,
  isCsrfToken,
  type PasscodeFlow,
  type PasscodeState,
  type PasscodeWriter,
  readBrowser,
  readCode,
  readPasscodeFlow,
  renewSession,
  tellLimit,
} from '../../sign-in/index.js'
import { pageOrganization, type Tenant, type Tenants } from '../../tenants/index.js'
import { findFlow, findOwnRequest } from './own-request.js'
import { LookPage, NoRequestPage, type OwnRequest, RequestPage } from './pages/request.js'
import { signUpPath } from './paths.js'

type Needs = {
  database: Database
  tenants: Tenants
  keys: Keys
  clock: () => Date
  newId: () => string
  signal: WorkSignal
  passcodes: PasscodeWriter
  origins: Origins
}

type Turn = {
  needs: Needs
  request: FastifyRequest
  reply: FastifyReply
  browser: Browser
  tenant: Tenant
  flowId: string
  /** Whether people can sign up there: a request outlives the flow it came by. */
  isThere: boolean
}

/** How long a proved mailbox shows its request. */
const OPEN_MS = 15 * 60_000

/**
 * `/{tenant}/signup/{flowId}/request`: a visitor looks at what became of their sign-up. It is shown to the browser that
 * made it and to whoever proves the mailbox; everybody else gets the same answers, whatever they type.
 */
export default async function routes(app: FastifyInstance, { needs }: { needs: Needs }): Promise<void> {
  readForms(app)
  rememberLanguage(app, needs.origins.isSecure)
  const options = { config: { permission: 'public' as const }, schema: { hide: true } }
  type Path = { Params: { tenant: string; flowId: string } }

  app.get<Path>('/:tenant/signup/:flowId/request', options, async (request, reply) => {
    const turn = await turnOf(needs, request, reply, request.params)
    return turn ? answer(turn) : answerError(request, reply, 'link', 404)
  })

  app.post<Path>('/:tenant/signup/:flowId/request', options, async (request, reply) => {
    const turn = await turnOf(needs, request, reply, request.params)
    if (!turn) return answerError(request, reply, 'link', 404)
    const fields = fieldsOf(request)
    if (!isCsrfToken(needs.keys, turn.browser, fields['csrf'])) return answerError(request, reply, 'stale', 403)
    if (fields['email'] !== undefined) return sendCode(turn, fields['email'])
    if (fields['code'] !== undefined) return tryCode(turn, fields['code'])
    const state = await stateOf(turn)
    return fields['action'] === 'send' && state ? sendCode(turn, state.address) : again(turn)
  })
}

async function turnOf(
  needs: Needs,
  request: FastifyRequest,
  reply: FastifyReply,
  { tenant: name, flowId: id }: { tenant: string; flowId: string },
): Promise<Turn | undefined> {
  // Ids and domain names; anything else never reaches the database.
  const tenant = /^[A-Za-z0-9.-]{1,253}$/.test(name) ? await needs.tenants.find(name) : undefined
  if (!tenant?.enabled || !/^[\w.-]{1,300}$/.test(id)) return undefined
  const found = await findFlow(needs, tenant.id, id)
  if (!found) return undefined
  const browser = readBrowser(request, needs.origins.isSecure(request))
  await renewSession(needs, tenant.id, browser)
  return { needs, request, reply, browser, tenant, ...found }
}

async function answer(turn: Turn): Promise<FastifyReply> {
  const { needs, browser, tenant, flowId } = turn
  const state = await stateOf(turn)
  if (state?.live) return answerCode(turn, state.address, 200)
  if (state && isFresh(turn, state)) {
    const { folded } = state
    const found = await findOwnRequest(needs, tenant.id, flowId, { folded })
    return found ? answerRequest(turn, found) : answerNone(turn, state.address)
  }
  const { handle } = browser
  const browserHash = handle && handleHash(needs.keys, browser, 'browser', handle)
  const found = browserHash && (await findOwnRequest(needs, tenant.id, flowId, { browserHash }))
  return found ? answerRequest(turn, found) : answerLook(turn)
}

function flowOf({ needs, browser, tenant, flowId }: Turn, handle: string): PasscodeFlow {
  const browserHash = handleHash(needs.keys, browser, 'browser', handle)
  return { tenantId: tenant.id, browser: browserHash, subject: `sign-up request ${flowId}`, now: needs.clock() }
}

async function stateOf(turn: Turn): Promise<PasscodeState | null> {
  const { handle } = turn.browser
  return handle ? readPasscodeFlow(turn.needs, flowOf(turn, handle)) : null
}

/** Whether this browser has proved a mailbox a moment ago. */
function isFresh({ needs }: Turn, { usedAt }: PasscodeState): boolean {
  return usedAt != null && needs.clock().getTime() - new Date(usedAt).getTime() < OPEN_MS
}

async function sendCode(turn: Turn, typed: string): Promise<FastifyReply> {
  const { needs, request, reply, browser, tenant } = turn
  const address = parseEmailAddress(typed)
  if (!address) return answerLook(turn, typed.slice(0, 320))
  const flow = flowOf(turn, ensureHandle(reply, browser))
  const outcome = await askPasscode(needs, flow, {
    address: address.text,
    folded: address.folded,
    language: languageOf(request, tenant.notificationLanguage),
    client: clientNetwork(request.ip),
  })
  if (outcome.outcome === 'sent') return again(turn)
  const codeIsLive = (await stateOf(turn))?.live ?? false
  return tellLimit(reply, asked(turn, address.text), outcome, { now: flow.now, codeIsLive })
}

async function tryCode(turn: Turn, typed: string): Promise<FastifyReply> {
  const address = (await stateOf(turn))?.address ?? ''
  const code = readCode(typed)
  if (code === undefined) return answerCode(turn, address, 422, { kind: 'malformed' }, typed)
  const tried = await checkPasscode(turn.needs, flowOf(turn, turn.browser.handle ?? ''), code)
  if (tried.outcome === 'ok') return again(turn)
  const kind = tried.outcome === 'blocked' ? 'none' : tried.outcome
  const error: CodeError = kind === 'wrong' ? { kind, triesLeft: tried.triesLeft ?? 0 } : { kind }
  return answerCode(turn, address, 422, error, typed)
}

/** The same page again, now with GET. */
function again({ request, reply }: Turn): FastifyReply {
  return reply.header('cache-control', 'no-store').redirect(request.url, 303)
}

function frameOf({ request, tenant }: Turn) {
  return frameFor(request, {
    organization: pageOrganization(tenant),
    privacyUrl: tenant.privacyStatementUrl,
    preferred: tenant.notificationLanguage,
  })
}

function csrfOf({ needs, reply, browser }: Turn): string {
  return csrfToken(needs.keys, ensureHandle(reply, browser), browser.session)
}

function asked(turn: Turn, address: string) {
  return { frame: frameOf(turn), csrf: csrfOf(turn), address }
}

function answerCode(turn: Turn, address: string, status: 200 | 422, error?: CodeError, typed?: string): FastifyReply {
  return askForCode(turn.reply, asked(turn, address), status, error, typed)
}

function answerRequest(turn: Turn, request: OwnRequest): FastifyReply {
  const { tenant, flowId, isThere } = turn
  const frame = frameOf(turn)
  return send(
    turn,
    <RequestPage
      frame={frame}
      request={request}
      contactUrl={tenant.contactAddress && `mailto:${tenant.contactAddress}`}
      signUpUrl={isThere ? signUpPath(tenant.id, flowId) : undefined}
      signInUrl={`/myapps?tenant=${tenant.id}`}
    />,
    200,
    frame.nonce,
  )
}

function answerNone(turn: Turn, email: string): FastifyReply {
  const frame = frameOf(turn)
  const signUpUrl = signUpPath(turn.tenant.id, turn.flowId)
  return send(turn, <NoRequestPage frame={frame} email={email} signUpUrl={signUpUrl} />, 200, frame.nonce)
}

function answerLook(turn: Turn, typed?: string): FastifyReply {
  const frame = frameOf(turn)
  const page = <LookPage frame={frame} csrf={csrfOf(turn)} typed={typed} />
  return send(turn, page, typed === undefined ? 200 : 422, frame.nonce)
}

function send({ reply }: Turn, page: VNode, status: number, nonce: string): FastifyReply {
  return sendPage(reply, page, { status, nonce })
}

function answerError(
  request: FastifyRequest,
  reply: FastifyReply,
  kind: 'link' | 'stale',
  status: 403 | 404,
): FastifyReply {
  const frame = frameFor(request, { organization: undefined })
  const retryUrl = kind === 'stale' ? request.url : undefined
  return sendPage(reply, <ErrorPage frame={frame} kind={kind} retryUrl={retryUrl} />, { status, nonce: frame.nonce })
}
