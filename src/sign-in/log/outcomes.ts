/** How a try to sign in ended, as the log shows it (Graph: signInStatus). */
export type SignInStatus = { errorCode: number; failureReason: string | null; additionalDetails: string | null }

const failed = (errorCode: number, failureReason: string): SignInStatus => ({
  errorCode,
  failureReason,
  additionalDetails: null,
})

/** Each outcome that is written, with the code Entra uses for the like of it. */
const OUTCOMES: Record<string, SignInStatus> = {
  ok: { errorCode: 0, failureReason: 'Other.', additionalDetails: null },
  wrong: failed(50126, 'The code was wrong.'),
  wrongPassword: failed(50126, 'The password was wrong.'),
  wrongPasskey: failed(50126, 'The passkey was not confirmed.'),
  limited: failed(50053, 'Too many passwords were tried.'),
  expired: failed(50089, 'The code was used already or its time was over.'),
  usedUp: failed(50053, 'The code was tried too often.'),
  blocked: failed(50020, 'The account is known by another identity than this mailbox.'),
  disabled: failed(50057, 'The account is disabled.'),
  ended: failed(50055, 'The access of this guest has ended.'),
  mfaRequired: failed(50074, 'A second factor is required.'),
  mfaFailed: failed(500121, 'The second factor was not proved.'),
  notAssigned: failed(50105, 'The application is for people who are assigned to it, and this account is not.'),
  providerRefused: failed(50107, 'The identity provider did not vouch for this account.'),
}

/** Graph shows a status for every line; an outcome of a later version is told by its name. */
export function statusOf(outcome: string): SignInStatus {
  return OUTCOMES[outcome] ?? failed(50000, outcome)
}
