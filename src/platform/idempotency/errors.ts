import { Refusal } from '../../kernel/refusal.js'

const target = 'Idempotency-Key'

/** What is said of an `Idempotency-Key`. */
export const keyRefusals = {
  keyMalformed: () =>
    new Refusal(
      'invalid',
      'malformedIdempotencyKey',
      'Idempotency-Key: give 1 to 255 printable characters without spaces.',
      { target },
    ),
  keyReused: () =>
    new Refusal(
      'unprocessable',
      'idempotencyKeyReused',
      'Idempotency-Key: this key was used for another request within 24 hours. Use a new key for a new request.',
      { target },
    ),
}
