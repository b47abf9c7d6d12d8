import type { Mail } from '../../../src/platform/mail/mail.js'

/** An ordinary mail, with whatever a test wants different. */
export function aMail(changes: Partial<Mail> = {}): Mail {
  return {
    id: '0198c2d4-7b11-7c22-8d33-9e44f0a1b2c3',
    tenantId: '0198c2d4-51f0-7c3e-9b1a-6f2d8e4a7c10',
    kind: 'invitation',
    from: { name: 'Vestibule on behalf of Fabrikam', address: 'invitations@vestibule.example' },
    replyTo: { name: 'Nils Brandt', address: 'nils.brandt@fabrikam.example' },
    to: { name: 'Giovanna Carvalho', address: 'gcarvalho@proseware.example' },
    cc: [{ address: 'boss@proseware.example' }],
    subject: 'Nils Brandt invited you',
    html: '<p>Hello</p>',
    text: 'Hello\n',
    headers: { 'List-Unsubscribe': '<https://vestibule.example/signin/block?tenant=1>' },
    ...changes,
  }
}
