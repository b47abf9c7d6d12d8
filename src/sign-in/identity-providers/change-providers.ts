import type { Caller } from '../../graph/caller.js'
import type { TenantScope } from '../../platform/database.js'
import type { IdempotentRequest } from '../../platform/idempotency/request.js'
import { change, endSignInsAt, madeByKey, mustBeEntitled, type ProviderNeeds, readDomains, readUrl } from './change.js'
import { refusals } from './errors.js'
import { BUILT_IN, SOCIAL } from './rules.js'
import type { ProviderChanges, ProviderCreation } from './schema.js'
import {
  changeOrder,
  deleteDomains,
  deleteProvider,
  insertDomains,
  insertProvider,
  type Provider,
  type ProviderRow,
  readProviders,
  updateProvider,
} from './store.js'

const TYPE = '#microsoft.graph.'
const OIDC_TYPES = [`${TYPE}oidcIdentityProvider`, `${TYPE}openIdConnectIdentityProvider`]
const DEFAULT_SCOPE = 'openid email profile'

/** Properties of one kind of provider, absent for every other. */
const ONLY_OIDC = ['issuer', 'scope', 'responseType', 'clientAuthentication', 'inboundClaimMapping'] as const

/** Creates a provider (Graph: identitycontainer-post-identityproviders); answers with its id. @throws Refusal */
export async function createProvider(
  needs: ProviderNeeds,
  caller: Caller,
  wish: ProviderCreation,
  idempotent?: IdempotentRequest,
): Promise<string> {
  mustBeEntitled(caller)
  const type = wish['@odata.type']
  if (type === `${TYPE}builtInIdentityProvider`) return createBuiltIn(needs, caller, wish, idempotent)
  const isSocial = type === `${TYPE}socialIdentityProvider`
  if (!isSocial && !OIDC_TYPES.includes(type)) throw refusals.unknownType(type)
  const row = isSocial ? social(needs, wish) : openIdConnect(needs, wish)
  const proof = isSocial ? undefined : (row.issuer ?? undefined)
  // Names of social providers are always the same; what is remembered is an id all the same.
  const idOf = (made: string) => (isSocial ? row.id : made)
  const first = await madeByKey(needs, caller, idempotent)
  if (first !== undefined) return idOf(first)
  const domains = await readDomains(needs, caller.tenantId, wish.domains ?? [], proof)
  const details = { id: row.id, displayName: row.displayName, issuer: row.issuer, domains }
  const made = { by: idempotent, id: isSocial ? needs.newId() : row.id }
  const write = async (scope: TenantScope) => {
    await insertProvider(scope, row)
    await insertDomains(scope, row.id, domains, needs.clock())
  }
  return idOf((await change(needs, caller, 'Create IdentityProvider', details, write, made)) ?? row.id)
}

function social(needs: ProviderNeeds, wish: ProviderCreation): Omit<ProviderRow, 'tenantId'> {
  const { identityProviderType: given = '' } = wish
  const known = Object.keys(SOCIAL)
  const named = Object.entries(SOCIAL).find(([name]) => name.toLowerCase() === given.toLowerCase())
  if (!named) throw refusals.unknownProvider(given, known)
  const [name, standard] = named
  for (const property of ONLY_OIDC) {
    if (property !== 'issuer' && wish[property] !== undefined) throw refusals.notForThisType(property)
  }
  const wellKnownEndpoint = wish.wellKnownEndpoint ?? standard.wellKnownEndpoint
  if (standard.kind === 'microsoft' && !wellKnownEndpoint.includes('{tenant}')) throw refusals.needsTenantPlace()
  return {
    ...blank(needs),
    id: standard.id,
    kind: standard.kind,
    displayName: wish.displayName ?? name,
    issuer: standard.kind === 'microsoft' ? null : readIssuer('issuer', wish.issuer ?? standard.issuer),
    wellKnownEndpoint: readUrl(needs.egress, 'wellKnownEndpoint', wellKnownEndpoint),
    clientId: required(wish.clientId, 'clientId'),
    clientSecretSealed: sealed(needs, required(wish.clientSecret, 'clientSecret')),
    scope: DEFAULT_SCOPE,
  }
}

function openIdConnect(needs: ProviderNeeds, wish: ProviderCreation): Omit<ProviderRow, 'tenantId'> {
  if (wish.identityProviderType !== undefined) throw refusals.notForThisType('identityProviderType')
  const issuer = readIssuer('issuer', required(wish.issuer, 'issuer'))
  const endpoint = wish.wellKnownEndpoint ?? `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  return {
    ...blank(needs),
    id: needs.newId(),
    kind: 'oidc',
    displayName: required(wish.displayName, 'displayName'),
    issuer,
    wellKnownEndpoint: readUrl(needs.egress, 'wellKnownEndpoint', endpoint),
    clientId: required(wish.clientId, 'clientId'),
    clientSecretSealed: sealed(needs, required(secretOf(wish), 'clientAuthentication')),
    ...oidcProperties(wish),
    scope: scopeOf(wish.scope),
  }
}

function oidcProperties(wish: ProviderCreation | ProviderChanges): Partial<ProviderRow> {
  if (wish.responseType !== undefined && wish.responseType !== 'code') throw refusals.onlyCode()
  const mapping = wish.inboundClaimMapping
  return {
    ...(mapping !== undefined && {
      emailClaim: mapping?.email ?? null,
      emailVerifiedClaim: mapping?.email_verified ?? null,
    }),
  }
}

/** Without `openid` there is no ID token, and without that nobody is known. */
function scopeOf(given: string | undefined): string {
  const names = (given ?? DEFAULT_SCOPE).split(' ').filter((name) => name !== '')
  return [...new Set(['openid', ...names])].join(' ')
}

function secretOf({ clientAuthentication, clientSecret }: ProviderCreation | ProviderChanges): string | undefined {
  if (clientAuthentication === undefined) return clientSecret
  const type = clientAuthentication['@odata.type'] ?? `${TYPE}oidcClientSecretAuthentication`
  if (type !== `${TYPE}oidcClientSecretAuthentication`) throw refusals.onlySecret()
  return clientAuthentication.clientSecret
}

/** Changes what is named and leaves the rest (Graph: identityproviderbase-update). @throws Refusal */
export async function changeProvider(
  needs: ProviderNeeds,
  caller: Caller,
  id: string,
  changes: ProviderChanges,
): Promise<void> {
  mustBeEntitled(caller)
  const provider = await findProvider(needs, caller.tenantId, id)
  for (const name of ['identityProviderType', ...(provider.kind === 'oidc' ? [] : ONLY_OIDC)] as const) {
    if (changes[name] !== undefined) throw refusals.notForThisType(name)
  }
  const { displayName, clientId, wellKnownEndpoint } = changes
  const secret = secretOf(changes)
  const issuer = changes.issuer === undefined ? provider.issuer : readIssuer('issuer', changes.issuer)
  if (provider.kind === 'microsoft' && wellKnownEndpoint?.includes('{tenant}') === false) {
    throw refusals.needsTenantPlace()
  }
  // Another issuer is another judge: the owners of the domains are asked again.
  const domainsGiven = changes.domains ?? (issuer === provider.issuer ? undefined : provider.domains)
  const proof = provider.kind === 'oidc' ? (issuer ?? undefined) : undefined
  const domains = domainsGiven && (await readDomains(needs, caller.tenantId, domainsGiven, proof))
  const row: Partial<ProviderRow> = {
    ...(displayName !== undefined && { displayName }),
    ...(clientId !== undefined && { clientId }),
    ...(secret !== undefined && { clientSecretSealed: sealed(needs, secret) }),
    ...(issuer !== provider.issuer && { issuer }),
    ...(wellKnownEndpoint !== undefined && {
      wellKnownEndpoint: readUrl(needs.egress, 'wellKnownEndpoint', wellKnownEndpoint),
    }),
    ...(changes.scope !== undefined && { scope: scopeOf(changes.scope) }),
    ...oidcProperties(changes),
  }
  const changed = [...Object.keys(row).map((name) => name.replace('Sealed', '')), ...(domains ? ['domains'] : [])]
  const details: Record<string, unknown> = { id, changed, ...(domains && { domains }) }
  await change(needs, caller, 'Update IdentityProvider', details, async (scope) => {
    // Whoever was named by the issuer of before is named by nobody any more.
    if (issuer !== provider.issuer) Object.assign(details, await endSignInsAt(needs, scope, id))
    await updateProvider(scope, id, row)
    if (domains) await replaceDomains(scope, provider, domains, needs.clock())
  })
}

async function replaceDomains(
  scope: TenantScope,
  { id, domains: before }: Provider,
  domains: readonly string[],
  now: Date,
): Promise<void> {
  await deleteDomains(
    scope,
    id,
    before.filter((name) => !domains.includes(name)),
  )
  await insertDomains(
    scope,
    id,
    domains.filter((name) => !before.includes(name)),
    now,
  )
}

/**
 * Guests known by it are signed out, and cannot sign in until their redemption is reset (Graph:
 * identityproviderbase-delete). Codes and accounts here are switched off only: nobody distrusts what they have proved.
 * @throws Refusal
 */
export async function removeProvider(needs: ProviderNeeds, caller: Caller, id: string): Promise<void> {
  mustBeEntitled(caller)
  if (id === BUILT_IN.EmailOTP.id) return switchBuiltIn(needs, caller, 'EmailOTP', false)
  if (id === BUILT_IN.EmailPassword.id) return switchBuiltIn(needs, caller, 'EmailPassword', false)
  if (id === BUILT_IN.AADSignup.id) throw refusals.builtIn()
  const provider = await findProvider(needs, caller.tenantId, id)
  const details: Record<string, unknown> = { id, displayName: provider.displayName }
  await change(needs, caller, 'Delete IdentityProvider', details, async (scope) => {
    const { order } = await readProviders(scope)
    if (provider.kind === 'microsoft' && order.fallback === 'microsoftAccount') throw refusals.isFallback()
    Object.assign(details, await endSignInsAt(needs, scope, id))
    await deleteProvider(scope, id)
  })
}

async function createBuiltIn(
  needs: ProviderNeeds,
  caller: Caller,
  wish: ProviderCreation,
  idempotent: IdempotentRequest | undefined,
): Promise<string> {
  const { identityProviderType: given = '' } = wish
  if (given !== 'EmailOTP' && given !== 'EmailPassword') {
    throw refusals.unknownProvider(given, ['EmailOTP', 'EmailPassword'])
  }
  await switchBuiltIn(needs, caller, given, true, idempotent)
  return BUILT_IN[given].id
}

/** Codes by e-mail, or accounts here: on or off. */
export async function switchBuiltIn(
  needs: ProviderNeeds,
  caller: Caller,
  name: 'EmailOTP' | 'EmailPassword',
  isOn: boolean,
  idempotent?: IdempotentRequest,
): Promise<void> {
  const activity = isOn ? 'Create IdentityProvider' : 'Delete IdentityProvider'
  const { id } = BUILT_IN[name]
  const write = async (scope: TenantScope) => {
    const { order } = await readProviders(scope)
    const wasOn = name === 'EmailOTP' ? order.passcodeEnabled : order.localEnabled
    if (isOn === wasOn) throw isOn ? refusals.exists() : refusals.notFound(id)
    if (!isOn && name === 'EmailOTP' && order.fallback === 'emailOneTimePasscode') throw refusals.isFallback()
    await changeOrder(scope, name === 'EmailOTP' ? { passcodeEnabled: isOn } : { localEnabled: isOn })
  }
  await change(needs, caller, activity, { id }, write, { by: idempotent, id: needs.newId() })
}

/** One of `/identity/identityProviders`. @throws Refusal when there is none of this id. */
async function findProvider(needs: ProviderNeeds, tenantId: string, id: string): Promise<Provider> {
  if (Object.values(BUILT_IN).some((builtIn) => builtIn.id === id)) throw refusals.builtIn()
  const { providers } = await needs.database.withTenant(tenantId, readProviders)
  const provider = providers.find((one) => one.id === id && one.kind !== 'saml')
  if (!provider) throw refusals.notFound(id)
  return provider
}

function blank(needs: ProviderNeeds) {
  return {
    emailClaim: null,
    emailVerifiedClaim: null,
    passiveSignInUri: null,
    metadataExchangeUri: null,
    signingCertificates: null,
    metadataReadDateTime: null,
    createdDateTime: needs.clock(),
  }
}

function sealed({ keys }: ProviderNeeds, secret: string): Buffer {
  return keys.seal('identity-provider', Buffer.from(secret))
}

function required(value: string | undefined, name: string): string {
  if (value === undefined) throw refusals.missing(name)
  return value
}

/** Issuers are compared letter by letter, so they are kept as they were given. */
function readIssuer(name: string, text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) throw refusals.notAnIssuer(name)
  return text
}
