const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * The address an app is opened at, undefined when it is none that a person may be sent to: https, or http that stays on
 * their own machine, and no user name in front of the host, which hides where it leads. Escaping does not stop
 * `javascript:`; this does.
 */
export function launchUrl(text: string | null | undefined): string | undefined {
  if (!text || !URL.canParse(text)) return undefined
  const url = new URL(text)
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname))
  return isSafe && url.username === '' && url.password === '' ? url.href : undefined
}

/** Our own pages that signing in or switching may come back to, a member's way to another organization among them. */
export function ownPath(text: string | undefined): string | undefined {
  return text !== undefined && /^\/(?:my(?:apps|account|access)|signin\/home)(?:$|[/?])[\x21-\x7e]*$/.test(text)
    ? text
    : undefined
}

/** Who wants to leave, as far as the rule looks at it. */
export type Leaver = {
  /** Whether their identity lives elsewhere: at home nobody leaves by themselves. */
  isExternal: boolean
  directoryRoles: ReadonlySet<string>
}

/** Why somebody cannot leave by themselves. */
export type LeaveObstacle = 'atHome' | 'leavingIsOff' | 'holdsRole'

/**
 * What keeps somebody from taking their account out of an organization (spec: leaving); undefined: nothing. Who holds a
 * directory role hands it back first, or an organization could lose its last administrator by a click.
 */
export function leaveObstacle(
  policy: { allowExternalIdentitiesToLeave: boolean },
  leaver: Leaver,
): LeaveObstacle | undefined {
  if (!leaver.isExternal) return 'atHome'
  if (!policy.allowExternalIdentitiesToLeave) return 'leavingIsOff'
  return leaver.directoryRoles.size > 0 ? 'holdsRole' : undefined
}

/** Tiles of one page: with names and texts at their longest it stays under 60 kB. */
export const TILES_A_PAGE = 36

/** Characters of what is searched for. */
const MOST_QUERY = 80

/** What somebody searches for, as it is compared, and as it is shown again. */
export function readQuery(text: string | undefined): { shown: string; folded: string } {
  const shown = (text ?? '').normalize('NFC').trim().slice(0, MOST_QUERY)
  return { shown, folded: shown.toLowerCase() }
}

/** The page that is asked for, from 1; there is always one. */
export function readPage(text: string | undefined, found: number): { page: number; pages: number } {
  const pages = Math.max(1, Math.ceil(found / TILES_A_PAGE))
  const wished = /^[1-9]\d{0,2}$/.test(text ?? '') ? Number(text) : 1
  return { page: Math.min(wished, pages), pages }
}

/**
 * What owners see of what they own (Entra: guest access levels). At the restricted level a guest reads nobody else and no
 * group list, whatever they own; members read each other unless the organization keeps them from it.
 */
export function ownerSees(
  person: { userType: 'Member' | 'Guest' },
  reading: { guests: 'sameAsMembers' | 'limited' | 'restricted'; membersReadOthers: boolean },
): { groups: boolean; people: boolean } {
  if (person.userType === 'Member') return { groups: true, people: reading.membersReadOthers }
  const isRestricted = reading.guests === 'restricted'
  return { groups: !isRestricted, people: !isRestricted }
}
