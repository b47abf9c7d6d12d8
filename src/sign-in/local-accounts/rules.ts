import type { Instant } from '../../kernel/instant.js'

/**
 * Code points of a password (NIST SP 800-63B section 3.1.1.2): the shortest when it was looked up among leaked ones, the
 * shortest when it could not be, and the longest. There are no rules about what it is made of.
 */
export const PASSWORD = { shortest: 8, shortestUnchecked: 12, longest: 256 } as const

/** What is known of a password from lists of leaked ones; `unknown` when none was asked, or none answered. */
export type Leaks = 'found' | 'notFound' | 'unknown'

/** Why a password will not do. `shortest` is how long it must be. */
export type PasswordFault =
  | { kind: 'short'; shortest: number }
  | { kind: 'long' }
  | { kind: 'leaked' }
  /** Everybody's first guess: the address, the organization's name, one letter again and again. */
  | { kind: 'guessable' }

/** The form in which a password is counted, looked up and hashed (NIST SP 800-63B section 3.1.1.2). */
export function normalizedPassword(typed: string): string {
  return typed.normalize('NFKC')
}

/** Why somebody cannot have this password; undefined when they can. `words` are what others would guess for them first. */
export function passwordFault(
  password: string,
  { words, leaks }: { words: readonly string[]; leaks: Leaks },
): PasswordFault | undefined {
  const letters = [...password]
  const shortest = leaks === 'unknown' ? PASSWORD.shortestUnchecked : PASSWORD.shortest
  if (letters.length > PASSWORD.longest) return { kind: 'long' }
  if (letters.length < shortest) return { kind: 'short', shortest }
  if (isGuessable(letters, words)) return { kind: 'guessable' }
  return leaks === 'found' ? { kind: 'leaked' } : undefined
}

/** Fewer different letters than this are a pattern. */
const FEWEST_LETTERS = 4

function isGuessable(letters: readonly string[], words: readonly string[]): boolean {
  const bare = letters.join('').toLowerCase()
  if (new Set(letters).size < FEWEST_LETTERS || isRow(letters)) return true
  return words.some((word) => word !== '' && bare.replaceAll(word.toLowerCase(), '').length < FEWEST_LETTERS)
}

/** `abcdefghijkl`, `987654321098`: each letter follows the one before, in one direction, from 9 to 0 as well. */
function isRow(letters: readonly string[]): boolean {
  const steps = letters.slice(1).map((letter, index) => {
    const step = (letter.codePointAt(0) ?? 0) - (letters[index]?.codePointAt(0) ?? 0)
    return step === -9 ? 1 : step === 9 ? -1 : step
  })
  return Math.abs(steps[0] ?? 0) === 1 && steps.every((step) => step === steps[0])
}

/** What guesses at somebody's password begin with: their address and its parts, and whose page it is typed on. */
export function firstGuesses(address: string, organization: { name: string; domain: string }): string[] {
  const [local = '', domain = ''] = address.split('@')
  return [address, local, domain, domain.split('.')[0] ?? '', organization.name, organization.domain].map(
    normalizedPassword,
  )
}

/** How long after its code a proved mailbox lets somebody choose how they sign in. */
export const PROOF_MS = 15 * 60_000

/** How far somebody has come with the code to their mailbox; null when none was asked for. */
export type MailboxProof = { folded: string; live: boolean; usedAt: Instant | null }

/** What somebody with an account here, or without one yet, is asked next. */
export type LocalStep =
  /** They have none yet: a code to the mailbox comes first. */
  | 'intro'
  /** For what they have, or a code to choose it anew. */
  | 'signIn'
  | 'code'
  /** The mailbox is proved: a password or a passkey. */
  | 'choose'

export function localStep(
  proof: MailboxProof | null,
  { folded, exists }: { folded: string; exists: boolean },
  now: Instant,
): LocalStep {
  // A code to another mailbox, typed in this browser before, is none to this one.
  const own = proof?.folded === folded ? proof : null
  if (own?.usedAt && now.getTime() - own.usedAt.getTime() < PROOF_MS) return 'choose'
  if (own?.live) return 'code'
  return exists ? 'signIn' : 'intro'
}

/**
 * Whether a proved mailbox may set a passkey up. Never beside what somebody has set up for a second step: a passkey is
 * both steps at once, so the mailbox alone would replace their authenticator.
 */
export function maySetPasskeyUp(methods: readonly unknown[]): boolean {
  return methods.length === 0
}

/** Somebody as far as an account here asks who they are. */
export type Person = {
  /** Graph: externalUserState; null of who belongs here. */
  state: string | null
  userType: string
  mail: string | null
  /** Folded, `mail` among them. */
  addresses: readonly string[]
  identities: readonly { issuer: string; subject: string }[]
}

/**
 * What a session of somebody with an account here for `folded` is known by: the identity that Graph gives local accounts,
 * or, with a null issuer, their mailbox, when that is what they are known by. Undefined for whoever is known by something
 * else: an address alone is never that person (design section 8.3). `domains` are the organization's, the first of them
 * the issuer of new accounts.
 */
export function localIdentity(
  { state, userType, mail, addresses, identities }: Person,
  { folded, domains }: { folded: string; domains: readonly string[] },
): { issuer: string | null } | undefined {
  const own = identities.find(({ issuer, subject }) => domains.includes(issuer) && subject === folded)
  if (own) return { issuer: own.issuer }
  if (state === 'PendingAcceptance') {
    const [issuer] = domains
    return issuer !== undefined && addresses.includes(folded) ? { issuer } : undefined
  }
  if (identities.some(({ issuer, subject }) => issuer === 'mail' && subject === folded)) return { issuer: null }
  const belongsHere = state === null && userType === 'Member' && identities.length === 0
  return belongsHere && mail === folded ? { issuer: null } : undefined
}
