import t from 'tap'
import { LANGUAGES, textsIn } from '../../src/platform/i18n/index.js'
import { type PasscodeMailInput, passcodeMail } from '../../src/sign-in/mail/passcode-mail.js'
import { type SecurityMailInput, securityMail } from '../../src/sign-in/mail/security-mail.js'

const input: PasscodeMailInput = {
  texts: textsIn('en'),
  organization: {
    name: 'Fabrikam',
    domain: 'fabrikam.example',
    logoUrl: 'https://vestibule.example/logos/1.png',
    colours: { fill: '#0b6e5f', ink: '#ffffff' },
  },
  code: '44172093',
  askedAt: new Date('2026-11-20T10:35:00Z'),
  expiresAt: new Date('2026-11-20T11:05:00Z'),
  address: 'gcarvalho@proseware.example',
}

const CODES = /\p{Nd}{8,}/gu

t.test('the text part', async (t) => {
  t.equal(
    passcodeMail(input).text,
    `Your code for Fabrikam (fabrikam.example):

44172093

Type it on the page where you asked for it. It works until 11:05 UTC (30
minutes). Only the newest code works.

Nobody at Fabrikam will ask you for it, so never pass it on.

${'-- '}
Asked for with gcarvalho@proseware.example at 10:35 UTC. Was it not you?
Then ignore this mail: without the code nothing happens.
`,
  )
})

for (const { code } of LANGUAGES) {
  t.test(`in ${code} there is one code, no link, and no code where lock screens show it`, async (t) => {
    const mail = passcodeMail({ ...input, texts: textsIn(code) })
    t.same(mail.text.match(CODES), ['44172093'])
    t.match(mail.text, /\n\n44172093\n\n/)
    t.notMatch(mail.subject, /\d/)
    t.same(mail.html.match(CODES), ['44172093'])
    t.notMatch(mail.html.slice(0, mail.html.indexOf('</div>')), '44172093')
    t.notMatch(mail.text, /https?:|www\./)
    t.notMatch(mail.html, /<a\s|href=/)
    for (const part of [mail.html, mail.text]) {
      for (const fact of ['Fabrikam', 'fabrikam.example', '11:05', '10:35', 'gcarvalho@proseware.example'])
        t.match(part, fact)
    }
  })
}

const lookalikes: { title: string; changes: Partial<PasscodeMailInput> }[] = [
  { title: 'organization', changes: { organization: { ...input.organization, name: 'Fabrikam 12345678' } } },
  { title: 'organization in Arabic digits', changes: { organization: { ...input.organization, name: '١٢٣٤٥٦٧٨٩' } } },
  { title: 'domain', changes: { organization: { ...input.organization, domain: '12345678.example' } } },
  { title: 'address', changes: { address: '12345678@proseware.example' } },
  { title: 'long address', changes: { address: '4915123456789@proseware.example' } },
]
for (const { title, changes } of lookalikes) {
  t.test(`digits in the ${title} do not pass for the code`, async (t) => {
    const mail = passcodeMail({ ...input, ...changes })
    t.same(mail.text.match(CODES), ['44172093'])
    t.same(mail.html.match(CODES), ['44172093'])
    t.notMatch(mail.subject, CODES)
  })
}

for (const name of [
  '<img src=x onerror=alert(1)>',
  'a\r\nBcc: all@evil.example',
  '{{code}} {minutes}',
  '</title><script>',
  'evil.example',
]) {
  t.test(`${JSON.stringify(name)} as organization stays text`, async (t) => {
    const mail = passcodeMail({ ...input, organization: { ...input.organization, name } })
    t.notMatch(mail.html, /<img(?! src="https:\/\/vestibule)|<script|<a\s/)
    t.notMatch(mail.subject, /[\r\n]/)
    t.notMatch(mail.text, /^Bcc:|\r|evil\.example/m)
  })
}

t.test('the time it works is said in minutes of the language', async (t) => {
  const oneMinute = { ...input, expiresAt: new Date('2026-11-20T10:36:00Z') }
  t.match(passcodeMail(oneMinute).text.replaceAll('\n', ' '), '(1 minute)')
  t.match(passcodeMail({ ...oneMinute, texts: textsIn('ar') }).text.replaceAll('\n', ' '), 'دقيقة واحدة')
})

const changed: Omit<SecurityMailInput, 'texts' | 'change'> = {
  organization: input.organization,
  at: new Date('2026-11-20T10:35:00Z'),
  isByOther: false,
  address: input.address,
}

t.test('a mail about a changed sign-in says what, when, by whom, and what to do', async (t) => {
  const mail = securityMail({ ...changed, texts: textsIn('en'), change: { change: 'added', kind: 'phone' } })
  t.equal(
    mail.text,
    `How you sign in to Fabrikam was changed

A phone was added on 20 November 2026 at 10:35 UTC. If this was you, there
is nothing to do.

Was it not you, and did you not ask for it? Tell whoever you work with at
Fabrikam at once, so that they can sign you out everywhere, and change the
password of this mailbox.

${'-- '}
Sent to gcarvalho@proseware.example because this address signs in to
Fabrikam.
`,
  )
  const byOther = securityMail({ ...changed, isByOther: true, texts: textsIn('en'), change: { change: 'password' } })
  t.match(byOther.text, 'looks after the accounts of Fabrikam')
  t.notMatch(byOther.text, 'If this was you')
})

const CHANGES: SecurityMailInput['change'][] = [
  { change: 'password' },
  { change: 'codes' },
  ...(['softwareOath', 'fido2', 'phone'] as const).flatMap((kind) => [
    { change: 'added' as const, kind },
    { change: 'removed' as const, kind },
  ]),
  { change: 'removed', kind: 'password' },
]
for (const { code } of LANGUAGES) {
  t.test(`in ${code} mails about a changed sign-in differ, hold no link, and say the same in both parts`, async (t) => {
    const mails = CHANGES.map((change) => securityMail({ ...changed, texts: textsIn(code), change }))
    t.equal(new Set(mails.map(({ text }) => text)).size, CHANGES.length)
    for (const { html, text, subject } of mails) {
      t.match(subject, 'Fabrikam')
      t.notMatch(text, /https?:|www\.|[{}]/)
      t.notMatch(html, /<a\s|href=/)
      for (const part of [html, text]) for (const fact of ['Fabrikam', '10:35', input.address]) t.match(part, fact)
    }
  })
}
