import { inArray } from 'drizzle-orm'
import { EQUALITY, operators } from '../graph/odata/operators.js'
import { defineResource, type Property } from '../graph/odata/resource.js'
import { deliveryOf, historyOf, messageInfoOf, statusAt } from './resource.js'
import { type InvitationRecord, loadInvitations } from './store.js'
import { invitations } from './tables.js'

type InvitationProperty = Property<InvitationRecord>

const range = operators('eq', 'ge', 'gt', 'le', 'lt', 'not')
const equality = operators(...EQUALITY, 'ne', 'not')

/** Graph's properties first, our additions after them. `$filter` needs the present moment: see `query.ts`. */
const properties: Record<string, InvitationProperty> = {
  id: {
    type: 'Edm.String',
    isDefault: true,
    read: (row) => row.id,
    filter: { sql: invitations.id, type: 'guid', operators: equality },
  },
  invitedUserDisplayName: shown('Edm.String', (row) => row.invitedUserDisplayName),
  invitedUserEmailAddress: {
    ...shown('Edm.String', (row) => row.invitedUserEmailAddress),
    filter: {
      sql: invitations.addressFolded,
      type: 'string',
      fold: 'stored',
      operators: operators(...equality, 'startsWith'),
    },
  },
  invitedUserType: shown('Edm.String', (row) => row.invitedUserType),
  inviteRedirectUrl: shown('Edm.String', (row) => row.inviteRedirectUrl),
  sendInvitationMessage: shown('Edm.Boolean', (row) => row.sendInvitationMessage),
  resetRedemption: shown('Edm.Boolean', (row) => row.resetRedemption),
  status: { type: 'Edm.String', isDefault: true, read: (row, { now }) => statusAt(row, now) },
  invitedUserMessageInfo: shown('microsoft.graph.invitedUserMessageInfo', messageInfoOf),
  invitedUser: shown('microsoft.graph.user', (row) => ({ id: row.userId })),
  createdDateTime: {
    ...instant((row) => row.createdDateTime),
    filter: { sql: invitations.createdDateTime, type: 'dateTime', operators: range },
  },
  expiresDateTime: {
    ...instant((row) => row.expiresDateTime),
    filter: { sql: invitations.expiresDateTime, type: 'dateTime', operators: operators(...range, 'null') },
  },
  redeemedDateTime: instant((row) => row.redeemedDateTime),
  contactUrl: shown('Edm.String', (row) => row.contactUrl),
  sentCount: shown('Edm.Int32', (row) => row.sentCount),
  lastSentDateTime: instant((row) => row.lastSentDateTime),
  delivery: shown('microsoft.graph.invitationDelivery', deliveryOf),
  history: { ...shown('microsoft.graph.invitationEvent', historyOf), isCollection: true },
}

/** Graph: invitation, with our additions: what a reader of invitations sees. Never the redeem link. */
export const invitationResource = defineResource<InvitationRecord>({
  type: 'microsoft.graph.invitation',
  set: 'invitations',
  name: 'Invitation',
  properties,
  filterPaths: { 'invitedUser/id': { sql: invitations.userId, type: 'guid', operators: equality } },
  load: ({ scope }, ids) => loadInvitations(scope, inArray(invitations.id, [...ids])),
})

function shown(type: InvitationProperty['type'], read: (row: InvitationRecord) => unknown): InvitationProperty {
  return { type, isDefault: true, read }
}

function instant(read: (row: InvitationRecord) => Date | null): InvitationProperty {
  return shown('Edm.DateTimeOffset', (row) => read(row)?.toISOString() ?? null)
}
