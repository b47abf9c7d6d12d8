import t from 'tap'
import { textsIn } from '../../../src/platform/i18n/index.js'
import { type OrganizationFrame, renderPage } from '../../../src/platform/pages/page.js'
import { stylesheet } from '../../../src/platform/pages/stylesheet.js'
import { passkeyScript } from '../../../src/sign-in/authentication-methods/passkey-script.js'
import { LocalChoosePage } from '../../../src/sign-in/local-accounts/pages/choose.js'
import { LocalIntroPage, LocalLimitedPage, LocalSignInPage } from '../../../src/sign-in/local-accounts/pages/sign-in.js'
import type { PasswordFault } from '../../../src/sign-in/local-accounts/rules.js'

const at = new Date('2026-11-21T10:47:00Z')
const count = (html: string, part: string) => html.split(part).length - 1
const address = 'g•••@proseware.example'

function frameIn(language: 'en' | 'de' | 'fr' | 'es' | 'ja' | 'ar'): OrganizationFrame {
  return {
    texts: textsIn(language),
    organization: { name: 'Fabrikam', domain: 'fabrikam.example' },
    nonce: 'n',
    stylesheetPath: '/assets/pages.css',
    currentUrl: '/redeem/account?tenant=1',
  }
}

function pages(frame: OrganizationFrame) {
  const passkey = { options: '{"challenge":"x"}', scriptPath: passkeyScript().path, isWrong: false }
  const props = { frame, csrf: 'csrf-token', address, carried: { account: 'ana@proseware.example' } }
  return {
    'account intro': <LocalIntroPage {...props} />,
    'account sign-in': <LocalSignInPage {...props} username="ana@proseware.example" passkey={passkey} mayChange />,
    'account choose': <LocalChoosePage {...props} isAnew={false} isChecked passkey={passkey} />,
    limited: <LocalLimitedPage {...props} retryAt={at} isSoon />,
  }
}

for (const language of ['en', 'de', 'fr', 'es', 'ja', 'ar'] as const) {
  t.test(
    `the pages of an account in ${language}: one h1 and one filled button at most, nothing inline, below 60 kB`,
    async (t) => {
      for (const [name, node] of Object.entries(pages(frameIn(language)))) {
        const html = renderPage(node)
        const [page = '', step] = name.split(' ')
        t.equal(count(html, `<main class="card" data-page="${page}"${step ? ` data-step="${step}"` : ''}`), 1, name)
        t.equal(count(html, '<h1>'), 1, name)
        t.ok(count(html, 'btn main') <= 1, name)
        t.equal(count(html, '<form method="post"'), count(html, 'name="csrf" value="csrf-token"'), name)
        t.notMatch(html, / style="| on[a-z]+="|<script>/, name)
        const assets = html.includes('<script') ? passkeyScript().body.length : 0
        t.ok(Buffer.byteLength(html) + stylesheet().body.length + assets < 60_000, name)
      }
    },
  )
}

t.test('forms carry the address along, where it was typed', async (t) => {
  const html = renderPage(pages(frameIn('en'))['account sign-in'])
  t.equal(count(html, 'name="account" value="ana@proseware.example"'), 3, 'password, passkey, code')
  t.match(html, 'autocomplete="current-password"')
  t.match(html, 'autocomplete="username"')
})

t.test('without a script there is no passkey and nothing about it', async (t) => {
  const html = renderPage(pages(frameIn('en'))['account choose'])
  t.match(html, /<p class="sub" data-when="supported" hidden>Or take a passkey/)
  t.match(html, '<button type="submit" class="btn" hidden>Create a passkey</button>')
})

const faults: [PasswordFault | { kind: 'differs' }, field: string, says: RegExp][] = [
  [{ kind: 'short', shortest: 12 }, 'password', /too short. Take at least 12 characters/],
  [{ kind: 'long' }, 'password', /at most 256 characters/],
  [{ kind: 'leaked' }, 'password', /in a data leak/],
  [{ kind: 'guessable' }, 'password', /made of your address, of Fabrikam/],
  [{ kind: 'differs' }, 'again', /Type the same one twice/],
]

t.test('what is wrong with a password stands beside its field and in the title, the password nowhere', async (t) => {
  for (const [fault, field, says] of faults) {
    const props = { frame: frameIn('en'), csrf: 'c', address, carried: {}, isAnew: true, isChecked: false, fault }
    const html = renderPage(<LocalChoosePage {...props} />)
    t.match(html, '<title>Error: Choose how you sign in - Fabrikam</title>')
    t.match(html, says)
    t.equal(count(html, `id="${field}-error"`), 1)
    t.equal(count(html, 'aria-invalid="true"'), 1)
    t.notMatch(html, /type="password"[^>]* value=/)
  }
})
