import { safeLink } from '../../platform/pages/link.js'
import { CsrfField, Heading, type OrganizationFrame, Page } from '../../platform/pages/page.js'
import { ContactLink, type Inviter, waysToAsk } from './asking.js'

type ConsentPageProps = {
  frame: OrganizationFrame
  csrf: string
  /** The proved address, in full. */
  signedInAs: string
  inviter: Inviter
  contactUrl?: string | undefined
  /** Host of `inviteRedirectUrl`: where accepting leads. */
  landingHost: string
  /** Where a guest can leave, unless the organization has switched that off. */
  accountUrl?: string | undefined
}

/**
 * The question itself. Its POST is answered with a redirect to another site: send it with
 * `formAction: "'self' https: http:"`.
 */
export function ConsentPage(props: ConsentPageProps) {
  const { frame, csrf, signedInAs, accountUrl } = props
  const { texts, organization } = frame
  const names = { organization: organization.name }
  return (
    <Page frame={frame} page="consent" title={texts.say('consent.heading', names)}>
      <Heading lead={texts.rich('consent.signed-in', { address: texts.ltr(signedInAs) })}>
        {texts.rich('consent.heading', names)}
      </Heading>
      <section>
        <h2>{texts.rich('consent.sees', names)}</h2>
        <ul class="list">
          <li>{texts.say('consent.sees.profile')}</li>
          <li>{texts.say('consent.sees.use')}</li>
        </ul>
      </section>
      <section>
        <h2>{texts.say('consent.hidden')}</h2>
        <ul class="list">
          <li>{texts.say('consent.hidden.list')}</li>
        </ul>
      </section>
      <Facts {...props} />
      <form method="post" class="acts">
        <CsrfField token={csrf} />
        <button type="submit" class="btn main" name="choice" value="accept">
          {texts.say('consent.accept')}
        </button>
        <button type="submit" class="btn" name="choice" value="decline">
          {texts.say('consent.decline')}
        </button>
      </form>
      <p class="sub">
        {texts.join(
          texts.rich('consent.change', names),
          accountUrl && texts.rich('consent.leave', { a: (words) => <a href={accountUrl}>{words}</a> }),
        )}
      </p>
    </Page>
  )
}

function Facts({ frame, inviter, contactUrl, landingHost }: ConsentPageProps) {
  const { texts, organization } = frame
  const names = { organization: organization.name }
  const asking = waysToAsk(frame, inviter, contactUrl, true)
  const privacy = safeLink(frame.privacyUrl)
  return (
    <dl class="rows">
      <div>
        <dt>{texts.say('consent.next')}</dt>
        <dd>
          <b>{texts.ltr(landingHost)}</b>
        </dd>
      </div>
      <div>
        <dt>{texts.say('consent.invited-by')}</dt>
        <dd>
          {texts.isolate(inviter.name)}{' '}
          <span class="sub">
            {inviter.kind === 'application' ? texts.rich('consent.application', names) : texts.say('consent.answers')}
          </span>
        </dd>
      </div>
      {asking.contact && (
        <div>
          <dt>{texts.say('consent.contact')}</dt>
          <dd>
            <ContactLink texts={texts} contact={asking.contact} />
          </dd>
        </div>
      )}
      <div>
        <dt>{texts.say('consent.privacy')}</dt>
        <dd>
          {privacy ? (
            <a href={privacy.href}>{texts.rich('consent.statement', names)}</a>
          ) : (
            texts.rich('consent.no-statement', asking.values)
          )}
        </dd>
      </div>
    </dl>
  )
}
