import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { clientNetwork } from '../platform/client-network.js'
import { fieldsOf, languageOf, queryOf, readForms, rememberLanguage } from '../platform/pages/frame.js'
import {
  askPasscode,
  clearSession,
  endSession,
  isCsrfToken,
  readBrowser,
  readCode,
  setSession,
} from '../sign-in/index.js'
import { answerCode, answerDeclined, answerLimited, answerStale, answerStep, answerUnknown, leadOn } from './answer.js'
import { acceptInvitation, declineInvitation } from './answer-consent.js'
import { readLink } from './link.js'
import type { Needs } from './needs.js'
import { proveMailbox } from './prove-mailbox.js'
import { hashesOf, hasInvitation, type KnownInvitation, lookUp } from './situation.js'

type Turn = { needs: Needs; request: FastifyRequest; reply: FastifyReply; known: KnownInvitation }

/** `/redeem`: from link to access. GET shows and never changes; each POST does the one step that is due. */
export default async function routes(app: FastifyInstance, { needs }: { needs: Needs }): Promise<void> {
  readForms(app)
  rememberLanguage(app, needs.origins.isSecure)
  const config = { permission: 'public' as const }
  const schema = { hide: true }

  app.get('/redeem', { config, schema }, async (request, reply) => {
    const known = await find(needs, request)
    return known ? answerStep({ needs, request, reply, known }) : answerUnknown(request, reply)
  })

  app.get('/redeem/declined', { config, schema }, async (request, reply) => {
    const known = await find(needs, request)
    if (!known) return answerUnknown(request, reply)
    const isOpen = known.situation.invitation.status === 'pending' && known.step.page !== 'expired'
    return isOpen ? answerDeclined({ needs, request, reply, known }) : answerStep({ needs, request, reply, known })
  })

  app.post('/redeem', { config, schema }, async (request, reply) => {
    const known = await find(needs, request)
    if (!known) return answerUnknown(request, reply)
    const fields = fieldsOf(request)
    if (!isCsrfToken(needs.keys, known.browser, fields['csrf'])) return answerStale(request, reply)
    const turn = { needs, request, reply, known }
    const isOtherAccount = known.step.page === 'wrongAccount' || (known.step.page === 'used' && known.situation.session)
    if (fields['action'] === 'switch' && isOtherAccount) return switchAccount(turn)
    if (fields['action'] === 'send' && (known.step.page === 'start' || known.step.page === 'code'))
      return sendCode(turn)
    if (fields['code'] !== undefined && (known.step.page === 'start' || known.step.page === 'code')) {
      return tryCode(turn, fields['code'])
    }
    if (fields['choice'] === 'accept' && known.step.page === 'consent') return acceptHere(turn)
    if (fields['choice'] === 'decline' && known.step.page === 'consent') return declineHere(turn)
    // Somebody pressed a button of a step that is over: show what is due now.
    return answerStep(turn)
  })
}

async function find(needs: Needs, request: FastifyRequest): Promise<KnownInvitation | undefined> {
  const link = readLink(needs.keys, queryOf(request))
  const known = link && (await lookUp(needs, link, readBrowser(request, needs.origins.isSecure(request))))
  return hasInvitation(known) ? known : undefined
}

/** The same page again, now with GET. */
function again({ request, reply }: Turn): FastifyReply {
  return reply.header('cache-control', 'no-store').redirect(request.url, 303)
}

async function sendCode(turn: Turn): Promise<FastifyReply> {
  const { needs, request, known } = turn
  const { tenant, browser, situation } = known
  const { invitation } = situation
  const { browser: browserHash } = hashesOf(needs, browser)
  if (!browserHash) return answerStale(request, turn.reply)
  const flow = { tenantId: tenant.id, browser: browserHash, subject: invitation.id, now: situation.now }
  const outcome = await askPasscode(needs, flow, {
    address: invitation.address,
    folded: invitation.folded,
    language: languageOf(request, invitation.language ?? undefined),
    client: clientNetwork(request.ip),
  })
  if (outcome.outcome === 'limited') return answerLimited(turn, outcome)
  return again(turn)
}

async function tryCode(turn: Turn, typed: string): Promise<FastifyReply> {
  const { needs, request, reply, known } = turn
  const { browser: browserHash } = hashesOf(needs, known.browser)
  const code = readCode(typed)
  if (!browserHash) return answerStale(request, reply)
  if (code === undefined) return answerCode(turn, 422, { kind: 'malformed' }, typed)

  const tried = await proveMailbox(needs, known, browserHash, code)
  switch (tried.outcome) {
    case 'ok':
      setSession(reply, known.browser, tried.session)
      return again(turn)
    case 'blocked':
      return answerStep({ ...turn, known: { ...known, step: { page: 'blocked', reason: 'account' } } })
    case 'wrong':
      return answerCode(turn, 422, { kind: 'wrong', triesLeft: tried.triesLeft ?? 0 }, typed)
    default:
      return answerCode(turn, 422, { kind: tried.outcome }, typed)
  }
}

async function acceptHere(turn: Turn): Promise<FastifyReply> {
  const { needs, request, reply } = turn
  const acceptance = await acceptInvitation(needs, turn.known)
  switch (acceptance.outcome) {
    case 'accepted':
      setSession(reply, turn.known.browser, acceptance.session)
      return leadOn(reply, acceptance.redirectUrl)
    case 'notDue':
      return answerStep({ ...turn, known: acceptance.known })
    case 'gone':
      return answerUnknown(request, reply)
  }
}

async function declineHere(turn: Turn): Promise<FastifyReply> {
  const { needs, request, reply, known } = turn
  if (!(await declineInvitation(needs, known))) return again(turn)
  return reply.header('cache-control', 'no-store').redirect(request.url.replace('/redeem', '/redeem/declined'), 303)
}

/** Signs the other account out here and sends the invited address a code (design section 8.4). */
async function switchAccount(turn: Turn): Promise<FastifyReply> {
  const { needs, reply, known } = turn
  const { session } = hashesOf(needs, known.browser)
  if (session) await endSession(needs.database.sql, known.tenant.id, session)
  clearSession(reply, known.browser)
  return sendCode(turn)
}
