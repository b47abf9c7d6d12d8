import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { maskEmailAddress } from '../kernel/email-address.js'
import { isGuid } from '../kernel/ids.js'
import { clientNetwork } from '../platform/client-network.js'
import type { Keys } from '../platform/crypto.js'
import type { Database } from '../platform/database.js'
import type { Origins } from '../platform/origins.js'
import type { WorkSignal } from '../platform/outbox/relay.js'
import { ErrorPage } from '../platform/pages/error-page.js'
import { fieldsOf, frameFor, languageOf, queryOf, readForms, rememberLanguage } from '../platform/pages/frame.js'
import type { CodeError } from '../platform/pages/passcode-pages.js'
import { sendPage } from '../platform/pages/send-page.js'
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
  type SendOutcome,
  tellLimit,
} from '../sign-in/index.js'
import { pageOrganization, type Tenant, type Tenants } from '../tenants/index.js'
import { extendAccess, findNamed, type LinkParts, type Named } from './extend-access.js'
import { ExtendedPage, ExtendPage } from './pages/extend.js'
import { extendedEnd } from './rules.js'

type Needs = {
  database: Database
  tenants: Tenants
  keys: Keys
  clock: () => Date
  newId: () => string
  signal: WorkSignal
  passcodes: PasscodeWriter
  origins: Origins
  /** Something changed that others may follow. */
  changed: (tenantId: string) => void
}

type Turn = {
  needs: Needs
  request: FastifyRequest
  reply: FastifyReply
  browser: Browser
  tenant: Tenant
  link: LinkParts
  named: Named
}

/** How long after the code the button works. */
const OPEN_MS = 15 * 60_000

/** `/access/extend`: a sponsor gives a guest more time. GET shows and never changes. */
export default async function routes(app: FastifyInstance, { needs }: { needs: Needs }): Promise<void> {
  readForms(app)
  rememberLanguage(app, needs.origins.isSecure)
  const options = { config: { permission: 'public' as const }, schema: { hide: true } }

  app.get('/access/extend', options, async (request, reply) => {
    const turn = await turnOf(needs, request, reply)
    return turn ? answer(turn) : answerError(request, reply, 'link', 404)
  })

  app.post('/access/extend', options, async (request, reply) => {
    const turn = await turnOf(needs, request, reply)
    if (!turn) return answerError(request, reply, 'link', 404)
    const fields = fieldsOf(request)
    if (!isCsrfToken(needs.keys, turn.browser, fields['csrf'])) return answerError(request, reply, 'stale', 403)
    if (fields['action'] === 'send') return sendCode(turn)
    if (fields['code'] !== undefined) return tryCode(turn, fields['code'])
    if (fields['action'] === 'extend' && isProved(turn, await stateOf(turn))) return extend(turn)
    return again(turn)
  })
}

async function turnOf(needs: Needs, request: FastifyRequest, reply: FastifyReply): Promise<Turn | undefined> {
  const { tenant: id, guest = '', sponsor = '', key = '' } = queryOf(request)
  const tenant = id && isGuid(id) ? await needs.tenants.find(id) : undefined
  if (!tenant?.enabled || !isGuid(guest) || !isGuid(sponsor)) return undefined
  const link = { guestId: guest.toLowerCase(), sponsorId: sponsor.toLowerCase(), key }
  const named = await findNamed(needs, tenant, link)
  if (!named) return undefined
  const browser = readBrowser(request, needs.origins.isSecure(request))
  await renewSession(needs, tenant.id, browser)
  return { needs, request, reply, browser, tenant, link, named }
}

function frameOf({ request, tenant, named }: Turn) {
  return frameFor(request, {
    organization: pageOrganization(tenant),
    privacyUrl: tenant.privacyStatementUrl,
    preferred: named.sponsor.preferredLanguage ?? tenant.notificationLanguage,
  })
}

function csrfOf({ needs, reply, browser }: Turn): string {
  return csrfToken(needs.keys, ensureHandle(reply, browser), browser.session)
}

/** The same page again, now with GET. */
function again({ request, reply }: Turn): FastifyReply {
  return reply.header('cache-control', 'no-store').redirect(request.url, 303)
}

/** A code for one guest extends no other. */
function flowOf({ needs, browser, tenant, link }: Turn, handle: string): PasscodeFlow {
  const browserHash = handleHash(needs.keys, browser, 'browser', handle)
  return { tenantId: tenant.id, browser: browserHash, subject: `extend ${link.guestId}`, now: needs.clock() }
}

async function stateOf(turn: Turn): Promise<PasscodeState | null> {
  const { handle } = turn.browser
  return handle ? readPasscodeFlow(turn.needs, flowOf(turn, handle)) : null
}

/** Whether this browser has proved the sponsor's own mailbox a moment ago. */
function isProved({ needs, named }: Turn, state: PasscodeState | null): boolean {
  if (state?.usedAt == null || state.folded !== named.sponsor.mailFolded) return false
  return needs.clock().getTime() - new Date(state.usedAt).getTime() < OPEN_MS
}

async function answer(turn: Turn): Promise<FastifyReply> {
  const { needs, tenant, named } = turn
  const state = await stateOf(turn)
  if (state?.live) return answerCode(turn, 200)
  const frame = frameOf(turn)
  const isSponsor = isProved(turn, state)
  const address = named.guest.mail ?? named.guest.userPrincipalName
  const page = (
    <ExtendPage
      frame={frame}
      csrf={csrfOf(turn)}
      guest={{ name: named.guest.displayName, address: isSponsor ? address : maskEmailAddress(address) }}
      end={named.end}
      until={extendedEnd(named.end, tenant.settings.accessExtensionDays, needs.clock())}
      codeTo={isSponsor ? undefined : maskEmailAddress(named.sponsor.mail)}
    />
  )
  return sendPage(turn.reply, page, { status: 200, nonce: frame.nonce })
}

async function extend(turn: Turn): Promise<FastifyReply> {
  const { needs, tenant, link } = turn
  const extended = await extendAccess(needs, tenant, link)
  if (!extended) return again(turn)
  needs.changed(tenant.id)
  const frame = frameOf(turn)
  const page = <ExtendedPage frame={frame} guest={extended.guest.displayName} until={extended.until} />
  return sendPage(turn.reply, page, { status: 200, nonce: frame.nonce })
}

function answerCode(turn: Turn, status: 200 | 422, error?: CodeError, typed?: string): FastifyReply {
  return askForCode(turn.reply, asked(turn), status, error, typed)
}

function asked(turn: Turn) {
  return { frame: frameOf(turn), csrf: csrfOf(turn), address: turn.named.sponsor.mail }
}

/** To the sponsor's own mailbox, whoever opened the link. */
async function sendCode(turn: Turn): Promise<FastifyReply> {
  const { needs, request, reply, browser, tenant, named } = turn
  const flow = flowOf(turn, ensureHandle(reply, browser))
  const outcome = await askPasscode(needs, flow, {
    address: named.sponsor.mail,
    folded: named.sponsor.mailFolded,
    language: languageOf(request, named.sponsor.preferredLanguage ?? tenant.notificationLanguage),
    client: clientNetwork(request.ip),
  })
  return outcome.outcome === 'sent' ? again(turn) : answerLimited(turn, outcome, flow.now)
}

async function answerLimited(
  turn: Turn,
  outcome: Extract<SendOutcome, { outcome: 'limited' }>,
  now: Date,
): Promise<FastifyReply> {
  const codeIsLive = (await stateOf(turn))?.live ?? false
  return tellLimit(turn.reply, asked(turn), outcome, { now, codeIsLive })
}

async function tryCode(turn: Turn, typed: string): Promise<FastifyReply> {
  const code = readCode(typed)
  if (code === undefined) return answerCode(turn, 422, { kind: 'malformed' }, typed)
  const tried = await checkPasscode(turn.needs, flowOf(turn, turn.browser.handle ?? ''), code)
  if (tried.outcome === 'ok') return again(turn)
  const kind = tried.outcome === 'blocked' ? 'none' : tried.outcome
  const error: CodeError = kind === 'wrong' ? { kind, triesLeft: tried.triesLeft ?? 0 } : { kind }
  return answerCode(turn, 422, error, typed)
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
