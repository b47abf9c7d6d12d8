/** A mailbox with an optional name for people. */
export type Mailbox = { name?: string | undefined; address: string }

/** One message, rendered and ready to leave. */
export type Mail = {
  /** The outbox row it came from: the idempotency key, and what delivery events refer to. */
  id: string
  tenantId: string
  kind: 'invitation' | 'passcode' | 'reminder' | 'security' | 'sign-up'
  from: Mailbox
  replyTo?: Mailbox | undefined
  to: Mailbox
  cc: Mailbox[]
  subject: string
  html: string
  text: string
  /** Extra headers such as `List-Unsubscribe`. */
  headers: Record<string, string>
}

/** Hands messages to whatever delivers them. */
export type MailTransport = {
  name: 'mailbox' | 'sendgrid' | 'smtp'
  /**
   * Resolves once the message is accepted for delivery.
   * @throws MailNotAccepted when it was not; any other error counts as passing.
   */
  send(mail: Mail): Promise<{ providerMessageId?: string | undefined }>
  /** Whether the other side can be reached and lets us in. Throws with a message for `vestibule doctor`. */
  verify(): Promise<void>
  close(): Promise<void>
}

/** The other side said no. `permanent` ends the attempts; otherwise it is tried again, not before `retryAfterSeconds`. */
export class MailNotAccepted extends Error {
  readonly permanent: boolean
  readonly retryAfterSeconds: number | undefined

  constructor(
    reason: string,
    options: { permanent: boolean; retryAfterSeconds?: number | undefined; cause?: unknown },
  ) {
    super(reason, { cause: options.cause })
    this.name = 'MailNotAccepted'
    this.permanent = options.permanent
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}
