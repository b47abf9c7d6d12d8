import { Refusal } from '../../kernel/refusal.js'

export const refusals = {
  roleMissing: () => new Refusal('forbidden', 'roleMissing', 'Insufficient privileges to complete the operation.'),
  notFound: (id: string) =>
    new Refusal(
      'notFound',
      'signInNotFound',
      `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
      { graphCode: 'Request_ResourceNotFound' },
    ),
}
