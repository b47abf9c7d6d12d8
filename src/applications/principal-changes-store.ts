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

const ofApplications = sql`select a.tenant_id, a.service_principal_id as id, null::timestamptz as deleted_date_time,
      a.changed_xid, a.property_xids
    from ${applications} a where a.service_principal_id is not null`

/** No transaction here wrote Microsoft Graph's; the first one of a cluster is before whatever anybody asks since. */
const ofGraph = sql`select here.id as tenant_id, applications_graph_principal(here.id) as id,
      null::timestamptz as deleted_date_time, '3'::xid8 as changed_xid, null::jsonb as property_xids
    from (select nullif(current_setting('vestibule.tenant', true), '')::uuid as id) as here`

/** Their rows: those that are there, and those that can be restored. */
export const principalChangeRows = sql`(
    ${ofApplications}
    union all
    select a.tenant_id, a.deleted_principal_id, a.principal_deleted_date_time, a.changed_xid, a.property_xids
    from ${applications} a where a.deleted_principal_id is not null
    union all
    ${ofGraph}
  ) as ${principalChanges}`

/** Those that are there, each part in the order of an index. */
export const presentPrincipals = [ofApplications, ofGraph].map((part) => sql`(${part}) as ${principalChanges}`)
