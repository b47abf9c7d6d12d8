import { type SQL, sql } from 'drizzle-orm'
import { type Collection, defineCollection } from '../../graph/odata/collection.js'
import { operators } from '../../graph/odata/operators.js'
import { defineResource, type Property } from '../../graph/odata/resource.js'
import { DAY_MS, type Instant, later } from '../../kernel/instant.js'
import { loadUsers, readSignInActivity, type SignInActivity } from '../store.js'
import { type UserRow, users } from '../tables.js'
import { graphDateTime } from '../user-further-properties.js'
import { reasonOf } from './rules.js'

type StaleProperty = Property<UserRow>

const properties: Record<string, StaleProperty> = {
  id: shown('Edm.String', (row) => row.id),
  reason: {
    type: 'Edm.String',
    isDefault: true,
    read: (row, { now }) => reasonOf(row, now),
    filter: {
      sql: sql`stale.reason`,
      type: 'enum',
      operators: operators('eq', 'in'),
      values: { accessEnded: 'accessEnded', neverRedeemed: 'neverRedeemed', idle: 'idle' },
    },
  },
  displayName: shown('Edm.String', (row) => row.displayName),
  mail: shown('Edm.String', (row) => row.mail),
  userPrincipalName: shown('Edm.String', (row) => row.userPrincipalName),
  accountEnabled: shown('Edm.Boolean', (row) => row.accountEnabled),
  externalUserState: shown('Edm.String', (row) => row.externalUserState),
  createdDateTime: shown('Edm.DateTimeOffset', (row) => graphDateTime(row.createdDateTime)),
  accessEndDateTime: shown('Edm.DateTimeOffset', (row) => graphDateTime(row.accessEndDateTime)),
  lastSignInDateTime: cameLast(({ last }) => last),
  lastNonInteractiveSignInDateTime: cameLast(({ refreshed }) => refreshed),
}

/** As `signInActivity` of users; that somebody is idle is what the report is about, when they came is not. */
function cameLast(of: (activity: SignInActivity) => SignInActivity['last']): StaleProperty {
  return {
    type: 'Edm.DateTimeOffset',
    isDefault: true,
    async load(rows, { scope, caller }) {
      if (!caller.permissions.has('AuditLog.Read.All')) return () => null
      const ids = rows.map(({ id }) => id)
      const known = await readSignInActivity(scope, ids)
      return ({ id }) => {
        const activity = known.get(id)
        return graphDateTime((activity && of(activity)?.at) ?? null)
      }
    },
  }
}

function shown(type: StaleProperty['type'], read: (row: UserRow) => unknown): StaleProperty {
  return { type, isDefault: true, read }
}

/** Addition: a guest who should be looked at, and why. */
export const staleGuestResource = defineResource<UserRow>({
  type: 'microsoft.graph.staleGuest',
  baseType: 'microsoft.graph.entity',
  set: 'reports/staleGuests',
  hasNoSet: true,
  name: 'StaleGuest',
  properties,
  load: ({ scope }, ids) => loadUsers(scope, ids),
})

/** Guests who are stale at `now` after so many days, in the order of ids. */
export function staleGuests(days: number, now: Instant): Collection {
  return { ...staleGuestCollection, from: staleAt(later(now, -days * DAY_MS), now) }
}

/**
 * Each reason by its own index, and each guest once. Who never came is known by their acceptance; a session that is over
 * has left its time behind (`sign_in_last`). Whose application refreshes tokens is at work there (Graph: signInActivity,
 * "use the non-interactive sign-in date along with lastSignInDateTime to identify inactive users"); one that tries and gets
 * none is not.
 */
function staleAt(before: Instant, now: Instant): SQL {
  const [cut, moment] = [sql`${before.toISOString()}::timestamptz`, sql`${now.toISOString()}::timestamptz`]
  const still = sql`u.deleted_date_time is null and (u.access_end_date_time is null or u.access_end_date_time > ${moment})`
  const settled = sql`u.created_date_time < ${cut} and u.external_user_state_change_date_time < ${cut}`
  return sql`(
    select u.tenant_id, u.id, 'accessEnded' as reason from ${users} u
    where u.deleted_date_time is null and u.access_end_date_time <= ${moment}
    union all
    select u.tenant_id, u.id, 'neverRedeemed' from ${users} u
    where u.external_user_state = 'PendingAcceptance' and ${settled} and ${still}
    union all
    select u.tenant_id, u.id, 'idle' from ${users} u
    where u.external_user_state = 'Accepted' and ${settled} and ${still}
      and not exists (select 1 from sign_in_last(u.tenant_id, array[u.id]) l where l.last_date_time >= ${cut})
      and not sign_in_refreshed_since(u.tenant_id, u.id, ${cut})
  ) as stale`
}

/** What the list takes; its rows depend on the request. */
export const staleGuestCollection = defineCollection({
  resource: staleGuestResource,
  from: staleAt(new Date(0), new Date(0)),
  id: sql`stale.id`,
  where: (tenantId) => sql`stale.tenant_id = ${tenantId}`,
})
