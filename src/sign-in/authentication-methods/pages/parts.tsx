import type { ComponentChildren } from 'preact'
import { safeLink } from '../../../platform/pages/link.js'
import { CsrfField, type OrganizationFrame, Page, titleOf } from '../../../platform/pages/page.js'
import type { Way } from '../rules.js'
import type { Over } from '../second-step.js'

/** Why what was given did not do, and how often it can be tried yet. */
export type StepError =
  | { kind: 'wrong'; triesLeft: number }
  | { kind: 'malformed' }
  /** Of codes that are sent. */
  | { kind: Over }

/** What the pages of the second step have in common. */
export type StepProps = {
  frame: OrganizationFrame
  csrf: string
  error?: StepError | undefined
  /** The other ways there are, as links to this page. */
  others: readonly Way[]
  /** Nobody asks for it: they came by themselves and may go back. */
  adding?: { backUrl: string } | undefined
}

/** The page around a second step (`data-page="mfa"`). */
export function StepPage(
  props: StepProps & { page?: 'mfa' | 'limited'; step: string; heading: string; children: ComponentChildren },
) {
  const { frame, page = 'mfa', step, heading, error, adding, children } = props
  const title = titleOf(frame, heading)
  return (
    <Page frame={frame} page={page} step={step} title={error ? frame.texts.say('page.title-error', { title }) : title}>
      {children}
      {adding && (
        <p>
          <a class="alone" href={adding.backUrl}>
            {frame.texts.say('mfa.own.back')}
          </a>
        </p>
      )}
    </Page>
  )
}

type EnrolLead = 'mfa.enrol.lead' | 'mfa.passkey.enrol.lead' | 'mfa.phone.enrol.lead'

/** Why a method is set up: the organization asks for it, or somebody wants one. */
export function enrolLead({ frame: { texts, organization }, adding }: StepProps, asked: EnrolLead): ComponentChildren {
  return adding ? texts.say('mfa.own.lead') : texts.rich(asked, { organization: organization.name })
}

type CodeFieldProps = {
  label: string
  error?: ComponentChildren
  /** Digits only, or letters too. */
  inputMode?: 'numeric' | 'text'
  maxLength: number
}

/** The one field of a form that takes a code. */
export function CodeField({ label, error, inputMode = 'numeric', maxLength }: CodeFieldProps) {
  return (
    <div>
      <label for="code">{label}</label>
      {error && (
        <p class="error" id="code-error">
          {error}
        </p>
      )}
      <input
        class="code"
        id="code"
        name="code"
        dir="ltr"
        inputmode={inputMode}
        autocomplete={inputMode === 'numeric' ? 'one-time-code' : 'off'}
        maxlength={maxLength}
        spellcheck={false}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={error ? 'code-error' : undefined}
        required
        autofocus
      />
    </div>
  )
}

/** One field and one button. */
export function StepForm(props: { csrf: string; button: string; isMain?: boolean; children: ComponentChildren }) {
  const { csrf, button, isMain = true, children } = props
  return (
    <form method="post" class="stack">
      <CsrfField token={csrf} />
      {children}
      <button type="submit" class={isMain ? 'btn main' : 'btn'}>
        {button}
      </button>
    </form>
  )
}

/** Links to the other ways, if there are any. */
export function OtherWays({ frame: { texts, currentUrl }, others }: Pick<StepProps, 'frame' | 'others'>) {
  if (others.length === 0) return null
  return (
    <section>
      <h2>{texts.say('mfa.other.heading')}</h2>
      <ul class="list">
        {others.map((way) => (
          <li>
            <a href={urlWith(currentUrl, way)}>{texts.say(`mfa.other.${way}`)}</a>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Who can help when nothing that was set up is at hand. */
export function Lost({
  frame: { texts, organization },
  contactUrl,
}: {
  frame: OrganizationFrame
  contactUrl?: string | undefined
}) {
  const contact = safeLink(contactUrl)
  return (
    <details>
      <summary>{texts.say('mfa.lost.heading')}</summary>
      <p class="sub">
        {texts.rich('mfa.lost.reset', {
          organization: organization.name,
          reach: contact ? 'contact' : 'other',
          contact: contact ? <a href={contact.href}>{texts.ltr(contact.label)}</a> : '',
        })}
      </p>
    </details>
  )
}

/** The address of this page with another way, or with none. */
export function urlWith(currentUrl: string, way: Way | undefined): string {
  const [path = '', query = ''] = currentUrl.split('?', 2)
  const kept = query.split('&').filter((pair) => pair !== '' && !pair.startsWith('with='))
  const all = way ? [...kept, `with=${way}`] : kept
  return all.length > 0 ? `${path}?${all.join('&')}` : path
}
