import { Refusal } from '../../kernel/refusal.js'

export const refusals = {
  notFound: (id: string) =>
    new Refusal(
      'notFound',
      'organizationNotFound',
      `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
    ),
  roleMissing: () =>
    new Refusal('forbidden', 'roleMissing', 'Insufficient privileges to complete the operation.', {
      items: [{ code: 'roleNeeded', message: 'Global Administrator' }],
    }),
}
