import { X509Certificate } from 'node:crypto'
import type { Caller } from '../../graph/caller.js'
import type { Check } from '../../kernel/decision.js'
import { DAY_MS } from '../../kernel/instant.js'
import { EgressFailed, EgressRefused } from '../../platform/egress/egress.js'
import type { Tenants } from '../../tenants/index.js'
import { type ConnectionTestView, offerSignIn, readTest } from '../connection-tests/try-sign-in.js'
import { mustBeEntitled, type ProviderNeeds } from '../identity-providers/change.js'
import { refusals } from '../identity-providers/errors.js'
import { readSet } from '../identity-providers/read-providers.js'
import { fetchSamlMetadata, MetadataUnusable } from '../identity-providers/saml-metadata.js'
import type { Provider } from '../identity-providers/store.js'
import { redirectUri } from './begin-flow.js'
import type { OpenIdConnect } from './openid-connect.js'

export type TestNeeds = Omit<ProviderNeeds, 'onSignInsEnded'> & { tenants: Tenants; openIdConnect: OpenIdConnect }

export type ConnectionTest = {
  /** Whether every check passed. */
  isWorking: boolean
  checks: Check[]
  /** What the other side has to be told of us. */
  redirectUri: string
  /** A sign-in to try: its link opens once. `testId` names what came of it. */
  signIn: { testId: string; signInUrl: string; expiresDateTime: string }
}

const TIMEOUT_MS = 8_000
/** An administrator should hear of an end before it comes. */
const WARN_MS = 30 * DAY_MS

/** Tries a provider as far as one can without a person: reachable, metadata, keys, client, certificates. @throws Refusal */
export async function testConnection(
  needs: TestNeeds,
  caller: Caller,
  id: string,
  which: 'saml' | 'other',
): Promise<ConnectionTest> {
  const provider = await providerOf(needs, caller, id, which)
  const isSaml = provider.kind === 'saml'
  const checks = isSaml ? await testSaml(needs, provider) : await needs.openIdConnect.probe(provider)
  return {
    isWorking: checks.every(({ outcome }) => outcome !== 'failed'),
    checks,
    redirectUri: isSaml
      ? `${caller.origin}/signin/saml/${caller.tenantId}/metadata`
      : redirectUri(caller.origin, caller.tenantId, id),
    signIn: await offerSignIn(needs, caller, provider),
  }
}

/** What came of a sign-in that was tried, within an hour. @throws Refusal */
export async function readConnectionTest(
  needs: TestNeeds,
  caller: Caller,
  id: string,
  which: 'saml' | 'other',
  testId: string,
): Promise<ConnectionTestView> {
  const provider = await providerOf(needs, caller, id, which)
  return readTest(needs, caller.tenantId, provider.id, testId)
}

async function providerOf(needs: TestNeeds, caller: Caller, id: string, which: 'saml' | 'other'): Promise<Provider> {
  mustBeEntitled(caller)
  const { providers } = await readSet(needs, caller.tenantId)
  const provider = providers.find((one) => one.id === id && (one.kind === 'saml') === (which === 'saml'))
  if (!provider) throw refusals.notFound(id)
  return provider
}

async function testSaml(needs: TestNeeds, provider: Provider): Promise<Check[]> {
  const certificates = (provider.signingCertificates ?? []).map((one, index) =>
    certificateCheck(one, index, needs.clock()),
  )
  return [await reachable(needs, provider), ...(await metadataChecks(needs, provider)), ...certificates]
}

async function reachable({ egress }: TestNeeds, { passiveSignInUri }: Provider): Promise<Check> {
  const url = passiveSignInUri ?? ''
  try {
    const { status } = await egress.get(url, { timeoutMs: TIMEOUT_MS, maxBytes: 1_048_576 })
    const isUp = status < 500
    return check('signIn', isUp, isUp ? `${url} answers.` : `${url} answers with ${status}.`)
  } catch (error) {
    if (error instanceof EgressFailed || error instanceof EgressRefused) return check('signIn', false, error.message)
    throw error
  }
}

async function metadataChecks({ egress }: TestNeeds, provider: Provider): Promise<Check[]> {
  const { metadataExchangeUri, issuer, signingCertificates } = provider
  if (metadataExchangeUri === null) {
    const message = 'metadataExchangeUri is not set, so certificates do not roll over by themselves.'
    return [{ name: 'metadata', outcome: 'notApplicable', message }]
  }
  try {
    const metadata = await fetchSamlMetadata(egress, metadataExchangeUri)
    const isSame = metadata.issuer === issuer
    const isKnown = metadata.certificates.some((one) => signingCertificates?.includes(one))
    return [
      check('metadata', true, 'The metadata can be read.'),
      check('issuer', isSame, isSame ? `The issuer is ${issuer}.` : `The metadata is of ${metadata.issuer}.`),
      check(
        'metadataCertificate',
        isKnown,
        isKnown ? 'A certificate of it is known.' : 'No certificate of it is known.',
      ),
    ]
  } catch (error) {
    if (error instanceof MetadataUnusable) return [check('metadata', false, error.message)]
    throw error
  }
}

function certificateCheck(base64: string, index: number, now: Date): Check {
  const certificate = new X509Certificate(Buffer.from(base64, 'base64'))
  const [from, to] = [new Date(certificate.validFrom), new Date(certificate.validTo)]
  const isValid = from <= now && now < to
  const left = Math.floor((to.getTime() - now.getTime()) / DAY_MS)
  const soon = isValid && to.getTime() - now.getTime() < WARN_MS ? ` It ends in ${left} days.` : ''
  const message = `Certificate ${index + 1} is valid from ${from.toISOString()} to ${to.toISOString()}.${soon}`
  return check('certificate', isValid, message)
}

function check(name: string, isFine: boolean, message: string): Check {
  return { name, outcome: isFine ? 'passed' : 'failed', message }
}
