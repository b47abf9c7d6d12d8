/** How a try to sign in ended, as the log shows it (Graph: signInStatus). */
export type SignInStatus = { errorCode: number; failureReason: string | null; additionalDetails: string | null }

/** What an outcome that a later version wrote is shown with. */
const OTHER_FAILURE = 50000

/** Each outcome that is written, with the code Entra uses for the like of it, and why it came to that. */
export const OUTCOMES: Readonly<Record<string, readonly [errorCode: number, reason: string]>> = {
  ok: [0, 'Other.'],
  wrong: [50126, 'The code was wrong.'],
  wrongPassword: [50126, 'The password was wrong.'],
  wrongPasskey: [50126, 'The passkey was not confirmed.'],
  limited: [50053, 'Too many passwords were tried.'],
  expired: [50089, 'The code was used already or its time was over.'],
  usedUp: [50053, 'The code was tried too often.'],
  blocked: [50020, 'The account is known by another identity than this mailbox.'],
  disabled: [50057, 'The account is disabled.'],
  ended: [50055, 'The access of this guest has ended.'],
  noAccount: [50034, 'Nobody here has an account by what was proved.'],
  wrongAccount: [50020, 'The account that signed in at home is not the one that is expected here.'],
  mfaRequired: [50074, 'A second factor is required.'],
  mfaFailed: [500121, 'The second factor was not proved.'],
  mfaExpired: [500121, 'The code of the second factor was used already, or its time was over.'],
  notAssigned: [50105, 'The application is for people who are assigned to it, and this account is not.'],
  reused: [70000, 'A refresh token was shown that was used before: all that came from the same sign-in has ended.'],
  codeReused: [54005, 'A code was shown that was used before: all that came from the same sign-in has ended.'],
  unreachable: [90033, 'The identity provider did not answer.'],
  cancelled: [65004, 'The person, or the identity provider, said no.'],
  clock: [50013, 'What the identity provider said is not valid yet or no longer: its clock may be wrong.'],
  refused: [50013, 'What the identity provider said does not hold.'],
  misconfigured: [50107, 'The identity provider and this organization are not set up for each other.'],
  lost: [50089, 'The sign-in at the identity provider took too long, or its answer was used before.'],
  unverified: [50020, 'The identity provider did not vouch for the address.'],
  unknownThere: [50034, 'The identity provider has no such account.'],
}

/** Graph shows a status for every line; an outcome of a later version is told by its name. */
export function statusOf(outcome: string): SignInStatus {
  const [errorCode, failureReason] = OUTCOMES[outcome] ?? [OTHER_FAILURE, outcome]
  return { errorCode, failureReason, additionalDetails: null }
}

/** The error code of an outcome in SQL, so that lines are found by it. */
export function errorCodeSql(column: string): string {
  const cases = Object.entries(OUTCOMES).map(([outcome, [code]]) => `when '${outcome}' then ${code}`)
  return `case ${column} ${cases.join(' ')} else ${OTHER_FAILURE} end`
}
