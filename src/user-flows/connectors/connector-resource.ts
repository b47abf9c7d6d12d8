import { sql } from 'drizzle-orm'
import { defineCollection, entityRules } from '../../graph/odata/collection.js'
import { EQUALITY, operators } from '../../graph/odata/operators.js'
import { defineResource } from '../../graph/odata/resource.js'
import type { Instant } from '../../kernel/instant.js'
import { activeCertificate, circuitState, HIDDEN, TYPES } from './rules.js'
import { findConnectors, listCertificates, type ShownCertificate } from './store.js'
import { apiConnectors, type Connector } from './tables.js'

const seconds = (at: Instant) => Math.floor(at.getTime() / 1_000)

/** Graph: identityApiConnector. `isFailOpen` and `circuit` are additions. */
export const connectorResource = defineResource<Connector>({
  type: 'microsoft.graph.identityApiConnector',
  baseType: 'microsoft.graph.entity',
  set: 'identity/apiConnectors',
  name: 'IdentityApiConnector',
  hasNoRelations: true,
  properties: {
    id: {
      type: 'Edm.String',
      isDefault: true,
      read: (row) => row.id,
      filter: { sql: apiConnectors.id, type: 'guid', operators: EQUALITY },
    },
    displayName: {
      type: 'Edm.String',
      isDefault: true,
      read: (row) => row.displayName,
      filter: { sql: apiConnectors.displayName, type: 'string', fold: 'none', operators: operators('eq') },
      orderBy: { sql: sql`lower(${apiConnectors.displayName})`, type: 'text' },
      search: { kind: 'text', sql: apiConnectors.displayName },
    },
    targetUrl: { type: 'Edm.String', isDefault: true, read: (row) => row.targetUrl },
    authenticationConfiguration: {
      type: 'microsoft.graph.apiAuthenticationConfigurationBase',
      isDefault: true,
      async load(rows, { scope, now }) {
        const withCertificates = rows.filter(({ authentication }) => authentication.kind === 'certificate')
        const certificates = await listCertificates(
          scope,
          withCertificates.map(({ id }) => id),
        )
        return (row) =>
          showAuthentication(
            row,
            certificates.filter(({ connectorId }) => connectorId === row.id),
            now,
          )
      },
    },
    isFailOpen: { type: 'Edm.Boolean', isDefault: true, read: (row) => row.isFailOpen },
    circuit: {
      type: 'microsoft.graph.connectorCircuit',
      isDefault: true,
      read: (row, { now }) => showCircuit(row, now),
    },
  },
  complexTypes: {
    'microsoft.graph.connectorCircuit': {
      state: { type: 'Edm.String' },
      openUntilDateTime: { type: 'Edm.DateTimeOffset' },
      failuresInARow: { type: 'Edm.Int32' },
      lastFailureDateTime: { type: 'Edm.DateTimeOffset' },
      lastFailureReason: { type: 'Edm.String' },
    },
  },
  load: ({ scope }, ids) => findConnectors(scope, ids),
})

function showAuthentication({ authentication }: Connector, certificates: readonly ShownCertificate[], now: Instant) {
  const type = { '@odata.type': TYPES[authentication.kind] }
  switch (authentication.kind) {
    case 'basic':
      return { ...type, username: authentication.username, password: HIDDEN }
    case 'certificate':
      return { ...type, certificateList: showCertificates(certificates, now) }
    case 'bearer':
      return { ...type, token: HIDDEN }
    case 'oauth': {
      const { tokenEndpoint, clientId, scope } = authentication
      return { ...type, tokenEndpoint, clientId, clientSecret: HIDDEN, scope }
    }
    case 'signature':
      return { ...type, secret: HIDDEN }
  }
}

/** Graph: pkcs12CertificateInformation; its times are NumericDates. */
function showCertificates(certificates: readonly ShownCertificate[], now: Instant) {
  const active = activeCertificate(certificates, now)
  return certificates.map(({ id, thumbprint, notAfter, notBefore }) => ({
    thumbprint,
    notAfter: seconds(notAfter),
    notBefore: seconds(notBefore),
    isActive: id === active?.id,
  }))
}

/** Whether visitors are sent to the connector, and what was wrong last. */
function showCircuit(row: Connector, now: Instant) {
  return {
    state: circuitState(row, now),
    openUntilDateTime: row.openUntil?.toISOString() ?? null,
    failuresInARow: row.failures,
    lastFailureDateTime: row.lastFailureDateTime?.toISOString() ?? null,
    lastFailureReason: row.lastFailureReason,
  }
}

export const connectorCollection = defineCollection({
  resource: connectorResource,
  isFew: true,
  from: sql`${apiConnectors}`,
  id: apiConnectors.id,
  where: (tenantId) => sql`${apiConnectors.tenantId} = ${tenantId}`,
})
export const connectorRules = entityRules(connectorResource)
