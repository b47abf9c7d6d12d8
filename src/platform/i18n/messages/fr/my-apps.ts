export default {
  'my.skip': 'Aller au contenu',
  'my.organization': 'Organisation :',
  'my.menu': ', menu du compte',
  'my.search': 'Rechercher une application',
  'my.asks': '{domain}, vous demande de vous connecter',
  'my.account': 'Mon compte',
  'my.manage': 'Gérer ce que je possède',
  'my.leave': 'Quitter {organization}',
  'my.sign-out': 'Se déconnecter',
  'my.sign-in': 'Se reconnecter',
  'my.back': 'Retour à mes applications',

  'my.apps.heading': 'Mes applications',
  'my.apps.lead':
    '{kind, select, guest {Ce que {organization} partage avec vous en tant qu’invité} other {Ce que {organization} vous a attribué}}',
  'my.apps.none.heading': 'Pas encore d’application',
  'my.apps.none.lead':
    '{kind, select, guest {Vous êtes invité de {organization}, mais aucune application n’a été partagée avec vous. Votre contact sur place peut le faire.} other {Aucune application de {organization} ne vous a été attribuée. Son propriétaire ou un administrateur peut le faire.}}',
  'my.apps.found': '{count, plural, one {# application avec « {query} »} other {# applications avec « {query} »}}',
  'my.apps.nothing.heading': 'Aucun résultat',
  'my.apps.nothing.lead': 'Aucune de vos applications ne contient « {query} » dans son nom ou sa description.',
  'my.apps.all': 'Afficher toutes les applications',
  'my.apps.pages': 'Pages',
  'my.apps.page': 'Page {page} sur {pages}',
  'my.apps.previous': 'Page précédente',
  'my.apps.next': 'Page suivante',
  'my.closed.heading': 'Cette application ne vous est pas ouverte',
  'my.closed.lead': '{organization} ne vous l’a pas attribuée, ou vous l’a retirée.',

  'my.which.heading': 'Quelle organisation ?',
  'my.which.lead':
    'Saisissez le domaine de l’organisation dont vous voulez ouvrir les applications. Il figure dans votre invitation.',
  'my.which.label': 'Domaine, par exemple {example}',
  'my.which.unknown': 'Aucune organisation ici n’a ce domaine. Vérifiez son orthographe dans votre invitation.',
  'my.which.continue': 'Continuer',

  'account.heading': 'Mon compte',
  'account.lead': 'Votre compte chez {organization}',
  'account.you': 'À propos de vous',
  'account.name': 'Nom',
  'account.mail': 'E-mail',
  'account.signed-in-as': 'Connecté en tant que',
  'account.type': 'Vous êtes',
  'account.type.value': '{kind, select, guest {invité de {organization}} other {membre de {organization}}}',

  'account.organizations': 'Organisations',
  'account.organizations.lead': 'Les organisations qui vous connaissent par le compte avec lequel vous êtes connecté.',
  'account.here': 'Vous êtes ici',
  'account.home': 'Votre propre organisation',
  'account.switch': 'Passer<hide> à {organization}</hide>',
  'account.open': 'Se connecter<hide> à {organization}</hide>',
  'account.leave': 'Quitter<hide> {organization}</hide>',
  'account.off':
    '{why, select, disabled {{reach, select, contact {Votre compte y est désactivé. Pour partir, écrivez à {contact}.} other {Votre compte y est désactivé. Pour partir, adressez-vous à la personne qui vous a invité.}}} other {{reach, select, contact {Votre accès y est terminé. Pour partir, écrivez à {contact}.} other {Votre accès y est terminé. Pour partir, adressez-vous à la personne qui vous a invité.}}}}',

  'account.browsers': 'Navigateurs connectés',
  'account.browsers.lead':
    'Les navigateurs connectés à {organization} en votre nom. Déconnectez ceux que vous ne connaissez pas.',
  'account.browser.this': 'Ce navigateur',
  'account.browser.unknown': 'Navigateur de type inconnu',
  'account.browser.times': 'Dernière utilisation : {used}. Connexion : {since}.',
  'account.browser.end': 'Déconnecter<hide> {browser}, connecté le {since}</hide>',
  'account.browser.others': 'Déconnecter tous les autres navigateurs',
  'account.browsers.ended':
    '{count, plural, =0 {Ce navigateur était déjà déconnecté.} one {# navigateur est déconnecté.} other {# navigateurs sont déconnectés.}}',

  'account.methods': 'Méthodes de connexion',
  'account.methods.lead':
    'Comment vous confirmez que c’est bien vous quand une organisation demande une deuxième étape.',
  'account.methods.none': 'Vous n’avez encore rien configuré.',
  'account.method.kind':
    '{kind, select, softwareOath {Application d’authentification} fido2 {Clé d’accès} phone {Téléphone} other {Autre méthode}}',
  'account.method.times': 'Ajoutée le {added}. Dernière utilisation le {used}.',
  'account.method.remove': 'Supprimer<hide> {method}, ajoutée le {added}</hide>',
  'account.method.add': 'Ajouter une méthode',
  'account.codes': 'Codes de secours',
  'account.codes.left': '{count, plural, =0 {aucun restant} one {# code restant} other {# codes restants}}',
  'account.codes.renew': 'Créer de nouveaux codes',
  'account.changed': 'Vos méthodes de connexion ont changé.',

  'account.language': 'Langue de ces pages',

  'leave.heading': 'Quitter {organization} ?',
  'leave.lead':
    'Vous perdez aussitôt ses applications, groupes et fichiers, et vous y êtes déconnecté dans tous vos navigateurs.',
  'leave.days':
    'Pendant 30 jours, {organization} peut rétablir votre compte tel qu’il était. Ensuite, il est supprimé définitivement.',
  'leave.later': 'Pour revenir après ce délai, il vous faudra une nouvelle invitation.',
  'leave.stay': 'Rester',
  'leave.blocked.heading': 'Vous ne pouvez pas quitter {organization} vous-même',
  'leave.blocked.lead':
    '{why, select, atHome {{organization} est votre propre organisation. Seuls les invités la quittent eux-mêmes.} holdsRole {Vous administrez {organization}. Demandez d’abord à un autre administrateur de vous retirer ce rôle.} other {{reach, select, contact {{organization} retire elle-même ses invités. Écrivez à {contact} si vous voulez partir.} other {{organization} retire elle-même ses invités. Adressez-vous à la personne qui vous a invité si vous voulez partir.}}}}',
  'left.heading': 'Vous avez quitté {organization}',
  'left.lead': 'Vous y êtes déconnecté partout. Vous pouvez fermer cette page.',

  'manage.heading': 'Gérer ce que je possède',
  'manage.lead':
    'Qui dispose de ce que vous possédez chez {organization}. Pour le modifier, adressez-vous à un administrateur.',
  'manage.apps': 'Applications',
  'manage.groups': 'Groupes',
  'manage.assigned': '{count, plural, =0 {Personne pour l’instant} one {# attribution} other {# attributions}}',
  'manage.people': '{count, plural, =0 {Personne pour l’instant} one {# personne} other {# personnes}}',
  'manage.none': 'Vous ne possédez aucune application ni aucun groupe qui puisse être affiché ici.',
  'manage.kind': '{kind, select, app {Personnes et groupes qui ont cette application} other {Membres de ce groupe}}',
  'manage.person.kind': '{kind, select, Group {Groupe} other {Personne}}',
  'manage.more': 'Les {count} premiers sont affichés.',
  'manage.back': 'Retour à ce que je possède',
} as const
