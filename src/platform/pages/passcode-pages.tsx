import type { ComponentChildren } from 'preact'
import type { Instant } from '../../kernel/instant.js'
import type { Texts } from '../i18n/index.js'
import { CsrfField, Heading, Page, type PageFrame, titleOf } from './page.js'

/** What a passcode of ours is like; the pages tell it. */
export type PasscodeTerms = { digits: number; lifetimeMinutes: number; secondsBetweenMails: number }

/** Why what was typed did not do. `none`: this browser has no code that could be typed. */
export type CodeError =
  | { kind: 'wrong'; triesLeft: number }
  | { kind: 'malformed' }
  | { kind: 'expired' }
  | { kind: 'usedUp' }
  | { kind: 'none' }

type CodePageProps = {
  frame: PageFrame
  csrf: string
  /** Masked until its owner has proved it. */
  maskedAddress: string
  terms: PasscodeTerms
  error?: CodeError | undefined
  /** What was typed, to be kept beside an error. */
  typed?: string | undefined
  /** Where another address is given, for whoever mistyped theirs. */
  otherUrl?: string | undefined
}

/** Asks for the code that was sent (200), or again after one that did not do (422). */
export function CodePage({ frame, csrf, maskedAddress, terms, error, typed, otherUrl }: CodePageProps) {
  const { texts } = frame
  const title = titleOf(frame, texts.say('code.heading'))
  // Once the code is dead, the way on is a new one.
  const dead = error !== undefined && error.kind !== 'wrong' && error.kind !== 'malformed'
  return (
    <Page frame={frame} page="code" title={error ? texts.say('page.title-error', { title }) : title}>
      <CodeHeading texts={texts} maskedAddress={maskedAddress} terms={terms} />
      <CodeForm
        texts={texts}
        csrf={csrf}
        error={error && codeErrorText(texts, error, terms)}
        typed={typed}
        main={!dead}
      />
      <form method="post" class="again">
        <CsrfField token={csrf} />
        {!dead && <p class="sub">{texts.say('code.no-mail', { seconds: terms.secondsBetweenMails })}</p>}
        <button type="submit" class={dead ? 'btn main' : 'btn text'} name="action" value="send">
          {texts.say('code.send-new')}
        </button>
      </form>
      {otherUrl && (
        <p>
          <a class="alone" href={otherUrl}>
            {texts.say('app.no-account.again')}
          </a>
        </p>
      )}
    </Page>
  )
}

/**
 * Which limit was met: one code per interval, per 15 minutes, per day, per hour and client address, or of second steps
 * per day and person, and text messages of the organization.
 */
export type SendingLimit = {
  kind: 'interval' | 'window' | 'day' | 'client' | 'person' | 'organization'
  /** Mails allowed; for `interval` the seconds between two. */
  count: number
  retryAt: Instant
  retryAfterSeconds: number
}

type LimitedPageProps = {
  frame: PageFrame
  csrf: string
  maskedAddress: string
  terms: PasscodeTerms
  limit: SendingLimit
  /** Whether this browser waits for a code that still works: limits stop sending, never verifying. */
  codeIsLive: boolean
}

/** Says when the next code can be asked for, and still takes the newest one (429 with `Retry-After`). */
export function LimitedPage({ frame, csrf, maskedAddress, terms, limit, codeIsLive }: LimitedPageProps) {
  const { texts } = frame
  const heading = texts.say(codeIsLive ? 'code.heading' : 'limited.heading')
  return (
    <Page frame={frame} page="limited" title={titleOf(frame, heading)}>
      {codeIsLive ? (
        <CodeHeading texts={texts} maskedAddress={maskedAddress} terms={terms} />
      ) : (
        <Heading lead={texts.rich('limited.lead', { address: texts.ltr(maskedAddress) })}>{heading}</Heading>
      )}
      <LimitNote texts={texts} limit={limit} codeIsLive={codeIsLive} />
      {codeIsLive && <CodeForm texts={texts} csrf={csrf} main />}
      <form method="post" class="again">
        <CsrfField token={csrf} />
        <button type="submit" class={codeIsLive ? 'btn text' : 'btn main'} name="action" value="send">
          {texts.say('code.send-new')}
        </button>
      </form>
    </Page>
  )
}

function CodeHeading({
  texts,
  maskedAddress,
  terms,
}: Pick<CodePageProps, 'maskedAddress' | 'terms'> & { texts: Texts }) {
  const values = { digits: terms.digits, minutes: terms.lifetimeMinutes, address: texts.ltr(maskedAddress) }
  return <Heading lead={texts.rich('code.lead', values)}>{texts.say('code.heading')}</Heading>
}

type CodeFormProps = {
  texts: Texts
  csrf: string
  error?: string | undefined
  typed?: string | undefined
  /** Whether going on with this form is what the page is about. */
  main: boolean
}

function CodeForm({ texts, csrf, error, typed, main }: CodeFormProps) {
  return (
    <form method="post" class="stack">
      <CsrfField token={csrf} />
      <div>
        <label for="code">{texts.say('code.label')}</label>
        {error && (
          <p class="error" id="code-error">
            {error}
          </p>
        )}
        <input
          class="code"
          id="code"
          name="code"
          dir="ltr"
          inputmode="numeric"
          autocomplete="one-time-code"
          maxlength={12}
          spellcheck={false}
          aria-invalid={error ? 'true' : undefined}
          aria-describedby={error ? 'code-error' : undefined}
          value={typed}
          required
          autofocus
        />
      </div>
      <button type="submit" class={main ? 'btn main' : 'btn'}>
        {texts.say('code.continue')}
      </button>
    </form>
  )
}

function codeErrorText(texts: Texts, error: CodeError, terms: PasscodeTerms): string {
  switch (error.kind) {
    case 'wrong':
      return texts.say('code.wrong', { tries: error.triesLeft })
    case 'malformed':
      return texts.say('code.malformed', { digits: terms.digits })
    case 'expired':
      return texts.say('code.expired', { minutes: terms.lifetimeMinutes })
    case 'usedUp':
      return texts.say('code.used-up')
    case 'none':
      return texts.say('code.none')
  }
}

type LimitNoteProps = {
  texts: Texts
  limit: SendingLimit
  codeIsLive: boolean
  /** Says that the newest code is still good, where it did not go to a mailbox. */
  newest?: string
}

/** When there is a next code, and why not now. */
export function LimitNote({ texts, limit, codeIsLive, newest = texts.say('limited.newest') }: LimitNoteProps) {
  // A clock time alone would mislead when it is tomorrow's.
  const soon = limit.retryAfterSeconds < 12 * 3600
  const time = soon ? texts.time(limit.retryAt) : texts.dateTime(limit.retryAt)
  const sentences: ComponentChildren = texts.join(
    texts.say('limited.at', { time }),
    limitReason(texts, limit),
    codeIsLive && newest,
  )
  return (
    <div class="note warn" role="status">
      <h2>{texts.say('limited.wait', waitingTime(limit.retryAfterSeconds))}</h2>
      <p class="sub">{sentences}</p>
    </div>
  )
}

function limitReason(texts: Texts, { kind, count }: SendingLimit): string {
  if (kind === 'person') return texts.say('mfa.limit.person', { count })
  if (kind === 'organization') return texts.say('mfa.limit.organization')
  return texts.say('limited.reason', { kind, count })
}

/** A waiting time in the unit people would name, rounded up. */
function waitingTime(seconds: number): { unit: 'second' | 'minute' | 'hour'; count: number } {
  if (seconds <= 90) return { unit: 'second', count: Math.max(1, Math.ceil(seconds)) }
  if (seconds <= 90 * 60) return { unit: 'minute', count: Math.ceil(seconds / 60) }
  return { unit: 'hour', count: Math.ceil(seconds / 3600) }
}
