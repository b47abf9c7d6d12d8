import type { KoaContextWithOIDC } from 'oidc-provider'
import { Heading, Page } from '../../platform/pages/page.js'
import { exchangeOf } from '../exchange.js'
import { draw, frameOf } from './draw.js'

/** For pages whose POST can lead to signing in and from there anywhere. */
const LEADS_ON = { formAction: "'self' https: http:" } as const

/** Asks for the code that a device shows; `form` is the library's, of which only its token is used. */
export async function drawDeviceCode(
  ctx: KoaContextWithOIDC,
  form: string,
  _out?: unknown,
  error?: unknown,
): Promise<void> {
  const frame = frameOf(ctx)
  const { texts } = frame
  const heading = texts.say('app.device.heading')
  draw(
    ctx,
    frame,
    <Page
      frame={frame}
      page="device"
      step="code"
      title={error ? texts.say('page.title-error', { title: heading }) : heading}
    >
      <Heading lead={texts.say('app.device.lead')}>{heading}</Heading>
      <form method="post" class="stack">
        <input type="hidden" name="xsrf" value={xsrfIn(form)} />
        <div>
          <label for="user_code">{texts.say('app.device.label')}</label>
          {Boolean(error) && (
            <p class="error" id="code-error">
              {texts.say('app.device.wrong')}
            </p>
          )}
          <input
            id="user_code"
            name="user_code"
            class="code"
            autocomplete="off"
            autocapitalize="characters"
            dir="ltr"
            spellcheck={false}
            aria-invalid={error ? 'true' : undefined}
            aria-describedby={error ? 'code-error' : undefined}
            required
          />
        </div>
        <button type="submit" class="btn main">
          {texts.say('app.device.continue')}
        </button>
      </form>
    </Page>,
    LEADS_ON,
  )
}

/** Asks whether to sign the device in, and says whose name it will act in: the code may have come from somebody else. */
export async function drawDeviceQuestion(
  ctx: KoaContextWithOIDC,
  form: string,
  _client: unknown,
  _device: unknown,
  userCode: string,
): Promise<void> {
  const frame = frameOf(ctx)
  const { texts } = frame
  const application = exchangeOf(ctx.req).client?.displayName ?? ''
  const heading = texts.say('app.device.heading')
  draw(
    ctx,
    frame,
    <Page frame={frame} page="device" step="confirm" title={heading}>
      <Heading lead={texts.rich('app.device.confirm', { application, code: <b>{texts.ltr(userCode)}</b> })}>
        {heading}
      </Heading>
      <p class="note warn">{texts.say('app.device.warning')}</p>
      <form method="post" class="acts">
        <input type="hidden" name="xsrf" value={xsrfIn(form)} />
        <input type="hidden" name="user_code" value={userCode} />
        <button type="submit" class="btn" name="confirm" value="yes">
          {texts.say('app.device.allow')}
        </button>
        <button type="submit" class="btn main" name="abort" value="yes">
          {texts.say('app.device.deny')}
        </button>
      </form>
    </Page>,
    LEADS_ON,
  )
}

/** Says that the device is signed in. */
export async function drawDeviceDone(ctx: KoaContextWithOIDC): Promise<void> {
  const frame = frameOf(ctx)
  const { texts } = frame
  const heading = texts.say('app.device.done.heading')
  draw(
    ctx,
    frame,
    <Page frame={frame} page="device" step="done" title={heading}>
      <Heading lead={texts.say('app.device.done.lead')}>{heading}</Heading>
    </Page>,
  )
}

function xsrfIn(form: string): string {
  return /name="xsrf" value="([^"]*)"/.exec(form)?.[1] ?? ''
}
