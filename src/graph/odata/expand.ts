import type { Entity, Link, ReadContext, Relation, Resource } from './resource.js'

/** One relation to include, as `$expand` names it. */
export type Expansion = {
  relation: string
  /** Properties of each target; absent when the default ones are meant. */
  select?: string[]
  /** How often the relation is followed; Graph's `max` is 1,000. Absent: once. */
  levels?: number
  /** Ids of the targets that `$filter` in it asks for; absent when it asks for all. */
  names?: string[]
}

/** Graph: of an expanded relation 20 objects at most are returned, without a link to the others. */
export const MAX_EXPANDED = 20

type Shown = { id: string; entity: Entity }

/** Adds the expanded relations to entities already shown: for each level one statement, for all of the page at once. */
export async function expandInto(
  context: ReadContext,
  resource: Resource,
  shown: readonly Shown[],
  expand: readonly Expansion[] = [],
): Promise<void> {
  for (const expansion of expand) {
    const relation = resource.relations[expansion.relation]
    if (!relation?.load) throw new Error(`'${expansion.relation}' was let through as a relation`)
    const links = await follow(context, relation, relation.load, shown, expansion)
    const targets = await showTargets(context, relation, links, expansion.select)
    for (const { id, entity } of shown) attach(entity, id, expansion.relation, { relation, links, targets }, [id])
  }
}

type Links = Map<string, readonly Link[]>
type Found = { relation: Relation; links: Links; targets: ReadonlyMap<string, Entity> }

/** The links of every object that is reached within so many levels, each object asked about once. */
async function follow(
  context: ReadContext,
  relation: Relation,
  load: NonNullable<Relation['load']>,
  shown: readonly Shown[],
  { levels = 1, names }: Expansion,
): Promise<Links> {
  const links: Links = new Map()
  let ids = [...new Set(shown.map(({ id }) => id))]
  for (let level = 0; level < levels && ids.length > 0; level++) {
    const found = await load(context, ids, relation.isCollection ? MAX_EXPANDED : 1, names)
    for (const id of ids) links.set(id, (found.get(id) ?? []).slice(0, MAX_EXPANDED))
    ids = [...new Set(ids.flatMap((id) => links.get(id) ?? []).map(({ id }) => id))].filter((id) => !links.has(id))
  }
  return links
}

async function showTargets(
  context: ReadContext,
  relation: Relation,
  links: Links,
  select: readonly string[] | undefined,
): Promise<Map<string, Entity>> {
  const all = [...links.values()].flat()
  const targets = new Map<string, Entity>()
  for (const resource of relation.targets()) {
    const ids = [...new Set(all.filter(({ type }) => type === resource.type).map(({ id }) => id))]
    const own = select?.filter((name) => Object.hasOwn(resource.properties, name))
    for (const [id, entity] of await resource.render(context, ids, own)) {
      targets.set(id, resource.type === relation.type ? entity : { '@odata.type': `#${resource.type}`, ...entity })
    }
  }
  return targets
}

/** A to-one relation without a target is left out (Graph). `chain` ends a circle of managers at its first repetition. */
function attach(entity: Entity, id: string, name: string, found: Found, chain: readonly string[]): void {
  const { relation, links, targets } = found
  const own = links.get(id)
  if (own === undefined) return
  const included = own.flatMap((link) => {
    const target = chain.includes(link.id) ? undefined : targets.get(link.id)
    if (!target) return []
    const copy = { ...target }
    attach(copy, link.id, name, found, [...chain, link.id])
    return [copy]
  })
  if (relation.isCollection) entity[name] = included
  else if (included[0]) entity[name] = included[0]
}
