import { type Client, pathOfLink } from './client.js'
import { wrongUsage } from './failure.js'
import { json } from './text.js'
import type { Io, Options } from './verb.js'

type Page<Item> = { value: Item[]; '@odata.nextLink'?: string }

const DEFAULT_TOP = 25
/** Graph's largest page. */
const LARGEST_PAGE = 999

/** How much of a list is wanted. */
export const listOptions = {
  top: { type: 'string', value: 'N', help: `How many at most; ${DEFAULT_TOP} unless set.` },
  all: { type: 'boolean', help: 'All of them, page after page.' },
} as const satisfies Options

/** The number that `--top` and `--all` stand for. */
export function mostOf({ top, all }: { top: string | undefined; all: boolean }): number {
  if (all && top !== undefined) throw wrongUsage('Give --top or --all, not both.')
  if (all) return Number.POSITIVE_INFINITY
  if (top === undefined) return DEFAULT_TOP
  if (!/^[1-9]\d{0,6}$/.test(top)) throw wrongUsage(`--top: '${top}' is not a number of 1 or more.`)
  return Number(top)
}

/** A list's path with `$top` and whatever else is given. */
export function listPath(path: string, most: number, query: Record<string, string | undefined>): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  return `${path}?${new URLSearchParams([['$top', String(Math.min(most, LARGEST_PAGE))], ...given])}`
}

/**
 * Prints up to `most` items of a list: as one document when `table` is undefined, else under a heading, page by page.
 * Nothing is printed before the service has answered, so a refusal stands alone.
 */
export async function printList<Item>(
  list: { client: Client; path: string; most: number },
  table: { heading: string; row: (item: Item) => string } | undefined,
  io: Io,
): Promise<void> {
  const items: Item[] = []
  let heading = table?.heading ?? ''
  let isMore = false
  for await (const page of pagesOf<Item>(list)) {
    if (table) io.out(heading + page.value.map(table.row).join(''))
    else items.push(...page.value)
    heading = ''
    isMore = page.isMore
  }
  if (!table) io.out(json({ value: items }))
  else if (isMore) io.err('There are more; --all lists them all.\n')
}

/** Pages until `most` items were seen; `isMore` tells whether the service has further ones. */
async function* pagesOf<Item>(list: {
  client: Client
  path: string
  most: number
}): AsyncGenerator<{ value: Item[]; isMore: boolean }> {
  let path: string | undefined = list.path
  let left = list.most
  while (path !== undefined && left > 0) {
    const page: Page<Item> = await list.client.get<Page<Item>>(path)
    const value = page.value.slice(0, left)
    const link = page['@odata.nextLink']
    yield { value, isMore: link !== undefined || value.length < page.value.length }
    left -= value.length
    path = link === undefined ? undefined : pathOfLink(link)
  }
}
