export default {
  'local.intro.heading': 'Créer votre compte auprès de {organization}',
  'local.intro.lead':
    'Personne d’autre ne garantit votre adresse ici : vous recevez donc un compte à vous. Cela prend une minute.',
  'local.intro.proof':
    'D’abord, nous vérifions une seule fois que la boîte est à vous, par un code envoyé à {address}. Ensuite, vous vous connectez sans code.',
  'local.sign-in.heading': 'Se connecter à {organization}',
  'local.sign-in.lead': 'Avec votre propre compte là-bas. Il est connu par {address}.',
  'local.password': 'Mot de passe',
  'local.sign-in.button': 'Se connecter',
  'local.passkey.use': 'Utiliser une clé d’accès',
  'local.wrong':
    'Ce mot de passe et cette adresse ne vont pas ensemble. Vérifiez le mot de passe, ou choisissez-en un nouveau ci-dessous.',
  'local.passkey.wrong': 'La clé d’accès n’a pas été confirmée. Réessayez, ou prenez un autre chemin.',
  'local.reset.heading': 'Pas encore de mot de passe, ou oublié ?',
  'local.reset.lead':
    'Nous vérifions par un code que la boîte est à vous. Puis vous choisissez un nouveau mot de passe. Les clés d’accès que vous avez restent telles quelles.',
  'local.choose.heading': 'Choisissez comment vous connecter',
  'local.choose.lead':
    'La boîte est à vous. Désormais, vous vous connectez à {organization} avec ce que vous choisissez ici.',
  'local.choose.anew': 'La boîte est à vous. Un nouveau mot de passe met fin à toutes les connexions de l’ancien.',
  'local.passkey.lead':
    'Ou prenez une clé d’accès : votre appareil la garde et la déverrouille comme il se déverrouille lui-même. Rien à retenir.',
  'local.passkey.create': 'Créer une clé d’accès',
  'local.password.new': 'Nouveau mot de passe',
  'local.password.again': 'Le même encore une fois',
  'local.password.checked':
    'Au moins {shortest, plural, one {# caractère} many {# caractères} other {# caractères}}, ceux que vous voulez. Nous le cherchons dans des listes de mots de passe divulgués ; il ne quitte pas ce service pour cela.',
  'local.password.unchecked':
    'Au moins {shortest, plural, one {# caractère} many {# caractères} other {# caractères}}, ceux que vous voulez. Plusieurs mots à la suite se retiennent facilement.',
  'local.password.button': 'Enregistrer le mot de passe',
  'local.fault.short':
    'Ce mot de passe est trop court. Prenez au moins {shortest, plural, one {# caractère} many {# caractères} other {# caractères}}.',
  'local.fault.long':
    'Ce mot de passe est trop long. Prenez au plus {longest, plural, one {# caractère} many {# caractères} other {# caractères}}.',
  'local.fault.leaked':
    'Ce mot de passe figurait dans une fuite de données : les attaquants l’essaient en premier. Choisissez-en un que vous n’utilisez nulle part ailleurs.',
  'local.fault.guessable':
    'Ce mot de passe est facile à deviner : il est fait de votre adresse, de {organization}, ou de quelques lettres à la suite. Choisissez-en un autre.',
  'local.fault.differs': 'Les deux mots de passe sont différents. Tapez deux fois le même.',
  'local.limited.heading': 'Trop de mots de passe erronés',
  'local.limited.lead':
    'Pour protéger les comptes, nous ne vérifions plus de mot de passe pour cette adresse, ou depuis votre réseau, pendant un moment.',
  'local.other': 'Utiliser une autre adresse',
  'start.lead.local':
    'En tant qu’invité, vous pouvez ouvrir {destination}. Vous vous connectez avec un compte auprès de {organization}.',
  'start.check.local':
    'Si vous n’avez pas encore un tel compte, vous le créez à la page suivante. Rien n’est encore accepté.',
  'start.return.check.local': 'Vous vous connectez avec votre compte là-bas. Puis vous continuez directement.',
  'start.local': 'Continuer',
  'wrong-account.next.local':
    'Nous vous déconnectons ici. Puis vous vous connectez avec le compte de l’adresse invitée.',
  'choose.local': 'Compte auprès de {organization}',
} as const
