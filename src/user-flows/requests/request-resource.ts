import { EQUALITY, operators } from '../../graph/odata/operators.js'
import { defineResource, type Property } from '../../graph/odata/resource.js'
import { stateAt } from './rules.js'
import { loadRequests } from './store.js'
import { type RequestRow, signUpRequests } from './tables.js'

/** Names of states in answers and filters, and as they are stored. */
export const STORED_STATUS = {
  PendingApproval: 'pending',
  Approved: 'approved',
  Denied: 'denied',
  Lapsed: 'lapsed',
} as const

const range = operators('eq', 'ge', 'gt', 'le', 'lt', 'not')
const equality = operators(...EQUALITY, 'ne', 'not')

/** An addition of ours under a user flow. `$filter` by `status` needs the present moment: see `query.ts`. */
const properties: Record<string, Property<RequestRow>> = {
  id: {
    type: 'Edm.String',
    isDefault: true,
    read: (row) => row.id,
    filter: { sql: signUpRequests.id, type: 'guid', operators: equality },
  },
  status: shown('Edm.String', (row, { now }) => statusOf(row, now)),
  email: {
    ...shown('Edm.String', (row) => row.email),
    filter: {
      sql: signUpRequests.emailFolded,
      type: 'string',
      fold: 'stored',
      operators: operators(...equality, 'startsWith'),
    },
    orderBy: { sql: signUpRequests.emailFolded, type: 'text' },
  },
  displayName: shown('Edm.String', (row) => row.displayName),
  identities: { ...shown('microsoft.graph.objectIdentity', (row) => [row.visitor.identity]), isCollection: true },
  answers: { ...shown('microsoft.graph.signUpRequestAnswer', (row) => row.answers), isCollection: true },
  applicationId: shown('Edm.String', (row) => row.visitor.clientId ?? null),
  createdDateTime: {
    ...instant((row) => row.createdDateTime),
    filter: { sql: signUpRequests.createdDateTime, type: 'dateTime', operators: range },
    orderBy: { sql: signUpRequests.createdDateTime, type: 'timestamptz' },
  },
  expiresDateTime: {
    ...instant((row) => row.expiresDateTime),
    filter: { sql: signUpRequests.expiresDateTime, type: 'dateTime', operators: range },
    orderBy: { sql: signUpRequests.expiresDateTime, type: 'timestamptz' },
  },
  decidedDateTime: instant(
    (row, now) => row.decidedDateTime ?? (row.expiresDateTime <= now ? row.expiresDateTime : null),
  ),
  decidedBy: shown('microsoft.graph.identitySet', ({ decidedBy }) => {
    if (!decidedBy?.id) return null
    return { [decidedBy.kind]: { id: decidedBy.id, displayName: decidedBy.displayName ?? null } }
  }),
  reason: shown('Edm.String', (row) => row.reason),
  user: shown('microsoft.graph.user', (row) => row.userId && { id: row.userId }),
}

export const requestResource = defineResource<RequestRow>({
  type: 'microsoft.graph.signUpRequest',
  set: 'signUpRequests',
  name: 'SignUpRequest',
  hasNoSet: true,
  properties,
  complexTypes: {
    'microsoft.graph.signUpRequestAnswer': {
      name: { type: 'Edm.String' },
      label: { type: 'Edm.String' },
      value: { type: 'Edm.String' },
    },
  },
  load: ({ scope }, ids) => loadRequests(scope, ids),
})

/** The name of what is true of a request at `now`. */
function statusOf(row: RequestRow, now: Date): string {
  const state = stateAt(row, now)
  return Object.entries(STORED_STATUS).find(([, stored]) => stored === state)?.[0] ?? state
}

function shown(
  type: Property<RequestRow>['type'],
  read: (row: RequestRow, context: { now: Date }) => unknown,
): Property<RequestRow> {
  return { type, isDefault: true, read }
}

function instant(read: (row: RequestRow, now: Date) => Date | null): Property<RequestRow> {
  return shown('Edm.DateTimeOffset', (row, { now }) => read(row, now)?.toISOString() ?? null)
}
