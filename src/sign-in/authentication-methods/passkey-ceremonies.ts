import { isIP } from 'node:net'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { isOneOf, type Keys } from '../../platform/crypto.js'
import type { MethodRow } from './store.js'

/** Loaded when somebody needs it: it brings every certificate format there is, which nobody should start with. */
const webauthn = () => import('@simplewebauthn/server')

type Needs = { keys: Keys; clock: () => Date }

/** What a challenge is for: one for setting up is none for signing in. */
type Kind = 'create' | 'get'

/** One page that asks for a passkey. */
export type Ceremony = {
  /** The page's own: passkeys are bound to it. */
  origin: string
  /** What a challenge of this page is worth something for, and nowhere else. */
  boundTo: readonly string[]
  /** `required` where a passkey stands for both steps: the device must have made sure who holds it. */
  userVerification: 'required' | 'preferred'
}

/** How long a page with a challenge can be used. */
export const CHALLENGE_MS = 10 * 60_000
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

/** What the browser is asked for a new passkey with, as JSON. Stores nothing: the challenge follows from `boundTo`. */
export async function creationOptions(
  needs: Needs,
  ceremony: Ceremony,
  person: { organization: string; address: string; tenantId: string; userId: string },
): Promise<string> {
  const options = await (await webauthn()).generateRegistrationOptions({
    rpName: person.organization,
    rpID: new URL(ceremony.origin).hostname,
    userName: person.address,
    userDisplayName: person.address,
    userID: new Uint8Array(Buffer.from(`${person.tenantId}${person.userId}`.replaceAll('-', ''), 'hex')),
    challenge: newChallenge(needs, ceremony, 'create'),
    attestationType: 'none',
    authenticatorSelection: {
      residentKey: ceremony.userVerification,
      userVerification: ceremony.userVerification,
    },
  })
  return JSON.stringify(options)
}

/** What the browser is asked to show a passkey with, as JSON. Without `allowed` the person picks one on their device. */
export async function requestOptions(
  needs: Needs,
  ceremony: Ceremony,
  allowed: readonly Pick<MethodRow, 'credentialId' | 'transports'>[],
): Promise<string> {
  const options = await (await webauthn()).generateAuthenticationOptions({
    rpID: new URL(ceremony.origin).hostname,
    challenge: newChallenge(needs, ceremony, 'get'),
    allowCredentials: allowed.flatMap(({ credentialId, transports }) =>
      credentialId === null ? [] : { id: credentialId, ...(transports && { transports }) },
    ),
    userVerification: ceremony.userVerification,
  })
  return JSON.stringify(options)
}

/** The passkey that a browser created for a challenge of this page; undefined when anything does not fit. */
export async function verifiedCreation(needs: Needs, ceremony: Ceremony, credential: string) {
  const response = read(Created, credential)
  if (!response) return undefined
  try {
    const { registrationInfo } = await (await webauthn()).verifyRegistrationResponse({
      response: response as RegistrationResponseJSON,
      ...expected(needs, ceremony, 'create'),
    })
    return registrationInfo
  } catch {
    // The library throws for whatever does not fit: challenge, origin, domain, flags, encoding.
    return undefined
  }
}

/** Which of `passkeys` was shown for a challenge of this page, with its new counter; undefined when none was. */
export async function verifiedAssertion(
  needs: Needs,
  ceremony: Ceremony,
  passkeys: readonly MethodRow[],
  credential: string,
): Promise<{ passkey: MethodRow; signCount: number; challenge: string } | undefined> {
  const response = read(Asserted, credential)
  const passkey = response && passkeys.find(({ credentialId }) => credentialId === response.id)
  if (!passkey || passkey.credentialId === null || passkey.publicKey === null) return undefined
  let challenge = ''
  const { expectedChallenge, ...rest } = expected(needs, ceremony, 'get')
  try {
    const { verified, authenticationInfo } = await (await webauthn()).verifyAuthenticationResponse({
      response: response as AuthenticationResponseJSON,
      ...rest,
      expectedChallenge(given) {
        challenge = given
        return expectedChallenge(given)
      },
      credential: {
        id: passkey.credentialId,
        publicKey: new Uint8Array(passkey.publicKey),
        counter: passkey.signCount ?? 0,
      },
    })
    return verified ? { passkey, signCount: authenticationInfo.newCounter, challenge } : undefined
  } catch {
    return undefined
  }
}

function expected(needs: Needs, ceremony: Ceremony, kind: Kind) {
  return {
    expectedChallenge: (challenge: string) => isChallenge(needs, ceremony, kind, challenge),
    expectedOrigin: ceremony.origin,
    expectedRPID: new URL(ceremony.origin).hostname,
    requireUserVerification: ceremony.userVerification === 'required',
  }
}

/** Time and an HMAC over it and what the page is bound to. */
function newChallenge({ keys, clock }: Needs, { boundTo }: Ceremony, kind: Kind): Uint8Array<ArrayBuffer> {
  const time = Buffer.alloc(TIME_BYTES)
  time.writeBigUInt64BE(BigInt(clock().getTime()))
  return new Uint8Array(Buffer.concat([time, keys.mac('passkey-challenge', kind, ...boundTo, time)]))
}

function isChallenge({ keys, clock }: Needs, { boundTo }: Ceremony, kind: Kind, challenge: string): boolean {
  const bytes = Buffer.from(challenge, 'base64url')
  if (bytes.length <= TIME_BYTES) return false
  const time = bytes.subarray(0, TIME_BYTES)
  const ageMs = clock().getTime() - Number(time.readBigUInt64BE())
  const isFresh = ageMs >= 0 && ageMs < CHALLENGE_MS
  return isFresh && isOneOf(bytes.subarray(TIME_BYTES), keys.macs('passkey-challenge', kind, ...boundTo, time))
}

function read<Schema extends typeof Created | typeof Asserted>(schema: Schema, json: string) {
  try {
    const value: unknown = JSON.parse(json)
    return Value.Check(schema, value) ? value : undefined
  } catch {
    return undefined
  }
}
