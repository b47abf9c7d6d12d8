import t from 'tap'
import type { InvitationRequest } from '../../src/invitations/schema.js'
import { guestNickname, readWish } from '../../src/invitations/wish.js'
import { parseEmailAddress } from '../../src/kernel/email-address.js'
import { Refusal } from '../../src/kernel/refusal.js'

const now = new Date('2026-11-21T10:00:00Z')
const USER = '01900000-0000-7000-8000-00000000000a'
const least: InvitationRequest = {
  invitedUserEmailAddress: 'ana@partner.example',
  inviteRedirectUrl: 'https://app.example/start',
}

const read = (change: Partial<InvitationRequest> = {}, days: number | null = 30) =>
  readWish({ ...least, ...change }, days, now)

function refusalOf(change: Partial<InvitationRequest>): [code: string, target: string | undefined] | undefined {
  try {
    read(change)
    return undefined
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return [error.code, error.details.target]
  }
}

t.test('what is not said has Graph defaults', async (t) => {
  t.strictSame(read(), {
    address: parseEmailAddress('ana@partner.example'),
    additions: undefined,
    displayName: undefined,
    redirectUrl: 'https://app.example/start',
    userType: 'Guest',
    send: false,
    language: undefined,
    message: undefined,
    cc: undefined,
    contactUrl: undefined,
    userId: undefined,
    isReset: false,
    sponsorIds: undefined,
    expiresAt: new Date('2026-12-21T10:00:00Z'),
  })
})

t.test('until when: the default of the organization, a moment, or for ever', async (t) => {
  t.equal(read({}, null).expiresAt, null, 'an organization without a limit')
  t.equal(read({}, 1).expiresAt?.toISOString(), '2026-11-22T10:00:00.000Z')
  t.equal(read({ expiresDateTime: null }).expiresAt, null, 'null means never')
  t.equal(read({ expiresDateTime: '2026-11-21T10:00:01Z' }).expiresAt?.toISOString(), '2026-11-21T10:00:01.000Z')
  t.equal(read({ expiresDateTime: '2026-11-21T12:00:00+01:00' }).expiresAt?.toISOString(), '2026-11-21T11:00:00.000Z')
  for (const past of ['2026-11-21T10:00:00Z', '2026-11-21T11:00:00+01:00', '2000-01-01T00:00:00Z'])
    t.strictSame(refusalOf({ expiresDateTime: past }), ['expiresInPast', 'expiresDateTime'], past)
})

t.test('redirect URLs', async (t) => {
  const good = [
    'https://app.example',
    'http://app.example/',
    'HTTPS://APP.example/a?b=c#d',
    'https://bücher.example/ü',
    'http://localhost:3000/welcome',
    'https://app.example:8443/%2e%2e/x',
    'https://[2001:db8::1]/',
  ]
  for (const url of good) t.equal(read({ inviteRedirectUrl: url }).redirectUrl, url, `${url} is kept as it was written`)
  const bad = [
    '',
    'app.example',
    '/welcome',
    '//app.example/welcome',
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'java\nscript:alert(1)',
    ' https://app.example',
    'https://app.example/a b',
    'https://app.example/\r\nSet-Cookie: a=b',
    'https://app.example/\u0000',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'ftp://app.example/',
    'blob:https://app.example/x',
    'https:app.example',
    'https:/app.example',
    'https:///app.example',
    'https:\\\\app.example',
    'https://app.example\\@evil.example',
    'https://user@app.example/',
    'https://user:secret@app.example/',
    'https://:secret@app.example/',
    'https://',
    'https://?x',
    'https://app.example:99999/',
    'https://a b.example/',
    'mailto:ana@partner.example',
    'http://%',
  ]
  for (const url of bad)
    t.strictSame(refusalOf({ inviteRedirectUrl: url }), ['malformedUrl', 'inviteRedirectUrl'], JSON.stringify(url))
})

t.test('contact URLs may also be addresses', async (t) => {
  for (const url of ['https://help.example', 'mailto:help@contoso.example', 'mailto:help@contoso.example?subject=x'])
    t.equal(read({ contactUrl: url }).contactUrl, url)
  for (const url of [
    'tel:+1',
    'javascript:alert(1)',
    'mailto:',
    'mailto:help',
    'mailto:a@b.example,c@d.example',
    'mailto:%',
  ])
    t.strictSame(refusalOf({ contactUrl: url }), ['malformedUrl', 'contactUrl'], url)
})

t.test('a malformed address names its property', async (t) => {
  t.strictSame(refusalOf({ invitedUserEmailAddress: 'ana' }), ['malformedAddress', 'invitedUserEmailAddress'])
  t.strictSame(refusalOf({ invitedUserMessageInfo: { ccRecipients: [{ emailAddress: { address: 'bo' } }] } }), [
    'malformedAddress',
    'invitedUserMessageInfo.ccRecipients',
  ])
})

t.test('the empty recipient of the answers of Graph means no copy', async (t) => {
  for (const emailAddress of [{}, { name: null, address: null }, { name: null, address: '' }])
    t.equal(read({ invitedUserMessageInfo: { ccRecipients: [{ emailAddress }] } }).cc, undefined)
  t.equal(read({ invitedUserMessageInfo: { ccRecipients: [{}] } }).cc, undefined)
  t.equal(read({ invitedUserMessageInfo: { ccRecipients: [] } }).cc, undefined)
  t.strictSame(
    read({
      invitedUserMessageInfo: { ccRecipients: [{ emailAddress: { name: 'Bo', address: 'bo@partner.example' } }] },
    }).cc,
    { name: 'Bo', address: 'bo@partner.example' },
  )
})

t.test('an empty message is none', async (t) => {
  t.equal(read({ invitedUserMessageInfo: { customizedMessageBody: '' } }).message, undefined)
  t.equal(read({ invitedUserMessageInfo: { customizedMessageBody: 'Hello' } }).message, 'Hello')
})

t.test('a known user is named by an id', async (t) => {
  t.equal(read({ invitedUser: { id: USER.toUpperCase() } }).userId, USER)
  t.strictSame(refusalOf({ invitedUser: { id: 'ana' } })?.[0], 'userNotFound')
  t.strictSame(refusalOf({ resetRedemption: true }), ['resetNeedsUser', 'invitedUser'])
  t.equal(read({ resetRedemption: true, invitedUser: { id: USER } }).isReset, true)
})

t.test('sponsors, by id or by reference, each once and five at most', async (t) => {
  const id = (n: number) => `01900000-0000-7000-8000-00000000000${n}`
  t.equal(read().sponsorIds, undefined, 'absent is not the same as none')
  t.strictSame(read({ invitedUserSponsors: [] }).sponsorIds, [])
  t.strictSame(read({ invitedUserSponsors: [{ id: id(1) }, { id: id(1).toUpperCase() }] }).sponsorIds, [id(1)])
  t.strictSame(
    read({
      invitedUserSponsors: [{ id: id(1) }],
      'invitedUserSponsors@odata.bind': [
        `https://graph.microsoft.com/v1.0/users/${id(2)}`,
        `users('${id(3)}')`,
        `https://graph.microsoft.com/v1.0/directoryObjects/${id(1)}`,
      ],
    }).sponsorIds,
    [id(1), id(2), id(3)],
  )
  const six = [1, 2, 3, 4, 5, 6].map(id)
  t.strictSame(
    refusalOf({
      invitedUserSponsors: six.slice(0, 3).map((given) => ({ id: given })),
      'invitedUserSponsors@odata.bind': six.slice(3),
    }),
    ['tooManySponsors', 'invitedUserSponsors'],
  )
  t.strictSame(refusalOf({ invitedUserSponsors: [{ id: 'bo' }] }), ['unknownSponsor', 'invitedUserSponsors'])
})

t.test('the name of a guest in the organization, which two addresses never share', async (t) => {
  const nameOf = (text: string) => {
    const address = parseEmailAddress(text)
    if (!address) throw new Error('the test has a bad address')
    return `${guestNickname(address)}@fabrikam.example`
  }
  t.equal(nameOf('john@contoso.example'), 'john_contoso.example#EXT#@fabrikam.example')
  t.equal(nameOf('john+x@contoso.example'), 'john+x_contoso.example#EXT#@fabrikam.example')
  t.equal(nameOf('john@bücher.example'), 'john_xn--bcher-kva.example#EXT#@fabrikam.example')
  t.not(nameOf('a_b@c.example'), nameOf('a@b.c.example'))
})
