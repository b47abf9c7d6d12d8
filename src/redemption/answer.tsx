import type { FastifyReply, FastifyRequest } from 'fastify'
import { blockUrl } from '../invitations/index.js'
import { maskEmailAddress } from '../kernel/email-address.js'
import { DAY_MS } from '../kernel/instant.js'
import { answerError } from '../platform/pages/answer-error.js'
import { queryOf } from '../platform/pages/frame.js'
import type { CodeError } from '../platform/pages/passcode-pages.js'
import { seeOther, sendPage } from '../platform/pages/send-page.js'
import { askForCode, askSecondStep, type SendOutcome, type StepTurn, tellLimit } from '../sign-in/index.js'
import { answerWrongAccount, shownHome } from './answer-home.js'
import { BlockedPage, type BlockedReason } from './pages/blocked.js'
import { ConsentPage } from './pages/consent.js'
import { ExpiredPage, RevokedPage, UsedPage } from './pages/dead-link.js'
import { DeclinedPage } from './pages/declined.js'
import { StartPage } from './pages/start.js'
import type { Step } from './rules.js'
import { type Answer, contactOf, LEADS_ON, shown } from './shown.js'
import type { KnownInvitation } from './situation.js'

/** Draws the page of the step that is due, or leads a signed-in guest onward. */
export function answerStep(answer: Answer): FastifyReply | Promise<FastifyReply> {
  const { reply, known } = answer
  const { step, situation } = known
  const { invitation } = situation
  const { frame, csrf, inviter, contactUrl, reference, landingHost } = shown(answer)
  const send = (page: Parameters<typeof sendPage>[1], status: number) =>
    sendPage(reply, page, { status, nonce: frame.nonce })
  const dead = { frame, inviter, contactUrl, reference }
  switch (step.page) {
    case 'onward':
      return leadOn(reply, destinationOf(answer.request, known.tenant.id, invitation.redirectUrl))
    case 'unknown':
      return answerUnknown(answer.request, reply)
    case 'revoked':
      return send(<RevokedPage {...dead} reason={step.reason} at={instantOf(invitation.endedAt)} />, 410)
    case 'expired':
      return send(
        <ExpiredPage
          {...dead}
          expiredAt={instantOf(invitation.expiresAt) ?? situation.now}
          lifetimeDays={lifetimeOf(known)}
        />,
        410,
      )
    case 'used':
      return send(
        <UsedPage
          {...dead}
          acceptedAt={instantOf(invitation.redeemedAt) ?? situation.now}
          destination={landingHost}
          switchTo={situation.session ? { csrf, maskedAddress: maskEmailAddress(invitation.address) } : undefined}
        />,
        410,
      )
    case 'blocked':
      return send(
        <BlockedPage
          frame={frame}
          inviter={inviter}
          contactUrl={contactUrl}
          reason={blockedReason(step.reason, invitation)}
        />,
        403,
      )
    case 'wrongAccount':
      return answerWrongAccount(answer, situation.session?.address ?? '')
    case 'start': {
      const page = (
        <StartPage
          frame={frame}
          csrf={csrf}
          inviter={inviter}
          contactUrl={contactUrl}
          maskedAddress={maskEmailAddress(invitation.address)}
          landingHost={landingHost}
          acceptBy={acceptBy(known)}
          blockUrl={blockPath(answer)}
          isReturn={invitation.status === 'completed'}
          homes={situation.homes.map(shownHome)}
        />
      )
      // Its POST can end at the guest's home.
      return sendPage(reply, page, { status: 200, nonce: frame.nonce, ...LEADS_ON })
    }
    case 'code':
      return answerCode(answer, 200)
    case 'mfa': {
      const turn = secondStepTurn(answer)
      return turn ? askSecondStep(turn) : answerUnknown(answer.request, reply)
    }
    case 'consent': {
      const page = (
        <ConsentPage
          frame={frame}
          csrf={csrf}
          signedInAs={situation.session?.address ?? ''}
          accountUrl={known.mayLeave ? `/myaccount?tenant=${known.tenant.id}` : undefined}
          inviter={inviter}
          contactUrl={contactUrl}
          landingHost={landingHost}
        />
      )
      return sendPage(reply, page, { status: 200, nonce: frame.nonce, ...LEADS_ON })
    }
  }
}

/** The second step of whoever is signed in here; undefined when nobody is. */
export function secondStepTurn({ needs, request, reply, known }: Answer): StepTurn | undefined {
  const { tenant, browser, situation } = known
  const { invitation, session } = situation
  if (!session) return undefined
  const preferred = invitation.language ?? invitation.guest?.preferredLanguage ?? undefined
  const loggedFor = { correlationId: invitation.id }
  return { needs, request, reply, tenant, browser, session, preferred, contactUrl: contactOf(known), loggedFor }
}

/**
 * Where accepting leads: where the invitation points, or back to the sign-in to an application that it was accepted on
 * the way of. That is a path of ours whatever the query says, and its page knows the browser by its own cookie.
 */
export function destinationOf(request: FastifyRequest, tenantId: string, redirectUrl: string): string {
  const uid = goingOnOf(request)
  return uid === undefined ? redirectUrl : `/signin/app/${uid}?tenant=${tenantId}`
}

/** The sign-in to an application that accepting goes on with. */
export function goingOnOf(request: FastifyRequest): string | undefined {
  const { continue: uid = '' } = queryOf(request)
  return /^[A-Za-z0-9_-]{16,64}$/.test(uid) ? uid : undefined
}

/** A path of this link that still knows the sign-in to an application it was opened on the way of. */
export function withGoingOn(path: string, request: FastifyRequest): string {
  const uid = goingOnOf(request)
  return uid === undefined ? path : `${path}&continue=${uid}`
}

/** On to where the invitation points. The header holds the address as a browser would send it, in ASCII. */
export function leadOn(reply: FastifyReply, redirectUrl: string): FastifyReply {
  return seeOther(reply, redirectUrl.startsWith('/') ? redirectUrl : new URL(redirectUrl).href)
}

/** Asks for the code; with an error after one that did not do. */
export function answerCode(answer: Answer, status: 200 | 422, error?: CodeError, typed?: string): FastifyReply {
  return askForCode(answer.reply, asked(answer), status, error, typed)
}

/** Says when the next code can be asked for; a live one can still be typed. */
export function answerLimited(answer: Answer, limited: Extract<SendOutcome, { outcome: 'limited' }>): FastifyReply {
  const { now, passcode } = answer.known.situation
  return tellLimit(answer.reply, asked(answer), limited, { now, codeIsLive: passcode?.live ?? false })
}

function asked(answer: Answer) {
  const { frame, csrf } = shown(answer)
  return { frame, csrf, address: answer.known.situation.invitation.address, security: LEADS_ON }
}

/** After "Decline". */
export function answerDeclined(answer: Answer): FastifyReply {
  const { frame } = shown(answer)
  const acceptUntil = instantOf(answer.known.situation.invitation.expiresAt)
  const page = <DeclinedPage frame={frame} acceptBy={acceptUntil} blockUrl={blockPath(answer)} />
  return sendPage(answer.reply, page, { status: 200, nonce: frame.nonce })
}

/** An unknown or forged link: no organization is named. */
export function answerUnknown(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return answerError(request, reply, 'link')
}

/** A form that was not drawn for this browser and session. */
export function answerStale(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return answerError(request, reply, 'stale', request.url)
}

function acceptBy({ situation: { invitation, now } }: KnownInvitation) {
  const at = instantOf(invitation.expiresAt)
  if (!at || invitation.status !== 'pending') return undefined
  return { at, daysLeft: Math.floor((at.getTime() - now.getTime()) / DAY_MS) }
}

/** Told only when it was whole days, as the organization's default is. */
function lifetimeOf({ situation: { invitation } }: KnownInvitation): number | undefined {
  const expiresAt = instantOf(invitation.expiresAt)
  const days = expiresAt ? (expiresAt.getTime() - new Date(invitation.createdAt).getTime()) / DAY_MS : 0
  return days >= 1 && Math.abs(days - Math.round(days)) < 0.001 ? Math.round(days) : undefined
}

function blockPath({ needs, known: { link } }: Answer): string {
  return blockUrl('', needs.keys, link.tenantId, link.invitationId)
}

function blockedReason(
  reason: Extract<Step, { page: 'blocked' }>['reason'],
  { address, guest }: KnownInvitation['situation']['invitation'],
): BlockedReason {
  if (reason === 'ended') return { kind: reason, endedAt: instantOf(guest?.accessEndsAt ?? null) }
  if (reason !== 'domain') return { kind: reason }
  return { kind: reason, domain: address.slice(address.lastIndexOf('@') + 1) }
}

function instantOf(text: string | null): Date | undefined {
  return text === null ? undefined : new Date(text)
}
