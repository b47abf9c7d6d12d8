import { type Instant, later } from '../../kernel/instant.js'

const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10'
const USER_FLOW_ADMINISTRATOR = '6e591065-9bad-43ed-90f3-e9424366d2f0'

/** People see and change connectors by a role (Graph), applications by the permission that the route asks for. */
export function mayAdministerConnectors(actor: {
  kind: 'application' | 'user'
  directoryRoles: ReadonlySet<string>
}): boolean {
  if (actor.kind === 'application') return true
  return [GLOBAL_ADMINISTRATOR, USER_FLOW_ADMINISTRATOR].some((id) => actor.directoryRoles.has(id))
}

/** How we say who calls, as far as it is no secret. `signature` is Standard Webhooks. */
export type Authentication =
  | { kind: 'basic'; username: string }
  | { kind: 'certificate' }
  | { kind: 'bearer' }
  | { kind: 'oauth'; tokenEndpoint: string; clientId: string; scope: string | null }
  | { kind: 'signature' }

/** Types of `authenticationConfiguration`: Graph's two, and our additions under a name of our own. */
export const TYPES = {
  basic: '#microsoft.graph.basicAuthentication',
  certificate: '#microsoft.graph.clientCertificateAuthentication',
  bearer: '#vestibule.bearerAuthentication',
  oauth: '#vestibule.clientCredentialsAuthentication',
  signature: '#vestibule.webhookSignatureAuthentication',
} as const
/** What Graph calls a certificate that is being uploaded. */
export const PKCS12_TYPE = '#microsoft.graph.pkcs12Certificate'

/** What Graph shows in the place of a password. */
export const HIDDEN = '******'

/** Certificates that a connector can hold at once. */
export const MOST_CERTIFICATES = 10

/** The one that calls are made with: the most recently uploaded that is valid now (Graph: pkcs12CertificateInformation). */
export function activeCertificate<C extends { id: string; notBefore: Instant; notAfter: Instant }>(
  certificates: readonly C[],
  now: Instant,
): C | undefined {
  const valid = certificates.filter(({ notBefore, notAfter }) => notBefore <= now && now < notAfter)
  return valid.reduce<C | undefined>((newest, one) => (newest && newest.id > one.id ? newest : one), undefined)
}

/**
 * Whether what proves us would go to somebody else than it was given for, so that it has to be given again: who may
 * change a connector may not read its secret by sending it to themselves. Certificates and signatures prove us without
 * being handed over.
 */
export function needsSecretAgain(kind: Authentication['kind'], before: string, after: string): boolean {
  return kind !== 'certificate' && kind !== 'signature' && new URL(before).origin !== new URL(after).origin
}

/**
 * When a connector is left alone. Only what says that nobody is there counts: no answer, or one of 429 and 5xx. Five in
 * a row open the circuit for half a minute, each time twice as long, at most ten minutes; then one call looks whether it
 * is back. Milliseconds.
 */
export const CIRCUIT = {
  failures: 5,
  /** Failures further apart are not in a row. */
  within: 5 * 60_000,
  open: 30_000,
  longest: 10 * 60_000,
  /** What the call that looks has time for: the whole of a call (`LIMITS`), and some. */
  probe: 60_000,
} as const

export type Circuit = { failures: number; openUntil: Instant | null; probeUntil: Instant | null }
export type CircuitState = 'closed' | 'open' | 'halfOpen'

/** `halfOpen`: its time is over, and the next call looks whether the connector is back. */
export function circuitState({ openUntil }: Pick<Circuit, 'openUntil'>, now: Instant): CircuitState {
  if (openUntil === null) return 'closed'
  return openUntil > now ? 'open' : 'halfOpen'
}

/** Seconds until a call makes sense: when the circuit's time is over, or somebody else's look. */
export function retryAfter({ openUntil, probeUntil }: Circuit, now: Instant): number {
  const at = Math.max(openUntil?.getTime() ?? 0, probeUntil?.getTime() ?? 0, later(now, 1_000).getTime())
  return Math.ceil((at - now.getTime()) / 1_000)
}
