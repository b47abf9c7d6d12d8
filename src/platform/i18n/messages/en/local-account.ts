export default {
  'local.intro.heading': 'Create your account at {organization}',
  'local.intro.lead':
    'Nobody else vouches for your address here, so you get an account of your own. It takes a minute.',
  'local.intro.proof':
    'First we check once that the mailbox is yours, with a code to {address}. Later you sign in without one.',
  'local.sign-in.heading': 'Sign in to {organization}',
  'local.sign-in.lead': 'With your own account there. It is known by {address}.',
  'local.password': 'Password',
  'local.sign-in.button': 'Sign in',
  'local.passkey.use': 'Use a passkey',
  'local.wrong': 'This password and this address do not go together. Check the password, or choose a new one below.',
  'local.passkey.wrong': 'The passkey was not confirmed. Try again, or take another way.',
  'local.reset.heading': 'No password yet, or forgot it?',
  'local.reset.lead':
    'We check with a code that the mailbox is yours. Then you choose a new password. Passkeys that you have stay as they are.',
  'local.choose.heading': 'Choose how you sign in',
  'local.choose.lead': 'The mailbox is yours. From now on you sign in to {organization} with what you choose here.',
  'local.choose.anew': 'The mailbox is yours. A new password ends all sign-ins of the one before.',
  'local.passkey.lead':
    'Or take a passkey: your device keeps it and unlocks it as it unlocks itself. Nothing to remember.',
  'local.passkey.create': 'Create a passkey',
  'local.password.new': 'New password',
  'local.password.again': 'The same once more',
  'local.password.checked':
    'At least {shortest, plural, one {# character} other {# characters}}, any you like. We look it up in lists of leaked passwords; it does not leave this service for that.',
  'local.password.unchecked':
    'At least {shortest, plural, one {# character} other {# characters}}, any you like. Several words in a row are easy to remember.',
  'local.password.button': 'Save password',
  'local.fault.short':
    'This password is too short. Take at least {shortest, plural, one {# character} other {# characters}}.',
  'local.fault.long':
    'This password is too long. Take at most {longest, plural, one {# character} other {# characters}}.',
  'local.fault.leaked':
    'This password was in a data leak, so attackers try it first. Choose one that you use nowhere else.',
  'local.fault.guessable':
    'This password is easy to guess: it is made of your address, of {organization}, or of a few letters in a row. Choose another one.',
  'local.fault.differs': 'The two passwords differ. Type the same one twice.',
  'local.limited.heading': 'Too many wrong passwords',
  'local.limited.lead':
    'To protect accounts we check no more passwords for this address, or from your network, for a while.',
  'local.other': 'Use another address',
  'start.lead.local': 'As a guest you can open {destination}. You sign in with an account at {organization}.',
  'start.check.local': 'If you have no such account yet, you create one on the next page. Nothing is accepted yet.',
  'start.return.check.local': 'You sign in with your account there. Then you go straight on.',
  'start.local': 'Continue',
  'wrong-account.next.local': 'We sign you out here. Then you sign in with the account of the invited address.',
  'choose.local': 'Account at {organization}',
} as const
