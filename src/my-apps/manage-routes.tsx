import type { FastifyInstance, FastifyReply } from 'fastify'
import { isGuid } from '../kernel/ids.js'
import { sendPage } from '../platform/pages/send-page.js'
import { readingPolicy } from '../policies/index.js'
import { answerWhich } from './answers.js'
import { barOf } from './bar-of.js'
import type { Needs } from './needs.js'
import { HoldersPage, ManagePage } from './pages/manage.js'
import { ClosedAppPage } from './pages/small.js'
import { ownerSees } from './rules.js'
import { findOwned, listOwned } from './store.js'
import { openTurn, openVisit, pathOf, signInFirst, type Visit } from './visit.js'

/** People shown of one thing: the portal shows all. */
const MOST_HOLDERS = 100

/** `/myapps/manage`: what somebody owns and who has it. Shows; changing it is the API's and the portal's. */
export async function manageRoutes(app: FastifyInstance, { needs }: { needs: Needs }): Promise<void> {
  const options = { config: { permission: 'public' as const }, schema: { hide: true } }

  app.get('/myapps/manage', options, async (request, reply) => {
    const turn = await openTurn(needs, request, reply)
    if (!turn) return answerWhich(request, reply)
    const visit = await openVisit(turn)
    return visit ? answerOwned(visit) : signInFirst(turn)
  })

  app.get<{ Params: { id: string } }>('/myapps/manage/:id', options, async (request, reply) => {
    const turn = await openTurn(needs, request, reply)
    if (!turn) return answerWhich(request, reply)
    const visit = await openVisit(turn)
    return visit ? answerHolders(visit, request.params.id) : signInFirst(turn)
  })
}

async function seenBy({ needs, tenant, view }: Visit) {
  return ownerSees(view.person, readingPolicy((await needs.policies.of(tenant)).authorization))
}

async function answerOwned(visit: Visit): Promise<FastifyReply> {
  const { needs, reply, tenant, view } = visit
  const sees = await seenBy(visit)
  const owned = await listOwned(needs.database.sql, tenant.id, view.person.id, sees.groups)
  const bar = barOf(visit)
  const page = <ManagePage {...bar} owned={owned} showsPeople={sees.people} />
  return sendPage(reply, page, { status: 200, nonce: bar.frame.nonce })
}

async function answerHolders(visit: Visit, id: string): Promise<FastifyReply> {
  const { needs, reply, tenant, view } = visit
  const sees = await seenBy(visit)
  const wish = { showsGroups: sees.groups, id, most: MOST_HOLDERS }
  const owned =
    sees.people && isGuid(id) ? await findOwned(needs.database.sql, tenant.id, view.person.id, wish) : undefined
  const bar = barOf(visit)
  const { frame } = bar
  if (!owned) {
    const page = <ClosedAppPage frame={frame} backUrl={pathOf(tenant)} />
    return sendPage(reply, page, { status: 404, nonce: frame.nonce })
  }
  return sendPage(reply, <HoldersPage {...bar} owned={owned} />, { status: 200, nonce: frame.nonce })
}
