import type { Instant } from '../../kernel/instant.js'
import type { Texts } from '../../platform/i18n/index.js'
import { CsrfField, Heading, type OrganizationFrame, Page } from '../../platform/pages/page.js'
import { type Inviter, waysToAsk } from './asking.js'
import type { ShownHome } from './homes.js'

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
  /** Where the guest may prove who they are, one at least. */
  homes: readonly ShownHome[]
}

/** The first page of a link: who invites whom, where to, until when. Its only step leads to a proof of who it is. */
export function StartPage(props: StartPageProps) {
  const { frame, inviter, application, landingHost, isReturn } = props
  const { texts, organization } = frame
  const names = { kind: inviter.kind, inviter: inviter.name, organization: organization.name }
  const destination = application ?? texts.ltr(landingHost)
  const heading = isReturn ? 'start.return.heading' : 'start.heading'
  // An account at the organization itself is its own password or passkey.
  const first = props.homes[0]?.kind === 'local' ? 'start.lead.local' : 'start.lead'
  const lead = texts.rich(isReturn ? 'start.return.lead' : first, { destination, organization: organization.name })
  return (
    <Page frame={frame} page="start" title={texts.say(heading, names)}>
      <Heading lead={lead}>{texts.rich(heading, names)}</Heading>
      {isReturn ? <ReturnFacts {...props} /> : <Facts {...props} />}
      <Next {...props} />
      {!isReturn && <NotYou {...props} />}
    </Page>
  )
}

function Next({ frame: { texts }, csrf, maskedAddress, isReturn, homes }: StartPageProps) {
  const [home] = homes
  const kinds = { code: 'send', local: 'local' } as const
  const way = homes.length > 1 || !home ? 'choose' : (kinds[home.kind as keyof typeof kinds] ?? 'continue')
  const values = { home: home?.name ?? '', address: texts.ltr(maskedAddress) }
  const check = {
    choose: 'start.check.choose',
    continue: 'start.check.home',
    local: 'start.check.local',
    send: 'start.check',
  } as const
  const returns = {
    choose: 'start.return.check.choose',
    continue: 'start.return.check.home',
    local: 'start.return.check.local',
    send: 'start.return.check',
  } as const
  return (
    <form method="post" class="stack">
      <CsrfField token={csrf} />
      <p>{texts.rich(isReturn ? returns[way] : check[way], values)}</p>
      <button type="submit" class="btn main" name="action" value={way === 'local' ? 'continue' : way}>
        <span>{texts.rich(`start.${way}`, values)}</span>
      </button>
    </form>
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
