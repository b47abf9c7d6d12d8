import { and, eq, getTableColumns, inArray, isNull, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { GraphType } from '../../graph/odata/resource.js'
import { oldestUnseen, type Snapshot } from '../../platform/changes/snapshot.js'
import { isBetween } from '../../platform/changes/store.js'
import { removedLinks, removedObjects } from '../../platform/changes/tables.js'
import type { TenantScope } from '../../platform/database.js'
import { groupMembers, groups } from '../groups/tables.js'
import { users } from '../tables.js'

type TrackedColumns = Record<'tenantId' | 'id' | 'deletedDateTime' | 'changedXid' | 'propertyXids', PgColumn>

/** A table of directory objects with `trackedColumns`. */
export type TrackedTable = PgTable & TrackedColumns

/** A relation whose links are rows of a table of their own, each with `changedXid`. */
export type TrackedLinks = {
  /** Name in Graph, and the kind in `removed_links`: `members`. */
  name: string
  table: PgTable
  tenantId: PgColumn
  ownerId: PgColumn
  /** `user`, `group`: after `microsoft.graph.` the target's type. */
  targetType: PgColumn
  targetId: PgColumn
  changedXid: PgColumn
  /** Whether the target of a row is there. A link to what is soft-deleted counts as gone. */
  isPresent: SQL
  /** Owners whose links are hidden from most; shown only to those who see hidden ones. */
  isHidden: SQL
}

/** Objects whose changes are told. `kind` is what those that are gone for good are remembered as. */
export type Tracked = {
  table: TrackedTable
  kind: string
  /** Where the objects are part of the rows of another table: the `from` clause that makes of it what `table` says. */
  rows?: SQL
  /**
   * Of which parts of those rows the ones consist that are there: each read on its own, in the order of ids, so that the
   * page of a first round comes from an index. Unless given, `rows`.
   */
  present?: readonly SQL[]
  /** The columns whose changes make an object come, go, or come back; unless given, `deleted_date_time`. */
  presence?: readonly string[]
  links?: TrackedLinks | undefined
}

export const PRESENCE: readonly string[] = ['deleted_date_time']

/** Graph: group.members. Hidden membership is told to clients with Member.Read.Hidden only. */
export const memberLinks: TrackedLinks = {
  name: 'members',
  table: groupMembers,
  tenantId: groupMembers.tenantId,
  ownerId: groupMembers.groupId,
  targetType: groupMembers.memberType,
  targetId: groupMembers.memberId,
  changedXid: groupMembers.changedXid,
  isPresent: sql`(exists (select 1 from ${users} u where u.tenant_id = ${groupMembers.tenantId}
      and u.id = ${groupMembers.memberId} and u.deleted_date_time is null)
    or exists (select 1 from ${groups} g where g.tenant_id = ${groupMembers.tenantId}
      and g.id = ${groupMembers.memberId} and g.deleted_date_time is null))`,
  isHidden: sql`${groups.visibility} = 'HiddenMembership'`,
}

/** The column of a property that has one of its own. */
export function columnNames(table: PgTable, property: string): string[] {
  const name = getTableColumns(table)[property]?.name
  return name === undefined ? [] : [name]
}

/** Where a round stands: the last entry told. In a first round all of it happened in transaction 0. */
export type Position = { xid: string; id: string; targetId: string }

/** One thing to tell: an object, or one of its links, as it is or as gone. `targetType` is empty for objects. */
export type Entry = Position & { targetType: string; isGone: boolean }

type Limits = { seesHidden: boolean; ids: readonly string[] | undefined; after: Position | undefined; most: number }

/** What entries of objects have in the place of a target: before every other one. */
export const NO_TARGET = '00000000-0000-0000-0000-000000000000'
const noTarget = sql`${sql.raw(`'${NO_TARGET}'`)}::uuid`

/** Everything that is there: each present object, followed by its links, in the order of ids. */
export async function listPresent(scope: TenantScope, tracked: Tracked, limits: Limits): Promise<Entry[]> {
  const { table, links } = tracked
  const { after, most } = limits
  const isThere = and(
    eq(table.tenantId, scope.tenantId),
    isNull(table.deletedDateTime),
    among(table.id, limits),
    beyond(sql`${table.id}, ${noTarget}`, after),
  )
  const objects = (tracked.present ?? [rowsOf(tracked)]).map(
    (rows) => sql`(select 0, ${table.id}, ${noTarget}, '', false from ${rows} where ${isThere}
      order by ${table.id} limit ${most})`,
  )
  if (!links) return read(scope, objects, most)
  const link = sql`${links.ownerId}, ${links.targetId}`
  const isShown = and(
    eq(links.tenantId, scope.tenantId),
    among(links.ownerId, limits),
    beyond(link, after),
    links.isPresent,
    ownerIsShown(table, links, links.ownerId, scope, limits, isNull(table.deletedDateTime)),
  )
  const linked = sql`(select 0, ${link}, ${links.targetType}, false from ${links.table} where ${isShown}
    order by ${link} limit ${most})`
  return read(scope, [...objects, linked], most)
}

/**
 * What changed in a round, in the order of the transactions: objects, soft-deleted ones included; objects gone for
 * good; links that came or went. With `columns` only objects of which one of these changed, or that came or went.
 */
export async function listChanged(
  scope: TenantScope,
  tracked: Tracked,
  limits: Limits & { since: Snapshot; until: Snapshot; columns: readonly string[] | undefined },
): Promise<Entry[]> {
  const { table, kind, links, presence = PRESENCE } = tracked
  const { since, until, columns, after, most } = limits
  const within = (xid: PgColumn, id: PgColumn, target: SQL) =>
    and(isBetween(sql`${xid}`, since, until), among(id, limits), beyond(sql`${xid}, ${id}, ${target}`, after))
  const objects = sql`(select ${table.changedXid}, ${table.id}, ${noTarget}, '', false from ${rowsOf(tracked)}
    where ${eq(table.tenantId, scope.tenantId)} and ${within(table.changedXid, table.id, noTarget)}
      and ${columns ? isTouched(table.propertyXids, [...presence, ...columns], since) : sql`true`}
    order by ${table.changedXid}, ${table.id} limit ${most})`
  const removed = removedObjects
  const gone = sql`(select ${removed.changedXid}, ${removed.id}, ${noTarget}, '', true from ${removed}
    where ${eq(removed.tenantId, scope.tenantId)} and ${eq(removed.kind, kind)}
      and ${within(removed.changedXid, removed.id, noTarget)}
      and not exists (select 1 from ${rowsOf(tracked)}
        where ${eq(table.tenantId, scope.tenantId)} and ${table.id} = ${removed.id})
    order by ${removed.changedXid}, ${removed.id} limit ${most})`
  if (!links) return read(scope, [objects, gone], most)

  const { ownerId, targetId, changedXid } = links
  const linked = sql`(select ${changedXid}, ${ownerId}, ${targetId}, ${links.targetType}, not ${links.isPresent}
    from ${links.table}
    where ${eq(links.tenantId, scope.tenantId)} and ${within(changedXid, ownerId, sql`${targetId}`)}
      and ${ownerIsShown(table, links, ownerId, scope, limits, isNull(table.deletedDateTime))}
    order by ${changedXid}, ${ownerId}, ${targetId} limit ${most})`
  const cut = removedLinks
  // Of owners that are soft-deleted, too, who are then told as gone: they may be back before the next round, which
  // does not tell of those who left before it, and with their other links.
  const unlinked = sql`(select ${cut.changedXid}, ${cut.ownerId}, ${cut.targetId}, ${cut.targetType}, true from ${cut}
    where ${eq(cut.tenantId, scope.tenantId)} and ${eq(cut.kind, links.name)}
      and ${within(cut.changedXid, cut.ownerId, sql`${cut.targetId}`)}
      and ${ownerIsShown(table, links, cut.ownerId, scope, limits)}
      and not exists (select 1 from ${links.table} where ${eq(links.tenantId, scope.tenantId)}
        and ${ownerId} = ${cut.ownerId} and ${targetId} = ${cut.targetId})
    order by ${cut.changedXid}, ${cut.ownerId}, ${cut.targetId} limit ${most})`
  return read(scope, [objects, gone, linked, unlinked], most)
}

/**
 * Objects that changed in a round and again after it began, in the order of ids: their rows name the last transaction
 * alone, which is of the next round, and that one would tell no more than what changed in it. `cut`: the relation in a
 * column of which a link that was cut counts, too.
 */
export async function listMoved(
  scope: TenantScope,
  tracked: Tracked,
  limits: {
    ids: readonly string[] | undefined
    after: string
    most: number
    since: Snapshot
    until: Snapshot
    columns: readonly string[] | undefined
    cut: string | undefined
  },
): Promise<Entry[]> {
  const { table, presence = PRESENCE } = tracked
  const { ids, after, most, since, until, columns, cut } = limits
  const names = columns && list(['', ...presence, ...columns])
  const isOfRound = sql`exists (select 1 from jsonb_each_text(${table.propertyXids}) as changed (name, xid)
    where ${names ? sql`changed.name = any (${names})` : sql`true`} and ${isBetween(sql`changed.xid::xid8`, since, until)})`
  const isCutInIt = sql`exists (select 1 from ${removedLinks} where ${eq(removedLinks.tenantId, scope.tenantId)}
    and ${eq(removedLinks.kind, cut ?? '')} and ${removedLinks.ownerId} = ${table.id}
    and ${isBetween(sql`${removedLinks.changedXid}`, since, until)})`
  const isAfter = and(
    eq(table.tenantId, scope.tenantId),
    sql`${table.changedXid} >= ${oldestUnseen(until)}::xid8`,
    sql`not pg_visible_in_snapshot(${table.changedXid}, ${until}::pg_snapshot)`,
    among(table.id, { ids }),
  )
  // `offset 0` keeps the planner from reading everybody there is in the order of ids.
  const rows = await scope.orm.execute<{ id: string }>(sql`
    select ${table.id} as id from (select * from ${rowsOf(tracked)} where ${isAfter} offset 0) as ${table}
    where ${table.id} > ${after}::uuid and ${cut === undefined ? isOfRound : sql`(${isOfRound} or ${isCutInIt})`}
    order by ${table.id} limit ${most}`)
  return rows.map(({ id }) => ({ xid: '0', id, targetId: NO_TARGET, targetType: '', isGone: false }))
}

export type Tracking = {
  id: string
  isDeleted: boolean
  changedXid: string
  propertyXids: Record<string, number> | null
}

/** What the rows with these ids say of their changes. */
export async function readTracking(scope: TenantScope, tracked: Tracked, ids: string[]): Promise<Tracking[]> {
  if (ids.length === 0) return []
  const { table } = tracked
  return scope.orm.execute<Tracking>(sql`
    select ${table.id} as id, ${table.deletedDateTime} is not null as "isDeleted", ${table.changedXid}::text as "changedXid",
      ${table.propertyXids} as "propertyXids"
    from ${rowsOf(tracked)} where ${and(eq(table.tenantId, scope.tenantId), inArray(table.id, ids))}`)
}

function rowsOf({ table, rows }: Tracked): SQL {
  return rows ?? sql`${table}`
}

/** Links of these owners that were cut since, of a relation that is a column. */
export async function listCut(
  scope: TenantScope,
  kind: string,
  ownerIds: string[],
  since: Snapshot,
  until: Snapshot,
): Promise<{ ownerId: string; targetType: string; targetId: string }[]> {
  if (ownerIds.length === 0) return []
  const { ownerId, targetType, targetId, tenantId } = removedLinks
  return scope.orm
    .select({ ownerId, targetType, targetId })
    .from(removedLinks)
    .where(
      and(
        eq(tenantId, scope.tenantId),
        eq(removedLinks.kind, kind),
        inArray(ownerId, ownerIds),
        isBetween(sql`${removedLinks.changedXid}`, since, until),
      ),
    )
    .orderBy(ownerId, targetId)
}

export function typeOf(target: string): GraphType {
  return `microsoft.graph.${target}`
}

async function read(scope: TenantScope, sources: SQL[], most: number): Promise<Entry[]> {
  type Row = { xid: string; id: string; target_id: string; target_type: string; gone: boolean }
  const rows = await scope.orm.execute<Row>(sql`
    select xid::text as xid, id, target_id, target_type, gone
    from (${sql.join(sources, sql` union all `)}) as entries (xid, id, target_id, target_type, gone)
    order by entries.xid, id, target_id limit ${most}`)
  return rows.map(({ xid, id, target_id: targetId, target_type: targetType, gone: isGone }) => ({
    xid,
    id,
    targetId,
    targetType,
    isGone,
  }))
}

function among(id: PgColumn, { ids }: Pick<Limits, 'ids'>): SQL | undefined {
  return ids ? inArray(id, [...ids]) : undefined
}

/** Keyset: what comes after the position, in the order of the columns, which begin with the xid in later rounds. */
function beyond(columns: SQL, after: Position | undefined): SQL | undefined {
  if (!after) return undefined
  const place = sql`${after.id}::uuid, ${after.targetId}::uuid`
  return after.xid === '0' ? sql`(${columns}) > (${place})` : sql`(${columns}) > (${after.xid}::xid8, ${place})`
}

function ownerIsShown(
  table: TrackedTable,
  links: TrackedLinks,
  ownerId: PgColumn,
  scope: TenantScope,
  { seesHidden }: Pick<Limits, 'seesHidden'>,
  isOne?: SQL,
): SQL {
  const isOwner = and(eq(table.tenantId, scope.tenantId), eq(table.id, ownerId), isOne)
  return sql`exists (select 1 from ${table} where ${and(isOwner, seesHidden ? undefined : sql`${links.isHidden} is not true`)})`
}

/** Whether one of the columns, or whether the object is there, changed since. No property xids: never updated. */
function isTouched(propertyXids: PgColumn, columns: readonly string[], since: Snapshot): SQL {
  return sql`(${propertyXids} is null or exists (
    select 1 from unnest(${list(['', ...columns])}) as name
    where not pg_visible_in_snapshot((${propertyXids}->>name)::xid8, ${since}::pg_snapshot)))`
}

function list(names: readonly string[]): SQL {
  return sql`array[${sql.join(
    names.map((name) => sql`${name}`),
    sql`, `,
  )}]::text[]`
}
