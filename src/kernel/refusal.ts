/** Why a request is answered with "no". `graph/http-errors.ts` has the only table from kind to HTTP status. */
export type RefusalKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'notFound'
  | 'conflict'
  | 'gone'
  | 'tooLarge'
  | 'unprocessable'
  | 'throttled'
  | 'notImplemented'
  | 'unavailable'

export type RefusalDetails = {
  /** The property, parameter or header that must change. */
  target?: string
  /** Replaces the outer Graph `error.code` that the kind would give. */
  graphCode?: string
  /** Seconds until trying again makes sense; becomes `Retry-After`. */
  retryAfterSeconds?: number
  /** Further findings of the same request; becomes `error.details`. */
  items?: readonly { code: string; message: string; target?: string }[]
  /** A note for the log, never shown to a caller. */
  internal?: string
  cause?: unknown
}

/**
 * Every expected "no". `code` is our finer code (`innerError.code`): API, never renamed.
 * The message says what to change and is safe to show.
 */
export class Refusal extends Error {
  readonly kind: RefusalKind
  readonly code: string
  readonly details: RefusalDetails

  constructor(kind: RefusalKind, code: string, message: string, details: RefusalDetails = {}) {
    super(message, { cause: details.cause })
    this.name = 'Refusal'
    this.kind = kind
    this.code = code
    this.details = details
  }
}
