import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Instant } from '../../kernel/instant.js'
import type { Language } from '../../platform/i18n/index.js'
import { languageOf, queryOf } from '../../platform/pages/frame.js'
import { type Browser, correlationOf, handleHash, type LogContext, openBrowser } from '../../sign-in/index.js'
import type { Tenant } from '../../tenants/index.js'
import type { UserFlow } from '../words.js'
import type { Needs } from './needs.js'
import { type Holder, readView, type View } from './store.js'
import { languageOfFlow } from './words-of.js'

/** A browser at a flow of an organization, whatever it wants there. */
export type Visit = {
  needs: Needs
  request: FastifyRequest
  reply: FastifyReply
  tenant: Tenant
  flow: UserFlow
  browser: Browser
  now: Instant
}

/** The same, and how far it has come. */
export type Situation = Visit & { view: View }

type Parameters = { tenant?: string; flow?: string }

/** Finds organization and flow by the path; undefined when either is not there. A flow that is off is found. */
export async function openVisit(
  needs: Needs,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Visit | undefined> {
  const { tenant: named = '', flow: flowId = '' } = request.params as Parameters
  // Ids, domain names and ids of flows; anything else never reaches the database.
  if (!/^[A-Za-z0-9.-]{1,253}$/.test(named) || !/^[A-Za-z0-9_-]{1,100}$/.test(flowId)) return undefined
  const tenant = await needs.tenants.find(named)
  if (!tenant?.enabled) return undefined
  const flow = await needs.neighbours.readFlow(tenant.id, flowId)
  if (!flow) return undefined
  const browser = await openBrowser(needs, request, tenant.id)
  return { needs, request, reply, tenant, flow, browser, now: needs.clock() }
}

/** Looks how far the browser has come. */
export async function look(visit: Visit): Promise<Situation> {
  const { needs, tenant, flow, now } = visit
  const holder = holderOf(visit)
  const view = holder ? await readView(needs.database.sql, tenant.id, now, holder, flow.requiresApproval) : NOTHING
  return { ...visit, view }
}

const NOTHING: View = { run: null, session: null, passcode: null, request: null }

/** The stored forms of what the browser holds; undefined before it was given anything. */
export function holderOf({ needs, flow, browser }: Pick<Visit, 'needs' | 'flow' | 'browser'>): Holder | undefined {
  if (browser.handle === undefined) return undefined
  return {
    flowId: flow.id,
    browser: handleHash(needs.keys, browser, 'browser', browser.handle),
    session: browser.session === undefined ? null : handleHash(needs.keys, browser, 'session', browser.session),
  }
}

/** Path of a flow, by the organization's id. */
export function signUpPath(tenantId: string, flowId: string): string {
  return `/${tenantId}/signup/${flowId}`
}

/** The path of this visit with what it goes on with; what a sign-in at a home came to is left behind. */
export function pathOf({ request, tenant, flow }: Pick<Visit, 'request' | 'tenant' | 'flow'>): string {
  const { uid, clientId } = goingOnOf(request, flow)
  const query = new URLSearchParams({ ...(uid && { continue: uid }), ...(clientId && { app: clientId }) })
  const path = signUpPath(tenant.id, flow.id)
  return query.size > 0 ? `${path}?${query}` : path
}

/** A path of ours with one parameter more. */
export function withQuery(path: string, parameter: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}${parameter}`
}

/** The sign-in to an application that signing up is on the way of, and which application that is. */
export function goingOnOf(
  request: FastifyRequest,
  flow: Pick<UserFlow, 'applicationIds'>,
): { uid: string | undefined; clientId: string | undefined } {
  const { continue: uid = '', app } = queryOf(request)
  return {
    uid: /^[A-Za-z0-9_-]{16,64}$/.test(uid) ? uid : undefined,
    // What the query says counts only where it is true.
    clientId: flow.applicationIds.find((id) => id === app),
  }
}

/** Where somebody who has signed up, or is signed in, goes on: to the application they came from, or to their apps. */
export function onwardPath({ request, tenant, flow }: Pick<Visit, 'request' | 'tenant' | 'flow'>): string {
  const { uid } = goingOnOf(request, flow)
  return uid === undefined ? `/myapps?tenant=${tenant.id}` : `/signin/app/${uid}?tenant=${tenant.id}`
}

/** The language of the pages: what the person wants of those that the flow has. */
export function languageIn({ request, flow }: Pick<Visit, 'request' | 'flow'>): Language {
  return languageOfFlow(flow, languageOf(request, flow.defaultLanguage))
}

/** What the sign-in log knows of a visit; the lines of one browser in one flow have one correlation id. */
export function logOf(
  { request, tenant, flow }: Pick<Visit, 'request' | 'tenant' | 'flow'>,
  holder: Holder,
  identifier: string,
  provider = 'mail',
): LogContext {
  const { clientId } = goingOnOf(request, flow)
  return {
    correlationId: correlationOf(`sign-up ${tenant.id} ${flow.id} ${holder.browser.toString('hex')}`),
    ...(clientId !== undefined && { applicationId: clientId }),
    client: request.ip,
    provider,
    identifier,
  }
}
