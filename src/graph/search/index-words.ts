import { sql } from 'drizzle-orm'
import type { TenantScope } from '../../platform/database.js'
import type { Resource } from '../odata/resource.js'
import { searchPending, searchWords } from './tables.js'

/**
 * Puts the words of up to `most` waiting objects of a resource into the index; returns how many it took. Whatever it
 * does not get to is found all the same, at a higher price. One sweep of a tenant's resource runs at a time: two could
 * bring back words of a text that has changed since.
 */
export async function indexWords(scope: TenantScope, resource: Resource, most: number): Promise<number> {
  const texts = Object.entries(resource.properties).flatMap(([property, { search }]) =>
    search?.kind === 'words' ? [{ field: `${search.table}.${property}`, table: search.table, text: search.sql }] : [],
  )
  const table = texts[0]?.table
  if (table === undefined) return 0
  const { tenantId, orm } = scope
  const lock = `vestibule search ${tenantId} ${table}`
  const [held] = await orm.execute<{ held: boolean }>(
    sql`select pg_try_advisory_xact_lock(hashtextextended(${lock}, 0)) as held`,
  )
  if (!held?.held) return 0
  const source = sql.identifier(table)
  const words = texts.map(
    ({ field, text }) => sql`
      select ${source}.id, ${field}::text as field, word
      from ${source} cross join unnest(search_words_of(${text})) as word
      where ${source}.tenant_id = ${tenantId} and ${source}.id in (select object_id from due)`,
  )
  // One statement, so that what is taken off the list and what is read of the rows are of the same moment.
  const [taken] = await orm.execute<{ n: number }>(sql`
    with due as materialized (
      select object_id, xid from ${searchPending}
      where tenant_id = ${tenantId} and source = ${table}
      order by object_id, xid limit ${most}
    ), present as materialized (${sql.join(words, sql` union all `)}
    ), gone as (
      delete from ${searchWords} old
      where old.tenant_id = ${tenantId} and old.object_id in (select object_id from due)
        and not exists (
          select from present p where p.id = old.object_id and p.field = old.field and p.word = old.word collate "C")
    ), added as (
      insert into ${searchWords} (tenant_id, field, word, object_id)
      select ${tenantId}::uuid, field, word, id from present
      on conflict do nothing
    ), done as (
      delete from ${searchPending} p using due
      where p.tenant_id = ${tenantId} and p.source = ${table} and p.object_id = due.object_id and p.xid = due.xid
    )
    select count(*)::int as n from due`)
  return taken?.n ?? 0
}
