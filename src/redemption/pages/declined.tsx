import type { Instant } from '../../kernel/instant.js'
import { Heading, type OrganizationFrame, Page, titleOf } from '../../platform/pages/page.js'

type DeclinedPageProps = {
  frame: OrganizationFrame
  /** Until when the link still works; absent when the invitation never lapses. */
  acceptBy?: Instant | undefined
  blockUrl?: string | undefined
}

/** After "Decline": what happened, and that it can still be changed. */
export function DeclinedPage({ frame, acceptBy, blockUrl }: DeclinedPageProps) {
  const { texts, organization } = frame
  const names = { organization: organization.name }
  return (
    <Page frame={frame} page="declined" title={titleOf(frame, texts.say('declined.title'))}>
      <Heading lead={texts.rich('declined.lead', names)}>{texts.say('declined.heading')}</Heading>
      <p>{acceptBy ? texts.rich('declined.until', { date: texts.date(acceptBy) }) : texts.say('declined.open')}</p>
      {blockUrl && (
        <p>
          <a class="alone" href={blockUrl}>
            {texts.rich('declined.block', names)}
          </a>
        </p>
      )}
    </Page>
  )
}
