import { and, asc, eq } from 'drizzle-orm'
import type { TenantScope } from '../../platform/database.js'
import type { PageContent } from './rules.js'
import { userFlowLanguages, userFlowPages } from './tables.js'

const ofFlow = (scope: TenantScope, flowId: string) =>
  and(eq(userFlowLanguages.tenantId, scope.tenantId), eq(userFlowLanguages.flowId, flowId))
const page = (scope: TenantScope, { flowId, language, pageId }: PageKey) =>
  and(
    eq(userFlowPages.tenantId, scope.tenantId),
    eq(userFlowPages.flowId, flowId),
    eq(userFlowPages.language, language),
    eq(userFlowPages.pageId, pageId),
  )

export type PageKey = { flowId: string; language: string; pageId: string }

/** Languages that are switched off in a flow. All others are on. */
export async function languagesOff(scope: TenantScope, flowId: string): Promise<string[]> {
  const rows = await scope.orm
    .select({ language: userFlowLanguages.language })
    .from(userFlowLanguages)
    .where(and(ofFlow(scope, flowId), eq(userFlowLanguages.isEnabled, false)))
    .orderBy(asc(userFlowLanguages.language))
  return rows.map(({ language }) => language)
}

export async function isLanguageOn(scope: TenantScope, flowId: string, language: string): Promise<boolean> {
  return !(await languagesOff(scope, flowId)).includes(language)
}

export async function setLanguage(
  scope: TenantScope,
  flowId: string,
  language: string,
  isEnabled: boolean,
): Promise<void> {
  await scope.orm
    .insert(userFlowLanguages)
    .values({ tenantId: scope.tenantId, flowId, language, isEnabled })
    .onConflictDoUpdate({
      target: [userFlowLanguages.tenantId, userFlowLanguages.flowId, userFlowLanguages.language],
      set: { isEnabled },
    })
}

/** The words that an administrator gave a page; undefined when none. */
export async function findPage(scope: TenantScope, key: PageKey): Promise<PageContent | undefined> {
  const [row] = await scope.orm.select({ content: userFlowPages.content }).from(userFlowPages).where(page(scope, key))
  return row?.content
}

export async function replacePage(scope: TenantScope, key: PageKey, content: PageContent): Promise<void> {
  await scope.orm
    .insert(userFlowPages)
    .values({ tenantId: scope.tenantId, ...key, content })
    .onConflictDoUpdate({
      target: [userFlowPages.tenantId, userFlowPages.flowId, userFlowPages.language, userFlowPages.pageId],
      set: { content },
    })
}

export async function deletePage(scope: TenantScope, key: PageKey): Promise<void> {
  await scope.orm.delete(userFlowPages).where(page(scope, key))
}
