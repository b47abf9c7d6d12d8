import { eq, inArray, type SQL, sql } from 'drizzle-orm'
import { loadUsers, type UserRow } from '../../directory/index.js'
import { defineCollection, entityRules } from '../../graph/odata/collection.js'
import { type FilterNode, propertiesOf } from '../../graph/odata/filter-tree.js'
import { rangeOfIds } from '../../graph/odata/id-range.js'
import { EQUALITY, operators } from '../../graph/odata/operators.js'
import { defineResource, type Property } from '../../graph/odata/resource.js'
import { REFRESH } from './log-context.js'
import { statusOf } from './outcomes.js'
import { loadSignIns, type SignInRow } from './store.js'
import { EVENT_KIND, signIns } from './tables.js'

type SignInProperty = Property<SignInRow>

const equality = operators(...EQUALITY)

/** The names Entra's log has for what people prove themselves with. */
const METHODS: Record<string, string> = {
  emailOneTimePasscode: 'Email OTP',
  federated: 'Federated',
  organization: 'Federated',
  softwareOath: 'OATH verification code',
  fido2: 'Passkey',
  phone: 'Text message',
  email: 'Email OTP',
  password: 'Password',
  recoveryCode: 'Recovery code',
  session: 'Previously satisfied',
  [REFRESH]: 'Previously satisfied',
}
/** Who vouches for second steps: nobody but us. */
const SECOND_STEPS = 'vestibule'

/** Graph: signIn.signInEventTypes. Only people are signed in to anything here. */
const EVENT_TYPES = { interactiveUser: 'i', nonInteractiveUser: 'n', servicePrincipal: 's', managedIdentity: 'm' }

const isRefresh = ({ method }: SignInRow) => method === REFRESH
const methodOf = ({ method }: SignInRow) => METHODS[method] ?? method

/** The one step that a line tells of (Graph beta: authenticationDetail). */
function detailOf(row: SignInRow) {
  const { errorCode, failureReason } = statusOf(row.outcome)
  const succeeded = errorCode === 0
  return {
    authenticationStepDateTime: row.createdDateTime.toISOString(),
    authenticationMethod: methodOf(row),
    authenticationMethodDetail: null,
    succeeded,
    authenticationStepResultDetail: succeeded ? null : failureReason,
    authenticationStepRequirement:
      row.provider === SECOND_STEPS ? 'Multifactor authentication' : 'Primary authentication',
  }
}

/** Graph's properties; what Graph knows of devices, places and risk is not looked at here, and null. */
const properties: Record<string, SignInProperty> = {
  id: { ...shown('Edm.String', (row) => row.id), filter: { sql: signIns.id, type: 'guid', operators: equality } },
  createdDateTime: {
    ...shown('Edm.DateTimeOffset', (row) => row.createdDateTime.toISOString()),
    filter: {
      sql: signIns.createdDateTime,
      type: 'dateTime',
      operators: operators('eq', 'ge', 'gt', 'le', 'lt'),
      implies: rangeOfIds(signIns.id),
    },
    // Ids are in the order of time, and have the index.
    orderBy: { sql: signIns.id, type: 'uuid' },
  },
  userDisplayName: named((user) => user.displayName),
  userPrincipalName: named((user) => user.userPrincipalName),
  userId: {
    ...shown('Edm.String', (row) => row.userId),
    filter: { sql: signIns.userId, type: 'guid', operators: equality },
  },
  appId: {
    ...shown('Edm.String', (row) => row.applicationId),
    filter: { sql: signIns.applicationId, type: 'guid', operators: equality },
  },
  appDisplayName: shown('Edm.String', (row) => row.applicationName),
  ipAddress: {
    ...shown('Edm.String', (row) => row.clientAddress),
    filter: { sql: signIns.clientAddress, type: 'string', fold: 'stored', operators: operators('eq') },
  },
  clientAppUsed: shown('Edm.String', (row) => (isRefresh(row) ? 'Mobile Apps and Desktop clients' : 'Browser')),
  correlationId: shown('Edm.String', (row) => row.correlationId),
  conditionalAccessStatus: shown('microsoft.graph.conditionalAccessStatus', () => 'notApplied'),
  isInteractive: shown('Edm.Boolean', (row) => !isRefresh(row)),
  riskDetail: shown('microsoft.graph.riskDetail', () => 'none'),
  riskLevelAggregated: shown('microsoft.graph.riskLevel', () => 'none'),
  riskLevelDuringSignIn: shown('microsoft.graph.riskLevel', () => 'none'),
  riskState: shown('microsoft.graph.riskState', () => 'none'),
  riskEventTypes: list('microsoft.graph.riskEventType'),
  riskEventTypes_v2: list('Edm.String'),
  // What was signed in to is the application itself.
  resourceDisplayName: shown('Edm.String', (row) => row.applicationName),
  resourceId: shown('Edm.String', (row) => row.applicationId),
  status: shown('microsoft.graph.signInStatus', (row) => statusOf(row.outcome)),
  deviceDetail: shown('microsoft.graph.deviceDetail', () => null),
  location: shown('microsoft.graph.signInLocation', () => null),
  appliedConditionalAccessPolicies: list('microsoft.graph.appliedConditionalAccessPolicy'),
  // As Graph's beta has it, and who vouched, which is ours.
  signInEventTypes: {
    ...shown('Edm.String', (row) => [isRefresh(row) ? 'nonInteractiveUser' : 'interactiveUser']),
    isCollection: true,
    filter: {
      type: 'collection',
      operators: operators('any'),
      // Each line has one.
      any: (condition) => condition ?? sql`true`,
      item: {
        sql: EVENT_KIND,
        type: 'enum',
        operators: operators(...EQUALITY, 'ne'),
        values: EVENT_TYPES,
      },
    },
  },
  authenticationMethodsUsed: {
    ...shown('Edm.String', (row) => [methodOf(row)]),
    isCollection: true,
  },
  authenticationDetails: {
    ...shown('microsoft.graph.authenticationDetail', (row) => [detailOf(row)]),
    isCollection: true,
  },
  identityProvider: shown('Edm.String', (row) => row.provider),
  signInIdentifier: shown('Edm.String', (row) => row.identifier),
}

function shown(type: SignInProperty['type'], read: (row: SignInRow) => unknown): SignInProperty {
  return { type, isDefault: true, read }
}

/** As the person is called today; null when they are deleted. */
function named(read: (user: UserRow) => string): SignInProperty {
  return {
    type: 'Edm.String',
    isDefault: true,
    async load(rows, { scope }) {
      const users = await loadUsers(scope, [...new Set(rows.map(({ userId }) => userId))])
      const names = new Map(users.map((user) => [user.id, read(user)]))
      return ({ userId }) => names.get(userId) ?? null
    },
  }
}

function list(type: SignInProperty['type']): SignInProperty {
  return { ...shown(type, () => []), isCollection: true }
}

/** Graph: signIn. */
export const signInResource = defineResource<SignInRow>({
  type: 'microsoft.graph.signIn',
  baseType: 'microsoft.graph.entity',
  set: 'auditLogs/signIns',
  hasNoSet: true,
  name: 'SignIn',
  properties,
  complexTypes: {
    'microsoft.graph.signInStatus': {
      errorCode: { type: 'Edm.Int32' },
      failureReason: { type: 'Edm.String' },
      additionalDetails: { type: 'Edm.String' },
    },
    'microsoft.graph.authenticationDetail': {
      authenticationStepDateTime: { type: 'Edm.DateTimeOffset' },
      authenticationMethod: { type: 'Edm.String' },
      authenticationMethodDetail: { type: 'Edm.String' },
      succeeded: { type: 'Edm.Boolean' },
      authenticationStepResultDetail: { type: 'Edm.String' },
      authenticationStepRequirement: { type: 'Edm.String' },
    },
  },
  filterPaths: {
    'status/errorCode': { sql: signIns.errorCode, type: 'integer', operators: operators(...EQUALITY, 'ne') },
  },
  load: ({ scope }, ids) => loadSignIns(scope, inArray(signIns.id, [...ids])),
})

/** `GET /auditLogs/signIns`, newest first. */
export const signInCollection = defineCollection({
  resource: signInResource,
  from: sql`${signIns}`,
  id: signIns.id,
  where: (tenantId) => eq(signIns.tenantId, tenantId),
  idOrder: 'desc',
})

/**
 * Rows of a list: unless its filter speaks of `signInEventTypes`, those that people were there for (Graph: list signIns).
 */
export function askedLines(filter: FilterNode | undefined): SQL | undefined {
  return filter && propertiesOf(filter).has('signInEventTypes')
    ? undefined
    : eq(EVENT_KIND, EVENT_TYPES.interactiveUser)
}

/** What `GET /auditLogs/signIns/{id}` understands. */
export const signInRules = entityRules(signInResource)
