export default {
  'page.title': '{title} - {organization}',
  'page.title-error': 'Error: {title}',
  'page.guest-access': 'Acceso de invitados con <bdi>Vestibule</bdi>',
  'page.help': 'Ayuda',
  'page.privacy': 'Privacidad',
  'page.language': 'Idioma:',
  'time.days-left': '{days, plural, =0 {queda menos de un día} one {queda # día} other {quedan # días}}',

  'start.heading':
    '{kind, select, application {{organization} le invita} other {{inviter} le invita a {organization}}}',
  'start.lead': 'Como invitado puede abrir {destination} con su propia dirección de correo. Sin contraseña nueva.',
  'start.sent-by': 'Enviada por',
  'start.invited': 'Invitado',
  'start.opens': 'Da acceso a',
  'start.accept-by': 'Aceptar antes del',
  'start.no-end': 'Sin fecha límite',
  'start.check': 'Primero comprobamos que este buzón es suyo. Todavía no se acepta nada.',
  'start.send': 'Enviar código a {address}',
  'start.not-you': '¿No es usted o no es su dirección?',
  'start.not-you.close': 'Cierre esta página y no pasará nada.',
  'start.not-you.other':
    '{reach, select, reply {Para unirse con otra dirección, responda al correo de invitación y pida a {inviter} que invite a esa.} contact {Para unirse con otra dirección, pida a {organization} que invite a esa: {contact}.} other {Para unirse con otra dirección, pida a su contacto en {organization} que invite a esa.}}',
  'start.not-you.block': 'Para no recibir más estos correos, <a>bloquee las invitaciones de {organization}</a>.',
  'start.return.heading': 'Iniciar sesión en {organization}',
  'start.return.lead': 'Ya es invitado allí. Al iniciar sesión se abre {destination}.',
  'start.return.account': 'Cuenta',
  'start.return.check': 'Primero comprobamos que este buzón es suyo. Después continúa directamente.',

  'code.heading': 'Introduzca su código',
  'code.lead':
    'Hemos enviado {digits, plural, one {# cifra} other {# cifras}} a {address}. El código sirve durante {minutes, plural, one {# minuto} other {# minutos}} y solo en este navegador.',
  'code.label': 'Código',
  'code.continue': 'Continuar',
  'code.no-mail':
    '¿No llega el correo después de un minuto? Mire en la carpeta de correo no deseado y luego envíe un código nuevo. Sustituye al anterior. {seconds, plural, one {Uno cada segundo.} other {Uno cada # segundos.}}',
  'code.send-new': 'Enviar un código nuevo',
  'code.wrong':
    'Ese no es el código de nuestro último correo. Compruébelo e inténtelo de nuevo: {tries, plural, one {queda # intento} other {quedan # intentos}}.',
  'code.malformed':
    'El código de nuestro correo tiene {digits, plural, one {# cifra} other {# cifras}}. Compruébelo e inténtelo de nuevo.',
  'code.expired':
    'Este código ya no sirve: {minutes, plural, one {ha pasado # minuto} other {han pasado # minutos}}. Envíe un código nuevo e introdúzcalo.',
  'code.used-up': 'Este código ya no sirve: se han agotado todos los intentos. Envíe un código nuevo e introdúzcalo.',
  'code.none': 'No hay ningún código pendiente para este navegador. Envíe un código nuevo e introdúzcalo aquí.',

  'limited.heading': 'Todavía no se puede enviar un código',
  'limited.lead': 'Ahora mismo no hemos enviado nada a {address}.',
  'limited.wait':
    '{unit, select, second {{count, plural, one {Podrá pedir un código nuevo dentro de # segundo} other {Podrá pedir un código nuevo dentro de # segundos}}} minute {{count, plural, one {Podrá pedir un código nuevo dentro de # minuto} other {Podrá pedir un código nuevo dentro de # minutos}}} other {{count, plural, one {Podrá pedir un código nuevo dentro de # hora} other {Podrá pedir un código nuevo dentro de # horas}}}}',
  'limited.at': 'A las {time}.',
  'limited.reason':
    '{kind, select, interval {{count, plural, one {Enviamos un código cada segundo.} other {Enviamos un código cada # segundos.}}} window {{count, plural, one {Enviamos como máximo # código en 15 minutos.} other {Enviamos como máximo # códigos en 15 minutos.}}} day {{count, plural, one {Enviamos como máximo # código al día a una dirección.} other {Enviamos como máximo # códigos al día a una dirección.}}} other {{count, plural, one {Enviamos como máximo # código por hora para una red.} other {Enviamos como máximo # códigos por hora para una red.}}}}',
  'limited.newest': 'El código más reciente de su buzón sigue sirviendo.',

  'consent.heading': '¿Unirse a {organization} como invitado?',
  'consent.signed-in': 'Ha iniciado sesión como {address}.',
  'consent.sees': '{organization} verá',
  'consent.sees.profile': 'su nombre, su dirección de correo y su foto, si la tiene',
  'consent.sees.use': 'cuándo inicia sesión y cuáles de sus aplicaciones abre',
  'consent.hidden': 'No verá',
  'consent.hidden.list': 'su contraseña, su correo ni otras organizaciones con las que trabaja',
  'consent.next': 'Página siguiente',
  'consent.invited-by': 'Invitado por',
  'consent.answers': 'responde de su acceso',
  'consent.application': 'una aplicación de {organization}',
  'consent.contact': 'Contacto',
  'consent.privacy': 'Privacidad',
  'consent.statement': 'Declaración de privacidad de {organization}',
  'consent.no-statement':
    '{reach, select, contact {{organization} no ha publicado una declaración de privacidad. Si quiere saber más antes de decidir, pregunte al contacto indicado arriba.} reply {{organization} no ha publicado una declaración de privacidad. Si quiere saber más antes de decidir, pregunte a {inviter}: responda al correo de invitación.} other {{organization} no ha publicado una declaración de privacidad.}}',
  'consent.accept': 'Aceptar',
  'consent.decline': 'Rechazar',
  'consent.change': '{organization} puede cambiar o eliminar su cuenta de invitado.',
  'consent.leave': 'Puede irse en cualquier momento desde <a>Mi cuenta</a>.',

  'declined.title': 'Invitación rechazada',
  'declined.heading': 'Ha rechazado la invitación',
  'declined.lead': '{organization} ve que la ha rechazado y no sabe nada más de usted. No hay nada que deshacer.',
  'declined.until': '¿Ha cambiado de opinión? El enlace del correo funciona hasta el {date}.',
  'declined.open': '¿Ha cambiado de opinión? El enlace del correo sigue funcionando.',
  'declined.block': 'Bloquear las invitaciones de {organization}',

  'help.heading': 'Qué puede hacer',
  'help.or': '{via, select, web {O póngase en contacto a través de {contact}.} other {O escriba a {contact}.}}',
  'help.reference': 'Si nos escribe, mencione {reference} para que encontremos esta invitación.',

  'expired.heading': 'Esta invitación caducó el {date}',
  'expired.lifetime':
    '{days, plural, one {{organization} da a sus invitados # día para aceptar.} other {{organization} da a sus invitados # días para aceptar.}}',
  'expired.lead': 'Su acceso no se ha configurado.',
  'expired.fresh':
    '{reach, select, reply {Responda al correo de invitación. La respuesta llega a {inviter}, que puede enviarle una nueva en un minuto.} contact {Pida una nueva a {organization}: {contact}.} other {Pida una nueva a su contacto en {organization}.}}',

  'revoked.heading': '{organization} ha retirado esta invitación',
  'revoked.on': 'Se retiró el {date}.',
  'revoked.links': 'Este enlace y los enlaces anteriores a ella ya no funcionan.',
  'revoked.ask':
    '{reach, select, reply {Si la esperaba, pregunte a {inviter}: responda al correo de invitación.} contact {Si la esperaba, pregunte a {organization}: {contact}.} other {Si la esperaba, pregunte a su contacto en {organization}.}}',
  'revoked.newer': 'Si desde entonces ha llegado una invitación más reciente, abra esa.',
  'reset.heading': 'Un enlace más reciente ha sustituido a este',
  'reset.on': '{organization} renovó su invitación el {date}.',
  'reset.newer': 'Abra el correo de invitación más reciente de {organization} y use su enlace.',
  'reset.ask':
    '{reach, select, reply {¿No hay un correo más reciente? Pregunte a {inviter}: responda al correo de invitación.} contact {¿No hay un correo más reciente? Pregunte a {organization}: {contact}.} other {¿No hay un correo más reciente? Pregunte a su contacto en {organization}.}}',

  'used.heading': 'Esta invitación ya se aceptó',
  'used.lead': 'La aceptó el {date} la persona que controla el buzón invitado.',
  'used.you-link': '¿Fue usted? <a>Inicie sesión en {destination}</a> con la cuenta que usó entonces.',
  'used.you': '¿Fue usted? Inicie sesión con la cuenta que usó entonces.',
  'used.not-you':
    '{reach, select, contact {¿No fue usted? Avise ahora a {organization}: {contact}. Allí pueden cortar ese acceso de inmediato.} other {¿No fue usted? Avise ahora a {organization}. Allí pueden cortar ese acceso de inmediato.}}',

  'wrong-account.heading': 'Esta invitación es para otra dirección',
  'wrong-account.lead': 'No se ha aceptado nada. Cambie a la dirección invitada para continuar.',
  'wrong-account.invited': 'Dirección invitada por {organization}',
  'wrong-account.signed-in': 'Ha iniciado sesión como',
  'wrong-account.switch': 'Cambiar a {address}',
  'wrong-account.next': 'Cerramos su sesión aquí y enviamos un código a ese buzón.',
  'wrong-account.other':
    '{reach, select, reply {Si las dos direcciones son suyas y prefiere la otra, pida a {inviter} que la invite: responda al correo de invitación.} contact {Si las dos direcciones son suyas y prefiere la otra, pida a {organization} que la invite: {contact}.} other {Si las dos direcciones son suyas y prefiere la otra, pida a su contacto en {organization} que la invite.}}',

  'blocked.domain.heading': '{organization} no admite invitados de {domain}',
  'blocked.domain.lead':
    '{organization} decide de qué dominios pueden venir sus invitados, y este no está entre ellos. No se ha aceptado nada.',
  'blocked.organization.heading': '{organization} no admite invitados por ahora',
  'blocked.organization.lead': 'El acceso de invitados a {organization} está desactivado. No se ha aceptado nada.',
  'blocked.account.heading': 'Su cuenta de invitado en {organization} está desactivada',
  'blocked.account.lead': 'No podrá iniciar sesión con ella hasta que {organization} la active de nuevo.',
  'blocked.ended.heading': 'Su acceso a {organization} ha terminado',
  'blocked.ended.lead': 'Se concedió hasta el {date}. No podrá iniciar sesión a menos que alguien allí lo prorrogue.',
  'blocked.ended.ask':
    '{reach, select, reply {Si aún lo necesita, pida a {inviter} que lo prorrogue: responda al correo de invitación.} contact {Si aún lo necesita, pida a {organization} que lo prorrogue: {contact}.} other {Si aún lo necesita, pida a su contacto en {organization} que lo prorrogue.}}',
  'blocked.identity.heading': 'Esta dirección de correo pertenece a otra cuenta de invitado',
  'blocked.identity.lead':
    'En {organization}, otra cuenta inicia sesión con su dirección. Hay que restablecerla o eliminarla antes de poder aceptar esta invitación.',
  'blocked.identity.ask':
    '{reach, select, reply {Pídaselo a {inviter}: responda al correo de invitación.} contact {Pídaselo a {organization}: {contact}.} other {Pídaselo a su contacto en {organization}.}}',
  'blocked.ask':
    '{reach, select, reply {Si cree que debería ser de otro modo, pregunte a {inviter}: responda al correo de invitación.} contact {Si cree que debería ser de otro modo, pregunte a {organization}: {contact}.} other {Si cree que debería ser de otro modo, pregunte a su contacto en {organization}.}}',

  'extend.heading': '¿Prorrogar el acceso de {guest}?',
  'extend.lead':
    'Usted responde por este invitado de {organization}. Su acceso termina por sí solo si nadie lo prorroga.',
  'extend.guest': 'Invitado',
  'extend.ends': 'Fin del acceso',
  'extend.until': 'Con la prórroga',
  'extend.check': 'Primero comprobamos que es usted, con un código enviado a su dirección de correo.',
  'extend.button': 'Prorrogar el acceso',
  'extend.none':
    '{organization} no permite que los responsables prorroguen más el acceso. Consulte con la administración.',
  'extended.heading': 'Se ha prorrogado el acceso de {guest}',
  'extended.lead': 'Ahora es válido hasta el {date}. Puede cerrar esta página.',

  'error.link.heading': 'Este enlace no funciona',
  'error.link.lead': 'Está incompleto, cambió por el camino o pertenece a una invitación que ya no existe.',
  'error.link.help':
    'Abra otra vez el enlace del correo de invitación. Si su programa de correo lo cortó, copie la dirección completa en el navegador.',
  'error.link.ask': '¿Sigue sin funcionar? Pida una invitación nueva a quien le invitó.',
  'error.missing.heading': 'No hay ninguna página en esta dirección',
  'error.missing.lead': 'Puede que la dirección tenga una errata o que la página se haya movido.',
  'error.missing.help': 'Compruebe la dirección. Si venía de una invitación, abra otra vez el enlace de su correo.',
  'error.stale.heading': 'Este formulario ya no está al día',
  'error.stale.lead':
    'Puede que haya iniciado o cerrado sesión desde que lo abrió, o que su navegador rechace las cookies. No se ha cambiado nada.',
  'error.stale.help': 'Abra otra vez la página y repita el último paso.',
  'error.stale.help-link': '<a>Abra otra vez la página</a> y repita el último paso.',
  'error.fault.heading': 'Algo ha fallado por nuestra parte',
  'error.fault.lead': 'El fallo ha quedado registrado. Puede que su último paso no se haya completado.',
  'error.fault.help': 'Espere un minuto e inténtelo de nuevo.',
  'error.fault.help-link': 'Espere un minuto e <a>inténtelo de nuevo</a>.',
  'error.reference': 'Si nos escribe, mencione {reference}.',

  'block.heading': '¿Bloquear las invitaciones de {organization}?',
  'block.lead':
    'A partir de entonces no enviaremos más invitaciones de {organization} a {address}. Los accesos que ya tiene no cambian.',
  'block.confirm': 'Sí, no más invitaciones de {organization} a esta dirección',
  'block.confirm-missing':
    'Marque primero la casilla. Así, un programa que solo prueba enlaces no puede bloquear en su nombre.',
  'block.button': 'Bloquear invitaciones',
  'block.undo': 'Puede deshacerlo en cualquier momento en <a>organizaciones bloqueadas</a>.',
  'block-done.heading': 'Las invitaciones de {organization} están bloqueadas',
  'block-done.lead': 'Ya no enviamos invitaciones de {organization} a {address}. Los accesos que ya tiene no cambian.',
  'block-done.undo': 'Ver o deshacer sus bloqueos',

  'blocks.heading': 'Organizaciones bloqueadas',
  'blocks.email.lead':
    'Vea qué organizaciones no pueden enviarle invitaciones y desbloquéelas. Primero comprobamos que el buzón es suyo.',
  'blocks.email.label': 'Correo electrónico',
  'blocks.email.send': 'Enviar código',
  'blocks.email.malformed': 'Introduzca una dirección de correo completa, como {example}.',
  'blocks.lead': 'No enviamos invitaciones de estas organizaciones a {address}.',
  'blocks.since': 'Bloqueada el {date}',
  'blocks.unblock': 'Desbloquear<hide> {organization}</hide>',
  'blocks.none': 'No bloquea ninguna organización.',
  'blocks.none.lead': 'Cualquier organización que use este servicio puede enviar invitaciones a {address}.',
  'blocks.unblocked': 'Las invitaciones de {organization} vuelven a llegarle.',

  'start.check.home': 'Primero inicia sesión en {home}. Todavía no se acepta nada.',
  'start.check.choose': 'Primero demuestra que esta dirección es suya. Todavía no se acepta nada.',
  'start.return.check.home': 'Inicia sesión en {home}. Después continúa directamente.',
  'start.return.check.choose': 'Primero demuestra que es usted. Después continúa directamente.',
  'start.continue': 'Continuar con {home}',
  'start.choose': 'Elegir cómo iniciar sesión',
  'choose.heading': '¿Cómo quiere iniciar sesión?',
  'choose.lead': 'Hay más de una forma de demostrar que {address} es suya. La próxima vez usará la misma.',
  'choose.organization': 'Cuenta de trabajo de {home}',
  'choose.microsoft': 'Cuenta de Microsoft',
  'choose.google': 'Cuenta de Google',
  'choose.code': 'Código por correo electrónico',
  'choose.unsure': '¿No está seguro? Elija la que usa en el trabajo. {organization} puede cambiarla más adelante.',
  'wrong-account.next.home': 'Cerramos su sesión aquí y le llevamos a {home}.',
  'wrong-account.next.choose': 'Cerramos su sesión aquí. Después elige cómo iniciar sesión.',
  'blocked.noWay.heading': '{organization} no tiene por ahora ninguna forma de que inicie sesión',
  'blocked.noWay.lead':
    'Las formas que corresponden a su dirección están desactivadas. Solo {organization} puede activar una; su invitación queda como está.',
  'home.unreachable.heading': '{home} no responde',
  'home.unreachable.lead':
    'Su inicio de sesión no funciona o va demasiado lento en este momento. No se aceptó nada y su invitación está bien.',
  'home.unreachable.help': 'Espere unos minutos e inténtelo de nuevo.',
  'home.cancelled.heading': 'No terminó de iniciar sesión en {home}',
  'home.cancelled.lead': 'Se detuvo allí, o {home} no le dejó continuar. No se aceptó nada.',
  'home.cancelled.help': 'Inténtelo de nuevo con la cuenta que tiene la dirección invitada.',
  'home.clock.heading': 'La hora de {home} no coincide con la nuestra',
  'home.clock.lead': 'Su respuesta aún no es válida, o ya no lo es. No se aceptó nada.',
  'home.clock.help': 'Inténtelo de nuevo. Si vuelve a ocurrir, diga al soporte de {home} que su reloj puede estar mal.',
  'home.refused.heading': 'No pudimos usar la respuesta de {home}',
  'home.refused.lead': 'No supera nuestras comprobaciones, así que no vale para nadie. No se aceptó nada.',
  'home.refused.help': 'Inténtelo de nuevo desde aquí.',
  'home.misconfigured.heading': 'El inicio de sesión con {home} no está bien configurado',
  'home.misconfigured.lead': 'El fallo no es suyo y volver a intentarlo quizá no sirva. No se aceptó nada.',
  'home.misconfigured.help': 'Avise a quien le invitó y mencione la referencia de abajo.',
  'home.lost.heading': 'Este inicio de sesión en {home} ha terminado',
  'home.lost.lead': 'Tardó demasiado, o su respuesta ya se usó. No se aceptó nada.',
  'home.lost.help': 'Empiece de nuevo desde aquí.',
  'home.unverified.heading': '{home} no responde por su dirección',
  'home.unverified.lead':
    'Inició sesión, pero esa cuenta no demuestra que la dirección invitada sea suya. No se aceptó nada.',
  'home.unverified.help': 'Inténtelo con otra de sus cuentas, o verifique primero la dirección en esa cuenta.',
  'home.unknownThere.heading': '{home} no tiene ninguna cuenta con su dirección',
  'home.unknownThere.lead': 'El buzón es suyo, pero {home} no le cuenta entre su gente. No se aceptó nada.',
  'home.unknownThere.help': 'Pida una cuenta a un administrador de {home}.',
  'home.ask':
    '{reach, select, reply {Si sigue así, pida ayuda a {inviter}: responda al correo de invitación.} contact {Si sigue así, pida ayuda a {organization}: {contact}.} other {Si sigue así, pida ayuda a su contacto en {organization}.}}',
  'home.again': 'Intentar de nuevo',
  'home.another': 'Iniciar sesión de otra forma',
  'home.tenant.heading': 'Iniciar sesión en {organization}',
  'home.tenant.lead': '{asking} pregunta a {organization} quién es usted. Inicie sesión aquí con {address} y continúe.',
  'home.tenant.continue': 'Continuar como {address}',
  'test.heading': 'Prueba de conexión con {home}',
  'test.known': 'El inicio de sesión funcionó: {home} habló de alguien a quien ya se conoce aquí.',
  'test.redeems': 'El inicio de sesión funcionó: el invitado con esta dirección habría aceptado.',
  'test.free': 'El inicio de sesión funcionó: se dejaría entrar a un invitado con esta dirección.',
  'test.refused':
    'El inicio de sesión funcionó, pero {home} no responde de ninguna dirección: se rechazaría a un nuevo invitado.',
  'test.failed': 'El inicio de sesión no llegó a nada. El motivo figura donde se inició la prueba.',
  'test.claims': 'Lo que comunicó {home}',
  'test.nobody':
    'Aquí no se inició ninguna sesión. Los administradores ven lo comunicado durante una hora. Puede cerrar esta página.',
  'error.limited.heading': 'Demasiados inicios de sesión desde aquí',
  'error.limited.lead':
    'Desde su red llegaron hace poco muchos inicios de sesión que no llevaron a nada, así que no aceptamos más durante un rato. No se cambió nada.',
  'error.limited.help':
    'Inténtelo de nuevo a las {time}: abra el enlace del correo de invitación, o la aplicación que quería, e inicie sesión desde allí.',
  'error.lost.heading': 'Este inicio de sesión no empezó aquí',
  'error.lost.lead':
    'Este navegador no espera esa respuesta: es demasiado antigua, ya se usó o es de otra persona. No se cambió nada.',
  'error.lost.help':
    'Abra de nuevo el enlace del correo de invitación, o la aplicación que quería, e inicie sesión desde allí.',
} as const
