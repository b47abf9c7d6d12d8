import t from 'tap'
import { type Claims, identityOf, memberIdentity, vouchedAddress } from '../../src/sign-in/authority/rules.js'

const verified = { email_verified: true }
type Kind = Parameters<typeof identityOf>[0]

const cases: [title: string, kind: Kind, domains: string[], claims: Claims, vouched: string | undefined][] = [
  ['Google for gmail', 'google', [], { email: 'ana@gmail.com', ...verified }, 'ana@gmail.com'],
  ['gmail under its other name', 'google', [], { email: 'ana@googlemail.com', ...verified }, 'ana@googlemail.com'],
  ['gmail in capitals', 'google', [], { email: 'Ana@GMAIL.com', ...verified }, 'ana@gmail.com'],
  [
    'Workspace, by the domain that manages the account',
    'google',
    [],
    { email: 'ana@corp.example', hd: 'corp.example', ...verified },
    'ana@corp.example',
  ],
  [
    'Google with a foreign address its owner typed once',
    'google',
    [],
    { email: 'ana@corp.example', ...verified },
    undefined,
  ],
  [
    'Workspace of another domain',
    'google',
    [],
    { email: 'ana@corp.example', hd: 'evil.example', ...verified },
    undefined,
  ],
  [
    'Workspace of a domain above',
    'google',
    [],
    { email: 'ana@eu.corp.example', hd: 'corp.example', ...verified },
    undefined,
  ],
  ['gmail, not verified', 'google', [], { email: 'ana@gmail.com', email_verified: false }, undefined],
  ['gmail, nothing said of it', 'google', [], { email: 'ana@gmail.com' }, undefined],
  [
    'domains that Google is named for prove nothing by themselves',
    'google',
    ['corp.example'],
    { email: 'ana@corp.example', ...verified },
    undefined,
  ],
  [
    'Microsoft with the owner of the domain behind it',
    'microsoft',
    [],
    { email: 'ana@corp.example', xms_edov: true },
    'ana@corp.example',
  ],
  [
    'the same as Microsoft writes it elsewhere',
    'microsoft',
    [],
    { email: 'ana@corp.example', xms_edov: '1' },
    'ana@corp.example',
  ],
  ['nOAuth: an address that any directory may write', 'microsoft', [], { email: 'ana@corp.example' }, undefined],
  [
    'nOAuth, with the claim that says nothing there',
    'microsoft',
    [],
    { email: 'ana@corp.example', ...verified },
    undefined,
  ],
  ['Microsoft, owner not verified', 'microsoft', [], { email: 'ana@corp.example', xms_edov: 0 }, undefined],
  [
    'Microsoft, owner not verified, as text',
    'microsoft',
    [],
    { email: 'ana@corp.example', xms_edov: 'false' },
    undefined,
  ],
  [
    'a partner for its domain',
    'oidc',
    ['corp.example'],
    { email: 'ana@corp.example', ...verified },
    'ana@corp.example',
  ],
  ['a partner for another domain', 'oidc', ['corp.example'], { email: 'ana@other.example', ...verified }, undefined],
  [
    'a partner for what lies below its domain',
    'oidc',
    ['corp.example'],
    { email: 'ana@eu.corp.example', ...verified },
    undefined,
  ],
  ['a partner, by a suffix', 'oidc', ['corp.example'], { email: 'ana@evilcorp.example', ...verified }, undefined],
  [
    'a partner, not verified',
    'oidc',
    ['corp.example'],
    { email: 'ana@corp.example', email_verified: false },
    undefined,
  ],
  ['a partner, nothing said of it', 'oidc', ['corp.example'], { email: 'ana@corp.example' }, undefined],
  ['a partner without an address', 'oidc', ['corp.example'], { ...verified }, undefined],
  ['an empty address', 'oidc', ['corp.example'], { email: '', ...verified }, undefined],
  ['a list of addresses', 'oidc', ['corp.example'], { email: ['ana@corp.example'], ...verified }, undefined],
  [
    'two addresses in one',
    'oidc',
    ['corp.example'],
    { email: '"x@evil.example"@corp.example', ...verified },
    undefined,
  ],
  ['an encoded word', 'oidc', ['corp.example'], { email: '=?utf-8?q?ana?=@corp.example', ...verified }, undefined],
  ['a SAML federation for its domain', 'saml', ['corp.example'], { email: 'ana@corp.example' }, 'ana@corp.example'],
  ['a SAML federation for another domain', 'saml', ['corp.example'], { email: 'ana@gmail.com' }, undefined],
  ['Facebook, whatever it says', 'facebook', ['corp.example'], { email: 'ana@corp.example', ...verified }, undefined],
]

t.test('a home vouches for the addresses it is authoritative for, and for no other', async (t) => {
  for (const [title, kind, domains, claims, vouched] of cases) {
    t.equal(vouchedAddress({ kind, domains }, claims)?.folded, vouched, title)
  }
})

t.test('identities have the names that Graph gives them, where they are what Graph means', async (t) => {
  const named: [Kind, string, { issuer: string; subject: string }][] = [
    ['google', 'https://accounts.google.com', { issuer: 'google.com', subject: 's' }],
    ['google', 'https://accounts.google.test', { issuer: 'https://accounts.google.test', subject: 's' }],
    ['oidc', 'https://accounts.google.com', { issuer: 'https://accounts.google.com', subject: 's' }],
    ['facebook', 'https://www.facebook.com', { issuer: 'facebook.com', subject: 's' }],
    [
      'microsoft',
      'https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0',
      { issuer: 'MicrosoftAccount', subject: 's' },
    ],
    [
      'microsoft',
      'https://login.microsoftonline.us/11111111-1111-4111-8111-111111111111/v2.0',
      { issuer: 'ExternalAzureAD', subject: '11111111-1111-4111-8111-111111111111/s' },
    ],
    [
      'microsoft',
      'https://evil.example/login.microsoftonline.com/11111111-1111-4111-8111-111111111111/v2.0',
      {
        issuer: 'https://evil.example/login.microsoftonline.com/11111111-1111-4111-8111-111111111111/v2.0',
        subject: 's',
      },
    ],
    [
      'oidc',
      'https://login.microsoftonline.com/11111111-1111-4111-8111-111111111111/v2.0',
      { issuer: 'https://login.microsoftonline.com/11111111-1111-4111-8111-111111111111/v2.0', subject: 's' },
    ],
  ]
  for (const [kind, issuer, identity] of named)
    t.strictSame(identityOf(kind, issuer, 's'), identity, `${kind} ${issuer}`)
  t.strictSame(memberIdentity('t', 'u'), { issuer: 'ExternalAzureAD', subject: 't/u' })
})
