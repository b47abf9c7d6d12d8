export default {
  'my.skip': 'Zum Inhalt',
  'my.organization': 'Organisation:',
  'my.menu': ', Kontomenü',
  'my.search': 'Apps suchen',
  'my.asks': '{domain}, verlangt eine Anmeldung',
  'my.account': 'Mein Konto',
  'my.manage': 'Eigenes verwalten',
  'my.leave': '{organization} verlassen',
  'my.sign-out': 'Abmelden',
  'my.sign-in': 'Wieder anmelden',
  'my.back': 'Zurück zu meinen Apps',

  'my.apps.heading': 'Meine Apps',
  'my.apps.lead':
    '{kind, select, guest {Was {organization} mit Ihnen als Gast teilt} other {Was {organization} Ihnen zugewiesen hat}}',
  'my.apps.none.heading': 'Noch keine Apps',
  'my.apps.none.lead':
    '{kind, select, guest {Sie sind Gast bei {organization}, aber bisher wurde keine App mit Ihnen geteilt. Ihr Kontakt dort kann das tun.} other {Bisher wurde Ihnen keine App von {organization} zugewiesen. Wem eine App gehört oder wer sie verwaltet, kann das tun.}}',
  'my.apps.found': '{count, plural, one {# App mit „{query}“} other {# Apps mit „{query}“}}',
  'my.apps.nothing.heading': 'Nichts gefunden',
  'my.apps.nothing.lead': 'Keine Ihrer Apps hat „{query}“ im Namen oder in der Beschreibung.',
  'my.apps.all': 'Alle Apps zeigen',
  'my.apps.pages': 'Seiten',
  'my.apps.page': 'Seite {page} von {pages}',
  'my.apps.previous': 'Vorige Seite',
  'my.apps.next': 'Nächste Seite',
  'my.closed.heading': 'Diese App steht Ihnen nicht offen',
  'my.closed.lead': '{organization} hat sie Ihnen nicht zugewiesen oder wieder entzogen.',

  'my.which.heading': 'Welche Organisation?',
  'my.which.lead':
    'Geben Sie die Domain der Organisation ein, deren Apps Sie öffnen möchten. Sie steht in Ihrer Einladung.',
  'my.which.label': 'Domain, zum Beispiel {example}',
  'my.which.unknown':
    'Keine Organisation hier hat diese Domain. Prüfen Sie in Ihrer Einladung, wie sie geschrieben wird.',
  'my.which.continue': 'Weiter',

  'account.heading': 'Mein Konto',
  'account.lead': 'Ihr Konto bei {organization}',
  'account.you': 'Über Sie',
  'account.name': 'Name',
  'account.mail': 'E-Mail',
  'account.signed-in-as': 'Angemeldet als',
  'account.type': 'Sie sind',
  'account.type.value': '{kind, select, guest {Gast bei {organization}} other {Mitglied von {organization}}}',

  'account.organizations': 'Organisationen',
  'account.organizations.lead': 'Die Organisationen, die Sie unter dem Konto kennen, mit dem Sie angemeldet sind.',
  'account.here': 'Sie sind hier',
  'account.home': 'Ihre eigene Organisation',
  'account.switch': 'Wechseln<hide> zu {organization}</hide>',
  'account.open': 'Anmelden<hide> bei {organization}</hide>',
  'account.leave': '<hide>{organization} </hide>Verlassen',
  'account.off':
    '{why, select, disabled {{reach, select, contact {Ihr Konto dort ist abgeschaltet. Um die Organisation zu verlassen, schreiben Sie an {contact}.} other {Ihr Konto dort ist abgeschaltet. Um die Organisation zu verlassen, fragen Sie, wer Sie eingeladen hat.}}} other {{reach, select, contact {Ihr Zugang dort ist abgelaufen. Um die Organisation zu verlassen, schreiben Sie an {contact}.} other {Ihr Zugang dort ist abgelaufen. Um die Organisation zu verlassen, fragen Sie, wer Sie eingeladen hat.}}}}',

  'account.browsers': 'Angemeldete Browser',
  'account.browsers.lead':
    'Browser, in denen Sie bei {organization} angemeldet sind. Melden Sie ab, was Sie nicht kennen.',
  'account.browser.this': 'Dieser Browser',
  'account.browser.unknown': 'Browser unbekannter Art',
  'account.browser.times': 'Zuletzt benutzt: {used}. Angemeldet: {since}.',
  'account.browser.end': 'Abmelden<hide>: {browser}, angemeldet {since}</hide>',
  'account.browser.others': 'Alle anderen Browser abmelden',
  'account.browsers.ended':
    '{count, plural, =0 {Dieser Browser war schon abgemeldet.} one {# Browser ist abgemeldet.} other {# Browser sind abgemeldet.}}',

  'account.methods': 'Anmeldemethoden',
  'account.methods.lead':
    'Womit Sie bestätigen, dass Sie es sind, wenn eine Organisation einen zweiten Schritt verlangt.',
  'account.methods.none': 'Sie haben noch nichts eingerichtet.',
  'account.method.kind':
    '{kind, select, softwareOath {Authenticator-App} fido2 {Passkey} phone {Telefon} other {Andere Methode}}',
  'account.method.times': 'Hinzugefügt am {added}. Zuletzt benutzt am {used}.',
  'account.method.remove': 'Entfernen<hide>: {method}, hinzugefügt am {added}</hide>',
  'account.method.add': 'Methode hinzufügen',
  'account.codes': 'Wiederherstellungscodes',
  'account.codes.left': '{count, plural, =0 {keiner übrig} one {noch # Code} other {noch # Codes}}',
  'account.codes.renew': 'Neue Codes erstellen',
  'account.changed': 'Ihre Anmeldemethoden haben sich geändert.',

  'account.language': 'Sprache dieser Seiten',

  'leave.heading': '{organization} verlassen?',
  'leave.lead': 'Sie verlieren sofort Apps, Gruppen und Dateien und werden dort in jedem Browser abgemeldet.',
  'leave.days': '30 Tage lang kann {organization} Ihr Konto wiederherstellen. Danach wird es endgültig gelöscht.',
  'leave.later': 'Um danach zurückzukommen, brauchen Sie eine neue Einladung.',
  'leave.stay': 'Bleiben',
  'leave.blocked.heading': 'Sie können {organization} nicht selbst verlassen',
  'leave.blocked.lead':
    '{why, select, atHome {{organization} ist Ihre eigene Organisation. Nur Gäste können sie selbst verlassen.} holdsRole {Sie verwalten {organization}. Bitten Sie zuerst eine andere Administratorin oder einen anderen Administrator, Ihnen die Rolle zu entziehen.} other {{reach, select, contact {{organization} entfernt Gäste selbst. Schreiben Sie an {contact}, wenn Sie gehen möchten.} other {{organization} entfernt Gäste selbst. Fragen Sie, wer Sie eingeladen hat, wenn Sie gehen möchten.}}}}',
  'left.heading': 'Sie haben {organization} verlassen',
  'left.lead': 'Sie sind dort überall abgemeldet. Sie können diese Seite schließen.',

  'manage.heading': 'Eigenes verwalten',
  'manage.lead': 'Wer hat, was Ihnen bei {organization} gehört. Änderungen macht die Administration.',
  'manage.apps': 'Apps',
  'manage.groups': 'Gruppen',
  'manage.assigned': '{count, plural, =0 {Noch niemand} one {# Zuweisung} other {# Zuweisungen}}',
  'manage.people': '{count, plural, =0 {Noch niemand} one {# Person} other {# Personen}}',
  'manage.none': 'Ihnen gehört keine App oder Gruppe, die hier gezeigt werden kann.',
  'manage.kind': '{kind, select, app {Personen und Gruppen mit dieser App} other {Mitglieder dieser Gruppe}}',
  'manage.person.kind': '{kind, select, Group {Gruppe} other {Person}}',
  'manage.more': 'Die ersten {count} werden gezeigt.',
  'manage.back': 'Zurück zur Übersicht',
} as const
