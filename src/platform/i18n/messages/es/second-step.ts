export default {
  'mfa.enrol.heading': 'Configure un segundo paso',
  'mfa.enrol.lead':
    '{organization} pide a sus invitados un código de una aplicación de autenticación. Lo configura una sola vez.',
  'mfa.enrol.open': 'Abra una aplicación de autenticación en su teléfono.',
  'mfa.enrol.scan': 'Escanee este código.',
  'mfa.enrol.type': 'Escriba los 6 dígitos que muestra.',
  'mfa.enrol.qr': 'Código QR con la clave de configuración',
  'mfa.enrol.cannot': '¿No puede escanear, o lee esto en el teléfono?',
  'mfa.enrol.link': '<a>Abra su aplicación de autenticación</a>, o escriba esta clave en ella:',
  'mfa.enrol.account': 'Cuenta: {organization} ({address}). Tipo: basado en tiempo, 6 dígitos.',
  'mfa.enrol.label': 'Código de 6 dígitos de la aplicación',
  'mfa.enrol.button': 'Activar',
  'mfa.enrol.wrong':
    'Ese no es el código que la aplicación muestra ahora. Compruebe la hora de su teléfono y escriba el código siguiente.',

  'mfa.app.heading': 'Escriba el código de su aplicación',
  'mfa.app.lead': 'Abra su aplicación de autenticación y busque {organization} ({address}).',
  'mfa.app.label': 'Código de 6 dígitos',
  'mfa.app.wrong': 'Ese código no es correcto o ya se usó. Espere al siguiente y escríbalo.',
  'mfa.app.malformed': 'El código de la aplicación tiene 6 dígitos. Compruébelo e inténtelo de nuevo.',

  'mfa.recovery.heading': 'Escriba un código de recuperación',
  'mfa.recovery.lead': 'Recibió estos códigos al configurar el segundo paso. Cada uno sirve una vez.',
  'mfa.recovery.label': 'Código de recuperación',
  'mfa.recovery.wrong': 'Ese no es ninguno de sus códigos de recuperación, o ya se usó.',
  'mfa.recovery.malformed':
    'Un código de recuperación tiene 10 letras y dígitos, como {example}. Compruébelo e inténtelo de nuevo.',

  'mfa.keep.heading': 'Guarde sus códigos de recuperación',
  'mfa.keep.lead': 'Si pierde el teléfono, cada uno de ellos le deja entrar una vez. Los mostramos ahora y nunca más.',
  'mfa.keep.how': 'Imprima esta página o anote los códigos donde solo usted los encuentre.',
  'mfa.keep.button': 'Los he guardado',

  'mfa.passkey.enrol.heading': 'Configure una llave de acceso',
  'mfa.passkey.enrol.lead':
    '{organization} pide a sus invitados un segundo paso. Su dispositivo guarda una llave de acceso y la usa como cuando se desbloquea.',
  'mfa.passkey.enrol.button': 'Crear una llave de acceso',
  'mfa.passkey.heading': 'Use su llave de acceso',
  'mfa.passkey.lead': 'Su dispositivo le pide que confirme que es usted.',
  'mfa.passkey.button': 'Usar la llave de acceso',
  'mfa.passkey.unsupported':
    'Este navegador no puede usar llaves de acceso aquí, o los scripts están desactivados. Elija otra forma más abajo.',
  'mfa.passkey.wrong': 'La llave de acceso no se confirmó. Inténtelo de nuevo o elija otra forma.',

  'mfa.phone.enrol.heading': 'Reciba los códigos por SMS',
  'mfa.phone.enrol.lead': '{organization} pide a sus invitados un segundo paso. Enviamos un código a su teléfono.',
  'mfa.phone.label': 'Número de teléfono con prefijo de país',
  'mfa.phone.malformed': 'Escriba el número completo con el prefijo de país, como {example}.',
  'mfa.phone.far': 'No enviamos SMS a números de este país. Escriba otro número o elija otra forma.',
  'mfa.phone.button': 'Enviar código',

  'mfa.send.heading': 'Confirme que es usted',
  'mfa.send.mail': '{organization} pide a sus invitados un segundo paso. Enviamos un código a su buzón.',
  'mfa.send.phone': '{organization} pide a sus invitados un segundo paso. Enviamos un código a su teléfono.',
  'mfa.send.button': 'Enviar código a {address}',

  'mfa.text':
    '{code} es su código para {organization}. Sirve durante {minutes, plural, one {# minuto} other {# minutos}}. Nadie de allí se lo pedirá.',
  'mfa.sent.wrong': 'Ese no es el último código que enviamos.',
  'mfa.sent.malformed': 'El código enviado tiene 6 dígitos. Compruébelo e inténtelo de nuevo.',
  'mfa.sent.no-text': '¿Ningún mensaje tras un minuto? Envíe un código nuevo. Sustituye al anterior.',
  'mfa.sent.newest': 'El último código sigue sirviendo.',
  'mfa.phone.other': 'Usar otro número',
  'mfa.limit.person':
    '{count, plural, one {Enviamos como máximo # código al día a una persona.} other {Enviamos como máximo # códigos al día a una persona.}}',
  'mfa.limit.organization': 'Hoy no se envían más SMS para esta organización. Quizá haya otra forma disponible.',

  'mfa.own.lead': 'Así confirma que es usted cuando una organización pide un segundo paso.',
  'mfa.own.back': 'Volver a Mi cuenta',

  'mfa.other.heading': 'Otras formas',
  'mfa.other.softwareOath': 'Usar una aplicación de autenticación',
  'mfa.other.fido2': 'Usar una llave de acceso',
  'mfa.other.phone': 'Recibir un código por SMS',
  'mfa.other.email': 'Recibir un código por correo',
  'mfa.other.recoveryCode': 'Usar un código de recuperación',

  'mfa.lost.heading': '¿Perdió o cambió el teléfono?',
  'mfa.lost.reset':
    '{reach, select, contact {Solo {organization} puede restablecer su segundo paso: {contact}. Después lo configura de nuevo.} other {Solo {organization} puede restablecer su segundo paso. Pregunte a su contacto allí; después lo configura de nuevo.}}',

  'home.reference': 'Si nos escribe, mencione {reference} para que encontremos este inicio de sesión.',

  'mfa.limited.heading': 'Demasiados códigos incorrectos',
  'mfa.limited.lead': 'Para proteger su cuenta, no comprobamos más códigos durante un tiempo.',
  'mfa.limited.again': 'Inténtelo de nuevo a las {time}.',
  'mfa.tries': '{tries, plural, one {Queda # intento.} other {Quedan # intentos.}}',
} as const
