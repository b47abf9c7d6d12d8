import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { blockMails, findInvitedAddress, isBlockKey, listBlocks, unblockMails } from '../invitations/index.js'
import { maskEmailAddress, parseEmailAddress } from '../kernel/email-address.js'
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
import { pageOrganization, type Tenant, type Tenants } from '../tenants/index.js'
import { passkeyScript } from './authentication-methods/passkey-script.js'
import { type Browser, csrfToken, ensureHandle, handleHash, isCsrfToken, readBrowser } from './browser.js'
import { askForCode, tellLimit } from './pages/ask-for-code.js'
import { BlockedSenderPage, BlockPage } from './pages/block.js'
import { ManageBlocksEmailPage, ManageBlocksPage } from './pages/manage-blocks.js'
import { readCode } from './passcode.js'
import { askPasscode, checkPasscode, type PasscodeFlow, readPasscodeFlow } from './prove-address.js'
import { renewSession } from './renew-session.js'
import type { PasscodeWriter } from './store.js'

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

type Turn = { needs: Needs; request: FastifyRequest; reply: FastifyReply; browser: Browser; tenant: Tenant }

/** What a passcode for the page of blocks opens: nothing but that page. */
const BLOCKS = 'blocks'
/** How long after the code the page stays open. */
const OPEN_MS = 15 * 60_000

/** `/signin/block`: stop an organization's mails with one link; `/signin/blocks`: see and undo that, after a code. */
export default async function routes(app: FastifyInstance, { needs }: { needs: Needs }): Promise<void> {
  readForms(app)
  rememberLanguage(app, needs.origins.isSecure)
  const options = { config: { permission: 'public' as const }, schema: { hide: true } }
  const turnOf = async (request: FastifyRequest, reply: FastifyReply): Promise<Turn | undefined> => {
    const { tenant: id } = queryOf(request)
    const tenant = id && isGuid(id) ? await needs.tenants.find(id) : undefined
    const browser = readBrowser(request, needs.origins.isSecure(request))
    if (tenant) await renewSession(needs, tenant.id, browser)
    return tenant && { needs, request, reply, browser, tenant }
  }

  const { path, body } = passkeyScript()
  app.get(path, options, async (_request, reply) =>
    reply
      .header('cache-control', 'public, max-age=31536000, immutable')
      .header('x-content-type-options', 'nosniff')
      .type('text/javascript; charset=utf-8')
      .send(body),
  )

  app.get('/signin/block', options, async (request, reply) => {
    const turn = await turnOf(request, reply)
    const address = turn && (await addressOfLink(turn))
    return turn && address !== undefined ? answerBlock(turn, address) : answerError(request, reply, 'link', 404)
  })

  app.post('/signin/block', options, async (request, reply) => {
    const turn = await turnOf(request, reply)
    const address = turn && (await addressOfLink(turn))
    if (!turn || address === undefined) return answerError(request, reply, 'link', 404)
    const fields = fieldsOf(request)
    // RFC 8058 section 3.2: the mail program posts without cookies; the signed address is all it has to show.
    const isOneClick = fields['List-Unsubscribe'] === 'One-Click'
    if (!isOneClick && !isCsrfToken(needs.keys, turn.browser, fields['csrf']))
      return answerError(request, reply, 'stale', 403)
    if (!isOneClick && fields['confirm'] !== 'yes') return answerBlock(turn, address, true)
    await blockMails(needs, turn.tenant.id, queryOf(request)['invitation'] ?? '')
    return isOneClick ? reply.code(200).type('text/plain').send('Unsubscribed\n') : answerBlocked(turn, address)
  })

  app.get('/signin/blocks', options, async (request, reply) => {
    const turn = await turnOf(request, reply)
    return turn ? answerBlocks(turn) : answerError(request, reply, 'link', 404)
  })

  app.post('/signin/blocks', options, async (request, reply) => {
    const turn = await turnOf(request, reply)
    if (!turn) return answerError(request, reply, 'link', 404)
    const fields = fieldsOf(request)
    if (!isCsrfToken(needs.keys, turn.browser, fields['csrf'])) return answerError(request, reply, 'stale', 403)
    if (fields['email'] !== undefined) return sendCode(turn, fields['email'])
    if (fields['code'] !== undefined) return tryCode(turn, fields['code'])
    const state = await stateOf(turn)
    if (fields['action'] === 'send' && state) return sendCode(turn, state.address)
    const { unblock } = fields
    if (unblock === undefined || !isGuid(unblock) || !isOpen(turn, state)) return again(turn)
    await unblockMails(needs, unblock, state.folded)
    return answerBlocks(turn, (await needs.tenants.find(unblock))?.displayName)
  })
}

async function addressOfLink({ needs, request, tenant }: Turn): Promise<string | undefined> {
  const { invitation = '', key = '' } = queryOf(request)
  if (!isBlockKey(needs.keys, tenant.id, invitation, key)) return undefined
  return findInvitedAddress(needs, tenant.id, invitation)
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

function manageUrl({ tenant }: Turn): string {
  return `/signin/blocks?tenant=${tenant.id}`
}

function again({ request, reply }: Turn): FastifyReply {
  return reply.header('cache-control', 'no-store').redirect(request.url, 303)
}

function answerBlock(turn: Turn, address: string, isUnconfirmed = false): FastifyReply {
  const frame = frameOf(turn)
  const page = (
    <BlockPage
      frame={frame}
      csrf={csrfOf(turn)}
      maskedAddress={maskEmailAddress(address)}
      manageUrl={manageUrl(turn)}
      isUnconfirmed={isUnconfirmed}
    />
  )
  return sendPage(turn.reply, page, { status: isUnconfirmed ? 422 : 200, nonce: frame.nonce })
}

function answerBlocked(turn: Turn, address: string): FastifyReply {
  const frame = frameOf(turn)
  const page = <BlockedSenderPage frame={frame} maskedAddress={maskEmailAddress(address)} manageUrl={manageUrl(turn)} />
  return sendPage(turn.reply, page, { status: 200, nonce: frame.nonce })
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

function flowOf({ needs, browser, tenant }: Turn, handle: string): PasscodeFlow {
  const browserHash = handleHash(needs.keys, browser, 'browser', handle)
  return { tenantId: tenant.id, browser: browserHash, subject: BLOCKS, now: needs.clock() }
}

async function stateOf(turn: Turn) {
  const { handle } = turn.browser
  return handle ? readPasscodeFlow(turn.needs, flowOf(turn, handle)) : null
}

type State = Awaited<ReturnType<typeof stateOf>>

/** Whether this browser has proved the address a moment ago. */
function isOpen({ needs }: Turn, state: State): state is NonNullable<State> {
  return state?.usedAt != null && needs.clock().getTime() - new Date(state.usedAt).getTime() < OPEN_MS
}

async function answerBlocks(turn: Turn, unblocked?: string): Promise<FastifyReply> {
  const { needs, reply } = turn
  const state = await stateOf(turn)
  const frame = frameFor(turn.request, { organization: undefined, preferred: turn.tenant.notificationLanguage })
  const csrf = csrfOf(turn)
  const response = { status: 200, nonce: frame.nonce }
  if (state?.live) return answerCode(turn, state.address, 200)
  if (!isOpen(turn, state)) return sendPage(reply, <ManageBlocksEmailPage frame={frame} csrf={csrf} />, response)
  const blocks = await listBlocks(needs, state.folded)
  const blocked = await Promise.all(
    blocks.map(async ({ tenantId, blockedAt }) => {
      const tenant = await needs.tenants.find(tenantId)
      return tenant ? [{ tenantId, name: tenant.displayName, domain: tenant.defaultDomain, blockedAt }] : []
    }),
  )
  const page = (
    <ManageBlocksPage
      frame={frame}
      csrf={csrf}
      address={state.address}
      blocked={blocked.flat()}
      unblocked={unblocked}
    />
  )
  return sendPage(reply, page, response)
}

function answerCode(turn: Turn, address: string, status: 200 | 422, error?: CodeError, typed?: string): FastifyReply {
  return askForCode(turn.reply, asked(turn, address), status, error, typed)
}

function asked(turn: Turn, address: string) {
  return { frame: frameOf(turn), csrf: csrfOf(turn), address }
}

async function sendCode(turn: Turn, email: string): Promise<FastifyReply> {
  const { needs, request, reply, browser, tenant } = turn
  const frame = frameOf(turn)
  const address = parseEmailAddress(email)
  if (!address) {
    const page = <ManageBlocksEmailPage frame={frame} csrf={csrfOf(turn)} malformed={email.slice(0, 320)} />
    return sendPage(reply, page, { status: 422, nonce: frame.nonce })
  }
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
  const { needs, browser } = turn
  const address = (await stateOf(turn))?.address ?? ''
  const code = readCode(typed)
  if (code === undefined) return answerCode(turn, address, 422, { kind: 'malformed' }, typed)
  const tried = await checkPasscode(needs, flowOf(turn, browser.handle ?? ''), code)
  if (tried.outcome === 'ok') return again(turn)
  const kind = tried.outcome === 'blocked' ? 'none' : tried.outcome
  const error: CodeError = kind === 'wrong' ? { kind, triesLeft: tried.triesLeft ?? 0 } : { kind }
  return answerCode(turn, address, 422, error, typed)
}
