import { CsrfField, Heading, type OrganizationFrame, Page, titleOf } from '../../../platform/pages/page.js'
import type { Fields } from '../attribute-values.js'
import { AttributeField, firstControl, type ShownField } from './attribute-field.js'
import { OneButton } from './parts.js'

/** What the form leads to next, which its button says. */
export type Next = 'create' | 'request' | 'continue'

type AttributesPageProps = {
  frame: OrganizationFrame
  csrf: string
  /** The address that was proved. */
  address: string
  questions: readonly ShownField[]
  fields: Fields
  next: Next
  /** Words of the administrator in place of ours. */
  words: { heading: string | undefined; intro: string | undefined; button: string | undefined }
  /** Why a connector wants something changed. Plain text. */
  notice?: string | undefined
}

/** What the organization asks, once. */
export function AttributesPage(props: AttributesPageProps) {
  const { frame, csrf, address, questions, fields, next, words, notice } = props
  const { texts, organization } = frame
  const names = { organization: organization.name }
  const wrong = questions.filter(({ error }) => error !== undefined)
  const title = titleOf(frame, words.heading ?? texts.say('sign-up.form.heading', names))
  const lead = words.intro ?? texts.say(questions.length > 0 ? 'sign-up.form.lead' : 'sign-up.form.lead-none')
  return (
    <Page
      frame={frame}
      page="sign-up"
      isWide
      title={wrong.length > 0 || notice ? texts.say('page.title-error', { title }) : title}
    >
      <Heading lead={lead}>{words.heading ?? texts.rich('sign-up.form.heading', names)}</Heading>
      {wrong.length > 0 && <Summary frame={frame} wrong={wrong} />}
      {notice && wrong.length === 0 && (
        <div class="note bad" role="alert" tabindex={-1} autofocus id="errors">
          <h2>{texts.rich('sign-up.form.notice', names)}</h2>
          <p dir="auto">{notice}</p>
        </div>
      )}
      <form method="post" class="stack" novalidate>
        <CsrfField token={csrf} />
        <div>
          <label for="proved">{texts.say('sign-up.form.email')}</label>
          <p class="hint" id="proved-hint">
            {texts.say('sign-up.form.email-hint')}
          </p>
          <input id="proved" type="email" value={address} readonly dir="ltr" aria-describedby="proved-hint" />
        </div>
        {questions.map((question) => (
          <AttributeField {...question} texts={texts} fields={fields} />
        ))}
        <div class="acts">
          <button type="submit" class="btn main" name="action" value="answer">
            {words.button ?? texts.say(BUTTONS[next])}
          </button>
        </div>
      </form>
      <OneButton csrf={csrf} action="restart" words={texts.say('sign-up.form.other')} />
    </Page>
  )
}

const BUTTONS = {
  create: 'sign-up.form.submit',
  request: 'sign-up.form.request',
  continue: 'sign-up.form.continue',
} as const

function Summary({ frame: { texts }, wrong }: { frame: OrganizationFrame; wrong: readonly ShownField[] }) {
  return (
    <div class="note bad" role="alert" tabindex={-1} autofocus id="errors">
      <h2>{texts.say('sign-up.form.errors', { count: wrong.length })}</h2>
      <ul class="list">
        {wrong.map((field) => (
          <li>
            <a href={`#${firstControl(field)}`}>
              {texts.rich('sign-up.form.problem', { label: field.label, problem: field.error ?? '' })}
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}
