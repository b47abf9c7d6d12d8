import { Refusal } from '../../kernel/refusal.js'

/** Every "no" about what applications may do in people's names. */
export const refusals = {
  notFound: (id: string) =>
    new Refusal(
      'notFound',
      'permissionGrantNotFound',
      `Resource '${id.slice(0, 128)}' does not exist or one of its queried reference-property objects are not present.`,
    ),
  exists: () =>
    new Refusal('conflict', 'permissionGrantExists', 'Permission entry already exists.', { target: 'clientId' }),
  roleMissing: () =>
    new Refusal('forbidden', 'roleMissing', 'Insufficient privileges to complete the operation.', {
      items: [{ code: 'roleNeeded', message: 'Application Administrator or Global Administrator' }],
    }),
  invalid: (target: string, message: string) => new Refusal('invalid', 'invalidValue', message, { target }),
}
