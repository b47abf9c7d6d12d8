import { boolean, foreignKey, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { userFlows } from '../flows/tables.js'
import type { PageContent } from './rules.js'

/** Languages of which the administrator of a flow said something (Graph: userFlowLanguageConfiguration). */
export const userFlowLanguages = pgTable(
  'user_flow_languages',
  {
    tenantId: uuid('tenant_id').notNull(),
    flowId: uuid('flow_id').notNull(),
    language: text().notNull(),
    isEnabled: boolean('is_enabled').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.flowId, table.language] }),
    foreignKey({
      name: 'user_flow_languages_flow',
      columns: [table.tenantId, table.flowId],
      foreignColumns: [userFlows.tenantId, userFlows.id],
    }).onDelete('cascade'),
  ],
)

/** Graph: userFlowLanguagePage of overridesPages: the words of a page that the administrator changed. */
export const userFlowPages = pgTable(
  'user_flow_pages',
  {
    tenantId: uuid('tenant_id').notNull(),
    flowId: uuid('flow_id').notNull(),
    language: text().notNull(),
    pageId: text('page_id').notNull(),
    content: jsonb().$type<PageContent>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.flowId, table.language, table.pageId] }),
    foreignKey({
      name: 'user_flow_pages_flow',
      columns: [table.tenantId, table.flowId],
      foreignColumns: [userFlows.tenantId, userFlows.id],
    }).onDelete('cascade'),
  ],
)
