import type { FastifyRequest } from 'fastify'
import type { ReadingPolicy } from '../graph/caller.js'
import type { Instant } from '../kernel/instant.js'
import type { Keys } from '../platform/crypto.js'
import type { Database, TenantScope } from '../platform/database.js'
import type { Egress } from '../platform/egress/egress.js'
import type { Listener } from '../platform/listener.js'
import type { Logger } from '../platform/log.js'
import type { SessionProof } from '../sign-in/index.js'
import type { SigningKeys } from './signing-keys.js'

/** What this capability knows of a tenant. `domains` are its verified names. */
export type KnownTenant = { id: string; enabled: boolean; domains: readonly string[] }

/** Finds a tenant by id or verified domain, in any case. */
export type TenantLookup = { find(idOrVerifiedDomain: string): Promise<KnownTenant | undefined> }

/** What this capability knows of the person a delegated token speaks for. */
export type Subject = {
  id: string
  displayName: string
  mail?: string | null | undefined
  userType: string
  accountEnabled: boolean
  /** When a guest's access ends. */
  accessEndsAt?: Instant | null | undefined
  tokensValidFrom?: Instant | null | undefined
  directoryRoles: ReadonlySet<string>
}

export type FindSubject = (scope: TenantScope, userId: string) => Promise<Subject | undefined>

/** What the token endpoint draws on. */
export type ProviderNeeds = {
  database: Database
  keys: Keys
  clock: () => Instant
  log: Logger
  tenants: TenantLookup
  signingKeys: SigningKeys
  egress: Egress
  /** Every origin this service is reached at; known once it listens. */
  origins: () => readonly string[]
  /** Whether a session proves what the organization asks of its person (a second step). */
  provesEnough: (tenantId: string, session: SessionProof) => Promise<boolean>
  /** The origin of the listener that took the connection. The socket decides, never a header. */
  originOf: (request: FastifyRequest) => string
}

/** What the token check draws on. */
export type AuthenticatorNeeds = Pick<ProviderNeeds, 'database' | 'clock' | 'tenants' | 'signingKeys' | 'origins'> & {
  listener: Listener
  findSubject: FindSubject
  /** What the policies of a tenant let its people read of each other, now. */
  readingOf(tenantId: string): Promise<ReadingPolicy>
}
