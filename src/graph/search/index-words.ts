import { sql } from 'drizzle-orm'
import type { TenantScope } from '../../platform/database.js'
import type { Resource } from '../odata/resource.js'
import { isAfterPosition } from './position.js'
import { searchPositions, searchWords } from './tables.js'

/**
 * Puts the words of up to `most` objects of a resource that changed since the last time into the index; returns how many
 * it took. Whatever it does not get to is found all the same, at a higher price: that is also what changed beside a
 * transaction that is still open. One sweep of a tenant's resource runs at a time, and none beside a deletion for good:
 * it could bring back words of a text that has changed since.
 */
export async function indexWords(scope: TenantScope, resource: Resource, most: number): Promise<number> {
  const texts = Object.entries(resource.properties).flatMap(([property, { search }]) =>
    search?.kind === 'words' ? [{ field: `${search.table}.${property}`, table: search.table, text: search.sql }] : [],
  )
  const table = texts[0]?.table
  if (table === undefined) return 0
  const { tenantId, orm } = scope
  const [held] = await orm.execute<{ held: boolean }>(
    sql`select pg_try_advisory_xact_lock(search_lock(${tenantId}, ${table})) as held`,
  )
  if (!held?.held) return 0
  const source = sql.identifier(table)
  const words = texts.map(
    ({ field, text }) => sql`
      select ${source}.id, ${field}::text as field, word
      from ${source} cross join unnest(search_words_of(${text})) as word
      where ${source}.tenant_id = ${tenantId} and ${source}.id = any (array(select id from due))`,
  )
  const isOf = texts.map(({ field, text }) => sql`(old.field = ${field} and old.word = any (search_words_of(${text})))`)
  // One statement, so that how far it is and what is read of the rows are of the same moment. It joins by keys only: on
  // tables without statistics anything else becomes a loop over a loop.
  const [taken] = await orm.execute<{ n: number }>(sql`
    with due as materialized (
      select ${source}.id, ${source}.changed_xid from ${source}
      where ${source}.tenant_id = ${tenantId} and ${isAfterPosition(tenantId, table)}
        and ${source}.changed_xid < pg_snapshot_xmin(pg_current_snapshot())
      order by ${source}.changed_xid, ${source}.id limit ${most}
    ), gone as (
      delete from ${searchWords} old
      where old.tenant_id = ${tenantId} and old.object_id = any (array(select id from due))
        and not exists (
          select from ${source} where ${source}.tenant_id = ${tenantId} and ${source}.id = old.object_id
            and (${sql.join(isOf, sql` or `)}))
    ), added as (
      insert into ${searchWords} (tenant_id, field, word, object_id)
      select ${tenantId}::uuid, field, word, id from (${sql.join(words, sql` union all `)}) as present
      on conflict do nothing
    ), moved as (
      insert into ${searchPositions} (tenant_id, source, changed_xid, object_id)
      select ${tenantId}::uuid, ${table}, changed_xid, id from due order by changed_xid desc, id desc limit 1
      on conflict (tenant_id, source) do update set changed_xid = excluded.changed_xid, object_id = excluded.object_id
    )
    select count(*)::int as n from due`)
  return taken?.n ?? 0
}
