import type { Instant } from '../../kernel/instant.js'
import { Reference, WhatYouCanDo } from '../../platform/pages/help.js'
import { CsrfField, Heading, type OrganizationFrame, Page, titleOf } from '../../platform/pages/page.js'
import { type Inviter, waysToAsk } from './asking.js'

type DeadLinkProps = {
  frame: OrganizationFrame
  inviter: Inviter
  contactUrl?: string | undefined
  /** Names the invitation to support: `7F3K-92QD`. */
  reference: string
}

type ExpiredPageProps = DeadLinkProps & {
  expiredAt: Instant
  /** How long the invitation could be accepted, when that is worth telling. */
  lifetimeDays?: number | undefined
}

/** The invitation lapsed (410). */
export function ExpiredPage({ frame, inviter, contactUrl, reference, expiredAt, lifetimeDays }: ExpiredPageProps) {
  const { texts, organization } = frame
  const asking = waysToAsk(frame, inviter, contactUrl)
  const heading = texts.say('expired.heading', { date: texts.date(expiredAt) })
  const lead = texts.join(
    lifetimeDays && texts.rich('expired.lifetime', { organization: organization.name, days: lifetimeDays }),
    texts.say('expired.lead'),
  )
  return (
    <Page frame={frame} page="expired" title={titleOf(frame, heading)}>
      <Heading lead={lead}>{heading}</Heading>
      <WhatYouCanDo texts={texts}>
        <p>
          {texts.join(
            texts.rich('expired.fresh', asking.values),
            asking.reach === 'reply' &&
              asking.contact &&
              texts.rich('help.or', { ...asking.values, via: asking.contact.via }),
          )}
        </p>
      </WhatYouCanDo>
      <Reference texts={texts} reference={reference} />
    </Page>
  )
}

type RevokedPageProps = DeadLinkProps & {
  /** `revoked`: the inviting side took it back. `reset`: it was set up again, which gave out a newer link. */
  reason: 'revoked' | 'reset'
  at?: Instant | undefined
}

/** The link was taken out of use (410). */
export function RevokedPage({ frame, inviter, contactUrl, reference, reason, at }: RevokedPageProps) {
  const { texts, organization } = frame
  const names = { organization: organization.name }
  const { values } = waysToAsk(frame, inviter, contactUrl)
  const lead = texts.join(
    at && texts.rich(reason === 'reset' ? 'reset.on' : 'revoked.on', { ...names, date: texts.date(at) }),
    texts.say('revoked.links'),
  )
  const title =
    reason === 'reset'
      ? titleOf(frame, texts.say('reset.heading'))
      : titleOf(frame, texts.say('revoked.heading', names))
  return (
    <Page frame={frame} page="revoked" title={title}>
      <Heading lead={lead}>{texts.rich(reason === 'reset' ? 'reset.heading' : 'revoked.heading', names)}</Heading>
      <WhatYouCanDo texts={texts}>
        <p>
          {reason === 'reset'
            ? texts.join(texts.rich('reset.newer', names), texts.rich('reset.ask', values))
            : texts.join(texts.rich('revoked.ask', values), texts.say('revoked.newer'))}
        </p>
      </WhatYouCanDo>
      <Reference texts={texts} reference={reference} />
    </Page>
  )
}

type UsedPageProps = DeadLinkProps & {
  acceptedAt: Instant
  /** What the invitation opens: its name, or the host. */
  destination: string
  signInUrl?: string | undefined
  /** For a browser that is signed in as somebody else: the way to the account that accepted. */
  switchTo?: { csrf: string; maskedAddress: string } | undefined
}

/** Somebody is signed in as another identity than the one that accepted (410). */
export function UsedPage(props: UsedPageProps) {
  const { frame, inviter, contactUrl, reference, acceptedAt, destination, signInUrl, switchTo } = props
  const { texts } = frame
  const { values } = waysToAsk(frame, inviter, contactUrl, true)
  const heading = texts.say('used.heading')
  return (
    <Page frame={frame} page="used" title={titleOf(frame, heading)}>
      <Heading lead={texts.rich('used.lead', { date: texts.date(acceptedAt) })}>{heading}</Heading>
      <WhatYouCanDo texts={texts}>
        <ul class="list">
          <li>
            {signInUrl
              ? texts.rich('used.you-link', { destination, a: (words) => <a href={signInUrl}>{words}</a> })
              : texts.say('used.you')}
          </li>
          <li>{texts.rich('used.not-you', values)}</li>
        </ul>
      </WhatYouCanDo>
      {switchTo && (
        <form method="post" class="stack">
          <CsrfField token={switchTo.csrf} />
          <button type="submit" class="btn" name="action" value="switch">
            <span>{texts.rich('wrong-account.switch', { address: texts.ltr(switchTo.maskedAddress) })}</span>
          </button>
        </form>
      )}
      <Reference texts={texts} reference={reference} />
    </Page>
  )
}
