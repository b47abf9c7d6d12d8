import type { FastifyReply, FastifyRequest } from 'fastify'
import { redeemUrl } from '../../invitations/index.js'
import { referenceOf } from '../../kernel/ids.js'
import { answerError } from '../../platform/pages/answer-error.js'
import { queryOf } from '../../platform/pages/frame.js'
import { safeLink } from '../../platform/pages/link.js'
import type { CodeError } from '../../platform/pages/passcode-pages.js'
import { seeOther } from '../../platform/pages/send-page.js'
import {
  askForCode,
  csrfOf,
  type FlowOutcome,
  HOME_AGAIN_SECONDS,
  HomeTroublePage,
  outcomeOf,
  TROUBLE_STATUS,
  type Trouble,
} from '../../sign-in/index.js'
import { askAfterProof } from './ask-connector.js'
import { newChallenge, workScript } from './challenge.js'
import { barOf } from './finish-run.js'
import { answerForm } from './form.js'
import { knownWays, offersOf } from './offers.js'
import { BeginPage, ConfirmAddressPage } from './pages/begin.js'
import { BlockedPage, type BlockedReason, DonePage, FailedPage, TakenPage, TooManyPage } from './pages/endings.js'
import { TermsPage } from './pages/terms.js'
import { courseOf, nextStep, type Run } from './rules.js'
import { asked, askOf, domainOf, frameOf, send } from './shown.js'
import { type Known, keep } from './store.js'
import { goingOnOf, holderOf, logOf, onwardPath, pathOf, type Situation, type Visit, withQuery } from './visit.js'

/** Seconds after which a connector that failed is worth another try, where it is not known better. */
const AGAIN_SECONDS = 60

/** Draws the page of the step that is due. What a page does by itself is to ask the first connector. */
export async function answerStep(situation: Situation): Promise<FastifyReply> {
  const { needs, tenant, flow, browser, view } = situation
  if (view.session) return answerSignedIn(situation)
  if (!flow.isEnabled) return answerBlocked(situation, { kind: 'off' })
  const { flow: state } = queryOf(situation.request)
  const outcome = state === undefined ? undefined : await outcomeOf(needs, tenant.id, browser, state)
  const run = view.run ?? undefined
  if (outcome && outcome.kind !== 'signedIn' && !run?.proof) return answerOutcome(situation, outcome)
  const answerClosed = run && !run.ending && (await closingOf(situation, run))
  if (answerClosed) return answerClosed()
  // Whoever mistyped their address need not wait until its code is over.
  const awaited = view.passcode?.live && queryOf(situation.request)['other'] !== '1' ? view.passcode : undefined
  switch (nextStep(run, courseOf(flow))) {
    case 'prove':
      return awaited ? answerCode(situation, awaited.address) : answerBegin(situation)
    case 'confirmAddress':
      return awaited ? answerCode(situation, awaited.address) : answerConfirm(situation, run)
    case 'enrich':
      return enrich(situation, run)
    case 'answer':
    case 'check':
    case 'finish':
      return answerForm(situation, run)
    case 'agree':
      return queryOf(situation.request)['edit'] === '1' ? answerForm(situation, run) : answerTerms(situation)
    case 'ended':
      if (run?.ending?.kind === 'blocked') {
        return answerBlocked(situation, { kind: 'connector', userMessage: run.ending.userMessage })
      }
      return run?.ending?.kind === 'held' ? answerHeld(situation) : answerBegin(situation)
  }
}

/** To the request, as long as there is one to look at: after one that has lapsed, or was deleted, they may ask again. */
function answerHeld(situation: Situation): FastifyReply | Promise<FastifyReply> {
  const { needs, reply, tenant, flow, view } = situation
  if (!view.request) return answerBegin(situation)
  return seeOther(reply, needs.neighbours.requests.path(tenant.id, flow.id))
}

/**
 * What ends the run before it began: the organization takes no such guests, or the request is there already. Not the
 * answer itself, since a reply is a thenable: one that is awaited comes back as undefined.
 */
async function closingOf(situation: Situation, { proof }: Run): Promise<(() => FastifyReply) | undefined> {
  const { needs, reply, tenant, flow, view } = situation
  const address = proof?.address
  if (!address) return undefined
  const bar = await barOf(situation, address)
  if (bar) return () => answerBlocked(situation, { kind: bar, domain: domainOf(address) })
  const holder = holderOf(situation)
  if (!view.request || !holder) return undefined
  const { requests } = needs.neighbours
  if (!view.request.isTied) await requests.tie(tenant.id, view.request.id, holder.browser)
  return () => seeOther(reply, requests.path(tenant.id, flow.id))
}

async function enrich(situation: Situation, run: Run | undefined): Promise<FastifyReply> {
  const { needs, reply, tenant } = situation
  const session = holderOf(situation)?.session
  if (!run || !session) return seeOther(reply, pathOf(situation))
  const asked = await askAfterProof(situation, run)
  if (asked.outcome === 'failed') return answerFailed(situation, asked.answer.retryAfter)
  const kept = await keep(needs.database.sql, tenant.id, needs.clock(), session, run, asked.changes)
  if (!kept) return seeOther(reply, pathOf(situation))
  if (kept.ending?.kind === 'blocked') {
    return answerBlocked(situation, { kind: 'connector', userMessage: kept.ending.userMessage })
  }
  return answerForm(situation, kept)
}

/** Somebody has an account here. Guests who have still to accept an invitation do so now; its page leads on. */
function answerSignedIn(situation: Situation): FastifyReply {
  const { needs, request, reply, tenant, flow, view } = situation
  const { session } = view
  if (!session) throw new Error('nobody is signed in')
  if (session.state === 'PendingAcceptance') {
    if (!session.invitation) return answerBlocked(situation, { kind: 'account' })
    const link = redeemUrl('', needs.keys, { tenantId: tenant.id, ...session.invitation })
    const { uid } = goingOnOf(request, flow)
    return seeOther(reply, uid === undefined ? link : `${link}&continue=${uid}`)
  }
  if (queryOf(request)['arrived'] !== undefined) return seeOther(reply, onwardPath(situation))
  const frame = frameOf(situation)
  const page = (
    <DonePage
      frame={frame}
      csrf={csrfOf(situation)}
      address={session.address}
      isMember={session.userType === 'Member'}
      onwardUrl={onwardPath(situation)}
    />
  )
  return send(situation, frame, page, { status: 200 })
}

/** What a sign-in at a home came to that led nowhere. */
async function answerOutcome(situation: Situation, outcome: FlowOutcome): Promise<FastifyReply> {
  switch (outcome.kind) {
    case 'trouble':
      return answerTrouble(situation, outcome.trouble, outcome.home)
    case 'wrongAccount':
      return answerTaken(situation, outcome.address, [])
    case 'signedIn':
    case 'tested':
      return answerBegin(situation)
  }
}

/** The first page; with what was typed when that is no address. */
export async function answerBegin(visit: Visit, malformed?: string): Promise<FastifyReply> {
  const { needs, tenant, flow, now } = visit
  const { homes, takesAddress } = await offersOf(visit)
  const frame = frameOf(visit)
  const csrf = csrfOf(visit)
  const work = tenant.settings.signUpChallenge
    ? { challenge: newChallenge(needs.keys, [tenant.id, flow.id, csrf], now), script: workScript().path }
    : undefined
  const page = (
    <BeginPage
      frame={frame}
      csrf={csrf}
      ways={homes}
      takesAddress={takesAddress}
      address={malformed}
      isMalformed={malformed !== undefined}
      work={work}
    />
  )
  return send(visit, frame, page, { status: malformed === undefined ? 200 : 422, runsOwnScript: work !== undefined })
}

export function answerConfirm(visit: Visit, run: Run | undefined, malformed?: string): FastifyReply {
  const frame = frameOf(visit)
  const page = (
    <ConfirmAddressPage
      frame={frame}
      csrf={csrfOf(visit)}
      address={malformed ?? run?.proof?.toldAddress ?? undefined}
      isMalformed={malformed !== undefined}
    />
  )
  return send(visit, frame, page, { status: malformed === undefined ? 200 : 422 })
}

export function answerCode(visit: Visit, address: string, error?: CodeError, typed?: string): FastifyReply {
  return askForCode(visit.reply, asked(visit, address), error ? 422 : 200, error, typed)
}

export function answerTerms(visit: Visit, isMissing = false): FastifyReply {
  const { flow } = visit
  const terms = safeLink(flow.termsOfUseUrl)
  if (!terms) throw new Error(`the terms of use of ${flow.id} have no address`)
  const frame = frameOf(visit)
  const page = (
    <TermsPage
      frame={frame}
      csrf={csrfOf(visit)}
      terms={terms}
      next={flow.requiresApproval ? 'request' : 'create'}
      changeUrl={withQuery(pathOf(visit), 'edit=1')}
      isMissing={isMissing}
    />
  )
  return send(visit, frame, page, { status: isMissing ? 422 : 200 })
}

export function answerBlocked(visit: Visit, reason: BlockedReason): FastifyReply {
  const frame = frameOf(visit)
  const page = <BlockedPage frame={frame} csrf={csrfOf(visit)} reason={reason} ask={askOf(visit, frame)} />
  return send(visit, frame, page, { status: 403 })
}

/** The proved address is of an account that is known otherwise. */
export async function answerTaken(visit: Visit, address: string, identities: readonly Known[]): Promise<FastifyReply> {
  const frame = frameOf(visit)
  const ways = await knownWays(visit, identities)
  return send(visit, frame, <TakenPage frame={frame} csrf={csrfOf(visit)} address={address} ways={ways} />, {
    status: 403,
  })
}

export function answerFailed(visit: Visit, retryAfter = AGAIN_SECONDS): FastifyReply {
  const frame = frameOf(visit)
  const page = <FailedPage frame={frame} csrf={csrfOf(visit)} ask={askOf(visit, frame)} />
  return send(visit, frame, page, { status: 503, retryAfterSeconds: retryAfter })
}

export function answerTrouble(visit: Visit, trouble: Trouble, home: string): FastifyReply {
  const frame = frameOf(visit)
  const holder = holderOf(visit)
  const page = (
    <HomeTroublePage
      frame={frame}
      csrf={csrfOf(visit)}
      action={pathOf(visit)}
      ask={askOf(visit, frame)}
      reference={holder ? referenceOf(logOf(visit, holder, '').correlationId) : ''}
      referenceOf="sign-in"
      trouble={trouble}
      home={home}
    />
  )
  const retryAfter = trouble === 'unreachable' ? { retryAfterSeconds: HOME_AGAIN_SECONDS } : {}
  return send(visit, frame, page, { status: TROUBLE_STATUS[trouble], ...retryAfter })
}

export function answerTooMany(visit: Visit, at: string): FastifyReply {
  const frame = frameOf(visit)
  const retryAt = new Date(at)
  const withScript = visit.tenant.settings.signUpChallenge
  const page = <TooManyPage frame={frame} retryAt={retryAt} withScript={withScript} />
  const seconds = Math.max(1, (retryAt.getTime() - visit.now.getTime()) / 1_000)
  return send(visit, frame, page, { status: 429, retryAfterSeconds: seconds })
}

/** No such flow, or not of this organization: none is named. */
export function answerUnknown(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return answerError(request, reply, 'missing')
}

/** A form that was not drawn for this browser and session. */
export function answerStale(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return answerError(request, reply, 'stale', request.url)
}
