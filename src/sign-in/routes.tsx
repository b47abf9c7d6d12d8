import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { blockMails, findInvitedAddress, isBlockKey, listBlocks, unblockMails } from '../invitations/index.js'
import { maskEmailAddress, parseEmailAddress } from '../kernel/email-address.js'
import { isGuid } from '../kernel/ids.js'
import type { Origins } from '../platform/origins.js'
import { answerError } from '../platform/pages/answer-error.js'
import { fieldsOf, frameFor, queryOf, readForms, rememberLanguage } from '../platform/pages/frame.js'
import { sendPage } from '../platform/pages/send-page.js'
import { organizationFrame, type Tenants } from '../tenants/index.js'
import { passkeyScript } from './authentication-methods/passkey-script.js'
import { csrfOf, isCsrfToken } from './browser.js'
import { again, askCode, isProved, type ProofTurn, readProof, sendCode, tryCode } from './mailbox-proof.js'
import { BlockedSenderPage, BlockPage } from './pages/block.js'
import { ManageBlocksEmailPage, ManageBlocksPage } from './pages/manage-blocks.js'
import { openBrowser } from './renew-session.js'

type Needs = ProofTurn['needs'] & { tenants: Tenants; origins: Origins }

type Turn = ProofTurn & { needs: Needs }

/** What a passcode for the page of blocks opens: nothing but that page. */
const BLOCKS = 'blocks'

/** `/signin/block`: stop an organization's mails with one link; `/signin/blocks`: see and undo that, after a code. */
export default async function routes(app: FastifyInstance, { needs }: { needs: Needs }): Promise<void> {
  readForms(app)
  rememberLanguage(app, needs.origins.isSecure)
  const options = { config: { permission: 'public' as const }, schema: { hide: true } }
  const turnOf = async (request: FastifyRequest, reply: FastifyReply): Promise<Turn | undefined> => {
    const { tenant: id } = queryOf(request)
    const tenant = id && isGuid(id) ? await needs.tenants.find(id) : undefined
    if (!tenant) return undefined
    const browser = await openBrowser(needs, request, tenant.id)
    return { needs, request, reply, browser, tenant, subject: BLOCKS }
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
    return turn && address !== undefined ? answerBlock(turn, address) : answerError(request, reply, 'link')
  })

  app.post('/signin/block', options, async (request, reply) => {
    const turn = await turnOf(request, reply)
    const address = turn && (await addressOfLink(turn))
    if (!turn || address === undefined) return answerError(request, reply, 'link')
    const fields = fieldsOf(request)
    // RFC 8058 section 3.2: the mail program posts without cookies; the signed address is all it has to show.
    const isOneClick = fields['List-Unsubscribe'] === 'One-Click'
    if (!isOneClick && !isCsrfToken(needs.keys, turn.browser, fields['csrf']))
      return answerError(request, reply, 'stale', request.url)
    if (!isOneClick && fields['confirm'] !== 'yes') return answerBlock(turn, address, true)
    await blockMails(needs, turn.tenant.id, queryOf(request)['invitation'] ?? '')
    return isOneClick ? reply.code(200).type('text/plain').send('Unsubscribed\n') : answerBlocked(turn, address)
  })

  app.get('/signin/blocks', options, async (request, reply) => {
    const turn = await turnOf(request, reply)
    return turn ? answerBlocks(turn) : answerError(request, reply, 'link')
  })

  app.post('/signin/blocks', options, async (request, reply) => {
    const turn = await turnOf(request, reply)
    if (!turn) return answerError(request, reply, 'link')
    const { csrf, email, code, action, unblock } = fieldsOf(request)
    if (!isCsrfToken(needs.keys, turn.browser, csrf)) return answerError(request, reply, 'stale', request.url)
    if (email !== undefined) return sendCodeTo(turn, email)
    const proof = await readProof(turn)
    if (code !== undefined) return tryCode(turn, proof?.address ?? '', code)
    if (action === 'send' && proof) return sendCodeTo(turn, proof.address)
    if (unblock === undefined || !isGuid(unblock) || !isProved(turn, proof)) return again(turn)
    await unblockMails(needs, unblock, proof.folded)
    return answerBlocks(turn, (await needs.tenants.find(unblock))?.displayName)
  })
}

async function addressOfLink({ needs, request, tenant }: Turn): Promise<string | undefined> {
  const { invitation = '', key = '' } = queryOf(request)
  if (!isBlockKey(needs.keys, tenant.id, invitation, key)) return undefined
  return findInvitedAddress(needs, tenant.id, invitation)
}

function manageUrl({ tenant }: Turn): string {
  return `/signin/blocks?tenant=${tenant.id}`
}

function answerBlock(turn: Turn, address: string, isUnconfirmed = false): FastifyReply {
  const frame = organizationFrame(turn)
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
  const frame = organizationFrame(turn)
  const page = <BlockedSenderPage frame={frame} maskedAddress={maskEmailAddress(address)} manageUrl={manageUrl(turn)} />
  return sendPage(turn.reply, page, { status: 200, nonce: frame.nonce })
}

async function answerBlocks(turn: Turn, unblocked?: string): Promise<FastifyReply> {
  const { needs, reply } = turn
  const proof = await readProof(turn)
  if (proof?.live) return askCode(turn, proof.address)
  const frame = frameFor(turn.request, { organization: undefined, preferred: turn.tenant.notificationLanguage })
  const csrf = csrfOf(turn)
  const response = { status: 200, nonce: frame.nonce }
  if (!isProved(turn, proof)) return sendPage(reply, <ManageBlocksEmailPage frame={frame} csrf={csrf} />, response)
  const blocks = await listBlocks(needs, proof.folded)
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
      address={proof.address}
      blocked={blocked.flat()}
      unblocked={unblocked}
    />
  )
  return sendPage(reply, page, response)
}

function sendCodeTo(turn: Turn, typed: string): FastifyReply | Promise<FastifyReply> {
  const address = parseEmailAddress(typed)
  if (address) return sendCode(turn, address)
  const frame = organizationFrame(turn)
  const page = <ManageBlocksEmailPage frame={frame} csrf={csrfOf(turn)} malformed={typed.slice(0, 320)} />
  return sendPage(turn.reply, page, { status: 422, nonce: frame.nonce })
}
