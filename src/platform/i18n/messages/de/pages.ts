export default {
  'page.title': '{title} - {organization}',
  'page.title-error': 'Fehler: {title}',
  'page.guest-access': 'Gastzugang über <bdi>Vestibule</bdi>',
  'page.help': 'Hilfe',
  'page.privacy': 'Datenschutz',
  'page.language': 'Sprache:',
  'time.days-left': '{days, plural, =0 {weniger als ein Tag} one {noch # Tag} other {noch # Tage}}',

  'start.heading':
    '{kind, select, application {{organization} lädt Sie als Gast ein} other {{inviter} lädt Sie zu {organization} ein}}',
  'start.lead':
    'Als Gast öffnen Sie {destination} mit Ihrer eigenen E-Mail-Adresse. Ein neues Passwort brauchen Sie nicht.',
  'start.sent-by': 'Gesendet von',
  'start.invited': 'Eingeladen',
  'start.opens': 'Öffnet',
  'start.accept-by': 'Annehmen bis',
  'start.no-end': 'Ohne Enddatum',
  'start.check': 'Zuerst prüfen wir, ob dieses Postfach Ihnen gehört. Damit ist noch nichts angenommen.',
  'start.send': 'Code an {address} senden',
  'start.not-you': 'Nicht gemeint oder nicht Ihre Adresse?',
  'start.not-you.close': 'Schließen Sie diese Seite, dann geschieht nichts.',
  'start.not-you.other':
    '{reach, select, reply {Wenn Sie mit einer anderen Adresse beitreten möchten, antworten Sie auf die Einladungs-E-Mail und bitten Sie {inviter}, diese einzuladen.} contact {Wenn Sie mit einer anderen Adresse beitreten möchten, bitten Sie {organization}, diese einzuladen: {contact}.} other {Wenn Sie mit einer anderen Adresse beitreten möchten, bitten Sie Ihren Kontakt bei {organization}, diese einzuladen.}}',
  'start.not-you.block':
    'Wenn Sie solche E-Mails nicht mehr erhalten möchten, <a>blockieren Sie Einladungen von {organization}</a>.',
  'start.return.heading': 'Bei {organization} anmelden',
  'start.return.lead': 'Sie sind dort bereits Gast. Nach der Anmeldung öffnet sich {destination}.',
  'start.return.account': 'Konto',
  'start.return.check': 'Zuerst prüfen wir, ob dieses Postfach Ihnen gehört. Danach geht es direkt weiter.',

  'code.heading': 'Geben Sie Ihren Code ein',
  'code.lead':
    'Wir haben {digits, plural, one {# Ziffer} other {# Ziffern}} an {address} gesendet. Der Code gilt {minutes, plural, one {# Minute} other {# Minuten}}, nur in diesem Browser.',
  'code.label': 'Code',
  'code.continue': 'Weiter',
  'code.no-mail':
    'Nach einer Minute keine E-Mail? Sehen Sie im Spam-Ordner nach und senden Sie dann einen neuen Code. Er ersetzt den alten. {seconds, plural, one {Jede Sekunde ist einer möglich.} other {Alle # Sekunden ist einer möglich.}}',
  'code.send-new': 'Neuen Code senden',
  'code.wrong':
    'Das ist nicht der Code aus unserer neuesten E-Mail. Prüfen Sie ihn und versuchen Sie es noch einmal: {tries, plural, one {noch # Versuch} other {noch # Versuche}}.',
  'code.malformed':
    'Der Code in unserer E-Mail hat {digits, plural, one {# Ziffer} other {# Ziffern}}. Prüfen Sie ihn und versuchen Sie es noch einmal.',
  'code.expired':
    'Dieser Code gilt nicht mehr: {minutes, plural, one {Seine # Minute ist} other {Seine # Minuten sind}} um. Senden Sie einen neuen Code und geben Sie diesen ein.',
  'code.used-up':
    'Dieser Code gilt nicht mehr: Alle Versuche sind aufgebraucht. Senden Sie einen neuen Code und geben Sie diesen ein.',
  'code.none': 'Für diesen Browser liegt kein Code vor. Senden Sie einen neuen Code und geben Sie ihn hier ein.',

  'limited.heading': 'Noch kann kein Code gesendet werden',
  'limited.lead': 'An {address} haben wir gerade nichts gesendet.',
  'limited.wait':
    '{unit, select, second {{count, plural, one {In # Sekunde können Sie einen neuen Code anfordern} other {In # Sekunden können Sie einen neuen Code anfordern}}} minute {{count, plural, one {In # Minute können Sie einen neuen Code anfordern} other {In # Minuten können Sie einen neuen Code anfordern}}} other {{count, plural, one {In # Stunde können Sie einen neuen Code anfordern} other {In # Stunden können Sie einen neuen Code anfordern}}}}',
  'limited.at': 'Um {time}.',
  'limited.reason':
    '{kind, select, interval {{count, plural, one {Wir senden jede Sekunde höchstens einen Code.} other {Wir senden alle # Sekunden höchstens einen Code.}}} window {{count, plural, one {Wir senden höchstens # Code in 15 Minuten.} other {Wir senden höchstens # Codes in 15 Minuten.}}} day {{count, plural, one {Wir senden höchstens # Code am Tag an eine Adresse.} other {Wir senden höchstens # Codes am Tag an eine Adresse.}}} other {{count, plural, one {Wir senden höchstens # Code pro Stunde für ein Netzwerk.} other {Wir senden höchstens # Codes pro Stunde für ein Netzwerk.}}}}',
  'limited.newest': 'Der neueste Code in Ihrem Postfach gilt weiterhin.',

  'consent.heading': '{organization} als Gast beitreten?',
  'consent.signed-in': 'Sie sind als {address} angemeldet.',
  'consent.sees': '{organization} sieht',
  'consent.sees.profile': 'Ihren Namen, Ihre E-Mail-Adresse und Ihr Foto, falls Sie eines haben',
  'consent.sees.use': 'wann Sie sich anmelden und welche ihrer Apps Sie öffnen',
  'consent.hidden': 'Nicht zu sehen sind',
  'consent.hidden.list': 'Ihr Passwort, Ihre E-Mails und andere Organisationen, mit denen Sie arbeiten',
  'consent.next': 'Nächste Seite',
  'consent.invited-by': 'Eingeladen von',
  'consent.answers': 'verantwortet Ihren Zugang',
  'consent.application': 'eine Anwendung von {organization}',
  'consent.contact': 'Kontakt',
  'consent.privacy': 'Datenschutz',
  'consent.statement': 'Datenschutzerklärung von {organization}',
  'consent.no-statement':
    '{reach, select, contact {{organization} hat keine Datenschutzerklärung veröffentlicht. Wenn Sie vor Ihrer Entscheidung mehr wissen möchten, fragen Sie den oben genannten Kontakt.} reply {{organization} hat keine Datenschutzerklärung veröffentlicht. Wenn Sie vor Ihrer Entscheidung mehr wissen möchten, fragen Sie {inviter}: Antworten Sie auf die Einladungs-E-Mail.} other {{organization} hat keine Datenschutzerklärung veröffentlicht.}}',
  'consent.accept': 'Annehmen',
  'consent.decline': 'Ablehnen',
  'consent.change': '{organization} kann Ihr Gastkonto ändern oder entfernen.',
  'consent.leave': 'Unter <a>Mein Konto</a> können Sie jederzeit austreten.',

  'declined.title': 'Abgelehnt',
  'declined.heading': 'Sie haben die Einladung abgelehnt',
  'declined.lead':
    '{organization} sieht, dass Sie abgelehnt haben, und erfährt sonst nichts über Sie. Sie müssen nichts rückgängig machen.',
  'declined.until': 'Doch anders entschieden? Der Link in der E-Mail gilt bis {date}.',
  'declined.open': 'Doch anders entschieden? Der Link in der E-Mail gilt weiterhin.',
  'declined.block': 'Einladungen von {organization} blockieren',

  'help.heading': 'Was Sie tun können',
  'help.or':
    '{via, select, web {Oder nehmen Sie über {contact} Kontakt auf.} other {Oder schreiben Sie an {contact}.}}',
  'help.reference': 'Wenn Sie uns schreiben, nennen Sie {reference}, damit wir diese Einladung finden.',

  'expired.heading': 'Diese Einladung ist am {date} abgelaufen',
  'expired.lifetime':
    '{days, plural, one {Bei {organization} haben Gäste # Tag Zeit zum Annehmen.} other {Bei {organization} haben Gäste # Tage Zeit zum Annehmen.}}',
  'expired.lead': 'Ihr Zugang wurde nicht eingerichtet.',
  'expired.fresh':
    '{reach, select, reply {Antworten Sie auf die Einladungs-E-Mail. Ihre Antwort erreicht {inviter} und eine neue Einladung ist in einer Minute gesendet.} contact {Bitten Sie {organization} um eine neue Einladung: {contact}.} other {Bitten Sie Ihren Kontakt bei {organization} um eine neue Einladung.}}',

  'revoked.heading': '{organization} hat diese Einladung zurückgezogen',
  'revoked.on': 'Sie wurde am {date} zurückgezogen.',
  'revoked.links': 'Dieser Link und ältere Links zu ihr funktionieren nicht mehr.',
  'revoked.ask':
    '{reach, select, reply {Wenn Sie die Einladung erwartet haben, fragen Sie {inviter}: Antworten Sie auf die Einladungs-E-Mail.} contact {Wenn Sie die Einladung erwartet haben, fragen Sie {organization}: {contact}.} other {Wenn Sie die Einladung erwartet haben, fragen Sie Ihren Kontakt bei {organization}.}}',
  'revoked.newer': 'Wenn seither eine neuere Einladung gekommen ist, öffnen Sie diese.',
  'reset.heading': 'Ein neuerer Link hat diesen ersetzt',
  'reset.on': '{organization} hat Ihre Einladung am {date} neu eingerichtet.',
  'reset.newer': 'Öffnen Sie die neueste Einladungs-E-Mail von {organization} und verwenden Sie deren Link.',
  'reset.ask':
    '{reach, select, reply {Keine neuere E-Mail? Fragen Sie {inviter}: Antworten Sie auf die Einladungs-E-Mail.} contact {Keine neuere E-Mail? Fragen Sie {organization}: {contact}.} other {Keine neuere E-Mail? Fragen Sie Ihren Kontakt bei {organization}.}}',

  'used.heading': 'Diese Einladung wurde schon angenommen',
  'used.lead': 'Sie wurde am {date} von der Person angenommen, die Zugriff auf das eingeladene Postfach hat.',
  'used.you-link':
    'Waren Sie das? <a>Melden Sie sich bei {destination} an</a>, mit dem Konto, das Sie damals verwendet haben.',
  'used.you': 'Waren Sie das? Melden Sie sich mit dem Konto an, das Sie damals verwendet haben.',
  'used.not-you':
    '{reach, select, contact {Sie waren es nicht? Sagen Sie es {organization} sofort: {contact}. Der Zugang kann dort umgehend beendet werden.} other {Sie waren es nicht? Sagen Sie es {organization} sofort. Der Zugang kann dort umgehend beendet werden.}}',

  'wrong-account.heading': 'Diese Einladung gilt für eine andere Adresse',
  'wrong-account.lead': 'Es wurde nichts angenommen. Wechseln Sie zur eingeladenen Adresse, um fortzufahren.',
  'wrong-account.invited': 'Eingeladen von {organization}',
  'wrong-account.signed-in': 'Sie sind angemeldet als',
  'wrong-account.switch': 'Zu {address} wechseln',
  'wrong-account.next': 'Wir melden Sie hier ab und senden einen Code an dieses Postfach.',
  'wrong-account.other':
    '{reach, select, reply {Wenn beide Adressen Ihnen gehören und Sie die andere vorziehen, bitten Sie {inviter}, diese einzuladen: Antworten Sie auf die Einladungs-E-Mail.} contact {Wenn beide Adressen Ihnen gehören und Sie die andere vorziehen, bitten Sie {organization}, diese einzuladen: {contact}.} other {Wenn beide Adressen Ihnen gehören und Sie die andere vorziehen, bitten Sie Ihren Kontakt bei {organization}, diese einzuladen.}}',

  'blocked.domain.heading': '{organization} lässt keine Gäste von {domain} zu',
  'blocked.domain.lead':
    '{organization} legt fest, aus welchen Domains Gäste kommen dürfen, und diese gehört nicht dazu. Es wurde nichts angenommen.',
  'blocked.organization.heading': '{organization} lässt derzeit keine Gäste zu',
  'blocked.organization.lead': 'Der Gastzugang zu {organization} ist abgeschaltet. Es wurde nichts angenommen.',
  'blocked.account.heading': 'Ihr Gastkonto bei {organization} ist abgeschaltet',
  'blocked.account.lead': 'Sie können sich damit erst wieder anmelden, wenn {organization} es einschaltet.',
  'blocked.ended.heading': 'Ihr Zugang zu {organization} ist abgelaufen',
  'blocked.ended.lead': 'Er galt bis {date}. Sie können sich erst wieder anmelden, wenn ihn dort jemand verlängert.',
  'blocked.ended.ask':
    '{reach, select, reply {Wenn Sie ihn noch brauchen, bitten Sie {inviter} um eine Verlängerung: Antworten Sie auf die Einladungs-E-Mail.} contact {Wenn Sie ihn noch brauchen, bitten Sie {organization} um eine Verlängerung: {contact}.} other {Wenn Sie ihn noch brauchen, bitten Sie Ihren Kontakt bei {organization} um eine Verlängerung.}}',
  'blocked.identity.heading': 'Diese E-Mail-Adresse gehört zu einem anderen Gastkonto',
  'blocked.identity.lead':
    'Bei {organization} meldet sich ein anderes Konto mit Ihrer Adresse an. Es muss zurückgesetzt oder gelöscht werden, bevor diese Einladung angenommen werden kann.',
  'blocked.identity.ask':
    '{reach, select, reply {Bitten Sie {inviter} darum: Antworten Sie auf die Einladungs-E-Mail.} contact {Bitten Sie {organization} darum: {contact}.} other {Bitten Sie Ihren Kontakt bei {organization} darum.}}',
  'blocked.ask':
    '{reach, select, reply {Wenn das Ihrer Meinung nach anders sein sollte, fragen Sie {inviter}: Antworten Sie auf die Einladungs-E-Mail.} contact {Wenn das Ihrer Meinung nach anders sein sollte, fragen Sie {organization}: {contact}.} other {Wenn das Ihrer Meinung nach anders sein sollte, fragen Sie Ihren Kontakt bei {organization}.}}',

  'extend.heading': 'Den Zugang von {guest} verlängern?',
  'extend.lead':
    'Sie sind für diesen Gast von {organization} verantwortlich. Der Zugang endet von selbst, wenn ihn niemand verlängert.',
  'extend.guest': 'Gast',
  'extend.ends': 'Zugang endet',
  'extend.until': 'Nach der Verlängerung',
  'extend.check': 'Zuerst prüfen wir mit einem Code an Ihre E-Mail-Adresse, dass Sie es sind.',
  'extend.button': 'Zugang verlängern',
  'extend.none':
    '{organization} lässt keine weitere Verlängerung durch Verantwortliche zu. Fragen Sie dort die Administration.',
  'extended.heading': 'Der Zugang von {guest} wurde verlängert',
  'extended.lead': 'Er gilt jetzt bis {date}. Sie können diese Seite schließen.',

  'error.link.heading': 'Dieser Link funktioniert nicht',
  'error.link.lead':
    'Er ist unvollständig, wurde unterwegs verändert oder gehört zu einer Einladung, die es nicht mehr gibt.',
  'error.link.help':
    'Öffnen Sie den Link in der Einladungs-E-Mail noch einmal. Wenn Ihr Mailprogramm ihn getrennt hat, kopieren Sie die ganze Adresse in Ihren Browser.',
  'error.link.ask': 'Hilft das nicht? Bitten Sie die Person, die Sie eingeladen hat, um eine neue Einladung.',
  'error.missing.heading': 'Unter dieser Adresse gibt es keine Seite',
  'error.missing.lead': 'Die Adresse enthält vielleicht einen Tippfehler oder die Seite ist umgezogen.',
  'error.missing.help':
    'Prüfen Sie die Adresse. Wenn Sie einer Einladung gefolgt sind, öffnen Sie den Link in deren E-Mail noch einmal.',
  'error.stale.heading': 'Dieses Formular ist nicht mehr aktuell',
  'error.stale.lead':
    'Vielleicht haben Sie sich seit dem Öffnen an- oder abgemeldet, oder Ihr Browser lehnt Cookies ab. Es wurde nichts geändert.',
  'error.stale.help': 'Öffnen Sie die Seite noch einmal und wiederholen Sie den letzten Schritt.',
  'error.stale.help-link': '<a>Öffnen Sie die Seite noch einmal</a> und wiederholen Sie den letzten Schritt.',
  'error.fault.heading': 'Bei uns ist etwas schiefgegangen',
  'error.fault.lead': 'Der Fehler ist vermerkt. Ihr letzter Schritt wurde vielleicht nicht ausgeführt.',
  'error.fault.help': 'Warten Sie eine Minute und versuchen Sie es dann noch einmal.',
  'error.fault.help-link': 'Warten Sie eine Minute und <a>versuchen Sie es dann noch einmal</a>.',
  'error.reference': 'Wenn Sie uns schreiben, nennen Sie {reference}.',

  'block.heading': 'Einladungen von {organization} blockieren?',
  'block.lead':
    'Wir senden dann keine Einladungen von {organization} mehr an {address}. Zugänge, die Sie schon haben, bleiben bestehen.',
  'block.confirm': 'Ja, keine Einladungen von {organization} mehr an diese Adresse',
  'block.confirm-missing':
    'Setzen Sie zuerst das Häkchen. So blockieren keine Programme in Ihrem Namen, die nur Links prüfen.',
  'block.button': 'Einladungen blockieren',
  'block.undo': 'Unter <a>Blockierte Organisationen</a> können Sie das jederzeit rückgängig machen.',
  'block-done.heading': 'Einladungen von {organization} sind blockiert',
  'block-done.lead':
    'Wir senden keine Einladungen von {organization} mehr an {address}. Zugänge, die Sie schon haben, bleiben bestehen.',
  'block-done.undo': 'Blockierungen ansehen oder aufheben',

  'blocks.heading': 'Blockierte Organisationen',
  'blocks.email.lead':
    'Sehen Sie, welche Organisationen Ihnen keine Einladungen senden können, und heben Sie das auf. Zuerst prüfen wir, ob das Postfach Ihnen gehört.',
  'blocks.email.label': 'E-Mail',
  'blocks.email.send': 'Code senden',
  'blocks.email.malformed': 'Geben Sie eine vollständige E-Mail-Adresse ein, etwa {example}.',
  'blocks.lead': 'Wir senden keine Einladungen dieser Organisationen an {address}.',
  'blocks.since': 'Blockiert am {date}',
  'blocks.unblock': '<hide>{organization} </hide>Freigeben',
  'blocks.none': 'Sie blockieren keine Organisation.',
  'blocks.none.lead': 'Jede Organisation, die diesen Dienst nutzt, kann Einladungen an {address} senden.',
  'blocks.unblocked': 'Einladungen von {organization} erreichen Sie wieder.',

  'start.check.home': 'Zuerst melden Sie sich bei {home} an. Noch ist nichts angenommen.',
  'start.check.choose': 'Zuerst zeigen Sie, dass diese Adresse Ihnen gehört. Noch ist nichts angenommen.',
  'start.return.check.home': 'Sie melden sich bei {home} an. Danach geht es direkt weiter.',
  'start.return.check.choose': 'Zuerst zeigen Sie, dass Sie es sind. Danach geht es direkt weiter.',
  'start.continue': 'Weiter mit {home}',
  'start.choose': 'Anmeldeweg wählen',
  'choose.heading': 'Wie möchten Sie sich anmelden?',
  'choose.lead':
    'Es gibt mehr als einen Weg zu zeigen, dass {address} Ihnen gehört. Beim nächsten Mal nehmen Sie denselben.',
  'choose.organization': 'Arbeitskonto bei {home}',
  'choose.microsoft': 'Microsoft-Konto',
  'choose.google': 'Google-Konto',
  'choose.code': 'Code per E-Mail',
  'choose.unsure':
    'Nicht sicher? Nehmen Sie den Weg, den Sie bei der Arbeit benutzen. {organization} kann ihn später für Sie ändern.',
  'wrong-account.next.home': 'Wir melden Sie hier ab und bringen Sie zu {home}.',
  'wrong-account.next.choose': 'Wir melden Sie hier ab. Danach wählen Sie, wie Sie sich anmelden.',
  'blocked.noWay.heading': 'Bei {organization} können Sie sich zurzeit nicht anmelden',
  'blocked.noWay.lead':
    'Die Wege, die zu Ihrer Adresse passen, sind abgeschaltet. Nur {organization} kann einen einschalten; Ihre Einladung bleibt, wie sie ist.',
  'home.unreachable.heading': '{home} antwortet nicht',
  'home.unreachable.lead':
    'Die Anmeldung dort ist gerade gestört oder zu langsam. Nichts wurde angenommen, und mit Ihrer Einladung ist alles in Ordnung.',
  'home.unreachable.help': 'Warten Sie ein paar Minuten und versuchen Sie es dann erneut.',
  'home.cancelled.heading': 'Sie haben die Anmeldung bei {home} nicht abgeschlossen',
  'home.cancelled.lead':
    'Sie haben dort abgebrochen, oder {home} hat Sie nicht weitergelassen. Nichts wurde angenommen.',
  'home.cancelled.help': 'Versuchen Sie es erneut mit dem Konto, das die eingeladene Adresse hat.',
  'home.clock.heading': 'Die Uhrzeit bei {home} passt nicht zu unserer',
  'home.clock.lead': 'Die Antwort ist noch nicht oder nicht mehr gültig. Nichts wurde angenommen.',
  'home.clock.help':
    'Versuchen Sie es erneut. Geschieht es noch einmal, sagen Sie dem Support von {home}, dass die Uhr dort falsch gehen könnte.',
  'home.refused.heading': 'Die Antwort von {home} war nicht brauchbar',
  'home.refused.lead': 'Sie besteht unsere Prüfungen nicht, also gilt sie für niemanden. Nichts wurde angenommen.',
  'home.refused.help': 'Versuchen Sie es von hier aus erneut.',
  'home.misconfigured.heading': 'Die Anmeldung mit {home} ist nicht richtig eingerichtet',
  'home.misconfigured.lead':
    'Der Fehler liegt nicht bei Ihnen, und ein neuer Versuch hilft vielleicht nicht. Nichts wurde angenommen.',
  'home.misconfigured.help':
    'Sagen Sie der Person Bescheid, die Sie eingeladen hat, und nennen Sie die Referenz unten.',
  'home.lost.heading': 'Diese Anmeldung bei {home} ist vorbei',
  'home.lost.lead': 'Sie hat zu lange gedauert, oder ihre Antwort wurde schon benutzt. Nichts wurde angenommen.',
  'home.lost.help': 'Beginnen Sie von hier aus neu.',
  'home.unverified.heading': '{home} bürgt nicht für Ihre Adresse',
  'home.unverified.lead':
    'Sie sind angemeldet, aber dieses Konto beweist nicht, dass die eingeladene Adresse Ihnen gehört. Nichts wurde angenommen.',
  'home.unverified.help':
    'Versuchen Sie es mit einem anderen Ihrer Konten, oder bestätigen Sie die Adresse zuerst in diesem Konto.',
  'home.unknownThere.heading': '{home} hat kein Konto mit Ihrer Adresse',
  'home.unknownThere.lead':
    'Das Postfach gehört Ihnen, aber {home} zählt Sie nicht zu seinen Leuten. Nichts wurde angenommen.',
  'home.unknownThere.help': 'Bitten Sie die Administration von {home} um ein Konto.',
  'home.ask':
    '{reach, select, reply {Bleibt es dabei, bitten Sie {inviter} um Hilfe: Antworten Sie auf die Einladungs-E-Mail.} contact {Bleibt es dabei, bitten Sie {organization} um Hilfe: {contact}.} other {Bleibt es dabei, bitten Sie Ihren Kontakt bei {organization} um Hilfe.}}',
  'home.again': 'Erneut versuchen',
  'home.another': 'Anders anmelden',
  'home.tenant.heading': 'Bei {organization} anmelden',
  'home.tenant.lead':
    '{asking} fragt {organization}, wer Sie sind. Melden Sie sich hier mit {address} an, danach geht es weiter.',
  'home.tenant.continue': 'Weiter als {address}',
  'test.heading': 'Verbindungstest mit {home}',
  'test.known': 'Die Anmeldung hat funktioniert: {home} nannte jemanden, der hier schon bekannt ist.',
  'test.redeems':
    'Die Anmeldung hat funktioniert: Der Gast, der unter dieser Adresse eingeladen ist, hätte angenommen.',
  'test.free': 'Die Anmeldung hat funktioniert: Ein Gast, der unter dieser Adresse eingeladen wird, käme herein.',
  'test.refused':
    'Die Anmeldung hat funktioniert, aber {home} verbürgt sich für keine Adresse: Ein neuer Gast würde abgewiesen.',
  'test.failed': 'Die Anmeldung führte zu nichts. Der Grund steht dort, wo der Test begonnen wurde.',
  'test.claims': 'Was {home} mitgeteilt hat',
  'test.nobody':
    'Hier wurde niemand angemeldet. Administratoren sehen eine Stunde lang, was mitgeteilt wurde. Sie können diese Seite schließen.',
  'error.limited.heading': 'Zu viele Anmeldungen von hier',
  'error.limited.lead':
    'Aus Ihrem Netz kamen zuletzt viele Anmeldungen, die zu nichts führten. Deshalb nehmen wir eine Weile keine weiteren an. Nichts wurde geändert.',
  'error.limited.help':
    'Versuchen Sie es um {time} noch einmal: Öffnen Sie den Link in der Einladungs-E-Mail oder die gewünschte App, und melden Sie sich von dort an.',
  'error.lost.heading': 'Diese Anmeldung hat nicht hier begonnen',
  'error.lost.lead':
    'Dieser Browser wartet auf keine solche Antwort: Sie ist zu alt, schon benutzt oder für jemand anderen. Nichts wurde geändert.',
  'error.lost.help':
    'Öffnen Sie den Link in der Einladungs-E-Mail oder die gewünschte App erneut, und melden Sie sich von dort an.',
} as const
