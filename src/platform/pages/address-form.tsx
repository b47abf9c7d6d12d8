import type { ComponentChildren } from 'preact'
import { CsrfField, type PageFrame } from './page.js'

const EXAMPLE = 'ana@partner.example'

type AddressFormProps = {
  texts: PageFrame['texts']
  csrf: string
  /** What stands in the field: known before, or what was typed. */
  address?: string | undefined
  /** Whether what was typed is no address (422). */
  isMalformed: boolean
  /** Fields that nobody types in. */
  children?: ComponentChildren
}

/** Asks for a mailbox (`name=email`) that a code is then sent to. */
export function AddressForm({ texts, csrf, address, isMalformed, children }: AddressFormProps) {
  return (
    <form method="post" class="stack" novalidate>
      <CsrfField token={csrf} />
      {children}
      <div>
        <label for="email">{texts.say('blocks.email.label')}</label>
        {isMalformed && (
          <p class="error" id="email-error">
            {texts.rich('blocks.email.malformed', { example: texts.ltr(EXAMPLE) })}
          </p>
        )}
        <input
          id="email"
          name="email"
          type="email"
          autocomplete="username"
          dir="ltr"
          spellcheck={false}
          aria-invalid={isMalformed ? 'true' : undefined}
          aria-describedby={isMalformed ? 'email-error' : undefined}
          value={address}
          required
        />
      </div>
      <button type="submit" class="btn main">
        {texts.say('blocks.email.send')}
      </button>
    </form>
  )
}
