import { Refusal } from '../kernel/refusal.js'

/** Every "no" of this capability. */
export const refusals = {
  notFound: (id: string) =>
    new Refusal(
      'notFound',
      'applicationNotFound',
      `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
    ),
  displayName: () =>
    new Refusal('invalid', 'invalidDisplayName', 'displayName: give 1 to 256 characters.', { target: 'displayName' }),
  unknownPermission: (name: string) =>
    new Refusal('invalid', 'unknownPermission', `'${name}' is not an application permission of this service.`, {
      target: 'permissions',
    }),
  endsBeforeItStarts: () =>
    new Refusal('invalid', 'endsBeforeItStarts', 'endDateTime: give a moment in the future, or none.', {
      target: 'endDateTime',
    }),
  tooManyCredentials: (most: number) =>
    new Refusal('invalid', 'tooManyCredentials', `An application holds ${most} credentials at most. Remove one first.`),
  unusableKey: (cause?: unknown) =>
    new Refusal(
      'invalid',
      'unusableKey',
      'key: give the public JWK of an RSA key of 2048 bits or more, or of an EC key on P-256.',
      { target: 'key', cause },
    ),
}
