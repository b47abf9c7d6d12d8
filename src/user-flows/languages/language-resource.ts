import { defineResource, type Entity, type Resource } from '../../graph/odata/resource.js'
import { LANGUAGE_IDS, languageName } from './rules.js'
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
