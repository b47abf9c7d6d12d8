import { and, eq, gt, isNull, lt, sql } from 'drizzle-orm'
import { HOUR_MS, later } from '../../kernel/instant.js'
import type { TenantScope } from '../../platform/database.js'
import { connectionTests } from '../federation/tables.js'

export type ConnectionTestRow = typeof connectionTests.$inferSelect

/** How long a test is kept. Milliseconds. */
const KEPT_MS = HOUR_MS

/** Keeps a new test, and forgets those that are old. */
export async function insertTest(
  scope: TenantScope,
  test: Omit<typeof connectionTests.$inferInsert, 'tenantId'>,
): Promise<void> {
  await forgetOldTests(scope, test.createdDateTime)
  await scope.orm.insert(connectionTests).values({ ...test, tenantId: scope.tenantId })
}

export async function findTest(scope: TenantScope, id: string, now: Date): Promise<ConnectionTestRow | undefined> {
  const isKept = gt(connectionTests.createdDateTime, later(now, -KEPT_MS))
  const [row] = await scope.orm
    .select()
    .from(connectionTests)
    .where(and(named(scope, id), isKept))
  return row
}

/** Takes the link of a test, for good. */
export async function openTest(
  scope: TenantScope,
  linkHash: Buffer,
  now: Date,
): Promise<ConnectionTestRow | undefined> {
  const [row] = await scope.orm
    .update(connectionTests)
    .set({ openedDateTime: now })
    .where(
      and(
        eq(connectionTests.tenantId, scope.tenantId),
        eq(connectionTests.linkHash, linkHash),
        isNull(connectionTests.openedDateTime),
        gt(connectionTests.expiresDateTime, now),
      ),
    )
    .returning()
  return row
}

export async function noteResult(scope: TenantScope, id: string, resultSealed: Buffer): Promise<void> {
  await scope.orm.update(connectionTests).set({ resultSealed }).where(named(scope, id))
}

/** Forgets tests with what they told, an hour after they were made. */
export async function forgetOldTests(scope: TenantScope, now: Date): Promise<void> {
  const isOld = lt(connectionTests.createdDateTime, later(now, -KEPT_MS))
  await scope.orm.delete(connectionTests).where(and(eq(connectionTests.tenantId, scope.tenantId), isOld))
}

/** Whom a home's word would sign in, as `sign_in_arrive` would find them. */
export async function findKnown(
  scope: TenantScope,
  { issuer, subject, folded }: { issuer: string; subject: string; folded: string | null },
): Promise<{ userId: string; isPending: boolean } | undefined> {
  const [row] = await scope.orm.execute<{ userId: string; isPending: boolean }>(sql`
    select u as "userId", directory_subject(${scope.tenantId}, u)->>'state' = 'PendingAcceptance' as "isPending"
    from directory_known_by(${scope.tenantId}, ${issuer}, ${subject}, ${folded}) u`)
  return row && { userId: row.userId, isPending: row.isPending }
}

function named(scope: TenantScope, id: string) {
  return and(eq(connectionTests.tenantId, scope.tenantId), eq(connectionTests.id, id))
}
