import type { Instant } from '../../kernel/instant.js'
import type { Texts } from '../../platform/i18n/index.js'
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
  /** The invitation was accepted before: its link is a way to sign in, and nobody is invited any more. */
  isReturn: boolean
}

/** The first page of a link: who invites whom, where to, until when. Sending the code is its only step. */
export function StartPage(props: StartPageProps) {
  const { frame, csrf, inviter, maskedAddress, application, landingHost, isReturn } = props
  const { texts, organization } = frame
  const names = { kind: inviter.kind, inviter: inviter.name, organization: organization.name }
  const destination = application ?? texts.ltr(landingHost)
  const heading = isReturn ? 'start.return.heading' : 'start.heading'
  const lead = texts.rich(isReturn ? 'start.return.lead' : 'start.lead', { destination })
  return (
    <Page frame={frame} page="start" title={texts.say(heading, names)}>
      <Heading lead={lead}>{texts.rich(heading, names)}</Heading>
      {isReturn ? <ReturnFacts {...props} /> : <Facts {...props} />}
      <form method="post" class="stack">
        <CsrfField token={csrf} />
        <p>{texts.say(isReturn ? 'start.return.check' : 'start.check')}</p>
        <button type="submit" class="btn main" name="action" value="send">
          <span>{texts.rich('start.send', { address: texts.ltr(maskedAddress) })}</span>
        </button>
      </form>
      {!isReturn && <NotYou {...props} />}
    </Page>
  )
}

function Facts({ frame, inviter, maskedAddress, application, landingHost, acceptBy }: StartPageProps) {
  const { texts, organization } = frame
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
      <Opens texts={texts} application={application} landingHost={landingHost} />
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

function ReturnFacts({ frame: { texts }, maskedAddress, application, landingHost }: StartPageProps) {
  return (
    <dl class="rows">
      <div>
        <dt>{texts.say('start.return.account')}</dt>
        <dd>{texts.ltr(maskedAddress)}</dd>
      </div>
      <Opens texts={texts} application={application} landingHost={landingHost} />
    </dl>
  )
}

function Opens({
  texts,
  application,
  landingHost,
}: Pick<StartPageProps, 'application' | 'landingHost'> & { texts: Texts }) {
  const host = texts.ltr(landingHost)
  return (
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
