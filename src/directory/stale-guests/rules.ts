import type { Instant } from '../../kernel/instant.js'

/** Why somebody should look at a guest. */
export type Reason = 'accessEnded' | 'neverRedeemed' | 'idle'

type Guest = { accessEndDateTime: Instant | null; externalUserState: string | null }

/** Why a guest who is in the report is in it; the first that holds, so that nobody is listed twice. */
export function reasonOf({ accessEndDateTime, externalUserState }: Guest, now: Instant): Reason {
  if (accessEndDateTime && accessEndDateTime <= now) return 'accessEnded'
  return externalUserState === 'PendingAcceptance' ? 'neverRedeemed' : 'idle'
}

/** Days without a sign-in, or without accepting, after which a guest is stale unless the request says otherwise. */
export const DEFAULT_DAYS = 90

/** The days that a request names; undefined when they are no number from 1 to 3650. */
export function readDays(text: string | undefined): number | undefined {
  if (text === undefined) return DEFAULT_DAYS
  const days = /^\d{1,4}$/.test(text) ? Number(text) : 0
  return days >= 1 && days <= 3_650 ? days : undefined
}

/** Entra: Global Administrator, User Administrator, Reports Reader, Security Reader, Global Reader. */
const READERS: ReadonlySet<string> = new Set([
  '62e90394-69f5-4237-9190-012177145e10',
  'fe930be7-5e62-47db-91af-98c3a49a38b1',
  '4a5d8f65-41da-4de4-8968-e035b65339cf',
  '5d6b6bb7-de71-4623-b4af-96380a352509',
  'f2ef992c-3afb-46b9-b7cf-a126ee74c451',
])

/** People read what others did by a role, applications by the permission that the route asks for. */
export function mayReadReports(caller: { kind: string; directoryRoles: ReadonlySet<string> }): boolean {
  return caller.kind === 'application' || [...caller.directoryRoles].some((role) => READERS.has(role))
}
