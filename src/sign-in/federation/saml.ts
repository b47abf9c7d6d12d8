import { type Profile, SAML, SamlStatusError, ValidateInResponseTo } from '@node-saml/node-saml'
import { vouchedAddress } from '../authority/rules.js'
import type { Provider } from '../identity-providers/store.js'
import type { Assertion } from './flow.js'
import { HomeTrouble } from './openid-connect.js'
import type { ServiceProvider } from './service-provider.js'

const PERSISTENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'
const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'
/** The attributes that partners put an address in (spec: SAML federation; RFC 4524 by its object identifier). */
const ADDRESS = [
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress',
  'urn:oid:0.9.2342.19200300.100.1.3',
]
const NAME = ['http://schemas.microsoft.com/identity/claims/displayname', 'urn:oid:2.16.840.1.113730.3.1.241']

/** How far a partner's clock may be off. Two minutes. */
const SKEW_MS = 120_000
/** Longer than a flow lives, so that the flow decides. */
const REQUEST_MS = 3_600_000

/** An assertion that passed every check, and by what it is known should it come again. */
export type SamlAnswer = { assertion: Assertion; assertionId: string; expires: Date }

/** Where the browser goes with a signed request. @throws HomeTrouble */
export async function samlRequestUrl(
  provider: Provider,
  sp: ServiceProvider,
  flow: { relayState: string; requestId: string },
): Promise<string> {
  return told(() => samlOf(provider, sp, flow.requestId).getAuthorizeUrlAsync(flow.relayState, undefined, {}))
}

/**
 * Reads what a partner posted: signature over the assertion, audience, recipient, times, and that it answers the request
 * of this flow. @throws HomeTrouble
 */
export async function readSamlAnswer(
  provider: Provider,
  sp: ServiceProvider,
  flow: { answer: string; requestId: string },
): Promise<SamlAnswer> {
  return told(async () => {
    const saml = samlOf(provider, sp, flow.requestId)
    const { profile } = await saml.validatePostResponseAsync({ SAMLResponse: flow.answer })
    if (!profile) throw new HomeTrouble('cancelled', 'the answer names nobody')
    const signed = confirmed(profile, provider, sp, flow.requestId)
    return { ...signed, assertion: assertionOf(profile, provider) }
  })
}

/** What partners read of an organization. The keys sign; nothing is encrypted for us. */
export function samlMetadata(sp: ServiceProvider): string {
  const saml = new SAML({ ...common(sp), idpCert: sp.certificates[0] })
  return saml.generateServiceProviderMetadata(null, sp.certificates)
}

function common(sp: ServiceProvider) {
  return {
    issuer: sp.entityId,
    callbackUrl: sp.acsUrl,
    audience: sp.entityId,
    identifierFormat: PERSISTENT,
    wantAssertionsSigned: true,
    wantAuthnResponseSigned: false,
    privateKey: sp.privateKey,
    signatureAlgorithm: 'sha256',
    digestAlgorithm: 'sha256',
  } as const
}

function samlOf(provider: Provider, sp: ServiceProvider, requestId: string): SAML {
  const { passiveSignInUri, signingCertificates } = provider
  if (passiveSignInUri === null || !signingCertificates?.length) {
    throw new HomeTrouble('misconfigured', 'the federation has no sign-in address or no certificate')
  }
  return new SAML({
    ...common(sp),
    entryPoint: passiveSignInUri,
    idpCert: signingCertificates,
    acceptedClockSkewMs: SKEW_MS,
    disableRequestedAuthnContext: true,
    validateInResponseTo: ValidateInResponseTo.always,
    requestIdExpirationPeriodMs: REQUEST_MS,
    generateUniqueId: () => requestId,
    cacheProvider: onlyRequest(requestId),
  })
}

/** The library's memory of requests: the one of this flow, which lies in the database and ends with it. */
function onlyRequest(requestId: string) {
  const createdAt = new Date()
  return {
    saveAsync: async () => null,
    getAsync: async (key: string) => (key === requestId ? createdAt.toISOString() : null),
    removeAsync: async (key: string | null) => key,
  }
}

type Xml = { $?: Record<string, string | undefined>; _?: string; [child: string]: unknown }

/** What the library leaves to its callers, read from what was signed and nothing else. */
function confirmed(profile: Profile, provider: Provider, sp: ServiceProvider, requestId: string) {
  const root = profile.getAssertion?.() as { Assertion?: Xml } | undefined
  const assertion = root?.Assertion
  const assertionId = assertion?.$?.['ID']
  if (!assertion || !assertionId) throw new HomeTrouble('refused', 'the assertion has no id')
  if (profile.issuer !== provider.issuer) {
    throw new HomeTrouble('refused', `the assertion is of ${profile.issuer}, not of ${provider.issuer}`)
  }
  const [subject] = children(assertion, 'Subject')
  const confirmation = children(subject, 'SubjectConfirmation')
    .filter(({ $ }) => $?.['Method'] === BEARER)
    .flatMap((one) => children(one, 'SubjectConfirmationData'))
    .find(({ $ }) => $?.['Recipient'] === sp.acsUrl && $['InResponseTo'] === requestId && $['NotOnOrAfter'])
  if (!confirmation) throw new HomeTrouble('refused', 'no bearer confirmation names us and our request')
  return { assertionId, expires: new Date(Date.parse(confirmation.$?.['NotOnOrAfter'] ?? '') + SKEW_MS) }
}

function children(parent: Xml | undefined, name: string): Xml[] {
  const found = parent?.[name]
  return Array.isArray(found) ? found : []
}

function assertionOf(profile: Profile, provider: Provider): Assertion {
  const { nameID: subject, nameIDFormat } = profile
  if (nameIDFormat !== PERSISTENT) {
    throw new HomeTrouble('refused', `the name identifier is ${nameIDFormat ?? 'of no format'}, not persistent`)
  }
  if (typeof subject !== 'string' || subject === '' || subject.length > 1_024) {
    throw new HomeTrouble('refused', 'the name identifier cannot be used')
  }
  const email = attributeOf(profile, ADDRESS)
  const name = attributeOf(profile, NAME)
  const vouched = vouchedAddress(provider, { email })
  return {
    told: { nameID: subject, nameIDFormat, ...(profile['attributes'] as Record<string, unknown> | undefined) },
    issuer: provider.issuer ?? '',
    subject,
    ...(vouched && { vouchedAddress: vouched }),
    ...(email !== undefined && { toldAddress: email.slice(0, 320) }),
    ...(name !== undefined && { name: name.slice(0, 256) }),
  }
}

function attributeOf({ attributes }: Profile, names: readonly string[]): string | undefined {
  const values = attributes as Record<string, unknown> | undefined
  return names.map((name) => values?.[name]).find((value) => typeof value === 'string')
}

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof HomeTrouble) throw error
    throw new HomeTrouble(troubleOf(error), error instanceof Error ? error.message : String(error), error)
  }
}

/** The library tells its reasons in sentences only. */
function troubleOf(error: unknown) {
  if (error instanceof SamlStatusError) return 'cancelled'
  const message = error instanceof Error ? error.message : ''
  return /expired|not yet valid|No valid subject confirmation/.test(message) ? 'clock' : 'refused'
}

/** Whether a signature did not hold: after a partner changed keys, its metadata knows the new one. */
export function isSignatureTrouble(error: unknown): boolean {
  return error instanceof HomeTrouble && /signature/i.test(error.message)
}
