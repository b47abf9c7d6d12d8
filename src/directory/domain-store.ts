import { and, asc, eq, or, sql } from 'drizzle-orm'
import type { TenantScope } from '../platform/database.js'
import { type UserRow, users } from './tables.js'

const own = (scope: TenantScope) => eq(users.tenantId, scope.tenantId)

/** Users, deleted or not, whose name or mail ends with a domain. Reads people until it has found enough. */
const ofDomain = (scope: TenantScope, domain: string) => {
  const endsWith = (column: typeof users.mailFolded | typeof users.userPrincipalNameFolded) =>
    sql`right(${column}, ${domain.length + 1}) = ${`@${domain}`}`
  return and(own(scope), or(endsWith(users.userPrincipalNameFolded), endsWith(users.mailFolded)))
}

/** Whether there is one: for the rare moment when a domain is given up. */
export async function isDomainInUse(scope: TenantScope, domain: string): Promise<boolean> {
  const [row] = await scope.orm.select({ id: users.id }).from(users).where(ofDomain(scope, domain)).limit(1)
  return row !== undefined
}

/** Those there are, `most` at most, locked in the order of ids as everybody does who locks several. */
export function lockUsersOfDomain(scope: TenantScope, domain: string, most: number): Promise<UserRow[]> {
  return scope.orm
    .select()
    .from(users)
    .where(ofDomain(scope, domain))
    .orderBy(asc(users.id))
    .limit(most)
    .for('no key update')
}
