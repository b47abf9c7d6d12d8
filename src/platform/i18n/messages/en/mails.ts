export default {
  'mail.from': 'Vestibule on behalf of {organization}',
  'mail.organization': '{organization}, {domain}',
  'mail.label': '{text}:',

  'mail.invitation.subject': '{inviter} invited you to access applications within their organization.',
  'mail.invitation.subject.application': '{organization} invited you to access applications within their organization.',
  'mail.invitation.join': 'Join {organization} as a guest.',
  'mail.invitation.join.app': 'Join {organization} as a guest and open {app}.',
  'mail.invitation.acceptBy': 'Accept by {date}.',
  'mail.invitation.caution':
    'Accept only if you know {inviter} and expected this. If in doubt, phone first instead of replying.',
  'mail.invitation.caution.application':
    'Accept only if you expected an invitation from {organization}. If in doubt, phone someone you know there instead of replying.',
  'mail.invitation.heading': '{inviter} invites you to {organization}',
  'mail.invitation.heading.application': '{organization} invites you as a guest',
  'mail.invitation.lead':
    'As a guest you can open what {organization} shares with you, using this e-mail address. No new password.',
  'mail.invitation.lead.app': 'As a guest you can open {app} with this e-mail address. No new password.',
  'mail.invitation.writes': '{inviter} writes',
  'mail.invitation.writes.application': 'Message sent by the application {inviter}',
  'mail.invitation.accept': 'Accept invitation',
  'mail.invitation.opens.button': 'The button opens {host}. After you accept you land on:',
  'mail.invitation.opens.link': 'The link opens {host}. After you accept you land on:',
  'mail.invitation.later': 'Once accepted, the same link takes you straight there.',
  'mail.invitation.later.app': 'Once accepted, the same link is your shortcut to {app}.',
  'mail.invitation.copy': 'If the button does nothing, copy this address into your browser:',
  'mail.invitation.why': 'Sent to {address} because {inviter} of {organization} invited this address.',
  'mail.invitation.why.mail': 'Sent to {address} because {inviter} ({mail}) of {organization} invited this address.',
  'mail.invitation.why.application':
    'Sent to {address} because the application {inviter} of {organization} invited this address.',
  'mail.invitation.replies': 'Replies reach {inviter}.',
  'mail.invitation.opening': 'Opening the link accepts nothing by itself.',
  'mail.invitation.block': 'Block future invitations from {organization}',
  'mail.invitation.privacy': '{organization} privacy statement',
  'mail.invitation.privacy.none': '{organization} has published no privacy statement.',
  'mail.invitation.contact': 'Contact {organization}',

  'mail.shortcut.heading': '{inviter} sends you a link to {organization}',
  'mail.shortcut.heading.application': '{organization} sends you a link',
  'mail.shortcut.lead': 'You are a guest there already. Sign in with this e-mail address and go on.',
  'mail.shortcut.lead.app': 'You are a guest there already. Sign in with this e-mail address and open {app}.',
  'mail.shortcut.open': 'Sign in and open',
  'mail.shortcut.opens.button': 'The button opens {host}. After you sign in you land on:',
  'mail.shortcut.opens.link': 'The link opens {host}. After you sign in you land on:',

  'mail.reminder.subject': 'Your guest access to {organization} ends on {date}',
  'mail.reminder.lead':
    'After that you cannot sign in there any more. If you still need it, ask whoever you work with at {organization} to extend it.',
  'mail.reminder.why': 'Sent to {address} because this address has guest access to {organization}.',
  'mail.reminder.sponsor.subject': 'The access of {guest} to {organization} ends on {date}',
  'mail.reminder.sponsor.lead':
    'You answer for this guest ({address}). Unless the access is extended, {guest} cannot sign in after that.',
  'mail.reminder.sponsor.button': 'Extend access',
  'mail.reminder.sponsor.opening': 'Opening the link changes nothing by itself: you sign in with a code first.',
  'mail.reminder.sponsor.why': 'Sent to {address} because you are a sponsor of this guest at {organization}.',

  'mail.security.subject': 'How you sign in to {organization} was changed',
  'mail.security.password': 'Your password was changed on {time}.',
  'mail.security.codes': 'New recovery codes were made on {time}. The old ones no longer work.',
  'mail.security.added':
    '{kind, select, softwareOath {An authenticator app} fido2 {A passkey} phone {A phone} other {A sign-in method}} was added on {time}.',
  'mail.security.removed':
    '{kind, select, softwareOath {An authenticator app} fido2 {A passkey} phone {A phone} password {Your password} other {A sign-in method}} was removed on {time}.',
  'mail.security.admin': 'Somebody who looks after the accounts of {organization} did this.',
  'mail.security.you': 'If this was you, there is nothing to do.',
  'mail.security.help':
    'Was it not you, and did you not ask for it? Tell whoever you work with at {organization} at once, so that they can sign you out everywhere, and change the password of this mailbox.',
  'mail.security.why': 'Sent to {address} because this address signs in to {organization}.',

  'mail.passcode.subject': 'Your code for {organization}',
  'mail.passcode.preheader':
    'It works for {minutes, plural, one {# minute} other {# minutes}}, in the browser where you asked for it.',
  'mail.passcode.code': 'Your code for {organization} ({domain}):',
  'mail.passcode.type':
    'Type it on the page where you asked for it. It works until {time} ({minutes, plural, one {# minute} other {# minutes}}).',
  'mail.passcode.newest': 'Only the newest code works.',
  'mail.passcode.secret': 'Nobody at {organization} will ask you for it, so never pass it on.',
  'mail.passcode.why':
    'Asked for with {address} at {time}. Was it not you? Then ignore this mail: without the code nothing happens.',
} as const
