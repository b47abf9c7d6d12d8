import { Heading, Page, type PageFrame, titleOf } from './page.js'

/**
 * `link`: unknown or forged (404). `missing`: no such page (404). `stale`: the form was drawn for another session or
 * carries no valid token (403). `lost`: a sign-in that this browser did not begin (400). `fault`: ours (500, 503).
 */
export type ErrorKind = 'link' | 'missing' | 'stale' | 'lost' | 'fault'

type ErrorPageProps = {
  /** Without an organization unless it is known for sure: a forged link must not borrow a name. */
  frame: PageFrame
  kind: ErrorKind
  /** Names the request to support. */
  reference?: string | undefined
  /** Where trying again starts, a path of ours. */
  retryUrl?: string | undefined
}

/** What went wrong and what to do, for everything that has no page of its own. */
export function ErrorPage({ frame, kind, reference, retryUrl }: ErrorPageProps) {
  const { texts } = frame
  const heading = texts.say(`error.${kind}.heading`)
  return (
    <Page frame={frame} page="error" title={titleOf(frame, heading)}>
      <Heading lead={texts.say(`error.${kind}.lead`)}>{heading}</Heading>
      <section class="note">
        <h2>{texts.say('help.heading')}</h2>
        <p>
          {retryUrl && (kind === 'stale' || kind === 'fault')
            ? texts.rich(`error.${kind}.help-link`, { a: (words) => <a href={retryUrl}>{words}</a> })
            : texts.join(texts.say(`error.${kind}.help`), kind === 'link' && texts.say('error.link.ask'))}
        </p>
      </section>
      {reference && (
        <p class="sub">
          {texts.rich('error.reference', { reference: <span class="num">{texts.ltr(reference)}</span> })}
        </p>
      )}
    </Page>
  )
}

/** Too much came from this network that led to nothing: when to try again. */
export function LimitedErrorPage({ frame, retryAt }: Pick<ErrorPageProps, 'frame'> & { retryAt: Date }) {
  const { texts } = frame
  const heading = texts.say('error.limited.heading')
  return (
    <Page frame={frame} page="limited" title={titleOf(frame, heading)}>
      <Heading lead={texts.say('error.limited.lead')}>{heading}</Heading>
      <section class="note">
        <h2>{texts.say('help.heading')}</h2>
        <p>{texts.say('error.limited.help', { time: texts.time(retryAt) })}</p>
      </section>
    </Page>
  )
}
