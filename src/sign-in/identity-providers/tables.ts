import {
  boolean,
  customType,
  index,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'

const instant = (name: string) => timestamp(name, { withTimezone: true })
const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

/** Where guests of an organization may sign in, other than by a passcode (Graph: identityProviderBase). */
export const identityProviders = pgTable(
  'identity_providers',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: text().notNull(),
    kind: text().$type<ProviderKind>().notNull(),
    displayName: text('display_name').notNull(),
    /** Whose word it is: the `iss` of ID tokens, the entity id of assertions. Null: each directory of it is one. */
    issuer: text(),
    wellKnownEndpoint: text('well_known_endpoint'),
    clientId: text('client_id'),
    clientSecretSealed: bytea('client_secret_sealed'),
    scope: text(),
    /** Claims read under other names (Graph: oidcInboundClaimMappingOverride). */
    emailClaim: text('email_claim'),
    emailVerifiedClaim: text('email_verified_claim'),
    passiveSignInUri: text('passive_sign_in_uri'),
    metadataExchangeUri: text('metadata_exchange_uri'),
    /** Base64 of the DER of each; what any of them signed counts. */
    signingCertificates: text('signing_certificates').array(),
    metadataReadDateTime: instant('metadata_read_date_time'),
    createdDateTime: instant('created_date_time').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    // Identities are issuer and subject: two providers of one issuer would make one person of two.
    uniqueIndex('identity_providers_issuer').on(table.tenantId, table.issuer),
  ],
)

/** Domains whose people a provider speaks for. One provider a domain. */
export const providerDomains = pgTable(
  'provider_domains',
  {
    tenantId: uuid('tenant_id').notNull(),
    name: text().notNull(),
    providerId: text('provider_id').notNull(),
    createdDateTime: instant('created_date_time').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.name] }),
    index('provider_domains_of').on(table.tenantId, table.providerId),
  ],
)

/** In which order homes are looked for (Graph: invitationRedemptionIdentityProviderConfiguration). */
export const redemptionOrders = pgTable('redemption_orders', {
  tenantId: uuid('tenant_id').primaryKey(),
  passcodeEnabled: boolean('passcode_enabled').notNull().default(true),
  localEnabled: boolean('local_enabled').notNull().default(true),
  precedence: text().array(),
  fallback: text(),
  /** Domains with a home whose people may use a passcode all the same. */
  passcodeDomains: text('passcode_domains').array(),
})

export type ProviderKind = 'google' | 'facebook' | 'microsoft' | 'oidc' | 'saml'
