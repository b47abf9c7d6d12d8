export default {
  'page.title': '{title} - {organization}',
  'page.title-error': 'Erreur\u00a0: {title}',
  'page.guest-access': 'Accès invité par <bdi>Vestibule</bdi>',
  'page.help': 'Aide',
  'page.privacy': 'Confidentialité',
  'page.language': 'Langue\u00a0:',
  'time.days-left': '{days, plural, =0 {moins d’un jour restant} one {# jour restant} other {# jours restants}}',

  'start.heading':
    '{kind, select, application {{organization} vous invite} other {{inviter} vous invite chez {organization}}}',
  'start.lead':
    'En tant qu’invité, vous pouvez ouvrir {destination} avec votre propre adresse e-mail. Aucun nouveau mot de passe.',
  'start.sent-by': 'Envoyée par',
  'start.invited': 'Invité',
  'start.opens': 'Donne accès à',
  'start.accept-by': 'À accepter avant',
  'start.no-end': 'Sans date limite',
  'start.check': 'Nous vérifions d’abord que cette boîte aux lettres est bien la vôtre. Rien n’est encore accepté.',
  'start.send': 'Envoyer le code à {address}',
  'start.not-you': 'Ce n’est pas vous, ou pas votre adresse\u00a0?',
  'start.not-you.close': 'Fermez cette page et rien ne se passe.',
  'start.not-you.other':
    '{reach, select, reply {Pour participer avec une autre adresse, répondez à l’e-mail d’invitation et demandez à {inviter} d’inviter celle-ci.} contact {Pour participer avec une autre adresse, demandez à {organization} d’inviter celle-ci\u00a0: {contact}.} other {Pour participer avec une autre adresse, demandez à votre contact chez {organization} d’inviter celle-ci.}}',
  'start.not-you.block': 'Pour ne plus recevoir ces e-mails, <a>bloquez les invitations de {organization}</a>.',
  'start.return.heading': 'Se connecter à {organization}',
  'start.return.lead': 'Vous y êtes déjà invité. La connexion ouvre {destination}.',
  'start.return.account': 'Compte',
  'start.return.check':
    'Nous vérifions d’abord que cette boîte aux lettres est bien la vôtre. Vous continuez ensuite directement.',

  'code.heading': 'Saisissez votre code',
  'code.lead':
    'Nous avons envoyé {digits, plural, one {# chiffre} other {# chiffres}} à {address}. Le code est valable {minutes, plural, one {# minute} other {# minutes}}, dans ce navigateur uniquement.',
  'code.label': 'Code',
  'code.continue': 'Continuer',
  'code.no-mail':
    'Aucun e-mail après une minute\u00a0? Regardez dans votre dossier de courrier indésirable, puis envoyez un nouveau code. Il remplace l’ancien. {seconds, plural, one {Un par seconde.} other {Un toutes les # secondes.}}',
  'code.send-new': 'Envoyer un nouveau code',
  'code.wrong':
    'Ce n’est pas le code de notre dernier e-mail. Vérifiez-le et réessayez\u00a0: {tries, plural, one {# essai restant} other {# essais restants}}.',
  'code.malformed':
    'Le code de notre e-mail comporte {digits, plural, one {# chiffre} other {# chiffres}}. Vérifiez-le et réessayez.',
  'code.expired':
    'Ce code ne fonctionne plus\u00a0: {minutes, plural, one {sa # minute est écoulée} other {ses # minutes sont écoulées}}. Envoyez un nouveau code et saisissez-le.',
  'code.used-up':
    'Ce code ne fonctionne plus\u00a0: tous ses essais sont épuisés. Envoyez un nouveau code et saisissez-le.',
  'code.none': 'Aucun code n’est en attente pour ce navigateur. Envoyez un nouveau code et saisissez-le ici.',

  'limited.heading': 'Un code ne peut pas encore être envoyé',
  'limited.lead': 'Nous n’avons rien envoyé à {address} à l’instant.',
  'limited.wait':
    '{unit, select, second {{count, plural, one {Vous pourrez demander un nouveau code dans # seconde} other {Vous pourrez demander un nouveau code dans # secondes}}} minute {{count, plural, one {Vous pourrez demander un nouveau code dans # minute} other {Vous pourrez demander un nouveau code dans # minutes}}} other {{count, plural, one {Vous pourrez demander un nouveau code dans # heure} other {Vous pourrez demander un nouveau code dans # heures}}}}',
  'limited.at': 'À {time}.',
  'limited.reason':
    '{kind, select, interval {{count, plural, one {Nous envoyons un code par seconde au plus.} other {Nous envoyons un code toutes les # secondes.}}} window {{count, plural, one {Nous envoyons au plus # code en 15 minutes.} other {Nous envoyons au plus # codes en 15 minutes.}}} day {{count, plural, one {Nous envoyons au plus # code par jour à une adresse.} other {Nous envoyons au plus # codes par jour à une adresse.}}} other {{count, plural, one {Nous envoyons au plus # code par heure pour un réseau.} other {Nous envoyons au plus # codes par heure pour un réseau.}}}}',
  'limited.newest': 'Le code le plus récent de votre boîte aux lettres reste valable.',

  'consent.heading': 'Rejoindre {organization} en tant qu’invité\u00a0?',
  'consent.signed-in': 'Vous êtes connecté en tant que {address}.',
  'consent.sees': '{organization} verra',
  'consent.sees.profile': 'votre nom, votre adresse e-mail et votre photo, si vous en avez une',
  'consent.sees.use': 'quand vous vous connectez et lesquelles de ses applications vous ouvrez',
  'consent.hidden': 'Ne seront pas visibles',
  'consent.hidden.list': 'votre mot de passe, vos e-mails et les autres organisations avec lesquelles vous travaillez',
  'consent.next': 'Page suivante',
  'consent.invited-by': 'Invité par',
  'consent.answers': 'répond de votre accès',
  'consent.application': 'une application de {organization}',
  'consent.contact': 'Contact',
  'consent.privacy': 'Confidentialité',
  'consent.statement': 'Déclaration de confidentialité de {organization}',
  'consent.no-statement':
    '{reach, select, contact {{organization} n’a pas publié de déclaration de confidentialité. Pour en savoir plus avant de décider, adressez-vous au contact ci-dessus.} reply {{organization} n’a pas publié de déclaration de confidentialité. Pour en savoir plus avant de décider, adressez-vous à {inviter}\u00a0: répondez à l’e-mail d’invitation.} other {{organization} n’a pas publié de déclaration de confidentialité.}}',
  'consent.accept': 'Accepter',
  'consent.decline': 'Refuser',
  'consent.change': '{organization} peut modifier ou supprimer votre compte d’invité.',
  'consent.leave': 'Vous pouvez partir à tout moment depuis <a>Mon compte</a>.',

  'declined.title': 'Invitation refusée',
  'declined.heading': 'Vous avez refusé l’invitation',
  'declined.lead':
    '{organization} voit que vous avez refusé et n’apprend rien d’autre sur vous. Il n’y a rien à annuler.',
  'declined.until': 'Vous avez changé d’avis\u00a0? Le lien de l’e-mail fonctionne jusqu’au {date}.',
  'declined.open': 'Vous avez changé d’avis\u00a0? Le lien de l’e-mail reste valable.',
  'declined.block': 'Bloquer les invitations de {organization}',

  'help.heading': 'Ce que vous pouvez faire',
  'help.or': '{via, select, web {Ou passez par {contact}.} other {Ou écrivez à {contact}.}}',
  'help.reference': 'Si vous nous écrivez, mentionnez {reference}, afin que nous retrouvions cette invitation.',

  'expired.heading': 'Cette invitation a expiré le {date}',
  'expired.lifetime':
    '{days, plural, one {{organization} laisse # jour à ses invités pour accepter.} other {{organization} laisse # jours à ses invités pour accepter.}}',
  'expired.lead': 'Votre accès n’a pas été mis en place.',
  'expired.fresh':
    '{reach, select, reply {Répondez à l’e-mail d’invitation. Votre réponse parvient à {inviter}, qui peut vous en envoyer une nouvelle en une minute.} contact {Demandez une nouvelle invitation à {organization}\u00a0: {contact}.} other {Demandez une nouvelle invitation à votre contact chez {organization}.}}',

  'revoked.heading': '{organization} a retiré cette invitation',
  'revoked.on': 'Elle a été retirée le {date}.',
  'revoked.links': 'Ce lien et les liens plus anciens vers elle ne fonctionnent plus.',
  'revoked.ask':
    '{reach, select, reply {Si vous l’attendiez, adressez-vous à {inviter}\u00a0: répondez à l’e-mail d’invitation.} contact {Si vous l’attendiez, adressez-vous à {organization}\u00a0: {contact}.} other {Si vous l’attendiez, adressez-vous à votre contact chez {organization}.}}',
  'revoked.newer': 'Si une invitation plus récente est arrivée depuis, ouvrez celle-ci.',
  'reset.heading': 'Un lien plus récent a remplacé celui-ci',
  'reset.on': '{organization} a renouvelé votre invitation le {date}.',
  'reset.newer': 'Ouvrez l’e-mail d’invitation le plus récent de {organization} et utilisez son lien.',
  'reset.ask':
    '{reach, select, reply {Pas d’e-mail plus récent\u00a0? Adressez-vous à {inviter}\u00a0: répondez à l’e-mail d’invitation.} contact {Pas d’e-mail plus récent\u00a0? Adressez-vous à {organization}\u00a0: {contact}.} other {Pas d’e-mail plus récent\u00a0? Adressez-vous à votre contact chez {organization}.}}',

  'used.heading': 'Cette invitation a déjà été acceptée',
  'used.lead': 'Elle a été acceptée le {date} par la personne qui contrôle la boîte aux lettres invitée.',
  'used.you-link':
    'C’était vous\u00a0? <a>Connectez-vous à {destination}</a> avec le compte que vous avez utilisé alors.',
  'used.you': 'C’était vous\u00a0? Connectez-vous avec le compte que vous avez utilisé alors.',
  'used.not-you':
    '{reach, select, contact {Ce n’était pas vous\u00a0? Prévenez {organization} maintenant\u00a0: {contact}. Cet accès peut y être coupé immédiatement.} other {Ce n’était pas vous\u00a0? Prévenez {organization} maintenant. Cet accès peut y être coupé immédiatement.}}',

  'wrong-account.heading': 'Cette invitation est destinée à une autre adresse',
  'wrong-account.lead': 'Rien n’a été accepté. Passez à l’adresse invitée pour continuer.',
  'wrong-account.invited': 'Adresse invitée par {organization}',
  'wrong-account.signed-in': 'Vous êtes connecté en tant que',
  'wrong-account.switch': 'Passer à {address}',
  'wrong-account.next': 'Nous vous déconnectons ici et envoyons un code à cette boîte aux lettres.',
  'wrong-account.other':
    '{reach, select, reply {Si les deux adresses sont les vôtres et que vous préférez l’autre, demandez à {inviter} de l’inviter\u00a0: répondez à l’e-mail d’invitation.} contact {Si les deux adresses sont les vôtres et que vous préférez l’autre, demandez à {organization} de l’inviter\u00a0: {contact}.} other {Si les deux adresses sont les vôtres et que vous préférez l’autre, demandez à votre contact chez {organization} de l’inviter.}}',

  'blocked.domain.heading': '{organization} n’admet pas d’invités de {domain}',
  'blocked.domain.lead':
    '{organization} décide de quels domaines ses invités peuvent venir, et celui-ci n’en fait pas partie. Rien n’a été accepté.',
  'blocked.organization.heading': '{organization} n’admet aucun invité pour le moment',
  'blocked.organization.lead': 'L’accès des invités à {organization} est désactivé. Rien n’a été accepté.',
  'blocked.account.heading': 'Votre compte d’invité chez {organization} est désactivé',
  'blocked.account.lead':
    'Vous ne pourrez pas l’utiliser pour vous connecter tant que {organization} ne l’aura pas réactivé.',
  'blocked.ended.heading': 'Votre accès à {organization} a pris fin',
  'blocked.ended.lead':
    'Il était accordé jusqu’au {date}. Vous ne pourrez vous connecter que si quelqu’un sur place le prolonge.',
  'blocked.ended.ask':
    '{reach, select, reply {Si vous en avez encore besoin, demandez à {inviter} de le prolonger\u00a0: répondez à l’e-mail d’invitation.} contact {Si vous en avez encore besoin, demandez à {organization} de le prolonger\u00a0: {contact}.} other {Si vous en avez encore besoin, demandez à votre contact chez {organization} de le prolonger.}}',
  'blocked.identity.heading': 'Cette adresse e-mail appartient à un autre compte invité',
  'blocked.identity.lead':
    'Chez {organization}, un autre compte se connecte avec votre adresse. Il doit être réinitialisé ou supprimé avant que cette invitation puisse être acceptée.',
  'blocked.identity.ask':
    '{reach, select, reply {Demandez-le à {inviter}\u00a0: répondez à l’e-mail d’invitation.} contact {Demandez-le à {organization}\u00a0: {contact}.} other {Demandez-le à votre contact chez {organization}.}}',
  'blocked.ask':
    '{reach, select, reply {Si vous pensez qu’il devrait en être autrement, adressez-vous à {inviter}\u00a0: répondez à l’e-mail d’invitation.} contact {Si vous pensez qu’il devrait en être autrement, adressez-vous à {organization}\u00a0: {contact}.} other {Si vous pensez qu’il devrait en être autrement, adressez-vous à votre contact chez {organization}.}}',

  'extend.heading': 'Prolonger l’accès de {guest}\u00a0?',
  'extend.lead':
    'Vous répondez de cet invité de {organization}. Son accès prend fin de lui-même si personne ne le prolonge.',
  'extend.guest': 'Invité',
  'extend.ends': 'Fin de l’accès',
  'extend.until': 'Après prolongation',
  'extend.check': 'Nous vérifions d’abord que c’est bien vous, avec un code envoyé à votre adresse e-mail.',
  'extend.button': 'Prolonger l’accès',
  'extend.none':
    '{organization} ne permet pas aux parrains de prolonger davantage l’accès. Adressez-vous à l’administration.',
  'extended.heading': 'L’accès de {guest} a été prolongé',
  'extended.lead': 'Il est désormais valable jusqu’au {date}. Vous pouvez fermer cette page.',

  'error.link.heading': 'Ce lien ne fonctionne pas',
  'error.link.lead': 'Il est incomplet, a été modifié en chemin ou appartient à une invitation qui n’existe plus.',
  'error.link.help':
    'Ouvrez de nouveau le lien de l’e-mail d’invitation. Si votre messagerie l’a coupé, copiez l’adresse entière dans votre navigateur.',
  'error.link.ask': 'Toujours rien\u00a0? Demandez une nouvelle invitation à la personne qui vous a invité.',
  'error.missing.heading': 'Il n’y a pas de page à cette adresse',
  'error.missing.lead': 'L’adresse contient peut-être une faute de frappe, ou la page a été déplacée.',
  'error.missing.help': 'Vérifiez l’adresse. Si vous suiviez une invitation, ouvrez de nouveau le lien de son e-mail.',
  'error.stale.heading': 'Ce formulaire n’est plus à jour',
  'error.stale.lead':
    'Vous vous êtes peut-être connecté ou déconnecté depuis que vous l’avez ouvert, ou votre navigateur refuse les cookies. Rien n’a été modifié.',
  'error.stale.help': 'Ouvrez de nouveau la page et répétez la dernière étape.',
  'error.stale.help-link': '<a>Ouvrez de nouveau la page</a> et répétez la dernière étape.',
  'error.fault.heading': 'Un problème est survenu de notre côté',
  'error.fault.lead': 'L’erreur est enregistrée. Votre dernière étape n’a peut-être pas été effectuée.',
  'error.fault.help': 'Attendez une minute, puis réessayez.',
  'error.fault.help-link': 'Attendez une minute, puis <a>réessayez</a>.',
  'error.reference': 'Si vous nous écrivez, mentionnez {reference}.',

  'block.heading': 'Bloquer les invitations de {organization}\u00a0?',
  'block.lead':
    'Nous n’enverrons alors plus d’invitations de {organization} à {address}. Les accès que vous avez déjà restent inchangés.',
  'block.confirm': 'Oui, plus d’invitations de {organization} à cette adresse',
  'block.confirm-missing':
    'Cochez d’abord la case. Ainsi, un programme qui teste seulement les liens ne peut pas bloquer à votre place.',
  'block.button': 'Bloquer les invitations',
  'block.undo': 'Vous pouvez annuler ce blocage à tout moment sous <a>Organisations bloquées</a>.',
  'block-done.heading': 'Les invitations de {organization} sont bloquées',
  'block-done.lead':
    'Nous n’envoyons plus d’invitations de {organization} à {address}. Les accès que vous avez déjà restent inchangés.',
  'block-done.undo': 'Voir ou annuler vos blocages',

  'blocks.heading': 'Organisations bloquées',
  'blocks.email.lead':
    'Voyez quelles organisations ne peuvent pas vous envoyer d’invitations et annulez ces blocages. Nous vérifions d’abord que la boîte aux lettres est la vôtre.',
  'blocks.email.label': 'E-mail',
  'blocks.email.send': 'Envoyer le code',
  'blocks.email.malformed': 'Saisissez une adresse e-mail complète, par exemple {example}.',
  'blocks.lead': 'Nous n’envoyons à {address} aucune invitation de ces organisations.',
  'blocks.since': 'Bloquée le {date}',
  'blocks.unblock': 'Débloquer<hide> {organization}</hide>',
  'blocks.none': 'Vous ne bloquez aucune organisation.',
  'blocks.none.lead': 'Toute organisation qui utilise ce service peut envoyer des invitations à {address}.',
  'blocks.unblocked': 'Les invitations de {organization} vous parviennent de nouveau.',

  'start.check.home': 'D’abord, vous vous connectez chez {home}. Rien n’est encore accepté.',
  'start.check.choose': 'D’abord, vous montrez que cette adresse est la vôtre. Rien n’est encore accepté.',
  'start.return.check.home': 'Vous vous connectez chez {home}. Ensuite, vous continuez directement.',
  'start.return.check.choose': 'D’abord, vous montrez que c’est vous. Ensuite, vous continuez directement.',
  'start.continue': 'Continuer avec {home}',
  'start.choose': 'Choisir comment se connecter',
  'choose.heading': 'Comment voulez-vous vous connecter ?',
  'choose.lead':
    'Il y a plusieurs façons de prouver que {address} est à vous. La prochaine fois, vous utiliserez la même.',
  'choose.organization': 'Compte professionnel {home}',
  'choose.microsoft': 'Compte Microsoft',
  'choose.google': 'Compte Google',
  'choose.code': 'Code par e-mail',
  'choose.unsure':
    'Vous hésitez ? Prenez celui que vous utilisez au travail. {organization} peut le changer plus tard pour vous.',
  'wrong-account.next.home': 'Nous vous déconnectons ici et vous emmenons chez {home}.',
  'wrong-account.next.choose': 'Nous vous déconnectons ici. Ensuite, vous choisissez comment vous connecter.',
  'blocked.noWay.heading': '{organization} n’a pour le moment aucun moyen de vous connecter',
  'blocked.noWay.lead':
    'Les moyens qui conviennent à votre adresse sont désactivés. Seule {organization} peut en activer un ; votre invitation reste telle quelle.',
  'home.unreachable.heading': '{home} ne répond pas',
  'home.unreachable.lead':
    'La connexion y est en panne ou trop lente en ce moment. Rien n’a été accepté, et votre invitation n’a pas de problème.',
  'home.unreachable.help': 'Attendez quelques minutes, puis réessayez.',
  'home.cancelled.heading': 'Vous n’avez pas terminé la connexion chez {home}',
  'home.cancelled.lead': 'Vous vous y êtes arrêté, ou {home} ne vous a pas laissé continuer. Rien n’a été accepté.',
  'home.cancelled.help': 'Réessayez avec le compte qui a l’adresse invitée.',
  'home.clock.heading': 'L’heure de {home} ne correspond pas à la nôtre',
  'home.clock.lead': 'Sa réponse n’est pas encore valable, ou ne l’est plus. Rien n’a été accepté.',
  'home.clock.help':
    'Réessayez. Si cela se reproduit, dites au support de {home} que son horloge est peut-être déréglée.',
  'home.refused.heading': 'Nous n’avons pas pu utiliser la réponse de {home}',
  'home.refused.lead': 'Elle ne passe pas nos contrôles, elle ne vaut donc pour personne. Rien n’a été accepté.',
  'home.refused.help': 'Réessayez à partir d’ici.',
  'home.misconfigured.heading': 'La connexion avec {home} n’est pas configurée correctement',
  'home.misconfigured.lead':
    'La faute n’est pas la vôtre, et réessayer ne servira peut-être à rien. Rien n’a été accepté.',
  'home.misconfigured.help': 'Prévenez la personne qui vous a invité en mentionnant la référence ci-dessous.',
  'home.lost.heading': 'Cette connexion chez {home} est terminée',
  'home.lost.lead': 'Elle a pris trop de temps, ou sa réponse a déjà servi. Rien n’a été accepté.',
  'home.lost.help': 'Recommencez à partir d’ici.',
  'home.unverified.heading': '{home} ne répond pas de votre adresse',
  'home.unverified.lead':
    'Vous vous êtes connecté, mais ce compte ne prouve pas que l’adresse invitée est à vous. Rien n’a été accepté.',
  'home.unverified.help': 'Réessayez avec un autre de vos comptes, ou vérifiez d’abord l’adresse dans ce compte.',
  'home.unknownThere.heading': '{home} n’a pas de compte avec votre adresse',
  'home.unknownThere.lead':
    'La boîte est la vôtre, mais {home} ne vous compte pas parmi ses membres. Rien n’a été accepté.',
  'home.unknownThere.help': 'Demandez un compte à un administrateur de {home}.',
  'home.ask':
    '{reach, select, reply {Si cela persiste, demandez de l’aide à {inviter} : répondez à l’e-mail d’invitation.} contact {Si cela persiste, demandez de l’aide à {organization} : {contact}.} other {Si cela persiste, demandez de l’aide à votre contact chez {organization}.}}',
  'home.again': 'Réessayer',
  'home.another': 'Se connecter autrement',
  'home.tenant.heading': 'Se connecter à {organization}',
  'home.tenant.lead':
    '{asking} demande à {organization} qui vous êtes. Connectez-vous ici avec {address}, puis vous continuez.',
  'home.tenant.continue': 'Continuer en tant que {address}',
  'test.heading': 'Test de connexion avec {home}',
  'test.known': 'La connexion a fonctionné : {home} a parlé de quelqu’un de déjà connu ici.',
  'test.redeems': 'La connexion a fonctionné : l’invité à cette adresse aurait accepté.',
  'test.free': 'La connexion a fonctionné : un invité à cette adresse pourrait entrer.',
  'test.refused':
    'La connexion a fonctionné, mais {home} ne se porte garant d’aucune adresse : un nouvel invité serait refusé.',
  'test.failed': 'La connexion n’a mené à rien. La raison figure là où le test a commencé.',
  'test.claims': 'Ce que {home} a communiqué',
  'test.nobody':
    'Personne n’a été connecté ici. Les administrateurs voient ces informations pendant une heure. Vous pouvez fermer cette page.',
  'error.limited.heading': 'Trop de connexions depuis ici',
  'error.limited.lead':
    'De nombreuses connexions sans suite sont venues récemment de votre réseau. Nous n’en acceptons plus pendant un moment. Rien n’a été modifié.',
  'error.limited.help':
    'Réessayez à {time} : rouvrez le lien de l’e-mail d’invitation, ou l’application voulue, et connectez-vous à partir de là.',
  'error.lost.heading': 'Cette connexion n’a pas commencé ici',
  'error.lost.lead':
    'Ce navigateur n’attend pas cette réponse : elle est trop ancienne, a déjà servi ou est pour quelqu’un d’autre. Rien n’a été modifié.',
  'error.lost.help':
    'Rouvrez le lien de l’e-mail d’invitation, ou l’application voulue, et connectez-vous à partir de là.',
} as const
