import { correlationOf } from '../sign-in/index.js'
import type { Tenant } from '../tenants/index.js'
import { findKnownAt, switchTo } from './store.js'
import type { Visit } from './visit.js'

/**
 * Leads a person to another organization. Where it knows them by what they have proved to this deployment, and its rules
 * of signing in take that proof today, the browser is signed in there too; else its own page asks. Answers with where to
 * go in any case, undefined for an organization that does not exist or is switched off.
 */
export async function switchOrganization(
  { needs, request, asking, view }: Visit,
  to: string,
): Promise<Tenant | undefined> {
  const target = await needs.tenants.find(to)
  if (!target?.enabled) return undefined
  const known = await findKnownAt(needs.database.sql, asking, target.id)
  // Rules may have changed since the person was there last: passcodes off, a home given up.
  const ways = known ? await needs.homeRealms.bound(target, [known]) : []
  const isTaken = ways.some((way) =>
    known?.issuer === 'mail'
      ? way.kind === 'passcode'
      : way.kind === 'tenant' && known?.subject.startsWith(`${way.tenantId}/`),
  )
  if (known && isTaken) {
    await switchTo(needs.database.sql, asking, target.id, known, {
      correlationId: correlationOf(`switch ${request.id}`),
      client: request.ip,
      provider: known.issuer,
      identifier: view.session.address,
    })
  }
  return target
}
