import type { ComponentChildren } from 'preact'
import { CsrfField, type OrganizationFrame, Page, titleOf } from '../../../platform/pages/page.js'

/** What the pages of an account at the organization itself have in common. */
export type LocalProps = {
  frame: OrganizationFrame
  csrf: string
  /** Whose account: as typed, or masked until the mailbox is proved. */
  address: string
  /** Fields that each form carries along. */
  carried: Readonly<Record<string, string>>
}

/** A passkey that the browser is asked for. */
export type Passkey = { options: string; scriptPath: string; isWrong: boolean }

/** The page around them (`data-page="account"`). */
export function LocalPage(props: {
  frame: OrganizationFrame
  step: 'intro' | 'sign-in' | 'choose'
  heading: string
  isError?: boolean | undefined
  children: ComponentChildren
}) {
  const { frame, step, heading, isError, children } = props
  const title = titleOf(frame, heading)
  return (
    <Page
      frame={frame}
      page="account"
      step={step}
      title={isError ? frame.texts.say('page.title-error', { title }) : title}
    >
      {children}
    </Page>
  )
}

/** The fields of every form: the token, and what is carried along. */
export function Carried({ csrf, carried }: Pick<LocalProps, 'csrf' | 'carried'>) {
  return (
    <>
      <CsrfField token={csrf} />
      {Object.entries(carried).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
    </>
  )
}

/** Tells a password manager whose password it is. Nobody sees or reaches it. */
export function Username({ address }: { address: string }) {
  return (
    <input
      class="hide"
      type="text"
      name="username"
      autocomplete="username"
      value={address}
      readOnly
      tabIndex={-1}
      aria-hidden="true"
    />
  )
}

type PasswordFieldProps = {
  id: string
  label: string
  autocomplete: 'current-password' | 'new-password'
  error?: ComponentChildren
  hint?: ComponentChildren
}

/** A password comes back on no page, not even on the one that says what is wrong with it. */
export function PasswordField({ id, label, autocomplete, error, hint }: PasswordFieldProps) {
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div>
      <label for={id}>{label}</label>
      {hint && (
        <p class="sub" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      )}
      <input
        id={id}
        name={id}
        type="password"
        dir="ltr"
        autocomplete={autocomplete}
        maxlength={1_024}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={described || undefined}
        required
      />
    </div>
  )
}

type PasskeyFormProps = Pick<LocalProps, 'frame' | 'csrf' | 'carried'> & {
  ceremony: 'create' | 'get'
  passkey: Passkey
  button: string
  lead?: string
}

/** Only a script can ask for a passkey: without one the form shows nothing, and the password is there. */
export function PasskeyForm({ frame, csrf, carried, ceremony, passkey, button, lead }: PasskeyFormProps) {
  return (
    <form method="post" class={lead && 'stack'} data-passkey={ceremony} data-options={passkey.options}>
      <Carried csrf={csrf} carried={carried} />
      <input type="hidden" name="credential" value="" />
      <p class="error" role="alert" data-when="failed" hidden={!passkey.isWrong}>
        {frame.texts.say('local.passkey.wrong')}
      </p>
      {lead && (
        <p class="sub" data-when="supported" hidden>
          {lead}
        </p>
      )}
      <button type="submit" class="btn" hidden>
        {button}
      </button>
      <script type="module" src={passkey.scriptPath} />
    </form>
  )
}

/** Has a code sent that proves the mailbox. */
export function SendForm(props: LocalProps & { isMain?: boolean }) {
  const { frame, csrf, carried, address, isMain = false } = props
  const { texts } = frame
  return (
    <form method="post">
      <Carried csrf={csrf} carried={carried} />
      <button type="submit" class={isMain ? 'btn main' : 'btn'} name="action" value="send">
        <span>{texts.rich('start.send', { address: texts.ltr(address) })}</span>
      </button>
    </form>
  )
}
