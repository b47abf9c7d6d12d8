import { sql } from 'drizzle-orm'
import { pgTable, timestamp, uuid } from 'drizzle-orm/pg-core'
import { trackedColumns } from '../platform/changes/tables.js'
import { applications } from './tables.js'

/** Service principals as objects of their own: they are part of the rows of applications. */
export const principalChanges = pgTable('principal_changes', {
  tenantId: uuid('tenant_id').notNull(),
  id: uuid().notNull(),
  deletedDateTime: timestamp('deleted_date_time', { withTimezone: true }),
  ...trackedColumns,
})

/**
 * Their rows: those that are there, those that can be restored, and Microsoft Graph's, which no transaction here wrote;
 * the first one of a cluster is before whatever anybody asks since.
 */
export const principalChangeRows = sql`(
    select a.tenant_id, a.service_principal_id as id, null::timestamptz as deleted_date_time, a.changed_xid,
      a.property_xids
    from ${applications} a where a.service_principal_id is not null
    union all
    select a.tenant_id, a.deleted_principal_id, a.principal_deleted_date_time, a.changed_xid, a.property_xids
    from ${applications} a where a.deleted_principal_id is not null
    union all
    select here.id, applications_graph_principal(here.id), null, '3'::xid8, null
    from (select nullif(current_setting('vestibule.tenant', true), '')::uuid as id) as here
  ) as ${principalChanges}`
