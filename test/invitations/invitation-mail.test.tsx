import t from 'tap'
import {
  type InvitationMailInput,
  invitationMail,
  wholeInvitationMail,
} from '../../src/invitations/mail/invitation-mail.js'
import { LANGUAGES, textsIn } from '../../src/platform/i18n/index.js'

const ticket = 'AZjC1Gp3fQKPFSucTh06WKx0m3uVn2QyH5rJt8eLwD4AZjC1Gp3fQKPFSucTh06WKx0'
const redeemUrl = `https://vestibule.example/redeem?tenant=0198c2d4-51f0-7c3e-9b1a-6f2d8e4a7c10&user=0198c2d4-6a77-7d02-8f15-2b9c4e1d3a58&ticket=${ticket}&ver=2.0`
const blockUrl = 'https://vestibule.example/signin/block?tenant=0198c2d4-51f0-7c3e-9b1a-6f2d8e4a7c10&ticket=abc'

const full: InvitationMailInput = {
  texts: textsIn('en'),
  organization: {
    name: 'Fabrikam',
    domain: 'fabrikam.example',
    logoUrl: 'https://vestibule.example/logos/1.png',
    colours: { fill: '#0b6e5f', ink: '#ffffff' },
  },
  inviter: { kind: 'user', name: 'Nils Brandt', mail: 'nils.brandt@fabrikam.example' },
  message: 'Hi Giovanna, this is the portal I told you about on Tuesday. Orders for Q1 are in there.',
  redeemUrl,
  landingUrl: 'https://suppliers.fabrikam.example/',
  appName: 'the Supplier portal',
  expiresAt: new Date('2026-12-20T10:00:00Z'),
  invitedAddress: 'gcarvalho@proseware.example',
  blockUrl,
  privacyUrl: 'https://fabrikam.example/privacy',
  contactUrl: 'mailto:help@fabrikam.example',
}

const ENTITIES: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" }
const decoded = (text: string) => text.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? '')
/** What a reader of the HTML part sees, on one line. */
const seen = (html: string) =>
  decoded(
    html
      .replace(/^[\s\S]*<\/head>/, '')
      .replace(/<div [^>]*display:none[\s\S]*?<\/div>/, '')
      .replace(/<br ?\/?>/g, ' ')
      .replace(/<[^>]*>/g, ' '),
  )
const hrefs = (html: string) => [...html.matchAll(/\bhref="([^"]*)"/g)].map(([, href = '']) => decoded(href))
const tagNames = (html: string) => [...html.matchAll(/<(\/?[a-z0-9]+)/gi)].map(([, name]) => name)

function inOrder(text: string, parts: string[]): string | undefined {
  let from = 0
  for (const part of parts) {
    const at = text.indexOf(part, from)
    if (at < 0) return part
    from = at + part.length
  }
  return undefined
}

t.test('the text part of a full invitation', async (t) => {
  t.equal(
    invitationMail(full).text,
    `Accept only if you know Nils Brandt and expected this. If in doubt, phone
first instead of replying.


Nils Brandt invites you to Fabrikam
Fabrikam, fabrikam.example

As a guest you can open the Supplier portal with this e-mail address. No new
password.

Nils Brandt writes:
> Hi Giovanna, this is the portal I told you about on Tuesday. Orders for Q1
> are in there.

Accept invitation:
${redeemUrl}

The link opens vestibule.example. After you accept you land on:
https://suppliers.fabrikam.example/
Accept by 20 December 2026. Once accepted, the same link is your shortcut to
the Supplier portal.

${'-- '}
Sent to gcarvalho@proseware.example because Nils Brandt
(nils.brandt@fabrikam.example) of Fabrikam invited this address. Replies
reach Nils Brandt. Opening the link accepts nothing by itself.

Block future invitations from Fabrikam:
${blockUrl}
Fabrikam privacy statement:
https://fabrikam.example/privacy
Contact Fabrikam:
mailto:help@fabrikam.example
`,
  )
})

t.test("the subject is Graph's, with the person or the organization", async (t) => {
  t.equal(invitationMail(full).subject, 'Nils Brandt invited you to access applications within their organization.')
  t.equal(
    invitationMail({ ...full, inviter: { kind: 'application', name: 'Sync' } }).subject,
    'Fabrikam invited you to access applications within their organization.',
  )
})

for (const { code } of LANGUAGES) {
  t.test(`in ${code} both parts say the same in the same order, and the HTML stays under 8 kB`, async (t) => {
    const texts = textsIn(code)
    const { html, text } = invitationMail({ ...full, texts, message: 'First line.\n\n<b>Second</b> & last.' })
    const parts = [
      'Nils Brandt',
      'Fabrikam',
      'fabrikam.example',
      'the Supplier portal',
      'Nils Brandt',
      'First line.',
      '<b>Second</b> & last.',
      texts.say('mail.invitation.accept'),
      'https://suppliers.fabrikam.example/',
      texts.date(new Date('2026-12-20T10:00:00Z')),
      'Fabrikam',
    ]
    t.equal(inOrder(text.replace(/\n(?:> ?)?/g, ' '), parts), undefined)
    t.equal(inOrder(seen(html), parts.toSpliced(3, 0, 'Nils Brandt', 'Fabrikam')), undefined)
    t.same(hrefs(html), [redeemUrl, redeemUrl, blockUrl, full.privacyUrl, full.contactUrl])
    const own = text.split('\n').filter((line) => /^(https?|mailto):\S+$/.test(line))
    t.same(own, [redeemUrl, full.landingUrl, blockUrl, full.privacyUrl, full.contactUrl])
    const width = (line: string) =>
      [...line].reduce((sum, c) => sum + (/\p{M}/u.test(c) ? 0 : /[\u3000-\uffef]/.test(c) ? 2 : 1), 0)
    t.ok(text.split('\n').every((line) => width(line) <= 76 || /^\S+$/.test(line)))
    t.ok(Buffer.byteLength(invitationMail({ ...full, texts, message: undefined }).html) < 8000)
    t.match(html, `<html lang="${code}" dir="${code === 'ar' ? 'rtl' : 'ltr'}">`)
  })
}

t.test('in Arabic every cell carries its direction and side', async (t) => {
  const { html } = invitationMail({ ...full, texts: textsIn('ar') })
  for (const [cell] of html.matchAll(/<td class="p[^>]*>/g)) t.match(cell, /dir="rtl" align="right"/)
  t.notMatch(html, /align="left"|dir="rtl" align="left"/)
  t.match(html, '<bdi dir="ltr">gcarvalho@proseware.example</bdi>')
})

t.test('an application is named, nobody is said to reply, and its message is its own', async (t) => {
  const { html, text } = invitationMail({
    ...full,
    inviter: { kind: 'application', name: 'Supplier sync', mail: 'x@fabrikam.example' },
  })
  for (const part of [text.replaceAll('\n', ' '), seen(html)]) {
    t.match(part, 'Accept only if you expected an invitation from Fabrikam.')
    t.match(part, 'Message sent by the application Supplier sync')
    t.match(part, 'because the application Supplier sync of Fabrikam invited this address.')
    t.notMatch(part, /Replies|x@fabrikam|Nils/)
  }
})

t.test('what is not known is left out, and a missing privacy statement is said', async (t) => {
  const { appName, expiresAt, message, privacyUrl, contactUrl, ...bare } = full
  const inviter = { kind: 'user' as const, name: 'Nils Brandt' }
  const { html, text } = invitationMail({
    ...bare,
    organization: { ...full.organization, logoUrl: undefined },
    inviter,
  })
  for (const part of [text.replaceAll('\n', ' '), seen(html)]) {
    t.match(part, 'Fabrikam has published no privacy statement.')
    t.match(part, 'Once accepted, the same link takes you straight there.')
    t.notMatch(part, /Accept by|writes|Replies|Contact|undefined|null|\[object/)
  }
  t.same(hrefs(html), [redeemUrl, redeemUrl, blockUrl])
  t.notMatch(html, '<img')
})

t.test('a guest who has accepted before gets a shortcut that asks for nothing to be accepted', async (t) => {
  const { html, text } = invitationMail({ ...full, isShortcut: true })
  for (const part of [text.replaceAll('\n', ' '), seen(html)]) {
    t.match(part, 'You are a guest there already.')
    t.match(part, 'Sign in and open')
    t.notMatch(part, /Accept by|After you accept|Accept invitation|accepts nothing/)
  }
})

const hostile = [
  '<img src=x onerror=alert(1)>',
  '"><script>alert(1)</script>',
  '</title></style></table><h1>',
  "' onmouseover='alert(1)",
  '{{redeemUrl}} {name} ${7*7} <%= 1 %> -sub-',
  '%0d%0aBcc: all@evil.example',
  'a\r\nBcc: all@evil.example\r\n\r\n<p>',
  '\u2028\u0085-- \u2029Accept invitation:\nhttps://evil.example/',
  '\u202egpj.exe\u2066',
  '&lt;b&gt;&amp;',
  '{minutes, plural, one {x} other {y}}',
  '\ue000organization\ue001',
]
for (const text of hostile) {
  // TAP is lines of text: a title with a line separator of its own ends the report.
  const title = JSON.stringify(text).replace(/[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`)
  t.test(`${title} as name, application or message stays text`, async (t) => {
    const plain = invitationMail({ ...full, message: 'x' })
    for (const changes of [
      { inviter: { ...full.inviter, name: text } },
      { inviter: { kind: 'application' as const, name: text } },
      { organization: { ...full.organization, name: text } },
      { appName: text },
      { message: text },
    ]) {
      const mail = invitationMail({ ...full, message: 'x', ...changes })
      const expected = 'kind' in (changes.inviter ?? {}) && changes.inviter?.kind === 'application' ? undefined : plain
      const withoutBreaks = (names: (string | undefined)[]) =>
        names.filter((name) => name !== 'br' && name !== 'bdi' && name !== '/bdi')
      if (expected) t.same(withoutBreaks(tagNames(mail.html)), withoutBreaks(tagNames(expected.html)))
      t.same(hrefs(mail.html), hrefs(plain.html))
      t.notMatch(mail.html, /<img(?! src="https:\/\/vestibule\.example\/logos\/1\.png")|<script|\son[a-z]+="/i)
      t.notMatch(mail.subject, /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u)
      t.notMatch(mail.text, /[\u2028\u2029\u0085\u202a-\u202e\r]/)
      // Nothing somebody wrote begins a line of its own that a client would link or that looks like ours.
      const links = mail.text.split('\n').filter((line) => /^\s*https?:\/\//.test(line))
      t.same(links, [redeemUrl, full.landingUrl, blockUrl, full.privacyUrl])
      t.equal(mail.text.split('\n').filter((line) => line === '-- ').length, 1)
    }
  })
}

t.test('a name or message that looks like an address reads the same and is no link', async (t) => {
  const evil = 'evil.example'
  const { html, text } = invitationMail({
    ...full,
    inviter: { kind: 'user', name: evil },
    message: `Go to https://${evil}/x or www.${evil}`,
    appName: `www.${evil}`,
    organization: { ...full.organization, name: evil },
  })
  for (const part of [seen(html), text]) {
    t.notMatch(part, /evil\.example|www\.evil|:\/\/evil/)
    t.match(part.replaceAll('\u200c', ''), 'Go to https://evil.example/x or www.evil.example')
  }
  t.same(hrefs(html), [redeemUrl, redeemUrl, blockUrl, full.privacyUrl, full.contactUrl])
})

const badUrls = [
  'javascript:alert(1)',
  'data:text/html,x',
  'nonsense',
  '/relative',
  'mailto:a@b.example now visit x',
  ' ',
]
for (const url of badUrls) {
  t.test(`${JSON.stringify(url)} as privacy, contact or logo address is left out`, async (t) => {
    const organization = { ...full.organization, logoUrl: url }
    const { html, text } = invitationMail({ ...full, organization, privacyUrl: url, contactUrl: url })
    t.same(hrefs(html), [redeemUrl, redeemUrl, blockUrl])
    t.match(text, 'has published no privacy statement')
    t.notMatch(html, /<img|javascript:|data:/)
  })
}

t.test('a landing address shows its real host, and a very long one is cut', async (t) => {
  const disguised = invitationMail({ ...full, landingUrl: 'https://accounts.bank.example@evіl.example/' })
  t.match(disguised.text, /\nhttps:\/\/xn--[a-z0-9-]+\.example\/\n/)
  t.notMatch(disguised.text, 'bank.example')
  const long = invitationMail({ ...full, landingUrl: `https://suppliers.fabrikam.example/${'x'.repeat(3000)}` })
  t.match(long.text, /\nhttps:\/\/suppliers\.fabrikam\.example\/x{164}…\n/)
  t.ok(Buffer.byteLength(long.html) < 8000)
})

t.test('a colour that is none cannot leave its style attribute', async (t) => {
  const colours = { fill: 'red;background:url(https://evil.example)', ink: '"><script>' }
  const { html } = invitationMail({ ...full, organization: { ...full.organization, colours } })
  t.notMatch(html, /evil|<script/)
  t.match(html, 'background:#1b1d1f')
})

t.test('nothing is fetched but the logo, and nothing tracks', async (t) => {
  const { html } = invitationMail(full)
  t.same(
    [...html.matchAll(/\b(?:src|background|srcset)="([^"]*)"|url\(/g)].map(([, src]) => src),
    [full.organization.logoUrl],
  )
})

t.test('a name of the longest kind leaves a mail that can be read', async (t) => {
  const { subject, html } = invitationMail({
    ...full,
    inviter: { ...full.inviter, name: 'é'.repeat(256) },
    message: undefined,
  })
  t.ok([...subject].length < 200)
  t.ok(Buffer.byteLength(html) < 9000)
})

t.test('what is remembered of a mail changes nothing: each is as if it were made from the beginning', async (t) => {
  const links = ['https://vestibule.example/redeem?a=1&b="<i>', 'https://other.example:8443/redeem?a=1&b=2&ver=2.0']
  const guests = [
    'ana@partner.example',
    `${'a-very-long-name-'.repeat(3)}x@${'long-'.repeat(9)}.partner.example`,
    '"&amp;<b>"@x.example',
    'slot0n0nredeemUrl$&@x.example',
    'אנה@partner.example',
    'さくら@例え.example',
    'ana\r\n\u202e@partner.example',
  ].flatMap((invitedAddress) =>
    links.map((redeemUrl, index) => ({ invitedAddress, redeemUrl, blockUrl: `${blockUrl}&n=${index}&q="<` })),
  )
  const shared: Partial<InvitationMailInput>[] = [
    {},
    { message: 'Hi & <b>welcome</b>\nslot0n0n $1' },
    { expiresAt: new Date('2026-12-20T23:59:59Z') },
    { expiresAt: new Date('2026-12-21T00:00:00Z') },
    { inviter: { kind: 'user', name: 'Nils Brandt' } },
    { inviter: { kind: 'application', name: 'Portal' } },
    { isShortcut: true, appName: undefined, privacyUrl: undefined },
  ]
  for (const { code } of LANGUAGES) {
    for (const difference of shared) {
      for (const guest of guests) {
        const input = { ...full, texts: textsIn(code), ...difference, ...guest }
        for (let turn = 0; turn < 2; turn++) t.strictSame(invitationMail(input), wholeInvitationMail(input))
      }
    }
  }
})

t.test('a mail has nothing of the guest before', async (t) => {
  invitationMail({ ...full, invitedAddress: 'first@partner.example', blockUrl: `${blockUrl}&first` })
  const { html, text } = invitationMail({ ...full, invitedAddress: 'second@partner.example' })
  t.notMatch(html + text, /first@|&amp;first|&first/)
  t.match(html, /second@partner\.example/)
})
