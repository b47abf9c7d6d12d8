import { pgTable, primaryKey, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import type { AttributeDataType } from './rules.js'

/** Graph: identityCustomUserFlowAttribute. Its values are a directory extension of the same name. */
export const customAttributes = pgTable(
  'custom_attributes',
  {
    tenantId: uuid('tenant_id').notNull(),
    /** The id of the extension property. */
    id: uuid().notNull(),
    /** Graph's `id`: `extension_<extensions app id without dashes>_<Name>`. */
    name: text().notNull(),
    nameFolded: text('name_folded').notNull(),
    displayName: text('display_name').notNull(),
    description: text(),
    dataType: text('data_type').$type<AttributeDataType>().notNull(),
    createdDateTime: timestamp('created_date_time', { withTimezone: true }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    uniqueIndex('custom_attributes_name').on(table.tenantId, table.nameFolded),
  ],
)

/** The application whose directory extensions custom attributes are; made when the first of them is. */
export const extensionsApplications = pgTable('extensions_applications', {
  tenantId: uuid('tenant_id').primaryKey(),
  applicationId: uuid('application_id').notNull(),
  /** OAuth's `client_id` of it, which the names of the attributes hold. */
  appId: uuid('app_id').notNull(),
})

export type CustomAttribute = typeof customAttributes.$inferSelect
