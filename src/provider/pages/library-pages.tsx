import type { KoaContextWithOIDC } from 'oidc-provider'
import { Heading, Page } from '../../platform/pages/page.js'
import { draw, frameOf } from './draw.js'

// The pages that the library answers by itself: how each of them looks is ours.

/** Where a signed-out person may be led is another site, which Chromium holds against the page's policy. */
const LEADS_ON = { formAction: "'self' https: http:" } as const

/** What went wrong on the way to an application, told to a person who cannot mend it. */
export function drawProblem(
  ctx: KoaContextWithOIDC,
  out: { error: string; error_description?: string | undefined },
): void {
  const frame = frameOf(ctx)
  const { texts } = frame
  const heading = texts.say('app.problem.heading')
  const error = [out.error, out.error_description].filter(Boolean).join(': ').slice(0, 512)
  draw(
    ctx,
    frame,
    <Page frame={frame} page="error" title={texts.say('page.title-error', { title: heading })}>
      <Heading lead={texts.say('app.problem.lead')}>{heading}</Heading>
      <section class="note">
        <p>{texts.rich('app.problem.help', { error: texts.ltr(error) })}</p>
      </section>
    </Page>,
  )
}

/** Asks whether to sign out; `form` is the library's, of which only its token is used. */
export async function drawLogout(ctx: KoaContextWithOIDC, form: string): Promise<void> {
  const frame = frameOf(ctx)
  const { texts } = frame
  const heading = texts.say('app.logout.heading')
  const [, action = ''] = /action="([^"]*)"/.exec(form) ?? []
  const [, xsrf = ''] = /name="xsrf" value="([^"]*)"/.exec(form) ?? []
  draw(
    ctx,
    frame,
    <Page frame={frame} page="sign-out" title={heading}>
      <Heading lead={texts.say('app.logout.lead')}>{heading}</Heading>
      <form method="post" action={new URL(action).pathname} class="acts">
        <input type="hidden" name="xsrf" value={xsrf} />
        <button type="submit" class="btn main" name="logout" value="yes">
          {texts.say('app.logout.yes')}
        </button>
        <button type="submit" class="btn">
          {texts.say('app.logout.no')}
        </button>
      </form>
    </Page>,
    LEADS_ON,
  )
}

/** After signing out, when the application named no place to go. */
export async function drawLoggedOut(ctx: KoaContextWithOIDC): Promise<void> {
  const frame = frameOf(ctx)
  const { texts } = frame
  const heading = texts.say('app.logged-out.heading')
  draw(
    ctx,
    frame,
    <Page frame={frame} page="signed-out" title={heading}>
      <Heading lead={texts.say('app.logged-out.lead')}>{heading}</Heading>
    </Page>,
  )
}
