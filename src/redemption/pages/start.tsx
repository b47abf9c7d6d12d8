import type { Instant } from '../../kernel/instant.js'
import { CsrfField, Heading, type OrganizationFrame, Page } from '../../platform/pages/page.js'
import { type Inviter, waysToAsk } from './asking.js'

type StartPageProps = {
  frame: OrganizationFrame
  csrf: string
  inviter: Inviter
  contactUrl?: string | undefined
  maskedAddress: string
  /** What the invitation opens, when it has a name. */
  application?: string | undefined
  /** Host of the page the guest lands on. */
  landingHost: string
  /** Absent when the invitation never lapses. */
  acceptBy?: { at: Instant; daysLeft: number } | undefined
  blockUrl?: string | undefined
}

/** The first page of a link: who invites whom, where to, until when. Sending the code is its only step. */
export function StartPage(props: StartPageProps) {
  const { frame, csrf, inviter, maskedAddress, application, landingHost } = props
  const { texts, organization } = frame
  const names = { kind: inviter.kind, inviter: inviter.name, organization: organization.name }
  const destination = application ?? texts.ltr(landingHost)
  return (
    <Page frame={frame} page="start" title={texts.say('start.heading', names)}>
      <Heading lead={texts.rich('start.lead', { destination })}>{texts.rich('start.heading', names)}</Heading>
      <Facts {...props} />
      <form method="post" class="stack">
        <CsrfField token={csrf} />
        <p>{texts.say('start.check')}</p>
        <button type="submit" class="btn main" name="action" value="send">
          <span>{texts.rich('start.send', { address: texts.ltr(maskedAddress) })}</span>
        </button>
      </form>
      <NotYou {...props} />
    </Page>
  )
}

function Facts({ frame, inviter, maskedAddress, application, landingHost, acceptBy }: StartPageProps) {
  const { texts, organization } = frame
  const host = texts.ltr(landingHost)
  return (
    <dl class="rows">
      {inviter.kind === 'application' && (
        <div>
          <dt>{texts.say('start.sent-by')}</dt>
          <dd>
            {texts.isolate(inviter.name)}{' '}
            <span class="sub">{texts.rich('consent.application', { organization: organization.name })}</span>
          </dd>
        </div>
      )}
      <div>
        <dt>{texts.say('start.invited')}</dt>
        <dd>{texts.ltr(maskedAddress)}</dd>
      </div>
      <div>
        <dt>{texts.say('start.opens')}</dt>
        {application ? (
          <dd>
            {texts.isolate(application)} <span class="sub">{host}</span>
          </dd>
        ) : (
          <dd>{host}</dd>
        )}
      </div>
      <div>
        <dt>{texts.say('start.accept-by')}</dt>
        {acceptBy ? (
          <dd>
            <time datetime={acceptBy.at.toISOString()}>{texts.date(acceptBy.at)}</time>{' '}
            <span class="sub">{texts.daysLeft(acceptBy.daysLeft)}</span>
          </dd>
        ) : (
          <dd>{texts.say('start.no-end')}</dd>
        )}
      </div>
    </dl>
  )
}

function NotYou({ frame, inviter, contactUrl, blockUrl }: StartPageProps) {
  const { texts, organization } = frame
  const asking = waysToAsk(frame, inviter, contactUrl)
  return (
    <details>
      <summary>{texts.say('start.not-you')}</summary>
      <p class="sub">
        {texts.join(
          texts.say('start.not-you.close'),
          texts.rich('start.not-you.other', asking.values),
          blockUrl &&
            texts.rich('start.not-you.block', {
              organization: organization.name,
              a: (words) => <a href={blockUrl}>{words}</a>,
            }),
        )}
      </p>
    </details>
  )
}
