import type { FastifyReply } from 'fastify'
import { maskEmailAddress } from '../../kernel/email-address.js'
import type { Instant } from '../../kernel/instant.js'
import type { PageSecurity } from '../../platform/pages/headers.js'
import type { OrganizationFrame } from '../../platform/pages/page.js'
import { type CodeError, CodePage, LimitedPage } from '../../platform/pages/passcode-pages.js'
import { sendPage } from '../../platform/pages/send-page.js'
import { PASSCODE_LIMITS, PASSCODE_TERMS } from '../passcode.js'
import type { SendOutcome, TryOutcome } from '../store.js'

/** Where somebody is asked for a code; it is masked until they have proved it. */
export type Asked = {
  frame: OrganizationFrame
  csrf: string
  address: string
  security?: PageSecurity
  /** Where another address is given, where people typed it themselves. */
  otherUrl?: string
}

/** What is typed beside an error comes back no longer than this: a code and what people put between its digits. */
const MOST_TYPED = 12

/** Asks for the code that was sent (200), or once more after one that did not do (422). */
export function askForCode(
  reply: FastifyReply,
  { frame, csrf, address, security, otherUrl }: Asked,
  status: 200 | 422,
  error?: CodeError,
  typed?: string,
): FastifyReply {
  const page = (
    <CodePage
      frame={frame}
      csrf={csrf}
      maskedAddress={maskEmailAddress(address)}
      terms={PASSCODE_TERMS}
      error={error}
      typed={typed?.slice(0, MOST_TYPED)}
      otherUrl={otherUrl}
    />
  )
  return sendPage(reply, page, { status, nonce: frame.nonce, ...security })
}

/** What the page says of a code that did not do. */
export function codeErrorOf(outcome: Exclude<TryOutcome['outcome'], 'ok'>, triesLeft = 0): CodeError {
  if (outcome === 'wrong') return { kind: outcome, triesLeft }
  return { kind: outcome === 'blocked' ? 'none' : outcome }
}

/** Says when the next code can be asked for (429); one that is live can still be typed. */
export function tellLimit(
  reply: FastifyReply,
  { frame, csrf, address, security }: Asked,
  { limit: kind, retryAt: at }: Extract<SendOutcome, { outcome: 'limited' }>,
  { now, codeIsLive }: { now: Instant; codeIsLive: boolean },
): FastifyReply {
  const retryAt = new Date(at)
  const retryAfterSeconds = Math.max(1, Math.ceil((retryAt.getTime() - now.getTime()) / 1_000))
  const page = (
    <LimitedPage
      frame={frame}
      csrf={csrf}
      maskedAddress={maskEmailAddress(address)}
      terms={PASSCODE_TERMS}
      limit={{ kind, count: PASSCODE_LIMITS[kind], retryAt, retryAfterSeconds }}
      codeIsLive={codeIsLive}
    />
  )
  return sendPage(reply, page, { status: 429, nonce: frame.nonce, retryAfterSeconds, ...security })
}
