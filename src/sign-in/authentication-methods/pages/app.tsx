import { Heading } from '../../../platform/pages/page.js'
import type { Authenticator, QrCode } from '../totp.js'
import { CodeField, enrolLead, Lost, OtherWays, StepForm, StepPage, type StepProps } from './parts.js'

type EnrolAppPageProps = StepProps & {
  /** The proved address, which names the account in the app. */
  address: string
  authenticator: Authenticator
}

/** Sets an authenticator app up: scan, or follow the link, or type the key; then a code of it. */
export function EnrolAppPage(props: EnrolAppPageProps) {
  const { frame, csrf, error, authenticator } = props
  const { texts } = frame
  const heading = texts.say('mfa.enrol.heading')
  const wrong =
    error?.kind === 'wrong'
      ? texts.join(texts.say('mfa.enrol.wrong'), texts.say('mfa.tries', { tries: error.triesLeft }))
      : error && texts.say('mfa.app.malformed')
  return (
    <StepPage {...props} step="enrol" heading={heading}>
      <Heading lead={enrolLead(props, 'mfa.enrol.lead')}>{heading}</Heading>
      <div class="qr">
        <QrImage qr={authenticator.qr} label={texts.say('mfa.enrol.qr')} />
        <ol class="list stack">
          <li>{texts.say('mfa.enrol.open')}</li>
          <li>{texts.say('mfa.enrol.scan')}</li>
          <li>{texts.say('mfa.enrol.type')}</li>
        </ol>
      </div>
      <ByHand {...props} />
      <StepForm csrf={csrf} button={texts.say('mfa.enrol.button')}>
        <CodeField label={texts.say('mfa.enrol.label')} error={wrong} maxLength={8} />
      </StepForm>
      <OtherWays {...props} />
    </StepPage>
  )
}

function QrImage({ qr: { size, path }, label }: { qr: QrCode; label: string }) {
  return (
    <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <path fill="#000" d={path} />
    </svg>
  )
}

/** For whoever reads this on the phone that the app is on. */
function ByHand({ frame: { texts, organization }, authenticator, address }: EnrolAppPageProps) {
  const account = { organization: organization.name, address: texts.ltr(address) }
  return (
    <details>
      <summary>{texts.say('mfa.enrol.cannot')}</summary>
      <div class="stack">
        <p>{texts.rich('mfa.enrol.link', { a: (words) => <a href={authenticator.uri}>{words}</a> })}</p>
        <p>
          <code class="key" dir="ltr">
            {authenticator.typed}
          </code>
        </p>
        <p class="sub">{texts.rich('mfa.enrol.account', account)}</p>
      </div>
    </details>
  )
}

/** Asks for a code of the app that was set up. */
export function AppCodePage(props: StepProps & { address: string; contactUrl?: string | undefined }) {
  const { frame, csrf, error, address, contactUrl } = props
  const { texts, organization } = frame
  const heading = texts.say('mfa.app.heading')
  const lead = texts.rich('mfa.app.lead', { organization: organization.name, address: texts.ltr(address) })
  const wrong =
    error?.kind === 'wrong'
      ? texts.join(texts.say('mfa.app.wrong'), texts.say('mfa.tries', { tries: error.triesLeft }))
      : error && texts.say('mfa.app.malformed')
  return (
    <StepPage {...props} step="challenge" heading={heading}>
      <Heading lead={lead}>{heading}</Heading>
      <StepForm csrf={csrf} button={texts.say('code.continue')}>
        <CodeField label={texts.say('mfa.app.label')} error={wrong} maxLength={8} />
      </StepForm>
      <OtherWays {...props} />
      <Lost frame={frame} contactUrl={contactUrl} />
    </StepPage>
  )
}
