import type { FastifyPluginAsync } from 'fastify'
import type { EdmType, GraphType, PropertyFacts, Relation, Resource } from './resource.js'

const NAMESPACE = 'microsoft.graph'
const ROOT = `${NAMESPACE}.entity`
/** What every object is in Graph. */
const ROOT_TYPE = `<EntityType Name="entity" Abstract="true"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String" Nullable="false"/></EntityType>`

type Typed = { type: EdmType; isCollection?: boolean | undefined }

/**
 * The entity model of what this service serves, as CSDL (OData 4.0 part 3): types with the properties and relations of
 * the resource definitions, and the sets they are in.
 */
export function metadataDocument(resources: readonly Resource[]): string {
  const types = new Map(resources.map((resource) => [resource.type, resource]))
  const bases = new Set(resources.flatMap(({ baseType }) => (baseType && !types.has(baseType) ? [baseType] : [])))
  const related = resources.flatMap(({ relations }) => Object.values(relations).map(({ type }) => type))
  for (const type of related) if (!types.has(type)) bases.add(type)
  bases.delete(ROOT)
  const entities = resources.map(entityType)
  const body = [
    ROOT_TYPE,
    ...[...bases].sort().map((type) => `<EntityType Name="${nameOf(type)}" BaseType="${ROOT}" OpenType="true"/>`),
    ...entities,
    ...complexTypes(resources),
    container(resources),
  ]
  return `<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="${NAMESPACE}" Alias="graph" xmlns="http://docs.oasis-open.org/odata/ns/edm">
${body.join('\n')}
</Schema></edmx:DataServices></edmx:Edmx>
`
}

/** `GET /$metadata`: open to everybody, as Graph's is. */
export const metadataRoutes: FastifyPluginAsync<{ resources: readonly Resource[] }> = async (app, { resources }) => {
  const document = metadataDocument(resources)
  app.get(
    '/$metadata',
    { config: { permission: 'public' }, schema: { tags: ['metadata'], summary: 'The entity model, as CSDL' } },
    async (_request, reply) => reply.type('application/xml').send(document),
  )
}

function entityType({ type, baseType, properties, relations }: Resource): string {
  const own = Object.entries(properties)
    .filter(([name]) => name !== 'id')
    .map(([name, property]) => propertyElement(name, property))
  const navigation = Object.entries(relations)
    .filter(([name]) => !Object.hasOwn(properties, name))
    .map(([name, relation]) => `<NavigationProperty Name="${name}" Type="${typeOf(relation)}"/>`)
  const base = baseType ?? ROOT
  return `<EntityType Name="${nameOf(type)}" BaseType="${base}" OpenType="true">${[...own, ...navigation].join('')}</EntityType>`
}

function propertyElement(name: string, property: Pick<PropertyFacts, 'type' | 'isCollection'>): string {
  const nullable = property.isCollection ? ' Nullable="false"' : ''
  return `<Property Name="${name}" Type="${typeOf(property)}"${nullable}/>`
}

/** Structured values: their parts where a resource says them, else open. */
function complexTypes(resources: readonly Resource[]): string[] {
  const entities = new Set<string>(resources.map(({ type }) => type))
  const parts = new Map(resources.flatMap(({ complexTypes }) => Object.entries(complexTypes)))
  const named = new Set<string>(parts.keys())
  const all: Typed[] = resources.flatMap(({ properties }) => Object.values(properties))
  for (const { type } of [...all, ...[...parts.values()].flatMap((each) => Object.values(each))]) {
    if (!type.startsWith('Edm.') && !entities.has(type)) named.add(type)
  }
  return [...named].sort().map((type) => {
    const properties = Object.entries(parts.get(type) ?? {}).map(([name, part]) => propertyElement(name, part))
    const open = properties.length === 0 ? ' OpenType="true"' : ''
    return `<ComplexType Name="${nameOf(type)}"${open}>${properties.join('')}</ComplexType>`
  })
}

function container(resources: readonly Resource[]): string {
  const served = resources.filter(({ hasNoSet }) => !hasNoSet)
  const sets = new Map<GraphType, string>(served.map(({ type, set }) => [type, set]))
  const elements = served.map(({ type, set, relations }) => {
    const bindings = Object.entries(relations).flatMap(([name, relation]) => binding(name, relation, sets))
    return `<EntitySet Name="${set}" EntityType="${type}">${bindings.join('')}</EntitySet>`
  })
  return `<EntityContainer Name="GraphService">${elements.join('')}</EntityContainer>`
}

function binding(name: string, { type }: Relation, sets: ReadonlyMap<GraphType, string>): string[] {
  const set = sets.get(type)
  return set === undefined ? [] : [`<NavigationPropertyBinding Path="${name}" Target="${set}"/>`]
}

function typeOf({ type, isCollection }: Typed): string {
  return isCollection ? `Collection(${type})` : type
}

function nameOf(type: string): string {
  return type.slice(NAMESPACE.length + 1)
}
