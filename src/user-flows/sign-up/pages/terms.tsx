import type { SafeLink } from '../../../platform/pages/link.js'
import { CsrfField, Heading, type OrganizationFrame, Page, titleOf } from '../../../platform/pages/page.js'
import type { Next } from './attributes.js'

type TermsPageProps = {
  frame: OrganizationFrame
  csrf: string
  terms: SafeLink
  next: Exclude<Next, 'continue'>
  /** Where answers are changed. */
  changeUrl: string
  /** The box was left empty (422). */
  isMissing?: boolean
}

/** The terms of use, before anything is created. */
export function TermsPage({ frame, csrf, terms, next, changeUrl, isMissing = false }: TermsPageProps) {
  const { texts, organization } = frame
  const names = { organization: organization.name }
  const title = titleOf(frame, texts.say('sign-up.terms.heading', names))
  return (
    <Page
      frame={frame}
      page="sign-up"
      step="terms"
      title={isMissing ? texts.say('page.title-error', { title }) : title}
    >
      <Heading lead={texts.say('sign-up.terms.lead')}>{texts.rich('sign-up.terms.heading', names)}</Heading>
      <p>
        <a class="alone" href={terms.href} target="_blank" rel="noopener noreferrer">
          {texts.rich('sign-up.terms.open', { host: texts.ltr(new URL(terms.href).host) })}
        </a>
      </p>
      <form method="post" class="stack">
        <CsrfField token={csrf} />
        <input type="hidden" name="terms" value={terms.href} />
        <div>
          {isMissing && (
            <p class="error" id="agree-error">
              {texts.say('sign-up.problem.unticked')}
            </p>
          )}
          <label class="opt" for="agree">
            <input
              type="checkbox"
              id="agree"
              name="agree"
              value="yes"
              aria-invalid={isMissing ? 'true' : undefined}
              aria-describedby={isMissing ? 'agree-error' : undefined}
            />
            <span>{texts.say('sign-up.terms.agree')}</span>
          </label>
        </div>
        <button type="submit" class="btn main" name="action" value="agree">
          {texts.say(next === 'request' ? 'sign-up.form.request' : 'sign-up.form.submit')}
        </button>
      </form>
      <p>
        <a class="alone" href={changeUrl}>
          {texts.say('sign-up.terms.change')}
        </a>
      </p>
    </Page>
  )
}
