export default {
  'mfa.enrol.heading': 'Set up a second step',
  'mfa.enrol.lead': '{organization} asks its guests for a code from an authenticator app. You do this once.',
  'mfa.enrol.open': 'Open an authenticator app on your phone.',
  'mfa.enrol.scan': 'Scan this code.',
  'mfa.enrol.type': 'Type the 6 digits it shows.',
  'mfa.enrol.qr': 'QR code with the setup key',
  'mfa.enrol.cannot': 'Can’t scan, or reading this on your phone?',
  'mfa.enrol.link': '<a>Open your authenticator app</a>, or type this key into it:',
  'mfa.enrol.account': 'Account: {organization} ({address}). Type: time-based, 6 digits.',
  'mfa.enrol.label': '6-digit code from the app',
  'mfa.enrol.button': 'Turn on',
  'mfa.enrol.wrong':
    'That is not the code the app shows now. Check that the time on your phone is right, then type the next code.',

  'mfa.app.heading': 'Enter the code from your app',
  'mfa.app.lead': 'Open your authenticator app and look for {organization} ({address}).',
  'mfa.app.label': '6-digit code',
  'mfa.app.wrong': 'That code is not right, or it was used before. Wait for the next one and type that.',
  'mfa.app.malformed': 'The code in the app has 6 digits. Check it and try again.',

  'mfa.recovery.heading': 'Enter a recovery code',
  'mfa.recovery.lead': 'You got these codes when you set up your second step. Each of them works once.',
  'mfa.recovery.label': 'Recovery code',
  'mfa.recovery.wrong': 'That is none of your recovery codes, or it was used before.',
  'mfa.recovery.malformed': 'A recovery code has 10 letters and digits, such as {example}. Check it and try again.',

  'mfa.keep.heading': 'Keep your recovery codes',
  'mfa.keep.lead': 'If you lose your phone, each of these lets you in once. We show them now and never again.',
  'mfa.keep.how': 'Print this page, or write the codes down where only you find them.',
  'mfa.keep.button': 'I have kept them',

  'mfa.passkey.enrol.heading': 'Set up a passkey',
  'mfa.passkey.enrol.lead':
    '{organization} asks its guests for a second step. Your device keeps a passkey and unlocks it as it unlocks itself.',
  'mfa.passkey.enrol.button': 'Create a passkey',
  'mfa.passkey.heading': 'Use your passkey',
  'mfa.passkey.lead': 'Your device asks you to confirm that it is you.',
  'mfa.passkey.button': 'Use passkey',
  'mfa.passkey.unsupported': 'This browser cannot use passkeys here, or scripts are off. Choose another way below.',
  'mfa.passkey.wrong': 'The passkey was not confirmed. Try again or choose another way.',

  'mfa.phone.enrol.heading': 'Get codes by text message',
  'mfa.phone.enrol.lead': '{organization} asks its guests for a second step. We send a code to your phone.',
  'mfa.phone.label': 'Phone number with country code',
  'mfa.phone.malformed': 'Enter the whole number with its country code, such as {example}.',
  'mfa.phone.far': 'We send no text messages to numbers of this country. Enter another number, or choose another way.',
  'mfa.phone.button': 'Send code',

  'mfa.send.heading': 'Confirm that it is you',
  'mfa.send.mail': '{organization} asks its guests for a second step. We send a code to your mailbox.',
  'mfa.send.phone': '{organization} asks its guests for a second step. We send a code to your phone.',
  'mfa.send.button': 'Send code to {address}',

  'mfa.text':
    '{code} is your code for {organization}. It works for {minutes, plural, one {# minute} other {# minutes}}. Nobody there will ask you for it.',
  'mfa.sent.wrong': 'That is not the newest code we sent.',
  'mfa.sent.malformed': 'The code we sent has 6 digits. Check it and try again.',
  'mfa.sent.no-text': 'No message after a minute? Send a new code. It replaces the old one.',
  'mfa.sent.newest': 'The newest code still works.',
  'mfa.phone.other': 'Use another number',
  'mfa.limit.person':
    '{count, plural, one {We send at most # code a day to one person.} other {We send at most # codes a day to one person.}}',
  'mfa.limit.organization':
    'No more text messages are sent for this organization today. Another way may still be open.',

  'mfa.own.lead': 'It confirms that it is you when an organization asks for a second step.',
  'mfa.own.back': 'Back to My account',

  'mfa.other.heading': 'Other ways',
  'mfa.other.softwareOath': 'Use an authenticator app',
  'mfa.other.fido2': 'Use a passkey',
  'mfa.other.phone': 'Get a code by text message',
  'mfa.other.email': 'Get a code by e-mail',
  'mfa.other.recoveryCode': 'Use a recovery code',

  'mfa.lost.heading': 'Lost or changed your phone?',
  'mfa.lost.reset':
    '{reach, select, contact {Only {organization} can reset your second step. Get in touch through {contact}; you then set it up again.} other {Only {organization} can reset your second step. Ask your contact there; you then set it up again.}}',

  'home.reference': 'If you write to us, mention {reference}, so we find this sign-in.',

  'mfa.limited.heading': 'Too many wrong codes',
  'mfa.limited.lead': 'To protect your account we check no more codes for a while.',
  'mfa.limited.again': 'Try again at {time}.',
  'mfa.tries': '{tries, plural, one {# try left.} other {# tries left.}}',
} as const
