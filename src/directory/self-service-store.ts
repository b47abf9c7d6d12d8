import { sql } from 'drizzle-orm'
import type { TenantScope } from '../platform/database.js'
import { type SelfServiceGuest, selfServiceRow } from './self-service-guest.js'

/** `exists`: somebody is known by the identity. `addressTaken`: somebody else has the address. */
type SelfServiceOutcome = { outcome: 'created' | 'exists'; userId: string } | { outcome: 'addressTaken' }

/** Makes a guest who signed up, with identity and answers; two at once make one. The caller decides whether they may. */
export async function addSelfServiceGuest(
  { orm, tenantId }: TenantScope,
  now: Date,
  initialDomain: string,
  guest: SelfServiceGuest,
): Promise<SelfServiceOutcome> {
  const row = JSON.stringify(selfServiceRow(guest))
  const [made] = await orm.execute<{ answer: SelfServiceOutcome }>(sql`
    select directory_add_self_service_guest(${tenantId}, ${now.toISOString()}, ${initialDomain},
      ${row}::text::jsonb) as answer`)
  if (!made) throw new Error('making a guest answered nothing')
  return made.answer
}
