import type { Caller } from '../../graph/caller.js'
import type { TenantScope } from '../../platform/database.js'
import type { IdempotentRequest } from '../../platform/idempotency/request.js'
import { change, endSignInsAt, madeByKey, mustBeEntitled, type ProviderNeeds, readDomains, readUrl } from './change.js'
import { refusals } from './errors.js'
import { fetchSamlMetadata, MetadataUnusable, readCertificate, type SamlMetadata } from './saml-metadata.js'
import type { FederationBody } from './schema.js'
import {
  deleteDomains,
  deleteProvider,
  insertDomains,
  insertProvider,
  type Provider,
  type ProviderRow,
  readProviders,
  updateProvider,
} from './store.js'

/** Creates a federation (Graph: samlorwsfedexternaldomainfederation-post); answers with its id. @throws Refusal */
export async function createFederation(
  needs: ProviderNeeds,
  caller: Caller,
  wish: FederationBody,
  idempotent?: IdempotentRequest,
): Promise<string> {
  mustBeEntitled(caller)
  const first = await madeByKey(needs, caller, idempotent)
  if (first !== undefined) return first
  mustBeSaml(wish)
  const metadata = await metadataOf(needs, wish.metadataExchangeUri)
  const issuer = readIssuerUri(wish.issuerUri ?? metadata?.issuer)
  if (metadata && metadata.issuer !== issuer) throw otherIssuer(metadata, issuer)
  const signIn = wish.passiveSignInUri ?? metadata?.passiveSignInUri
  if (signIn === undefined) throw refusals.missing('passiveSignInUri')
  const passiveSignInUri = readUrl(needs.egress, 'passiveSignInUri', signIn)
  const certificates = certificatesOf(wish, metadata)
  if (!certificates) throw refusals.missing('signingCertificate')
  const [firstDomain] = wish.domains ?? []
  if (!firstDomain) throw refusals.missing('domains')
  const names = await readDomains(
    needs,
    caller.tenantId,
    (wish.domains ?? []).map(({ id }) => id),
    passiveSignInUri,
  )
  const now = needs.clock()
  const row: Omit<ProviderRow, 'tenantId'> = {
    id: needs.newId(),
    kind: 'saml',
    displayName: wish.displayName ?? firstDomain.id,
    issuer,
    wellKnownEndpoint: null,
    clientId: null,
    clientSecretSealed: null,
    scope: null,
    emailClaim: null,
    emailVerifiedClaim: null,
    passiveSignInUri,
    metadataExchangeUri: wish.metadataExchangeUri ?? null,
    signingCertificates: certificates,
    metadataReadDateTime: metadata ? now : null,
    createdDateTime: now,
  }
  const details = { id: row.id, issuerUri: issuer, domains: names }
  const write = async (scope: TenantScope) => {
    await insertProvider(scope, row)
    await insertDomains(scope, row.id, names, now)
  }
  return (await change(needs, caller, 'Create federation', details, write, { by: idempotent, id: row.id })) ?? row.id
}

/** Changes what is named and leaves the rest (Graph: samlorwsfedexternaldomainfederation-update). @throws Refusal */
export async function changeFederation(
  needs: ProviderNeeds,
  caller: Caller,
  id: string,
  wish: FederationBody,
): Promise<void> {
  mustBeEntitled(caller)
  mustBeSaml(wish)
  const federation = await findFederation(needs, caller.tenantId, id)
  const { displayName, passiveSignInUri, metadataExchangeUri, issuerUri } = wish
  const metadata = await metadataOf(needs, metadataExchangeUri)
  const issuer = issuerUri === undefined ? federation.issuer : readIssuerUri(issuerUri)
  if (metadata && metadata.issuer !== issuer) throw otherIssuer(metadata, issuer ?? '')
  const certificates = certificatesOf(wish, metadata)
  const signIn = passiveSignInUri ?? metadata?.passiveSignInUri
  const row: Partial<ProviderRow> = {
    ...(displayName !== undefined && { displayName }),
    ...(issuerUri !== undefined && { issuer }),
    ...(signIn !== undefined && { passiveSignInUri: readUrl(needs.egress, 'passiveSignInUri', signIn) }),
    ...(metadataExchangeUri !== undefined && { metadataExchangeUri }),
    ...(certificates && { signingCertificates: certificates }),
    ...(metadata && { metadataReadDateTime: needs.clock() }),
  }
  // Another sign-in address is another judge: the owners of the domains are asked again.
  const hasMoved = signIn !== undefined && signIn !== federation.passiveSignInUri
  if (hasMoved) await readDomains(needs, caller.tenantId, federation.domains, signIn)
  const details: Record<string, unknown> = { id, changed: Object.keys(row) }
  await change(needs, caller, 'Update federation', details, async (scope) => {
    if (issuer !== federation.issuer) Object.assign(details, await endSignInsAt(needs, scope, id))
    await updateProvider(scope, id, row)
  })
}

/** Guests known by it are signed out, and cannot sign in until their redemption is reset. @throws Refusal while it has several domains. */
export async function removeFederation(needs: ProviderNeeds, caller: Caller, id: string): Promise<void> {
  mustBeEntitled(caller)
  const federation = await findFederation(needs, caller.tenantId, id)
  if (federation.domains.length > 1) throw refusals.lastDomain()
  const details: Record<string, unknown> = { id, displayName: federation.displayName }
  await change(needs, caller, 'Delete federation', details, async (scope) => {
    Object.assign(details, await endSignInsAt(needs, scope, id))
    await deleteProvider(scope, id)
  })
}

/** Adds one domain, whose owner has agreed. Answers with its name. @throws Refusal */
export async function addFederationDomain(
  needs: ProviderNeeds,
  caller: Caller,
  id: string,
  given: string,
  idempotent?: IdempotentRequest,
): Promise<string> {
  mustBeEntitled(caller)
  const federation = await findFederation(needs, caller.tenantId, id)
  const [name] = await readDomains(needs, caller.tenantId, [given], federation.passiveSignInUri ?? undefined)
  if (name === undefined) throw refusals.malformedDomain(given)
  const write = (scope: TenantScope) => insertDomains(scope, id, [name], needs.clock())
  const made = { by: idempotent, id: needs.newId() }
  await change(needs, caller, 'Update federation', { id, domain: name }, write, made)
  return name
}

/** @throws Refusal when the federation has no such domain. */
export async function removeFederationDomain(
  needs: ProviderNeeds,
  caller: Caller,
  id: string,
  name: string,
): Promise<void> {
  mustBeEntitled(caller)
  const federation = await findFederation(needs, caller.tenantId, id)
  const folded = name.toLowerCase()
  if (!federation.domains.includes(folded)) throw refusals.notFound(name)
  await change(needs, caller, 'Update federation', { id, removedDomain: folded }, (scope) =>
    deleteDomains(scope, id, [folded]),
  )
}

/** One of `/directory/federationConfigurations`. @throws Refusal when there is none of this id. */
export async function findFederation(
  { database }: Pick<ProviderNeeds, 'database'>,
  tenantId: string,
  id: string,
): Promise<Provider> {
  const { providers } = await database.withTenant(tenantId, readProviders)
  const federation = providers.find((one) => one.id === id.toLowerCase() && one.kind === 'saml')
  if (!federation) throw refusals.notFound(id)
  return federation
}

function mustBeSaml({ preferredAuthenticationProtocol: protocol }: FederationBody): void {
  if (protocol !== undefined && protocol !== 'saml') throw refusals.onlySaml()
}

async function metadataOf(needs: ProviderNeeds, url: string | null | undefined): Promise<SamlMetadata | undefined> {
  if (typeof url !== 'string') return undefined
  readUrl(needs.egress, 'metadataExchangeUri', url)
  return fetchSamlMetadata(needs.egress, url).catch((error: unknown) => {
    if (error instanceof MetadataUnusable) throw refusals.metadataUnreadable(error.message)
    throw error
  })
}

function certificatesOf({ signingCertificate }: FederationBody, metadata: SamlMetadata | undefined) {
  if (typeof signingCertificate !== 'string') return metadata?.certificates
  try {
    return [...new Set([readCertificate(signingCertificate), ...(metadata?.certificates ?? [])])]
  } catch (error) {
    if (error instanceof MetadataUnusable) throw refusals.notACertificate()
    throw error
  }
}

/** A URI: the names that Graph gives to issuers have no colon, so none of them can be taken. */
function readIssuerUri(text: string | undefined): string {
  if (text === undefined) throw refusals.missing('issuerUri')
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:\S+$/.test(text)) throw refusals.notAnIssuer('issuerUri')
  return text
}

function otherIssuer(metadata: SamlMetadata, issuer: string) {
  return refusals.metadataUnreadable(`The metadata is of ${metadata.issuer.slice(0, 256)}, and issuerUri is ${issuer}.`)
}
