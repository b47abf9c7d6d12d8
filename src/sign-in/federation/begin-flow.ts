import { clientNetwork } from '../../platform/client-network.js'
import { type Keys, randomToken } from '../../platform/crypto.js'
import type { Database } from '../../platform/database.js'
import type { Logger } from '../../platform/log.js'
import type { Tenant } from '../../tenants/index.js'
import type { Elsewhere } from '../home-realm/rules.js'
import type { IdentityProviders } from '../identity-providers/providers.js'
import type { Provider } from '../identity-providers/store.js'
import type { FlowHome, FlowPurpose, FlowSecrets, Trouble } from './flow.js'
import { type StartedFlow, startFlow } from './flow-store.js'
import { HomeTrouble, type OpenIdConnect } from './openid-connect.js'
import { samlRequestUrl } from './saml.js'
import { serviceProviderOf } from './service-provider.js'
import { logTrouble } from './trouble-log.js'

export type BeginNeeds = {
  database: Database
  keys: Keys
  clock: () => Date
  log: Logger
  identityProviders: IdentityProviders
  openIdConnect: OpenIdConnect
  newId: () => string
}

/** Who is sent where, and what for. */
export type Departure = {
  tenant: Tenant
  /** Stored form of the browser's handle: whoever comes back must be the same browser. */
  browserHash: Buffer
  /** The listener the browser came by: it comes back to the same. */
  origin: string
  purpose: FlowPurpose
  home: Elsewhere
  /** The address that is to be proved, when it is known. */
  address: { text: string; domain: string } | undefined
  /** Whether the home is to ask which account, although it may have one signed in. */
  chooseAccount: boolean
  /** The address that the request came from, for the limits and the log. */
  client: string
  /** Writes the flow, where whoever sends them has more to write in the same statement; as `startFlow` where it does not. */
  store?: (flow: StartedFlow) => Promise<Date | undefined>
}

/** Minutes that somebody may take at their home. */
const FLOW_MS = 20 * 60_000
const TOKEN_BYTES = 32

/** Whither a browser goes on; why not; or when its network, which has begun too many that led nowhere, may try again. */
export type Begun = { location: string } | { trouble: Trouble } | { retryAt: Date }

/** Sends a browser to its home. Everything it needs is stored. */
export async function beginFlow(needs: BeginNeeds, departure: Departure): Promise<Begun> {
  const { tenant, home } = departure
  try {
    if (home.kind === 'tenant') return await beginAtTenant(needs, departure, home)
    const { providers } = await needs.identityProviders.of(tenant)
    const provider = providers.find(({ id }) => id === home.providerId)
    if (!provider) throw new HomeTrouble('misconfigured', 'the provider is gone')
    return provider.kind === 'saml'
      ? await beginSaml(needs, departure, provider)
      : await beginOpenIdConnect(needs, departure, provider)
  } catch (error) {
    if (!(error instanceof HomeTrouble)) throw error
    needs.log.warn(
      { tenant: tenant.id, home: home.name, trouble: error.trouble, err: error },
      'a sign-in could not begin',
    )
    const id = home.kind === 'tenant' ? home.tenantId : home.providerId
    const at: FlowHome = { kind: 'provider', providerId: id, name: departure.address?.text ?? home.name }
    const of = { purpose: departure.purpose, home: at, client: departure.client }
    await needs.database.withTenant(tenant.id, (scope) => logTrouble(scope, needs.clock(), of, error.trouble))
    return { trouble: error.trouble }
  }
}

async function beginOpenIdConnect(needs: BeginNeeds, departure: Departure, provider: Provider): Promise<Begun> {
  const { tenant, origin, address, chooseAccount } = departure
  const authority = await needs.openIdConnect.authorityOf(provider, address?.domain)
  const flow = newFlow()
  const location = await needs.openIdConnect.authorizationUrl(provider, authority, {
    ...flow,
    redirectUri: redirectUri(origin, tenant.id, provider.id),
    ...(address && { loginHint: address.text }),
    chooseAccount,
  })
  const home: FlowHome = { kind: 'provider', providerId: provider.id, name: provider.displayName, authority }
  return begun(location, await store(needs, departure, flow, home))
}

async function beginSaml(needs: BeginNeeds, departure: Departure, provider: Provider): Promise<Begun> {
  const { tenant, origin } = departure
  const flow = newFlow()
  const sp = await serviceProviderOf(needs, tenant, origin)
  const { requestId } = flow.secrets
  const location = await samlRequestUrl(provider, sp, { relayState: flow.state, requestId })
  const home: FlowHome = { kind: 'provider', providerId: provider.id, name: provider.displayName }
  return begun(location, await store(needs, departure, flow, home))
}

async function beginAtTenant(
  needs: BeginNeeds,
  departure: Departure,
  { tenantId, name }: Extract<Elsewhere, { kind: 'tenant' }>,
): Promise<Begun> {
  const { tenant, address } = departure
  if (!address) throw new HomeTrouble('refused', 'nobody knows which address is to be proved')
  const flow = newFlow()
  const location = `/signin/home?tenant=${tenantId}&from=${tenant.id}&flow=${flow.state}`
  return begun(location, await store(needs, departure, flow, { kind: 'tenant', tenantId, name, address: address.text }))
}

function begun(location: string, retryAt: Date | undefined): Begun {
  return retryAt ? { retryAt } : { location }
}

type NewFlow = { state: string; secrets: FlowSecrets }

function newFlow(): NewFlow {
  const token = () => randomToken(TOKEN_BYTES).toString('base64url')
  // Ids of SAML requests are XML names: they start with a letter.
  return { state: token(), secrets: { nonce: token(), verifier: token(), requestId: `_${token()}` } }
}

async function store(
  needs: BeginNeeds,
  departure: Departure,
  { state, secrets }: NewFlow,
  home: FlowHome,
): Promise<Date | undefined> {
  const { tenant, browserHash, purpose, client } = departure
  const now = needs.clock()
  const flow: StartedFlow = {
    id: flowId(needs.keys, tenant.id, state),
    browserHash,
    network: clientNetwork(client),
    purpose,
    home,
    secretsSealed: needs.keys.seal('sign-in-flow', Buffer.from(JSON.stringify(secrets))),
    expiresDateTime: new Date(now.getTime() + FLOW_MS),
  }
  return departure.store ? departure.store(flow) : startFlow(needs.database.sql, tenant.id, now, flow)
}

/** What is stored of the name that a flow has outside. */
export function flowId(keys: Keys, tenantId: string, state: string): Buffer {
  return keys.mac('sign-in-flow', tenantId, state)
}

/** Where a provider sends browsers back to. One for each, so that an answer of one never passes for another's (RFC 9700). */
export function redirectUri(origin: string, tenantId: string, providerId: string): string {
  return `${origin}/signin/oidc/${tenantId}/${encodeURIComponent(providerId)}`
}
