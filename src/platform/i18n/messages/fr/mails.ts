export default {
  'mail.from': 'Vestibule pour le compte de {organization}',
  'mail.organization': '{organization}, {domain}',
  'mail.label': '{text} :',

  'mail.invitation.subject': '{inviter} vous a invité à accéder aux applications de son organisation.',
  'mail.invitation.subject.application': '{organization} vous a invité à accéder aux applications de son organisation.',
  'mail.invitation.join': 'Rejoignez {organization} en tant qu’invité.',
  'mail.invitation.join.app': 'Rejoignez {organization} en tant qu’invité et ouvrez {app}.',
  'mail.invitation.acceptBy': 'À accepter avant le {date} inclus.',
  'mail.invitation.caution':
    'N’acceptez que si vous connaissez {inviter} et attendiez cette invitation. En cas de doute, téléphonez au lieu de répondre.',
  'mail.invitation.caution.application':
    'N’acceptez que si vous attendiez une invitation de {organization}. En cas de doute, téléphonez à une personne que vous y connaissez au lieu de répondre.',
  'mail.invitation.heading': '{inviter} vous invite chez {organization}',
  'mail.invitation.heading.application': '{organization} vous invite',
  'mail.invitation.lead':
    'En tant qu’invité, vous ouvrez avec cette adresse e-mail ce que {organization} partage avec vous. Pas de nouveau mot de passe.',
  'mail.invitation.lead.app':
    'En tant qu’invité, vous pouvez ouvrir {app} avec cette adresse e-mail. Pas de nouveau mot de passe.',
  'mail.invitation.writes': '{inviter} vous écrit',
  'mail.invitation.writes.application': 'Message envoyé par l’application {inviter}',
  'mail.invitation.accept': 'Accepter l’invitation',
  'mail.invitation.opens.button': 'Le bouton ouvre {host}. Après avoir accepté, vous arrivez sur :',
  'mail.invitation.opens.link': 'Le lien ouvre {host}. Après avoir accepté, vous arrivez sur :',
  'mail.invitation.later': 'Ensuite, le même lien vous y mène directement.',
  'mail.invitation.later.app': 'Ensuite, le même lien est votre raccourci vers {app}.',
  'mail.invitation.copy': 'Si le bouton ne réagit pas, copiez cette adresse dans votre navigateur :',
  'mail.invitation.why': 'Envoyé à {address} parce que {inviter}, de {organization}, a invité cette adresse.',
  'mail.invitation.why.mail':
    'Envoyé à {address} parce que {inviter} ({mail}), de {organization}, a invité cette adresse.',
  'mail.invitation.why.application':
    'Envoyé à {address} parce que l’application {inviter} de {organization} a invité cette adresse.',
  'mail.invitation.replies': 'Les réponses parviennent à {inviter}.',
  'mail.invitation.opening': 'Ouvrir le lien n’accepte rien à lui seul.',
  'mail.invitation.block': 'Bloquer les prochaines invitations de {organization}',
  'mail.invitation.privacy': 'Déclaration de confidentialité de {organization}',
  'mail.invitation.privacy.none': '{organization} n’a pas publié de déclaration de confidentialité.',
  'mail.invitation.contact': 'Contacter {organization}',

  'mail.shortcut.heading': '{inviter} vous envoie un lien vers {organization}',
  'mail.shortcut.heading.application': '{organization} vous envoie un lien',
  'mail.shortcut.lead': 'Vous y êtes déjà invité. Connectez-vous avec cette adresse e-mail pour continuer.',
  'mail.shortcut.lead.app': 'Vous y êtes déjà invité. Connectez-vous avec cette adresse e-mail et ouvrez {app}.',
  'mail.shortcut.open': 'Se connecter et ouvrir',
  'mail.shortcut.opens.button': 'Le bouton ouvre {host}. Après la connexion, vous arrivez sur :',
  'mail.shortcut.opens.link': 'Le lien ouvre {host}. Après la connexion, vous arrivez sur :',

  'mail.reminder.subject': 'Votre accès d’invité à {organization} prend fin le {date}',
  'mail.reminder.lead':
    'Vous ne pourrez plus vous y connecter ensuite. Si vous en avez encore besoin, demandez à votre contact chez {organization} de le prolonger.',
  'mail.reminder.why': 'Envoyé à {address} parce que cette adresse a un accès d’invité à {organization}.',
  'mail.reminder.sponsor.subject': 'L’accès de {guest} à {organization} prend fin le {date}',
  'mail.reminder.sponsor.lead':
    'Vous répondez de cet invité ({address}). Sans prolongation, {guest} ne pourra plus se connecter ensuite.',
  'mail.reminder.sponsor.button': 'Prolonger l’accès',
  'mail.reminder.sponsor.opening':
    'Ouvrir le lien ne change rien à lui seul\u00a0: vous vous connectez d’abord avec un code.',
  'mail.reminder.sponsor.why': 'Envoyé à {address} parce que vous répondez de cet invité chez {organization}.',

  'mail.security.subject': 'Votre connexion à {organization} a été modifiée',
  'mail.security.password': 'Votre mot de passe a été modifié le {time}.',
  'mail.security.codes':
    'De nouveaux codes de récupération ont été créés le {time}. Les anciens ne sont plus valables.',
  'mail.security.added':
    '{kind, select, softwareOath {Une application d’authentification a été ajoutée} fido2 {Une clé d’accès a été ajoutée} phone {Un téléphone a été ajouté} other {Une méthode de connexion a été ajoutée}} le {time}.',
  'mail.security.removed':
    '{kind, select, softwareOath {Une application d’authentification a été supprimée} fido2 {Une clé d’accès a été supprimée} phone {Un téléphone a été supprimé} password {Votre mot de passe a été supprimé} other {Une méthode de connexion a été supprimée}} le {time}.',
  'mail.security.admin': 'C’est une personne qui gère les comptes de {organization} qui l’a fait.',
  'mail.security.you': 'Si c’était vous, il n’y a rien à faire.',
  'mail.security.help':
    'Ce n’était pas vous, et vous ne l’avez pas demandé ? Prévenez tout de suite votre contact chez {organization}, pour que vous soyez déconnecté partout, et changez le mot de passe de cette boîte aux lettres.',
  'mail.security.why': 'Envoyé à {address} parce que cette adresse se connecte à {organization}.',

  'mail.passcode.subject': 'Votre code pour {organization}',
  'mail.passcode.preheader':
    'Il est valable {minutes, plural, one {# minute} other {# minutes}}, dans le navigateur où vous l’avez demandé.',
  'mail.passcode.code': 'Votre code pour {organization} ({domain}) :',
  'mail.passcode.type':
    'Saisissez-le sur la page où vous l’avez demandé. Il est valable jusqu’à {time} ({minutes, plural, one {# minute} other {# minutes}}).',
  'mail.passcode.newest': 'Seul le dernier code est valable.',
  'mail.passcode.secret': 'Personne chez {organization} ne vous le demandera : ne le communiquez jamais.',
  'mail.passcode.why':
    'Demandé avec {address} à {time}. Ce n’était pas vous ? Alors ignorez ce message : sans le code, rien ne se passe.',
} as const
