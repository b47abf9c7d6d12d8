import { type SQL, sql } from 'drizzle-orm'
import { defineCollection } from '../../../src/graph/odata/collection.js'
import { operators } from '../../../src/graph/odata/operators.js'
import { defineResource, type Relation } from '../../../src/graph/odata/resource.js'

/** A row of the table `things`, which tests of the dialect filter, sort and page. */
export type Thing = {
  id: string
  name: string | null
  kind: string | null
  size: number | null
  isOpen: boolean
  madeAt: string | null
  tags: string[]
}

export const THINGS = `
  create table things (
    tenant_id uuid not null, id uuid not null, name text, name_folded text collate "C" generated always as (lower(name)) stored,
    kind text, size int, is_open boolean not null, made_at timestamptz, primary key (tenant_id, id));
  create table thing_tags (tenant_id uuid not null, thing_id uuid not null, tag text not null);
  create index on things (tenant_id, name_folded, id)`

const column = (name: string) => sql.raw(`things.${name}`)
const comparing = operators('eq', 'ne', 'gt', 'ge', 'lt', 'le', 'in', 'not', 'null')

const owner: Relation = {
  type: 'microsoft.graph.directoryObject',
  isCollection: false,
  takesLevels: true,
  targets: () => [thing],
  load: async () => new Map(),
}

export const thing = defineResource<Thing>({
  type: 'microsoft.graph.thing',
  set: 'things',
  name: 'Thing',
  properties: {
    id: {
      type: 'Edm.String',
      isDefault: true,
      read: ({ id }) => id,
      filter: { sql: column('id'), type: 'guid', operators: operators('eq', 'ne', 'in', 'not') },
    },
    name: {
      type: 'Edm.String',
      isDefault: true,
      read: ({ name }) => name,
      filter: {
        sql: column('name_folded'),
        type: 'string',
        fold: 'stored',
        isIndexed: true,
        operators: operators(...comparing, 'startsWith', 'endsWith', 'contains'),
      },
      orderBy: { sql: column('name_folded'), type: 'text', isNullable: true },
      search: { kind: 'startsWith', sql: column('name_folded') },
    },
    kind: {
      type: 'Edm.String',
      read: ({ kind }) => kind,
      filter: {
        sql: column('kind'),
        type: 'enum',
        values: { Small: 'small', Large: 'large' },
        operators: operators('eq', 'in', 'null'),
        advanced: operators('ne', 'not'),
      },
    },
    size: {
      type: 'Edm.Int32',
      read: ({ size }) => size,
      filter: { sql: column('size'), type: 'integer', operators: comparing },
      orderBy: { sql: column('size'), type: 'bigint', isNullable: true, isAdvanced: true },
    },
    isOpen: {
      type: 'Edm.Boolean',
      read: ({ isOpen }) => isOpen,
      filter: { sql: column('is_open'), type: 'boolean', operators: operators('eq', 'ne', 'not') },
    },
    madeAt: {
      type: 'Edm.DateTimeOffset',
      read: ({ madeAt }) => madeAt,
      filter: { sql: column('made_at'), type: 'dateTime', operators: comparing },
    },
    tags: {
      type: 'Edm.String',
      isCollection: true,
      read: ({ tags }) => tags,
      filter: {
        type: 'collection',
        operators: operators('any', 'all', 'not', 'count'),
        any: tagged,
        count: sql.raw('(select count(*)::int from thing_tags where thing_id = things.id)'),
        item: {
          sql: sql.raw('t.tag'),
          type: 'string',
          fold: 'none',
          operators: operators('eq', 'ne', 'not', 'startsWith'),
        },
      },
    },
    story: { type: 'Edm.String', isSingleOnly: true, read: () => 'once' },
  },
  relations: { owner },
  load: async () => [],
})

export const thingCollection = defineCollection({
  resource: thing,
  from: sql.raw('things'),
  id: column('id'),
  where: (tenantId) => sql`things.tenant_id = ${tenantId}`,
})

function tagged(condition: SQL | undefined): SQL {
  return sql`exists (select from thing_tags t where t.thing_id = things.id and ${condition ?? sql`true`})`
}
