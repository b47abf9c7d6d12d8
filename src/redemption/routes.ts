import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { clientNetwork } from '../platform/client-network.js'
import { answerLimited as answerTooMany } from '../platform/pages/answer-error.js'
import { fieldsOf, languageOf, queryOf, readForms, rememberLanguage } from '../platform/pages/frame.js'
import type { CodeError } from '../platform/pages/passcode-pages.js'
import { seeOther } from '../platform/pages/send-page.js'
import {
  type Browser,
  clearSession,
  type Elsewhere,
  endBrowser,
  type Home,
  isCsrfToken,
  outcomeOf,
  readBrowser,
  readCode,
  setSession,
  takeSecondStep,
  takesPasscode,
} from '../sign-in/index.js'
import {
  answerCode,
  answerDeclined,
  answerLimited,
  answerStale,
  answerStep,
  answerUnknown,
  destinationOf,
  goingOnOf,
  leadOn,
  secondStepTurn,
  withGoingOn,
} from './answer.js'
import { acceptInvitation, declineInvitation } from './answer-consent.js'
import { answerChoice, answerOutcome, answerTrouble } from './answer-home.js'
import { goHome } from './go-home.js'
import { accountPath, choosePath, readLink } from './link.js'
import { accountRoutes } from './local-account.js'
import type { Needs } from './needs.js'
import { proveMailbox } from './prove-mailbox.js'
import { sendCode } from './send-code.js'
import type { Answer } from './shown.js'
import { type Due, dueOf, hasInvitation, type KnownInvitation, lookUp, presume } from './situation.js'

type Turn = { needs: Needs; request: FastifyRequest; reply: FastifyReply; due: Due }
type Fields = ReturnType<typeof fieldsOf>

/** `/redeem`: from link to access. GET shows and never changes; each POST does the one step that is due. */
export default async function routes(app: FastifyInstance, { needs }: { needs: Needs }): Promise<void> {
  readForms(app)
  rememberLanguage(app, needs.origins.isSecure)
  const config = { permission: 'public' as const }
  const schema = { hide: true }

  app.get('/redeem', { config, schema }, async (request, reply) => {
    const known = await find(needs, request)
    if (!known) return answerUnknown(request, reply)
    const outcome = await endOfFlow(needs, known, queryOf(request)['flow'])
    const answer = { needs, request, reply, known }
    return outcome ? answerOutcome(answer, outcome) : answerStep(answer)
  })

  app.get('/redeem/choose', { config, schema }, async (request, reply) => {
    const known = await find(needs, request)
    if (!known) return answerUnknown(request, reply)
    const answer = { needs, request, reply, known }
    const isOpen = isWayIn(known) && known.situation.homes.length > 1
    return isOpen ? answerChoice(answer) : answerStep(answer)
  })

  accountRoutes(app, needs, (request) => find(needs, request))

  app.get('/redeem/declined', { config, schema }, async (request, reply) => {
    const known = await find(needs, request)
    if (!known) return answerUnknown(request, reply)
    const isOpen = known.situation.invitation.status === 'pending' && known.step.page !== 'expired'
    return isOpen ? answerDeclined({ needs, request, reply, known }) : answerStep({ needs, request, reply, known })
  })

  app.post('/redeem', { config, schema }, async (request, reply) => {
    const visit = { needs, request, reply }
    const fields = fieldsOf(request)
    const link = readLink(needs.keys, queryOf(request))
    if (!link) return answerUnknown(request, reply)
    const browser = readBrowser(request, needs.origins.isSecure(request))
    const isOurForm = isCsrfToken(needs.keys, browser, fields['csrf'])
    const due = isOurForm && isPresumable(fields, browser) ? await presume(needs, link, browser) : undefined
    if (due && fields['action'] === 'send') return sendHere({ ...visit, due })
    if (due && fields['code'] !== undefined) return tryCode({ ...visit, due }, fields['code'])
    if (due) return acceptHere({ ...visit, due })

    const known = await lookUp(needs, link, browser)
    if (!hasInvitation(known)) return answerUnknown(request, reply)
    return isOurForm ? takeStep({ ...visit, due: dueOf(known) }, known, fields) : answerStale(request, reply)
  })
}

/**
 * Whether the step may be tried without a look-up. Those of the ordinary way may: a code before there is a session, the
 * answer once there is one.
 */
function isPresumable(fields: Fields, { session }: Browser): boolean {
  const isCode = fields['action'] === 'send' || readCode(fields['code']) !== undefined
  return session ? fields['choice'] === 'accept' && !isCode : isCode
}

function isWayIn({ step: { page } }: KnownInvitation): boolean {
  return page === 'start' || page === 'code'
}

/** What a sign-in at a home came to, as long as the guest has not got in otherwise. */
async function endOfFlow(needs: Needs, known: KnownInvitation, flow: string | undefined) {
  if (flow === undefined || !isWayIn(known)) return undefined
  const outcome = await outcomeOf(needs, known.tenant.id, known.browser, flow)
  return outcome?.kind === 'signedIn' ? undefined : outcome
}

/** Does the step that somebody asks for, if it is the one that is due. */
async function takeStep(turn: Turn, known: KnownInvitation, fields: Fields): Promise<FastifyReply> {
  const { page } = known.step
  const isOtherAccount = page === 'wrongAccount' || (page === 'used' && known.situation.session)
  if (fields['action'] === 'switch' && isOtherAccount) return switchAccount(turn)
  if (isWayIn(known)) return proveOneself(turn, known, fields)
  const secondStep = page === 'mfa' ? secondStepTurn({ ...turn, known }) : undefined
  if (secondStep) return takeSecondStep(secondStep, fields)
  if (fields['choice'] === 'accept' && page === 'consent') return acceptHere(turn)
  if (fields['choice'] === 'decline' && page === 'consent') return declineHere(turn)
  // Somebody pressed a button of a step that is over: show what is due now.
  return answerStep({ ...turn, known })
}

/** A code, or away to a home. */
async function proveOneself(turn: Turn, known: KnownInvitation, fields: Fields): Promise<FastifyReply> {
  const { homes } = turn.due
  const { action, choice } = fields
  const chosen = choice === undefined ? homes[0] : homes.find(({ key }) => key === choice)
  if (takesPasscode(homes)) {
    if (fields['code'] !== undefined) return tryCode(turn, fields['code'])
    if (action === 'send') return sendHere(turn)
  }
  if (choice !== undefined && chosen) return by(turn, chosen, false)
  if (action === 'continue' || action === 'choose' || action === 'again' || action === 'switch') {
    return anyWay(turn, action === 'again' || action === 'switch')
  }
  return answerStep({ ...turn, known })
}

/** By the only way there is, or to the page that asks which one. */
function anyWay(turn: Turn, chooseAccount: boolean): Promise<FastifyReply> | FastifyReply {
  const { needs, due } = turn
  const [home] = due.homes
  if (due.homes.length !== 1 || !home) return seeOther(turn.reply, choosePath(needs.keys, due.link))
  return by(turn, home, chooseAccount)
}

function by(turn: Turn, home: Home, chooseAccount: boolean): Promise<FastifyReply> | FastifyReply {
  switch (home.kind) {
    case 'passcode':
      return sendHere(turn)
    case 'local':
      return toAccount(turn)
    default:
      return leaveFor(turn, home, chooseAccount)
  }
}

/** To the page of an account at the organization itself. */
function toAccount({ needs, request, reply, due }: Turn): FastifyReply {
  return seeOther(reply, withGoingOn(accountPath(needs.keys, due.link), request))
}

async function leaveFor(turn: Turn, home: Elsewhere, chooseAccount: boolean): Promise<FastifyReply> {
  const { needs, request, reply, due } = turn
  const browserHash = due.hashes.browser
  if (!browserHash) return answerStale(request, reply)
  const origin = needs.origins.of(request)
  const left = await goHome(needs, due, {
    home,
    origin,
    browserHash,
    client: request.ip,
    chooseAccount,
    goingOn: goingOnOf(request),
  })
  if ('location' in left) return seeOther(reply, left.location)
  if ('retryAt' in left) return answerTooMany(request, reply, left.retryAt, needs.clock())
  return answerKnown(turn, (answer) => answerTrouble(answer, left.trouble, home.name))
}

async function find(needs: Needs, request: FastifyRequest): Promise<KnownInvitation | undefined> {
  const link = readLink(needs.keys, queryOf(request))
  const known = link && (await lookUp(needs, link, readBrowser(request, needs.origins.isSecure(request))))
  return hasInvitation(known) ? known : undefined
}

/** The page of the link again, now with GET. */
function again({ request, reply }: Turn): FastifyReply {
  // Without what a sign-in at a home came to: the guest has gone another way since.
  return seeOther(reply, request.url.replace(/&flow=[^&]*/, ''))
}

/** Looks again and draws what is due then, or what `draw` says. */
async function answerKnown(
  { needs, request, reply, due: { link, browser } }: Turn,
  draw: (answer: Answer) => FastifyReply | Promise<FastifyReply> = answerStep,
): Promise<FastifyReply> {
  const known = await lookUp(needs, link, browser)
  return hasInvitation(known) ? draw({ needs, request, reply, known }) : answerUnknown(request, reply)
}

async function sendHere(turn: Turn): Promise<FastifyReply> {
  const { needs, request, reply, due } = turn
  if (!due.hashes.browser) return answerStale(request, reply)
  const outcome = await sendCode(needs, due, due.hashes.browser, {
    language: languageOf(request, due.invitation.language ?? undefined),
    client: clientNetwork(request.ip),
  })
  switch (outcome.outcome) {
    case 'sent':
      return again(turn)
    case 'limited':
      return answerKnown(turn, (answer) => answerLimited(answer, outcome))
    case 'notDue':
      return answerKnown(turn)
  }
}

async function tryCode(turn: Turn, typed: string): Promise<FastifyReply> {
  const { needs, request, reply, due } = turn
  const code = readCode(typed)
  const wrong = (error: CodeError) => answerKnown(turn, (answer) => answerCode(answer, 422, error, typed))
  if (!due.hashes.browser) return answerStale(request, reply)
  if (code === undefined) return wrong({ kind: 'malformed' })

  const tried = await proveMailbox(needs, due, due.hashes.browser, code, request.ip)
  switch (tried.outcome) {
    case 'ok':
      setSession(reply, due.browser, tried.session)
      return again(turn)
    case 'notDue':
      return answerKnown(turn)
    case 'blocked':
      return answerKnown(turn, (answer) => answerBlocked(answer, 'account'))
    case 'wrong':
      return wrong({ kind: 'wrong', triesLeft: tried.triesLeft ?? 0 })
    default:
      return wrong({ kind: tried.outcome })
  }
}

async function acceptHere(turn: Turn): Promise<FastifyReply> {
  const { needs, request, reply, due } = turn
  const acceptance = await acceptInvitation(needs, due)
  switch (acceptance.outcome) {
    case 'accepted':
      setSession(reply, due.browser, acceptance.session)
      return leadOn(reply, destinationOf(request, due.tenant.id, acceptance.redirectUrl))
    case 'notDue':
      return answerStep({ needs, request, reply, known: acceptance.known })
    case 'identityTaken':
      return answerBlocked({ needs, request, reply, known: acceptance.known }, 'identity')
    case 'gone':
      return answerUnknown(request, reply)
  }
}

async function declineHere(turn: Turn): Promise<FastifyReply> {
  const { needs, request, reply, due } = turn
  if (!(await declineInvitation(needs, due))) return again(turn)
  return seeOther(reply, request.url.replace('/redeem', '/redeem/declined'))
}

/** Signs the other account out here and goes on with the invited address: a code, or its home (design section 8.4). */
async function switchAccount(turn: Turn): Promise<FastifyReply> {
  const { needs, reply, due } = turn
  const { session } = due.hashes
  if (session) await endBrowser(needs.database.sql, due.tenant.id, session)
  clearSession(reply, due.browser)
  // A page that follows at once is drawn for the browser as it is from now on.
  const signedOut = {
    ...due,
    browser: { ...due.browser, session: undefined },
    hashes: { ...due.hashes, session: null },
  }
  return anyWay({ ...turn, due: signedOut }, true)
}

/** Only the statement saw it: the account is known by another identity, or the identity by another account. */
function answerBlocked(answer: Answer, reason: 'account' | 'identity'): FastifyReply | Promise<FastifyReply> {
  return answerStep({ ...answer, known: { ...answer.known, step: { page: 'blocked', reason } } })
}
