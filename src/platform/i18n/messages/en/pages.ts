export default {
  'page.title': '{title} - {organization}',
  'page.title-error': 'Error: {title}',
  'page.guest-access': 'Guest access by <bdi>Vestibule</bdi>',
  'page.help': 'Help',
  'page.privacy': 'Privacy',
  'page.language': 'Language:',
  'time.days-left': '{days, plural, =0 {less than a day left} one {# day left} other {# days left}}',

  'start.heading':
    '{kind, select, application {{organization} invites you as a guest} other {{inviter} invites you to {organization}}}',
  'start.lead': 'As a guest you can open {destination} with your own e-mail address. No new password.',
  'start.sent-by': 'Sent by',
  'start.invited': 'Invited',
  'start.opens': 'Opens',
  'start.accept-by': 'Accept by',
  'start.no-end': 'No end date',
  'start.check': 'First we check that this mailbox is yours. Nothing is accepted yet.',
  'start.send': 'Send code to {address}',
  'start.not-you': 'Not you, or not your address?',
  'start.not-you.close': 'Close this page and nothing happens.',
  'start.not-you.other':
    '{reach, select, reply {To join with another address, reply to the invitation e-mail and ask {inviter} to invite that one.} contact {To join with another address, ask {organization} to invite that one: {contact}.} other {To join with another address, ask your contact at {organization} to invite that one.}}',
  'start.not-you.block': 'To stop these mails, <a>block invitations from {organization}</a>.',
  'start.return.heading': 'Sign in to {organization}',
  'start.return.lead': 'You are already a guest there. Signing in opens {destination}.',
  'start.return.account': 'Account',
  'start.return.check': 'First we check that this mailbox is yours. Then you go straight on.',

  'code.heading': 'Enter your code',
  'code.lead':
    'We sent {digits, plural, one {# digit} other {# digits}} to {address}. The code works for {minutes, plural, one {# minute} other {# minutes}}, in this browser only.',
  'code.label': 'Code',
  'code.continue': 'Continue',
  'code.no-mail':
    'No mail after a minute? Look in your spam folder, then send a new one. It replaces the old code. {seconds, plural, one {One every second.} other {One every # seconds.}}',
  'code.send-new': 'Send a new code',
  'code.wrong':
    'That is not the code from our newest mail. Check it and try again: {tries, plural, one {# try left} other {# tries left}}.',
  'code.malformed':
    'The code in our mail has {digits, plural, one {# digit} other {# digits}}. Check it and try again.',
  'code.expired':
    'This code no longer works: its {minutes, plural, one {# minute is} other {# minutes are}} over. Send a new code and enter that one.',
  'code.used-up': 'This code no longer works: all its tries are used up. Send a new code and enter that one.',
  'code.none': 'No code is waiting for this browser. Send a new code and enter it here.',

  'limited.heading': 'A code cannot be sent yet',
  'limited.lead': 'We have sent nothing to {address} just now.',
  'limited.wait':
    '{unit, select, second {{count, plural, one {You can ask for a new code in # second} other {You can ask for a new code in # seconds}}} minute {{count, plural, one {You can ask for a new code in # minute} other {You can ask for a new code in # minutes}}} other {{count, plural, one {You can ask for a new code in # hour} other {You can ask for a new code in # hours}}}}',
  'limited.at': 'At {time}.',
  'limited.reason':
    '{kind, select, interval {{count, plural, one {We send one code every second.} other {We send one code every # seconds.}}} window {{count, plural, one {We send at most # code in 15 minutes.} other {We send at most # codes in 15 minutes.}}} day {{count, plural, one {We send at most # code a day to one address.} other {We send at most # codes a day to one address.}}} other {{count, plural, one {We send at most # code an hour to one network.} other {We send at most # codes an hour to one network.}}}}',
  'limited.newest': 'The newest code in your mailbox still works.',

  'consent.heading': 'Join {organization} as a guest?',
  'consent.signed-in': 'You are signed in as {address}.',
  'consent.sees': '{organization} will see',
  'consent.sees.profile': 'your name, e-mail address and photo, if you have one',
  'consent.sees.use': 'when you sign in and which of its apps you open',
  'consent.hidden': 'It will not see',
  'consent.hidden.list': 'your password, your mail or other organizations you work with',
  'consent.next': 'Next page',
  'consent.invited-by': 'Invited by',
  'consent.answers': 'answers for your access',
  'consent.application': 'an application of {organization}',
  'consent.contact': 'Contact',
  'consent.privacy': 'Privacy',
  'consent.statement': '{organization} privacy statement',
  'consent.no-statement':
    '{reach, select, contact {{organization} has not published a privacy statement. Ask the contact above if you want to know more before you decide.} reply {{organization} has not published a privacy statement. Ask {inviter} if you want to know more before you decide: reply to the invitation e-mail.} other {{organization} has not published a privacy statement.}}',
  'consent.accept': 'Accept',
  'consent.decline': 'Decline',
  'consent.change': '{organization} can change or remove your guest account.',
  'consent.leave': 'You can leave at any time under <a>My account</a>.',

  'declined.title': 'You declined',
  'declined.heading': 'You declined the invitation',
  'declined.lead': '{organization} sees that you declined and learns nothing else about you. There is nothing to undo.',
  'declined.until': 'Changed your mind? The link in the e-mail works until {date}.',
  'declined.open': 'Changed your mind? The link in the e-mail keeps working.',
  'declined.block': 'Block invitations from {organization}',

  'help.heading': 'What you can do',
  'help.or': '{via, select, web {Or get in touch through {contact}.} other {Or write to {contact}.}}',
  'help.reference': 'If you write to us, mention {reference}, so we find this invitation.',

  'expired.heading': 'This invitation expired on {date}',
  'expired.lifetime':
    '{days, plural, one {{organization} gives its guests # day to accept.} other {{organization} gives its guests # days to accept.}}',
  'expired.lead': 'Your access was not set up.',
  'expired.fresh':
    '{reach, select, reply {Reply to the invitation e-mail. It reaches {inviter}, who can send you a fresh one in a minute.} contact {Ask {organization} for a fresh one: {contact}.} other {Ask your contact at {organization} for a fresh one.}}',

  'revoked.heading': '{organization} withdrew this invitation',
  'revoked.on': 'It was withdrawn on {date}.',
  'revoked.links': 'This link and older links to it no longer work.',
  'revoked.ask':
    '{reach, select, reply {If you were expecting it, ask {inviter}: reply to the invitation e-mail.} contact {If you were expecting it, ask {organization}: {contact}.} other {If you were expecting it, ask your contact at {organization}.}}',
  'revoked.newer': 'If a newer invitation arrived since, open that one.',
  'reset.heading': 'A newer link has replaced this one',
  'reset.on': '{organization} set up your invitation afresh on {date}.',
  'reset.newer': 'Open the newest invitation e-mail from {organization} and use its link.',
  'reset.ask':
    '{reach, select, reply {No newer mail? Ask {inviter}: reply to the invitation e-mail.} contact {No newer mail? Ask {organization}: {contact}.} other {No newer mail? Ask your contact at {organization}.}}',

  'used.heading': 'This invitation was already accepted',
  'used.lead': 'It was accepted on {date} by the person who controls the invited mailbox.',
  'used.you-link': 'Was it you? <a>Sign in to {destination}</a> with the account you used then.',
  'used.you': 'Was it you? Sign in with the account you used then.',
  'used.not-you':
    '{reach, select, contact {Not you? Tell {organization} now: {contact}. They can end that access at once.} other {Not you? Tell {organization} now. They can end that access at once.}}',

  'wrong-account.heading': 'This invitation is for another address',
  'wrong-account.lead': 'Nothing was accepted. Switch to the invited address to go on.',
  'wrong-account.invited': 'Invited by {organization}',
  'wrong-account.signed-in': 'You are signed in as',
  'wrong-account.switch': 'Switch to {address}',
  'wrong-account.next': 'We sign you out here and send a code to that mailbox.',
  'wrong-account.other':
    '{reach, select, reply {If both addresses are yours and you prefer the other one, ask {inviter} to invite it: reply to the invitation e-mail.} contact {If both addresses are yours and you prefer the other one, ask {organization} to invite it: {contact}.} other {If both addresses are yours and you prefer the other one, ask your contact at {organization} to invite it.}}',

  'blocked.domain.heading': '{organization} does not admit guests from {domain}',
  'blocked.domain.lead':
    '{organization} decides which domains its guests may come from, and this one is not among them. Nothing was accepted.',
  'blocked.organization.heading': '{organization} admits no guests at present',
  'blocked.organization.lead': 'Guest access to {organization} is switched off. Nothing was accepted.',
  'blocked.account.heading': 'Your guest account at {organization} is switched off',
  'blocked.account.lead': 'You cannot sign in with it until {organization} switches it on again.',
  'blocked.ended.heading': 'Your access to {organization} has ended',
  'blocked.ended.lead': 'It was given until {date}. You cannot sign in unless somebody there extends it.',
  'blocked.ended.ask':
    '{reach, select, reply {If you still need it, ask {inviter} to extend it: reply to the invitation e-mail.} contact {If you still need it, ask {organization} to extend it: {contact}.} other {If you still need it, ask your contact at {organization} to extend it.}}',
  'blocked.identity.heading': 'This e-mail address belongs to another guest account',
  'blocked.identity.lead':
    '{organization} has another account that signs in with your address. It has to be reset or deleted before this invitation can be accepted.',
  'blocked.identity.ask':
    '{reach, select, reply {Ask {inviter} for that: reply to the invitation e-mail.} contact {Ask {organization} for that: {contact}.} other {Ask your contact at {organization} for that.}}',
  'blocked.ask':
    '{reach, select, reply {If you think this should be different, ask {inviter}: reply to the invitation e-mail.} contact {If you think this should be different, ask {organization}: {contact}.} other {If you think this should be different, ask your contact at {organization}.}}',

  'extend.heading': 'Extend the access of {guest}?',
  'extend.lead': 'You answer for this guest of {organization}. Their access ends by itself unless somebody extends it.',
  'extend.guest': 'Guest',
  'extend.ends': 'Access ends',
  'extend.until': 'If you extend it',
  'extend.check': 'First we check that it is you, with a code to your e-mail address.',
  'extend.button': 'Extend access',
  'extend.none': '{organization} does not let sponsors extend access any further. Ask an administrator there.',
  'extended.heading': 'The access of {guest} was extended',
  'extended.lead': 'It now lasts until {date}. You can close this page.',

  'error.link.heading': 'This link does not work',
  'error.link.lead': 'It is incomplete, was changed on its way, or belongs to an invitation that no longer exists.',
  'error.link.help':
    'Open the link in the invitation e-mail again. If your mail program cut it in two, copy the whole address into your browser.',
  'error.link.ask': 'Still nothing? Ask whoever invited you for a new invitation.',
  'error.missing.heading': 'There is no page at this address',
  'error.missing.lead': 'The address may have a typing mistake, or the page has moved.',
  'error.missing.help': 'Check the address. If you were following an invitation, open the link in its e-mail again.',
  'error.stale.heading': 'This form is no longer current',
  'error.stale.lead':
    'You may have signed in or out since you opened it, or your browser refuses cookies. Nothing was changed.',
  'error.stale.help': 'Open the page again and repeat the last step.',
  'error.stale.help-link': '<a>Open the page again</a> and repeat the last step.',
  'error.fault.heading': 'Something went wrong on our side',
  'error.fault.lead': 'The fault is noted. Your last step may not have been carried out.',
  'error.fault.help': 'Wait a minute, then try again.',
  'error.fault.help-link': 'Wait a minute, then <a>try again</a>.',
  'error.reference': 'If you write to us, mention {reference}.',

  'block.heading': 'Block invitations from {organization}?',
  'block.lead':
    'We then send no more invitations from {organization} to {address}. Access you already have stays as it is.',
  'block.confirm': 'Yes, stop invitations from {organization} to this address',
  'block.confirm-missing': 'Tick the box first. It keeps programs that only try links from blocking in your name.',
  'block.button': 'Block invitations',
  'block.undo': 'You can undo this at any time under <a>blocked organizations</a>.',
  'block-done.heading': 'Invitations from {organization} are blocked',
  'block-done.lead':
    'We send no more invitations from {organization} to {address}. Access you already have stays as it is.',
  'block-done.undo': 'See or undo what you block',

  'blocks.heading': 'Blocked organizations',
  'blocks.email.lead':
    'See which organizations can send you no invitations, and undo it. First we check that the mailbox is yours.',
  'blocks.email.label': 'E-mail',
  'blocks.email.send': 'Send code',
  'blocks.email.malformed': 'Enter one full e-mail address, such as {example}.',
  'blocks.lead': 'We send no invitations from these organizations to {address}.',
  'blocks.since': 'Blocked on {date}',
  'blocks.unblock': 'Unblock<hide> {organization}</hide>',
  'blocks.none': 'You block no organization.',
  'blocks.none.lead': 'Every organization that uses this service can send invitations to {address}.',
  'blocks.unblocked': 'Invitations from {organization} reach you again.',

  'start.check.home': 'First you sign in at {home}. Nothing is accepted yet.',
  'start.check.choose': 'First you show that this address is yours. Nothing is accepted yet.',
  'start.return.check.home': 'You sign in at {home}. Then you go straight on.',
  'start.return.check.choose': 'First you show that it is you. Then you go straight on.',
  'start.continue': 'Continue with {home}',
  'start.choose': 'Choose how to sign in',
  'choose.heading': 'How do you want to sign in?',
  'choose.lead': 'There is more than one way to prove that {address} is yours. You will use the same one next time.',
  'choose.organization': '{home} work account',
  'choose.microsoft': 'Microsoft account',
  'choose.google': 'Google account',
  'choose.code': 'Code by e-mail',
  'choose.unsure': 'Not sure? Pick the one you use at work. {organization} can change it for you later.',
  'wrong-account.next.home': 'We sign you out here and take you to {home}.',
  'wrong-account.next.choose': 'We sign you out here. Then you choose how to sign in.',
  'blocked.noWay.heading': '{organization} has no way for you to sign in at present',
  'blocked.noWay.lead':
    'The ways in that fit your address are switched off. Only {organization} can switch one on; your invitation stays as it is.',
  'home.unreachable.heading': '{home} does not answer',
  'home.unreachable.lead':
    'Its sign-in is down or too slow at the moment. Nothing was accepted, and nothing is wrong with your invitation.',
  'home.unreachable.help': 'Wait a few minutes, then try again.',
  'home.cancelled.heading': 'You did not finish signing in at {home}',
  'home.cancelled.lead': 'You stopped there, or {home} did not let you on. Nothing was accepted.',
  'home.cancelled.help': 'Try again, and use the account that has the invited address.',
  'home.clock.heading': 'The time at {home} does not match ours',
  'home.clock.lead': 'Its answer is not valid yet, or no longer. Nothing was accepted.',
  'home.clock.help': 'Try again. If it happens once more, tell the support of {home} that its clock may be wrong.',
  'home.refused.heading': 'We could not use the answer of {home}',
  'home.refused.lead': 'It does not pass our checks, so we took it for nobody’s. Nothing was accepted.',
  'home.refused.help': 'Try again from here.',
  'home.misconfigured.heading': 'The sign-in with {home} is not set up correctly',
  'home.misconfigured.lead': 'The fault is not yours, and trying again may not help. Nothing was accepted.',
  'home.misconfigured.help': 'Tell whoever invited you and mention the reference below.',
  'home.lost.heading': 'This sign-in at {home} is over',
  'home.lost.lead': 'It took too long, or its answer was used before. Nothing was accepted.',
  'home.lost.help': 'Start it again from here.',
  'home.unverified.heading': '{home} does not vouch for your address',
  'home.unverified.lead':
    'You signed in, but that account does not prove that the invited address is yours. Nothing was accepted.',
  'home.unverified.help': 'Try again with another account of yours, or verify the address in that account first.',
  'home.unknownThere.heading': '{home} has no account with your address',
  'home.unknownThere.lead':
    'The mailbox is yours, but {home} does not count you among its people. Nothing was accepted.',
  'home.unknownThere.help': 'Ask an administrator of {home} for an account.',
  'home.ask':
    '{reach, select, reply {If it stays like this, ask {inviter} for help: reply to the invitation e-mail.} contact {If it stays like this, ask {organization} for help: {contact}.} other {If it stays like this, ask your contact at {organization} for help.}}',
  'home.again': 'Try again',
  'home.another': 'Sign in another way',
  'home.tenant.heading': 'Sign in to {organization}',
  'home.tenant.lead': '{asking} asks {organization} who you are. Sign in here with {address}, then you go on.',
  'home.tenant.continue': 'Continue as {address}',
  'error.lost.heading': 'This sign-in did not begin here',
  'error.lost.lead':
    'This browser waits for no such answer: it is too old, was used, or belongs to somebody else. Nothing was changed.',
  'error.lost.help': 'Open the link in the invitation e-mail again, or the app you wanted, and sign in from there.',
} as const
