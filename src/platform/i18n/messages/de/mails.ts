export default {
  'mail.from': 'Vestibule im Auftrag von {organization}',
  'mail.organization': '{organization}, {domain}',
  'mail.label': '{text}:',

  'mail.invitation.subject': '{inviter} hat Sie eingeladen, auf Anwendungen der Organisation zuzugreifen.',
  'mail.invitation.subject.application':
    '{organization} hat Sie eingeladen, auf Anwendungen der Organisation zuzugreifen.',
  'mail.invitation.join': 'Als Gast zu {organization}.',
  'mail.invitation.join.app': 'Als Gast zu {organization} und zu {app}.',
  'mail.invitation.acceptBy': 'Annehmen bis {date}.',
  'mail.invitation.caution':
    'Nehmen Sie nur an, wenn Sie {inviter} kennen und diese Einladung erwartet haben. Rufen Sie im Zweifel an, statt zu antworten.',
  'mail.invitation.caution.application':
    'Nehmen Sie nur an, wenn Sie eine Einladung von {organization} erwartet haben. Rufen Sie im Zweifel jemanden an, den Sie dort kennen, statt zu antworten.',
  'mail.invitation.heading': '{inviter} lädt Sie zu {organization} ein',
  'mail.invitation.heading.application': '{organization} lädt Sie als Gast ein',
  'mail.invitation.lead':
    'Als Gast öffnen Sie mit dieser E-Mail-Adresse, was {organization} mit Ihnen teilt. Ein neues Passwort brauchen Sie nicht.',
  'mail.invitation.lead.app':
    'Als Gast öffnen Sie {app} mit dieser E-Mail-Adresse. Ein neues Passwort brauchen Sie nicht.',
  'mail.invitation.writes': '{inviter} schreibt',
  'mail.invitation.writes.application': 'Nachricht, gesendet von der Anwendung {inviter}',
  'mail.invitation.accept': 'Einladung annehmen',
  'mail.invitation.opens.button': 'Der Knopf öffnet {host}. Nach dem Annehmen gelangen Sie zu:',
  'mail.invitation.opens.link': 'Der Link öffnet {host}. Nach dem Annehmen gelangen Sie zu:',
  'mail.invitation.later': 'Danach führt derselbe Link Sie direkt dorthin.',
  'mail.invitation.later.app': 'Danach ist derselbe Link Ihre Abkürzung zu {app}.',
  'mail.invitation.copy': 'Wenn der Knopf nicht reagiert, kopieren Sie diese Adresse in Ihren Browser:',
  'mail.invitation.why': 'Gesendet an {address}, weil {inviter} von {organization} diese Adresse eingeladen hat.',
  'mail.invitation.why.mail':
    'Gesendet an {address}, weil {inviter} ({mail}) von {organization} diese Adresse eingeladen hat.',
  'mail.invitation.why.application':
    'Gesendet an {address}, weil die Anwendung {inviter} von {organization} diese Adresse eingeladen hat.',
  'mail.invitation.replies': 'Antworten erreichen {inviter}.',
  'mail.invitation.opening': 'Das Öffnen des Links nimmt noch nichts an.',
  'mail.invitation.block': 'Künftige Einladungen von {organization} blockieren',
  'mail.invitation.privacy': 'Datenschutzerklärung von {organization}',
  'mail.invitation.privacy.none': '{organization} hat keine Datenschutzerklärung veröffentlicht.',
  'mail.invitation.contact': 'Kontakt zu {organization}',

  'mail.shortcut.heading': '{inviter} schickt Ihnen einen Link zu {organization}',
  'mail.shortcut.heading.application': '{organization} schickt Ihnen einen Link',
  'mail.shortcut.lead': 'Sie sind dort bereits Gast. Melden Sie sich mit dieser E-Mail-Adresse an.',
  'mail.shortcut.lead.app':
    'Sie sind dort bereits Gast. Melden Sie sich mit dieser E-Mail-Adresse an und öffnen Sie {app}.',
  'mail.shortcut.open': 'Anmelden und öffnen',
  'mail.shortcut.opens.button': 'Der Knopf öffnet {host}. Nach dem Anmelden gelangen Sie zu:',
  'mail.shortcut.opens.link': 'Der Link öffnet {host}. Nach dem Anmelden gelangen Sie zu:',

  'mail.reminder.subject': 'Ihr Gastzugang zu {organization} endet am {date}',
  'mail.reminder.lead':
    'Danach können Sie sich dort nicht mehr anmelden. Wenn Sie den Zugang noch brauchen, bitten Sie Ihren Kontakt bei {organization} um eine Verlängerung.',
  'mail.reminder.why': 'An {address} gesendet, weil diese Adresse Gastzugang zu {organization} hat.',
  'mail.reminder.sponsor.subject': 'Der Zugang von {guest} zu {organization} endet am {date}',
  'mail.reminder.sponsor.lead':
    'Sie sind für diesen Gast ({address}) verantwortlich. Ohne Verlängerung kann sich {guest} danach nicht mehr anmelden.',
  'mail.reminder.sponsor.button': 'Zugang verlängern',
  'mail.reminder.sponsor.opening':
    'Das Öffnen des Links allein ändert nichts: Sie melden sich zuerst mit einem Code an.',
  'mail.reminder.sponsor.why':
    'An {address} gesendet, weil Sie bei {organization} für diesen Gast verantwortlich sind.',

  'mail.security.subject': 'Ihre Anmeldung bei {organization} wurde geändert',
  'mail.security.password': 'Ihr Passwort wurde am {time} geändert.',
  'mail.security.codes': 'Am {time} wurden neue Wiederherstellungscodes erzeugt. Die alten gelten nicht mehr.',
  'mail.security.added':
    '{kind, select, softwareOath {Eine Authenticator-App} fido2 {Ein Passkey} phone {Ein Telefon} other {Eine Anmeldemethode}} wurde am {time} hinzugefügt.',
  'mail.security.removed':
    '{kind, select, softwareOath {Eine Authenticator-App} fido2 {Ein Passkey} phone {Ein Telefon} password {Ihr Passwort} other {Eine Anmeldemethode}} wurde am {time} entfernt.',
  'mail.security.admin': 'Das war jemand, der die Konten von {organization} betreut.',
  'mail.security.you': 'Waren Sie das, ist nichts zu tun.',
  'mail.security.help':
    'Waren Sie es nicht, und haben Sie auch nicht darum gebeten? Sagen Sie es sofort Ihrem Kontakt bei {organization}, damit Sie überall abgemeldet werden, und ändern Sie das Passwort dieses Postfachs.',
  'mail.security.why': 'An {address} gesendet, weil diese Adresse sich bei {organization} anmeldet.',

  'mail.passcode.subject': 'Ihr Code für {organization}',
  'mail.passcode.preheader':
    'Er gilt {minutes, plural, one {# Minute} other {# Minuten}}, in dem Browser, in dem Sie ihn angefordert haben.',
  'mail.passcode.code': 'Ihr Code für {organization} ({domain}):',
  'mail.passcode.type':
    'Geben Sie ihn auf der Seite ein, auf der Sie ihn angefordert haben. Er gilt bis {time} ({minutes, plural, one {# Minute} other {# Minuten}}).',
  'mail.passcode.newest': 'Nur der neueste Code gilt.',
  'mail.passcode.secret': 'Niemand bei {organization} wird Sie danach fragen. Geben Sie ihn also nie weiter.',
  'mail.passcode.why':
    'Angefordert mit {address} um {time}. Waren Sie das nicht? Dann ignorieren Sie diese Mail: Ohne den Code geschieht nichts.',
} as const
