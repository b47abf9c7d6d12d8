import type { Home } from '../../sign-in/index.js'
import type { Claims, SignUpIdentity, UserFlow } from '../words.js'

/** Who somebody has proved to be. */
export type Proof = {
  identity: SignUpIdentity
  /** Proved or vouched for; null until a code has proved the address of somebody whose home does not answer for one. */
  address: string | null
  folded: string | null
  /** What the home calls their address, to begin with where none is proved. */
  toldAddress: string | null
  /** How, as `sessions` and the sign-in log have it. */
  method: string
  homeClaims: readonly string[]
  provider: string
  /** What the home told of them. */
  claims: Claims
  /** The address is proved by a code, since the home did not answer for one. */
  isConfirmed?: true
}

export type Ending =
  /** A connector ends it. `userMessage` is plain text. */
  | { kind: 'blocked'; userMessage: string }
  /** The guest is made; or `known`: they had an account before. */
  | { kind: 'guest' | 'known'; userId: string }
  /** It waits for approval. */
  | { kind: 'held' }

/** A run as it is stored, for whoever holds it. Of a run that somebody else proved there is nothing but that it is there. */
export type Run = {
  id: string
  revision: number
  proof: Proof | null
  prefill: Claims | null
  answers: Claims | null
  overrides: Claims | null
  notice: string | null
  ending: Ending | null
}

/** What a flow asks, as far as the order of steps depends on it. */
export type Course = {
  asksAfterProof: boolean
  asksAfterAnswers: boolean
  termsOfUseUrl: string | undefined
}

/**
 * What is due: prove who one is; prove an address that the home did not answer for; ask the first connector; answer the
 * form; have the second connector look at it; agree to the terms; be made a guest.
 */
export type Step = 'prove' | 'confirmAddress' | 'enrich' | 'answer' | 'check' | 'agree' | 'finish' | 'ended'

/** The step that is due. The order is that of spec 10; nothing is skipped, and nothing that was done is asked for again. */
export function nextStep(run: Run | undefined, course: Course): Step {
  if (run?.ending) return 'ended'
  if (!run?.proof) return 'prove'
  if (run.proof.address === null) return 'confirmAddress'
  if (course.asksAfterProof && run.prefill === null) return 'enrich'
  if (run.answers === null || run.notice !== null) return 'answer'
  if (course.asksAfterAnswers && run.overrides === null) return 'check'
  // Agreeing is what makes the guest.
  return course.termsOfUseUrl === undefined ? 'finish' : 'agree'
}

/** What somebody asks for with a form, or a page does by itself. */
export type Event = 'begin' | 'prove' | 'enrich' | 'answer' | 'check' | 'agree' | 'finish' | 'restart'

/**
 * Whether an event may happen at a step. A form from an earlier page, another tab's say, is taken where that loses nothing:
 * answers may be given anew as long as no guest was made of them, and then everything behind them is done again.
 */
export function mayTake(event: Event, step: Step): boolean {
  switch (event) {
    case 'begin':
    case 'prove':
      return step === 'prove' || step === 'confirmAddress'
    case 'enrich':
      return step === 'enrich'
    case 'answer':
      return step === 'answer' || step === 'check' || step === 'agree' || step === 'finish'
    case 'check':
      return step === 'check'
    case 'agree':
      return step === 'agree'
    case 'finish':
      return step === 'finish'
    case 'restart':
      // Who has just become a guest is one; starting again as somebody else begins by signing out.
      return step !== 'prove'
  }
}

/**
 * What a connector sees (spec 11): what the home told, what was answered, and of people without an organization or a
 * Microsoft account the identity. The address is what was proved, whatever else says.
 */
export function claimsFor(proof: Proof, answers: Claims | null): Claims {
  const shown = withoutNothing({ ...proof.claims, ...answers })
  const identities = TELLS_IDENTITY.has(proof.identity.issuer) ? { identities: [proof.identity] } : {}
  return { ...shown, ...identities, email: proof.address ?? '' }
}

/** Issuers of identities that connectors are told: Google, Facebook and passcodes. */
const TELLS_IDENTITY: ReadonlySet<string> = new Set(['google.com', 'facebook.com', 'mail'])

/** What the guest gets: what the home told, over it the answers, over them what the second connector said. */
export function finalClaims({ proof, answers, overrides }: Pick<Run, 'proof' | 'answers' | 'overrides'>): Claims {
  return withoutNothing({ ...proof?.claims, ...answers, ...overrides })
}

function withoutNothing(claims: Claims): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== ''))
}

export function courseOf({ connectors, termsOfUseUrl }: UserFlow): Course {
  return {
    asksAfterProof: connectors.PostFederationSignup !== undefined,
    asksAfterAnswers: connectors.PostAttributeCollection !== undefined,
    termsOfUseUrl,
  }
}

/** Ids of built-in providers (Graph: builtInIdentityProvider). */
export const BUILT_IN_PROVIDERS = { organizations: 'AADSignup-OAUTH', passcode: 'EmailOtpSignup-OAUTH' } as const

/**
 * Which of the ways of an address a flow takes. Where a home speaks for the domain (another organization, a federation) a
 * code is no way around it, whether the flow offers the home or not; Google and Microsoft speak for those who want it only.
 */
export function offeredWays(
  homes: readonly Home[],
  flow: Pick<UserFlow, 'identityProviderIds'>,
  passcodeEnabled: boolean,
): Home[] {
  const offers = (id: string) => flow.identityProviderIds.includes(id)
  const takesCodes = passcodeEnabled && offers(BUILT_IN_PROVIDERS.passcode)
  const isOffered = (home: Home): boolean => {
    if (home.kind === 'passcode') return takesCodes
    if (home.kind === 'tenant') return offers(BUILT_IN_PROVIDERS.organizations)
    return home.kind === 'provider' && offers(home.providerId)
  }
  const ways = homes.filter(isOffered)
  return ways.length === 0 && takesCodes && !homes.some(speaksForDomain) ? [{ kind: 'passcode', key: 'code' }] : ways
}

/** Whether a code may prove the mailbox of somebody whom a home has named: not where another home speaks for it. */
export function mayConfirmByCode(homes: readonly Home[]): boolean {
  return homes.some(({ kind }) => kind === 'passcode' || kind === 'local') || !homes.some(speaksForDomain)
}

function speaksForDomain(home: Home): boolean {
  return home.kind === 'tenant' || (home.kind === 'provider' && (home.provider === 'oidc' || home.provider === 'saml'))
}
