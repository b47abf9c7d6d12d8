import {
  defineResource,
  type Entity,
  type ReadContext,
  type Relation,
  type Resource,
} from '../../graph/odata/resource.js'
import { nameInPath, shownExtension } from './open-extension.js'
import { readOpenExtensions } from './open-extensions-store.js'

const TYPE = 'microsoft.graph.openTypeExtension'

/** Graph: openTypeExtension. Beside its name it has whatever was put into it; ids here are `<owner>/<name>`. */
const openExtensionResource: Resource = {
  ...defineResource<{ id: string }>({
    type: TYPE,
    baseType: 'microsoft.graph.extension',
    set: 'extensions',
    name: 'OpenTypeExtension',
    properties: {
      id: { type: 'Edm.String', isDefault: true },
      extensionName: { type: 'Edm.String', isDefault: true },
    },
    load: async () => [],
  }),
  async render({ scope }, ids, select) {
    const owners = [...new Set(ids.map((id) => id.split('/')[0] ?? ''))]
    const wanted = new Set(ids)
    const shown = new Map<string, Entity>()
    for (const row of await readOpenExtensions(scope, owners)) {
      const id = linkId(row)
      if (wanted.has(id)) shown.set(id, selected(shownExtension(row), select))
    }
    return shown
  },
}

/** `$expand=extensions` of objects; `readable` says of which of them the caller may read what others keep there. */
export function openExtensionsRelation(
  readable: (context: ReadContext, ids: readonly string[]) => readonly string[],
): Relation {
  return {
    type: 'microsoft.graph.extension',
    isCollection: true,
    targets: () => [openExtensionResource],
    takesNames: true,
    async load(context, ids, _most, names) {
      const links = new Map(ids.map((id) => [id, [] as { id: string; type: typeof TYPE }[]]))
      const wanted = names && new Set(names.map((name) => nameInPath(name).toLowerCase()))
      for (const row of await readOpenExtensions(context.scope, readable(context, ids))) {
        if (!wanted || wanted.has(row.nameFolded)) links.get(row.ownerId)?.push({ id: linkId(row), type: TYPE })
      }
      return links
    },
  }
}

const linkId = ({ ownerId, name }: { ownerId: string; name: string }) => `${ownerId}/${name}`

function selected(entity: Entity, select: readonly string[] | undefined): Entity {
  if (!select) return entity
  return Object.fromEntries(select.flatMap((name) => (name in entity ? [[name, entity[name]]] : [])))
}
