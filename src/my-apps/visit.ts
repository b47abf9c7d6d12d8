import { parse, serialize } from 'cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { queryOf } from '../platform/pages/frame.js'
import { seeOther } from '../platform/pages/send-page.js'
import { myAppsSignInPath } from '../provider/index.js'
import { type Browser, browserFamily, handleHash, openBrowser, sessionProvesEnough } from '../sign-in/index.js'
import { listTenantIds, organizationFrame, type Tenant } from '../tenants/index.js'
import type { Needs } from './needs.js'
import { ownPath } from './rules.js'
import { type Asking, type PersonView, readPerson } from './store.js'

/** A browser at our pages, and the organization it asks about. */
export type Turn = { needs: Needs; request: FastifyRequest; reply: FastifyReply; browser: Browser; tenant: Tenant }

/** Somebody who is signed in and has proved enough. */
export type Visit<View extends PersonView = PersonView> = Turn & { asking: Asking; view: View }

/** The organization that was looked at last: which one, and nothing that opens anything. */
const LAST = 'org'
/** A year. */
const LAST_SECONDS = 31_536_000

/**
 * Finds the organization of a request: the one its address names by id or verified domain, the last one of this browser,
 * or the only one there is. Undefined: somebody has to say.
 */
export async function openTurn(needs: Needs, request: FastifyRequest, reply: FastifyReply): Promise<Turn | undefined> {
  const { tenant: named } = queryOf(request)
  const last = parse(request.headers.cookie ?? '')[LAST]
  const tenant = await (named !== undefined
    ? findTenant(needs, named)
    : last !== undefined
      ? findTenant(needs, last)
      : onlyTenant(needs))
  if (!tenant?.enabled) return undefined
  if (last !== tenant.id) remember(reply, tenant.id, needs.origins.isSecure(request))
  const browser = await openBrowser(needs, request, tenant.id)
  return { needs, request, reply, browser, tenant }
}

// Ids and domain names; anything else never reaches the database.
function findTenant({ tenants }: Needs, name: string): Promise<Tenant | undefined> {
  return /^[A-Za-z0-9.-]{1,253}$/.test(name) ? tenants.find(name) : Promise.resolve(undefined)
}

async function onlyTenant({ database, tenants }: Needs): Promise<Tenant | undefined> {
  const [only, ...others] = await listTenantIds(database.orm)
  return only !== undefined && others.length === 0 ? tenants.find(only) : undefined
}

function remember(reply: FastifyReply, tenantId: string, secure: boolean): void {
  const cookie = { path: '/', httpOnly: true, sameSite: 'lax', secure, maxAge: LAST_SECONDS } as const
  reply.header('set-cookie', serialize(LAST, tenantId, cookie))
}

/** Who is signed in here; undefined when nobody is, or they have still to accept or to take a second step. */
export function openVisit(turn: Turn): Promise<Visit | undefined> {
  return visitWith(turn, (asking) => readPerson(turn.needs.database.sql, asking))
}

/** The same with whatever else `read` looks up in its one statement. */
export async function visitWith<View extends PersonView>(
  turn: Turn,
  read: (asking: Asking) => Promise<View | undefined>,
): Promise<Visit<View> | undefined> {
  const { needs, request, browser, tenant } = turn
  if (browser.session === undefined) return undefined
  const asking = {
    tenantId: tenant.id,
    now: needs.clock(),
    handle: handleHash(needs.keys, browser, 'session', browser.session),
    family: browserFamily(request.headers['user-agent']) ?? null,
  }
  const view = await read(asking)
  if (!view || view.person.state === 'PendingAcceptance') return undefined
  const { userType, state } = view.person
  if (!(await sessionProvesEnough(needs, tenant.id, { ...view.session, userType, state }))) return undefined
  return { ...turn, asking, view }
}

/** Away to sign in, the way of every application, and back to `path`. */
export function signInFirst({ needs, request, reply, tenant }: Turn, path = request.url): FastifyReply {
  const back = ownPath(path) ?? pathOf(tenant)
  return seeOther(reply, myAppsSignInPath(tenant.id, needs.origins.of(request), back))
}

/** A page of ours about one organization. */
export function pathOf({ id }: Pick<Tenant, 'id'>, path = '/myapps', more: Record<string, string> = {}): string {
  return `${path}?${new URLSearchParams({ tenant: id, ...more })}`
}

/** What stands around the pages of somebody who is signed in. */
export function frameOf({ request, tenant, ...rest }: Turn & { view?: PersonView }) {
  return organizationFrame({ request, tenant, preferred: rest.view?.person.preferredLanguage })
}
