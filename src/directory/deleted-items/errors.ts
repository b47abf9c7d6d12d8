import { Refusal } from '../../kernel/refusal.js'

const message = (id: string) =>
  `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`

export const refusals = {
  notFound: (id: string) => new Refusal('notFound', 'deletedItemNotFound', message(id)),
  permissionMissing: (type: string) =>
    new Refusal('forbidden', 'permissionMissing', 'Insufficient privileges to complete the operation.', {
      items: [{ code: 'permissionNeeded', message: `The permissions of this client are not about ${type}` }],
    }),
  addressTaken: () =>
    new Refusal(
      'invalid',
      'addressTaken',
      'Another object with the same value for property proxyAddresses already exists.',
      {
        target: 'proxyAddresses',
        items: [
          {
            code: 'ObjectConflict',
            message: 'Restore with autoReconcileProxyConflict to drop the addresses that somebody else has by now',
            target: 'proxyAddresses',
          },
        ],
      },
    ),
}
