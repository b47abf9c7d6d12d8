import type { Texts } from '../../../platform/i18n/index.js'
import { CsrfField } from '../../../platform/pages/page.js'

/** A field that nobody sees and robots fill. */
export const TRAP = 'company_url'

/** What forms carry that begin a sign-up, beside what is typed: the trap, and room for the browser's work. */
export function Guards({ texts, id, works }: { texts: Texts; id: string; works: boolean }) {
  return (
    <>
      <div class="hide" aria-hidden="true">
        <label for={`trap-${id}`}>{texts.say('sign-up.start.trap')}</label>
        <input id={`trap-${id}`} name={TRAP} tabindex={-1} autocomplete="off" />
      </div>
      {works && <input type="hidden" name="work" />}
    </>
  )
}

type OneButtonProps = {
  csrf: string
  action: string
  words: string
  isMain?: boolean
}

/** A form that is a button. */
export function OneButton({ csrf, action, words, isMain = false }: OneButtonProps) {
  return (
    <form method="post" class="acts">
      <CsrfField token={csrf} />
      <button type="submit" class={isMain ? 'btn main' : 'btn text'} name="action" value={action}>
        {words}
      </button>
    </form>
  )
}
