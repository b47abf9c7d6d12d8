import type { FastifyReply, FastifyRequest } from 'fastify'
import { blockUrl } from '../invitations/index.js'
import { maskEmailAddress } from '../kernel/email-address.js'
import { DAY_MS } from '../kernel/instant.js'
import { ErrorPage } from '../platform/pages/error-page.js'
import { frameFor } from '../platform/pages/frame.js'
import { type CodeError, CodePage, LimitedPage } from '../platform/pages/passcode-pages.js'
import { sendPage } from '../platform/pages/send-page.js'
import { csrfToken, ensureHandle, PASSCODE_LIMITS, PASSCODE_TERMS, type SendOutcome } from '../sign-in/index.js'
import { pageOrganization } from '../tenants/index.js'
import type { Needs } from './needs.js'
import type { Inviter } from './pages/asking.js'
import { BlockedPage, type BlockedReason } from './pages/blocked.js'
import { ConsentPage } from './pages/consent.js'
import { ExpiredPage, RevokedPage, UsedPage } from './pages/dead-link.js'
import { DeclinedPage } from './pages/declined.js'
import { StartPage } from './pages/start.js'
import { WrongAccountPage } from './pages/wrong-account.js'
import { referenceOf, type Step } from './rules.js'
import type { KnownInvitation } from './situation.js'

/** For pages whose POST can end on the landing page: Chromium holds each redirect after a submit against this. */
const LEADS_ON = { formAction: "'self' https: http:" } as const

export type Answer = {
  needs: Pick<Needs, 'keys' | 'origins'>
  request: FastifyRequest
  reply: FastifyReply
  known: KnownInvitation
}

/** Draws the page of the step that is due, or leads a signed-in guest onward. */
export function answerStep(answer: Answer): FastifyReply {
  const { reply, known } = answer
  const { step, situation } = known
  const { invitation } = situation
  const { frame, csrf, inviter, contactUrl, reference, landingHost } = shown(answer)
  const send = (page: Parameters<typeof sendPage>[1], status: number) =>
    sendPage(reply, page, { status, nonce: frame.nonce })
  const dead = { frame, inviter, contactUrl, reference }
  switch (step.page) {
    case 'onward':
      return leadOn(reply, invitation.redirectUrl)
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
      return send(
        <WrongAccountPage
          frame={frame}
          csrf={csrf}
          inviter={inviter}
          contactUrl={contactUrl}
          invitedAddress={invitation.address}
          signedInAs={situation.session?.address ?? ''}
        />,
        200,
      )
    case 'start':
      return send(
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
        />,
        200,
      )
    case 'code':
      return answerCode(answer, 200)
    case 'consent': {
      const page = (
        <ConsentPage
          frame={frame}
          csrf={csrf}
          signedInAs={situation.session?.address ?? ''}
          inviter={inviter}
          contactUrl={contactUrl}
          landingHost={landingHost}
        />
      )
      return sendPage(reply, page, { status: 200, nonce: frame.nonce, ...LEADS_ON })
    }
  }
}

/** On to where the invitation points. The header holds the address as a browser would send it, in ASCII. */
export function leadOn(reply: FastifyReply, redirectUrl: string): FastifyReply {
  reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer')
  return reply.redirect(new URL(redirectUrl).href, 303)
}

/** Asks for the code; with an error after one that did not do. */
export function answerCode(answer: Answer, status: 200 | 422, error?: CodeError, typed?: string): FastifyReply {
  const { frame, csrf } = shown(answer)
  const maskedAddress = maskEmailAddress(answer.known.situation.invitation.address)
  const page = (
    <CodePage
      frame={frame}
      csrf={csrf}
      maskedAddress={maskedAddress}
      terms={PASSCODE_TERMS}
      error={error}
      typed={typed?.slice(0, 12)}
    />
  )
  return sendPage(answer.reply, page, { status, nonce: frame.nonce, ...LEADS_ON })
}

/** Says when the next code can be asked for; a live one can still be typed. */
export function answerLimited(answer: Answer, limited: Extract<SendOutcome, { outcome: 'limited' }>): FastifyReply {
  const { frame, csrf } = shown(answer)
  const { situation } = answer.known
  const retryAt = new Date(limited.retryAt)
  const retryAfterSeconds = Math.max(1, Math.ceil((retryAt.getTime() - situation.now.getTime()) / 1_000))
  const limit = { kind: limited.limit, count: PASSCODE_LIMITS[limited.limit], retryAt, retryAfterSeconds }
  const page = (
    <LimitedPage
      frame={frame}
      csrf={csrf}
      maskedAddress={maskEmailAddress(situation.invitation.address)}
      terms={PASSCODE_TERMS}
      limit={limit}
      codeIsLive={situation.passcode?.live ?? false}
    />
  )
  return sendPage(answer.reply, page, { status: 429, nonce: frame.nonce, retryAfterSeconds, ...LEADS_ON })
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
  const frame = frameFor(request, { organization: undefined })
  return sendPage(reply, <ErrorPage frame={frame} kind="link" />, { status: 404, nonce: frame.nonce })
}

/** A form that was not drawn for this browser and session. */
export function answerStale(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const frame = frameFor(request, { organization: undefined })
  return sendPage(reply, <ErrorPage frame={frame} kind="stale" retryUrl={request.url} />, {
    status: 403,
    nonce: frame.nonce,
  })
}

function shown({ needs, request, reply, known: { tenant, browser, situation } }: Answer) {
  const { invitation } = situation
  const inviter: Inviter = {
    kind: invitation.inviterKind,
    name: invitation.inviterName,
    readsReplies: invitation.inviterMail !== null && invitation.mailed,
  }
  return {
    frame: frameFor(request, {
      organization: pageOrganization(tenant),
      privacyUrl: tenant.privacyStatementUrl,
      preferred: invitation.language ?? invitation.guest?.preferredLanguage ?? tenant.notificationLanguage,
    }),
    csrf: csrfToken(needs.keys, ensureHandle(reply, browser), browser.session),
    inviter,
    contactUrl: invitation.contactUrl ?? (tenant.contactAddress && `mailto:${tenant.contactAddress}`),
    reference: referenceOf(invitation.id),
    landingHost: new URL(invitation.redirectUrl).host,
  }
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
