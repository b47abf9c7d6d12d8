export default {
  'local.intro.heading': 'Ihr Konto bei {organization} anlegen',
  'local.intro.lead':
    'Für Ihre Adresse bürgt hier sonst niemand, darum bekommen Sie ein eigenes Konto. Das dauert eine Minute.',
  'local.intro.proof':
    'Zuerst prüfen wir einmalig mit einem Code an {address}, dass das Postfach Ihres ist. Später melden Sie sich ohne Code an.',
  'local.sign-in.heading': 'Bei {organization} anmelden',
  'local.sign-in.lead': 'Mit Ihrem eigenen Konto dort. Es gehört zu {address}.',
  'local.password': 'Passwort',
  'local.sign-in.button': 'Anmelden',
  'local.passkey.use': 'Passkey verwenden',
  'local.wrong':
    'Dieses Passwort und diese Adresse passen nicht zusammen. Prüfen Sie das Passwort, oder wählen Sie unten ein neues.',
  'local.passkey.wrong':
    'Der Passkey wurde nicht bestätigt. Versuchen Sie es noch einmal, oder nehmen Sie einen anderen Weg.',
  'local.reset.heading': 'Noch kein Passwort, oder vergessen?',
  'local.reset.lead':
    'Wir prüfen mit einem Code, dass das Postfach Ihres ist. Dann wählen Sie ein neues Passwort. Passkeys, die Sie haben, bleiben.',
  'local.choose.heading': 'Wählen Sie, wie Sie sich anmelden',
  'local.choose.lead':
    'Das Postfach ist Ihres. Von jetzt an melden Sie sich bei {organization} mit dem an, was Sie hier wählen.',
  'local.choose.anew': 'Das Postfach ist Ihres. Ein neues Passwort beendet alle Anmeldungen mit dem alten.',
  'local.passkey.lead':
    'Oder nehmen Sie einen Passkey: Ihr Gerät bewahrt ihn auf und entsperrt ihn wie sich selbst. Sie müssen sich nichts merken.',
  'local.passkey.create': 'Passkey anlegen',
  'local.password.new': 'Neues Passwort',
  'local.password.again': 'Noch einmal dasselbe',
  'local.password.checked':
    'Mindestens {shortest, plural, one {# Zeichen} other {# Zeichen}}, welche Sie wollen. Wir suchen es in Listen bekannt gewordener Passwörter; es verlässt dafür diesen Dienst nicht.',
  'local.password.unchecked':
    'Mindestens {shortest, plural, one {# Zeichen} other {# Zeichen}}, welche Sie wollen. Mehrere Wörter hintereinander merkt man sich leicht.',
  'local.password.button': 'Passwort speichern',
  'local.fault.short':
    'Dieses Passwort ist zu kurz. Nehmen Sie mindestens {shortest, plural, one {# Zeichen} other {# Zeichen}}.',
  'local.fault.long':
    'Dieses Passwort ist zu lang. Nehmen Sie höchstens {longest, plural, one {# Zeichen} other {# Zeichen}}.',
  'local.fault.leaked':
    'Dieses Passwort stand in einem Datenleck, darum probieren Angreifer es zuerst. Wählen Sie eines, das Sie sonst nirgends benutzen.',
  'local.fault.guessable':
    'Dieses Passwort ist leicht zu erraten: Es besteht aus Ihrer Adresse, aus {organization} oder aus wenigen Zeichen in einer Reihe. Wählen Sie ein anderes.',
  'local.fault.differs': 'Die beiden Passwörter sind verschieden. Geben Sie zweimal dasselbe ein.',
  'local.limited.heading': 'Zu viele falsche Passwörter',
  'local.limited.lead':
    'Zum Schutz der Konten prüfen wir eine Zeit lang keine Passwörter mehr für diese Adresse oder aus Ihrem Netz.',
  'local.other': 'Andere Adresse verwenden',
  'start.lead.local':
    'Als Gast können Sie {destination} öffnen. Sie melden sich mit einem Konto bei {organization} an.',
  'start.check.local':
    'Wenn Sie noch kein solches Konto haben, legen Sie es auf der nächsten Seite an. Noch ist nichts angenommen.',
  'start.return.check.local': 'Sie melden sich mit Ihrem Konto dort an. Dann geht es gleich weiter.',
  'start.local': 'Weiter',
  'wrong-account.next.local': 'Wir melden Sie hier ab. Dann melden Sie sich mit dem Konto der eingeladenen Adresse an.',
  'choose.local': 'Konto bei {organization}',
} as const
