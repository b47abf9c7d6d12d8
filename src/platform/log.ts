import { type Logger as PinoLogger, pino } from 'pino'

export type Logger = PinoLogger

const SECRET_PARAMETERS =
  /([?&](?:ticket|key|code|token|client_secret|client_assertion|access_token|id_token)=)[^&#\s"]*/gi

/** Replaces the values of secret query parameters in a URL or message, so a link in a log opens nothing. */
export function withoutSecrets(text: string): string {
  return text.replace(SECRET_PARAMETERS, '$1[hidden]')
}

type ErrorLine = { type: string; message: string; errorCode?: string; stack?: string; cause?: ErrorLine }

/**
 * An error without what drivers hang on it: a whole client, a query, or a detail that quotes somebody's row. Causes are
 * told three deep.
 */
function describeError(error: unknown, depth = 3): ErrorLine {
  if (!(error instanceof Error)) return { type: typeof error, message: withoutSecrets(String(error)) }
  return {
    type: error.name,
    message: withoutSecrets(error.message),
    ...('code' in error && { errorCode: String(error.code) }),
    ...(error.stack !== undefined && { stack: withoutSecrets(error.stack) }),
    ...(error.cause !== undefined && depth > 0 && { cause: describeError(error.cause, depth - 1) }),
  }
}

/**
 * JSON lines on standard output (or `destination`). Requests are logged by method, path without secret parameters and
 * status; bodies, cookies and authorization headers never are.
 */
export function createLogger(level: string, destination?: { write(line: string): void }): Logger {
  const options = {
    level,
    base: { service: 'vestibule' },
    redact: {
      paths: ['req.headers.authorization', 'req.headers.cookie', '*.password', '*.clientSecret', '*.code', '*.ticket'],
      censor: '[hidden]',
    },
    serializers: {
      err: (error: unknown) => describeError(error),
      req: (request: { method?: string; url?: string; id?: unknown }) => ({
        id: request.id,
        method: request.method,
        url: withoutSecrets(request.url ?? ''),
      }),
    },
  }
  return destination ? pino(options, destination) : pino(options)
}
