import t from 'tap'
import {
  firstGuesses,
  type Leaks,
  localIdentity,
  localStep,
  type MailboxProof,
  maySetPasskeyUp,
  normalizedPassword,
  type PasswordFault,
  type Person,
  passwordFault,
} from '../../../src/sign-in/local-accounts/rules.js'

const words = firstGuesses('ana.silva@partner.example', { name: 'Contoso Ltd', domain: 'contoso.example' })
const eight: PasswordFault = { kind: 'short', shortest: 8 }
const twelve: PasswordFault = { kind: 'short', shortest: 12 }

const passwords: [title: string, password: string, leaks: Leaks, fault: PasswordFault | undefined][] = [
  ['eight characters that no list has', 'k7#mQz!p', 'notFound', undefined],
  ['seven', 'k7#mQz!', 'notFound', eight],
  ['eight, and no list was asked', 'k7#mQz!p', 'unknown', twelve],
  ['eleven, and no list was asked', 'k7#mQz!p2x9', 'unknown', twelve],
  ['twelve, and no list was asked', 'k7#mQz!p2x9w', 'unknown', undefined],
  [
    'four words, all small letters: nothing is asked of what it is made of',
    'correct horse battery',
    'unknown',
    undefined,
  ],
  ['one that a list has', 'correct horse battery', 'found', { kind: 'leaked' }],
  ['256 characters', 'word'.repeat(64), 'notFound', undefined],
  ['257 characters', `${'word'.repeat(64)}!`, 'notFound', { kind: 'long' }],
  ['eight signs of two code units each are eight characters', '🐎🔋📎🍎🌲🚲🎈🧭', 'notFound', undefined],
  ['four of them are four', '🐎🔋📎🍎', 'notFound', eight],
  ['one letter again and again', 'aaaaaaaaaaaaaaa', 'notFound', { kind: 'guessable' }],
  ['three letters again and again', 'abcabcabcabcabc', 'notFound', { kind: 'guessable' }],
  ['the alphabet', 'abcdefghijklmno', 'notFound', { kind: 'guessable' }],
  ['digits in their order', '12345678901234', 'notFound', { kind: 'guessable' }],
  ['and back', '98765432109876', 'notFound', { kind: 'guessable' }],
  ['the address', 'Ana.Silva@Partner.Example', 'notFound', { kind: 'guessable' }],
  ['its first part and a year’s end', 'ana.silva26', 'notFound', { kind: 'guessable' }],
  ['its domain twice', 'partner.examplepartner.example', 'notFound', { kind: 'guessable' }],
  ['the organization', 'Contoso Ltd1!', 'notFound', { kind: 'guessable' }],
  ['a password that only begins with it', 'Contoso Ltd is where I work', 'notFound', undefined],
  ['rows in different directions', 'abcdcbabcdefed', 'notFound', undefined],
]

t.test('which passwords will do', async (t) => {
  for (const [title, password, leaks, fault] of passwords)
    t.strictSame(passwordFault(password, { words, leaks }), fault, title)
})

t.test('what a keyboard composes differently is one password', async (t) => {
  t.equal(normalizedPassword('Scho\u0308n \ufb01ne'), normalizedPassword('Sch\u00f6n fine'))
  t.not(normalizedPassword('Schön'), normalizedPassword('schön'), 'and case counts')
})

const now = new Date('2026-11-21T10:00:00Z')
const own = { folded: 'ana@partner.example', live: false, usedAt: null }
const at = (time: string) => ({ ...own, usedAt: new Date(`2026-11-21T${time}Z`) })
const steps: [title: string, proof: MailboxProof | null, exists: boolean, step: string][] = [
  ['nobody asked for a code, no account yet', null, false, 'intro'],
  ['nobody asked for a code, an account', null, true, 'signIn'],
  ['a code on its way', { ...own, live: true }, false, 'code'],
  ['that, with an account: it is to be chosen anew', { ...own, live: true }, true, 'code'],
  ['a code that was typed a moment ago', at('09:59:00'), false, 'choose'],
  ['one that was typed 14 minutes 59 seconds ago', at('09:45:01'), true, 'choose'],
  ['one that was typed 15 minutes ago', at('09:45:00'), true, 'signIn'],
  ['one that ran out', own, false, 'intro'],
  ['one to another mailbox', { ...at('09:59:00'), folded: 'bo@partner.example' }, false, 'intro'],
  ['one on its way to another mailbox', { ...own, live: true, folded: 'bo@partner.example' }, true, 'signIn'],
]

t.test('what is asked next', async (t) => {
  for (const [title, proof, exists, step] of steps) {
    t.equal(localStep(proof, { folded: 'ana@partner.example', exists }, now), step, title)
  }
})

const ANA = 'ana@partner.example'
const pending: Person = { state: 'PendingAcceptance', userType: 'Guest', mail: ANA, addresses: [ANA], identities: [] }
const accepted = (issuer: string, subject = ANA): Person => ({
  ...pending,
  state: 'Accepted',
  identities: [{ issuer, subject }],
})
const member: Person = { state: null, userType: 'Member', mail: ANA, addresses: [ANA], identities: [] }
const people: [title: string, person: Person, identity: { issuer: string | null } | undefined][] = [
  ['a guest who has still to accept', pending, { issuer: 'contoso.example' }],
  [
    'invited by an address that is not their first',
    { ...pending, mail: 'a@home.example', addresses: ['a@home.example', ANA] },
    { issuer: 'contoso.example' },
  ],
  [
    'whose address was taken off since',
    { ...pending, mail: 'a@home.example', addresses: ['a@home.example'] },
    undefined,
  ],
  ['a guest who accepted by an account here', accepted('contoso.example'), { issuer: 'contoso.example' }],
  ['while the organization had another first domain', accepted('contoso.test'), { issuer: 'contoso.test' }],
  ['a guest who accepted by a code', accepted('mail'), { issuer: null }],
  ['a guest who accepted by a code to another mailbox', accepted('mail', 'a@home.example'), undefined],
  ['an account here of another address', accepted('contoso.example', 'a@home.example'), undefined],
  ['a guest who is known by Google', accepted('google.com', '113'), undefined],
  ['a guest of an organization whose domain is not this one’s', accepted('fabrikam.example'), undefined],
  ['a member', member, { issuer: null }],
  ['a member with another mailbox', { ...member, mail: 'a@contoso.example' }, undefined],
  [
    'a member with an account that an administrator made',
    { ...member, identities: [{ issuer: 'contoso.example', subject: ANA }] },
    { issuer: 'contoso.example' },
  ],
  [
    'a member who signs in elsewhere',
    { ...member, identities: [{ issuer: 'https://idp.example', subject: 'x' }] },
    undefined,
  ],
  ['a guest who never was invited', { ...member, userType: 'Guest' }, undefined],
]

t.test('who may have an account here for an address, and what they are known by', async (t) => {
  const domains = ['contoso.example', 'contoso.test']
  for (const [title, person, identity] of people) {
    t.strictSame(localIdentity(person, { folded: ANA, domains }), identity, title)
  }
})

t.test('a proved mailbox sets no passkey up beside a second step', async (t) => {
  t.ok(maySetPasskeyUp([]))
  t.notOk(maySetPasskeyUp([{ kind: 'softwareOath' }]))
})
