export default {
  'mfa.enrol.heading': 'Configurer une deuxième étape',
  'mfa.enrol.lead':
    '{organization} demande à ses invités un code d’une application d’authentification. Vous ne faites cela qu’une fois.',
  'mfa.enrol.open': 'Ouvrez une application d’authentification sur votre téléphone.',
  'mfa.enrol.scan': 'Scannez ce code.',
  'mfa.enrol.type': 'Saisissez les 6 chiffres qu’elle affiche.',
  'mfa.enrol.qr': 'Code QR contenant la clé de configuration',
  'mfa.enrol.cannot': 'Impossible de scanner, ou vous lisez ceci sur votre téléphone\u00a0?',
  'mfa.enrol.link': '<a>Ouvrez votre application d’authentification</a>, ou saisissez-y cette clé\u00a0:',
  'mfa.enrol.account': 'Compte\u00a0: {organization} ({address}). Type\u00a0: temporel, 6 chiffres.',
  'mfa.enrol.label': 'Code à 6 chiffres de l’application',
  'mfa.enrol.button': 'Activer',
  'mfa.enrol.wrong':
    'Ce n’est pas le code que l’application affiche maintenant. Vérifiez l’heure de votre téléphone, puis saisissez le code suivant.',

  'mfa.app.heading': 'Saisissez le code de votre application',
  'mfa.app.lead': 'Ouvrez votre application d’authentification et cherchez {organization} ({address}).',
  'mfa.app.label': 'Code à 6 chiffres',
  'mfa.app.wrong': 'Ce code est faux ou a déjà servi. Attendez le suivant et saisissez-le.',
  'mfa.app.malformed': 'Le code de l’application comporte 6 chiffres. Vérifiez-le et réessayez.',

  'mfa.recovery.heading': 'Saisissez un code de récupération',
  'mfa.recovery.lead': 'Vous avez reçu ces codes en configurant votre deuxième étape. Chacun sert une fois.',
  'mfa.recovery.label': 'Code de récupération',
  'mfa.recovery.wrong': 'Ce n’est aucun de vos codes de récupération, ou il a déjà servi.',
  'mfa.recovery.malformed':
    'Un code de récupération comporte 10 lettres et chiffres, comme {example}. Vérifiez-le et réessayez.',

  'mfa.keep.heading': 'Conservez vos codes de récupération',
  'mfa.keep.lead':
    'Si vous perdez votre téléphone, chacun de ces codes vous laisse entrer une fois. Nous les affichons maintenant et plus jamais.',
  'mfa.keep.how': 'Imprimez cette page, ou notez les codes là où vous seul les trouverez.',
  'mfa.keep.button': 'Je les ai conservés',

  'mfa.passkey.enrol.heading': 'Configurer une clé d’accès',
  'mfa.passkey.enrol.lead':
    '{organization} demande une deuxième étape à ses invités. Votre appareil garde une clé d’accès et la libère comme il se déverrouille lui-même.',
  'mfa.passkey.enrol.button': 'Créer une clé d’accès',
  'mfa.passkey.heading': 'Utilisez votre clé d’accès',
  'mfa.passkey.lead': 'Votre appareil vous demande de confirmer que c’est vous.',
  'mfa.passkey.button': 'Utiliser la clé d’accès',
  'mfa.passkey.unsupported':
    'Ce navigateur ne peut pas utiliser de clé d’accès ici, ou les scripts sont désactivés. Choisissez un autre moyen ci-dessous.',
  'mfa.passkey.wrong': 'La clé d’accès n’a pas été confirmée. Réessayez ou choisissez un autre moyen.',

  'mfa.phone.enrol.heading': 'Recevoir les codes par SMS',
  'mfa.phone.enrol.lead':
    '{organization} demande une deuxième étape à ses invités. Nous envoyons un code à votre téléphone.',
  'mfa.phone.label': 'Numéro de téléphone avec indicatif du pays',
  'mfa.phone.malformed': 'Saisissez le numéro entier avec l’indicatif du pays, comme {example}.',
  'mfa.phone.far':
    'Nous n’envoyons pas de SMS aux numéros de ce pays. Saisissez un autre numéro ou choisissez un autre moyen.',
  'mfa.phone.button': 'Envoyer le code',

  'mfa.send.heading': 'Confirmez que c’est vous',
  'mfa.send.mail':
    '{organization} demande une deuxième étape à ses invités. Nous envoyons un code à votre boîte aux lettres.',
  'mfa.send.phone': '{organization} demande une deuxième étape à ses invités. Nous envoyons un code à votre téléphone.',
  'mfa.send.button': 'Envoyer le code à {address}',

  'mfa.text':
    '{code} est votre code pour {organization}. Il est valable {minutes, plural, one {# minute} other {# minutes}}. Personne ne vous le demandera.',
  'mfa.sent.wrong': 'Ce n’est pas le dernier code que nous avons envoyé.',
  'mfa.sent.malformed': 'Le code envoyé comporte 6 chiffres. Vérifiez-le et réessayez.',
  'mfa.sent.no-text': 'Aucun message après une minute\u00a0? Envoyez un nouveau code. Il remplace l’ancien.',
  'mfa.sent.newest': 'Le dernier code reste valable.',
  'mfa.phone.other': 'Utiliser un autre numéro',
  'mfa.limit.person':
    '{count, plural, one {Nous envoyons au plus # code par jour à une même personne.} other {Nous envoyons au plus # codes par jour à une même personne.}}',
  'mfa.limit.organization':
    'Plus aucun SMS n’est envoyé aujourd’hui pour cette organisation. Un autre moyen est peut-être disponible.',

  'mfa.own.lead': 'Vous confirmez ainsi que c’est bien vous quand une organisation demande une deuxième étape.',
  'mfa.own.back': 'Retour à Mon compte',

  'mfa.other.heading': 'Autres moyens',
  'mfa.other.softwareOath': 'Utiliser une application d’authentification',
  'mfa.other.fido2': 'Utiliser une clé d’accès',
  'mfa.other.phone': 'Recevoir un code par SMS',
  'mfa.other.email': 'Recevoir un code par e-mail',
  'mfa.other.recoveryCode': 'Utiliser un code de récupération',

  'mfa.lost.heading': 'Téléphone perdu ou changé\u00a0?',
  'mfa.lost.reset':
    '{reach, select, contact {Seule {organization} peut réinitialiser votre deuxième étape\u00a0: {contact}. Vous la configurez ensuite de nouveau.} other {Seule {organization} peut réinitialiser votre deuxième étape. Demandez à votre contact\u00a0; vous la configurez ensuite de nouveau.}}',

  'home.reference': 'Si vous nous écrivez, indiquez {reference} pour que nous retrouvions cette connexion.',

  'mfa.limited.heading': 'Trop de codes erronés',
  'mfa.limited.lead': 'Pour protéger votre compte, nous ne vérifions plus de codes pendant un moment.',
  'mfa.limited.again': 'Réessayez à {time}.',
  'mfa.tries': '{tries, plural, one {# essai restant.} other {# essais restants.}}',
} as const
