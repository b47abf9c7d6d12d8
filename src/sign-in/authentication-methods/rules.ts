import { DAY_MS, HOUR_MS, type Instant, later } from '../../kernel/instant.js'
import { MAILBOX_PROOF } from '../../kernel/well-known.js'

/** What can be set up. The names are those of Graph's types, without `AuthenticationMethod`. */
export type MethodKind = 'softwareOath' | 'phone' | 'fido2'

/** Everything that a second step can be taken with. `email` and `recoveryCode` are not set up by themselves. */
export type Way = MethodKind | 'email' | 'recoveryCode'

/** The ways by a code that is sent. */
export type CodeWay = Extract<Way, 'email' | 'phone'>

/** How somebody took the first step; `homeClaims` are what their home says of it. */
export type FirstStep = { method: string; folded: string; homeClaims?: readonly string[] }

export const PASSCODE = 'emailOneTimePasscode'
export const PASSWORD = 'password'

/** First steps that come down to a mailbox: a code to it, or a password that a code to it replaces. */
const ROOTED_IN_MAILBOX = [PASSCODE, PASSWORD]

/**
 * Whether a code to `mailbox` proves anything that the first step did not: never when that step only shows control of the
 * same mailbox, or of what is got by it, here or at another organization of this deployment.
 */
export function mayUseMailbox(first: FirstStep, mailbox: string | undefined): boolean {
  const wasMailbox = ROOTED_IN_MAILBOX.includes(first.method) || (first.homeClaims ?? []).includes(MAILBOX_PROOF)
  return mailbox !== undefined && !(wasMailbox && first.folded === mailbox)
}

/** The mailbox that a second step can be taken with: only of people who have set nothing up, since it is the weakest. */
export function usableMailbox<Mailbox extends { folded: string }>(
  kinds: readonly MethodKind[],
  first: FirstStep,
  mailbox: Mailbox | undefined,
): Mailbox | undefined {
  return kinds.length === 0 && mayUseMailbox(first, mailbox?.folded) ? mailbox : undefined
}

export type Facts = {
  /** What the person has set up. */
  kinds: readonly MethodKind[]
  recoveryCodesLeft: number
  first: FirstStep
  /** The person's own mailbox. */
  mailbox: { folded: string } | undefined
  /** What this deployment can do: text messages need somebody who sends them. */
  available: readonly MethodKind[]
  /** Whether somebody who proved enough wants to set up one more. */
  isAdding?: boolean
}

/** What is asked for: setting up, or one of the ways there are, with the others beside it. */
export type SecondStep =
  | { step: 'enrol'; way: MethodKind; others: readonly MethodKind[] }
  | { step: 'challenge'; way: Way; others: readonly Way[] }

const ORDER: readonly MethodKind[] = ['softwareOath', 'fido2', 'phone']

/**
 * The second step that is due. Whoever has set something up must use it: a new method is set up only by people who have
 * none, so that a proven mailbox alone never replaces somebody's authenticator. A mailbox counts only when nothing else
 * is set up, since it is the weakest. `wished` is what the person picked; it counts when it is one of the ways.
 */
export function secondStep(facts: Facts, wished: string | undefined): SecondStep {
  const available = ORDER.filter((kind) => facts.available.includes(kind))
  const usable = available.filter((kind) => facts.kinds.includes(kind))
  const hasMailbox = usableMailbox(facts.kinds, facts.first, facts.mailbox) !== undefined
  const ways: Way[] = [...usable, ...(hasMailbox ? (['email'] as const) : [])]
  if (facts.isAdding || (facts.kinds.length === 0 && !hasMailbox)) {
    const way = available.find((kind) => kind === wished) ?? 'softwareOath'
    return { step: 'enrol', way, others: available.filter((kind) => kind !== way) }
  }
  if (facts.kinds.length > 0 && facts.recoveryCodesLeft > 0) ways.push('recoveryCode')
  const way = ways.find((kind) => kind === wished) ?? ways[0] ?? 'recoveryCode'
  return { step: 'challenge', way, others: ways.filter((kind) => kind !== way) }
}

/** Wrong codes of one person, from wherever they come. */
export const FAILURE_LIMITS = [
  { most: 5, withinMs: HOUR_MS / 4 },
  { most: 20, withinMs: DAY_MS },
] as const

/** Tries left now, or when there is one again. Only who has taken the first step gets here, so nobody locks others out. */
export type TryLimit = { triesLeft: number } | { retryAt: Instant }

/** `failures`: when wrong codes were tried, newest first. */
export function tryLimit(failures: readonly Instant[], now: Instant): TryLimit {
  let triesLeft = Number.POSITIVE_INFINITY
  let retryAtMs = 0
  for (const { most, withinMs } of FAILURE_LIMITS) {
    const counted = failures.filter((at) => at.getTime() > now.getTime() - withinMs)
    const blocking = counted[most - 1]
    if (blocking) retryAtMs = Math.max(retryAtMs, blocking.getTime() + withinMs)
    triesLeft = Math.min(triesLeft, most - counted.length)
  }
  return retryAtMs > 0 ? { retryAt: later(now, retryAtMs - now.getTime()) } : { triesLeft }
}

/** A phone number as it is kept: `+`, country code and number without anything between. Undefined when it is none. */
export function readPhoneNumber(typed: string): string | undefined {
  const bare = typed.normalize('NFKC').replace(/[\s().\-\u2010-\u2015]/g, '')
  return /^\+[1-9]\d{6,14}$/.test(bare) ? bare : undefined
}

/** A phone number as its owner knows it again and nobody else learns it: its first three and last two characters. */
export function maskPhoneNumber(number: string): string {
  return `${number.slice(0, 3)} \u2022\u2022\u2022\u2022\u2022 ${number.slice(-2)}`
}

/** Graph's role template ids of those who look after sign-in methods. */
const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10'
const PRIVILEGED_AUTHENTICATION_ADMINISTRATOR = '7be44c8a-adaf-4e2a-84d6-ab2649e08a13'
const AUTHENTICATION_ADMINISTRATOR = 'c4e39bd9-1100-46d3-8c65-fb160da0071f'
const GLOBAL_READER = 'f2ef992c-3afb-46b9-b7cf-a126ee74c451'
const WRITERS = [GLOBAL_ADMINISTRATOR, PRIVILEGED_AUTHENTICATION_ADMINISTRATOR, AUTHENTICATION_ADMINISTRATOR]

type Actor = { kind: 'application' | 'user'; objectId: string; directoryRoles: ReadonlySet<string> }
type Permitted = Actor & { permissions: ReadonlySet<string> }

/** Permissions that reach beyond oneself. */
const BEYOND = ['UserAuthenticationMethod.Read.All', 'UserAuthenticationMethod.ReadWrite.All']

/**
 * Who sees what somebody has set up: applications by the permission that the route asks for, people their own, and that
 * of others with a role and a client that may (Graph: authenticationmethod-get).
 */
export function mayReadMethods(caller: Permitted, userId: string): boolean {
  if (caller.kind === 'application' || caller.objectId === userId) return true
  return reachesBeyond(caller) && holdsAny(caller, [...WRITERS, GLOBAL_READER])
}

/**
 * Who takes a method away. What holders of a directory role have set up, only those take away who look after
 * administrators; applications do not.
 */
export function mayDeleteMethods(caller: Permitted, userId: string, targetRoles: ReadonlySet<string>): boolean {
  if (caller.kind === 'user' && caller.objectId === userId) return true
  if (targetRoles.size > 0 && !holdsAny(caller, [GLOBAL_ADMINISTRATOR, PRIVILEGED_AUTHENTICATION_ADMINISTRATOR])) {
    return false
  }
  return caller.kind === 'application' || (reachesBeyond(caller) && holdsAny(caller, WRITERS))
}

/**
 * Who gives somebody a method that nobody has proved: whoever may take theirs away, but never oneself. A token of one's
 * own must not make the phone of whoever stole it a second step.
 */
export function mayAddMethods(caller: Permitted, userId: string, targetRoles: ReadonlySet<string>): boolean {
  return !(caller.kind === 'user' && caller.objectId === userId) && mayDeleteMethods(caller, userId, targetRoles)
}

function reachesBeyond({ permissions }: Permitted): boolean {
  return BEYOND.some((name) => permissions.has(name))
}

function holdsAny({ directoryRoles }: Actor, roles: readonly string[]): boolean {
  return roles.some((role) => directoryRoles.has(role))
}
