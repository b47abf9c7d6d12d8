import { csrfOf } from '../sign-in/index.js'
import type { BarProps } from './pages/bar.js'
import { frameOf, type Visit } from './visit.js'

/** What the bar shows of a visit. */
export function barOf(visit: Visit, query?: string): BarProps {
  const { tenant, view } = visit
  return {
    frame: frameOf(visit),
    csrf: csrfOf(visit),
    tenantId: tenant.id,
    person: { name: view.person.displayName, isGuest: view.person.state !== null },
    organizations: view.organizations,
    owns: view.owns,
    query,
  }
}
