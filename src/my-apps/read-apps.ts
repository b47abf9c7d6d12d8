import { isGuid } from '../kernel/ids.js'
import { launchUrl, readPage, readQuery, TILES_A_PAGE } from './rules.js'
import { findLaunch, type HomeView, readHome } from './store.js'
import { type Turn, type Visit, visitWith } from './visit.js'

/** A page of somebody's apps, and what it was asked for. */
export type AppsVisit = { visit: Visit<HomeView>; query: string; page: number; pages: number }

/** Reads a page of apps; undefined when somebody has to sign in first. */
export async function readApps(
  turn: Turn,
  asked: { q: string | undefined; page: string | undefined },
): Promise<AppsVisit | undefined> {
  const query = readQuery(asked.q)
  const read = (page: number) =>
    visitWith<HomeView>(turn, (asking) => {
      const wish = { query: query.folded, offset: (page - 1) * TILES_A_PAGE, most: TILES_A_PAGE }
      return readHome(turn.needs.database.sql, asking, wish)
    })
  const wished = readPage(asked.page, Number.MAX_SAFE_INTEGER).page
  const first = await read(wished)
  if (!first) return undefined
  const { page, pages } = readPage(asked.page, first.view.found)
  // A page beyond the last is somebody's old link: only then is it looked up twice.
  const visit = page === wished ? first : await read(page)
  return visit && { visit, query: query.shown, page, pages }
}

/** Where an app opens that is this person's, as it is now; undefined when it is none of theirs. */
export async function findLaunchUrl({ needs, tenant, view }: Visit, id: string): Promise<string | undefined> {
  if (!isGuid(id)) return undefined
  return launchUrl(await findLaunch(needs.database.sql, tenant.id, view.person.id, id))
}
