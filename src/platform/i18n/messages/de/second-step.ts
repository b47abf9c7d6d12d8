export default {
  'mfa.enrol.heading': 'Zweiten Schritt einrichten',
  'mfa.enrol.lead':
    '{organization} bittet Gäste um einen Code aus einer Authenticator-App. Sie richten das einmal ein.',
  'mfa.enrol.open': 'Öffnen Sie eine Authenticator-App auf Ihrem Telefon.',
  'mfa.enrol.scan': 'Scannen Sie diesen Code.',
  'mfa.enrol.type': 'Geben Sie die 6 Ziffern ein, die sie zeigt.',
  'mfa.enrol.qr': 'QR-Code mit dem Einrichtungsschlüssel',
  'mfa.enrol.cannot': 'Scannen geht nicht, oder Sie lesen dies auf dem Telefon?',
  'mfa.enrol.link': '<a>Öffnen Sie Ihre Authenticator-App</a>, oder geben Sie dort diesen Schlüssel ein:',
  'mfa.enrol.account': 'Konto: {organization} ({address}). Art: zeitbasiert, 6 Ziffern.',
  'mfa.enrol.label': '6-stelliger Code aus der App',
  'mfa.enrol.button': 'Einschalten',
  'mfa.enrol.wrong':
    'Das ist nicht der Code, den die App gerade zeigt. Prüfen Sie die Uhrzeit Ihres Telefons und geben Sie den nächsten Code ein.',

  'mfa.app.heading': 'Code aus Ihrer App eingeben',
  'mfa.app.lead': 'Öffnen Sie Ihre Authenticator-App und suchen Sie {organization} ({address}).',
  'mfa.app.label': '6-stelliger Code',
  'mfa.app.wrong':
    'Dieser Code stimmt nicht oder wurde schon benutzt. Warten Sie auf den nächsten und geben Sie diesen ein.',
  'mfa.app.malformed': 'Der Code in der App hat 6 Ziffern. Prüfen Sie ihn und versuchen Sie es noch einmal.',

  'mfa.recovery.heading': 'Wiederherstellungscode eingeben',
  'mfa.recovery.lead': 'Diese Codes haben Sie beim Einrichten des zweiten Schritts erhalten. Jeder gilt einmal.',
  'mfa.recovery.label': 'Wiederherstellungscode',
  'mfa.recovery.wrong': 'Das ist keiner Ihrer Wiederherstellungscodes, oder er wurde schon benutzt.',
  'mfa.recovery.malformed':
    'Ein Wiederherstellungscode hat 10 Buchstaben und Ziffern, zum Beispiel {example}. Prüfen Sie ihn und versuchen Sie es noch einmal.',

  'mfa.keep.heading': 'Bewahren Sie Ihre Wiederherstellungscodes auf',
  'mfa.keep.lead':
    'Wenn Sie Ihr Telefon verlieren, kommen Sie mit jedem dieser Codes einmal hinein. Wir zeigen sie jetzt und nie wieder.',
  'mfa.keep.how': 'Drucken Sie diese Seite, oder schreiben Sie die Codes dorthin, wo nur Sie sie finden.',
  'mfa.keep.button': 'Ich habe sie aufbewahrt',

  'mfa.passkey.enrol.heading': 'Passkey einrichten',
  'mfa.passkey.enrol.lead':
    '{organization} bittet Gäste um einen zweiten Schritt. Ihr Gerät bewahrt einen Passkey auf und gibt ihn frei, wie es sich selbst entsperrt.',
  'mfa.passkey.enrol.button': 'Passkey erstellen',
  'mfa.passkey.heading': 'Passkey benutzen',
  'mfa.passkey.lead': 'Ihr Gerät fragt nach, ob Sie es sind.',
  'mfa.passkey.button': 'Passkey benutzen',
  'mfa.passkey.unsupported':
    'Dieser Browser kann hier keine Passkeys benutzen, oder Skripte sind ausgeschaltet. Wählen Sie unten einen anderen Weg.',
  'mfa.passkey.wrong':
    'Der Passkey wurde nicht bestätigt. Versuchen Sie es noch einmal oder wählen Sie einen anderen Weg.',

  'mfa.phone.enrol.heading': 'Codes per SMS erhalten',
  'mfa.phone.enrol.lead': '{organization} bittet Gäste um einen zweiten Schritt. Wir senden einen Code an Ihr Telefon.',
  'mfa.phone.label': 'Telefonnummer mit Landesvorwahl',
  'mfa.phone.malformed': 'Geben Sie die ganze Nummer mit Landesvorwahl ein, zum Beispiel {example}.',
  'mfa.phone.far':
    'An Nummern dieses Landes senden wir keine SMS. Geben Sie eine andere Nummer ein oder wählen Sie einen anderen Weg.',
  'mfa.phone.button': 'Code senden',

  'mfa.send.heading': 'Bestätigen Sie, dass Sie es sind',
  'mfa.send.mail': '{organization} bittet Gäste um einen zweiten Schritt. Wir senden einen Code an Ihr Postfach.',
  'mfa.send.phone': '{organization} bittet Gäste um einen zweiten Schritt. Wir senden einen Code an Ihr Telefon.',
  'mfa.send.button': 'Code an {address} senden',

  'mfa.text':
    '{code} ist Ihr Code für {organization}. Er gilt {minutes, plural, one {# Minute} other {# Minuten}}. Niemand dort wird Sie danach fragen.',
  'mfa.sent.wrong': 'Das ist nicht der neueste Code, den wir gesendet haben.',
  'mfa.sent.malformed': 'Der gesendete Code hat 6 Ziffern. Prüfen Sie ihn und versuchen Sie es noch einmal.',
  'mfa.sent.no-text': 'Nach einer Minute noch keine Nachricht? Senden Sie einen neuen Code. Er ersetzt den alten.',
  'mfa.sent.newest': 'Der neueste Code gilt weiterhin.',
  'mfa.phone.other': 'Andere Nummer verwenden',
  'mfa.limit.person':
    '{count, plural, one {Wir senden einer Person höchstens # Code am Tag.} other {Wir senden einer Person höchstens # Codes am Tag.}}',
  'mfa.limit.organization':
    'Für diese Organisation werden heute keine SMS mehr gesendet. Vielleicht steht ein anderer Weg offen.',

  'mfa.own.lead': 'Damit bestätigen Sie, dass Sie es sind, wenn eine Organisation einen zweiten Schritt verlangt.',
  'mfa.own.back': 'Zurück zu Mein Konto',

  'mfa.other.heading': 'Andere Wege',
  'mfa.other.softwareOath': 'Authenticator-App benutzen',
  'mfa.other.fido2': 'Passkey benutzen',
  'mfa.other.phone': 'Code per SMS erhalten',
  'mfa.other.email': 'Code per E-Mail erhalten',
  'mfa.other.recoveryCode': 'Wiederherstellungscode benutzen',

  'mfa.lost.heading': 'Telefon verloren oder gewechselt?',
  'mfa.lost.reset':
    '{reach, select, contact {Nur {organization} kann Ihren zweiten Schritt zurücksetzen: {contact}. Danach richten Sie ihn neu ein.} other {Nur {organization} kann Ihren zweiten Schritt zurücksetzen. Fragen Sie dort Ihre Ansprechperson. Danach richten Sie ihn neu ein.}}',

  'home.reference': 'Wenn Sie uns schreiben, nennen Sie {reference}, damit wir diese Anmeldung finden.',

  'mfa.limited.heading': 'Zu viele falsche Codes',
  'mfa.limited.lead': 'Zum Schutz Ihres Kontos prüfen wir eine Weile keine Codes mehr.',
  'mfa.limited.again': 'Versuchen Sie es um {time} noch einmal.',
  'mfa.tries': '{tries, plural, one {Noch # Versuch.} other {Noch # Versuche.}}',
} as const
