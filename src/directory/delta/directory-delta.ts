import type { DeltaItem, DeltaRound, DeltaSource } from '../../graph/delta.js'
import { namesOf, openedBy } from '../../graph/odata/open-properties.js'
import type { PagePosition } from '../../graph/odata/page-token.js'
import type { Entity, ReadContext, Resource } from '../../graph/odata/resource.js'
import { isGuid } from '../../kernel/ids.js'
import { Refusal } from '../../kernel/refusal.js'
import { type ColumnsOf, isTold, type Knowledge, toldProperties } from './changed-properties.js'
import {
  type Entry,
  listChanged,
  listCut,
  listMoved,
  listPresent,
  NO_TARGET,
  type Position,
  PRESENCE,
  readTracking,
  type Tracked,
  type Tracking,
  typeOf,
} from './delta-store.js'

/** A relation to one object, kept in a column: `manager`. */
export type SingleLink = {
  name: string
  column: string
  /** The present targets of these objects. */
  read(context: ReadContext, ids: readonly string[]): Promise<ReadonlyMap<string, { id: string; type: string }>>
}

/** A kind of directory objects whose changes can be followed. */
export type DirectoryDelta = Tracked & {
  path: string
  resource: Resource
  columnsOf: ColumnsOf
  single?: SingleLink
  /** Relations that are told without `$select`. */
  defaultRelations: readonly string[]
}

/** The changes of one kind of directory objects, and of what they are linked to. */
export function directoryDelta(definition: DirectoryDelta): DeltaSource {
  const { resource, links, single } = definition
  const relations = [links?.name, single?.name].filter((name) => name !== undefined)
  const properties = Object.entries(resource.properties)
  return {
    path: definition.path,
    set: resource.set,
    rules: {
      type: resource.type,
      resource: resource.name,
      properties: new Set([...properties.map(([name]) => name), ...relations]),
      open: resource.open?.names,
      singleOnly: new Set(properties.flatMap(([name, { isSingleOnly }]) => (isSingleOnly ? [name] : []))),
    },
    async page(context, round, after, most) {
      const opened = await withExtensions(definition, context, round, after === undefined)
      const selected = round.select ?? [...resource.defaults, ...definition.defaultRelations]
      const tracked = { ...definition, links: links && selected.includes(links.name) ? links : undefined }
      // Rows of which objects are a part change for what is not of them, too.
      const followed = round.select ?? (definition.rows && selected)
      const columns = followed?.flatMap((name) =>
        name === single?.name ? [single.column] : [...opened.columnsOf(name)],
      )
      const cut = single && selected.includes(single.name) ? single.name : undefined
      const { entries, next } = await entriesOf(context, tracked, round, { after, most, columns, cut })
      return { value: await itemsOf(opened, context, round, selected, entries), next }
    },
  }
}

type Page = {
  after: PagePosition | undefined
  most: number
  columns: readonly string[] | undefined
  cut: string | undefined
}

/** Where the second part of a round stands, in the place of a transaction. */
const MOVED = 'moved'

/** What a page tells, and where the next one begins: first what changed, then what has changed again since. */
async function entriesOf(
  { scope, caller }: ReadContext,
  tracked: Tracked,
  { since, until, ids, isMinimal }: DeltaRound,
  { after, most, columns, cut }: Page,
): Promise<{ entries: Entry[]; next: PagePosition | undefined }> {
  const begun = readPosition(after)
  const limits = { seesHidden: seesHidden(caller), ids, after: begun, most: most + 1 }
  const listed = (): Promise<Entry[]> =>
    since === undefined
      ? listPresent(scope, tracked, limits)
      : listChanged(scope, tracked, { ...limits, since, until, columns })
  const changed = begun?.xid === MOVED ? [] : await listed()
  const entries = changed.slice(0, most)
  const last = changed.length > most ? entries.at(-1) : undefined
  if (last) return { entries, next: [last.xid, last.id, last.targetId] }
  // Whoever is told the whole of an object with any change of it hears of all in the next round.
  if (since === undefined || (columns === undefined && !isMinimal)) return { entries, next: undefined }
  const from = begun?.xid === MOVED ? begun.id : NO_TARGET
  const room = most - entries.length
  const moved = await listMoved(scope, tracked, { ids, after: from, most: room + 1, since, until, columns, cut })
  const told = moved.slice(0, room)
  const next = moved.length > room ? [MOVED, told.at(-1)?.id ?? from, NO_TARGET] : undefined
  return { entries: [...entries, ...told], next }
}

/**
 * The same with those of the organization's own properties that the round selects. Whoever begins to follow one that is
 * not there is told; one that goes later is told of no more.
 */
async function withExtensions(
  definition: DirectoryDelta,
  context: ReadContext,
  { since, select = [] }: DeltaRound,
  isFirstPage: boolean,
): Promise<DirectoryDelta> {
  const asked = { select: [...select] }
  const names = namesOf(definition.resource, asked)
  const { open } = definition.resource
  if (!open || names.length === 0) return definition
  const isBeginning = since === undefined && isFirstPage
  const resource = isBeginning ? await openedBy(context, definition.resource, asked) : await open.extend(context, names)
  const columnsOf: ColumnsOf = (name) => {
    const { trackedAs } = (names.includes(name) && resource.properties[name]) || {}
    return trackedAs === undefined ? definition.columnsOf(name) : [trackedAs]
  }
  return { ...definition, resource, columnsOf }
}

/** One item an object, at its first entry of the page. The same object may come again on another page (Graph). */
async function itemsOf(
  definition: DirectoryDelta,
  context: ReadContext,
  round: DeltaRound,
  selected: readonly string[],
  entries: Entry[],
): Promise<DeltaItem[]> {
  const gone = new Set(entries.filter((entry) => entry.isGone && isObject(entry)).map(({ id }) => id))
  const ids = [...new Set(entries.map(({ id }) => id))]
  const present = await presentItems(definition, context, round, selected, entries)
  return ids.flatMap((id) => {
    if (gone.has(id)) return [{ id, '@removed': { reason: 'deleted' } }]
    // What went for good after it was listed is told in the next round.
    return present.get(id) ?? []
  })
}

async function presentItems(
  definition: DirectoryDelta,
  context: ReadContext,
  round: DeltaRound,
  selected: readonly string[],
  entries: Entry[],
): Promise<Map<string, DeltaItem>> {
  const { resource, links, columnsOf } = definition
  const known = knowledge(definition, round)
  const ids = [...new Set(entries.map(({ id }) => id))]
  const rows = await readTracking(context.scope, definition, ids)
  const found = await resource.render(
    context,
    rows.filter(({ isDeleted }) => !isDeleted).map(({ id }) => id),
    selected.filter((name) => name in resource.properties),
  )
  // An extension without a value is not shown, and one that was cleared is told.
  const cleared = Object.fromEntries(namesOf(resource, { select: [...selected] }).map((name) => [name, null]))
  const singles = await singleLinks(definition, context, round, selected, rows)
  const changed = new Set(entries.filter(isObject).map(({ id }) => id))
  const items = new Map<string, DeltaItem>()
  for (const row of rows) {
    const entity = found.get(row.id)
    if (row.isDeleted) items.set(row.id, { id: row.id, '@removed': { reason: 'changed' } })
    else if (entity) {
      // An object that is here for its links alone is named, and no more, when only changes are wanted.
      const told =
        changed.has(row.id) || !round.isMinimal ? toldProperties({ ...cleared, ...entity }, row, known, columnsOf) : {}
      const linked = links && linkItems(entries, row.id)
      items.set(row.id, {
        ...told,
        ...singles.get(row.id),
        id: row.id,
        ...(links && linked && linked.length > 0 && { [`${links.name}@delta`]: linked }),
      })
    }
  }
  return items
}

function linkItems(entries: Entry[], id: string): Entity[] {
  return entries.filter((entry) => entry.id === id && !isObject(entry)).map(linkItem)
}

/** Graph: a relation that ended says so inside the list, with the reason "deleted". */
function linkItem(entry: { targetType: string; targetId: string; isGone: boolean }): Entity {
  const target = { '@odata.type': `#${typeOf(entry.targetType)}`, id: entry.targetId }
  return entry.isGone ? { ...target, '@removed': { reason: 'deleted' } } : target
}

async function singleLinks(
  definition: DirectoryDelta,
  context: ReadContext,
  round: DeltaRound,
  selected: readonly string[],
  rows: Tracking[],
): Promise<Map<string, Entity>> {
  const told = new Map<string, Entity>()
  const { single } = definition
  if (!single || !selected.includes(single.name)) return told
  const known = knowledge(definition, round)
  const ids = rows.filter((row) => !row.isDeleted && isTold(row, known, [single.column])).map(({ id }) => id)
  const targets = await single.read(context, ids)
  const cut = round.since ? await listCut(context.scope, single.name, ids, round.since, round.until) : []
  for (const id of ids) {
    const now = targets.get(id)
    const links: Entity[] = now ? [{ '@odata.type': `#${now.type}`, id: now.id }] : []
    for (const link of cut) {
      if (link.ownerId === id && link.targetId !== now?.id) links.push(linkItem({ ...link, isGone: true }))
    }
    if (links.length > 0) told.set(id, { [`${single.name}@delta`]: links })
  }
  return told
}

function knowledge({ presence = PRESENCE }: DirectoryDelta, { since, isMinimal }: DeltaRound): Knowledge {
  return { since, isMinimal, presence }
}

/** Graph: hidden membership is told to clients with Member.Read.Hidden, which people cannot lend them here. */
function seesHidden({ kind, permissions }: ReadContext['caller']): boolean {
  return kind === 'application' && permissions.has('Member.Read.Hidden')
}

function isObject({ targetType }: Entry): boolean {
  return targetType === ''
}

/** @throws Refusal for a token that an earlier version of the service signed with other sort keys. */
function readPosition(after: PagePosition | undefined): Position | undefined {
  if (after === undefined) return undefined
  const [xid = '', id = '', targetId = ''] = after.map(String)
  if ((xid === MOVED || /^\d{1,19}$/.test(xid)) && isGuid(id) && isGuid(targetId)) return { xid, id, targetId }
  throw new Refusal('invalid', 'deltaTokenMalformed', 'Badly formed token.', { target: '$skiptoken' })
}
