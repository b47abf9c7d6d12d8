import type { FastifyReply, FastifyRequest } from 'fastify'
import { blockUrl } from '../invitations/index.js'
import { maskEmailAddress } from '../kernel/email-address.js'
import { DAY_MS } from '../kernel/instant.js'
import { ErrorPage } from '../platform/pages/error-page.js'
import { frameFor, queryOf } from '../platform/pages/frame.js'
import type { CodeError } from '../platform/pages/passcode-pages.js'
import { sendPage } from '../platform/pages/send-page.js'
import {
  askForCode,
  askSecondStep,
  csrfToken,
  ensureHandle,
  type FlowOutcome,
  type Home,
  type SendOutcome,
  type StepTurn,
  TROUBLE_STATUS,
  type Trouble,
  tellLimit,
} from '../sign-in/index.js'
import { pageOrganization } from '../tenants/index.js'
import { choosePath, pathOf } from './link.js'
import type { Needs } from './needs.js'
import type { Inviter } from './pages/asking.js'
import { BlockedPage, type BlockedReason } from './pages/blocked.js'
import { ChooseProviderPage } from './pages/choose-provider.js'
import { ConsentPage } from './pages/consent.js'
import { ExpiredPage, RevokedPage, UsedPage } from './pages/dead-link.js'
import { DeclinedPage } from './pages/declined.js'
import { HomeTroublePage } from './pages/home-trouble.js'
import type { ShownHome } from './pages/homes.js'
import { StartPage } from './pages/start.js'
import { WrongAccountPage } from './pages/wrong-account.js'
import { referenceOf, type Step } from './rules.js'
import type { KnownInvitation } from './situation.js'

/** For pages whose POST can end on the landing page: Chromium holds each redirect after a submit against this. */
const LEADS_ON = { formAction: "'self' https: http:" } as const

export type Answer = {
  needs: Pick<Needs, 'keys' | 'origins' | 'database' | 'clock' | 'newId'>
  request: FastifyRequest
  reply: FastifyReply
  known: KnownInvitation
}

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
  return { needs, request, reply, tenant, browser, session, preferred, contactUrl: contactOf(known) }
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

/** Names the account in use and the invited one, and offers the switch. */
function answerWrongAccount(answer: Answer, signedInAs: string): FastifyReply {
  const { frame, csrf, inviter, contactUrl } = shown(answer)
  const { invitation, homes } = answer.known.situation
  const [home] = homes
  const page = (
    <WrongAccountPage
      frame={frame}
      csrf={csrf}
      inviter={inviter}
      contactUrl={contactUrl}
      invitedAddress={invitation.address}
      signedInAs={signedInAs}
      action={linkPath(answer)}
      next={
        homes.length > 1
          ? { kind: 'choose' }
          : home && home.kind !== 'passcode'
            ? { kind: 'home', name: home.name }
            : { kind: 'code' }
      }
    />
  )
  return sendPage(answer.reply, page, { status: 200, nonce: frame.nonce, ...LEADS_ON })
}

/** Asks which of several accounts it shall be. */
export function answerChoice(answer: Answer): FastifyReply {
  const { frame, csrf } = shown(answer)
  const { invitation, homes } = answer.known.situation
  const page = (
    <ChooseProviderPage
      frame={frame}
      csrf={csrf}
      action={linkPath(answer)}
      maskedAddress={maskEmailAddress(invitation.address)}
      homes={homes.map(shownHome)}
    />
  )
  return sendPage(answer.reply, page, { status: 200, nonce: frame.nonce, ...LEADS_ON })
}

/** Tells what a sign-in at somebody's home came to, and what to do. */
export function answerOutcome(answer: Answer, outcome: Exclude<FlowOutcome, { kind: 'signedIn' }>): FastifyReply {
  if (outcome.kind === 'wrongAccount') return answerWrongAccount(answer, outcome.address)
  return answerTrouble(answer, outcome.trouble, outcome.home)
}

const HOME_AGAIN_SECONDS = 60

export function answerTrouble(answer: Answer, trouble: Trouble, home: string): FastifyReply {
  const { frame, csrf, inviter, contactUrl, reference } = shown(answer)
  const page = (
    <HomeTroublePage
      frame={frame}
      csrf={csrf}
      action={linkPath(answer)}
      inviter={inviter}
      contactUrl={contactUrl}
      reference={reference}
      trouble={trouble}
      home={home}
      chooseUrl={answer.known.situation.homes.length > 1 ? choosePath(answer.needs.keys, answer.known.link) : undefined}
    />
  )
  const retryAfterSeconds = trouble === 'unreachable' ? HOME_AGAIN_SECONDS : undefined
  return sendPage(answer.reply, page, {
    status: TROUBLE_STATUS[trouble],
    nonce: frame.nonce,
    retryAfterSeconds,
    ...LEADS_ON,
  })
}

/** The link without whatever a page added to it. */
function linkPath({ needs: { keys }, known: { link } }: Pick<Answer, 'needs' | 'known'>): string {
  return pathOf(keys, link)
}

function shownHome(home: Home): ShownHome {
  if (home.kind === 'passcode') return { key: home.key, kind: 'code', name: '' }
  const { key, name } = home
  const provider = home.kind === 'provider' ? home.provider : 'saml'
  return { key, name, kind: provider === 'oidc' || provider === 'saml' ? 'organization' : provider }
}

/** On to where the invitation points. The header holds the address as a browser would send it, in ASCII. */
export function leadOn(reply: FastifyReply, redirectUrl: string): FastifyReply {
  reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer')
  return reply.redirect(redirectUrl.startsWith('/') ? redirectUrl : new URL(redirectUrl).href, 303)
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
    contactUrl: contactOf({ tenant, situation }),
    reference: referenceOf(invitation.id),
    landingHost: new URL(invitation.redirectUrl).host,
  }
}

function contactOf({ tenant, situation }: Pick<KnownInvitation, 'tenant' | 'situation'>): string | undefined {
  return situation.invitation.contactUrl ?? (tenant.contactAddress && `mailto:${tenant.contactAddress}`)
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
