import type { SQL, SQLWrapper } from 'drizzle-orm'
import type { TenantScope } from '../../platform/database.js'
import type { Caller } from '../caller.js'
import { weakEtag } from '../preferences.js'
import type { SearchKey } from '../search/search-sql.js'
import type { Base } from './context.js'
import type { FilterCollection, FilterProperty, FilterResource } from './filterable.js'
import type { SortKey } from './keyset.js'

export type GraphType = `microsoft.graph.${string}`
export type EdmType =
  | 'Edm.String'
  | 'Edm.Boolean'
  | 'Edm.DateTimeOffset'
  | 'Edm.Date'
  | 'Edm.Guid'
  | 'Edm.Int32'
  | 'Edm.Int64'
  | GraphType

/** What a read happens in: the open transaction, who asks, and what absolute URLs start with. */
export type ReadContext = {
  scope: TenantScope
  caller: Caller
  base: Base
  now: Date
  /** Whether the request answers with what it has itself written: whoever may write it hears what became of it. */
  isWritten?: boolean
}

/** A property: what it is called is the key it stands under. It has `read` or `load`. */
export type Property<Row> = {
  type: EdmType
  isCollection?: boolean
  /** In answers without `$select`. */
  isDefault?: boolean
  /** Graph returns it for one entity only: a list that selects it is answered 501. */
  isSingleOnly?: boolean
  /** How many objects a page of a list has at most that selects it or filters by it; a larger `$top` is no error. */
  largestPage?: number
  /** Left out of an answer where it has no value, as Graph does with what an organization has added. */
  isSparse?: boolean
  /** What its changes are noted under, where that is not the name of a column (delta). */
  trackedAs?: string
  /** The value, from the row alone. */
  read?(row: Row, context: ReadContext): unknown
  /** A value that is not in the row, called once for all rows of a page and only when it is shown. */
  load?(rows: readonly Row[], context: ReadContext): Promise<(row: Row) => unknown>
  /** Refuses a caller who may not read it of anybody: before it is shown, and before anything is asked about it. */
  mustBeReadable?(caller: Caller): void
  /** What `$filter` may do with it. */
  filter?: FilterProperty | FilterCollection
  /** How `$orderby` sorts by it; `isAdvanced` only in advanced queries. */
  orderBy?: SortKey & { isAdvanced?: boolean }
  /** How `$search` finds it. */
  search?: SearchKey
}

/** An object that another one points at, and the type it has. */
export type Link = { id: string; type: GraphType }

/** A relation that `$expand` may name and `$metadata` tells of. */
export type Relation = {
  /** Declared type of the targets; a target of another one says its own (`@odata.type`). */
  type: GraphType
  isCollection: boolean
  /** Takes `$levels`: the same relation of each target again. */
  takesLevels?: boolean
  /** What targets are shown with. A function, since resources refer to each other. */
  targets(): readonly Resource[]
  /** Takes `$filter=id eq '…'` (Graph: of extensions): `load` is told which. */
  takesNames?: boolean
  /**
   * For each of `ids`, at most `most` targets in a fixed order: one statement for the whole page. Absent: not expandable.
   * `names`: only the targets of these ids.
   */
  load?(
    context: ReadContext,
    ids: readonly string[],
    most: number,
    names?: readonly string[],
  ): Promise<ReadonlyMap<string, readonly Link[]>>
}

/** Where rows of a type are; `present` are those that exist, which its indexes are about. */
export type Table = { from: SQL; id: SQLWrapper; tenantId: SQLWrapper; present: SQL }

export type ResourceDefinition<Row extends { id: string }> = {
  type: GraphType
  /** Declared parent type, for `$metadata`: `microsoft.graph.directoryObject`. */
  baseType?: GraphType
  /** Entity set in `@odata.context`: `users`. */
  set: string
  /** Name in Graph's messages: `User`. */
  name: string
  /** In the order in which answers show them. `id` is one of them. */
  properties: Readonly<Record<string, Property<Row>>>
  relations?: Readonly<Record<string, Relation>>
  /** Parts of structured values that properties have, for `$metadata`: `microsoft.graph.objectIdentity`. */
  complexTypes?: ComplexTypes
  /** What `$filter` understands beside properties: `employeeOrgData/division`. */
  filterPaths?: Readonly<Record<string, FilterProperty | FilterCollection>>
  /** Reached by id and by relations alone: no entity set of it is served. */
  hasNoSet?: boolean
  /** Graph's type has no relations: `$expand` is understood, and whatever it names is refused as unknown. */
  hasNoRelations?: boolean
  /** The table its rows are in: what lists of several types look their items up in. */
  table?: Table
  /** The rows with these ids that exist, in any order: one statement. */
  load(context: ReadContext, ids: readonly string[]): Promise<Row[]>
  /** Properties that each organization adds for itself. */
  open?: OpenProperties<Row>
  /** Whether the caller may see the object, but not this property of it: it is shown as null or an empty list. */
  isConcealed?(row: Row, property: string, context: ReadContext): boolean
  /** Something that changes whenever the row does; becomes the weak `ETag`. */
  version?(row: Row): string
}

/** What an organization adds to a type for itself (Graph: directory extensions of open types). */
export type OpenProperties<Row> = {
  /** The form of their names. */
  names: RegExp
  /** Those of `names` that the organization has: called once for a request that asks for some. */
  find(context: ReadContext, names: readonly string[]): Promise<Readonly<Record<string, Property<Row>>>>
}

export type ComplexTypes = Readonly<
  Record<GraphType, Readonly<Record<string, { type: EdmType; isCollection?: boolean }>>>
>

/** An object as it is answered. */
export type Entity = Record<string, unknown>

export type PropertyFacts = Omit<Property<never>, 'read' | 'load'>

/** A definition whose row type nobody outside needs to know. */
export type Resource = {
  type: GraphType
  baseType: GraphType | undefined
  set: string
  name: string
  properties: Readonly<Record<string, PropertyFacts>>
  relations: Readonly<Record<string, Relation>>
  complexTypes: ComplexTypes
  filters: FilterResource
  defaults: readonly string[]
  hasNoSet: boolean
  hasNoRelations: boolean
  table: Table | undefined
  /** Properties that organizations add for themselves: the form of their names, and the resource with some of them. */
  open: { names: RegExp; extend(context: ReadContext, names: readonly string[]): Promise<Resource> } | undefined
  /** Reads and shows the objects with these ids; those that do not exist are left out. */
  render(context: ReadContext, ids: readonly string[], select?: readonly string[]): Promise<Map<string, Entity>>
  /** One object and its `ETag`, when it has one; undefined when there is no such object. */
  readOne(
    context: ReadContext,
    id: string,
    select?: readonly string[],
  ): Promise<{ entity: Entity; etag: string | undefined } | undefined>
}

/** A resource for the capability that owns it: it can also show rows it has already. */
export type OwnResource<Row> = Resource & {
  /** Shows rows in their order, with the properties of `select` or the default ones. */
  show(context: ReadContext, rows: readonly Row[], select?: readonly string[]): Promise<Entity[]>
}

/**
 * One entity type of the dialect. `$select`, `$filter`, `$orderby`, `$search`, `$expand`, `$metadata` and the OpenAPI
 * document all follow this one table.
 */
export function defineResource<Row extends { id: string }>(definition: ResourceDefinition<Row>): OwnResource<Row> {
  const { type, baseType, set, name, properties, relations = {}, complexTypes = {}, table } = definition
  const defaults = Object.keys(properties).filter((key) => properties[key]?.isDefault)
  const show = (context: ReadContext, rows: readonly Row[], select: readonly string[] = defaults) =>
    showRows(definition, context, rows, select)
  return {
    type,
    baseType,
    set,
    name,
    properties,
    relations,
    complexTypes,
    filters: filtersOf(definition),
    defaults,
    hasNoSet: definition.hasNoSet === true,
    hasNoRelations: definition.hasNoRelations === true,
    table,
    open: definition.open && {
      names: definition.open.names,
      async extend(context, names) {
        const found = await definition.open?.find(context, names)
        return defineResource({ ...definition, properties: { ...properties, ...found } })
      },
    },
    show,
    async render(context, ids, select) {
      const rows = ids.length === 0 ? [] : await definition.load(context, ids)
      const shown = await show(context, rows, select)
      return new Map(rows.map(({ id }, index) => [id, shown[index] ?? {}]))
    },
    async readOne(context, id, select) {
      const [row] = await definition.load(context, [id])
      if (!row) return undefined
      const [entity = {}] = await show(context, [row], select)
      return { entity, etag: etagOf(definition, context, row) }
    },
  }
}

/** The version of an object, for those who see all of it: to others it would tell when something hidden changes. */
function etagOf<Row extends { id: string }>(
  { version, properties, isConcealed }: ResourceDefinition<Row>,
  context: ReadContext,
  row: Row,
): string | undefined {
  const isPartial = isConcealed && Object.keys(properties).some((name) => isConcealed(row, name, context))
  return version && !isPartial ? weakEtag(version(row)) : undefined
}

async function showRows<Row extends { id: string }>(
  { properties, isConcealed }: ResourceDefinition<Row>,
  context: ReadContext,
  rows: readonly Row[],
  names: readonly string[],
): Promise<Entity[]> {
  const readers: [string, (row: Row) => unknown, Property<Row>][] = []
  for (const name of names) {
    const property = properties[name]
    property?.mustBeReadable?.(context.caller)
    if (property) readers.push([name, await readerOf(property, rows, context), property])
  }
  return rows.map((row) => {
    const entity: Entity = {}
    for (const [name, read, { isCollection, isSparse }] of readers) {
      const value = isConcealed?.(row, name, context) ? (isCollection ? [] : null) : read(row)
      if (!isSparse || isSet(value)) entity[name] = value
    }
    return entity
  })
}

function isSet(value: unknown): boolean {
  return value !== null && !(Array.isArray(value) && value.length === 0)
}

async function readerOf<Row>(
  property: Property<Row>,
  rows: readonly Row[],
  context: ReadContext,
): Promise<(row: Row) => unknown> {
  if (property.load) return rows.length === 0 ? () => null : property.load(rows, context)
  return (row) => property.read?.(row, context) ?? null
}

function filtersOf<Row extends { id: string }>(definition: ResourceDefinition<Row>): FilterResource {
  const properties: Record<string, FilterProperty | FilterCollection> = { ...definition.filterPaths }
  for (const [name, { filter }] of Object.entries(definition.properties)) if (filter) properties[name] = filter
  return { name: definition.name, properties }
}
