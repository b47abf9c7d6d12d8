import { sql } from 'drizzle-orm'
import type { TenantScope } from '../../platform/database.js'
import type { Search } from './search-sql.js'

/** For each alternative of a search, which of its parts leads to the matches; the others are held against those. */
export type Drivers = readonly number[]

/**
 * Chooses the words that fewest texts have, as PostgreSQL estimates it: "Elizabeth Wu" is looked for among those called
 * Wu. Where there is no choice nothing is asked. A page that continues an alternative must do so with the driver that the
 * alternative began with, since the order of its matches is that of the driver's words.
 */
export async function chooseDrivers(scope: TenantScope, search: Search): Promise<Drivers> {
  const choices = search.map((atoms) => {
    const isChoice = atoms?.[0]?.kind === 'word' && atoms.length > 1
    return isChoice ? atoms.flatMap((atom, index) => (atom.kind === 'word' ? [{ ...atom, index }] : [])) : []
  })
  const words = choices.flat()
  if (words.length < 2) return search.map(() => 0)
  const fields = sql.join(
    words.map(({ field }) => sql`${field}`),
    sql`, `,
  )
  const texts = sql.join(
    words.map(({ text }) => sql`${text}`),
    sql`, `,
  )
  const [row] = await scope.orm.execute<{ sizes: string[] }>(
    sql`select search_sizes(${scope.tenantId}, array[${fields}]::text[], array[${texts}]::text[])::text[] as sizes`,
  )
  const sizes = (row?.sizes ?? []).map(Number)
  let at = 0
  return choices.map((choice) => {
    const own = choice.map(({ index }) => ({ index, size: sizes[at++] ?? Number.POSITIVE_INFINITY }))
    // Of equals the first: it is the longest text.
    return own.reduce((best, each) => (each.size < best.size ? each : best), { index: 0, size: own[0]?.size ?? 0 })
      .index
  })
}

/** The search with the chosen part of each alternative first. */
export function drivenBy(search: Search, drivers: Drivers): Search {
  return search.map((atoms, alternative) => {
    const driver = atoms?.[drivers[alternative] ?? 0]
    return driver && atoms ? [driver, ...atoms.filter((atom) => atom !== driver)] : atoms
  })
}
