import type { Instant } from '../../kernel/instant.js'
import { AddressForm } from '../../platform/pages/address-form.js'
import { CsrfField, Heading, initialsOf, Page, type PageFrame } from '../../platform/pages/page.js'

type ManageBlocksEmailPageProps = {
  frame: PageFrame
  csrf: string
  /** What was typed, when it is not an address (422). */
  malformed?: string | undefined
}

/** Asks whose blocks are to be shown; a code to that mailbox comes next. */
export function ManageBlocksEmailPage({ frame, csrf, malformed }: ManageBlocksEmailPageProps) {
  const { texts } = frame
  const heading = texts.say('blocks.heading')
  const refused = malformed !== undefined
  return (
    <Page
      frame={frame}
      page="blocks"
      step="email"
      title={refused ? texts.say('page.title-error', { title: heading }) : heading}
    >
      <Heading lead={texts.say('blocks.email.lead')}>{heading}</Heading>
      <AddressForm texts={texts} csrf={csrf} address={malformed} isMalformed={refused} />
    </Page>
  )
}

/** An organization whose invitations an address does not want. */
export type BlockedOrganization = { tenantId: string; name: string; domain: string; blockedAt: Instant }

type ManageBlocksPageProps = {
  frame: PageFrame
  csrf: string
  /** The proved address, in full. */
  address: string
  blocked: readonly BlockedOrganization[]
  /** Name of the organization that was just unblocked. */
  unblocked?: string | undefined
}

/** The organizations an address has blocked, each with a button that undoes it (`unblock` = tenant id). */
export function ManageBlocksPage({ frame, csrf, address, blocked, unblocked }: ManageBlocksPageProps) {
  const { texts } = frame
  const heading = texts.say('blocks.heading')
  const lead = texts.rich(blocked.length > 0 ? 'blocks.lead' : 'blocks.none.lead', { address: texts.ltr(address) })
  return (
    <Page frame={frame} page="blocks" step="list" title={heading}>
      <Heading lead={lead}>{heading}</Heading>
      {unblocked && (
        <p class="note" role="status">
          {texts.rich('blocks.unblocked', { organization: unblocked })}
        </p>
      )}
      {blocked.length > 0 ? (
        <form method="post" class="stack">
          <CsrfField token={csrf} />
          <ul class="pair">
            {blocked.map((organization) => (
              <BlockedRow frame={frame} organization={organization} />
            ))}
          </ul>
        </form>
      ) : (
        <p>{texts.say('blocks.none')}</p>
      )}
    </Page>
  )
}

function BlockedRow({ frame: { texts }, organization }: { frame: PageFrame; organization: BlockedOrganization }) {
  const { tenantId, name, domain, blockedAt } = organization
  return (
    <li class="row">
      <span class="who">
        <span class="face" aria-hidden="true">
          {initialsOf(name)}
        </span>
        <span>
          <b>{texts.isolate(name)}</b>
          <span class="sub">
            <bdi dir="ltr">{domain}</bdi>
          </span>
          <span class="sub">{texts.rich('blocks.since', { date: texts.date(blockedAt) })}</span>
        </span>
      </span>
      <button type="submit" class="btn" name="unblock" value={tenantId}>
        <span>{texts.rich('blocks.unblock', { organization: name })}</span>
      </button>
    </li>
  )
}
