import { and, eq, isNull, sql } from 'drizzle-orm'
import type { TenantScope } from '../../../platform/database.js'
import { users } from '../../tables.js'
import { groups } from '../tables.js'

/** Before the first user. */
export const NOBODY = '00000000-0000-0000-0000-000000000000'

/**
 * Alone with the rules until the transaction ends: nobody changes a user meanwhile. To be taken before any group is
 * locked.
 */
export async function lockRules(scope: TenantScope): Promise<void> {
  await scope.orm.execute(sql`select directory_lock_rules(${scope.tenantId}::uuid)`)
}

/** Whether the organization has more than `most` users, without counting further. */
export async function hasMoreUsersThan(scope: TenantScope, most: number): Promise<boolean> {
  const rows = await scope.orm
    .select({ id: users.id })
    .from(users)
    .where(eq(users.tenantId, scope.tenantId))
    .limit(1)
    .offset(most)
  return rows.length > 0
}

/** Applies a rule to `most` users after `after`; the last one, or undefined at the end. `lockRules` is held. */
export async function applyRuleToPage(
  scope: TenantScope,
  groupId: string,
  after: string,
  most: number,
): Promise<string | undefined> {
  const [row] = await scope.orm.execute<{ last: string | null }>(
    sql`select directory_apply_rule_to_page(${scope.tenantId}::uuid, ${groupId}::uuid, ${after}::uuid, ${most}::int) as last`,
  )
  return row?.last ?? undefined
}

/** How far a rule has been applied in the background; undefined when nothing is left to do. */
export async function readProgress(scope: TenantScope, groupId: string): Promise<string | undefined> {
  const [row] = await scope.orm
    .select({ upTo: groups.ruleAppliedUpTo })
    .from(groups)
    .where(and(eq(groups.tenantId, scope.tenantId), eq(groups.id, groupId), isNull(groups.deletedDateTime)))
  return row?.upTo ?? undefined
}

export async function writeProgress(scope: TenantScope, groupId: string, upTo: string | undefined): Promise<void> {
  await scope.orm
    .update(groups)
    .set({ ruleAppliedUpTo: upTo ?? null })
    .where(and(eq(groups.tenantId, scope.tenantId), eq(groups.id, groupId)))
}

/** Queues the application of a rule to everybody. */
export async function queueRule(scope: TenantScope, workId: string, groupId: string): Promise<void> {
  await scope.orm.execute(
    sql`select outbox_add(${scope.tenantId}::uuid, 'group.rule', array[${workId}]::uuid[], array[${groupId}]::uuid[])`,
  )
}
