import { and, eq, sql } from 'drizzle-orm'
import type { TenantScope } from '../platform/database.js'
import { directoryRoleAssignments } from './tables.js'

export type Subject = {
  id: string
  displayName: string
  mail?: string | undefined
  userType: 'Member' | 'Guest'
  accountEnabled: boolean
  tokensValidFrom?: Date | undefined
  accessEndsAt?: Date | undefined
  directoryRoles: Set<string>
}

/** The person behind a delegated token; undefined when there is none or they were deleted. */
export async function readSubjectIn(scope: TenantScope, userId: string): Promise<Subject | undefined> {
  const [row] = await scope.orm.execute<{ subject: SubjectRow | null }>(
    sql`select directory_subject(${scope.tenantId}, ${userId}) as subject`,
  )
  const found = row?.subject
  return found
    ? {
        id: found.id,
        displayName: found.displayName,
        mail: found.mail ?? undefined,
        userType: found.userType,
        accountEnabled: found.accountEnabled,
        tokensValidFrom: found.tokensValidFrom ? new Date(found.tokensValidFrom) : undefined,
        accessEndsAt: found.accessEndsAt ? new Date(found.accessEndsAt) : undefined,
        directoryRoles: new Set(found.directoryRoles),
      }
    : undefined
}

type SubjectRow = {
  id: string
  displayName: string
  mail: string | null
  userType: 'Member' | 'Guest'
  accountEnabled: boolean
  tokensValidFrom: string | null
  accessEndsAt: string | null
  directoryRoles: string[]
}

export async function assignDirectoryRole(
  scope: TenantScope,
  principalId: string,
  roleTemplateId: string,
  now: Date,
): Promise<void> {
  await scope.orm
    .insert(directoryRoleAssignments)
    .values({ tenantId: scope.tenantId, principalId, roleTemplateId, createdDateTime: now })
    .onConflictDoNothing()
}

export async function readDirectoryRoles(scope: TenantScope, principalId: string): Promise<Set<string>> {
  const rows = await scope.orm
    .select({ id: directoryRoleAssignments.roleTemplateId })
    .from(directoryRoleAssignments)
    .where(
      and(eq(directoryRoleAssignments.tenantId, scope.tenantId), eq(directoryRoleAssignments.principalId, principalId)),
    )
  return new Set(rows.map(({ id }) => id))
}
