import { Heading, type OrganizationFrame, Page, type PageFrame, titleOf } from '../../platform/pages/page.js'

type ClosedProps = { frame: OrganizationFrame; backUrl: string; kind?: 'app' | 'request' }

/**
 * Something that is none of this person's (404): an app taken back since its tile was drawn, a request that others decide
 * about, or never theirs.
 */
export function ClosedAppPage({ frame, backUrl, kind = 'app' }: ClosedProps) {
  const { texts, organization } = frame
  const isApp = kind === 'app'
  const heading = texts.say(isApp ? 'my.closed.heading' : 'approval.closed.heading')
  return (
    <Page frame={frame} page="error" title={texts.say('page.title-error', { title: titleOf(frame, heading) })}>
      <Heading
        lead={texts.rich(isApp ? 'my.closed.lead' : 'approval.closed.lead', { organization: organization.name })}
      >
        {heading}
      </Heading>
      <p class="acts">
        <a class="btn main" href={backUrl}>
          {texts.say(isApp ? 'my.back' : 'approval.back')}
        </a>
      </p>
    </Page>
  )
}

/** After signing out, or after leaving. */
export function SignedOutPage({
  frame,
  left,
  signInUrl,
}: {
  frame: OrganizationFrame
  left: boolean
  signInUrl: string
}) {
  const { texts, organization } = frame
  const names = { organization: organization.name }
  const heading = left ? texts.say('left.heading', names) : texts.say('app.logged-out.heading')
  return (
    <Page frame={frame} page={left ? 'left' : 'signed-out'} title={titleOf(frame, heading)}>
      <Heading lead={texts.say(left ? 'left.lead' : 'app.logged-out.lead')}>
        {left ? texts.rich('left.heading', names) : heading}
      </Heading>
      {!left && (
        <p class="acts">
          <a class="btn main" href={signInUrl}>
            {texts.say('my.sign-in')}
          </a>
        </p>
      )}
    </Page>
  )
}

const EXAMPLE = 'fabrikam.example'

/** Asks whose apps are meant, where the address does not say (`data-page="organization"`). A GET: it changes nothing. */
export function WhichOrganizationPage({
  frame,
  path,
  unknown,
}: {
  frame: PageFrame
  /** Where the answer leads. */
  path: string
  /** What was given and is nobody's. */
  unknown: string | undefined
}) {
  const { texts } = frame
  const heading = texts.say('my.which.heading')
  return (
    <Page
      frame={frame}
      page="organization"
      title={unknown === undefined ? heading : texts.say('page.title-error', { title: heading })}
    >
      <Heading lead={texts.say('my.which.lead')}>{heading}</Heading>
      <form action={path} class="stack">
        <div>
          <label for="tenant">{texts.rich('my.which.label', { example: texts.ltr(EXAMPLE) })}</label>
          {unknown !== undefined && (
            <p class="error" id="tenant-error">
              {texts.say('my.which.unknown')}
            </p>
          )}
          <input
            id="tenant"
            name="tenant"
            dir="ltr"
            spellcheck={false}
            autocapitalize="none"
            maxlength={253}
            value={unknown}
            aria-invalid={unknown === undefined ? undefined : 'true'}
            aria-describedby={unknown === undefined ? undefined : 'tenant-error'}
            required
          />
        </div>
        <button type="submit" class="btn main">
          {texts.say('my.which.continue')}
        </button>
      </form>
    </Page>
  )
}
