import { defineResource, type Entity, type Relation, type Resource } from '../../graph/odata/resource.js'
import { defineWholeList } from '../../graph/odata/whole-list.js'
import { LANGUAGE_IDS, languageName, PAGE } from './rules.js'
import { languagesOff } from './store.js'

/** Graph: userFlowLanguageConfiguration. Ids in here are `<key of the flow>/<language>`; people see the language. */
export const languageResource: Resource = {
  ...defineResource<{ id: string }>({
    type: 'microsoft.graph.userFlowLanguageConfiguration',
    baseType: 'microsoft.graph.entity',
    set: 'languages',
    name: 'UserFlowLanguageConfiguration',
    hasNoSet: true,
    properties: {
      id: { type: 'Edm.String', isDefault: true },
      displayName: { type: 'Edm.String', isDefault: true },
      isEnabled: { type: 'Edm.Boolean', isDefault: true },
    },
    load: async () => [],
  }),
  async render({ scope }, ids) {
    const shown = new Map<string, Entity>()
    for (const flowId of new Set(ids.map((id) => id.split('/')[0] ?? ''))) {
      const off = await languagesOff(scope, flowId)
      for (const code of LANGUAGE_IDS) {
        const id = `${flowId}/${code}`
        if (ids.includes(id))
          shown.set(id, { id: code, displayName: languageName(code), isEnabled: !off.includes(code) })
      }
    }
    return shown
  },
}

const PAGE_TYPE = 'microsoft.graph.userFlowLanguagePage'

/** Graph: userFlowLanguagePage. What it says is its `$value`. */
const pageResource = defineResource<{ id: string }>({
  type: PAGE_TYPE,
  baseType: 'microsoft.graph.entity',
  set: 'defaultPages',
  name: 'UserFlowLanguagePage',
  hasNoSet: true,
  properties: { id: { type: 'Edm.String', isDefault: true, read: ({ id }) => id } },
  load: async (_context, ids) => ids.map((id) => ({ id })),
})

/** A language has one page, in our words and in those of an administrator. */
const pages: Relation = {
  type: PAGE_TYPE,
  isCollection: true,
  targets: () => [pageResource],
  load: async (_context, ids) => new Map(ids.map((id) => [id, [{ id: PAGE, type: PAGE_TYPE }]])),
}

export const languageList = defineWholeList({
  type: languageResource.type,
  set: languageResource.set,
  name: languageResource.name,
  properties: { id: 'Edm.String', displayName: 'Edm.String', isEnabled: 'Edm.Boolean' },
  relations: { defaultPages: pages, overridesPages: pages },
})

export const pageList = defineWholeList({
  type: PAGE_TYPE,
  set: 'defaultPages',
  name: 'UserFlowLanguagePage',
  properties: { id: 'Edm.String' },
})
