import { CsrfField, Heading } from '../../../platform/pages/page.js'
import { enrolLead, Lost, OtherWays, StepPage, type StepProps } from './parts.js'

type PasskeyPageProps = StepProps & {
  ceremony: 'create' | 'get'
  /** What the browser is asked with, as JSON. */
  options: string
  scriptPath: string
  contactUrl?: string | undefined
}

/** Sets a passkey up, or asks for one. Without a script it says so and offers the other ways. */
export function PasskeyPage(props: PasskeyPageProps) {
  const { frame, csrf, error, ceremony, options, scriptPath, contactUrl } = props
  const { texts } = frame
  const isNew = ceremony === 'create'
  const heading = texts.say(isNew ? 'mfa.passkey.enrol.heading' : 'mfa.passkey.heading')
  const lead = isNew ? enrolLead(props, 'mfa.passkey.enrol.lead') : texts.say('mfa.passkey.lead')
  const tries = error?.kind === 'wrong' && texts.say('mfa.tries', { tries: error.triesLeft })
  return (
    <StepPage {...props} step={isNew ? 'enrol' : 'challenge'} heading={heading}>
      <Heading lead={lead}>{heading}</Heading>
      <form method="post" class="stack" data-passkey={ceremony} data-options={options}>
        <CsrfField token={csrf} />
        <input type="hidden" name="credential" value="" />
        <p class="note warn" data-when="unsupported">
          {texts.say('mfa.passkey.unsupported')}
        </p>
        <p class="error" role="alert" data-when="failed" hidden={!error}>
          {texts.join(texts.say('mfa.passkey.wrong'), tries)}
        </p>
        <button type="submit" class="btn main" hidden>
          {texts.say(isNew ? 'mfa.passkey.enrol.button' : 'mfa.passkey.button')}
        </button>
      </form>
      <OtherWays {...props} />
      {!isNew && <Lost frame={frame} contactUrl={contactUrl} />}
      <script type="module" src={scriptPath} />
    </StepPage>
  )
}
