import type { RichValues } from '../../../platform/i18n/index.js'
import { WhatYouCanDo } from '../../../platform/pages/help.js'
import { CsrfField, Heading, type OrganizationFrame, Page, titleOf } from '../../../platform/pages/page.js'
import type { ShownWay } from './begin.js'
import { OneButton } from './parts.js'

/** Why somebody cannot sign up: the organization does not let them, or a system of its own says so in its words. */
export type BlockedReason =
  | { kind: 'off' | 'account' }
  | { kind: 'domain' | 'ownDomain' | 'noWay'; domain: string }
  /** `userMessage` is plain text of the connector. */
  | { kind: 'connector'; userMessage: string }

type BlockedPageProps = {
  frame: OrganizationFrame
  csrf: string
  reason: BlockedReason
  /** Whom they can ask, for `home.ask`. */
  ask: RichValues
}

/** The end of the road (403), with a way to begin again as somebody else. */
export function BlockedPage({ frame, csrf, reason, ask }: BlockedPageProps) {
  const { texts, organization } = frame
  const names = { organization: organization.name }
  // What a connector says may be no refusal: that a request is being looked at, say.
  const heading = reason.kind === 'connector' ? 'sign-up.blocked.connector.heading' : 'sign-up.blocked.heading'
  const domain = 'domain' in reason ? texts.ltr(reason.domain) : ''
  const lead =
    reason.kind === 'connector' ? (
      <span dir="auto">{reason.userMessage}</span>
    ) : (
      texts.rich(`sign-up.blocked.${reason.kind}`, { ...names, domain })
    )
  return (
    <Page frame={frame} page="blocked" step={reason.kind} title={titleOf(frame, texts.say(heading, names))}>
      <Heading lead={lead}>{texts.rich(heading, names)}</Heading>
      <WhatYouCanDo texts={texts}>
        <p>{texts.rich('home.ask', ask)}</p>
      </WhatYouCanDo>
      {reason.kind !== 'off' && <OneButton csrf={csrf} action="restart" words={texts.say('sign-up.again')} />}
    </Page>
  )
}

type TakenPageProps = { frame: OrganizationFrame; csrf: string; address: string; ways: readonly ShownWay[] }

/** A proved address of an account that signs in another way. */
export function TakenPage({ frame, csrf, address, ways }: TakenPageProps) {
  const { texts, organization } = frame
  const heading = texts.say('sign-up.taken.heading')
  const names = { organization: organization.name, address: texts.ltr(address) }
  return (
    <Page frame={frame} page="blocked" step="taken" title={titleOf(frame, heading)}>
      <Heading lead={texts.rich('sign-up.taken.lead', names)}>{heading}</Heading>
      {ways.length > 0 && (
        <form method="post" class="acts">
          <CsrfField token={csrf} />
          {ways.map(({ key, name }) => (
            <button type="submit" class={ways.length === 1 ? 'btn main' : 'btn'} name="provider" value={key}>
              <span>{texts.rich('sign-up.start.with', { home: name })}</span>
            </button>
          ))}
        </form>
      )}
      <OneButton csrf={csrf} action="restart" words={texts.say('sign-up.form.other')} />
    </Page>
  )
}

type FailedPageProps = { frame: OrganizationFrame; csrf: string; ask: RichValues }

/** A connector did not answer as it should (503). */
export function FailedPage({ frame, csrf, ask }: FailedPageProps) {
  const { texts, organization } = frame
  const names = { organization: organization.name }
  const heading = texts.say('sign-up.failed.heading', names)
  return (
    <Page frame={frame} page="error" step="connector" title={titleOf(frame, heading)}>
      <Heading lead={texts.rich('sign-up.failed.lead', names)}>{texts.rich('sign-up.failed.heading', names)}</Heading>
      <WhatYouCanDo texts={texts}>
        <p>{texts.join(texts.say('sign-up.failed.help'), texts.rich('home.ask', ask))}</p>
      </WhatYouCanDo>
      <OneButton csrf={csrf} action="again" words={texts.say('sign-up.failed.again')} isMain />
    </Page>
  )
}

type DonePageProps = {
  frame: OrganizationFrame
  csrf: string
  address: string
  /** Of the organization itself: nobody who signed up. */
  isMember: boolean
  onwardUrl: string
}

/** Somebody is signed in here, as the guest they became or were before. */
export function DonePage({ frame, csrf, address, isMember, onwardUrl }: DonePageProps) {
  const { texts, organization } = frame
  const names = { organization: organization.name }
  const words = isMember ? 'sign-up.done.member' : 'sign-up.done.heading'
  const heading = texts.say(words, names)
  return (
    <Page frame={frame} page="sign-up" step="done" title={titleOf(frame, heading)}>
      <Heading lead={texts.rich('sign-up.done.lead', { address: texts.ltr(address) })}>
        {texts.rich(words, names)}
      </Heading>
      <div class="acts">
        <a class="btn main" href={onwardUrl}>
          {texts.say('sign-up.form.continue')}
        </a>
      </div>
      <OneButton csrf={csrf} action="restart" words={texts.say('sign-up.form.other')} />
    </Page>
  )
}

type TooManyPageProps = { frame: OrganizationFrame; retryAt: Date; withScript: boolean }

/** As many have begun as may (429). */
export function TooManyPage({ frame, retryAt, withScript }: TooManyPageProps) {
  const { texts, organization } = frame
  const heading = texts.say('sign-up.limited.heading')
  const lead = texts.rich('sign-up.limited.lead', { organization: organization.name, time: texts.time(retryAt) })
  return (
    <Page frame={frame} page="limited" title={titleOf(frame, heading)}>
      <Heading lead={texts.join(lead, withScript && texts.say('sign-up.limited.script'))}>{heading}</Heading>
    </Page>
  )
}
