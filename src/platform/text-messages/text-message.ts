/** One text message, rendered and ready to leave. */
export type TextMessage = {
  /** The outbox row it came from: the same each time it is tried. */
  id: string
  /** E.164. */
  to: string
  text: string
  /** After this it is only confusing. */
  expiresAt: Date
}

/** Hands text messages to whatever delivers them. */
export type TextSender = {
  /** Whether numbers of that country get any. */
  reaches(number: string): boolean
  /**
   * Resolves once the message is accepted for delivery.
   * @throws TextNotAccepted when it was not.
   */
  send(message: TextMessage): Promise<void>
}

/**
 * The other side said no. `permanent` ends the attempts; otherwise it is tried again, not before `retryAfterSeconds`.
 * Its message holds neither number nor text, so it may be logged.
 */
export class TextNotAccepted extends Error {
  override readonly name = 'TextNotAccepted'
  readonly permanent: boolean
  readonly retryAfterSeconds: number | undefined

  constructor(reason: string, options: { permanent: boolean; retryAfterSeconds?: number | undefined }) {
    super(reason)
    this.permanent = options.permanent
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}

/** A request that carries a message, as one kind of sender wants it. */
export type TextRequest = { url: string; headers: Record<string, string>; body: string }
