import type { DeltaItem, DeltaRound, DeltaSource } from '../../graph/delta.js'
import type { PagePosition } from '../../graph/odata/page-token.js'
import type { TenantScope } from '../../platform/database.js'
import type { Tenant, Tenants } from '../../tenants/index.js'
import { findUsersDeletedToo, readIdentities } from '../store.js'
import { type UserRow, userColumn, users } from '../tables.js'
import { DEFAULT_USER_PROPERTIES, identitiesOf, USER_PROPERTIES, userResource } from '../user-resource.js'
import { toldProperties } from './changed-properties.js'
import { type Change, listChanged, listPresent } from './delta-store.js'
import { changedPosition, presentPosition } from './position.js'

/** Properties that are made from other columns than their own. */
const MADE_FROM: Record<string, readonly string[]> = {
  proxyAddresses: ['mail'],
  otherMails: ['other_mails', 'mail'],
  // Both statements that write identities change the state with them.
  identities: ['external_user_state', 'user_principal_name'],
}

/** `/users/delta`: users who came, changed, or went. */
export function usersDelta(needs: { tenants: Tenants }): DeltaSource {
  return {
    path: '/users/delta',
    set: 'users',
    rules: { type: 'microsoft.graph.user', resource: 'User', properties: new Set(USER_PROPERTIES) },
    async page(scope, round, after, most) {
      const tenant = await needs.tenants.find(scope.tenantId)
      if (!tenant) throw new Error('a caller without a tenant was let in')
      return round.since === undefined
        ? firstRound(scope, tenant, round, after, most)
        : laterRound(scope, tenant, { ...round, since: round.since }, after, most)
    },
  }
}

async function firstRound(
  scope: TenantScope,
  tenant: Tenant,
  round: DeltaRound,
  after: PagePosition | undefined,
  most: number,
) {
  const query = { ids: round.ids, after: presentPosition(after), most: most + 1 }
  const ids = await listPresent(scope, users, query)
  const shown = ids.slice(0, most)
  const found = await resources(scope, tenant, shown, round)
  const last = ids.length > most ? shown.at(-1) : undefined
  return {
    value: shown.flatMap((id) => told({ id, isGone: false }, found)),
    next: last === undefined ? undefined : [last],
  }
}

async function laterRound(
  scope: TenantScope,
  tenant: Tenant,
  round: DeltaRound & { since: string },
  after: PagePosition | undefined,
  most: number,
) {
  const { since, select } = round
  const columns = select?.flatMap(columnsOf)
  const query = { since, round, columns, after: changedPosition(after), most: most + 1 }
  const changes = await listChanged(scope, users, 'user', query)
  const shown = changes.slice(0, most)
  const found = await resources(
    scope,
    tenant,
    shown.filter(({ isGone }) => !isGone).map(({ id }) => id),
    round,
  )
  const last = changes.length > most ? shown.at(-1) : undefined
  return { value: shown.flatMap((change) => told(change, found)), next: last && [last.xid, last.id] }
}

/** A row that went for good after it was listed is told in the next round. */
function told({ id, isGone }: Pick<Change, 'id' | 'isGone'>, found: Map<string, DeltaItem>): DeltaItem[] {
  if (isGone) return [{ id, '@removed': { reason: 'deleted' } }]
  const resource = found.get(id)
  return resource ? [resource] : []
}

async function resources(
  scope: TenantScope,
  tenant: Tenant,
  ids: string[],
  round: DeltaRound,
): Promise<Map<string, DeltaItem>> {
  const properties = round.select ?? DEFAULT_USER_PROPERTIES
  const rows = await findUsersDeletedToo(scope, ids)
  const stored = properties.includes('identities') ? await readIdentities(scope, ids) : []
  return new Map(
    rows.map((row) => {
      const own = stored.filter(({ userId }) => userId === row.id)
      return [
        row.id,
        resourceOf(row, userResource({ row, identities: identitiesOf(tenant, row, own) }, properties), round),
      ]
    }),
  )
}

/** Soft-deleted users are told as removed, and can come back (Graph: reason "changed"). */
function resourceOf(row: UserRow, resource: Record<string, unknown>, round: DeltaRound): DeltaItem {
  if (row.deletedDateTime) return { id: row.id, '@removed': { reason: 'changed' } }
  return { ...toldProperties(resource, row, round, columnsOf), id: row.id }
}

function columnsOf(property: string): readonly string[] {
  return MADE_FROM[property] ?? userColumn(property)
}
