export default {
  'mail.from': 'Vestibule en nombre de {organization}',
  'mail.organization': '{organization}, {domain}',
  'mail.label': '{text}:',

  'mail.invitation.subject': '{inviter} le ha invitado a acceder a las aplicaciones de su organización.',
  'mail.invitation.subject.application':
    '{organization} le ha invitado a acceder a las aplicaciones de su organización.',
  'mail.invitation.join': 'Únase a {organization} como invitado.',
  'mail.invitation.join.app': 'Únase a {organization} como invitado y abra {app}.',
  'mail.invitation.acceptBy': 'Acepte hasta el {date}.',
  'mail.invitation.caution':
    'Acepte solo si conoce a {inviter} y esperaba esta invitación. En caso de duda, llame por teléfono en lugar de responder.',
  'mail.invitation.caution.application':
    'Acepte solo si esperaba una invitación de {organization}. En caso de duda, llame a alguien que conozca allí en lugar de responder.',
  'mail.invitation.heading': '{inviter} le invita a {organization}',
  'mail.invitation.heading.application': '{organization} le invita',
  'mail.invitation.lead':
    'Como invitado, puede abrir con esta dirección de correo lo que {organization} comparte con usted. Sin contraseña nueva.',
  'mail.invitation.lead.app': 'Como invitado, puede abrir {app} con esta dirección de correo. Sin contraseña nueva.',
  'mail.invitation.writes': '{inviter} le escribe',
  'mail.invitation.writes.application': 'Mensaje enviado por la aplicación {inviter}',
  'mail.invitation.accept': 'Aceptar la invitación',
  'mail.invitation.opens.button': 'El botón abre {host}. Después de aceptar, llegará a:',
  'mail.invitation.opens.link': 'El enlace abre {host}. Después de aceptar, llegará a:',
  'mail.invitation.later': 'Después, el mismo enlace le llevará allí directamente.',
  'mail.invitation.later.app': 'Después, el mismo enlace será su acceso directo a {app}.',
  'mail.invitation.copy': 'Si el botón no responde, copie esta dirección en su navegador:',
  'mail.invitation.why': 'Enviado a {address} porque {inviter}, de {organization}, ha invitado a esta dirección.',
  'mail.invitation.why.mail':
    'Enviado a {address} porque {inviter} ({mail}), de {organization}, ha invitado a esta dirección.',
  'mail.invitation.why.application':
    'Enviado a {address} porque la aplicación {inviter} de {organization} ha invitado a esta dirección.',
  'mail.invitation.replies': 'Las respuestas llegan a {inviter}.',
  'mail.invitation.opening': 'Abrir el enlace no acepta nada por sí solo.',
  'mail.invitation.block': 'Bloquear las próximas invitaciones de {organization}',
  'mail.invitation.privacy': 'Declaración de privacidad de {organization}',
  'mail.invitation.privacy.none': '{organization} no ha publicado ninguna declaración de privacidad.',
  'mail.invitation.contact': 'Contactar con {organization}',

  'mail.shortcut.heading': '{inviter} le envía un enlace a {organization}',
  'mail.shortcut.heading.application': '{organization} le envía un enlace',
  'mail.shortcut.lead': 'Ya es invitado allí. Inicie sesión con esta dirección de correo para continuar.',
  'mail.shortcut.lead.app': 'Ya es invitado allí. Inicie sesión con esta dirección de correo y abra {app}.',
  'mail.shortcut.open': 'Iniciar sesión y abrir',
  'mail.shortcut.opens.button': 'El botón abre {host}. Después de iniciar sesión, llegará a:',
  'mail.shortcut.opens.link': 'El enlace abre {host}. Después de iniciar sesión, llegará a:',

  'mail.reminder.subject': 'Su acceso de invitado a {organization} termina el {date}',
  'mail.reminder.lead':
    'Después ya no podrá iniciar sesión allí. Si aún lo necesita, pida a su contacto en {organization} que lo prorrogue.',
  'mail.reminder.why': 'Enviado a {address} porque esta dirección tiene acceso de invitado a {organization}.',
  'mail.reminder.sponsor.subject': 'El acceso de {guest} a {organization} termina el {date}',
  'mail.reminder.sponsor.lead':
    'Usted responde por este invitado ({address}). Si no se prorroga, {guest} no podrá iniciar sesión después.',
  'mail.reminder.sponsor.button': 'Prorrogar el acceso',
  'mail.reminder.sponsor.opening': 'Abrir el enlace no cambia nada por sí solo: primero inicia sesión con un código.',
  'mail.reminder.sponsor.why': 'Enviado a {address} porque usted responde por este invitado en {organization}.',

  'mail.security.subject': 'Se ha cambiado su inicio de sesión en {organization}',
  'mail.security.password': 'Su contraseña se cambió el {time}.',
  'mail.security.codes': 'El {time} se crearon nuevos códigos de recuperación. Los anteriores ya no son válidos.',
  'mail.security.added':
    '{kind, select, softwareOath {Se añadió una aplicación de autenticación} fido2 {Se añadió una llave de acceso} phone {Se añadió un teléfono} other {Se añadió un método de inicio de sesión}} el {time}.',
  'mail.security.removed':
    '{kind, select, softwareOath {Se quitó una aplicación de autenticación} fido2 {Se quitó una llave de acceso} phone {Se quitó un teléfono} password {Se quitó su contraseña} other {Se quitó un método de inicio de sesión}} el {time}.',
  'mail.security.admin': 'Lo hizo alguien que administra las cuentas de {organization}.',
  'mail.security.you': 'Si ha sido usted, no tiene que hacer nada.',
  'mail.security.help':
    '¿No ha sido usted ni lo ha pedido? Avise enseguida a su contacto en {organization}, para que cierren todas sus sesiones, y cambie la contraseña de este buzón.',
  'mail.security.why': 'Enviado a {address} porque esta dirección inicia sesión en {organization}.',

  'mail.passcode.subject': 'Su código para {organization}',
  'mail.passcode.preheader':
    'Es válido durante {minutes, plural, one {# minuto} other {# minutos}}, en el navegador donde lo pidió.',
  'mail.passcode.code': 'Su código para {organization} ({domain}):',
  'mail.passcode.type':
    'Escríbalo en la página donde lo pidió. Es válido hasta las {time} ({minutes, plural, one {# minuto} other {# minutos}}).',
  'mail.passcode.newest': 'Solo es válido el código más reciente.',
  'mail.passcode.secret': 'Nadie de {organization} se lo pedirá, así que no lo comparta nunca.',
  'mail.passcode.why':
    'Pedido con {address} a las {time}. ¿No ha sido usted? Entonces ignore este correo: sin el código no ocurre nada.',
} as const
