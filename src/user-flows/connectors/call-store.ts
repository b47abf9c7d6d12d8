import type postgres from 'postgres'
import { type Instant, instantOf } from '../../kernel/instant.js'
import { createCoalescer } from '../../platform/coalescer.js'
import { type Authentication, CIRCUIT } from './rules.js'
import type { ShownExchange } from './shown-exchange.js'

/** A certificate as calls need it. */
export type CallCertificate = { id: string; notBefore: Instant; notAfter: Instant; pkcs12Sealed: Buffer }

/** A connector as calls need it. */
export type CallableConnector = {
  id: string
  tenantId: string
  targetUrl: string
  authentication: Authentication
  secretSealed: Buffer | null
  isFailOpen: boolean
  failures: number
  openUntil: Instant | null
  probeUntil: Instant | null
  certificates: readonly CallCertificate[]
}

/** Exchanges kept of each connector. */
export const MOST_EXCHANGES = 100

type Stored = {
  id: string
  targetUrl: string
  authentication: Authentication
  secret: string | null
  isFailOpen: boolean
  failures: number
  openUntil: string | null
  probeUntil: string | null
  certificates: { id: string; notBefore: string; notAfter: string; pkcs12: string }[]
}

/** One round trip. */
export async function readCallable(
  sql: postgres.Sql,
  tenantId: string,
  connectorId: string,
): Promise<CallableConnector | undefined> {
  const [row] = await sql<{ found: Stored | null }[]>`
    select connector_for_call(${tenantId}::uuid, ${connectorId}::uuid) as found`
  const found = row?.found
  if (!found) return undefined
  const { secret, certificates, openUntil, probeUntil, ...rest } = found
  return {
    ...rest,
    tenantId,
    secretSealed: secret === null ? null : Buffer.from(secret, 'hex'),
    openUntil: openUntil === null ? null : instantOf(openUntil),
    probeUntil: probeUntil === null ? null : instantOf(probeUntil),
    certificates: certificates.map(({ id, notBefore, notAfter, pkcs12 }) => ({
      id,
      notBefore: instantOf(notBefore),
      notAfter: instantOf(notAfter),
      pkcs12Sealed: Buffer.from(pkcs12, 'hex'),
    })),
  }
}

type Key = { tenantId: string; id: string }

/** Notes a failure; with enough in a row the circuit opens, for every replica. */
export async function recordFailure(
  sql: postgres.Sql,
  { tenantId, id }: Key,
  { now, reason, isDown }: { now: Instant; reason: string; isDown: boolean },
): Promise<void> {
  await sql`select connector_failed(${tenantId}::uuid, ${id}::uuid, ${now.toISOString()}::timestamptz, ${reason}, ${isDown},
    ${JSON.stringify(CIRCUIT)}::text::jsonb)`
}

/** Notes that the connector is there. */
export async function recordAnswer(sql: postgres.Sql, { tenantId, id }: Key): Promise<void> {
  await sql`select connector_answered(${tenantId}::uuid, ${id}::uuid)`
}

/** Whether the caller is the one who looks, until `until`, whether the connector is back. */
export async function claimProbe(
  sql: postgres.Sql,
  { tenantId, id }: Key,
  now: Instant,
  until: Instant,
): Promise<boolean> {
  const [row] = await sql<{ mine: boolean }[]>`
    select connector_probe(${tenantId}::uuid, ${id}::uuid, ${now.toISOString()}::timestamptz,
      ${until.toISOString()}::timestamptz) as mine`
  return row?.mine ?? false
}

export type ExchangeRow = { tenantId: string; connectorId: string; id: string; exchange: ShownExchange }

/** Keeps exchanges: those that end together travel together, whoever's they are. */
export function createExchangeWriter(sql: postgres.Sql): (row: ExchangeRow) => Promise<boolean> {
  return createCoalescer<ExchangeRow, boolean>({
    async run(rows) {
      await sql`select connector_exchanges_record(${JSON.stringify(rows)}::text::jsonb, ${MOST_EXCHANGES}::int)`
      return rows.map(() => true)
    },
    keys: () => [],
    inFlight: 1,
  })
}
