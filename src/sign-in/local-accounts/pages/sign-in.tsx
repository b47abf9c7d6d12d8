import type { Instant } from '../../../kernel/instant.js'
import { Heading, Page, titleOf } from '../../../platform/pages/page.js'
import {
  Carried,
  LocalPage,
  type LocalProps,
  type Passkey,
  PasskeyForm,
  PasswordField,
  SendForm,
  Username,
} from './parts.js'

/** Who has no account yet: what comes, and that the code is for this once. */
export function LocalIntroPage(props: LocalProps) {
  const { frame, address } = props
  const { texts, organization } = frame
  const names = { organization: organization.name }
  return (
    <LocalPage frame={frame} step="intro" heading={texts.say('local.intro.heading', names)}>
      <Heading lead={texts.say('local.intro.lead')}>{texts.rich('local.intro.heading', names)}</Heading>
      <p>{texts.rich('local.intro.proof', { address: texts.ltr(address) })}</p>
      <SendForm {...props} isMain />
    </LocalPage>
  )
}

type LocalSignInPageProps = LocalProps & {
  /** The address, where it was typed here and not taken from a link. */
  username?: string | undefined
  isWrong?: boolean
  /** Absent where browsers have no passkeys. */
  passkey?: Passkey | undefined
  /** Whether there is a way back to typing another address. */
  mayChange: boolean
}

/** Asks for a password or a passkey. The same page whether there is such an account or not. */
export function LocalSignInPage(props: LocalSignInPageProps) {
  const { frame, csrf, carried, address, username, isWrong = false, passkey, mayChange } = props
  const { texts, organization } = frame
  const names = { organization: organization.name }
  return (
    <LocalPage
      frame={frame}
      step="sign-in"
      heading={texts.say('local.sign-in.heading', names)}
      isError={isWrong || passkey?.isWrong}
    >
      <Heading lead={texts.rich('local.sign-in.lead', { address: texts.ltr(address) })}>
        {texts.rich('local.sign-in.heading', names)}
      </Heading>
      <form method="post" class="stack">
        <Carried csrf={csrf} carried={carried} />
        {username !== undefined && <Username address={username} />}
        <PasswordField
          id="password"
          label={texts.say('local.password')}
          autocomplete="current-password"
          error={isWrong && texts.say('local.wrong')}
        />
        <button type="submit" class="btn main">
          {texts.say('local.sign-in.button')}
        </button>
      </form>
      {passkey && <PasskeyForm {...props} ceremony="get" passkey={passkey} button={texts.say('local.passkey.use')} />}
      <section class="stack">
        <div>
          <h2>{texts.say('local.reset.heading')}</h2>
          <p class="sub">{texts.say('local.reset.lead')}</p>
        </div>
        <SendForm {...props} />
      </section>
      {mayChange && (
        <form method="post">
          <Carried csrf={csrf} carried={{}} />
          <button type="submit" class="btn text" name="action" value="other">
            {texts.say('local.other')}
          </button>
        </form>
      )}
    </LocalPage>
  )
}

/** Too many wrong passwords (429 with `Retry-After`). A proved mailbox is a way on at once, so nobody locks others out. */
export function LocalLimitedPage(props: LocalProps & { retryAt: Instant; isSoon: boolean }) {
  const { frame, retryAt, isSoon } = props
  const { texts } = frame
  const heading = texts.say('local.limited.heading')
  // A clock time alone would mislead when it is tomorrow's.
  const time = isSoon ? texts.time(retryAt) : texts.dateTime(retryAt)
  return (
    <Page frame={frame} page="limited" title={titleOf(frame, heading)}>
      <Heading lead={texts.say('local.limited.lead')}>{heading}</Heading>
      <div class="note warn" role="status">
        <h2>{texts.say('mfa.limited.again', { time })}</h2>
      </div>
      <section class="stack">
        <p class="sub">{texts.say('local.reset.lead')}</p>
        <SendForm {...props} />
      </section>
    </Page>
  )
}
