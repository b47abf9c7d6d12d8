import type { FastifyInstance, FastifyReply } from 'fastify'
import { fieldsOf, queryOf } from '../platform/pages/frame.js'
import { seeOther, sendPage } from '../platform/pages/send-page.js'
import {
  askSecondStep,
  listOwnMethods,
  removeOwnMethod,
  renewRecoveryCodes,
  type StepTurn,
  takeSecondStep,
} from '../sign-in/index.js'
import { answerStale, answerWhich, visitOfForm } from './answers.js'
import { barOf } from './bar-of.js'
import { endBrowsersOf } from './end-browsers.js'
import { findLeaveObstacle, leaveOrganization } from './leave-organization.js'
import type { Needs } from './needs.js'
import { AccountPage, type Notice } from './pages/account.js'
import { LeavePage } from './pages/leave.js'
import { SignedOutPage } from './pages/small.js'
import type { LeaveObstacle } from './rules.js'
import { listBrowsers } from './store.js'
import { frameOf, openTurn, openVisit, pathOf, signInFirst, type Visit } from './visit.js'

const ACCOUNT = '/myaccount'
const SECOND_STEP = '/myaccount/second-step'
const SESSION_ID = /^[0-9a-f]{64}$/

/** `/myaccount`: organizations, browsers, sign-in methods, and leaving. */
export async function accountRoutes(app: FastifyInstance, { needs }: { needs: Needs }): Promise<void> {
  const options = { config: { permission: 'public' as const }, schema: { hide: true } }

  const get = (path: string, answer: (visit: Visit) => Promise<FastifyReply> | FastifyReply) =>
    app.get(path, options, async (request, reply) => {
      const turn = await openTurn(needs, request, reply)
      if (!turn) return answerWhich(request, reply)
      const visit = await openVisit(turn)
      return visit ? answer(visit) : signInFirst(turn)
    })
  const post = (path: string, answer: (visit: Visit) => Promise<FastifyReply> | FastifyReply) =>
    app.post(path, options, async (request, reply) => {
      const visit = await visitOfForm(needs, request, reply)
      return visit ? answer(visit) : answerStale(request, reply)
    })

  get(ACCOUNT, (visit) => answerAccount(visit))
  post('/myaccount/browsers', endBrowsers)
  get(SECOND_STEP, answerSecondStep)
  post(SECOND_STEP, (visit) => {
    const step = stepOf(visit)
    return takeSecondStep(step, fieldsOf(visit.request))
  })
  post('/myaccount/methods', changeMethods)
  get('/myaccount/leave', async (visit) => answerLeave(visit, await findLeaveObstacle(visit)))
  post('/myaccount/leave', leave)
}

async function answerAccount(visit: Visit, notice?: Notice): Promise<FastifyReply> {
  const { needs, reply, tenant, asking, view } = visit
  const [browsers, own] = await Promise.all([
    listBrowsers(needs.database.sql, asking),
    listOwnMethods(needs, tenant.id, view.person.id),
  ])
  const bar = barOf(visit)
  const page = (
    <AccountPage
      {...bar}
      view={view}
      browsers={browsers}
      own={own}
      notice={notice ?? (queryOf(visit.request)['changed'] === 'methods' ? { kind: 'methods' } : undefined)}
    />
  )
  return sendPage(reply, page, { status: 200, nonce: bar.frame.nonce })
}

async function endBrowsers(visit: Visit): Promise<FastifyReply> {
  const { asking, view } = visit
  const { id = '', which } = fieldsOf(visit.request)
  if (which !== 'others' && !SESSION_ID.test(id)) return answerAccount(visit)
  const { displayName } = view.person
  const count = await endBrowsersOf(
    visit,
    asking.handle,
    which === 'others' ? { which } : { which: 'one', id: Buffer.from(id, 'hex') },
    { id: view.person.id, displayName },
  )
  // One's own browser is among them when it was named: nobody is signed in here any more.
  const again = await openVisit(visit)
  return again ? answerAccount(again, { kind: 'browsers', count }) : seeOther(visit.reply, pathOf(visit.tenant))
}

/**
 * The second step, where nothing but its owner asks for it: to set up one more method (`had` counts those there were),
 * or to prove enough for changing them. Leads back once that is done.
 */
async function answerSecondStep(visit: Visit): Promise<FastifyReply> {
  const { needs, request, reply, tenant, view } = visit
  const { methods } = await listOwnMethods(needs, tenant.id, view.person.id)
  const { had } = queryOf(request)
  const isDone = had === undefined ? view.session.amr.includes('mfa') : methods.length > Number(had)
  if (isDone || (had === undefined && methods.length === 0)) {
    return seeOther(reply, `${pathOf(tenant, ACCOUNT, had === undefined ? {} : { changed: 'methods' })}#methods`)
  }
  return askSecondStep(stepOf(visit))
}

function stepOf(visit: Visit): StepTurn {
  const { needs, request, reply, tenant, browser, view } = visit
  const contact = tenant.contactAddress
  return {
    needs,
    request,
    reply,
    tenant,
    browser,
    session: view.session,
    preferred: view.person.preferredLanguage ?? undefined,
    contactUrl: contact && `mailto:${contact}`,
    adding: queryOf(request)['had'] === undefined ? undefined : { backUrl: pathOf(tenant, ACCOUNT) },
  }
}

async function changeMethods(visit: Visit): Promise<FastifyReply> {
  const { needs, reply, tenant, browser, view } = visit
  const { action, id = '' } = fieldsOf(visit.request)
  const { methods } = await listOwnMethods(needs, tenant.id, view.person.id)
  const isProved = methods.length === 0 || view.session.amr.includes('mfa')
  // A proven mailbox alone changes nobody's second step: whoever has one takes it first.
  if (!isProved) return seeOther(reply, pathOf(tenant, SECOND_STEP))
  if (action === 'add') return seeOther(reply, pathOf(tenant, SECOND_STEP, { had: String(methods.length) }))
  if (browser.session === undefined) return answerAccount(visit)
  const step = { tenantId: tenant.id, browser: { ...browser, session: browser.session }, session: view.session }
  if (action === 'codes') await renewRecoveryCodes(needs, step)
  else if (methods.some((method) => method.id === id)) await removeOwnMethod(needs, step, id)
  return seeOther(reply, `${pathOf(tenant, ACCOUNT, { changed: 'methods' })}#methods`)
}

function answerLeave(visit: Visit, obstacle: LeaveObstacle | undefined): FastifyReply {
  const { tenant, reply } = visit
  const bar = barOf(visit)
  const contactUrl = tenant.contactAddress ? `mailto:${tenant.contactAddress}` : tenant.privacyStatementUrl
  const page = (
    <LeavePage frame={bar.frame} csrf={bar.csrf} tenantId={tenant.id} obstacle={obstacle} contactUrl={contactUrl} />
  )
  return sendPage(reply, page, { status: obstacle ? 403 : 200, nonce: bar.frame.nonce })
}

async function leave(visit: Visit): Promise<FastifyReply> {
  if (fieldsOf(visit.request)['choice'] !== 'leave') return seeOther(visit.reply, pathOf(visit.tenant, ACCOUNT))
  const outcome = await leaveOrganization(visit)
  if (outcome === 'signedOut') return seeOther(visit.reply, pathOf(visit.tenant))
  if (outcome !== 'left') return answerLeave(visit, outcome)
  const frame = frameOf(visit)
  const page = <SignedOutPage frame={frame} left signInUrl={pathOf(visit.tenant)} />
  return sendPage(visit.reply, page, { status: 200, nonce: frame.nonce })
}
