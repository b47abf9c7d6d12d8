import type { MethodRow } from './store.js'

/** The ids that Graph gives the one mobile phone and the one mailbox of every person. */
export const MOBILE_PHONE_ID = '3179e48a-750b-4051-897c-87b9720928f7'
export const MAILBOX_ID = '3ddfcfc8-9383-446f-83cc-3ab9be4be18f'
/** And the one password. */
export const PASSWORD_ID = '28c10230-6103-485e-b985-444c60001490'

/** A segment of Graph's path, the type behind it, and the kind that is kept here. */
export const METHOD_TYPES = [
  { segment: 'emailMethods', type: 'emailAuthenticationMethod', kind: 'email' },
  { segment: 'fido2Methods', type: 'fido2AuthenticationMethod', kind: 'fido2' },
  { segment: 'passwordMethods', type: 'passwordAuthenticationMethod', kind: 'password' },
  { segment: 'phoneMethods', type: 'phoneAuthenticationMethod', kind: 'phone' },
  { segment: 'softwareOathMethods', type: 'softwareOathAuthenticationMethod', kind: 'softwareOath' },
] as const
export type MethodType = (typeof METHOD_TYPES)[number]

/** A method as Graph shows it, without `@odata.type`. Secrets have no place in it. */
export type ShownMethod = { kind: MethodType['kind']; id: string; properties: Record<string, unknown> }

/** What a person can prove themselves with: what is set up, the mailbox that codes can be sent to, and a password. */
export function shownMethods(
  rows: readonly MethodRow[],
  { mail, password }: { mail?: string | undefined; password?: { createdDateTime: Date } | undefined },
): ShownMethod[] {
  const passwords: ShownMethod[] = password
    ? // Graph has the property and never its value.
      [{ kind: 'password', id: PASSWORD_ID, properties: { createdDateTime: password.createdDateTime, password: null } }]
    : []
  const mailbox: ShownMethod[] = mail ? [{ kind: 'email', id: MAILBOX_ID, properties: { emailAddress: mail } }] : []
  return [...passwords, ...mailbox, ...rows.map(shownMethod)]
}

function shownMethod(row: MethodRow): ShownMethod {
  const { kind, id, displayName, createdDateTime } = row
  switch (kind) {
    case 'softwareOath':
      // Graph has the property and never its value.
      return { kind, id, properties: { createdDateTime, secretKey: null } }
    case 'phone':
      return {
        kind,
        id: MOBILE_PHONE_ID,
        properties: {
          createdDateTime,
          phoneNumber: row.phoneNumber,
          phoneType: 'mobile',
          smsSignInState: 'notAllowedByPolicy',
        },
      }
    case 'fido2':
      return {
        kind,
        id,
        properties: {
          displayName,
          createdDateTime,
          aaGuid: row.aaGuid,
          model: null,
          attestationCertificates: [],
          attestationLevel: 'notAttested',
        },
      }
  }
}
