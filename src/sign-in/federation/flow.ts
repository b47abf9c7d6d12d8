/**
 * What a browser wanted when it was sent to its home, as the capability that sent it wrote it down. `kind` says which
 * one: it takes the browser back when the home has answered. What `flowLog` adds, and `userId` and `address` where they
 * are known, the sign-in log tells; without it a flow is no sign-in.
 */
export type FlowPurpose = { kind: string } & Readonly<Record<string, string | number>>

/** Where it was sent. */
export type FlowHome =
  | { kind: 'provider'; providerId: string; name: string; authority?: { metadataUrl: string; issuer: string } }
  | { kind: 'tenant'; tenantId: string; name: string; address: string }

/** What keeps one flow apart from every other; never leaves the process but inside the protocol. */
export type FlowSecrets = { nonce: string; verifier: string; requestId: string }

/** What a home said of somebody, after every check that the protocol has. */
export type Assertion = {
  /** Issuer and subject as identities are kept (Graph: objectIdentity). */
  issuer: string
  subject: string
  /** The address this home vouches for: it is authoritative for it. */
  vouchedAddress?: { text: string; folded: string }
  /** An address it told and does not answer for: to be shown, never to be believed. */
  toldAddress?: string
  name?: string
  /** Said by another organization of this deployment, to which the person has proved a mailbox with a code of ours. */
  isOurOwn?: true
  /** How the person proved themselves there (OpenID Connect: amr, acr). */
  methods?: string[]
  context?: string
  /** Everything it said, under its own names: shown to administrators who test the connection, and decides nothing. */
  told?: Readonly<Record<string, unknown>>
}

/** `sessions.authentication_method` of whoever comes from a home. */
export type FederatedMethod = 'federated' | 'organization'

/** `organization` only for what this deployment itself has seen proved. */
export function federatedMethodOf({ isOurOwn }: Pick<Assertion, 'isOurOwn'>): FederatedMethod {
  return isOurOwn ? 'organization' : 'federated'
}

/**
 * Why a home's answer leads nowhere. `unreachable`: down or slow. `cancelled`: the person or the home said no.
 * `clock`: expired or not valid yet. `refused`: it does not hold. `misconfigured`: the home does not know us.
 * `lost`: too late, used, or another browser. `unverified`: the home does not vouch for the address.
 */
export type Trouble =
  | 'unreachable'
  | 'cancelled'
  | 'clock'
  | 'refused'
  | 'misconfigured'
  | 'lost'
  | 'unverified'
  | 'unknownThere'

/** How a flow ended, for the page that tells. */
export type FlowOutcome =
  | { kind: 'signedIn' }
  | { kind: 'trouble'; trouble: Trouble; home: string }
  | { kind: 'wrongAccount'; address: string; home: string }
  /** Nobody was to be signed in: a test of the connection (`connection-tests`). */
  | { kind: 'tested' }

/** What a home says of how somebody proved who they are, for policies to trust or not: `amr`, and `acr` or its like. */
export function homeClaimsOf({ methods = [], context }: Pick<Assertion, 'methods' | 'context'>): readonly string[] {
  return context === undefined ? methods : [...methods, context]
}

/** Status of the page that tells of a trouble: whose fault it is, as far as HTTP can say. */
export const TROUBLE_STATUS: Record<Trouble, number> = {
  unreachable: 503,
  cancelled: 200,
  clock: 502,
  refused: 502,
  misconfigured: 502,
  lost: 400,
  unverified: 403,
  unknownThere: 403,
}

/** Seconds after which a home that is down is worth another try. */
export const HOME_AGAIN_SECONDS = 60
