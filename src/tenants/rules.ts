const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10'
const DOMAIN_NAME_ADMINISTRATOR = '8329153b-31d0-4727-b945-745eb3bc5f31'

type Actor = {
  kind: 'application' | 'user'
  userType?: 'Member' | 'Guest' | undefined
  directoryRoles: ReadonlySet<string>
  permissions: ReadonlySet<string>
  reading?: { guests: 'sameAsMembers' | 'limited' | 'restricted' } | undefined
}

/** People change domains by a role (Entra), applications by the permission that the route asks for. */
export function mayChangeDomains({ kind, directoryRoles }: Actor): boolean {
  if (kind === 'application') return true
  return directoryRoles.has(GLOBAL_ADMINISTRATOR) || directoryRoles.has(DOMAIN_NAME_ADMINISTRATOR)
}

/** The same for the organization itself. */
export function mayChangeOrganization({ kind, directoryRoles }: Actor): boolean {
  return kind === 'application' || directoryRoles.has(GLOBAL_ADMINISTRATOR)
}

/** Restricted guests read nothing of the organization but its name (Entra: guest access levels). */
export function mayReadDomains(reader: Actor): boolean {
  if (reader.kind === 'application' || reader.userType !== 'Guest' || reader.directoryRoles.size > 0) return true
  return reader.reading?.guests === 'limited' || reader.reading?.guests === 'sameAsMembers'
}

const READ_ALL = [
  'Organization.Read.All',
  'Organization.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
]

/**
 * Whether somebody reads the whole organization. Graph: with User.Read id, displayName and verifiedDomains are read, and
 * the rest is null; guests get no more than that at any level below that of members.
 */
export function mayReadWholeOrganization(reader: Actor): boolean {
  if (!READ_ALL.some((name) => reader.permissions.has(name))) return false
  if (reader.kind === 'application' || reader.userType !== 'Guest' || reader.directoryRoles.size > 0) return true
  return reader.reading?.guests === 'sameAsMembers'
}

type Named = { id: string; isVerified: boolean; isPromoted: boolean }

/**
 * The root that a verified domain belongs to, itself when it is one: nothing verified is above it, or it was promoted
 * (Graph: isRoot, rootDomain). Undefined while it is not verified.
 */
export function rootOf(domain: Named, all: readonly Named[]): string | undefined {
  if (!domain.isVerified) return undefined
  const above = all.filter(({ id, isVerified }) => isVerified && domain.id.endsWith(`.${id}`))
  const [nearest] = above.sort((a, b) => b.id.length - a.id.length)
  return domain.isPromoted || !nearest ? domain.id : rootOf(nearest, all)
}

/** Whether `name` lies below one of `verified`, which proves it too: whoever has the zone has what is in it. */
export function isBelowOneOf(name: string, verified: readonly string[]): boolean {
  return verified.some((parent) => name.endsWith(`.${parent}`))
}
