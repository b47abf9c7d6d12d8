import type { Instant } from '../../kernel/instant.js'
import { WhatYouCanDo } from '../../platform/pages/help.js'
import { Heading, type OrganizationFrame, Page, titleOf } from '../../platform/pages/page.js'
import { type Inviter, waysToAsk } from './asking.js'

/** Why the organization does not let this guest in: the address's domain, no guests at all, this account, its time, or another. */
export type BlockedReason =
  | { kind: 'domain'; domain: string }
  | { kind: 'organization' }
  | { kind: 'account' }
  /** The time is over that this guest's access was given for. */
  | { kind: 'ended'; endedAt: Instant | undefined }
  /** Another account signs in with this address. */
  | { kind: 'identity' }
  /** No way to prove the address is open. */
  | { kind: 'noWay' }

type BlockedPageProps = {
  frame: OrganizationFrame
  inviter: Inviter
  contactUrl?: string | undefined
  reason: BlockedReason
}

/** The invitation stands, but a rule of the organization now says no (403). */
export function BlockedPage({ frame, inviter, contactUrl, reason }: BlockedPageProps) {
  const { texts, organization } = frame
  const { values } = waysToAsk(frame, inviter, contactUrl, true)
  const domain = reason.kind === 'domain' ? reason.domain : ''
  const names = { organization: organization.name }
  // What that page says must be done, the guest can only ask for; the others may be meant as they are.
  const ask =
    reason.kind === 'identity' || reason.kind === 'ended' ? (`blocked.${reason.kind}.ask` as const) : 'blocked.ask'
  const date = reason.kind === 'ended' && reason.endedAt ? texts.date(reason.endedAt) : ''
  const heading = `blocked.${reason.kind}.heading` as const
  return (
    <Page frame={frame} page="blocked" title={titleOf(frame, texts.say(heading, { ...names, domain }))}>
      <Heading lead={texts.rich(`blocked.${reason.kind}.lead`, { ...names, date })}>
        {texts.rich(heading, { ...names, domain: texts.ltr(domain) })}
      </Heading>
      <WhatYouCanDo texts={texts}>
        <p>{texts.rich(ask, values)}</p>
      </WhatYouCanDo>
    </Page>
  )
}
