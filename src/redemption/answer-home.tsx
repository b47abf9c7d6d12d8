import type { FastifyReply } from 'fastify'
import { maskEmailAddress } from '../kernel/email-address.js'
import { sendPage } from '../platform/pages/send-page.js'
import {
  type FlowOutcome,
  HOME_AGAIN_SECONDS,
  type Home,
  HomeTroublePage,
  TROUBLE_STATUS,
  type Trouble,
} from '../sign-in/index.js'
import { choosePath, pathOf } from './link.js'
import { waysToAsk } from './pages/asking.js'
import { ChooseProviderPage } from './pages/choose-provider.js'
import type { ShownHome } from './pages/homes.js'
import { WrongAccountPage } from './pages/wrong-account.js'
import { type Answer, LEADS_ON, shown } from './shown.js'

/** Names the account in use and the invited one, and offers the switch. */
export function answerWrongAccount(answer: Answer, signedInAs: string): FastifyReply {
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
          : home?.kind === 'local'
            ? { kind: 'local' }
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
  // A flow of an invitation is no test of a connection.
  if (outcome.kind === 'tested') throw new Error('a connection test led to an invitation')
  return answerTrouble(answer, outcome.trouble, outcome.home)
}

/** Tells what went wrong at somebody's home, and what to do. */
export function answerTrouble(answer: Answer, trouble: Trouble, home: string): FastifyReply {
  const { frame, csrf, inviter, contactUrl, reference } = shown(answer)
  const page = (
    <HomeTroublePage
      frame={frame}
      csrf={csrf}
      action={linkPath(answer)}
      ask={waysToAsk(frame, inviter, contactUrl).values}
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

/** A home as pages show it. */
export function shownHome(home: Home): ShownHome {
  if (home.kind === 'passcode') return { key: home.key, kind: 'code', name: '' }
  if (home.kind === 'local') return { key: home.key, kind: 'local', name: '' }
  const { key, name } = home
  const provider = home.kind === 'provider' ? home.provider : 'saml'
  return { key, name, kind: provider === 'oidc' || provider === 'saml' ? 'organization' : provider }
}
