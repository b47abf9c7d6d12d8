import type { VNode } from 'preact'
import t from 'tap'
import { ExtendedPage, ExtendPage } from '../../src/access-end/pages/extend.js'
import { maskEmailAddress } from '../../src/kernel/email-address.js'
import { MailboxMessagePage, MailboxPage } from '../../src/mailbox/pages/mailbox.js'
import { type Language, textsIn } from '../../src/platform/i18n/index.js'
import { brandColours } from '../../src/platform/pages/branding.js'
import { ErrorPage } from '../../src/platform/pages/error-page.js'
import { mailDocumentHeaders, newNonce, securityHeaders } from '../../src/platform/pages/headers.js'
import { ownOrSafeHref, safeLink } from '../../src/platform/pages/link.js'
import { type OrganizationFrame, type PageOrganization, renderPage } from '../../src/platform/pages/page.js'
import { type CodeError, CodePage, LimitedPage, type SendingLimit } from '../../src/platform/pages/passcode-pages.js'
import { stylesheet } from '../../src/platform/pages/stylesheet.js'
import type { Inviter } from '../../src/redemption/pages/asking.js'
import { BlockedPage } from '../../src/redemption/pages/blocked.js'
import { ChooseProviderPage } from '../../src/redemption/pages/choose-provider.js'
import { ConsentPage } from '../../src/redemption/pages/consent.js'
import { ExpiredPage, RevokedPage, UsedPage } from '../../src/redemption/pages/dead-link.js'
import { DeclinedPage } from '../../src/redemption/pages/declined.js'
import { StartPage } from '../../src/redemption/pages/start.js'
import { WrongAccountPage } from '../../src/redemption/pages/wrong-account.js'
import { BlockedSenderPage, BlockPage } from '../../src/sign-in/pages/block.js'
import { HomeSignInPage } from '../../src/sign-in/pages/home-sign-in.js'
import { ManageBlocksEmailPage, ManageBlocksPage } from '../../src/sign-in/pages/manage-blocks.js'

const at = new Date('2026-12-20T09:12:00Z')
const invited = 'gcarvalho@proseware.example'
const maskedAddress = maskEmailAddress(invited)
const csrf = 'csrf-token'
const terms = { digits: 8, lifetimeMinutes: 30, secondsBetweenMails: 30 }
const nils: Inviter = { kind: 'user', name: 'Nils Brandt', readsReplies: true }
const intake: Inviter = { kind: 'application', name: 'Order intake', readsReplies: false }
const contactUrl = 'mailto:guests@fabrikam.example'
const reference = '7F3K-92QD'
const limit: SendingLimit = {
  kind: 'window',
  count: 5,
  retryAt: new Date('2026-11-21T10:47:00Z'),
  retryAfterSeconds: 720,
}
const fabrikam: PageOrganization = { name: 'Fabrikam', domain: 'fabrikam.example', colours: brandColours('#0b6e5f') }
const message = {
  id: 'm1',
  to: [invited],
  cc: [],
  from: 'Vestibule on behalf of Fabrikam',
  replyTo: null,
  subject: 'Nils <b>invited</b> you',
  text: '',
  links: ['https://vestibule.example/redeem?ver=2.0', 'javascript:alert(1)'],
  createdDateTime: '2026-11-21T10:31:07.000Z',
}
const homes = [
  { key: 'organization', kind: 'organization', name: 'Proseware' },
  { key: 'microsoft', kind: 'microsoft', name: 'Microsoft' },
  { key: 'google', kind: 'google', name: 'Google' },
  { key: 'code', kind: 'code', name: '' },
] as const
const mailbox = { stylesheetPath: '/pages.css', messages: [message], now: new Date('2026-11-21T11:00:00Z') }

/** Every page there is, for what must hold on all of them. */
function everyPage(frame: OrganizationFrame, inviter: Inviter = nils) {
  const { organization: _, ...bare } = frame
  const common = { frame, inviter, contactUrl }
  const dead = { ...common, reference }
  const code = { frame, csrf, maskedAddress, terms }
  return {
    start: start(frame, inviter),
    code: <CodePage {...code} />,
    limited: <LimitedPage {...code} limit={limit} codeIsLive />,
    consent: <ConsentPage {...common} csrf={csrf} signedInAs={invited} landingHost="suppliers.fabrikam.example" />,
    declined: <DeclinedPage frame={frame} acceptBy={at} blockUrl="/signin/block" />,
    expired: <ExpiredPage {...dead} expiredAt={at} lifetimeDays={30} />,
    revoked: <RevokedPage {...dead} reason="revoked" at={at} />,
    used: <UsedPage {...dead} acceptedAt={at} destination="Supplier portal" />,
    'wrong-account': (
      <WrongAccountPage
        {...common}
        csrf={csrf}
        invitedAddress={invited}
        signedInAs="g@relecloud.example"
        next={{ kind: 'code' }}
      />
    ),
    'choose-provider': (
      <ChooseProviderPage frame={frame} csrf={csrf} action="/redeem?x=1" maskedAddress={maskedAddress} homes={homes} />
    ),
    'sign-in': (
      <HomeSignInPage frame={frame} csrf={csrf} asking="Wingtip" maskedAddress={maskedAddress} way="passcode" />
    ),
    blocked: <BlockedPage {...common} reason={{ kind: 'domain', domain: 'proseware.example' }} />,
    extend: (
      <ExtendPage
        frame={frame}
        csrf={csrf}
        guest={{ name: inviter.name, address: invited }}
        end={at}
        until={new Date('2027-03-20T09:12:00Z')}
        codeTo={maskedAddress}
      />
    ),
    extended: <ExtendedPage frame={frame} guest={inviter.name} until={at} />,
    error: <ErrorPage frame={bare} kind="link" />,
    block: <BlockPage frame={frame} csrf={csrf} maskedAddress={maskedAddress} manageUrl="/signin/blocks" />,
    'block-done': <BlockedSenderPage frame={frame} maskedAddress={maskedAddress} manageUrl="/signin/blocks" />,
    blocks: (
      <ManageBlocksPage
        frame={bare}
        csrf={csrf}
        address={invited}
        blocked={[{ tenantId: 't1', name: frame.organization.name, domain: 'fabrikam.example', blockedAt: at }]}
      />
    ),
    mailbox: <MailboxPage {...mailbox} />,
    'mailbox-message': <MailboxMessagePage {...mailbox} message={message} />,
  }
}

for (const language of ['en', 'de', 'fr', 'es', 'ja', 'ar'] as const) {
  t.test(`every page in ${language} has its data-page, one main and one h1, and nothing inline`, async (t) => {
    for (const [page, node] of Object.entries(everyPage(frameIn(language)))) {
      const html = renderPage(node)
      t.match(html, new RegExp(`^<!doctype html><html.*<main[^>]* data-page="${page}"`, 's'), page)
      t.equal(count(html, '<main'), 1, page)
      t.equal(count(html, '<h1'), 1, page)
      t.notMatch(html, /\sstyle=|\son[a-z]+=|<script|undefined|\[object/, page)
    }
  })
}

t.test('a tenant, inviter or application whose name is markup stays text', async (t) => {
  const hostile = '"><script>alert(1)</script>'
  const frame = frameIn('en', { organization: { ...fabrikam, name: hostile } })
  for (const [page, node] of Object.entries(everyPage(frame, { ...nils, name: hostile }))) {
    t.notMatch(renderPage(node), '<script', page)
  }
  t.match(renderPage(start(frame)), '<title>Nils Brandt invites you to &quot;>&lt;script>')
})

t.test('until the mailbox is proved, the address is masked everywhere', async (t) => {
  const code = { frame: frameIn('en'), csrf, maskedAddress, terms }
  const limited = <LimitedPage {...code} limit={limit} codeIsLive={false} />
  for (const node of [start(frameIn('en')), <CodePage {...code} />, limited]) {
    t.match(renderPage(node), 'g•••@proseware.example')
    t.notMatch(renderPage(node), invited)
  }
})

t.test('whoever accepted before is asked to sign in, and is not invited again', async (t) => {
  const html = renderPage(start(frameIn('en'), nils, true))
  t.match(html, '<main class="card" data-page="start"')
  t.match(html, '<title>Sign in to Fabrikam</title>')
  t.match(html, 'You are already a guest there. Signing in opens Supplier portal.')
  t.match(html, 'name="action" value="send"')
  t.notMatch(html, /invites you|Accept by|accepted|Not you|Nils/)
})

t.test('Arabic pages run right to left with addresses left to right', async (t) => {
  const html = renderPage(start(frameIn('ar')))
  t.match(html, '<html lang="ar" dir="rtl">')
  t.match(html, '<bdi dir="ltr">g•••@proseware.example</bdi>')
  t.match(html, '<bdi dir="ltr">suppliers.fabrikam.example</bdi>')
})

const errors: { error: CodeError; says: string }[] = [
  { error: { kind: 'wrong', triesLeft: 1 }, says: 'Check it and try again: 1 try left.' },
  { error: { kind: 'malformed' }, says: 'has 8 digits' },
  { error: { kind: 'expired' }, says: 'its 30 minutes are over' },
  { error: { kind: 'usedUp' }, says: 'all its tries are used up' },
  { error: { kind: 'none' }, says: 'No code is waiting for this browser' },
]
for (const { error, says } of errors) {
  t.test(`a code refused as ${error.kind} is kept and explained beside the field and in the title`, async (t) => {
    const html = renderPage(<CodePage {...{ frame: frameIn('en'), csrf, maskedAddress, terms, error }} typed='44"17' />)
    t.match(html, '<title>Error: Enter your code - Fabrikam</title>')
    t.match(html, /<p class="error" id="code-error">[^<]*/)
    t.match(html, says)
    t.match(html, 'aria-invalid="true" aria-describedby="code-error" value="44&quot;17"')
    t.equal(count(html, 'btn main'), 1, 'one filled button')
  })
}

t.test('a limit tells when to retry, and a live code can still be typed', async (t) => {
  const code = { frame: frameIn('en'), csrf, maskedAddress, terms, limit }
  const live = renderPage(<LimitedPage {...code} codeIsLive />)
  t.match(live, 'You can ask for a new code in 12 minutes')
  t.match(live, 'At 10:47 UTC. We send at most 5 codes in 15 minutes. The newest code in your mailbox still works.')
  t.match(live, 'name="code"')
  const dead = renderPage(<LimitedPage {...code} codeIsLive={false} />)
  t.notMatch(dead, 'name="code"')
  t.match(dead, 'name="action" value="send"')
})

t.test('forms post to the page itself with the csrf token, and buttons have the agreed names', async (t) => {
  const pages = everyPage(frameIn('en'))
  for (const page of ['start', 'code', 'limited', 'consent', 'wrong-account', 'block', 'blocks'] as const) {
    const html = renderPage(pages[page])
    const forms = count(html, '<form method="post"')
    t.ok(forms > 0, page)
    t.equal(count(html, '<input type="hidden" name="csrf" value="csrf-token"'), forms, page)
    t.notMatch(html, ' action="', page)
  }
  const consent = renderPage(pages.consent)
  t.match(consent, '<button type="submit" class="btn main" name="choice" value="accept">')
  t.match(consent, '<button type="submit" class="btn" name="choice" value="decline">')
  t.match(renderPage(pages.blocks), 'name="unblock" value="t1"')
})

t.test('consent names where the guest goes next, the contact, and a missing privacy statement', async (t) => {
  const props = { csrf, signedInAs: invited, landingHost: 'suppliers.fabrikam.example', contactUrl }
  const html = renderPage(<ConsentPage {...props} frame={frameIn('en')} inviter={nils} />)
  t.match(html, '<b>suppliers.fabrikam.example</b>')
  t.match(html, '<a href="mailto:guests@fabrikam.example">guests@fabrikam.example</a>')
  t.match(html, '<a href="https://fabrikam.example/privacy">Fabrikam privacy statement</a>')
  const without = renderPage(
    <ConsentPage {...props} frame={frameIn('en', { privacyUrl: 'javascript:alert(1)' })} inviter={intake} />,
  )
  t.match(without, 'Fabrikam has not published a privacy statement. Ask the contact above')
  t.match(without, 'an application of Fabrikam')
  t.notMatch(without, 'javascript:')
})

t.test('who to ask depends on who reads replies and whether there is a contact', async (t) => {
  const props = { frame: frameIn('en'), reference, expiredAt: at }
  const both = renderPage(<ExpiredPage {...props} inviter={nils} contactUrl={contactUrl} />)
  t.match(both, /It reaches Nils Brandt, .* Or write to <a href="mailto:guests@fabrikam.example">/)
  const contact = renderPage(<ExpiredPage {...props} inviter={intake} contactUrl="https://fabrikam.example/help" />)
  t.match(contact, 'Ask Fabrikam for a fresh one: <a href="https://fabrikam.example/help">fabrikam.example/help</a>.')
  const nobody = renderPage(<ExpiredPage {...props} inviter={intake} contactUrl="javascript:alert(1)" />)
  t.match(nobody, 'Ask your contact at Fabrikam for a fresh one.')
  t.match(nobody, 'mention <span class="num">7F3K-92QD</span>')
})

t.test('language links keep the rest of the query and replace a language', async (t) => {
  const html = renderPage(start(frameIn('de', { currentUrl: '/redeem?lang=fr&tenant=1&ticket=a%22b&language=x' })))
  t.match(
    html,
    '<a href="?tenant=1&amp;ticket=a%22b&amp;language=x&amp;lang=de" lang="de" hreflang="de" aria-current="true">',
  )
  t.equal(count(html, 'aria-current'), 1)
})

t.test('a page of an unknown organization borrows no name and no colours', async (t) => {
  const html = renderPage(everyPage(frameIn('en')).error)
  t.notMatch(html, /Fabrikam|<style|class="org"/)
})

t.test('the mailbox links codes and redemption links, never another scheme', async (t) => {
  const html = renderPage(<MailboxMessagePage {...mailbox} message={message} />)
  t.match(html, '<a class="btn main" href="https://vestibule.example/redeem?ver=2.0">')
  t.match(html, '<iframe sandbox title="The message as HTML" src="/dev/mailbox/messages/m1/html">')
  t.notMatch(html, 'href="javascript:')
  const passcode = { ...message, links: [], text: 'Your code:\n\n44172093\n' }
  t.match(renderPage(<MailboxPage {...mailbox} messages={[passcode]} />), 'Code <span class="key">44172093</span>')
})

t.test('a mail address that is not one is kept, explained, and in the title', async (t) => {
  const html = renderPage(<ManageBlocksEmailPage frame={frameIn('en')} csrf={csrf} malformed="ana@" />)
  t.match(html, '<title>Error: Blocked organizations</title>')
  t.match(html, 'aria-describedby="email-error" value="ana@"')
})

const links: [url: string, href: string | undefined, label?: string][] = [
  ['https://fabrikam.example/', 'https://fabrikam.example/', 'fabrikam.example'],
  ['http://fabrikam.example/a?b=c#d', 'http://fabrikam.example/a?b=c#d', 'fabrikam.example/a'],
  ['mailto:a@b.example?bcc=c@d.example&body=x', 'mailto:a@b.example', 'a@b.example'],
  ['https://fabrikam.example@evil.example/', undefined],
  ['javascript:alert(1)', undefined],
  [' JaVaScRiPt:alert(1)', undefined],
  ['data:text/html,x', undefined],
  ['mailto:not an address', undefined],
  ['//evil.example', undefined],
]
for (const [url, href, label] of links) {
  t.test(`the link ${url} is ${href ? `shown as ${label}` : 'not shown'}`, async (t) => {
    t.equal(safeLink(url)?.href, href)
    t.equal(safeLink(url)?.label, label)
  })
}

t.test('a path of ours is a link, one that leads elsewhere is not', async (t) => {
  t.equal(ownOrSafeHref('/help'), '/help')
  for (const url of ['//evil.example', '/\\evil.example', 'help', 'javascript:x'])
    t.equal(ownOrSafeHref(url), undefined)
})

t.test('pages allow our stylesheet, our images and the nonced style, and nothing else', async (t) => {
  const nonce = newNonce()
  const strict = securityHeaders(nonce)
  t.equal(
    strict['content-security-policy'],
    `default-src 'none'; style-src 'self' 'nonce-${nonce}'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  )
  t.match(strict, { 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' })
  const wide = securityHeaders(nonce, { formAction: "'self' https: http:", framesOwnDocuments: true })
  t.match(wide['content-security-policy'], "frame-src 'self'; form-action 'self' https: http:;")
  t.match(mailDocumentHeaders()['content-security-policy'], /frame-ancestors 'self'; .*sandbox/)
  t.not(newNonce(), nonce)
})

t.test('the stylesheet is one small file named after its content', async (t) => {
  const { path, body } = stylesheet()
  t.match(path, /^\/assets\/pages-[0-9a-f]{16}\.css$/)
  t.ok(body.length < 12 * 1024, `${body.length} characters`)
  t.notMatch(body, /@import|url\(|(?:margin|padding|border|inset)-(?:left|right)/)
})

function start(frame: OrganizationFrame, inviter: Inviter = nils, isReturn = false): VNode {
  const landing = { application: 'Supplier portal', landingHost: 'suppliers.fabrikam.example' }
  const acceptBy = { at, daysLeft: 29 }
  const address = { csrf, maskedAddress, blockUrl: '/signin/block?x=1' }
  const homes = [{ key: 'code', kind: 'code', name: '' }] as const
  return <StartPage {...{ frame, homes, inviter, contactUrl, acceptBy, isReturn, ...landing, ...address }} />
}

function frameIn(language: Language, changes: Partial<OrganizationFrame> = {}): OrganizationFrame {
  return {
    texts: textsIn(language),
    organization: fabrikam,
    nonce: 'bm9uY2U=',
    stylesheetPath: '/assets/pages.css',
    currentUrl: '/redeem?tenant=1',
    privacyUrl: 'https://fabrikam.example/privacy',
    ...changes,
  }
}

function count(html: string, part: string): number {
  return html.split(part).length - 1
}
