import { type Egress, EgressRefused } from '../../platform/egress/egress.js'
import { readSecret } from '../../platform/webhook-signature.js'
import { refusals } from './errors.js'
import { type Authentication, HIDDEN, needsSecretAgain, PKCS12_TYPE, TYPES } from './rules.js'
import type { AuthenticationBody } from './schema.js'

/** How a connector authenticates from now on. Of a certificate the file is given; else a secret, unless the known one stays. */
export type WishedAuthentication =
  | { authentication: { kind: 'certificate' }; pkcs12: { value: string; password: string } }
  | { authentication: Exclude<Authentication, { kind: 'certificate' }>; secret: string | undefined }

/** What each type is given: the secret last. */
const PROPERTIES = {
  basic: ['username', 'password'],
  certificate: ['pkcs12Value', 'password'],
  bearer: ['token'],
  oauth: ['tokenEndpoint', 'clientId', 'scope', 'clientSecret'],
  signature: ['secret'],
} as const

type Name = (typeof PROPERTIES)[keyof typeof PROPERTIES][number]

/** Reads `authenticationConfiguration`. @throws Refusal for another type, what is missing, and what means nothing there. */
export function readAuthentication(egress: Pick<Egress, 'check'>, body: AuthenticationBody): WishedAuthentication {
  const kind = kindOf(body['@odata.type'])
  const known: ReadonlySet<string> = new Set(PROPERTIES[kind])
  for (const names of Object.values(PROPERTIES)) {
    for (const name of names)
      if (!known.has(name) && given(body, name) !== undefined) throw refusals.notForThisType(name)
  }
  switch (kind) {
    case 'basic': {
      const username = needed(body, 'username')
      if (username.includes(':')) throw refusals.usernameHasColon()
      return { authentication: { kind, username }, secret: secretOf(body, 'password') }
    }
    case 'certificate': {
      const { password } = body
      // Graph: a file without a password is given with an empty one.
      if (typeof password !== 'string') throw refusals.missing('password')
      return { authentication: { kind }, pkcs12: { value: needed(body, 'pkcs12Value'), password } }
    }
    case 'bearer':
      return { authentication: { kind }, secret: secretOf(body, 'token') }
    case 'oauth': {
      const tokenEndpoint = readAddress(egress, 'tokenEndpoint', needed(body, 'tokenEndpoint'))
      const scope = given(body, 'scope') ?? null
      return {
        authentication: { kind, tokenEndpoint, clientId: needed(body, 'clientId'), scope },
        secret: secretOf(body, 'clientSecret'),
      }
    }
    case 'signature': {
      const secret = secretOf(body, 'secret')
      if (secret !== undefined && !readSecret(secret)) throw refusals.notASecret()
      return { authentication: { kind }, secret }
    }
  }
}

/** Types are written with and without their number sign (Graph's own documents). */
function kindOf(type: string): keyof typeof TYPES {
  const named = `#${type.replace(/^#/, '')}`
  if (named === PKCS12_TYPE) return 'certificate'
  const known = Object.entries(TYPES).filter(([kind]) => kind !== 'certificate')
  const kind = (['basic', 'bearer', 'oauth', 'signature'] as const).find((one) => TYPES[one] === named)
  if (!kind) throw refusals.unknownType(type, [PKCS12_TYPE, ...known.map(([, name]) => name)])
  return kind
}

function given(body: AuthenticationBody, name: Name): string | undefined {
  const value = body[name]
  return value === null || value === '' ? undefined : value
}

function needed(body: AuthenticationBody, name: Name): string {
  const value = given(body, name)
  if (value === undefined) throw refusals.missing(name)
  return value
}

/** Undefined: the one that is known stays. What is shown in its place says the same. */
function secretOf(body: AuthenticationBody, name: Name): string | undefined {
  const value = given(body, name)
  return value === HIDDEN ? undefined : value
}

/** What a secret is called where it is missing. */
export function secretName(kind: Exclude<Authentication['kind'], 'certificate'>): string {
  return PROPERTIES[kind].at(-1) ?? 'secret'
}

/** An address that this service will call. @throws Refusal that says why it will not. */
export function readAddress(egress: Pick<Egress, 'check'>, name: string, text: string): string {
  try {
    egress.check(text)
    return text
  } catch (error) {
    if (error instanceof EgressRefused) throw refusals.urlRefused(name, error.message)
    throw error
  }
}

/** A known secret goes only to whom it was given for. @throws Refusal */
export function mayKeepSecret(
  before: { authentication: Authentication; targetUrl: string },
  after: { authentication: Authentication; targetUrl: string },
): void {
  const { kind } = after.authentication
  if (kind === 'certificate') return
  if (before.authentication.kind !== kind) throw refusals.missing(secretName(kind))
  if (needsSecretAgain(kind, before.targetUrl, after.targetUrl)) throw refusals.secretNeededAgain('targetUrl')
  if (before.authentication.kind !== 'oauth' || after.authentication.kind !== 'oauth') return
  if (needsSecretAgain(kind, before.authentication.tokenEndpoint, after.authentication.tokenEndpoint)) {
    throw refusals.secretNeededAgain('tokenEndpoint')
  }
}
