import type { ComponentChildren } from 'preact'
import type { Instant } from '../../kernel/instant.js'
import { safeLink } from '../../platform/pages/link.js'
import { Head } from '../../platform/pages/page.js'
import { longTime, type ShownMessage, shortTime, summarize } from './summary.js'

type MailboxPageProps = {
  stylesheetPath: string
  /** Newest first. */
  messages: readonly ShownMessage[]
  /** The filter in force: a recipient. */
  to?: string | undefined
  now: Instant
}

/** Every mail this server would have sent, for people who try it out. English only: it is a tool, not a page for guests. */
export function MailboxPage({ stylesheetPath, messages, to, now }: MailboxPageProps) {
  const count = `${messages.length} ${messages.length === 1 ? 'message' : 'messages'}${to ? ` to ${to}` : ''}`
  return (
    <Frame title="Mailbox (development)" stylesheetPath={stylesheetPath} to={to}>
      <div class="split">
        <main data-page="mailbox" class="side msgs">
          <h1 class="hide">{count}</h1>
          <MessageList messages={messages} to={to} now={now} />
        </main>
        <section class={messages.length > 0 ? 'mid rest' : 'mid'} aria-label="About this mailbox">
          <div class="empty">
            <h2>{count}</h2>
            <p class="sub">
              Every mail this server would send lands here and nowhere else.{' '}
              {messages.length > 0 ? 'Pick one to read it.' : 'Invite somebody, then load this page again.'}
            </p>
          </div>
        </section>
      </div>
    </Frame>
  )
}

type MailboxMessagePageProps = MailboxPageProps & { message: ShownMessage }

/**
 * One message beside the list. Its HTML is shown in a sandboxed frame: send the page with `framesOwnDocuments` and the
 * document with `mailDocumentHeaders`.
 */
export function MailboxMessagePage({ stylesheetPath, messages, message, to, now }: MailboxMessagePageProps) {
  const path = messagePath(message.id)
  return (
    <Frame title={`${message.subject} - Mailbox (development)`} stylesheetPath={stylesheetPath} to={to} open>
      <div class="split">
        <nav aria-label="Messages" class="side msgs">
          <MessageList messages={messages} current={message.id} to={to} now={now} />
        </nav>
        <main class="mid stack" data-page="mailbox-message">
          <div>
            <h1>
              <bdi>{message.subject}</bdi>
            </h1>
            <p class="sub">{envelopeOf(message, now)}</p>
          </div>
          <div class="acts">
            <Shortcut message={message} main />
            <a class="btn" href={`${path}/html`}>
              HTML in a new page
            </a>
            <a class="btn" href={`${path}/text`}>
              Plain text
            </a>
            <a class="btn" href={`${path}/raw`}>
              Raw source
            </a>
          </div>
          <iframe sandbox="" title="The message as HTML" src={`${path}/html`} />
          {message.links.length > 0 && <Links links={message.links} />}
        </main>
      </div>
    </Frame>
  )
}

type FrameProps = {
  title: string
  stylesheetPath: string
  to: string | undefined
  open?: boolean
  children: ComponentChildren
}

function Frame({ title, stylesheetPath, to, open, children }: FrameProps) {
  const query = to ? `?to=${encodeURIComponent(to)}` : ''
  return (
    <html lang="en" dir="ltr">
      <Head title={title} stylesheetPath={stylesheetPath} />
      <body class={open ? 'open' : undefined}>
        <header class="bar">
          <span class="acts">
            <b>{open ? <a href={`/dev/mailbox${query}`}>Mailbox</a> : 'Mailbox'}</b>
            <span class="chip warn">Development only</span>
          </span>
          <search class="grow">
            <form action="/dev/mailbox">
              <label class="hide" for="to">
                Filter by recipient
              </label>
              <input id="to" name="to" type="search" placeholder="Filter by recipient" value={to} />
            </form>
          </search>
          <a href={`/dev/mailbox/messages${query}`}>JSON</a>
        </header>
        {children}
      </body>
    </html>
  )
}

type MessageListProps = Pick<MailboxPageProps, 'messages' | 'to' | 'now'> & { current?: string }

function MessageList({ messages, current, to, now }: MessageListProps) {
  const query = to ? `?to=${encodeURIComponent(to)}` : ''
  return (
    <ul>
      {messages.map((message) => (
        <li>
          <a href={messagePath(message.id) + query} aria-current={message.id === current ? 'true' : undefined}>
            <span class="sub">
              {message.to.join(', ')}{' '}
              <time class="num" datetime={message.createdDateTime}>
                {shortTime(message.createdDateTime, now)}
              </time>
            </span>
            <b>
              <bdi>{message.subject}</bdi>
            </b>
            <Gist message={message} />
          </a>
          <Shortcut message={message} />
        </li>
      ))}
    </ul>
  )
}

function Gist({ message }: { message: ShownMessage }) {
  const { code } = summarize(message)
  if (code) {
    return (
      <span class="sub">
        Code <span class="key">{code}</span>
      </span>
    )
  }
  const links = message.links.length === 1 ? '1 link' : `${message.links.length} links`
  return <span class="sub">{summarize(message).redeemUrl ? `Invitation, ${links}` : links}</span>
}

function Shortcut({ message, main }: { message: ShownMessage; main?: boolean }) {
  const { redeemUrl } = summarize(message)
  return redeemUrl ? (
    <a class={main ? 'btn main' : 'btn'} href={redeemUrl}>
      Open redeem link
    </a>
  ) : null
}

function Links({ links }: { links: readonly string[] }) {
  return (
    <section>
      <h2>All links in this mail</h2>
      <ul class="list">
        {links.map((link) => {
          const href = safeLink(link)?.href
          return <li>{href ? <a href={href}>{link}</a> : link}</li>
        })}
      </ul>
    </section>
  )
}

function envelopeOf({ to, cc, from, replyTo, createdDateTime }: ShownMessage, now: Instant): string {
  return [
    `To ${to.join(', ')}`,
    ...(cc.length > 0 ? [`copy to ${cc.join(', ')}`] : []),
    `from ${from}`,
    ...(replyTo ? [`replies go to ${replyTo}`] : []),
    longTime(createdDateTime, now),
  ].join(', ')
}

function messagePath(id: string): string {
  return `/dev/mailbox/messages/${encodeURIComponent(id)}`
}
