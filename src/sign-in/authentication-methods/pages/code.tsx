import type { Texts } from '../../../platform/i18n/index.js'
import { CsrfField, Heading } from '../../../platform/pages/page.js'
import { LimitNote, type PasscodeTerms, type SendingLimit } from '../../../platform/pages/passcode-pages.js'
import { CodeField, enrolLead, Lost, OtherWays, type StepError, StepForm, StepPage, type StepProps } from './parts.js'

type CodeProps = StepProps & {
  /** Masked: who took the first step only may not be told more. */
  maskedAddress: string
  channel: 'mail' | 'sms'
  contactUrl?: string | undefined
}

/** Offers to send a code to the mailbox or phone that is known of somebody. Nothing was sent yet. */
export function SendCodePage(props: CodeProps & { limit?: SendingLimit | undefined }) {
  const { frame, csrf, channel, maskedAddress, contactUrl, limit } = props
  const { texts, organization } = frame
  const heading = texts.say(limit ? 'limited.heading' : 'mfa.send.heading')
  const names = { organization: organization.name }
  const lead = limit
    ? texts.rich('limited.lead', { address: texts.ltr(maskedAddress) })
    : texts.rich(channel === 'mail' ? 'mfa.send.mail' : 'mfa.send.phone', names)
  return (
    <StepPage {...props} page={limit ? 'limited' : 'mfa'} step="challenge" heading={heading}>
      <Heading lead={lead}>{heading}</Heading>
      {limit && <LimitNote texts={texts} limit={limit} codeIsLive={false} />}
      <form method="post" class="stack">
        <CsrfField token={csrf} />
        <button type="submit" class={limit ? 'btn' : 'btn main'} name="action" value="send">
          <span>{texts.rich('mfa.send.button', { address: texts.ltr(maskedAddress) })}</span>
        </button>
      </form>
      <OtherWays {...props} />
      <Lost frame={frame} contactUrl={contactUrl} />
    </StepPage>
  )
}

const EXAMPLE = '+44 20 7946 0958'

/** Asks for the phone that codes are to go to. */
export function EnrolPhonePage(
  props: StepProps & {
    malformed?: string | undefined
    /** It is a number, of a country that gets no messages. */
    isFar?: boolean | undefined
    limit?: SendingLimit | undefined
    typed?: string | undefined
  },
) {
  const { frame, csrf, malformed, isFar, limit, typed } = props
  const { texts } = frame
  const heading = texts.say('mfa.phone.enrol.heading')
  const isWrong = malformed !== undefined
  return (
    <StepPage
      {...props}
      page={limit ? 'limited' : 'mfa'}
      step="enrol"
      heading={heading}
      error={isWrong ? { kind: 'malformed' } : undefined}
    >
      <Heading lead={enrolLead(props, 'mfa.phone.enrol.lead')}>{heading}</Heading>
      {limit && <LimitNote texts={texts} limit={limit} codeIsLive={false} />}
      <StepForm csrf={csrf} button={texts.say('mfa.phone.button')}>
        <div>
          <label for="phone">{texts.say('mfa.phone.label')}</label>
          {isWrong && (
            <p class="error" id="phone-error">
              {isFar ? texts.say('mfa.phone.far') : texts.rich('mfa.phone.malformed', { example: texts.ltr(EXAMPLE) })}
            </p>
          )}
          <input
            id="phone"
            name="phone"
            type="tel"
            dir="ltr"
            autocomplete="tel"
            maxlength={40}
            aria-invalid={isWrong ? 'true' : undefined}
            aria-describedby={isWrong ? 'phone-error' : undefined}
            value={malformed ?? typed}
            required
          />
        </div>
      </StepForm>
      <OtherWays {...props} />
    </StepPage>
  )
}

type SentCodePageProps = CodeProps & {
  step: 'enrol' | 'challenge'
  terms: PasscodeTerms
  /** A limit that forbids another code now; this one can still be typed. */
  limit?: SendingLimit | undefined
}

/** Asks for the code that was sent, with the way to another one. */
export function SentCodePage(props: SentCodePageProps) {
  const { frame, csrf, step, channel, maskedAddress, terms, error, limit, contactUrl } = props
  const { texts } = frame
  const heading = texts.say('code.heading')
  const values = { digits: terms.digits, minutes: terms.lifetimeMinutes, address: texts.ltr(maskedAddress) }
  const isDead = error !== undefined && error.kind !== 'wrong' && error.kind !== 'malformed'
  const newest = channel === 'sms' ? { newest: texts.say('mfa.sent.newest') } : {}
  return (
    <StepPage {...props} page={limit ? 'limited' : 'mfa'} heading={heading}>
      <Heading lead={texts.rich('code.lead', values)}>{heading}</Heading>
      {limit && <LimitNote texts={texts} limit={limit} codeIsLive {...newest} />}
      <StepForm csrf={csrf} button={texts.say('code.continue')} isMain={!isDead}>
        <CodeField label={texts.say('code.label')} error={error && errorText(texts, error, terms)} maxLength={8} />
      </StepForm>
      <form method="post" class="again">
        <CsrfField token={csrf} />
        {!isDead && !limit && (
          <p class="sub">
            {channel === 'mail'
              ? texts.say('code.no-mail', { seconds: terms.secondsBetweenMails })
              : texts.say('mfa.sent.no-text')}
          </p>
        )}
        <button type="submit" class={isDead ? 'btn main' : 'btn text'} name="action" value="send">
          {texts.say('code.send-new')}
        </button>
      </form>
      {step === 'enrol' && (
        <form method="post" class="again">
          <CsrfField token={csrf} />
          <button type="submit" class="btn text" name="action" value="number">
            {texts.say('mfa.phone.other')}
          </button>
        </form>
      )}
      <OtherWays {...props} />
      {step === 'challenge' && <Lost frame={frame} contactUrl={contactUrl} />}
    </StepPage>
  )
}

function errorText(texts: Texts, error: StepError, { lifetimeMinutes }: PasscodeTerms) {
  switch (error.kind) {
    case 'wrong':
      return texts.join(texts.say('mfa.sent.wrong'), texts.say('mfa.tries', { tries: error.triesLeft }))
    case 'malformed':
      return texts.say('mfa.sent.malformed')
    case 'expired':
      return texts.say('code.expired', { minutes: lifetimeMinutes })
    case 'usedUp':
      return texts.say('code.used-up')
    case 'none':
      return texts.say('code.none')
  }
}
