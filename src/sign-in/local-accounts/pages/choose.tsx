import type { Texts } from '../../../platform/i18n/index.js'
import { Heading } from '../../../platform/pages/page.js'
import { PASSWORD, type PasswordFault } from '../rules.js'
import { Carried, LocalPage, type LocalProps, type Passkey, PasskeyForm, PasswordField, Username } from './parts.js'

type LocalChoosePageProps = LocalProps & {
  /** Whether they had an account before, whose password is replaced. */
  isAnew: boolean
  fault?: PasswordFault | { kind: 'differs' } | undefined
  /** Whether new passwords are looked up among leaked ones. */
  isChecked: boolean
  /** Absent where browsers have no passkeys, and where a second step is set up already. */
  passkey?: Passkey | undefined
}

/** The mailbox is proved: a passkey, which takes a script, or a password, which takes none. */
export function LocalChoosePage(props: LocalChoosePageProps) {
  const { frame, csrf, carried, address, isAnew, fault, isChecked, passkey } = props
  const { texts, organization } = frame
  const heading = texts.say('local.choose.heading')
  const lead = isAnew
    ? texts.say('local.choose.anew')
    : texts.rich('local.choose.lead', { organization: organization.name })
  const differs = fault?.kind === 'differs'
  const shortest = isChecked ? PASSWORD.shortest : PASSWORD.shortestUnchecked
  return (
    <LocalPage frame={frame} step="choose" heading={heading} isError={fault !== undefined || passkey?.isWrong}>
      <Heading lead={lead}>{heading}</Heading>
      <form method="post" class="stack">
        <Carried csrf={csrf} carried={carried} />
        <Username address={address} />
        <PasswordField
          id="password"
          label={texts.say('local.password.new')}
          autocomplete="new-password"
          hint={texts.say(isChecked ? 'local.password.checked' : 'local.password.unchecked', { shortest })}
          error={fault && !differs && faultText(texts, fault, organization.name)}
        />
        <PasswordField
          id="again"
          label={texts.say('local.password.again')}
          autocomplete="new-password"
          error={differs && texts.say('local.fault.differs')}
        />
        <button type="submit" class="btn main">
          {texts.say('local.password.button')}
        </button>
      </form>
      {passkey && (
        <PasskeyForm
          {...props}
          ceremony="create"
          passkey={passkey}
          lead={texts.say('local.passkey.lead')}
          button={texts.say('local.passkey.create')}
        />
      )}
    </LocalPage>
  )
}

function faultText(texts: Texts, fault: PasswordFault, organization: string) {
  switch (fault.kind) {
    case 'short':
      return texts.say('local.fault.short', { shortest: fault.shortest })
    case 'long':
      return texts.say('local.fault.long', { longest: PASSWORD.longest })
    case 'leaked':
      return texts.say('local.fault.leaked')
    case 'guessable':
      return texts.rich('local.fault.guessable', { organization })
  }
}
