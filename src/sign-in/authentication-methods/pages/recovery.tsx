import type { Instant } from '../../../kernel/instant.js'
import { CsrfField, Heading, type OrganizationFrame, Page, titleOf } from '../../../platform/pages/page.js'
import { CodeField, Lost, OtherWays, StepForm, StepPage, type StepProps } from './parts.js'

const EXAMPLE = '7F3KQ-92QDX'

/** Asks for a recovery code. */
export function RecoveryCodePage(props: StepProps & { contactUrl?: string | undefined }) {
  const { frame, csrf, error, contactUrl } = props
  const { texts } = frame
  const heading = texts.say('mfa.recovery.heading')
  const wrong =
    error?.kind === 'wrong'
      ? texts.join(texts.say('mfa.recovery.wrong'), texts.say('mfa.tries', { tries: error.triesLeft }))
      : error && texts.rich('mfa.recovery.malformed', { example: texts.ltr(EXAMPLE) })
  return (
    <StepPage {...props} step="challenge" heading={heading}>
      <Heading lead={texts.say('mfa.recovery.lead')}>{heading}</Heading>
      <StepForm csrf={csrf} button={texts.say('code.continue')}>
        <CodeField label={texts.say('mfa.recovery.label')} error={wrong} inputMode="text" maxLength={16} />
      </StepForm>
      <OtherWays {...props} />
      <Lost frame={frame} contactUrl={contactUrl} />
    </StepPage>
  )
}

/** Shows the recovery codes, until the person says that they have them. */
export function KeepCodesPage({
  frame,
  csrf,
  codes,
}: {
  frame: OrganizationFrame
  csrf: string
  codes: readonly string[]
}) {
  const { texts } = frame
  const heading = texts.say('mfa.keep.heading')
  return (
    <Page frame={frame} page="mfa" step="recovery-codes" title={titleOf(frame, heading)}>
      <Heading lead={texts.say('mfa.keep.lead')}>{heading}</Heading>
      <ul class="codes">
        {codes.map((code) => (
          <li>
            <code class="key" dir="ltr">
              {code}
            </code>
          </li>
        ))}
      </ul>
      <p class="sub">{texts.say('mfa.keep.how')}</p>
      <form method="post" class="stack">
        <CsrfField token={csrf} />
        <button type="submit" class="btn main" name="action" value="kept">
          {texts.say('mfa.keep.button')}
        </button>
      </form>
    </Page>
  )
}

/** Too many wrong codes: says when there is a next try (429 with `Retry-After`). */
export function StepLimitedPage({
  frame,
  retryAt,
  isSoon,
}: {
  frame: OrganizationFrame
  retryAt: Instant
  isSoon: boolean
}) {
  const { texts } = frame
  const heading = texts.say('mfa.limited.heading')
  // A clock time alone would mislead when it is tomorrow's.
  const time = isSoon ? texts.time(retryAt) : texts.dateTime(retryAt)
  return (
    <Page frame={frame} page="limited" title={titleOf(frame, heading)}>
      <Heading lead={texts.say('mfa.limited.lead')}>{heading}</Heading>
      <div class="note warn" role="status">
        <h2>{texts.say('mfa.limited.again', { time })}</h2>
      </div>
    </Page>
  )
}
