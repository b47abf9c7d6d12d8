import type { FastifyInstance, FastifyReply } from 'fastify'
import { isGuid } from '../kernel/ids.js'
import { ErrorPage } from '../platform/pages/error-page.js'
import { fieldsOf, frameFor, queryOf, readForms, rememberLanguage } from '../platform/pages/frame.js'
import { seeOther, sendPage } from '../platform/pages/send-page.js'
import { SIGNED_IN_PATH } from '../provider/index.js'
import { clearSession, handleHash } from '../sign-in/index.js'
import { accountRoutes } from './account-routes.js'
import { answerStale, answerWhich, turnOfForm, visitOfForm } from './answers.js'
import { approvalRoutes } from './approval-routes.js'
import { barOf } from './bar-of.js'
import { endBrowsersOf } from './end-browsers.js'
import { manageRoutes } from './manage-routes.js'
import type { Needs } from './needs.js'
import { AppsPage } from './pages/apps.js'
import { ClosedAppPage, SignedOutPage } from './pages/small.js'
import { findLaunchUrl, readApps } from './read-apps.js'
import { ownPath } from './rules.js'
import { switchOrganization } from './switch-organization.js'
import { frameOf, openTurn, openVisit, pathOf, signInFirst, type Turn, type Visit } from './visit.js'

/** `/myapps`, `/myaccount` and `/myaccess`: pages for whoever is signed in, members and guests. */
export default async function routes(app: FastifyInstance, { needs }: { needs: Needs }): Promise<void> {
  readForms(app)
  rememberLanguage(app, needs.origins.isSecure)
  const options = { config: { permission: 'public' as const }, schema: { hide: true } }

  // Who knows the name of the server only; an invitation or an application brings everybody else.
  app.get('/', options, (_request, reply) => seeOther(reply, '/myapps'))

  app.get('/myapps', options, async (request, reply) => {
    const turn = await openTurn(needs, request, reply)
    return turn ? answerApps(turn) : answerWhich(request, reply)
  })

  app.get<{ Params: { id: string } }>('/myapps/open/:id', options, async (request, reply) => {
    const turn = await openTurn(needs, request, reply)
    if (!turn) return answerWhich(request, reply)
    const visit = await openVisit(turn)
    return visit ? launch(visit, request.params.id) : signInFirst(turn)
  })

  app.get(SIGNED_IN_PATH, options, async (request, reply) => {
    const { state, error } = queryOf(request)
    const path = ownPath(state) ?? '/myapps'
    if (error === undefined) return seeOther(reply, path)
    const frame = frameFor(request, { organization: undefined })
    const page = <ErrorPage frame={frame} kind="fault" retryUrl={path} />
    return sendPage(reply, page, { status: 403, nonce: frame.nonce })
  })

  app.post('/myapps/switch', options, async (request, reply) => {
    const visit = await visitOfForm(needs, request, reply)
    if (!visit) return answerStale(request, reply)
    const { to = '', next } = fieldsOf(request)
    const target = isGuid(to) ? await switchOrganization(visit, to) : undefined
    return seeOther(reply, pathOf(target ?? visit.tenant, next === 'account' ? '/myaccount' : '/myapps'))
  })

  app.post('/myapps/sign-out', options, async (request, reply) => {
    const turn = await turnOfForm(needs, request, reply)
    if (!turn) return answerStale(request, reply)
    const { browser, tenant } = turn
    if (browser.session !== undefined) {
      await endBrowsersOf(turn, handleHash(needs.keys, browser, 'session', browser.session), { which: 'this' })
    }
    clearSession(reply, browser)
    const frame = frameOf(turn)
    const page = <SignedOutPage frame={frame} left={false} signInUrl={pathOf(tenant)} />
    return sendPage(reply, page, { status: 200, nonce: frame.nonce })
  })

  await app.register(accountRoutes, { needs })
  await app.register(manageRoutes, { needs })
  await app.register(approvalRoutes, { needs })
}

async function answerApps(turn: Turn): Promise<FastifyReply> {
  const { q, page: wished } = queryOf(turn.request)
  const found = await readApps(turn, { q, page: wished })
  if (!found) return signInFirst(turn)
  const { visit, query, page, pages } = found
  const { apps, found: matching, tiles } = visit.view
  const bar = barOf(visit, query || undefined)
  const drawn = <AppsPage {...bar} apps={apps} found={matching} tiles={tiles} page={page} pages={pages} />
  return sendPage(turn.reply, drawn, { status: 200, nonce: bar.frame.nonce })
}

/** Opens an app at the address it has now. */
async function launch(visit: Visit, id: string): Promise<FastifyReply> {
  const { reply, tenant } = visit
  const url = await findLaunchUrl(visit, id)
  if (url !== undefined) return seeOther(reply, url)
  const frame = frameOf(visit)
  return sendPage(reply, <ClosedAppPage frame={frame} backUrl={pathOf(tenant)} />, { status: 404, nonce: frame.nonce })
}
