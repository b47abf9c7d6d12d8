export default {
  'my.skip': 'Ir al contenido',
  'my.organization': 'Organización:',
  'my.menu': ', menú de la cuenta',
  'my.search': 'Buscar aplicaciones',
  'my.asks': '{domain}, le pide iniciar sesión',
  'my.account': 'Mi cuenta',
  'my.manage': 'Gestionar lo que es mío',
  'my.leave': 'Abandonar {organization}',
  'my.sign-out': 'Cerrar sesión',
  'my.sign-in': 'Iniciar sesión de nuevo',
  'my.back': 'Volver a mis aplicaciones',

  'my.apps.heading': 'Mis aplicaciones',
  'my.apps.lead':
    '{kind, select, guest {Lo que {organization} comparte con usted como invitado} other {Lo que {organization} le ha asignado}}',
  'my.apps.none.heading': 'Todavía no hay aplicaciones',
  'my.apps.none.lead':
    '{kind, select, guest {Es invitado de {organization}, pero aún no se ha compartido ninguna aplicación con usted. Su contacto allí puede hacerlo.} other {Aún no se le ha asignado ninguna aplicación de {organization}. Su propietario o un administrador puede hacerlo.}}',
  'my.apps.found': '{count, plural, one {# aplicación con «{query}»} other {# aplicaciones con «{query}»}}',
  'my.apps.nothing.heading': 'No se encontró nada',
  'my.apps.nothing.lead': 'Ninguna de sus aplicaciones tiene «{query}» en su nombre o descripción.',
  'my.apps.all': 'Ver todas las aplicaciones',
  'my.apps.pages': 'Páginas',
  'my.apps.page': 'Página {page} de {pages}',
  'my.apps.previous': 'Página anterior',
  'my.apps.next': 'Página siguiente',
  'my.closed.heading': 'Esta aplicación no está abierta para usted',
  'my.closed.lead': '{organization} no se la ha asignado o se la ha retirado.',

  'my.which.heading': '¿Qué organización?',
  'my.which.lead': 'Escriba el dominio de la organización cuyas aplicaciones quiere abrir. Figura en su invitación.',
  'my.which.label': 'Dominio, por ejemplo {example}',
  'my.which.unknown': 'Ninguna organización de aquí tiene este dominio. Compruebe en su invitación cómo se escribe.',
  'my.which.continue': 'Continuar',

  'account.heading': 'Mi cuenta',
  'account.lead': 'Su cuenta en {organization}',
  'account.you': 'Sobre usted',
  'account.name': 'Nombre',
  'account.mail': 'Correo',
  'account.signed-in-as': 'Sesión de',
  'account.type': 'Usted es',
  'account.type.value': '{kind, select, guest {invitado de {organization}} other {miembro de {organization}}}',

  'account.organizations': 'Organizaciones',
  'account.organizations.lead': 'Las organizaciones que le conocen por la cuenta con la que ha iniciado sesión.',
  'account.here': 'Está aquí',
  'account.home': 'Su propia organización',
  'account.switch': 'Cambiar<hide> a {organization}</hide>',
  'account.open': 'Iniciar sesión<hide> en {organization}</hide>',
  'account.leave': 'Abandonar<hide> {organization}</hide>',
  'account.off':
    '{why, select, disabled {{reach, select, contact {Su cuenta allí está desactivada. Para abandonarla, escriba a {contact}.} other {Su cuenta allí está desactivada. Para abandonarla, pregunte a quien le invitó.}}} other {{reach, select, contact {Su acceso allí ha terminado. Para abandonarla, escriba a {contact}.} other {Su acceso allí ha terminado. Para abandonarla, pregunte a quien le invitó.}}}}',

  'account.browsers': 'Navegadores con sesión iniciada',
  'account.browsers.lead': 'Navegadores con su sesión en {organization}. Cierre la de los que no reconozca.',
  'account.browser.this': 'Este navegador',
  'account.browser.unknown': 'Navegador de tipo desconocido',
  'account.browser.times': 'Último uso: {used}. Inicio de sesión: {since}.',
  'account.browser.end': 'Cerrar sesión<hide> de {browser}, iniciada el {since}</hide>',
  'account.browser.others': 'Cerrar sesión en todos los demás navegadores',
  'account.browsers.ended':
    '{count, plural, =0 {Ese navegador ya tenía la sesión cerrada.} one {Se cerró la sesión de # navegador.} many {Se cerró la sesión de # navegadores.} other {Se cerró la sesión de # navegadores.}}',

  'account.methods': 'Métodos de inicio de sesión',
  'account.methods.lead': 'Cómo confirma que es usted cuando una organización pide un segundo paso.',
  'account.methods.none': 'Todavía no ha configurado nada.',
  'account.method.kind':
    '{kind, select, softwareOath {Aplicación de autenticación} fido2 {Llave de acceso} phone {Teléfono} other {Otro método}}',
  'account.method.times': 'Añadido el {added}. Último uso el {used}.',
  'account.method.remove': 'Quitar<hide> {method}, añadido el {added}</hide>',
  'account.method.add': 'Añadir un método',
  'account.codes': 'Códigos de recuperación',
  'account.codes.left':
    '{count, plural, =0 {no queda ninguno} one {queda # código} many {quedan # códigos} other {quedan # códigos}}',
  'account.codes.renew': 'Crear códigos nuevos',
  'account.changed': 'Sus métodos de inicio de sesión han cambiado.',

  'account.language': 'Idioma de estas páginas',

  'leave.heading': '¿Abandonar {organization}?',
  'leave.lead':
    'Pierde de inmediato sus aplicaciones, grupos y archivos, y se cierra su sesión allí en todos los navegadores.',
  'leave.days':
    'Durante 30 días, {organization} puede devolverle su cuenta tal como era. Después se elimina definitivamente.',
  'leave.later': 'Para volver después necesitará una nueva invitación.',
  'leave.stay': 'Quedarme',
  'leave.blocked.heading': 'No puede abandonar {organization} por su cuenta',
  'leave.blocked.lead':
    '{why, select, atHome {{organization} es su propia organización. Solo los invitados la abandonan por su cuenta.} holdsRole {Usted administra {organization}. Pida antes a otro administrador que le retire su rol.} other {{reach, select, contact {{organization} quita ella misma a sus invitados. Escriba a {contact} si quiere irse.} other {{organization} quita ella misma a sus invitados. Pregunte a quien le invitó si quiere irse.}}}}',
  'left.heading': 'Ha abandonado {organization}',
  'left.lead': 'Su sesión allí está cerrada en todas partes. Puede cerrar esta página.',

  'manage.heading': 'Gestionar lo que es mío',
  'manage.lead': 'Quién tiene lo que es suyo en {organization}. Para cambiarlo, pregunte a un administrador.',
  'manage.apps': 'Aplicaciones',
  'manage.groups': 'Grupos',
  'manage.assigned':
    '{count, plural, =0 {Nadie todavía} one {# asignación} many {# asignaciones} other {# asignaciones}}',
  'manage.people': '{count, plural, =0 {Nadie todavía} one {# persona} many {# personas} other {# personas}}',
  'manage.none': 'No es propietario de ninguna aplicación ni grupo que se pueda mostrar aquí.',
  'manage.kind': '{kind, select, app {Personas y grupos con esta aplicación} other {Miembros de este grupo}}',
  'manage.person.kind': '{kind, select, Group {Grupo} other {Persona}}',
  'manage.more': 'Se muestran los primeros {count}.',
  'manage.back': 'Volver a lo que es mío',
} as const
