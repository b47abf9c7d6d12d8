export default {
  'local.intro.heading': 'Crear su cuenta en {organization}',
  'local.intro.lead': 'Nadie más responde aquí por su dirección, así que recibe una cuenta propia. Se tarda un minuto.',
  'local.intro.proof':
    'Primero comprobamos una sola vez que el buzón es suyo, con un código a {address}. Después iniciará sesión sin código.',
  'local.sign-in.heading': 'Iniciar sesión en {organization}',
  'local.sign-in.lead': 'Con su propia cuenta allí. Se conoce por {address}.',
  'local.password': 'Contraseña',
  'local.sign-in.button': 'Iniciar sesión',
  'local.passkey.use': 'Usar una llave de acceso',
  'local.wrong':
    'Esta contraseña y esta dirección no van juntas. Compruebe la contraseña, o elija una nueva más abajo.',
  'local.passkey.wrong': 'La llave de acceso no se confirmó. Inténtelo de nuevo, o tome otro camino.',
  'local.reset.heading': '¿Aún sin contraseña, o la olvidó?',
  'local.reset.lead':
    'Comprobamos con un código que el buzón es suyo. Después elige una contraseña nueva. Las llaves de acceso que tiene se quedan como están.',
  'local.choose.heading': 'Elija cómo inicia sesión',
  'local.choose.lead': 'El buzón es suyo. Desde ahora inicia sesión en {organization} con lo que elija aquí.',
  'local.choose.anew': 'El buzón es suyo. Una contraseña nueva termina todas las sesiones de la anterior.',
  'local.passkey.lead':
    'O use una llave de acceso: su dispositivo la guarda y la desbloquea como se desbloquea a sí mismo. Nada que recordar.',
  'local.passkey.create': 'Crear una llave de acceso',
  'local.password.new': 'Contraseña nueva',
  'local.password.again': 'La misma otra vez',
  'local.password.checked':
    'Al menos {shortest, plural, one {# carácter} many {# caracteres} other {# caracteres}}, los que quiera. La buscamos en listas de contraseñas filtradas; para eso no sale de este servicio.',
  'local.password.unchecked':
    'Al menos {shortest, plural, one {# carácter} many {# caracteres} other {# caracteres}}, los que quiera. Varias palabras seguidas se recuerdan fácilmente.',
  'local.password.button': 'Guardar la contraseña',
  'local.fault.short':
    'Esta contraseña es demasiado corta. Use al menos {shortest, plural, one {# carácter} many {# caracteres} other {# caracteres}}.',
  'local.fault.long':
    'Esta contraseña es demasiado larga. Use como máximo {longest, plural, one {# carácter} many {# caracteres} other {# caracteres}}.',
  'local.fault.leaked':
    'Esta contraseña estaba en una filtración de datos, así que los atacantes la prueban primero. Elija una que no use en ningún otro sitio.',
  'local.fault.guessable':
    'Esta contraseña es fácil de adivinar: está hecha de su dirección, de {organization} o de unas pocas letras seguidas. Elija otra.',
  'local.fault.differs': 'Las dos contraseñas son distintas. Escriba la misma dos veces.',
  'local.limited.heading': 'Demasiadas contraseñas erróneas',
  'local.limited.lead':
    'Para proteger las cuentas, durante un tiempo no comprobamos más contraseñas para esta dirección ni desde su red.',
  'local.other': 'Usar otra dirección',
  'start.lead.local': 'Como invitado puede abrir {destination}. Inicia sesión con una cuenta en {organization}.',
  'start.check.local': 'Si aún no tiene esa cuenta, la crea en la página siguiente. Todavía no se ha aceptado nada.',
  'start.return.check.local': 'Inicia sesión con su cuenta allí. Después sigue directamente.',
  'start.local': 'Continuar',
  'wrong-account.next.local': 'Cerramos aquí su sesión. Después inicia sesión con la cuenta de la dirección invitada.',
  'choose.local': 'Cuenta en {organization}',
} as const
