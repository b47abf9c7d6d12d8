import t from 'tap'
import { EMAIL_ADDRESS_RULE } from '../../src/kernel/email-address.js'
import { type Exchange, type GoldenError, play, wish } from './exchange.js'
import { openWorld, type World } from './world.js'

let world: World
t.before(async () => {
  world = await openWorld(t)
})

const ASK = 'POST /invitations'
const bad = (inner: string, target: string, message: string): GoldenError => ({
  code: 'BadRequest',
  message,
  inner,
  target,
})
const invalid = (target: string, rule: string) =>
  bad('invalidValue', target, `Invalid value specified for property '${target}': it must be ${rule}.`)
const refused = (title: string, more: Record<string, unknown>, error: GoldenError): Exchange => ({
  title,
  ask: ASK,
  body: wish('ana@partner.example', more),
  status: 400,
  error,
})
const info = (invitedUserMessageInfo: Record<string, unknown>) => ({ invitedUserMessageInfo })
const copy = (address: unknown) => ({ emailAddress: { address } })

t.test('a body that does not fit', async (t) => {
  play(t, () => world, [
    {
      title: 'an address is required',
      ask: ASK,
      body: { inviteRedirectUrl: 'https://app.example' },
      status: 400,
      error: bad(
        'missingProperty',
        'invitedUserEmailAddress',
        "A value is required for property 'invitedUserEmailAddress'.",
      ),
    },
    {
      title: 'where the guest lands is required, and null is none',
      ask: ASK,
      body: { invitedUserEmailAddress: 'ana@partner.example', inviteRedirectUrl: null },
      status: 400,
      error: bad('missingProperty', 'inviteRedirectUrl', "A value is required for property 'inviteRedirectUrl'."),
    },
    refused(
      'a misspelt property is named, with the one that was meant',
      { sendInvitationMesage: true },
      bad(
        'unknownProperty',
        'sendInvitationMesage',
        "The property 'sendInvitationMesage' does not exist on this resource. Did you mean 'sendInvitationMessage'?",
      ),
    ),
    refused(
      'an unknown property inside another is named by its path',
      info({ body: 'Hi' }),
      bad(
        'unknownProperty',
        'invitedUserMessageInfo.body',
        "The property 'invitedUserMessageInfo.body' does not exist on this resource.",
      ),
    ),
    refused(
      'two spellings of one property do not both count',
      { SendInvitationMessage: true, sendInvitationMessage: false },
      bad(
        'duplicateProperty',
        'sendInvitationMessage',
        "The property 'sendInvitationMessage' is given more than once.",
      ),
    ),
    refused('text is no boolean', { sendInvitationMessage: 'true' }, invalid('sendInvitationMessage', 'true or false')),
    refused(
      'a number is no text',
      info({ customizedMessageBody: 7 }),
      invalid('invitedUserMessageInfo.customizedMessageBody', 'a string of at most 4000 characters'),
    ),
    refused('a list is no object', { invitedUserMessageInfo: [] }, invalid('invitedUserMessageInfo', 'an object')),
    refused(
      'a user type has two values',
      { invitedUserType: 'guest' },
      invalid('invitedUserType', "'Guest' or 'Member'"),
    ),
    refused(
      'a message of 5 kB is too long',
      info({ customizedMessageBody: 'a'.repeat(5_000) }),
      invalid('invitedUserMessageInfo.customizedMessageBody', 'a string of at most 4000 characters'),
    ),
    refused(
      'a language is a tag',
      info({ messageLanguage: 'Deutsch!' }),
      invalid('invitedUserMessageInfo.messageLanguage', 'a language tag such as en-US or de'),
    ),
    refused(
      'a second copy is refused, not dropped',
      info({ ccRecipients: [copy('a@contoso.example'), copy('b@contoso.example')] }),
      invalid('invitedUserMessageInfo.ccRecipients', 'at most one recipient'),
    ),
    refused(
      'the address of the copy is checked too',
      info({ ccRecipients: [copy('nobody')] }),
      bad(
        'malformedAddress',
        'invitedUserMessageInfo.ccRecipients',
        `invitedUserMessageInfo.ccRecipients: this is not an e-mail address. ${EMAIL_ADDRESS_RULE}`,
      ),
    ),
    refused(
      'a display name is not empty',
      { invitedUserDisplayName: '' },
      invalid('invitedUserDisplayName', 'a string of 1 to 256 characters'),
    ),
    refused(
      'an invitation does not end before it begins',
      { expiresDateTime: '2020-01-01T00:00:00Z' },
      bad(
        'expiresInPast',
        'expiresDateTime',
        'expiresDateTime: give a moment in the future, or null for an invitation that never expires.',
      ),
    ),
    refused(
      'a NUL character is refused where it stands',
      { invitedUserDisplayName: 'A\0na' },
      {
        code: 'BadRequest',
        message: "The property 'invitedUserDisplayName' holds a NUL character or half a surrogate pair.",
        inner: 'invalidText',
        target: 'invitedUserDisplayName',
      },
    ),
  ])
})

// Graph: "Please ensure Content-Type header is set and payload is of valid JSON format."
t.test('a body that cannot be read', async (t) => {
  const unreadable = (title: string, inner: string, request: Pick<Exchange, 'body' | 'headers'>): Exchange => ({
    title,
    ask: ASK,
    ...request,
    status: 400,
    error: {
      code: 'BadRequest',
      message:
        'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
      inner,
    },
  })
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  play(t, () => world, [
    unreadable('half a document', 'malformedJson', { body: '{"invitedUserEmailAddress": "ana@part' }),
    unreadable('text around a document', 'malformedJson', { body: '{} {}' }),
    unreadable('another media type', 'unsupportedMediaType', {
      headers: form,
      body: 'invitedUserEmailAddress=ana%40partner.example',
    }),
    unreadable('no body at all', 'emptyBody', {}),
    unreadable('an empty body', 'emptyBody', { headers: { 'content-type': 'application/json' }, body: '' }),
    {
      title: 'more than 64 KiB',
      ask: ASK,
      body: wish('ana@partner.example', { invitedUserDisplayName: 'a'.repeat(66_000) }),
      status: 413,
      error: {
        code: 'RequestEntityTooLarge',
        message: 'The request body is too large. The limit is 64 kB.',
        inner: 'bodyTooLarge',
      },
    },
  ])
})

t.test('an address that is none', async (t) => {
  const addresses = [
    'ana',
    'ana@',
    '@partner.example',
    'ana@partner',
    'ana@@partner.example',
    'ana@partner..example',
    'ana@-partner.example',
    'ana@partner.example.',
    'ana@192.0.2.1',
    'ana@[192.0.2.1]',
    '.ana@partner.example',
    'ana.@partner.example',
    'a..na@partner.example',
    'ana lima@partner.example',
    'ana@part ner.example',
    '"ana"@partner.example',
    'Ana <ana@partner.example>',
    'ana@partner.example,bo@partner.example',
    'ana@partner.example\r\nBcc: bo@partner.example',
    'ana(hr)@partner.example',
    'ana;bo@partner.example',
    'änä@partner.example',
    `${'a'.repeat(65)}@partner.example`,
    `ana@${'a'.repeat(64)}.example`,
    `ana@${'many-labels.'.repeat(21)}example`,
  ]
  play(
    t,
    () => world,
    addresses.map((address) => ({
      title: JSON.stringify(address).slice(0, 60),
      ask: ASK,
      body: wish(address),
      status: 400,
      error: bad(
        'malformedAddress',
        'invitedUserEmailAddress',
        `invitedUserEmailAddress: this is not an e-mail address. ${EMAIL_ADDRESS_RULE}`,
      ),
    })),
  )
})

t.test('a place to land that is none', async (t) => {
  const urls = [
    'javascript:alert(1)',
    'data:text/html,hi',
    'ftp://app.example/',
    'mailto:ana@partner.example',
    '/welcome',
    'app.example/welcome',
    '//app.example/welcome',
    'https:app.example',
    'https:///app.example',
    'https://',
    'https://ana:secret@app.example/',
    'https://contoso.example@evil.example/',
    'https:\\\\app.example',
    ' https://app.example/',
    'https://app.exa mple/',
    'https://app.example/\r\nset-cookie: a=b',
    'java\tscript:alert(1)',
    '',
  ]
  play(
    t,
    () => world,
    urls.map((inviteRedirectUrl) => ({
      title: JSON.stringify(inviteRedirectUrl),
      ask: ASK,
      body: wish('ana@partner.example', { inviteRedirectUrl }),
      status: 400,
      error: bad(
        'malformedUrl',
        'inviteRedirectUrl',
        'inviteRedirectUrl: give an absolute http or https URL without user name or password, such as https://app.example/start.',
      ),
    })),
  )
})
