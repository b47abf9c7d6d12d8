import { sql as text } from 'drizzle-orm'
import type postgres from 'postgres'
import type { TenantScope } from '../platform/database.js'
import type { LogContext, SessionView } from '../sign-in/index.js'

/** Where somebody stands at another organization. `home`: theirs, which asks them to sign in there. */
export type Standing = 'good' | 'disabled' | 'ended' | 'home'

/** Another organization that knows the person. */
export type OtherOrganization = {
  id: string
  name: string
  domain: string
  contactAddress: string | null
  privacyStatementUrl: string | null
  standing: Standing
}

/** A signed-in person. Times are ISO strings: PostgreSQL writes the JSON. */
export type PersonView = {
  session: SessionView & { createdAt: string }
  person: {
    id: string
    displayName: string
    mail: string | null
    userType: 'Member' | 'Guest'
    state: 'PendingAcceptance' | 'Accepted' | null
    preferredLanguage: string | null
  }
  organizations: OtherOrganization[]
  /** Whether they own an application or a group. */
  owns: boolean
  /** Whether they decide about sign-ups. */
  approves: boolean
}

export type Tile = { id: string; name: string; description: string; logoUrl: string | null }
export type HomeView = PersonView & { apps: number; found: number; tiles: Tile[] }

/** A browser, by the handle of its session, and what kind it is. */
export type Asking = { tenantId: string; now: Date; handle: Buffer; family: string | null }

/** Undefined when nobody is signed in. */
export async function readPerson(sql: postgres.Sql, asking: Asking): Promise<PersonView | undefined> {
  const { tenantId, now, handle, family } = asking
  const [row] = await sql<{ view: PersonView | null }[]>`
    select my_apps_person(${tenantId}, ${now.toISOString()}, ${handle}, ${family}) as view`
  return row?.view ?? undefined
}

/** The same with a page of apps. `query` is folded; empty: all. */
export async function readHome(
  sql: postgres.Sql,
  { tenantId, now, handle, family }: Asking,
  wish: { query: string; offset: number; most: number },
): Promise<HomeView | undefined> {
  const [row] = await sql<{ view: HomeView | null }[]>`
    select my_apps_home(${tenantId}, ${now.toISOString()}, ${handle}, ${family}, ${wish.query}, ${wish.offset},
      ${wish.most}) as view`
  return row?.view ?? undefined
}

/** What an app of somebody's is opened at. */
export async function findLaunch(
  sql: postgres.Sql,
  tenantId: string,
  userId: string,
  appId: string,
): Promise<string | undefined> {
  const [row] = await sql<{ url: string | null }[]>`select my_apps_launch(${tenantId}, ${userId}, ${appId}) as url`
  return row?.url ?? undefined
}

/** A browser that somebody is signed in with. `family` is null until it has been used. */
export type BrowserView = { id: string; isCurrent: boolean; family: string | null; createdAt: string; usedAt: string }

export async function listBrowsers(sql: postgres.Sql, { tenantId, now, handle }: Asking): Promise<BrowserView[]> {
  const [row] = await sql<{ sessions: BrowserView[] }[]>`
    select sign_in_browsers(${tenantId}, ${now.toISOString()}, ${handle}) as sessions`
  return row?.sessions ?? []
}

/** Which browsers to sign out, seen from the one that asks. */
export type Which = { which: 'this' | 'others' } | { which: 'one'; id: Buffer }

/** Signs browsers of one person out; answers with how many there were. */
export async function endBrowsers(scope: TenantScope, handle: Buffer, which: Which): Promise<number> {
  const id = which.which === 'one' ? which.id : null
  const [row] = await scope.orm.execute<{ ended: number }>(text`
    select my_apps_end_sessions(${scope.tenantId}::uuid, ${handle}::bytea, ${which.which}::text, ${id}::bytea) as ended`)
  return row?.ended ?? 0
}

export type KnownBy = { issuer: string; subject: string }

/** By what the person of a session is known to another organization. */
export async function findKnownAt(
  sql: postgres.Sql,
  { tenantId, now, handle }: Asking,
  to: string,
): Promise<KnownBy | undefined> {
  const [row] = await sql<{ known: KnownBy | null }[]>`
    select sign_in_known_at(${tenantId}, ${now.toISOString()}, ${handle}, ${to}) as known`
  return row?.known ?? undefined
}

/** Signs the browser in to another organization by the same proof; false when that does not let it in. */
export async function switchTo(
  sql: postgres.Sql,
  { tenantId, now, handle, family }: Asking,
  to: string,
  { issuer, subject }: KnownBy,
  log: LogContext,
): Promise<boolean> {
  const [row] = await sql<{ done: boolean }[]>`
    select sign_in_switch(${tenantId}, ${now.toISOString()}, ${handle}, ${to}, ${issuer}, ${subject}, ${family},
      ${JSON.stringify(log)}::text::jsonb) as done`
  return row?.done ?? false
}

/** Whether a session is live and of this person, in the transaction that is about to do something for them. */
export async function isLiveSession(scope: TenantScope, now: Date, handle: Buffer, userId: string): Promise<boolean> {
  const [row] = await scope.orm.execute<{ live: boolean }>(text`
    select exists (select from sign_in_live_session(${scope.tenantId}::uuid, ${now.toISOString()}::timestamptz,
      ${handle}::bytea) s where s->>'userId' = ${userId}) as live`)
  return row?.live ?? false
}

/** Something somebody owns, and how many people or groups have it. */
export type Owned = { kind: 'app' | 'group'; id: string; name: string; people: number }
export type Holder = { kind: 'User' | 'Group'; name: string; mail: string | null }

/** What somebody owns, at most a hundred; groups only where they may be shown. */
export async function listOwned(
  sql: postgres.Sql,
  tenantId: string,
  userId: string,
  showsGroups: boolean,
): Promise<Owned[]> {
  const [row] = await sql<{ owned: Owned[] }[]>`select my_apps_owned(${tenantId}, ${userId}, ${showsGroups}) as owned`
  return row?.owned ?? []
}

/** Who has one of these things, the first `most` by name; undefined when the person does not own it. */
export async function findOwned(
  sql: postgres.Sql,
  tenantId: string,
  userId: string,
  wish: { showsGroups: boolean; id: string; most: number },
): Promise<(Owned & { holders: Holder[] }) | undefined> {
  const [row] = await sql<{ owned: (Owned & { holders: Holder[] }) | null }[]>`
    select my_apps_people(${tenantId}, ${userId}, ${wish.showsGroups}, ${wish.id}, ${wish.most}) as owned`
  return row?.owned ?? undefined
}
