import { Refusal } from '../../kernel/refusal.js'

export const refusals = {
  addressTaken: (address: string) =>
    new Refusal('conflict', 'addressTaken', `Another account of this organization has the address ${address}.`, {
      target: 'email',
    }),
  ownDomain: (domain: string) =>
    new Refusal('forbidden', 'ownDomain', `${domain} is a domain of this organization: its people are no guests.`, {
      target: 'email',
    }),
}
