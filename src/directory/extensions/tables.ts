import { boolean, jsonb, pgTable, primaryKey, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core'

/** Graph: dataType of an extensionProperty. */
export type DataType = 'Binary' | 'Boolean' | 'DateTime' | 'Integer' | 'LargeInteger' | 'String'
/** Types of objects that can be extended here. */
export type ExtensionTarget = 'User' | 'Group'

type Single = string | number | boolean
export type ExtensionValue = Single | Single[]
/** Values of an object by the id of the definition, which a later one of the same name does not have. */
export type ExtensionValues = Record<string, ExtensionValue>

/** Graph: extensionProperty, what an application adds to users or groups of its organization. */
export const extensionProperties = pgTable(
  'extension_properties',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid().notNull(),
    /** OAuth's `client_id` of the application, which the name holds too. */
    appId: uuid('app_id').notNull(),
    /** Graph: `extension_<appId without dashes>_<name>`. */
    name: text().notNull(),
    nameFolded: text('name_folded').notNull(),
    dataType: text('data_type').$type<DataType>().notNull(),
    isMultiValued: boolean('is_multi_valued').notNull(),
    targetObjects: text('target_objects').array().$type<ExtensionTarget[]>().notNull(),
    createdDateTime: timestamp('created_date_time', { withTimezone: true }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    uniqueIndex('extension_properties_name').on(table.tenantId, table.nameFolded),
  ],
)

export type ExtensionProperty = typeof extensionProperties.$inferSelect

/** Graph: openTypeExtension of a user or group: what a client keeps with it without having declared anything. */
export const openExtensions = pgTable(
  'open_extensions',
  {
    tenantId: uuid('tenant_id').notNull(),
    ownerId: uuid('owner_id').notNull(),
    nameFolded: text('name_folded').notNull(),
    name: text().notNull(),
    /** Client that made it. */
    appId: uuid('app_id').notNull(),
    content: jsonb().$type<Record<string, unknown>>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.ownerId, table.nameFolded] })],
)

export type OpenExtension = typeof openExtensions.$inferSelect
