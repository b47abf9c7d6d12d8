import { maskEmailAddress } from '../../kernel/email-address.js'
import type { Assertion, Trouble } from '../federation/flow.js'

/**
 * What a sign-in would have come to. `known`: somebody who signs in with this identity already. `redeems`: a guest who has
 * still to accept and would be bound. `free`: nobody yet, and whoever is invited by this address would be bound.
 * `refused`: the home does not vouch for an address, so nobody new is let in. `failed`: the answer led nowhere.
 */
export type Verdict = 'known' | 'redeems' | 'free' | 'refused' | 'failed'

export type TestResult = {
  verdict: Verdict
  message: string
  trouble: Trouble | null
  identity: { issuer: string; issuerAssignedId: string } | null
  /** The address that would be bound; null when the home does not vouch for any. */
  address: string | null
  userId: string | null
  claims: Readonly<Record<string, unknown>>
}

/** Claims are told whole, within reason: a home may say megabytes. */
const MOST_CLAIMS_BYTES = 65_536

/** What is told of an answer that passed every check. `found` is who the home's word would sign in. */
export function resultOf(assertion: Assertion, found: { userId: string; isPending: boolean } | undefined): TestResult {
  const { issuer, subject, vouchedAddress, toldAddress } = assertion
  const verdict = found ? (found.isPending ? 'redeems' : 'known') : vouchedAddress ? 'free' : 'refused'
  return {
    verdict,
    message: messageOf(verdict, vouchedAddress?.text, toldAddress),
    trouble: null,
    identity: { issuer, issuerAssignedId: subject },
    address: vouchedAddress?.text ?? null,
    userId: found?.userId ?? null,
    claims: within(assertion.told ?? {}),
  }
}

/** What is told of an answer that led nowhere. */
export function failureOf(trouble: Trouble, message: string): TestResult {
  return { verdict: 'failed', message, trouble, identity: null, address: null, userId: null, claims: {} }
}

function messageOf(verdict: Verdict, vouched: string | undefined, told: string | undefined): string {
  switch (verdict) {
    case 'known':
      return 'Somebody signs in with this identity already: they would have been let in.'
    case 'redeems':
      return `The guest who was invited as ${vouched} would have accepted, and be known by this identity from then on.`
    case 'free':
      return `Nobody is known by this identity. A guest who is invited as ${vouched} would be let in and bound to it.`
    default:
      return told === undefined
        ? 'The home told no address, so it can prove none. Have it send one, or map the claim that holds it.'
        : `The home told an address (${maskEmailAddress(told)}) that it is not taken to vouch for: unverified there, or of a domain that is not among those of this provider.`
  }
}

function within(claims: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const kept: Record<string, unknown> = {}
  let left = MOST_CLAIMS_BYTES
  for (const [name, value] of Object.entries(claims)) {
    left -= name.length + (JSON.stringify(value) ?? '').length
    if (left >= 0) kept[name] = value
  }
  return kept
}
