import { type Policies, provesEnough, secondStepDemand } from '../policies/index.js'
import type { Tenants } from '../tenants/index.js'
import type { SessionView } from './store.js'

export type SessionProof = Pick<SessionView, 'amr' | 'homeClaims' | 'codesToKeep'> & {
  userType: 'Member' | 'Guest'
  /** Graph: externalUserState; null of who belongs here. */
  state: string | null
}

/** Whether a session proves what the organization asks of its person; false also while recovery codes wait to be kept. */
export async function sessionProvesEnough(
  { tenants, policies }: { tenants: Tenants; policies: Policies },
  tenantId: string,
  { userType, state, ...session }: SessionProof,
): Promise<boolean> {
  const tenant = await tenants.find(tenantId)
  if (!tenant || session.codesToKeep !== null) return false
  const { guestAuthentication } = await policies.of(tenant)
  return provesEnough(secondStepDemand(guestAuthentication, { userType, isExternal: state !== null }), session).allowed
}
