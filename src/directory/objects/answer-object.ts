import type { FastifyRequest } from 'fastify'
import { type AnswerNeeds, readIn, selected } from '../../graph/odata/answer.js'
import { expandItems, relationsOf, showItems } from '../../graph/odata/collection.js'
import { entityContext } from '../../graph/odata/context.js'
import { type QueryRules, readQueryOptions } from '../../graph/odata/query-options.js'
import type { Entity, ReadContext } from '../../graph/odata/resource.js'
import type { Refusal } from '../../kernel/refusal.js'
import { directoryObjectResource } from './directory-object.js'
import { directoryObjects } from './kinds.js'

/** An object and what it is. */
export type Located = { id: string; type: string | null }

/** What `GET` of one directory object takes: `$select` and `$expand` of anything that any type has. */
export function oneObjectRules(): QueryRules {
  return {
    type: directoryObjectResource.type,
    resource: directoryObjectResource.name,
    options: new Set(['select', 'expand']),
    properties: new Set(directoryObjects().flatMap(({ properties }) => Object.keys(properties))),
    relations: relationsOf(directoryObjects()),
  }
}

/**
 * Answers `GET` of one object of whatever type, which says itself what it is (`@odata.type`). `find` runs in the
 * transaction of the read. @throws Refusal
 */
export function answerObject(
  needs: AnswerNeeds,
  request: FastifyRequest,
  find: (context: ReadContext) => Promise<Located | undefined>,
  notFound: () => Refusal,
): Promise<Entity> {
  const options = readQueryOptions(request, oneObjectRules())
  return readIn(needs, request, async (context) => {
    const item = await find(context)
    const kinds = { resource: directoryObjectResource, variants: directoryObjects() }
    const shown = item ? await showItems(kinds, context, [item], options.select) : []
    const [found] = shown
    if (!found) throw notFound()
    await expandItems(kinds, context, shown, options.expand)
    return { '@odata.context': entityContext(context.base, 'directoryObjects', selected(options)), ...found.entity }
  })
}
