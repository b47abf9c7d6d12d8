import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { clientNetwork } from '../platform/client-network.js'
import { fieldsOf, languageOf, queryOf, readForms } from '../platform/pages/frame.js'
import {
  clearSession,
  endSession,
  handleHash,
  isCsrfToken,
  newHandle,
  passcodeHash,
  passcodeOf,
  readBrowser,
  readCode,
  requestPasscode,
  SESSION_MS,
  setSession,
} from '../sign-in/index.js'
import { answerCode, answerDeclined, answerLimited, answerStale, answerStep, answerUnknown, leadOn } from './answer.js'
import { readLink } from './link.js'
import type { Needs } from './needs.js'
import { hashesOf, hasInvitation, type KnownInvitation, lookUp } from './situation.js'
import { accept, decline, prove } from './store.js'

type Turn = { needs: Needs; request: FastifyRequest; reply: FastifyReply; known: KnownInvitation }

/** How often acceptance is decided again because a policy changed between deciding and writing. */
const MOST_DECISIONS = 5

/** `/redeem`: from link to access. GET shows and never changes; each POST does the one step that is due. */
export default async function routes(app: FastifyInstance, { needs }: { needs: Needs }): Promise<void> {
  readForms(app)
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
    if (fields['action'] === 'switch' && known.step.page === 'wrongAccount') return switchAccount(turn)
    if (fields['action'] === 'send' && (known.step.page === 'start' || known.step.page === 'code'))
      return sendCode(turn)
    if (fields['code'] !== undefined && (known.step.page === 'start' || known.step.page === 'code')) {
      return tryCode(turn, fields['code'])
    }
    if (fields['choice'] === 'accept' && known.step.page === 'consent') return acceptInvitation(turn)
    if (fields['choice'] === 'decline' && known.step.page === 'consent') return declineInvitation(turn)
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
  const id = needs.newId()
  const subject = invitation.id
  const outcome = await requestPasscode(needs.database.sql, tenant.id, situation.now, {
    id,
    browser: browserHash,
    subject,
    address: invitation.address,
    folded: invitation.folded,
    language: languageOf(request, invitation.language ?? undefined),
    codeHash: passcodeHash(needs.keys, tenant.id, browserHash, subject, passcodeOf(needs.keys, tenant.id, id)),
    clientAddress: clientNetwork(request.ip),
  })
  if (outcome.outcome === 'limited') return answerLimited(turn, outcome)
  needs.signal.raise('passcode.mail')
  return again(turn)
}

async function tryCode(turn: Turn, typed: string): Promise<FastifyReply> {
  const { needs, request, reply, known } = turn
  const { tenant, browser, situation, link } = known
  const { browser: browserHash, session: oldSession } = hashesOf(needs, browser)
  const code = readCode(typed)
  if (!browserHash) return answerStale(request, reply)
  if (code === undefined) return answerCode(turn, 422, { kind: 'malformed' }, typed)

  const session = newHandle()
  const tried = await prove(needs.database.sql, tenant.id, situation.now, {
    invitationId: link.invitationId,
    userId: situation.invitation.userId,
    browser: browserHash,
    codeHash: passcodeHash(needs.keys, tenant.id, browserHash, link.invitationId, code),
    session: handleHash(needs.keys, browser, 'session', session),
    oldSession,
    sessionEnds: new Date(situation.now.getTime() + SESSION_MS),
  })
  switch (tried.outcome) {
    case 'ok':
      setSession(reply, browser, session)
      return again(turn)
    case 'blocked':
      return answerStep({ ...turn, known: { ...known, step: { page: 'blocked', reason: 'account' } } })
    case 'wrong':
      return answerCode(turn, 422, { kind: 'wrong', triesLeft: tried.triesLeft ?? 0 }, typed)
    default:
      return answerCode(turn, 422, { kind: tried.outcome }, typed)
  }
}

async function acceptInvitation(turn: Turn): Promise<FastifyReply> {
  const { needs, request, reply } = turn
  let { known } = turn
  for (let decisions = 1; ; decisions++) {
    const { tenant, browser, situation, link } = known
    const { session } = hashesOf(needs, browser)
    if (known.step.page !== 'consent' || !session) return answerStep({ ...turn, known })
    const newSession = newHandle()
    const outcome = await accept(needs.database.sql, tenant.id, situation.now, {
      version: tenant.version,
      invitationId: link.invitationId,
      ticketVersion: link.ticketVersion,
      session,
      newSession: handleHash(needs.keys, browser, 'session', newSession),
      sessionEnds: new Date(situation.now.getTime() + SESSION_MS),
      auditIds: [needs.newId(), needs.newId()],
    })
    if (outcome.outcome === 'accepted') {
      setSession(reply, browser, newSession)
      return leadOn(reply, situation.invitation.redirectUrl)
    }
    // Somebody was faster, or a policy changed: look again and show what holds now.
    if (outcome.outcome === 'stale') needs.tenants.forget(tenant.id)
    const found = await lookUp(needs, link, browser)
    if (!hasInvitation(found)) return answerUnknown(request, reply)
    known = found
    if (outcome.outcome !== 'stale' || decisions >= MOST_DECISIONS) return answerStep({ ...turn, known })
  }
}

async function declineInvitation(turn: Turn): Promise<FastifyReply> {
  const { needs, request, reply, known } = turn
  const { session } = hashesOf(needs, known.browser)
  if (!session) return answerStep(turn)
  const outcome = await decline(needs.database.sql, known.tenant.id, known.situation.now, {
    invitationId: known.link.invitationId,
    session,
    auditId: needs.newId(),
  })
  if (outcome.outcome !== 'declined') return again(turn)
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
