import t from 'tap'
import { invitationResource } from '../../src/invitations/invitation-resource.js'
import { deliveryOf, graphResource, historyOf, statusAt } from '../../src/invitations/resource.js'
import type { InvitationRecord } from '../../src/invitations/store.js'

const now = new Date('2026-11-21T10:00:00Z')
const record: InvitationRecord = {
  tenantId: '01900000-0000-7000-8000-000000000001',
  id: '01900000-0000-7000-8000-00000000000a',
  userId: '01900000-0000-7000-8000-00000000000b',
  invitedUserEmailAddress: 'Ana@partner.example',
  addressFolded: 'ana@partner.example',
  invitedUserDisplayName: null,
  invitedUserType: 'Guest',
  inviteRedirectUrl: 'https://app.example/',
  sendInvitationMessage: true,
  messageLanguage: 'de',
  customizedMessageBody: 'Hallo',
  ccName: 'Bo',
  ccAddress: 'bo@partner.example',
  contactUrl: null,
  resetRedemption: false,
  status: 'pending',
  ticketVersion: 1,
  createdDateTime: new Date('2026-11-20T10:00:00.123Z'),
  expiresDateTime: new Date('2026-12-20T10:00:00Z'),
  redeemedDateTime: null,
  endedDateTime: null,
  inviterKind: 'application',
  inviterId: '01900000-0000-7000-8000-00000000000c',
  inviterName: 'HR portal',
  inviterMail: null,
  sentCount: 1,
  lastSentDateTime: new Date('2026-11-20T10:00:01Z'),
  deliveryState: 'sent',
  deliveryReason: null,
  deliveryDateTime: new Date('2026-11-20T10:00:01Z'),
  history: [
    {
      event: 'invited',
      dateTime: '2026-11-20T10:00:00.123+00:00',
      actor: { kind: 'application', id: 'c', displayName: 'HR' },
    },
    { event: 'sent', dateTime: '2026-11-20T11:00:01+01:00', actor: { kind: 'service' } },
    { event: 'declined', dateTime: '2026-11-20T10:00:02Z', actor: { kind: 'user', id: 'b', displayName: 'Ana' } },
  ],
}

t.test('the status that holds now, whatever the job has written down', async (t) => {
  const past = new Date('2026-11-21T09:59:59Z')
  const cases: [change: Partial<InvitationRecord>, status: string][] = [
    [{}, 'PendingAcceptance'],
    [{ expiresDateTime: null }, 'PendingAcceptance'],
    [{ expiresDateTime: past }, 'Expired'],
    [{ expiresDateTime: now }, 'Expired'],
    [{ status: 'expired', expiresDateTime: past }, 'Expired'],
    [{ status: 'completed' }, 'Completed'],
    [{ status: 'completed', expiresDateTime: past }, 'Completed'],
    [{ status: 'revoked', expiresDateTime: past }, 'Revoked'],
    [{ status: 'error' }, 'Error'],
  ]
  for (const [change, status] of cases) t.equal(statusAt({ ...record, ...change }, now), status, JSON.stringify(change))
})

t.test('what Graph answers has its properties and no other', async (t) => {
  t.strictSame(graphResource(record, now), {
    id: record.id,
    invitedUserDisplayName: null,
    invitedUserEmailAddress: 'Ana@partner.example',
    invitedUserType: 'Guest',
    inviteRedirectUrl: 'https://app.example/',
    sendInvitationMessage: true,
    resetRedemption: false,
    status: 'PendingAcceptance',
    invitedUserMessageInfo: {
      messageLanguage: 'de',
      customizedMessageBody: 'Hallo',
      ccRecipients: [{ emailAddress: { name: 'Bo', address: 'bo@partner.example' } }],
    },
    invitedUser: { id: record.userId },
  })
})

t.test('readers see history and delivery with every time in UTC, and never a link', async (t) => {
  t.strictSame(historyOf(record), [
    { event: 'invited', dateTime: '2026-11-20T10:00:00.123Z', actor: { application: { id: 'c', displayName: 'HR' } } },
    {
      event: 'sent',
      dateTime: '2026-11-20T10:00:01.000Z',
      actor: { application: { id: null, displayName: 'Vestibule' } },
    },
    { event: 'declined', dateTime: '2026-11-20T10:00:02.000Z', actor: { user: { id: 'b', displayName: 'Ana' } } },
  ])
  t.strictSame(deliveryOf(record), { state: 'sent', reason: null, dateTime: '2026-11-20T10:00:01.000Z' })
  t.notOk('inviteRedeemUrl' in invitationResource.properties)
})

t.test('without a mail there is no delivery', async (t) => {
  t.equal(deliveryOf({ ...record, deliveryState: null }), null)
})
