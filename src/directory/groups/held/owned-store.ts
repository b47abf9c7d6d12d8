import { isNull, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import type { Link } from '../../../graph/odata/resource.js'
import type { TenantScope } from '../../../platform/database.js'
import { type OwnedElsewhere, objectsElsewhere } from '../../objects/kinds.js'
import { groupOwners, groups } from '../tables.js'
import { HELD } from './store.js'

const TENANT = sql.raw('held.tenant_id')

type Rows = OwnedElsewhere['rows']

const groupRows: Rows = {
  from: sql`${groups}`,
  as: groups,
  tenantId: groups.tenantId,
  id: groups.id,
  present: isNull(groups.deletedDateTime),
}

/** What can be owned, by its type. */
function kinds(): [type: string, Rows][] {
  const elsewhere = [...objectsElsewhere()].map(([type, { owned }]): [string, Rows] => [type, owned.rows])
  return [['microsoft.graph.group', groupRows], ...elsewhere]
}

/** Everything that can be owned: `held` says what it is, and the tables of the types hold its row, or nulls. */
export function ownedRows(): SQL {
  const all = kinds().map(
    ([type, { from, tenantId, id }]) =>
      sql`select ${tenantId} as tenant_id, ${id} as id, ${type}::text as type from ${from}`,
  )
  // `offset 0` keeps the planner from starting at everything there is.
  const items = kinds().map(
    ([type, { from, as, tenantId, id, present }]) => sql`left join lateral (select * from ${from}
      where held.type = ${type}::text and ${tenantId} = ${TENANT} and ${id} = ${HELD} and ${present} offset 0) as ${as} on true`,
  )
  return sql`(${sql.join(all, sql` union all `)}) as held ${sql.join(items, sql` `)}`
}

/** Those of them that are there. */
export function presentOwned(tenantId: string): SQL {
  const ids = kinds().map(([, { id }]) => sql`${id}`)
  return sql`${TENANT} = ${tenantId}::uuid and coalesce(${sql.join(ids, sql`, `)}) is not null`
}

/** What somebody owns. The ids are read first, so that the work is that of these objects, however many there are. */
export function ownedBy(tenantId: string, owner: string | SQLWrapper): SQL {
  const ownerId = typeof owner === 'string' ? sql`${owner}::uuid` : owner
  const ofGroups = sql`select o.group_id from ${groupOwners} o
    where o.tenant_id = ${tenantId}::uuid and o.owner_id = ${ownerId}`
  const elsewhere = [...objectsElsewhere().values()].map(({ owned }) => owned.ids(tenantId, ownerId))
  return sql`${HELD} = any (array(${sql.join([ofGroups, ...elsewhere], sql` union all `)}))`
}

/** The first objects each of these owns, in the order of ids: one statement that reads no further than it must. */
export async function firstOwned(
  scope: TenantScope,
  ownerIds: readonly string[],
  most: number,
): Promise<ReadonlyMap<string, readonly Link[]>> {
  const rows = await scope.orm.execute<Link & { of: string }>(sql`
    select owner.id as "of", found.id, found.type
    from unnest(${`{${ownerIds.join(',')}}`}::text::uuid[]) as owner (id)
    cross join lateral (
      select held.id, held.type from ${ownedRows()}
      where ${presentOwned(scope.tenantId)} and ${ownedBy(scope.tenantId, sql`owner.id`)}
      order by held.id limit ${most}::int
    ) as found`)
  const links = new Map<string, Link[]>(ownerIds.map((id) => [id, []]))
  for (const { of, id, type } of rows) links.get(of)?.push({ id, type })
  return links
}
