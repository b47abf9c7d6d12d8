import { isIP } from 'node:net'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { isOneOf } from '../../platform/crypto.js'
import { attemptSecondStep, maySetUp, type StepNeeds, type StepOutcome, type StepVisit, setUp } from './second-step.js'
import { listMethods, type MethodRow, noteUse } from './store.js'

/** Loaded when somebody needs it: it brings every certificate format there is, which nobody should start with. */
const webauthn = () => import('@simplewebauthn/server')

/** What a challenge is for: one for setting up is none for signing in. */
type Ceremony = 'create' | 'get'
type PasskeyVisit = StepVisit & { origin: string }

/** How long a page with a challenge can be used. */
const CHALLENGE_MS = 10 * 60_000
const TIME_BYTES = 8

const text = () => Type.String({ maxLength: 12_000 })
/** As browsers give them (WebAuthn Level 3, section 5.1), as far as they are read. */
const Created = Type.Object({
  id: text(),
  rawId: text(),
  type: Type.Literal('public-key'),
  clientExtensionResults: Type.Object({}),
  response: Type.Object({
    clientDataJSON: text(),
    attestationObject: text(),
    transports: Type.Optional(Type.Array(Type.String({ maxLength: 20 }), { maxItems: 10 })),
  }),
})
const Asserted = Type.Object({
  id: text(),
  rawId: text(),
  type: Type.Literal('public-key'),
  clientExtensionResults: Type.Object({}),
  response: Type.Object({
    clientDataJSON: text(),
    authenticatorData: text(),
    signature: text(),
    userHandle: Type.Optional(text()),
  }),
})

/** Passkeys are bound to a domain name, and browsers offer them on https and on this machine only. */
export function canUsePasskeys(origin: string): boolean {
  const { protocol, hostname } = new URL(origin)
  if (isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0) return false
  return protocol === 'https:' || hostname === 'localhost'
}

/** What the browser is asked for a new passkey with, as JSON. Stores nothing: the challenge follows from the session. */
export async function offerPasskey(needs: StepNeeds, visit: PasskeyVisit, organization: string): Promise<string> {
  const { tenantId, session, origin } = visit
  const options = await (await webauthn()).generateRegistrationOptions({
    rpName: organization,
    rpID: new URL(origin).hostname,
    userName: session.address,
    userDisplayName: session.address,
    userID: new Uint8Array(Buffer.from(`${tenantId}${session.userId}`.replaceAll('-', ''), 'hex')),
    challenge: newChallenge(needs, visit, 'create'),
    attestationType: 'none',
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
  })
  return JSON.stringify(options)
}

/** What the browser is asked to show one of the person's passkeys with, as JSON. */
export async function askForPasskey(needs: StepNeeds, visit: PasskeyVisit): Promise<string> {
  const { database } = needs
  const methods = await database.withTenant(visit.tenantId, (scope) => listMethods(scope, visit.session.userId))
  const options = await (await webauthn()).generateAuthenticationOptions({
    rpID: new URL(visit.origin).hostname,
    challenge: newChallenge(needs, visit, 'get'),
    allowCredentials: methods.flatMap(({ credentialId, transports }) =>
      credentialId === null ? [] : { id: credentialId, ...(transports && { transports }) },
    ),
    userVerification: 'preferred',
  })
  return JSON.stringify(options)
}

/** Sets up the passkey that a browser created for the challenge it was given here. */
export function setUpPasskey(needs: StepNeeds, visit: PasskeyVisit, credential: string): Promise<StepOutcome> {
  return attemptSecondStep(needs, visit, 'fido2', async (attempt) => {
    if (!maySetUp(attempt)) return { verdict: 'notDue' }
    const created = await verifiedCreation(needs, visit, credential)
    if (!created) return { verdict: 'wrong' }
    const { credential: key, aaguid, credentialBackedUp } = created
    return setUp(needs, attempt, {
      kind: 'fido2',
      displayName: 'Passkey',
      credentialId: key.id,
      publicKey: Buffer.from(key.publicKey),
      signCount: key.counter,
      transports: key.transports ?? [],
      aaGuid: aaguid,
      isBackedUp: credentialBackedUp,
    })
  })
}

/** Takes an assertion by one of the person's passkeys, for a challenge of this session. */
export function proveWithPasskey(needs: StepNeeds, visit: PasskeyVisit, credential: string): Promise<StepOutcome> {
  return attemptSecondStep(needs, visit, 'fido2', async ({ scope, methods, now }) => {
    const passkeys = methods.filter(({ kind }) => kind === 'fido2')
    if (passkeys.length === 0) return { verdict: 'notDue' }
    const response = read(Asserted, credential)
    const passkey = response && passkeys.find(({ credentialId }) => credentialId === response.id)
    const signCount = passkey && (await verifiedCounter(needs, visit, response, passkey))
    if (!passkey || signCount === undefined) return { verdict: 'wrong' }
    await noteUse(scope, passkey, now, signCount)
    return { verdict: 'passed', way: 'fido2' }
  })
}

async function verifiedCreation(needs: StepNeeds, visit: PasskeyVisit, credential: string) {
  const response = read(Created, credential)
  if (!response) return undefined
  try {
    const { registrationInfo } = await (await webauthn()).verifyRegistrationResponse({
      response: response as RegistrationResponseJSON,
      ...expected(needs, visit, 'create'),
      requireUserVerification: false,
    })
    return registrationInfo
  } catch {
    // The library throws for whatever does not fit: challenge, origin, domain, flags, encoding.
    return undefined
  }
}

async function verifiedCounter(
  needs: StepNeeds,
  visit: PasskeyVisit,
  response: unknown,
  { credentialId, publicKey, signCount }: MethodRow,
): Promise<number | undefined> {
  if (credentialId === null || publicKey === null) return undefined
  try {
    const { verified, authenticationInfo } = await (await webauthn()).verifyAuthenticationResponse({
      response: response as AuthenticationResponseJSON,
      ...expected(needs, visit, 'get'),
      credential: { id: credentialId, publicKey: new Uint8Array(publicKey), counter: signCount ?? 0 },
      requireUserVerification: false,
    })
    return verified ? authenticationInfo.newCounter : undefined
  } catch {
    return undefined
  }
}

function expected(needs: StepNeeds, visit: PasskeyVisit, ceremony: Ceremony) {
  return {
    expectedChallenge: (challenge: string) => isChallenge(needs, visit, ceremony, challenge),
    expectedOrigin: visit.origin,
    expectedRPID: new URL(visit.origin).hostname,
  }
}

/** Time and an HMAC over it and the session. A session that passed has another handle, so no challenge is used twice. */
function newChallenge({ keys, clock }: StepNeeds, visit: StepVisit, ceremony: Ceremony): Uint8Array<ArrayBuffer> {
  const time = Buffer.alloc(TIME_BYTES)
  time.writeBigUInt64BE(BigInt(clock().getTime()))
  return new Uint8Array(Buffer.concat([time, keys.mac('passkey-challenge', ...boundTo(visit, ceremony), time)]))
}

function isChallenge({ keys, clock }: StepNeeds, visit: StepVisit, ceremony: Ceremony, challenge: string): boolean {
  const bytes = Buffer.from(challenge, 'base64url')
  if (bytes.length <= TIME_BYTES) return false
  const time = bytes.subarray(0, TIME_BYTES)
  const ageMs = clock().getTime() - Number(time.readBigUInt64BE())
  const isFresh = ageMs >= 0 && ageMs < CHALLENGE_MS
  return (
    isFresh && isOneOf(bytes.subarray(TIME_BYTES), keys.macs('passkey-challenge', ...boundTo(visit, ceremony), time))
  )
}

function boundTo({ tenantId, session, browser }: StepVisit, ceremony: Ceremony): string[] {
  return [ceremony, tenantId, session.userId, browser.session]
}

function read<Schema extends typeof Created | typeof Asserted>(schema: Schema, json: string) {
  try {
    const value: unknown = JSON.parse(json)
    return Value.Check(schema, value) ? value : undefined
  } catch {
    return undefined
  }
}
