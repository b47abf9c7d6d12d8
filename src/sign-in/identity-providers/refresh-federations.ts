import { X509Certificate } from 'node:crypto'
import { recordAudit } from '../../audit/index.js'
import { DAY_MS } from '../../kernel/instant.js'
import type { Database } from '../../platform/database.js'
import type { Egress } from '../../platform/egress/egress.js'
import type { Logger } from '../../platform/log.js'
import { raiseVersion, type Tenants } from '../../tenants/index.js'
import { fetchSamlMetadata, MetadataUnusable } from './saml-metadata.js'
import { type Provider, readProviders, updateProvider } from './store.js'

type Needs = {
  database: Database
  tenants: Tenants
  egress: Egress
  clock: () => Date
  newId: () => string
  log: Logger
}

/** Certificates are looked for anew from 30 days before the last one ends (Graph: samlOrWsFedProvider), then daily. */
const BEFORE_END_MS = 30 * DAY_MS
/** A partner whose signatures do not hold is asked for its keys once a minute at most. */
const ASKED_AGAIN_MS = 60_000

/**
 * Reads a partner's certificates from its metadata. True when they are others than those known, which are then in force.
 * False without metadata, a minute after the last time, or when it cannot be read.
 */
export async function refreshFederation(needs: Needs, tenantId: string, provider: Provider): Promise<boolean> {
  const { metadataExchangeUri, metadataReadDateTime, signingCertificates, issuer, id } = provider
  const now = needs.clock()
  if (metadataExchangeUri === null) return false
  if (metadataReadDateTime && now.getTime() - metadataReadDateTime.getTime() < ASKED_AGAIN_MS) return false
  const metadata = await fetchSamlMetadata(needs.egress, metadataExchangeUri).catch((error: unknown) => {
    if (!(error instanceof MetadataUnusable)) throw error
    needs.log.warn({ tenant: tenantId, federation: id, err: error }, 'the metadata of a federation cannot be read')
    return undefined
  })
  const certificates = metadata?.issuer === issuer ? metadata?.certificates : undefined
  const isNews = certificates !== undefined && String(certificates) !== String(signingCertificates)
  await needs.database.withTenant(tenantId, async (scope) => {
    if (isNews) await raiseVersion(scope.orm, tenantId)
    await updateProvider(scope, id, {
      metadataReadDateTime: now,
      ...(isNews && { signingCertificates: certificates }),
    })
    if (!isNews) return
    await recordAudit(scope, {
      id: needs.newId(),
      activityDateTime: now,
      activityDisplayName: 'Update federation',
      category: 'DirectoryManagement',
      loggedByService: 'Core Directory',
      initiatedBy: { kind: 'service', displayName: 'Certificate roll-over' },
      additionalDetails: { id, changed: ['signingCertificates'] },
    })
  })
  if (isNews) needs.tenants.forget(tenantId)
  return isNews
}

/** Rolls the certificates over of one organization's federations whose last one ends soon. For a schedule. */
export async function rollCertificatesOver(needs: Needs, tenantId: string): Promise<void> {
  const now = needs.clock()
  const { providers } = await needs.database.withTenant(tenantId, readProviders)
  for (const provider of providers) {
    const ends = lastEnd(provider.signingCertificates ?? [])
    const isSoon = ends !== undefined && ends.getTime() - now.getTime() < BEFORE_END_MS
    const wasRead = provider.metadataReadDateTime?.getTime() ?? 0
    if (isSoon && now.getTime() - wasRead >= DAY_MS) await refreshFederation(needs, tenantId, provider)
  }
}

/** When the last of these certificates ends; undefined when there is none. */
export function lastEnd(certificates: readonly string[]): Date | undefined {
  const ends = certificates.map((one) => Date.parse(new X509Certificate(Buffer.from(one, 'base64')).validTo))
  return ends.length > 0 ? new Date(Math.max(...ends)) : undefined
}
