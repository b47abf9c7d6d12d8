import type { FastifyReply } from 'fastify'
import { seeOther } from '../../platform/pages/send-page.js'
import { clearSession, endBrowser } from '../../sign-in/index.js'
import { type Holder, restart } from './store.js'
import { pathOf, type Visit } from './visit.js'

/** As somebody else: what was told so far goes, and whoever is signed in here is signed out. */
export async function startOver(visit: Visit, holder: Holder): Promise<FastifyReply> {
  const { needs, reply, tenant, browser } = visit
  await restart(needs.database.sql, tenant.id, holder)
  if (holder.session) await endBrowser(needs.database.sql, tenant.id, holder.session)
  clearSession(reply, browser)
  return seeOther(reply, pathOf(visit))
}
