// Strings in, HTML out. Everything that somebody typed goes through `html`, which escapes it.

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem;color:#1b1d1f;background:#fff}
label{display:block;margin-top:1rem}input{font:inherit;width:100%;box-sizing:border-box;padding:.6rem;border:1px solid #767676;border-radius:8px}
button,.button{font:inherit;display:inline-block;margin-top:1.25rem;padding:.6rem 1rem;border:0;border-radius:8px;background:#0b6e5f;color:#fff;text-decoration:none}
.error{color:#a3161f}.hidden{position:absolute;left:-99rem}dt{color:#565b61}dd{margin:0 0 .75rem}`

/** What each status of an invitation means to the person who waits for it. */
const STATUS = {
  PendingAcceptance: 'Waiting for you: open the link in our mail.',
  Completed: 'Done: you have access.',
  Expired: 'The invitation has expired. Ask again.',
  Revoked: 'The invitation was withdrawn.',
  Error: 'Something went wrong. Ask again.',
}
const DELIVERY = {
  queued: 'on its way',
  sent: 'sent',
  delivered: 'delivered',
  deferred: 'delayed by your mail provider',
  bounced: 'returned: is the address right?',
  failed: 'could not be delivered',
  suppressed: 'not sent: too many mails to this address today',
}

export function formPage({ token, fields = {}, error }) {
  return page(
    'Ask for guest access',
    html`<p>We send you an invitation. With it you sign in by your own address: no new password.</p>
${error ? html`<p class="error" role="alert" id="error">${error}</p>` : ''}
<form method="post" action="/">
<input type="hidden" name="token" value="${token}">
<label for="email">E-mail address</label>
<input id="email" name="email" type="email" autocomplete="email" required maxlength="254" value="${fields.email ?? ''}"${error ? raw(' aria-invalid="true" aria-describedby="error"') : ''}>
<label for="name">Your name</label>
<input id="name" name="name" autocomplete="name" maxlength="256" value="${fields.name ?? ''}">
<div class="hidden" aria-hidden="true"><label for="website">Leave this empty</label><input id="website" name="website" tabindex="-1" autocomplete="off"></div>
<button type="submit">Ask for access</button>
</form>`,
  )
}

export function statePage({ invitation, token, error }) {
  if (!invitation) {
    return page(
      'We have your request',
      html`<p>If we can invite this address, a mail is on its way. It may take some minutes.</p>
<a class="button" href="/">Ask again</a>`,
    )
  }
  const { invitedUserEmailAddress, status, delivery, expiresDateTime } = invitation
  const isPending = status === 'PendingAcceptance'
  return page(
    'Your request',
    html`<dl><dt>Address</dt><dd>${invitedUserEmailAddress}</dd>
<dt>State</dt><dd data-status="${status}">${STATUS[status] ?? status}</dd>
${isPending && delivery ? html`<dt>Mail</dt><dd>${DELIVERY[delivery.state] ?? delivery.state}</dd>` : ''}
${isPending && expiresDateTime ? html`<dt>Good until</dt><dd>${expiresDateTime.slice(0, 10)}</dd>` : ''}</dl>
${error ? html`<p class="error" role="alert">${error}</p>` : ''}
${isPending ? html`<form method="post" action="/state"><input type="hidden" name="token" value="${token}"><button type="submit">Send the mail again</button></form>` : ''}
${isPending || status === 'Completed' ? '' : html`<a class="button" href="/">Ask again</a>`}`,
  )
}

export function welcomePage() {
  return page(
    'Welcome',
    html`<p>You have access now. Close this page, or look at <a href="/state">your request</a>.</p>`,
  )
}

export function tooManyPage() {
  return page('Too many requests', html`<p>Somebody on your network has asked very often. Try again in an hour.</p>`)
}

export function missingPage(words) {
  return page('Not here', html`<p>${words}</p><a class="button" href="/">Ask for guest access</a>`)
}

function page(title, content) {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${raw(STYLE)}</style></head>
<body><main><h1>${title}</h1>
${content}
</main></body></html>
`.toString()
}

class Markup {
  constructor(text) {
    this.text = text
  }
  toString() {
    return this.text
  }
}

const raw = (text) => new Markup(text)

/** Markup whose values are escaped, unless they are markup themselves. */
function html(parts, ...values) {
  const filled = values.map((value) => (value instanceof Markup ? value.text : escaped(String(value))))
  return new Markup(parts.map((part, index) => part + (filled[index] ?? '')).join(''))
}

function escaped(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
