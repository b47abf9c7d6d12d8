import type { Instant } from '../../kernel/instant.js'
import { Refusal } from '../../kernel/refusal.js'
import { MOST_REASON } from './rules.js'

export const refusals = {
  notFound: (id: string) =>
    new Refusal(
      'notFound',
      'signUpRequestNotFound',
      `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
    ),
  /** The second decision is told of the first. */
  decided: (state: 'approved' | 'denied', by: string | undefined, at: Instant) =>
    new Refusal(
      'conflict',
      'alreadyDecided',
      `This request was ${state} by ${by ?? 'somebody else'} at ${at.toISOString()}.`,
      { target: 'status' },
    ),
  lapsed: (at: Instant) =>
    new Refusal('conflict', 'requestLapsed', `Nobody decided before ${at.toISOString()}, so this request has lapsed.`, {
      target: 'status',
    }),
  notApprover: () =>
    new Refusal('forbidden', 'notApprover', 'Insufficient privileges to complete the operation.', {
      items: [
        {
          code: 'approverNeeded',
          message: 'Approvers of the flow decide, and holders of Global or External ID User Flow Administrator',
        },
      ],
    }),
  roleMissing: () => new Refusal('forbidden', 'roleMissing', 'Insufficient privileges to complete the operation.'),
  reasonTooLong: () =>
    new Refusal('invalid', 'reasonTooLong', `reason: at most ${MOST_REASON} characters.`, { target: 'reason' }),
  changedMeanwhile: () =>
    new Refusal('unavailable', 'changedMeanwhile', 'The policies of the organization are being changed. Try again.', {
      retryAfterSeconds: 1,
    }),
}
